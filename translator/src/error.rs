//! Why a module cannot be translated, and where in the module.

use std::fmt;

/// A place in a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Byte offset in the `.wasm`.
    pub offset: usize,
    /// The function it is in: its index, and its name if it has one.
    pub function: Option<(u32, Option<String>)>,
}

/// A feature that a valid module uses and that is not translated yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The feature's name, such as `simd` or `exceptions`.
    pub feature: &'static str,
    /// What uses it first, such as the instruction's name.
    pub what: String,
    /// Where that is.
    pub place: Place,
}

/// Why a module cannot be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The module is not valid; the words are the validator's.
    Invalid {
        /// What is wrong.
        message: String,
        /// Where.
        place: Place,
    },
    /// The module is valid and uses these features, in order of their first use.
    Unsupported(Vec<Unsupported>),
    /// The module is valid, and an option excludes it.
    Refused {
        /// What excludes it.
        message: String,
        /// Where.
        place: Place,
        /// Which option would change it.
        help: String,
    },
    /// The module goes beyond a limit of the translator.
    Limit {
        /// Which limit.
        message: String,
        /// Where.
        place: Place,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offset {:#x}", self.offset)?;
        match &self.function {
            Some((index, Some(name))) => {
                write!(f, ", in function {index} `{}`", name.escape_debug())
            }
            Some((index, None)) => write!(f, ", in function {index}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Invalid { message, place } => {
                write!(f, "invalid module: {message} (at {place})")
            }
            Error::Limit { message, place } => write!(f, "{message} (at {place})"),
            Error::Refused { message, place, help } => {
                write!(f, "{message} (at {place}); {help}")
            }
            Error::Unsupported(features) => {
                write!(f, "not supported yet:")?;
                for (i, it) in features.iter().enumerate() {
                    let comma = if i == 0 { "" } else { ";" };
                    write!(f, "{comma} {} ({} at {})", it.feature, it.what, it.place)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Error {}
