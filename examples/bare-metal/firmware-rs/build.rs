//! Compiles the guest for WebAssembly and sandboxes it; compiles what starts the board.

use std::env;
use std::path::Path;
use wardian_build::{Interrupt, Library};

fn main() {
    let package = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let target = env::var("TARGET").expect("cargo sets it");
    Library::new("filter")
        .c_files(["../guest/filter.c"])
        .exports(["feed", "fail"])
        .opt_level("s")
        .with(|module| module.interrupt(Interrupt::Flag))
        .compile();

    let boards = Path::new(&package).join("../boards");
    let start = if target.starts_with("thumb") { "arm.c" } else { "riscv.c" };
    let mut board = cc::Build::new();
    for file in [start, "console.c"] {
        println!("cargo::rerun-if-changed={}", boards.join(file).display());
        board.file(boards.join(file));
    }
    board.define("BOARD_TICKS", "250000").flag("-ffreestanding").opt_level_str("s");
    board.compile("board");

    let scripts = Path::new(&package).join(target);
    for folder in [&boards, &scripts] {
        println!("cargo::rustc-link-arg=-L{}", folder.display());
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    for argument in ["-nostartfiles", "-nostdlib", "-Tlink.ld"] {
        println!("cargo::rustc-link-arg={argument}");
    }
}
