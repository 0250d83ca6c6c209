//! Calling guests: what needs the C runtime, linked, and memory of the host's.

mod caller;
mod instance;
#[doc(hidden)]
pub mod raw;
mod trap;

pub use caller::{AllocError, Caller};
pub use instance::{Error, Instance, Limits};
pub use raw::Module;
pub use trap::{Stop, Trap, TrapCode};
