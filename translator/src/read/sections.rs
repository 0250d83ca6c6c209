//! Reads the sections other than the code of functions.
//!
//! Sections are already validated when they get here. What uses an unsupported
//! feature is noted, and something harmless stands in for it: nothing is made of
//! such a module.

use super::Features;
use super::features::{self, Missing};
use crate::error::{Error, Place};
use crate::ir::*;
use crate::ops::Op;
use std::collections::HashMap;
use wasmparser::{
    BinaryReaderError, CompositeInnerType, ConstExpr, DataKind, ElementItems, ElementKind,
    ExternalKind, FunctionBody, KnownCustom, Operator, Payload, RefType, TableInit, TypeRef,
};

type Result<T> = std::result::Result<T, BinaryReaderError>;

pub(super) struct Sections<'a> {
    module: Module<'a>,
    numbers: HashMap<FuncType, u32>,
    missing: Features,
    too_large: Option<Error>,
    next_body: usize,
}

/// Makes table 0 larger by elements for functions of the host, if the module has such a
/// table and it can be larger.
pub(super) fn reserve(module: &mut Module<'_>, count: u32) {
    let Some(table) = module.tables.first_mut().filter(|it| it.element == Type::FuncRef) else {
        return;
    };
    let count = u64::from(count);
    let fits = |limit: u64| limit + count <= u64::from(u32::MAX);
    if count > 0 && !table.imported && fits(table.limits.max.unwrap_or(table.limits.min)) {
        module.host_slots = table.limits.min as u32..(table.limits.min + count) as u32;
        table.limits.min += count;
        table.limits.max = table.limits.max.map(|max| max + count);
    }
}

/// Operators that a constant expression may have after computing what is known:
/// C compilers limit how deep parentheses nest.
const MAX_CONSTANT: usize = 200;

impl<'a> Sections<'a> {
    pub(super) fn new(wasm: &'a [u8]) -> Self {
        let module = Module {
            wasm,
            hash: [0; 32],
            types: Vec::new(),
            type_numbers: Vec::new(),
            imports: Vec::new(),
            funcs: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            exports: Vec::new(),
            start: None,
            elements: Vec::new(),
            data: Vec::new(),
            name: None,
            local_names: HashMap::new(),
            host_slots: 0..0,
            uses: Uses::default(),
        };
        let (numbers, missing) = (HashMap::new(), Features::default());
        Sections { module, numbers, missing, too_large: None, next_body: 0 }
    }

    /// The module without its functions, and why it cannot be translated.
    pub(super) fn finish(self) -> (Module<'a>, Features, Option<Error>) {
        (self.module, self.missing, self.too_large)
    }

    /// The body of the next defined function.
    pub(super) fn body(&mut self, body: &FunctionBody<'_>) {
        let range = body.range();
        self.module.funcs[self.next_body].body = range.start as usize..range.end as usize;
        self.next_body += 1;
    }

