//! Tells build scripts where the headers are and, with the feature `link`, compiles the
//! runtime, once for a program.

#[cfg(feature = "link")]
#[allow(dead_code, unreachable_pub)]
#[path = "src/flags.rs"]
mod flags;

use std::env;
use std::path::PathBuf;

fn main() {
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    println!("cargo::metadata=include={}", root.join("include").display());
    for folder in ["include", "src", "port"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    #[cfg(feature = "link")]
    if env::var_os("DOCS_RS").is_none() {
        compile(&root);
    }
}

/// On a machine without an operating system that is the port `bare`, of which `CFLAGS` can
/// choose more: `-DWDN_BARE_ARENA=65536` is where its memories are.
#[cfg(feature = "link")]
fn compile(root: &std::path::Path) {
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let level = variable("OPT_LEVEL");
    let level = flags::at_least(&level);
    let target = ["ARCH", "OS", "ENV"].map(|it| variable(&format!("CARGO_CFG_TARGET_{it}")));
    let mut build = cc::Build::new();
    build
        .file(root.join("src/wdn.c"))
        .file(root.join("src/rust.c"))
        .include(root.join("include"))
        .define("WDN_RUST", None)
        .warnings(false);
    for flag in flags::SEMANTICS {
        build.flag_if_supported(flag);
    }
    if build.get_compiler().is_like_gnu() {
        build.flags(flags::for_gcc(level, &target[0]));
    }
    build.flags(flags::for_target(&target[0], &target[1], &target[2]));
    build.opt_level_str(level).compile("wardian_rt");
}
