//! What a folder says about a board: how to compile for it, how to link, and the C that
//! starts it. Each part is a file that need not be there:
//!
//! - `cflags`: flags for the compiler, also when it links; words between spaces, and
//!   `#` begins a comment;
//! - `link.ld`: the linker's script;
//! - `ldflags`: what is added when linking, in place of `-nostdlib -lgcc` and four functions
//!   that compilers call by themselves; files are looked for in the folder;
//! - `*.c`, `*.S`, `*.s`: files to compile and link.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::diagnostic::{Code, Diagnostic, Doing, Result};

/// A board support folder that was read.
pub(crate) struct Board {
    pub(crate) folder: PathBuf,
    pub(crate) compiling: Vec<String>,
    pub(crate) linking: Vec<String>,
    /// No library has memcpy and the like.
    pub(crate) needs_bytes: bool,
    pub(crate) script: Option<PathBuf>,
    pub(crate) sources: Vec<PathBuf>,
}

impl Board {
    pub(crate) fn read(folder: &Path) -> Result<Board> {
        let entries = fs::read_dir(folder).doing("read", folder)?;
        let mut sources = Vec::new();
        for entry in entries {
            let path = entry.doing("read", folder)?.path();
            let ending = path.extension().and_then(|it| it.to_str());
            if matches!(ending, Some("c" | "S" | "s")) && path.is_file() {
                sources.push(path);
            }
        }
        // Images must not depend on the order in which a file system lists its files.
        sources.sort();
        let compiling = words(&folder.join("cflags"))?.unwrap_or_default();
        let linking = words(&folder.join("ldflags"))?;
        let script = Some(folder.join("link.ld")).filter(|it| it.is_file());
        if linking.is_none() && script.is_none() {
            let message = format!("`{}` does not say how to link", folder.display());
            return Err(Diagnostic::new(Code::Usage, message).help(
                "a board's folder has a linker script `link.ld`, or a file `ldflags`, or both",
            ));
        }
        let needs_bytes = linking.is_none();
        let linking = linking.unwrap_or_else(|| ["-nostdlib", "-lgcc"].map(str::to_string).into());
        let folder = folder.to_path_buf();
        Ok(Board { folder, compiling, linking, needs_bytes, script, sources })
    }
}

/// The words of a file, if there is one.
fn words(file: &Path) -> Result<Option<Vec<String>>> {
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text.doing("read", file)?,
    };
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    Ok(Some(lines.flat_map(str::split_whitespace).map(str::to_string).collect()))
}
