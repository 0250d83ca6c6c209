//! The module that a command is about: a file or standard input, in the binary
//! or the text format.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

use crate::driver::diagnostic::{Code, Diagnostic, Doing, Result};

/// Every module in the binary format begins with it.
const MAGIC: &[u8] = b"\0asm";

pub(crate) struct Input {
    /// What to call it in messages.
    pub(crate) shown: String,
    /// Its name without folder and ending.
    pub(crate) stem: String,
    file_name: String,
    /// As it is in the file.
    pub(crate) raw: Vec<u8>,
    is_text: bool,
}

impl Input {
    pub(crate) fn read(path: &Path) -> Result<Input> {
        let mut raw = Vec::new();
        if path == Path::new("-") {
            let read = std::io::stdin().lock().read_to_end(&mut raw);
            read.map_err(|error| Diagnostic::io("read standard input", &error))?;
        } else {
            raw = std::fs::read(path).doing("read", path)?;
        }
        let stdin = path == Path::new("-");
        let named = if stdin { Path::new("module") } else { path };
        let text = |it: Option<&OsStr>| it.unwrap_or_default().to_string_lossy().into_owned();
        Ok(Input {
            shown: if stdin { "<stdin>".to_string() } else { path.display().to_string() },
            stem: text(named.file_stem()),
            file_name: text(named.file_name()),
            is_text: is_text(path, &raw),
            raw,
        })
    }

    /// Its name without folder: what a program of this name is called.
    pub(crate) fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The module in the binary format.
    pub(crate) fn wasm(&self) -> Result<Cow<'_, [u8]>> {
        let wasm = if self.raw.starts_with(MAGIC) {
            Cow::Borrowed(&self.raw[..])
        } else if self.is_text {
            Cow::Owned(self.parse()?)
        } else {
            let message = "not a WebAssembly module: it does not begin with `\\0asm`";
            return Err(Diagnostic::new(Code::Invalid, message).of(&self.shown));
        };
        // After the version comes the layer: 1 means a component.
        if wasm.get(6..8) == Some(&[1, 0]) {
            let message = "a component, and only modules are supported";
            return Err(Diagnostic::new(Code::Unsupported, message)
                .of(&self.shown)
                .help("compile for `wasm32-wasip1`, which makes modules"));
        }
        Ok(wasm)
    }

    /// From the text format.
    fn parse(&self) -> Result<Vec<u8>> {
        let text = std::str::from_utf8(&self.raw).map_err(|error| {
            let message = format!("not UTF-8 at byte {}", error.valid_up_to());
            Diagnostic::new(Code::Invalid, message).of(&self.shown)
        })?;
        let parsed = wat::Parser::new().parse_str(Some(Path::new(&self.shown)), text);
        parsed.map_err(|error| Diagnostic::new(Code::Invalid, error.to_string()))
    }
}

/// A file with another ending is text if it looks like it.
fn is_text(path: &Path, bytes: &[u8]) -> bool {
    let ending = path.extension().unwrap_or_default();
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    ending == "wat" || ending == "wast" || (ending != "wasm" && matches!(first, Some(b'(' | b';')))
}
