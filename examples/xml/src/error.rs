//! Why a document cannot be parsed.

use std::fmt;
use wardian_rt::Trap;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The document is not well-formed.
    Malformed {
        /// From 1.
        line: u32,
        /// From 0.
        column: u32,
        /// expat's words.
        reason: String,
    },
    /// The handler wanted no more.
    Stopped,
    /// expat did what it must not do; nothing outside was touched.
    Trap(Trap),
    /// What expat says cannot be.
    Nonsense,
    /// The system has no memory for a sandbox, or the sandbox none for the document.
    NoMemory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Malformed { line, column, reason } => {
                write!(f, "{line}:{column}: {}", reason.escape_default())
            }
            Error::Stopped => f.write_str("stopped by the handler"),
            Error::Trap(trap) => write!(f, "expat failed: {trap}"),
            Error::Nonsense => f.write_str("expat failed: it made no sense"),
            Error::NoMemory => f.write_str("out of memory"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Trap> for Error {
    fn from(trap: Trap) -> Error {
        Error::Trap(trap)
    }
}

impl From<wardian_rt::Error> for Error {
    fn from(error: wardian_rt::Error) -> Error {
        match error {
            wardian_rt::Error::Trap(trap) => Error::Trap(trap),
            _ => Error::NoMemory,
        }
    }
}
