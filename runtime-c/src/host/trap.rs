//! Why a guest stopped, and how a host stops one.

use core::fmt;

/// Why guest code stopped. The numbers are those of `wdn_trap_t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u32)]
pub enum TrapCode {
    /// An instruction that says so.
    Unreachable = 1,
    /// An access to memory that the guest does not have.
    MemoryOutOfBounds,
    /// An access past the end of a table.
    TableOutOfBounds,
    /// An integer was divided by zero.
    DivisionByZero,
    /// The result of a division or conversion fits into no integer.
    IntegerOverflow,
    /// A NaN was converted to an integer.
    InvalidConversion,
    /// A call through a table, past its end.
    UndefinedElement,
    /// A call of a null reference, or of a callback that is gone.
    UninitializedElement,
    /// A call through a table of a function of another type.
    IndirectCallType,
    /// Too deep a recursion, or too large a frame.
    StackExhausted,
    /// A call of an import that nothing defines.
    UnresolvedImport,
    /// A function of the host said so: [`Stop`].
    Host,
    /// Not an error: the guest asked to end.
    Exit,
    /// The instance trapped before and was not reset.
    Poisoned,
    /// Another thread stopped the guest.
    Interrupted,
    /// One that this version does not know.
    Unknown,
}

use TrapCode::*;

const CODES: [TrapCode; 15] = [
    Unreachable,
    MemoryOutOfBounds,
    TableOutOfBounds,
    DivisionByZero,
    IntegerOverflow,
    InvalidConversion,
    UndefinedElement,
    UninitializedElement,
    IndirectCallType,
    StackExhausted,
    UnresolvedImport,
    Host,
    Exit,
    Poisoned,
    Interrupted,
];

impl TrapCode {
    /// The code of a `wdn_trap_t`.
    pub(crate) fn of(number: u32) -> TrapCode {
        let index = (number as usize).wrapping_sub(1);
        CODES.get(index).copied().unwrap_or(Unknown)
    }

    /// The specification's words, where it has some.
    pub fn message(self) -> &'static str {
        match self {
            Unreachable => "unreachable",
            MemoryOutOfBounds => "out of bounds memory access",
            TableOutOfBounds => "out of bounds table access",
            DivisionByZero => "integer divide by zero",
            IntegerOverflow => "integer overflow",
            InvalidConversion => "invalid conversion to integer",
            UndefinedElement => "undefined element",
            UninitializedElement => "uninitialized element",
            IndirectCallType => "indirect call type mismatch",
            StackExhausted => "call stack exhausted",
            UnresolvedImport => "call of an unresolved import",
            Host => "stopped by the host",
            Exit => "exit",
            Poisoned => "the instance trapped before",
            Interrupted => "interrupted",
            Unknown => "unknown trap",
        }
    }
}

/// A call that did not come back: why, and where in the module.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trap {
    /// Why.
    pub code: TrapCode,
    /// The index of the function, where known.
    pub function: Option<u32>,
    /// Its name, where the module has one. The guest chose it.
    pub name: Option<&'static str>,
    /// Where the instruction is in the `.wasm`, where known.
    pub offset: Option<u32>,
    /// Of [`TrapCode::Exit`] and [`TrapCode::Host`].
    pub exit_code: i32,
}

impl Trap {
    pub(crate) fn new(code: TrapCode, exit_code: i32) -> Trap {
        Trap { code, function: None, name: None, offset: None, exit_code }
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.message())?;
        if matches!(self.code, Host | Exit) {
            write!(f, " with code {}", self.exit_code)?;
        }
        match (self.name, self.function) {
            (Some(name), _) => write!(f, " in `{}`", name.escape_default())?,
            (None, Some(function)) => write!(f, " in function {function}")?,
            (None, None) => {}
        }
        self.offset.map_or(Ok(()), |offset| write!(f, " at {offset:#x}"))
    }
}

impl core::error::Error for Trap {}

/// What a function of the host returns to stop the guest that called it. The call that
/// the host made into the guest then ends with a [`Trap`].
#[derive(Clone, Debug)]
pub struct Stop(pub(crate) Trap);

impl Stop {
    /// Ends the call with [`TrapCode::Host`]. The number means what the host likes.
    pub fn new(code: i32) -> Stop {
        Stop(Trap::new(Host, code))
    }

    /// Ends the call with [`TrapCode::Exit`], as if the guest had ended by itself.
    pub fn exit(code: i32) -> Stop {
        Stop(Trap::new(Exit, code))
    }
}

/// So that `?` hands on the trap of a call that a function of the host made.
impl From<Trap> for Stop {
    fn from(trap: Trap) -> Stop {
        Stop(trap)
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, Trap, TrapCode};
    extern crate std;
    use std::string::ToString;

    #[test]
    fn numbers_and_codes_agree() {
        for (i, code) in CODES.into_iter().enumerate() {
            assert_eq!(code as usize, i + 1);
            assert_eq!(TrapCode::of(code as u32), code);
        }
        assert_eq!(TrapCode::of(0), TrapCode::Unknown);
        assert_eq!(TrapCode::of(99), TrapCode::Unknown);
    }

    #[test]
    fn a_trap_says_what_and_where() {
        let mut trap = Trap::new(TrapCode::DivisionByZero, 0);
        assert_eq!(trap.to_string(), "integer divide by zero");
        trap.function = Some(3);
        trap.offset = Some(0x1f);
        assert_eq!(trap.to_string(), "integer divide by zero in function 3 at 0x1f");
        trap.name = Some("a\nb");
        assert_eq!(trap.to_string(), "integer divide by zero in `a\\nb` at 0x1f");
        assert_eq!(Trap::new(TrapCode::Exit, 7).to_string(), "exit with code 7");
    }
}
