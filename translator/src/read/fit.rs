//! Fits a module into what its one instance will have: decides how large the array is
//! that is its memory, and refuses what only many instances can do.
//!
//! The array may be smaller than the module declares: then accesses beyond it trap. It
//! is larger only if the module can grow its memory into it.

use crate::error::{Error, Place};
use crate::ir::{ConstOp, Export, Item, Mode, Module};
use crate::options::{Memory, Options, StaticSize};

/// Bytes that no memory has: see `opt/address.rs`.
const MOST: u64 = (1 << 32) - (1 << 24);

/// The export by which linkers tell where the data ends and a heap could begin.
const HEAP_BASE: &str = "__heap_base";

/// Fits the module into one instance.
pub(super) fn fit(module: &mut Module<'_>, options: &Options) -> Result<(), Error> {
    for import in &module.imports {
        if let Item::Table(_) = import.item {
            let message = format!("imports the table `{}` of `{}`", import.name, import.module);
            let help = "`--instances=many` can share tables";
            return Err(refused(message, import.at as usize, help));
        }
    }
    let Some(memory) = module.memories.first() else { return Ok(()) };
    let page = 1 << memory.page_log2;
    let declared = memory.limits.min << memory.page_log2;
    let most = memory.limits.max.map_or(MOST, |max| max << memory.page_log2);
    let mut size = match options.memory {
        Memory::Static(StaticSize::Bytes(bytes)) => u64::from(bytes).min(MOST).min(most),
        Memory::Static(StaticSize::Auto) => heap_base(module).unwrap_or(declared).min(declared),
        _ => declared,
    };
    if module.uses.memory_grow && size >= declared + page {
        size -= size % page;
    } else {
        size = size.min(declared);
    }
    if size > MOST {
        let message = format!("needs a memory of {size} bytes, and an array has at most {MOST}");
        let help = "`--memory=static:N` caps it at N bytes";
        return Err(refused(message, memory.at as usize, help));
    }
    module.memories[0].array = Some(size as u32);
    data(module, size.min(declared), declared)
}

/// Refuses pages that many instances cannot have: their sizes are counted in those of
/// the specification.
pub(super) fn pages(module: &Module<'_>) -> Result<(), Error> {
    match module.memories.iter().find(|it| it.page_log2 != 16) {
        Some(memory) => {
            let size = 1u64 << memory.page_log2;
            let message = format!("has a memory with pages of {size}, and not of 65536 bytes");
            Err(refused(message, memory.at as usize, "`--instances=one` translates it"))
        }
        None => Ok(()),
    }
}

/// Where the heap begins, if nothing in the module can use memory after that: it has
/// no heap that grows, and does not ask how much there is.
fn heap_base(module: &Module<'_>) -> Option<u64> {
    let is_base = |it: &&Export| it.name == HEAP_BASE;
    let Item::Global(global) = module.exports.iter().find(is_base)?.item else { return None };
    let global = &module.globals[global as usize];
    match global.init.as_deref() {
        Some([ConstOp::I32(base)]) if !global.mutable && !module.uses.memory_grow => {
            Some(u64::from(*base).next_multiple_of(16))
        }
        _ => None,
    }
}

/// Are all segments inside? Where that can be told before the module runs.
fn data(module: &Module<'_>, size: u64, declared: u64) -> Result<(), Error> {
    for data in &module.data {
        let Mode::Active { offset, .. } = &data.mode else { continue };
        let [ConstOp::I32(start)] = offset[..] else { continue };
        let end = u64::from(start) + data.bytes.len() as u64;
        if end > size {
            let message = format!("has data up to address {end}, and its memory has {size} bytes");
            let help = match end > declared {
                true => "no option helps: the module itself declares no more".to_string(),
                false => format!("`--memory=static:{end}` is the least that holds it"),
            };
            return Err(refused(message, data.at as usize, &help));
        }
    }
    Ok(())
}

fn refused(message: String, offset: usize, help: &str) -> Error {
    let message = format!("the module {message}");
    Error::Refused { message, place: Place { offset, function: None }, help: help.to_string() }
}
