//! Compiles what the translator emits: the commands that suites share.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process;

/// The folder of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of `wdn.h`.
pub fn include() -> PathBuf {
    repository().join("runtime-c/include")
}

/// The one file of the runtime that is compiled.
pub fn runtime() -> PathBuf {
    repository().join("runtime-c/src/wdn.c")
}

/// What generated code is compiled with, at whatever level.
pub use wardian_rt::flags::SEMANTICS as FLAGS;

/// A compiler that finds the headers, with the words of `line`: its name, then flags.
pub fn cc(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().expect("a compiler is named"));
    command.args(words).arg("-I").arg(include());
    command
}

/// Writes the files of a translation; those to be compiled.
pub fn write(folder: &Path, files: &wardian::Files) -> io::Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text)?;
        if name.ends_with(".c") {
            sources.push(path);
        }
    }
    Ok(sources)
}

/// Runs a compiler, which must neither fail nor say anything.
pub fn compile(command: &mut Command, limit: Duration) -> Result<(), String> {
    let outcome = process::run(command, limit).map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&outcome.stderr);
    if outcome.success() && said.trim().is_empty() {
        return Ok(());
    }
    let head: String = said.chars().take(3000).collect();
    Err(format!("{command:?}\n{}\n{head}", outcome.describe()))
}
