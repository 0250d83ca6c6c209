//! C libraries as modules: compiled by clang for WebAssembly, then sandboxed like any other.
//! What a library consists of is here; `clang.rs` runs the compiler.

use crate::clang::{self, clang};
use crate::{Error, Module, Output, docs_rs};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// A library in C that is to become a module.
///
/// ```no_run
/// wardian_build::Library::new("adler")
///     .c_files(["vendor/adler32.c"])
///     .include("vendor")
///     .exports(["adler32"])
///     .compile();
/// ```
///
/// It needs a clang that knows `wasm32-wasi`, `wasm-ld` and a C library for that target:
/// on Debian the packages `clang`, `lld`, `wasi-libc` and `libclang-rt-dev-wasm32`. The
/// environment variable `CC_wasm32_wasi` names another compiler, and `CFLAGS_wasm32_wasi`
/// adds arguments, which spaces separate. Several files are compiled at a time, as far as
/// cargo's jobserver allows. A module that results calls WASI only where the library does.
pub struct Library {
    name: String,
    files: Vec<PathBuf>,
    flags: Vec<OsString>,
    exports: Vec<String>,
    level: String,
    prebuilt: Option<PathBuf>,
    vendored: Option<PathBuf>,
    changes: Vec<Change>,
}

/// Says how the module is translated.
type Change = Box<dyn Fn(Module) -> Module>;

impl Library {
    /// A library with no files yet. The name begins every C symbol.
    pub fn new(name: impl Into<String>) -> Library {
        Library {
            name: name.into(),
            files: Vec::new(),
            flags: Vec::new(),
            exports: Vec::new(),
            level: "2".to_string(),
            prebuilt: None,
            vendored: None,
            changes: Vec::new(),
        }
    }

    /// Files to compile. Their paths are relative to the package.
    pub fn c_files<P: Into<PathBuf>>(mut self, files: impl IntoIterator<Item = P>) -> Library {
        self.files.extend(files.into_iter().map(Into::into));
        self
    }

    /// A folder to look for headers in.
    pub fn include(mut self, folder: impl Into<PathBuf>) -> Library {
        self.flags.extend(["-I".into(), folder.into().into_os_string()]);
        self
    }

    /// A macro, such as `("NDEBUG", "1")`.
    pub fn define(mut self, name: &str, value: &str) -> Library {
        self.flags.push(format!("-D{name}={value}").into());
        self
    }

    /// An argument for the compiler, such as `-fno-builtin`.
    pub fn flag(mut self, flag: impl Into<OsString>) -> Library {
        self.flags.push(flag.into());
        self
    }

    /// How the guest is optimized: what follows `-O`, in every profile of cargo's. It is
    /// `2` unless something else is said.
    pub fn opt_level(mut self, level: impl Into<String>) -> Library {
        self.level = level.into();
        self
    }

    /// The functions that the host may call, and no others.
    pub fn exports<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Library {
        self.exports.extend(names.into_iter().map(Into::into));
        self
    }

    /// A module that [`Library::module`] made elsewhere of the same files, and that the
    /// package carries: for machines whose compiler cannot make it, and for docs.rs. Where
    /// the compiler can, this file is not read.
    pub fn prebuilt(mut self, module: impl Into<PathBuf>) -> Library {
        self.prebuilt = Some(module.into());
        self
    }

    /// Takes the C from this folder of the package, as [`Library::translate`] once made it
    /// and somebody committed it. No compiler for WebAssembly is needed then.
    pub fn vendored(mut self, folder: impl Into<PathBuf>) -> Library {
        self.vendored = Some(folder.into());
        self
    }

    /// Says how the module is translated and its C compiled:
    /// `.with(|module| module.interrupt(Interrupt::Flag))`.
    pub fn with(mut self, change: impl Fn(Module) -> Module + 'static) -> Library {
        self.changes.push(Box::new(change));
        self
    }

    /// Compiles, translates and links the library. If that fails, says why and ends the
    /// build script.
    pub fn compile(&self) -> Output {
        self.try_compile().unwrap_or_else(|error| error.report())
    }

    /// The same, for those who want the error.
    pub fn try_compile(&self) -> Result<Output, Error> {
        match &self.vendored {
            Some(folder) => {
                let module = self.change(Module::new(&self.name)).vendored(folder);
                module.try_compile(&self.name)
            }
            None => self.module()?.try_compile(&self.name),
        }
    }

    /// Compiles the library to a module and that to C, in a folder below `OUT_DIR`.
    pub fn translate(&self) -> Result<Output, Error> {
        self.module()?.translate(&self.name)
    }

    /// Fails if the C in `folder` is not what the library becomes today: for a test.
    pub fn verify(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        self.module()?.verify(&self.name, folder)
    }

    /// Compiles the library to a module in `OUT_DIR`, for those who want to have it.
    pub fn module(&self) -> Result<Module, Error> {
        println!("cargo::rerun-if-env-changed={}", clang::COMPILER);
        println!("cargo::rerun-if-env-changed={}", clang::FLAGS);
        let out = env::var_os("OUT_DIR").ok_or(Error::Variable("OUT_DIR"))?;
        let folder = Path::new(&out).join("wardian-wasm").join(&self.name);
        fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, error))?;
        match &self.prebuilt {
            Some(module) if docs_rs() || !clang::is_able(&folder) => {
                Ok(self.change(Module::new(module)))
            }
            _ => Ok(self.change(Module::new(self.build(&folder)?).unwatched())),
        }
    }

    fn change(&self, module: Module) -> Module {
        self.changes.iter().fold(module, |module, change| change(module))
    }

    /// Makes the module in `folder`.
    fn build(&self, folder: &Path) -> Result<PathBuf, Error> {
        let mut flags = self.flags.clone();
        flags.push(format!("-O{}", self.level).into());
        let objects = clang::compile(folder, &self.files, &flags)?;
        let wasm = folder.join("module.wasm");
        let mut command = clang();
        command.arg("-mexec-model=reactor").args(&objects.paths).arg("-o").arg(&wasm);
        command.args(self.exports.iter().map(|name| format!("-Wl,--export={name}")));
        clang::link(command, &wasm, objects.new)?;
        Ok(wasm)
    }
}
