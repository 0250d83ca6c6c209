//! What goes wrong, as data: every failure of the command line is one of these,
//! whether it is printed for people or as a line of JSON. The code decides how
//! the process exits.

use std::io;
use std::path::Path;

use wardian::{Error, Place};

/// Boxed, because the good way should stay cheap.
pub(crate) type Result<T> = std::result::Result<T, Box<Diagnostic>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warning,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Io,
    Usage,
    Invalid,
    Unsupported,
    Limit,
    Refused,
    Unresolved,
    Compiler,
    Stale,
}

impl Code {
    /// The name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Code::Io => "io",
            Code::Usage => "usage",
            Code::Invalid => "invalid",
            Code::Unsupported => "unsupported",
            Code::Limit => "limit",
            Code::Refused => "refused",
            Code::Unresolved => "unresolved",
            Code::Compiler => "compiler",
            Code::Stale => "stale",
        }
    }

    /// The exit code of a process that ends with it.
    pub(crate) fn exit(self) -> u8 {
        match self {
            Code::Io => 1,
            Code::Usage => 2,
            Code::Invalid => 3,
            Code::Unsupported | Code::Limit | Code::Refused => 4,
            Code::Unresolved => 5,
            Code::Compiler => 6,
            Code::Stale => 7,
        }
    }
}

/// A line that starts with an arrow.
#[derive(Debug)]
pub(crate) struct Note {
    /// Where in the module, if it is about a place.
    pub(crate) place: Option<Place>,
    pub(crate) text: String,
}

#[derive(Debug)]
pub(crate) struct Diagnostic {
    pub(crate) level: Level,
    pub(crate) code: Code,
    pub(crate) message: String,
    /// The file it is about, as the user called it.
    pub(crate) file: Option<String>,
    pub(crate) notes: Vec<Note>,
    /// What another program said about it, word for word.
    pub(crate) output: String,
    pub(crate) help: Vec<String>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Box<Diagnostic> {
        Box::new(Diagnostic {
            level: Level::Error,
            code,
            message: message.into(),
            file: None,
            notes: Vec::new(),
            output: String::new(),
            help: Vec::new(),
        })
    }

    /// `doing` is what could not be done, such as `write app.c`.
    pub(crate) fn io(doing: impl AsRef<str>, error: &io::Error) -> Box<Diagnostic> {
        Diagnostic::new(Code::Io, format!("cannot {}: {error}", doing.as_ref()))
    }

    pub(crate) fn warning(code: Code, message: impl Into<String>) -> Box<Diagnostic> {
        let mut it = Diagnostic::new(code, message);
        it.level = Level::Warning;
        it
    }

    /// A fault of the module that the user calls `file`.
    pub(crate) fn module(file: &str, error: Error) -> Box<Diagnostic> {
        let it = match error {
            Error::Invalid { message, place } => {
                Diagnostic::new(Code::Invalid, format!("invalid module: {message}")).at(place)
            }
            Error::Limit { message, place } => Diagnostic::new(Code::Limit, message).at(place),
            Error::Refused { message, place, help } => {
                Diagnostic::new(Code::Refused, message).at(place).help(help)
            }
            Error::Unsupported(features) => {
                let count = features.len();
                let (s, are) = if count == 1 { ("", "is") } else { ("s", "are") };
                let message =
                    format!("the module uses {count} feature{s} that {are} not supported");
                let mut it = Diagnostic::new(Code::Unsupported, message);
                it.notes = features
                    .into_iter()
                    .map(|of| Note {
                        place: Some(of.place),
                        text: format!("{}: {}", of.feature, of.what),
                    })
                    .collect();
                it.help("build the program without these features")
            }
        };
        it.of(file)
    }

    pub(crate) fn of(mut self: Box<Self>, file: &str) -> Box<Self> {
        self.file = Some(file.to_string());
        self
    }

    pub(crate) fn at(mut self: Box<Self>, place: Place) -> Box<Self> {
        self.notes.push(Note { place: Some(place), text: String::new() });
        self
    }

    pub(crate) fn note(mut self: Box<Self>, text: impl Into<String>) -> Box<Self> {
        self.notes.push(Note { place: None, text: text.into() });
        self
    }

    pub(crate) fn output(mut self: Box<Self>, words: &[u8]) -> Box<Self> {
        self.output = String::from_utf8_lossy(words).trim_end().to_string();
        self
    }

    pub(crate) fn help(mut self: Box<Self>, text: impl Into<String>) -> Box<Self> {
        self.help.push(text.into());
        self
    }
}

/// Names what was being done when an I/O call failed.
pub(crate) trait Doing<T> {
    /// `verb` is what was tried with `path`, such as `read`.
    fn doing(self, verb: &str, path: &Path) -> Result<T>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, verb: &str, path: &Path) -> Result<T> {
        self.map_err(|error| Diagnostic::io(format!("{verb} `{}`", path.display()), &error))
    }
}
