//! The passes over one function, in order.
//!
//! Each is an improvement, never a requirement: everything is right without them.

mod address;
mod dead;
mod demand;
mod flatten;
mod fold;
mod loops;
mod places;
mod prune;
mod range;

use crate::ir::{Func, Module};
use crate::options::Memory;

/// Improves a function.
pub(crate) fn run(func: &mut Func, module: &Module<'_>, memory: Memory) {
    let uses = prune::run(func);
    if fold::run(func, &uses) {
        prune::run(func);
    }
    flatten::run(func);
    if matches!(memory, Memory::Static(_)) {
        range::run(func); // larger machines have masks for nothing
    }
    address::run(func, module, memory);
    match memory {
        Memory::Guard => dead::run(func),
        Memory::Static(_) => prune::unread(func),
        Memory::Bounds => {}
    }
}
