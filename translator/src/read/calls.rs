//! Who calls whom, as far as it matters for memories that grow.
//!
//! While a call runs during which the memory cannot grow, its base and size may stay
//! in registers. A memory grows by `memory.grow`, here or in another instance that
//! shares it, or by the host: so only in a function that reaches one of these.
//!
//! And what nobody calls where the host sees only some exports.

use crate::ir::{ConstOp, Item, Mode, Module};
use wasmparser::Operator;

/// The calls of a module.
#[derive(Default)]
pub(super) struct Calls {
    /// Caller and callee.
    direct: Vec<(u32, u32)>,
    /// Functions with a `call_indirect`.
    indirect: Vec<u32>,
    /// Functions with a `memory.grow`.
    growing: Vec<u32>,
    /// A function, and one that it makes a reference of.
    referring: Vec<(u32, u32)>,
}

impl Calls {
    /// Notes an instruction of the function `caller`.
    pub(super) fn note(&mut self, caller: u32, operator: &Operator<'_>) {
        match *operator {
            Operator::Call { function_index }
                if self.direct.last() != Some(&(caller, function_index)) =>
            {
                self.direct.push((caller, function_index));
            }
            Operator::CallIndirect { .. } if self.indirect.last() != Some(&caller) => {
                self.indirect.push(caller);
            }
            Operator::MemoryGrow { .. } => self.growing.push(caller),
            Operator::RefFunc { function_index } => self.referring.push((caller, function_index)),
            _ => {}
        }
    }

    /// Adds the calls of other functions.
    pub(super) fn append(&mut self, mut more: Calls) {
        self.direct.append(&mut more.direct);
        self.indirect.append(&mut more.indirect);
        self.growing.append(&mut more.growing);
        self.referring.append(&mut more.referring);
    }

    /// Drops exports that the host is not to see, and finds what can still be called.
    pub(super) fn prune(&mut self, module: &mut Module<'_>, exports: &[String]) {
        module.exports.retain(|it| {
            let function = matches!(it.item, Item::Func(_));
            !function || it.name == "_initialize" || exports.contains(&it.name)
        });
        let mut live = vec![false; module.funcs.len()];
        live[..module.imported_funcs()].fill(true);
        let mut work = roots(module);
        let mut edges = [&self.direct[..], &self.referring].concat();
        edges.sort_unstable();
        while let Some(func) = work.pop() {
            if !std::mem::replace(&mut live[func as usize], true) {
                let first = edges.partition_point(|(caller, _)| *caller < func);
                let own = edges[first..].iter().take_while(|(caller, _)| *caller == func);
                work.extend(own.map(|(_, callee)| *callee));
            }
        }
        // What is never called grows nothing.
        let called = |func: u32| live[func as usize];
        self.direct.retain(|(caller, _)| called(*caller));
        self.indirect.retain(|it| called(*it));
        self.growing.retain(|it| called(*it));
        module.uses.live = live;
    }

    /// Finds the functions that may grow a memory.
    pub(super) fn resolve(mut self, module: &mut Module<'_>) {
        let imported = module.imported_funcs();
        let exposed = module.exports.iter().any(|it| matches!(it.item, Item::Memory(_)))
            || module.memories.iter().any(|memory| memory.imported);
        let mut grows = vec![false; module.funcs.len()];
        // The host may call an export that grows the memory, or grow it itself.
        let host_grows = exposed || module.uses.memory_grow;
        grows[..imported].fill(host_grows);
        self.growing.drain(..).for_each(|func| grows[func as usize] = true);
        let foreign = module.tables.iter().any(|table| table.imported)
            || module.exports.iter().any(|it| matches!(it.item, Item::Table(_)))
            || !module.host_slots.is_empty();
        let mut indirect = host_grows && foreign;
        self.direct.sort_unstable_by_key(|(_, callee)| *callee);
        let mut work: Vec<u32> = (0..grows.len() as u32).filter(|it| grows[*it as usize]).collect();
        let referenced = referenced(module);
        loop {
            self.spread(&mut grows, &mut work);
            let now = indirect || (0..grows.len()).any(|it| grows[it] && referenced[it]);
            if !now {
                break;
            }
            indirect = true;
            work = self.indirect.iter().copied().filter(|it| !grows[*it as usize]).collect();
            if work.is_empty() {
                break;
            }
            work.iter().for_each(|it| grows[*it as usize] = true);
        }
        module.uses.may_grow = grows;
        module.uses.indirect_may_grow = indirect;
    }

    /// From callees to callers, until nothing changes.
    fn spread(&self, grows: &mut [bool], work: &mut Vec<u32>) {
        while let Some(callee) = work.pop() {
            let first = self.direct.partition_point(|(_, it)| *it < callee);
            for (caller, _) in self.direct[first..].iter().take_while(|(_, it)| *it == callee) {
                if !std::mem::replace(&mut grows[*caller as usize], true) {
                    work.push(*caller);
                }
            }
        }
    }
}

/// The functions that are called or referenced from outside of functions.
fn roots(module: &Module<'_>) -> Vec<u32> {
    let exports = module.exports.iter().filter_map(|it| match it.item {
        Item::Func(func) => Some(func),
        _ => None,
    });
    let elements = module.elements.iter().flat_map(|it| &it.items);
    let globals = module.globals.iter().filter_map(|it| it.init.as_ref());
    let tables = module.tables.iter().filter_map(|it| it.init.as_ref());
    let constants = elements.chain(globals).chain(tables).flatten();
    let references = constants.filter_map(|op| match op {
        ConstOp::Func(func) => Some(*func),
        _ => None,
    });
    exports.chain(references).chain(module.start).collect()
}

/// The functions that a table may hold: in a valid module, every function that is
/// referenced at all is in an element segment, an export or a global.
fn referenced(module: &Module<'_>) -> Vec<bool> {
    let mut referenced = vec![false; module.funcs.len()];
    let elements = module.elements.iter().filter(|it| !matches!(it.mode, Mode::Declared));
    let globals = module.globals.iter().filter_map(|it| it.init.as_ref());
    let tables = module.tables.iter().filter_map(|it| it.init.as_ref());
    for op in elements.flat_map(|it| &it.items).chain(globals).chain(tables).flatten() {
        if let ConstOp::Func(func) = op {
            referenced[*func as usize] = true;
        }
    }
    // What `ref.func` names is declared somewhere; a table that code can write to may
    // hold any of it.
    if module.uses.written_tables.iter().any(|written| *written) {
        referenced.fill(true);
    }
    referenced
}
