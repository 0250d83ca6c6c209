//! Compiles zstd and the few functions of `c/stream.c` to a module, and sandboxes it.

use std::path::{self, Path, PathBuf};
use std::{env, fs, io};
use wardian_build::{Library, Module, package};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Where there is no clang: a module that was made elsewhere.
    println!("cargo::rerun-if-env-changed=ZSTD_WASM");
    let module = match env::var_os("ZSTD_WASM") {
        Some(path) => Module::new(path),
        None => library()?.module()?,
    };
    println!("cargo::rustc-env=ZSTD_MODULE={}", path::absolute(module.path())?.display());
    module.compile("zstd");
    Ok(())
}

fn library() -> Result<Library, Box<dyn std::error::Error>> {
    let zstd = package("zstd-sys")?.join("zstd/lib");
    let mut library = Library::new("zstd").c_files(["c/stream.c"]).include(&zstd);
    for folder in ["common", "compress", "decompress"] {
        library = library.c_files(c_files(&zstd.join(folder))?);
    }
    // The strategies of levels above 12, which take long to compile.
    for strategy in ["BTLAZY2", "BTOPT", "BTULTRA"] {
        library = library.define(&format!("ZSTD_EXCLUDE_{strategy}_BLOCK_COMPRESSOR"), "1");
    }
    Ok(library.define("DEBUGLEVEL", "0").exports([
        "begin_compression",
        "compress",
        "begin_decompression",
        "decompress",
    ]))
}

/// The C files of a folder, in an order that is always the same.
fn c_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<_>> = fs::read_dir(folder)?.map(|it| Ok(it?.path())).collect();
    let mut files = entries?;
    files.retain(|file| file.extension().is_some_and(|it| it == "c"));
    files.sort();
    Ok(files)
}
