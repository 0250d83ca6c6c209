//! What can go wrong in a build script.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a module could not be sandboxed. Its text says what, where and what may help.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    File(PathBuf, io::Error),
    /// The text format has a mistake.
    Text(PathBuf, String),
    /// The module is invalid, or needs what is not supported.
    Module(PathBuf, wardian::Error),
    /// The name is none that C symbols can begin with.
    Name(String),
    /// A variable that cargo sets for build scripts is not set.
    Variable(&'static str),
    /// The package does not depend on `wardian-rt`.
    NoRuntime,
    /// The module is to have WASI, and the package does not depend on `wardian-wasi`.
    NoWasi,
    /// The module exports no function of that name.
    Export(String),
    /// The folder has no C of that module.
    NotVendored(PathBuf, String),
    /// Files that are not what the module becomes today.
    Stale(Vec<String>),
    /// The C compiler is missing or failed.
    Compiler(cc::Error),
    /// The compiler for WebAssembly is missing or failed: what it said.
    Clang(String),
    /// Cargo cannot say where packages are: what it said.
    Cargo(String),
    /// There is not one package of that name, but so many.
    Package(String, usize),
    /// The types of a header cannot be read: what libclang said, or that there is none.
    Types(String),
}

impl Error {
    pub(crate) fn file(path: &Path, error: io::Error) -> Error {
        Error::File(path.to_path_buf(), error)
    }

    /// Tells cargo, and ends the build script.
    pub(crate) fn report(&self) -> ! {
        for line in self.to_string().lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::File(path, error) => write!(f, "cannot use `{}`: {error}", path.display()),
            Error::Text(path, error) => write!(f, "`{}`: {error}", path.display()),
            Error::Module(path, error) => write!(f, "`{}`: {error}", path.display()),
            Error::Name(name) => write!(
                f,
                "`{name}` cannot begin a C symbol\nhelp: use letters, digits and `_`, and no word \
                 that C or the runtime has a use for"
            ),
            Error::Variable(name) => {
                write!(f, "`{name}` is not set\nhelp: call this from a build script")
            }
            Error::NoRuntime => f.write_str(
                "the package has no C runtime\nhelp: add `wardian-rt`, with the feature `link`, to \
                 its `[dependencies]`",
            ),
            Error::NoWasi => f.write_str(
                "the package has no WASI\nhelp: add `wardian-wasi`, with the feature `link`, to its \
                 `[dependencies]`",
            ),
            Error::Export(name) => write!(
                f,
                "the module exports no function `{name}`\nhelp: `wardian inspect` lists its exports"
            ),
            Error::NotVendored(folder, name) => write!(
                f,
                "no `{name}.c` in `{}`\nhelp: `wardian translate --name {name}` makes it",
                folder.display()
            ),
            Error::Stale(files) => write!(
                f,
                "committed C is out of date: {}\nhelp: translate the module again",
                files.join(", ")
            ),
            Error::Compiler(error) => {
                write!(f, "the C compiler: {error}\nhelp: `CC` names the compiler to use")
            }
            Error::Clang(said) => write!(
                f,
                "the C compiler for WebAssembly: {said}\nhelp: it needs clang, wasm-ld and \
                 wasi-libc; `CC_wasm32_wasi` names the compiler to use\nhelp: where there is \
                 none, `Library::prebuilt` takes a module that was made before"
            ),
            Error::Cargo(said) => write!(
                f,
                "cargo cannot say where packages are: {said}\nhelp: `cargo fetch` downloads them"
            ),
            Error::Package(name, 0) => write!(
                f,
                "no package `{name}`\nhelp: add it to `[target.'cfg(any())'.build-dependencies]`"
            ),
            Error::Package(name, count) => {
                write!(f, "{count} packages are called `{name}`, of different versions")
            }
            Error::Types(said) => write!(
                f,
                "the types of a header: {}\nhelp: it needs libclang, and wasi-libc if the header \
                 includes others; `LIBCLANG_PATH` says where libclang is",
                said.trim_end()
            ),
        }
    }
}

impl std::error::Error for Error {}
