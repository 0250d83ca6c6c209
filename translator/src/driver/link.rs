//! Makes one file of many: a program, a shared library, an object file or a
//! static library.

use std::path::{Path, PathBuf};

use super::cc::{Compiler, Kind};
use super::compile::{Settings, Watch, run};
use super::diagnostic::{Code, Diagnostic, Result};

/// Links a program.
pub(crate) fn program(
    cc: &Compiler,
    settings: &Settings,
    objects: &[PathBuf],
    output: &Path,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut command = cc.command();
    command.args(settings.flags(cc)).args(objects).arg("-o").arg(output).arg("-lm");
    run(&mut command, output, watch)
}

/// Links a shared library.
pub(crate) fn shared(
    cc: &Compiler,
    settings: &Settings,
    objects: &[PathBuf],
    output: &Path,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut command = cc.command();
    command.args(settings.flags(cc)).arg("-shared").args(objects).arg("-o").arg(output).arg("-lm");
    run(&mut command, output, watch)
}

/// Merges object files into one.
pub(crate) fn object(
    cc: &Compiler,
    objects: &[PathBuf],
    output: &Path,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut command = cc.command();
    command.args(&cc.flags).arg("-r").arg("-nostdlib").args(objects).arg("-o").arg(output);
    run(&mut command, output, watch)
}

/// Collects object files in a static library.
pub(crate) fn archive(
    cc: &Compiler,
    objects: &[PathBuf],
    output: &Path,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut command = if cc.kind == Kind::Tcc {
        let mut command = cc.command();
        command.arg("-ar");
        command
    } else {
        // LLVM's knows the objects of every target.
        let names: &[&str] = if cc.kind == Kind::Clang { &["llvm-ar", "ar"] } else { &["ar"] };
        let ar = names.iter().find_map(|name| cc.companion(name)).ok_or_else(|| {
            Diagnostic::new(Code::Compiler, "found no `ar`, which makes static libraries")
                .help("install binutils, or use `--emit=obj`")
        })?;
        std::process::Command::new(ar)
    };
    command.arg("rcs").arg(output).args(objects);
    run(&mut command, output, watch)
}
