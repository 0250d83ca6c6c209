//! Giving results to the user: text on standard output, files in folders.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::report::Report;
use crate::driver::diagnostic::{Code, Diagnostic, Doing, Result};
use crate::driver::scratch::Scratch;
use crate::driver::staging::Placed;

/// Prints to standard output. Whoever stops reading has read enough.
pub(crate) fn print(text: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Diagnostic::io("write to standard output", &error))
        }
        _ => Ok(()),
    }
}

/// Reports what is in `folder` now.
pub(crate) fn placed(placed: &Placed, folder: &Path, report: &Report) {
    for file in &placed.files {
        let kind = match Path::new(file).extension().and_then(|it| it.to_str()) {
            Some("c") => "c",
            Some("h") => "header",
            _ => "data",
        };
        report.artifact(kind, &folder.join(file));
    }
    let (all, old) = (placed.files.len(), placed.unchanged);
    let new = format!("wrote {} files to `{}`", all - old, folder.display());
    report.remark(&if old == 0 { new } else { format!("{new}; {old} are as they were") });
    for file in &placed.removed {
        report.remark(&format!("removed `{}`", folder.join(file).display()));
    }
    for file in &placed.left {
        let path = folder.join(file);
        let message = format!("`{}` is no longer needed; left, for it was changed", path.display());
        report.diagnostic(&Diagnostic::warning(Code::Io, message));
    }
}

/// Makes a file all at once or not at all: `make` writes it in a folder of its own.
pub(crate) fn file(target: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if target.is_dir() {
        let message = format!("`{}` is a folder", target.display());
        return Err(Diagnostic::new(Code::Io, message).help("name a file with `-o`"));
    }
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder).doing("create", folder)?;
    // A device or pipe is written to, not replaced.
    let special = target.metadata().is_ok_and(|it| !it.is_file());
    let nearby = if special { Scratch::new() } else { Scratch::new_in(folder) };
    let nearby = nearby.doing("write to", folder)?;
    let new = nearby.path().join(target.file_name().unwrap_or_default());
    make(&new)?;
    if special {
        let bytes = fs::read(&new).doing("read", &new)?;
        fs::write(target, bytes).doing("write", target)
    } else {
        fs::rename(&new, target).doing("write", target)
    }
}
