//! Makes one file of many: a program, a shared library, an object file or a
//! static library.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::board::Board;
use super::cc::{Compiler, Kind};
use super::compile::{Settings, Watch, run};
use super::diagnostic::{Code, Diagnostic, Doing, Result};

/// Links a program.
pub(crate) fn program(
    cc: &Compiler,
    settings: &Settings,
    objects: &[PathBuf],
    output: &Path,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut command = linking(cc, settings, objects);
    if cc.is_windows() {
        // As much as elsewhere.
        command.arg("-Wl,--stack,8388608");
    }
    finish(cc, command, "exe", output, watch)
}

/// Links all that a board runs.
pub(crate) fn image(
    cc: &Compiler,
    settings: &Settings,
    board: &Board,
    objects: &[PathBuf],
    output: &Path,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut command = linking(cc, settings, objects);
    command.arg("-L").arg(&board.folder);
    if let Some(script) = &board.script {
        command.arg("-T").arg(script);
    }
    run(command.args(&board.linking).arg("-o").arg(output), output, watch)
}

/// What links object files to what can run, without what nothing uses.
fn linking(cc: &Compiler, settings: &Settings, objects: &[PathBuf]) -> Command {
    let mut command = cc.command();
    command.args(settings.flags(cc)).args(objects);
    if cc.drops_sections() {
        command.arg("-Wl,--gc-sections");
    }
    command
}

/// Adds the libraries of the system, and links.
fn finish(
    cc: &Compiler,
    mut command: Command,
    extension: &str,
    output: &Path,
    watch: &Watch<'_>,
) -> Result<()> {
    if !cc.is_windows() {
        return run(command.arg("-o").arg(output).arg("-lm"), output, watch);
    }
    // A name without an extension would get one that nobody asked for.
    let mut linked = output.as_os_str().to_owned();
    linked.push(".");
    linked.push(extension);
    let linked = PathBuf::from(linked);
    run(command.arg("-o").arg(&linked).arg("-lntdll"), &linked, watch)?;
    fs::rename(&linked, output).doing("write", output)
}

/// Links a shared library. Visible are the module's own names, which begin with
/// `prefix`, and the runtime's, so that a host need not have another runtime.
pub(crate) fn shared(
    cc: &Compiler,
    settings: &Settings,
    prefix: &str,
    objects: &[PathBuf],
    output: &Path,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut command = cc.command();
    command.args(settings.flags(cc)).arg("-shared");
    if cc.has_version_scripts() {
        let script = output.with_extension("map");
        let text = format!("{{ global: {prefix}_*; wdn_*; local: *; }};\n");
        fs::write(&script, text).doing("write", &script)?;
        let mut flag = OsString::from("-Wl,--version-script=");
        flag.push(script);
        command.arg(flag);
    }
    command.args(objects);
    finish(cc, command, "dll", output, watch)
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
        Command::new(ar)
    };
    command.arg("rcs").arg(output).args(objects);
    run(&mut command, output, watch)
}
