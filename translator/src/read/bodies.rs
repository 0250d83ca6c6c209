//! Checks all function bodies, in parallel, and gathers facts about them.

use super::calls::Calls;
use super::features::{self, Missing};
use super::{Features, explain};
use crate::access::Access;
use crate::error::{Error, Place, Unsupported};
use crate::ir::{Module, Uses};
use rayon::prelude::*;
use wasmparser::{
    BinaryReaderError, FuncToValidate, FuncValidatorAllocations, FunctionBody, Operator,
    ValidatorResources,
};

/// What the bodies told.
pub(super) struct Facts {
    pub(super) uses: Uses,
    pub(super) calls: Calls,
    pub(super) missing: Vec<Unsupported>,
    locals: u64,
}

/// Parts that large modules are checked in.
const CHUNKS: usize = 32;

/// Locals that all functions together may have. A function says "50,000 locals"
/// in four bytes, so this is what keeps work in proportion to the module.
const MAX_LOCALS: u64 = 50_000_000;

type Body<'a> = (FuncToValidate<ValidatorResources>, FunctionBody<'a>);

/// Validates every body, and with `search` looks for features that are not supported.
/// The error is that of the first invalid one.
pub(super) fn check(
    module: &Module<'_>,
    bodies: Vec<Body<'_>>,
    search: bool,
) -> Result<Facts, Error> {
    let imported = module.imported_funcs() as u32;
    // Chunks, so that the validator's allocations are reused and facts are merged rarely.
    let chunk = (bodies.len() / CHUNKS).max(64);
    let chunks: Vec<Result<Facts, Error>> = bodies
        .into_par_iter()
        .enumerate()
        .fold_chunks(
            chunk,
            || Chunk::new(module, search),
            |chunk, (i, body)| chunk.and_then(|chunk| chunk.body(imported + i as u32, body)),
        )
        .map(|chunk| chunk.map(Chunk::finish))
        .collect();
    let mut all =
        Facts { uses: empty_uses(module), calls: Calls::default(), missing: Vec::new(), locals: 0 };
    for chunk in chunks {
        let chunk = chunk?;
        merge(&mut all.uses, &chunk.uses);
        all.calls.append(chunk.calls);
        all.missing.extend(chunk.missing);
        all.locals += chunk.locals;
    }
    if all.locals > MAX_LOCALS {
        let offset = module.funcs[imported as usize].body.start;
        let message = "module is too large: more than 50,000,000 locals".to_string();
        return Err(Error::Limit { message, place: Place { offset, function: None } });
    }
    Ok(all)
}

struct Chunk<'m, 'a> {
    module: &'m Module<'a>,
    /// Look for features that are not supported.
    search: bool,
    allocations: FuncValidatorAllocations,
    uses: Uses,
    calls: Calls,
    missing: Features,
    locals: u64,
}

impl<'m, 'a> Chunk<'m, 'a> {
    #[allow(clippy::new_ret_no_self)]
    fn new(module: &'m Module<'a>, search: bool) -> Result<Self, Error> {
        Ok(Chunk {
            search,
            module,
            allocations: FuncValidatorAllocations::default(),
            uses: empty_uses(module),
            calls: Calls::default(),
            missing: Features::default(),
            locals: 0,
        })
    }

    fn finish(self) -> Facts {
        let Chunk { uses, calls, missing, locals, .. } = self;
        Facts { uses, calls, missing: missing.0, locals }
    }

    fn body(mut self, index: u32, (func, body): Body<'_>) -> Result<Self, Error> {
        let allocations = std::mem::take(&mut self.allocations);
        let mut validator = func.into_validator(allocations);
        let result = self.operators(index, &mut validator, &body);
        self.allocations = validator.into_allocations();
        match result {
            Ok(()) => {
                self.locals += locals(&body);
                Ok(self)
            }
            Err(error) => match explain(error, Some(self.function(index))) {
                // Past the validator's limit, and past what the format can count.
                Error::Limit { message, place } if locals(&body) > u64::from(u32::MAX) => {
                    Err(Error::Invalid { message, place })
                }
                error => Err(error),
            },
        }
    }

