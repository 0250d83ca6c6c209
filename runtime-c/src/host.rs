//! Calling guests: what needs the C runtime, linked, and memory of the host's.

mod callback;
mod caller;
mod instance;
mod kill;
#[doc(hidden)]
pub mod raw;
mod trap;

pub use callback::{Callback, CallbackError, HostFunction, Outcome, Parameter};
pub use caller::{AllocError, Caller};
pub use instance::{Error, Instance, Limits};
pub use kill::KillHandle;
pub use raw::Module;
pub use trap::{Stop, Trap, TrapCode};
