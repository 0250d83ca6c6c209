//! Tells build scripts where the headers are and, with the feature `link`, compiles the
//! runtime, once for a program.

use std::env;
use std::path::PathBuf;

fn main() {
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    println!("cargo::metadata=include={}", root.join("include").display());
    for folder in ["include", "src", "port"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    #[cfg(feature = "link")]
    if env::var_os("DOCS_RS").is_none() {
        compile(&root);
    }
}

#[cfg(feature = "link")]
fn compile(root: &std::path::Path) {
    let mut build = cc::Build::new();
    build.file(root.join("src/wdn.c")).include(root.join("include")).warnings(false);
    for flag in ["-fno-strict-aliasing", "-ffp-contract=off", "-fno-math-errno"] {
        build.flag_if_supported(flag);
    }
    if env::var("OPT_LEVEL").is_ok_and(|level| level == "0") {
        build.opt_level(1);
    }
    build.compile("wardian_rt");
}