    fn operators(
        &mut self,
        index: u32,
        validator: &mut wasmparser::FuncValidator<ValidatorResources>,
        body: &FunctionBody<'_>,
    ) -> Result<(), BinaryReaderError> {
        let mut locals = body.get_binary_reader();
        validator.read_locals(&mut locals)?;
        for local in body.get_locals_reader()? {
            let (_, ty) = local?;
            self.note(index, body.range().start as usize, features::value(ty));
        }
        let mut reader = body.get_binary_reader_for_operators()?;
        while !reader.eof() {
            let offset = reader.original_position();
            // Few operators are worth the making of a value.
            if self.search || self.module.wasm.get(offset as usize).is_some_and(is_noted) {
                let operator = reader.peek_operator(&validator.visitor(offset))?;
                self.operator(index, offset as usize, &operator);
            }
            reader.visit_operator(&mut validator.visitor(offset))??;
        }
        reader.finish_expression(&validator.visitor(reader.original_position()))
    }

    fn operator(&mut self, index: u32, offset: usize, operator: &Operator<'_>) {
        if self.search {
            let access = Access::load(operator).or_else(|| Access::store(operator));
            let missing = match access {
                Some((_, memarg)) => features::memarg(&memarg),
                None => features::operator(operator),
            };
            self.note(index, offset, missing);
        }
        note_use(&mut self.uses, operator);
        self.calls.note(index, operator);
    }

    fn note(&mut self, index: u32, offset: usize, missing: Option<Missing>) {
        if missing.is_some() {
            let function = Some(self.function(index));
            self.missing.note(missing, || Place { offset, function });
        }
    }

    fn function(&self, index: u32) -> (u32, Option<String>) {
        (index, self.module.funcs.get(index as usize).and_then(|func| func.name.clone()))
    }
}

/// Does an opcode begin an operator that [`note_use`] or [`Calls::note`] looks for?
/// Those of `memory.grow`, calls, `table.get` and `table.set`, and the prefix of bulk
/// and table operators.
fn is_noted(opcode: &u8) -> bool {
    matches!(opcode, 0x10 | 0x11 | 0x25 | 0x26 | 0x40 | 0xfc)
}

/// How many locals a body declares, counted past the validator's limit.
fn locals(body: &FunctionBody<'_>) -> u64 {
    let mut reader = body.get_binary_reader();
    let groups = reader.read_var_u32().unwrap_or(0);
    let mut sum = 0;
    for _ in 0..groups {
        let Ok(count) = reader.read_var_u32() else { break };
        sum += u64::from(count);
        if reader.read::<wasmparser::ValType>().is_err() {
            break;
        }
    }
    sum
}

fn empty_uses(module: &Module<'_>) -> Uses {
    Uses {
        written_tables: vec![false; module.tables.len()],
        got_tables: vec![false; module.tables.len()],
        memory_grow: false,
        may_grow: Vec::new(),
        live: Vec::new(),
        indirect_may_grow: false,
        data: vec![false; module.data.len()],
        elements: vec![false; module.elements.len()],
    }
}

fn note_use(uses: &mut Uses, operator: &Operator<'_>) {
    let mark = |list: &mut Vec<bool>, index: u32| {
        // An index past the end belongs to a body that is about to be refused.
        if let Some(it) = list.get_mut(index as usize) {
            *it = true;
        }
    };
    match *operator {
        Operator::MemoryGrow { .. } => uses.memory_grow = true,
        Operator::MemoryInit { data_index, .. } | Operator::DataDrop { data_index } => {
            mark(&mut uses.data, data_index);
        }
        Operator::TableInit { elem_index, table } => {
            mark(&mut uses.elements, elem_index);
            mark(&mut uses.written_tables, table);
        }
        Operator::ElemDrop { elem_index } => mark(&mut uses.elements, elem_index),
        Operator::TableSet { table }
        | Operator::TableGrow { table }
        | Operator::TableFill { table } => mark(&mut uses.written_tables, table),
        Operator::TableCopy { dst_table, src_table } => {
            mark(&mut uses.written_tables, dst_table);
            mark(&mut uses.got_tables, src_table);
        }
        Operator::TableGet { table } => mark(&mut uses.got_tables, table),
        _ => {}
    }
}

fn merge(all: &mut Uses, more: &Uses) {
    let or = |all: &mut Vec<bool>, more: &[bool]| {
        all.iter_mut().zip(more).for_each(|(all, more)| *all |= more);
    };
    or(&mut all.written_tables, &more.written_tables);
    or(&mut all.got_tables, &more.got_tables);
    or(&mut all.data, &more.data);
    or(&mut all.elements, &more.elements);
    all.memory_grow |= more.memory_grow;
}
