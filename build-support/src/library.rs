//! C libraries as modules: compiled by clang for WebAssembly, then sandboxed like any other.
//!
//! Clang's own list of the files that it read becomes the list that cargo watches.

use crate::{Error, Module, Output};
use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the compiler for WebAssembly is, if it is not the `clang` of the system.
const COMPILER: &str = "CC_wasm32_wasi";

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
/// adds arguments, which spaces separate. A module that results calls WASI only where the
/// library does.
pub struct Library {
    name: String,
    files: Vec<PathBuf>,
    flags: Vec<OsString>,
    exports: Vec<String>,
}

impl Library {
    /// A library with no files yet. The name begins every C symbol.
    pub fn new(name: impl Into<String>) -> Library {
        Library { name: name.into(), files: Vec::new(), flags: Vec::new(), exports: Vec::new() }
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

    /// The functions that the host may call, and no others.
    pub fn exports<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Library {
        self.exports.extend(names.into_iter().map(Into::into));
        self
    }

    /// Compiles, translates and links the library. If that fails, says why and ends the
    /// build script.
    pub fn compile(&self) -> Output {
        self.try_compile().unwrap_or_else(|error| error.report())
    }

    /// The same, for those who want the error.
    pub fn try_compile(&self) -> Result<Output, Error> {
        self.module()?.try_compile(&self.name)
    }

    /// Compiles the library to a module in `OUT_DIR`, for those who want to say how it is
    /// translated.
    pub fn module(&self) -> Result<Module, Error> {
        println!("cargo::rerun-if-env-changed={COMPILER}");
        println!("cargo::rerun-if-env-changed=CFLAGS_wasm32_wasi");
        let out = env::var_os("OUT_DIR").ok_or(Error::Variable("OUT_DIR"))?;
        let folder = Path::new(&out).join("wardian-wasm").join(&self.name);
        fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, error))?;
        let mut objects = Vec::new();
        let mut read = BTreeSet::new();
        // Also what fails to compile has to be compiled again once it is changed.
        self.files.iter().for_each(|file| watch(file));
        for (i, file) in self.files.iter().enumerate() {
            let object = folder.join(format!("{i}.o"));
            let list = folder.join(format!("{i}.d"));
            let mut command = clang();
            command.args(&self.flags).args(["-O2", "-MMD", "-MF"]).arg(&list);
            run(command.arg("-c").arg(file).arg("-o").arg(&object))?;
            let text = fs::read_to_string(&list).map_err(|error| Error::file(&list, error))?;
            read.extend(prerequisites(&text));
            objects.push(object);
        }
        read.iter().map(Path::new).filter(|it| !self.files.iter().any(|f| f == it)).for_each(watch);
        let wasm = folder.join("module.wasm");
        let mut command = clang();
        command.arg("-mexec-model=reactor").args(&objects).arg("-o").arg(&wasm);
        run(command.args(self.exports.iter().map(|name| format!("-Wl,--export={name}"))))?;
        Ok(Module::new(wasm).unwatched())
    }
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

fn clang() -> Command {
    let mut command = Command::new(env::var_os(COMPILER).unwrap_or_else(|| "clang".into()));
    command.arg("--target=wasm32-wasi");
    let flags = env::var("CFLAGS_wasm32_wasi").unwrap_or_default();
    command.args(flags.split_whitespace());
    command
}

fn run(command: &mut Command) -> Result<(), Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Error::Clang(format!("`{program}`: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::Clang(format!("`{program}`: {}\n{}", output.status, said.trim_end())))
}

/// What comes after the colon in a rule for make, with its escapes undone.
fn prerequisites(rule: &str) -> Vec<String> {
    let mut paths = vec![String::new()];
    let rule = rule.split_once(".o:").map_or("", |(_, rest)| rest);
    let mut chars = rule.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let path = paths.last_mut().expect("never empty");
        match (c, next) {
            ('\\', Some('\n')) => {}
            ('\\', Some(' ' | '#')) | ('$', Some('$')) => path.extend(chars.next()),
            (c, _) if c.is_whitespace() => paths.push(String::new()),
            (c, _) => path.push(c),
        }
    }
    paths.retain(|path| !path.is_empty());
    paths
}

#[cfg(test)]
mod tests {
    use super::prerequisites;

    #[test]
    fn rules_of_make() {
        let rule = "/a\\ b/0.o: one.c a\\ b/two.h \\\n  c$$d.h e\\#.h\n";
        assert_eq!(prerequisites(rule), ["one.c", "a b/two.h", "c$d.h", "e#.h"]);
        assert!(prerequisites("").is_empty());
    }
}
