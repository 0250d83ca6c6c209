//! Why there is no image.

use std::fmt;
use wardian_rt::{AllocError, Trap};

/// Why an image cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// libpng does not like the file: its own words, which depend on the file.
    Refused(String),
    /// The file is larger than a sandbox.
    TooLarge,
    /// libpng did what it must not do, or was stopped; nothing outside was touched.
    Trap(Trap),
    /// What libpng says it decoded cannot be.
    Nonsense,
    /// The system has no memory for a sandbox, or the sandbox none for the file.
    NoMemory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(reason) => write!(f, "no PNG image: {}", reason.escape_default()),
            Error::TooLarge => f.write_str("the file is too large"),
            Error::Trap(trap) => write!(f, "libpng failed: {trap}"),
            Error::Nonsense => f.write_str("libpng failed: the image is none"),
            Error::NoMemory => f.write_str("out of memory"),
        }
    }
}

impl std::error::Error for Error {}

impl From<AllocError> for Error {
    fn from(error: AllocError) -> Error {
        match error {
            AllocError::Trap(trap) => Error::Trap(trap),
            _ => Error::NoMemory,
        }
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
