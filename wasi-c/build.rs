//! Tells build scripts where the headers are and, with the feature `link`, compiles the C.

use std::env;
use std::path::PathBuf;

fn main() {
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    println!("cargo::metadata=include={}", root.join("include").display());
    for folder in ["include", "src"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    #[cfg(feature = "link")]
    if env::var_os("DOCS_RS").is_none() {
        compile(&root);
    }
}

#[cfg(feature = "link")]
fn compile(root: &std::path::Path) {
    let runtime = env::var_os("DEP_WARDIAN_INCLUDE").map(PathBuf::from).unwrap_or_default();
    let level = env::var("OPT_LEVEL").unwrap_or_default();
    cc::Build::new()
        .file(root.join("src/wdn_wasi.c"))
        .file(root.join("src/rust.c"))
        .include(root.join("include"))
        .include(runtime)
        .opt_level_str(if level == "0" { "1" } else { &level })
        .warnings(false)
        .compile("wardian_wasi");
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|it| it == "windows") {
        println!("cargo::rustc-link-lib=ntdll");
    }
}
