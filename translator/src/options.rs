//! What a caller chooses. Every choice is made at translation time and is
//! recorded in the output.

/// How a linear memory is kept in bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// Reserve all that an address can reach and let the MMU trap: 64-bit hosts only.
    #[default]
    Guard,
    /// Compare every address with the memory's size: works anywhere.
    Bounds,
}

impl Memory {
    /// The name on the command line and in the output.
    pub fn name(self) -> &'static str {
        match self {
            Memory::Guard => "guard",
            Memory::Bounds => "bounds",
        }
    }
}

/// How a guest that runs too long is stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interrupt {
    /// Not at all.
    #[default]
    None,
    /// By a flag that any thread may set: looked at in every iteration of a loop and
    /// at the beginning of functions that call others.
    Flag,
}

impl Interrupt {
    /// The name on the command line and in the output.
    pub fn name(self) -> &'static str {
        match self {
            Interrupt::None => "none",
            Interrupt::Flag => "flag",
        }
    }
}

/// The options of a translation.
#[derive(Clone, Debug)]
pub struct Options {
    /// Prefix of every C symbol and name of the files; made into a name by
    /// [`Options::name_from`] if it is none.
    pub name: String,
    /// How memory accesses are kept in bounds.
    pub memory: Memory,
    /// How the guest can be stopped.
    pub interrupt: Interrupt,
    /// Run the passes of `opt`. Off, the output is slower and longer, and right all the same.
    pub optimize: bool,
    /// Bytes of C that a file should have, about; larger modules are split.
    pub shard_size: usize,
    /// The exported functions that the host sees, or all. Of the others, and of what only
    /// they call, nothing becomes C. Other exports, and `_initialize`, which whoever makes an
    /// instance calls, stay. Names that no function has are ignored.
    pub exports: Option<Vec<String>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            name: "module".to_string(),
            memory: Memory::default(),
            interrupt: Interrupt::default(),
            optimize: true,
            shard_size: 1_500_000,
            exports: None,
        }
    }
}

impl Options {
    /// A name made from any text, such as a file's stem: an identifier that C and
    /// the runtime have no other use for. A name that is fine stays as it is.
    pub fn name_from(text: &str) -> String {
        crate::name::from(text)
    }
}
