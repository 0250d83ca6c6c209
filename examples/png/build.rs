//! Compiles libpng, zlib and the few functions of `c/decode.c` to a module, and sandboxes it.

use std::path::{self, Path, PathBuf};
use std::{env, fs, io};
use wardian_build::{Interrupt, Library, Memory, Module, package};

const PNG: &str = "png pngerror pngget pngmem pngread pngrio pngrtran pngrutil pngset pngtrans";
const ZLIB: &str = "adler32 crc32 inffast inflate inftrees zutil";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Where there is no clang: a module that was made elsewhere.
    println!("cargo::rerun-if-env-changed=PNG_WASM");
    let mut module = match env::var_os("PNG_WASM") {
        Some(path) => Module::new(path),
        None => library(&Sources::find()?).module()?,
    };
    println!("cargo::rustc-env=PNG_MODULE={}", path::absolute(module.path())?.display());
    if cfg!(feature = "bounds") {
        module = module.memory(Memory::Bounds);
    }
    if cfg!(feature = "sanitize") {
        module = module.cc(|build| {
            build.flag("-fsanitize=address,undefined").flag("-fno-sanitize-recover=all");
        });
        println!("cargo::rustc-link-lib=dylib=asan");
        println!("cargo::rustc-link-lib=dylib=ubsan");
    }
    // Decoding can be stopped by another thread. The name begins every C symbol: `png` would
    // give a `png_malloc`, which libpng has, too, if it is linked elsewhere in the program.
    module.interrupt(Interrupt::Flag).compile("boxed_png");
    #[cfg(feature = "compare")]
    native(&Sources::find()?);
    Ok(())
}

/// The C files, and the folders of their headers.
struct Sources {
    files: Vec<PathBuf>,
    includes: [PathBuf; 3],
}

impl Sources {
    fn find() -> Result<Sources, Box<dyn std::error::Error>> {
        let png = package("libpng-sys")?.join("vendor");
        let zlib = package("libz-sys")?.join("src/zlib");
        let out = PathBuf::from(env::var("OUT_DIR")?);
        configure(&png, &out)?;
        let in_folder = |folder: &Path, names: &str| {
            names.split(' ').map(|name| folder.join(name).with_extension("c")).collect()
        };
        let files: [Vec<PathBuf>; 3] =
            [vec!["c/decode.c".into()], in_folder(&png, PNG), in_folder(&zlib, ZLIB)];
        Ok(Sources { files: files.concat(), includes: [out, png, zlib] })
    }
}

fn library(sources: &Sources) -> Library {
    let library =
        Library::new("boxed_png").c_files(&sources.files).exports(["decode", "malloc", "free"]);
    sources.includes.iter().fold(library, |library, folder| library.include(folder))
}

/// The same C without a sandbox, by the same compiler: to measure what the sandbox costs.
#[cfg(feature = "compare")]
fn native(sources: &Sources) {
    let mut build = cc::Build::new();
    build.files(&sources.files).includes(&sources.includes).warnings(false);
    build.define("decode", "native_decode").define("refuse", "native_refuse");
    build.compile("png_native");
    println!("cargo::rustc-link-lib=m");
}

/// Writes libpng's configuration: what it comes with, but for what needs files or setjmp,
/// and for what only an encoder needs.
fn configure(png: &Path, out: &Path) -> io::Result<()> {
    let unwanted =
        ["SETJMP", "STDIO", "CONSOLE_IO", "WRITE", "SIMPLIFIED", "SAVE_INT_32", "TIME", "CONVERT"];
    let all = fs::read_to_string(png.join("scripts/pnglibconf.h.prebuilt"))?;
    let wanted = all.lines().filter(|line| {
        let option = line.strip_prefix("#define PNG_").unwrap_or_default();
        !option.contains("tIME") && !unwanted.iter().any(|it| option.starts_with(it))
    });
    fs::write(out.join("pnglibconf.h"), wanted.collect::<Vec<_>>().join("\n") + "\n")
}
