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
    use wardian_rt::flags;
    let runtime = env::var_os("DEP_WARDIAN_INCLUDE").map(PathBuf::from).unwrap_or_default();
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let level = variable("OPT_LEVEL");
    let level = flags::at_least(&level);
    let target = ["ARCH", "OS", "ENV"].map(|it| variable(&format!("CARGO_CFG_TARGET_{it}")));
    let mut build = cc::Build::new();
    for flag in flags::SEMANTICS {
        build.flag_if_supported(flag);
    }
    if build.get_compiler().is_like_gnu() {
        build.flags(flags::for_gcc(level, &target[0]));
    }
    build
        .flags(flags::for_target(&target[0], &target[1], &target[2]))
        .file(root.join("src/wdn_wasi.c"))
        .file(root.join("src/rust.c"))
        .include(root.join("include"))
        .include(runtime)
        .opt_level_str(level)
        .warnings(false)
        .compile("wardian_wasi");
    if target[1] == "windows" {
        println!("cargo::rustc-link-lib=ntdll");
    }
}
