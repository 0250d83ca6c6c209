//! What a module needs of a small machine: how much of its memory is in use, and how much
//! flash its code takes, about.
//!
//! A module says that it has so many pages of 64 KiB. What of them it uses follows from
//! what linkers leave behind: the end of its data, where the stack begins, and
//! `__heap_base`, if that is exported.

use rayon::prelude::*;

use crate::error::Error;
use crate::ir::{Const, ConstOp, Expr, Func, Global, Item, Mode, Module, Type};
use crate::options::Memory;

/// What a module needs. Addresses and sizes are bytes of the first memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// What the module says that its memory has at least.
    pub declared: u64,
    /// The end of the last data segment. Variables that begin as zero are in none.
    pub data_end: u64,
    /// Where `__stack_pointer` begins.
    pub stack_pointer: Option<u64>,
    /// The size of the stack that it points into; at most so much, if data is below it.
    pub stack: Option<u64>,
    /// `__heap_base`: the end of everything that has a place from the start.
    pub heap_base: Option<u64>,
    /// Is there an instruction that grows the memory?
    pub grows: bool,
    /// The least memory with which the module can work.
    pub least: u64,
    /// Is that all it uses, as long as it has no heap? Otherwise there may be variables
    /// that nothing tells of.
    pub complete: bool,
    /// Float types that it computes with.
    pub floats: Vec<&'static str>,
    /// Bytes of the bodies of its functions.
    pub code: u64,
    /// Bytes of its data segments.
    pub data: u64,
}

/// What a module needs, which must be one that can be translated.
pub fn needs(wasm: &[u8]) -> Result<Needs, Error> {
    let module = super::module(wasm)?;
    let mut needs = Needs {
        declared: module.memories.first().map_or(0, |it| it.min_size()),
        stack_pointer: global(&module, "__stack_pointer", true).or_else(|| first(&module)),
        heap_base: global(&module, "__heap_base", false),
        grows: module.uses.memory_grow,
        code: module.funcs.iter().map(|it| it.body.len() as u64).sum(),
        data: module.data.iter().map(|it| it.bytes.len() as u64).sum(),
        ..Needs::default()
    };
    let mut data_start = u64::MAX;
    for data in &module.data {
        let Mode::Active { target: 0, offset } = &data.mode else { continue };
        let Some(start) = constant(offset) else { continue };
        data_start = data_start.min(start);
        needs.data_end = needs.data_end.max(start + data.bytes.len() as u64);
    }
    let stack_pointer = needs.stack_pointer.unwrap_or(0);
    let stack_is_first = stack_pointer <= data_start;
    needs.stack = needs.stack_pointer.map(|it| match stack_is_first {
        true => it,
        false => it.saturating_sub(needs.data_end),
    });
    // Above a stack that is not the first thing, there is only the heap.
    needs.complete = needs.heap_base.is_some() || (stack_pointer > 0 && !stack_is_first);
    needs.least = needs.data_end.max(stack_pointer).max(needs.heap_base.unwrap_or(0));
    needs.floats = floats(&module);
    Ok(needs)
}

impl Needs {
    /// Bytes of flash that the code of one instance becomes, about, at -Os: on a
    /// Cortex-M3, and on a Cortex-M0. In thousandths, as tests/sizes measures them.
    pub fn flash(&self) -> [u64; 2] {
        [800, 1000].map(|factor| self.code * factor / 1000 + self.data)
    }
}

/// The value that a global of this name begins with, if it is a constant.
fn global(module: &Module<'_>, name: &str, mutable: bool) -> Option<u64> {
    let exported = module.exports.iter().find_map(|it| match it.item {
        Item::Global(global) if it.name == name => module.globals.get(global as usize),
        _ => None,
    });
    let named = || module.globals.iter().find(|it| it.name.as_deref() == Some(name));
    exported.or_else(named).filter(|it| it.mutable == mutable).and_then(value)
}

/// Linkers make the stack pointer the first global. Without names, one that could be it.
fn first(module: &Module<'_>) -> Option<u64> {
    let global = module.globals.first().filter(|it| it.mutable && it.name.is_none())?;
    let memory = module.memories.first()?.min_size();
    value(global).filter(|it| *it > 0 && *it <= memory && it % 16 == 0)
}

fn value(global: &Global) -> Option<u64> {
    constant(global.init.as_ref()?)
}

fn constant(init: &Const) -> Option<u64> {
    match init[..] {
        [ConstOp::I32(value)] => Some(value.into()),
        _ => None,
    }
}

/// The float types of variables and of numeric instructions.
fn floats(module: &Module<'_>) -> Vec<&'static str> {
    let imported = module.imported_funcs();
    let used = (imported..module.funcs.len())
        .into_par_iter()
        .map(|index| in_function(&super::func(module, index as u32, Memory::Bounds)))
        .reduce(|| [false; 2], |a, b| [a[0] || b[0], a[1] || b[1]]);
    ["f32", "f64"].into_iter().zip(used).filter(|(_, used)| *used).map(|it| it.0).collect()
}

fn in_function(func: &Func) -> [bool; 2] {
    let ops = func.exprs.iter().filter_map(|expr| match expr {
        Expr::Unary(op, _)
        | Expr::Binary(op, ..)
        | Expr::TrappingUnary(op, ..)
        | Expr::TrappingBinary(op, ..) => Some(op.info()),
        _ => None,
    });
    let types: Vec<Type> =
        ops.flat_map(|op| op.params.iter().copied().chain([op.result])).collect();
    [Type::F32, Type::F64].map(|float| types.contains(&float))
}