    pub(super) fn payload(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => self.types(section),
            Payload::ImportSection(section) => self.imports(section),
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.func(ty?);
                }
                Ok(())
            }
            Payload::CodeSectionStart { .. } => {
                // Bodies belong to the functions after the imported ones, in order.
                let is_import = |it: &&Import| matches!(it.item, Item::Func(_));
                self.next_body = self.module.imports.iter().filter(is_import).count();
                Ok(())
            }
            Payload::TableSection(section) => self.tables(section),
            Payload::MemorySection(section) => {
                for item in section.into_iter_with_offsets() {
                    let (at, ty) = item?;
                    self.memory(false, &ty, at);
                }
                Ok(())
            }
            Payload::TagSection(section) => {
                self.note(section.range().start, Some(("exceptions", "a tag".to_string())));
                Ok(())
            }
            Payload::GlobalSection(section) => self.globals(section),
            Payload::ExportSection(section) => self.exports(section),
            Payload::StartSection { func, .. } => {
                self.module.start = Some(func);
                Ok(())
            }
            Payload::ElementSection(section) => self.elements(section),
            Payload::DataSection(section) => self.data(section),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    // A broken name section is no reason to refuse a module.
                    let _ = self.names(names);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn note(&mut self, at: u64, missing: Option<Missing>) {
        self.missing.note(missing, || Place { offset: at as usize, function: None });
    }

    fn types(&mut self, section: wasmparser::TypeSectionReader<'a>) -> Result<()> {
        for item in section.into_iter_with_offsets() {
            let (at, group) = item?;
            for ty in group.types() {
                self.note(at, features::sub_type(ty, group.is_explicit_rec_group()));
                let func = match &ty.composite_type.inner {
                    CompositeInnerType::Func(func) => func_type(func),
                    _ => FuncType::default(),
                };
                let number = self.number(func);
                self.module.type_numbers.push(number);
            }
        }
        Ok(())
    }

    /// The number of a function type; equal types have equal numbers.
    fn number(&mut self, ty: FuncType) -> u32 {
        let types = &mut self.module.types;
        *self.numbers.entry(ty).or_insert_with_key(|ty| {
            types.push(ty.clone());
            types.len() as u32 - 1
        })
    }

    fn imports(&mut self, section: wasmparser::ImportSectionReader<'a>) -> Result<()> {
        for item in section.into_imports_with_offsets() {
            let (at, import) = item?;
            let item = match import.ty {
                TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                    self.func(ty);
                    Item::Func(self.module.funcs.len() as u32 - 1)
                }
                TypeRef::Table(ty) => {
                    self.table(true, &ty, None, at);
                    Item::Table(self.module.tables.len() as u32 - 1)
                }
                TypeRef::Memory(ty) => {
                    self.memory(true, &ty, at);
                    Item::Memory(self.module.memories.len() as u32 - 1)
                }
                TypeRef::Global(ty) => {
                    self.global(true, &ty, None, at);
                    Item::Global(self.module.globals.len() as u32 - 1)
                }
                TypeRef::Tag(_) => {
                    self.note(at, Some(("exceptions", "an imported tag".to_string())));
                    continue;
                }
            };
            self.module.imports.push(Import {
                module: import.module.to_string(),
                name: import.name.to_string(),
                item,
                at: at as u32,
            });
        }
        Ok(())
    }

    fn func(&mut self, ty: u32) {
        let ty = self.module.type_numbers[ty as usize];
        self.module.funcs.push(FuncDecl { ty, body: 0..0, name: None });
    }

    fn tables(&mut self, section: wasmparser::TableSectionReader<'a>) -> Result<()> {
        for item in section.into_iter_with_offsets() {
            let (at, table) = item?;
            let init = match table.init {
                TableInit::RefNull => None,
                TableInit::Expr(expr) => Some(self.constant(&expr)?),
            };
            self.table(false, &table.ty, init, at);
        }
        Ok(())
    }

    fn table(&mut self, imported: bool, ty: &wasmparser::TableType, init: Option<Const>, at: u64) {
        self.note(at, features::table(ty, init.is_some()));
        let element = reference_type(ty.element_type);
        let limits = Limits { min: ty.initial, max: ty.maximum };
        self.module.tables.push(Table { imported, element, limits, init });
    }

    fn memory(&mut self, imported: bool, ty: &wasmparser::MemoryType, at: u64) {
        self.note(at, features::memory(ty));
        if !self.module.memories.is_empty() {
            self.note(at, Some(("multi-memory", "a second memory".to_string())));
        }
        let limits = Limits { min: ty.initial, max: ty.maximum };
        let page_log2 = ty.page_size_log2.unwrap_or(16);
        self.module.memories.push(Memory {
            imported,
            limits,
            page_log2,
            array: None,
            at: at as u32,
        });
    }

    fn globals(&mut self, section: wasmparser::GlobalSectionReader<'a>) -> Result<()> {
        for item in section.into_iter_with_offsets() {
            let (at, global) = item?;
            let init = self.constant(&global.init_expr)?;
            self.global(false, &global.ty, Some(init), at);
        }
        Ok(())
    }

    fn global(
        &mut self,
        imported: bool,
        ty: &wasmparser::GlobalType,
        init: Option<Const>,
        at: u64,
    ) {
        self.note(at, features::global(ty));
        let mutable = ty.mutable;
        let ty = features::value_type(ty.content_type).unwrap_or(Type::I32);
        self.module.globals.push(Global { imported, ty, mutable, init, name: None, at: at as u32 });
    }

    fn exports(&mut self, section: wasmparser::ExportSectionReader<'a>) -> Result<()> {
        for item in section.into_iter_with_offsets() {
            let (at, export) = item?;
            let item = match export.kind {
                ExternalKind::Func | ExternalKind::FuncExact => Item::Func(export.index),
                ExternalKind::Table => Item::Table(export.index),
                ExternalKind::Memory => Item::Memory(export.index),
                ExternalKind::Global => Item::Global(export.index),
                ExternalKind::Tag => {
                    self.note(at, Some(("exceptions", "an exported tag".to_string())));
                    continue;
                }
            };
            self.module.exports.push(Export { name: export.name.to_string(), item });
        }
        Ok(())
    }

    fn elements(&mut self, section: wasmparser::ElementSectionReader<'a>) -> Result<()> {
        for element in section {
            let element = element?;
            let at = element.range.start;
            let mode = match element.kind {
                ElementKind::Active { table_index, offset_expr } => Mode::Active {
                    target: table_index.unwrap_or(0),
                    offset: self.constant(&offset_expr)?,
                },
                ElementKind::Passive => Mode::Passive,
                ElementKind::Declared => Mode::Declared,
            };
            let (ty, items) = match element.items {
                ElementItems::Functions(funcs) => {
                    let items = funcs.into_iter().map(|func| Ok(vec![ConstOp::Func(func?)]));
                    (RefType::FUNCREF, items.collect::<Result<Vec<Const>>>()?)
                }
                ElementItems::Expressions(ty, exprs) => {
                    let items = exprs.into_iter().map(|expr| self.constant(&expr?));
                    (ty, items.collect::<Result<Vec<Const>>>()?)
                }
            };
            self.note(at, features::reference(ty));
            let ty = reference_type(ty);
            self.module.elements.push(Element { mode, ty, items, at: at as u32 });
        }
        Ok(())
    }

    fn data(&mut self, section: wasmparser::DataSectionReader<'a>) -> Result<()> {
        for data in section {
            let data = data?;
            let mode = match data.kind {
                DataKind::Active { memory_index, offset_expr } => {
                    Mode::Active { target: memory_index, offset: self.constant(&offset_expr)? }
                }
                DataKind::Passive => Mode::Passive,
            };
            let at = data.range.start as u32;
            self.module.data.push(Data { mode, bytes: data.data, at });
        }
        Ok(())
    }

    fn constant(&mut self, expr: &ConstExpr<'_>) -> Result<Const> {
        let mut ops = Vec::new();
        for item in expr.get_operators_reader().into_iter_with_offsets() {
            let (operator, at) = item?;
            let op = match operator {
                Operator::I32Const { value } => ConstOp::I32(value as u32),
                Operator::I64Const { value } => ConstOp::I64(value as u64),
                Operator::F32Const { value } => ConstOp::F32(value.bits()),
                Operator::F64Const { value } => ConstOp::F64(value.bits()),
                Operator::GlobalGet { global_index } => {
                    let global = &self.module.globals[global_index as usize];
                    let defined = (!global.imported)
                        .then(|| ("gc", "a defined global in a constant expression".to_string()));
                    self.note(at, defined);
                    ConstOp::Global(global_index)
                }
                Operator::RefFunc { function_index } => ConstOp::Func(function_index),
                Operator::RefNull { hty } => {
                    let ty = RefType::new(true, hty);
                    self.note(at, ty.and_then(features::reference));
                    ConstOp::Null(ty.map_or(Type::FuncRef, reference_type))
                }
                Operator::End => continue,
                ref other => match Op::from_wasm(other) {
                    Some(op) => computed(op, &mut ops).unwrap_or(ConstOp::Binary(op)),
                    None => {
                        self.note(at, features::operator(other));
                        continue;
                    }
                },
            };
            ops.push(op);
        }
        if ops.len() > MAX_CONSTANT && self.too_large.is_none() {
            let place = Place {
                offset: expr.get_binary_reader().original_position() as usize,
                function: None,
            };
            let message = "module is too large: a constant expression is too long".to_string();
            self.too_large = Some(Error::Limit { message, place });
        }
        Ok(ops)
    }

    fn names(&mut self, section: wasmparser::NameSectionReader<'a>) -> Result<()> {
        for names in section {
            match names? {
                wasmparser::Name::Module { name, .. } => self.module.name = Some(name.to_string()),
                wasmparser::Name::Function(map) => {
                    for naming in map {
                        let naming = naming?;
                        if let Some(func) = self.module.funcs.get_mut(naming.index as usize) {
                            func.name = Some(naming.name.to_string());
                        }
                    }
                }
                wasmparser::Name::Global(map) => {
                    for naming in map {
                        let naming = naming?;
                        if let Some(global) = self.module.globals.get_mut(naming.index as usize) {
                            global.name = Some(naming.name.to_string());
                        }
                    }
                }
                wasmparser::Name::Local(map) => self.local_names(map)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn local_names(&mut self, map: wasmparser::IndirectNameMap<'a>) -> Result<()> {
        for function in map {
            let function = function?;
            let mut names = Vec::new();
            for naming in function.names {
                let naming = naming?;
                names.push((naming.index, naming.name.to_string()));
            }
            self.module.local_names.insert(function.index, names);
        }
        Ok(())
    }
}

/// The value of an operator whose operands, the last of `ops`, are known.
fn computed(op: Op, ops: &mut Vec<ConstOp>) -> Option<ConstOp> {
    let value = match (op, ops.last_chunk()?) {
        (Op::I32Add, [ConstOp::I32(a), ConstOp::I32(b)]) => ConstOp::I32(a.wrapping_add(*b)),
        (Op::I32Sub, [ConstOp::I32(a), ConstOp::I32(b)]) => ConstOp::I32(a.wrapping_sub(*b)),
        (Op::I32Mul, [ConstOp::I32(a), ConstOp::I32(b)]) => ConstOp::I32(a.wrapping_mul(*b)),
        (Op::I64Add, [ConstOp::I64(a), ConstOp::I64(b)]) => ConstOp::I64(a.wrapping_add(*b)),
        (Op::I64Sub, [ConstOp::I64(a), ConstOp::I64(b)]) => ConstOp::I64(a.wrapping_sub(*b)),
        (Op::I64Mul, [ConstOp::I64(a), ConstOp::I64(b)]) => ConstOp::I64(a.wrapping_mul(*b)),
        _ => return None,
    };
    ops.truncate(ops.len() - 2);
    Some(value)
}

fn func_type(ty: &wasmparser::FuncType) -> FuncType {
    // An unsupported type has been noted; what stands in for it is never used.
    let convert = |types: &[wasmparser::ValType]| {
        types.iter().map(|ty| features::value_type(*ty).unwrap_or(Type::I32)).collect()
    };
    FuncType { params: convert(ty.params()), results: convert(ty.results()) }
}

fn reference_type(ty: RefType) -> Type {
    if ty == RefType::EXTERNREF { Type::ExternRef } else { Type::FuncRef }
}
