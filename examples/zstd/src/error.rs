//! Why data cannot be compressed or decompressed.

use std::{fmt, io};
use wardian_rt::Trap;

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// zstd does not like the data, or the level: its own words.
    Refused(String),
    /// The frame ends too early.
    Truncated,
    /// More comes out than was allowed.
    TooLarge,
    /// zstd did what it must not do; nothing outside was touched.
    Trap(Trap),
    /// What zstd says it did cannot be.
    Nonsense,
    /// The system has no memory for a sandbox.
    NoMemory,
    /// Reading or writing failed.
    Io(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(reason) => write!(f, "zstd: {}", reason.escape_default()),
            Error::Truncated => f.write_str("the frame ends too early"),
            Error::TooLarge => f.write_str("the data is too large"),
            Error::Trap(trap) => write!(f, "zstd failed: {trap}"),
            Error::Nonsense => f.write_str("zstd failed: it made no sense"),
            Error::NoMemory => f.write_str("out of memory"),
            Error::Io(error) => error.fmt(f),
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

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Io(error)
    }
}
