//! The compilers and peers that this machine has. What is missing is named in
//! the first lines of the output and has no column in the tables.

use crate::{Arguments, process};
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use wardian_rt::flags as list;

/// A C compiler and its flags.
#[derive(Clone, Debug)]
pub(crate) struct Compiler {
    pub(crate) name: String,
    pub(crate) version: String,
    /// What native and translated code get alike.
    pub(crate) flags: Vec<String>,
    /// What Wardian compiles with, too.
    pub(crate) own: Vec<String>,
}

/// wasm2c and where its runtime is.
#[derive(Clone, Debug)]
pub(crate) struct Wasm2c {
    pub(crate) version: String,
    pub(crate) runtime: PathBuf,
    /// Given by the user, on top of the flags that everything gets.
    pub(crate) flags: Vec<String>,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) compilers: Vec<Compiler>,
    pub(crate) wasm2c: Result<Wasm2c, String>,
    /// The version of the Python package.
    pub(crate) wasmtime: Result<String, String>,
    pub(crate) callgrind: Result<String, String>,
    pub(crate) wasm_compiler: String,
    pub(crate) root: PathBuf,
}

impl Tools {
    /// Looks for everything; only C compilers are required.
    pub(crate) fn find(arguments: &Arguments) -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let compilers = arguments
            .compiler
            .iter()
            .map(|name| compiler(name, &arguments.opt))
            .collect::<anyhow::Result<Vec<_>>>()?;
        if compilers.is_empty() {
            bail!("no C compiler is named");
        }
        Ok(Tools {
            compilers,
            wasm2c: wasm2c(&arguments.wasm2c_flags).map_err(|error| format!("{error:#}")),
            wasmtime: wasmtime().map_err(|error| format!("{error:#}")),
            callgrind: first_line("valgrind", "--version").map_err(|error| format!("{error:#}")),
            wasm_compiler: first_line("clang", "--version")
                .context("clang compiles the programs to WebAssembly")?,
            root: root.canonicalize()?,
        })
    }

    /// A file in the benchmark's own folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.root.join("tests/bench").join(name)
    }

    /// A line for each tool.
    pub(crate) fn describe(&self) -> String {
        let mut text = String::new();
        for compiler in &self.compilers {
            let Compiler { name, version, flags, own } = compiler;
            text += &format!("{name}: {version} {}\n", flags.join(" "));
            if !own.is_empty() {
                text += &format!("{name}, for what Wardian makes, too: {}\n", own.join(" "));
            }
        }
        let wasm2c =
            self.wasm2c.as_ref().map(|it| format!("{} {}", it.version, it.flags.join(" ")));
        for (name, tool) in [
            ("wasm2c", &wasm2c.map_err(String::clone)),
            ("wasmtime", &self.wasmtime),
            ("valgrind", &self.callgrind),
            ("to wasm", &Ok(self.wasm_compiler.clone())),
        ] {
            match tool {
                Ok(version) => text += &format!("{name}: {version}\n"),
                Err(why) => text += &format!("{name}: skipped: {why}\n"),
            }
        }
        text
    }
}

fn compiler(name: &str, opt: &str) -> anyhow::Result<Compiler> {
    let version = first_line(name, "--version")?;
    let mut flags = vec![opt];
    flags.extend(list::SEMANTICS);
    let is_gcc = !version.contains("clang");
    if is_gcc && opt == "-O2" {
        // Without it, gcc 12 hardly vectorizes: neither native nor translated code.
        flags.extend(list::GCC_O2);
    }
    let level = opt.trim_start_matches("-O");
    let own = list::for_gcc(level, std::env::consts::ARCH).filter(|it| !flags.contains(it));
    let own = own.filter(|_| is_gcc).map(String::from).collect();
    let flags = flags.into_iter().map(String::from).collect();
    Ok(Compiler { name: name.to_string(), version, flags, own })
}

fn first_line(program: &str, flag: &str) -> anyhow::Result<String> {
    let done = process::run(Command::new(program).arg(flag))?;
    Ok(done.stdout.lines().next().unwrap_or_default().to_string())
}

/// The glue knows how version 1.0.32, which Debian and Ubuntu have, names things.
fn wasm2c(flags: &[String]) -> anyhow::Result<Wasm2c> {
    let version = first_line("wasm2c", "--version")?;
    if version != "1.0.32" {
        bail!("version {version} is not 1.0.32");
    }
    let runtime = ["/usr/share/wabt/wasm2c", "/usr/local/share/wabt/wasm2c"]
        .into_iter()
        .map(PathBuf::from)
        .find(|folder| folder.join("wasm-rt-impl.c").exists())
        .context("wasm-rt-impl.c not found")?;
    Ok(Wasm2c { version, runtime, flags: flags.to_vec() })
}

fn wasmtime() -> anyhow::Result<String> {
    let script = "import wasmtime, importlib.metadata as m; print(m.version('wasmtime'))";
    Ok(process::run(Command::new("python3").args(["-c", script]))?.stdout.trim().to_string())
}
