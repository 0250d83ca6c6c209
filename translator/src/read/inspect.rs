//! What a module consists of, for people and for tools that look before they
//! translate. Nothing of the IR is needed, so modules with unsupported features
//! can be looked at, too.

use super::features;
use crate::error::{Error, Unsupported};
use rayon::prelude::*;
use std::collections::HashMap;
use std::fmt;
use wasmparser::{
    BinaryReaderError, CompositeInnerType, ConstExpr, DataKind, FunctionBody, KnownCustom,
    Operator, Parser, Payload, SubType, TypeRef, ValType,
};

/// What a module consists of.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// The module's own name, from the name section.
    pub name: Option<String>,
    /// Features beyond the first version of WebAssembly that are used and translated.
    pub features: Vec<&'static str>,
    /// Features that are used and not translated.
    pub unsupported: Vec<Unsupported>,
    /// In order.
    pub imports: Vec<Import>,
    /// In order.
    pub exports: Vec<Export>,
    /// Imported ones first.
    pub memories: Vec<Memory>,
    /// Imported ones first.
    pub tables: Vec<Table>,
    /// How many globals there are, imported ones included.
    pub globals: usize,
    /// Index of the start function.
    pub start: Option<u32>,
    /// The functions the module defines, in order.
    pub functions: Vec<Function>,
    /// How many data segments there are.
    pub data_segments: usize,
    /// How many bytes they have.
    pub data_bytes: usize,
    /// How many element segments there are.
    pub element_segments: usize,
    /// All sections, in order: name and size in bytes. Custom sections have
    /// their own names.
    pub sections: Vec<(String, usize)>,
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The first of its two names.
    pub module: String,
    /// The second.
    pub name: String,
    /// What is imported.
    pub ty: Extern,
}

/// An export.
#[derive(Clone, Debug)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What is exported.
    pub ty: Extern,
}

/// The type of an import or export. Value types are in the text format's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extern {
    /// A function.
    Func {
        /// Types of parameters.
        params: Vec<String>,
        /// Types of results.
        results: Vec<String>,
    },
    /// A memory.
    Memory(Memory),
    /// A table.
    Table(Table),
    /// A global.
    Global {
        /// Type of its value.
        value: String,
        /// Can it change?
        mutable: bool,
    },
    /// An exception's tag.
    Tag,
}

/// A memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Is it imported?
    pub imported: bool,
    /// Pages at least.
    pub min: u64,
    /// Pages at most.
    pub max: Option<u64>,
    /// Bytes of a page.
    pub page_size: u64,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Is it imported?
    pub imported: bool,
    /// Elements at least.
    pub min: u64,
    /// Elements at most.
    pub max: Option<u64>,
    /// The type of an element.
    pub element: String,
}

/// A function the module defines.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// Its index.
    pub index: u32,
    /// Its name, from the name section.
    pub name: Option<String>,
    /// Where its body begins.
    pub offset: usize,
    /// Bytes of its body.
    pub size: usize,
    /// Local variables, without parameters.
    pub locals: u64,
    /// How deep blocks, loops and ifs are nested.
    pub depth: u32,
}

/// Looks at a module, which has to be valid.
pub fn inspect(wasm: &[u8]) -> Result<Inspection, Error> {
    let mut inspection = Inspection::default();
    match super::module(wasm) {
        Ok(_) => {}
        Err(Error::Unsupported(features)) => inspection.unsupported = features,
        Err(error) => return Err(error),
    }
    let mut survey = Survey { wasm, inspection, ..Survey::default() };
    survey.module().map_err(super::invalid)?;
    Ok(survey.finish())
}

/// The imports of a module whose bodies need not be looked at.
pub fn imports(wasm: &[u8]) -> Result<Vec<Import>, Error> {
    let mut survey = Survey { wasm, ..Survey::default() };
    survey.sections(true).map_err(super::invalid)?;
    Ok(survey.inspection.imports)
}

/// What has been seen so far.
#[derive(Default)]
struct Survey<'a> {
    wasm: &'a [u8],
    inspection: Inspection,
    types: Vec<Extern>,
    /// Types of all functions, tables, memories and globals, by index.
    funcs: Vec<u32>,
    globals: Vec<Extern>,
    names: HashMap<u32, String>,
    bodies: Vec<FunctionBody<'a>>,
    used: Vec<&'static str>,
}

/// Reading again what is known to be valid.
type Checked<T = ()> = Result<T, BinaryReaderError>;

impl<'a> Survey<'a> {
    fn module(&mut self) -> Checked {
        self.sections(false)?;
        let imported = (self.funcs.len() - self.bodies.len()) as u32;
        let functions: Vec<Checked<(Function, Vec<&'static str>)>> = self
            .bodies
            .par_iter()
            .enumerate()
            .map(|(i, body)| function(imported + i as u32, body))
            .collect();
        for result in functions {
            let (mut function, used) = result?;
            function.name = self.names.remove(&function.index);
            used.into_iter().for_each(|it| self.uses(it));
            self.inspection.functions.push(function);
        }
        Ok(())
    }

    fn finish(mut self) -> Inspection {
        let unsupported = &self.inspection.unsupported;
        self.used.retain(|used| !unsupported.iter().any(|it| it.feature == *used));
        self.used.sort_unstable();
        self.inspection.features = self.used;
        self.inspection.globals = self.globals.len();
        self.inspection
    }

    fn uses(&mut self, feature: &'static str) {
        if !self.used.contains(&feature) {
            self.used.push(feature);
        }
    }

    /// All sections, or those up to the imports.
    fn sections(&mut self, only_imports: bool) -> Checked {
        for payload in Parser::new(0).parse_all(self.wasm) {
            let payload = payload?;
            self.section_size(&payload);
            let imports = matches!(payload, Payload::ImportSection(_));
            self.payload(payload)?;
            if imports && only_imports {
                break;
            }
        }
        Ok(())
    }

    fn section_size(&mut self, payload: &Payload<'_>) {
        let Some((id, range)) = payload.as_section() else { return };
        let name = match payload {
            Payload::CustomSection(section) => section.name(),
            _ => section_name(id),
        };
        let size = (range.end - range.start) as usize;
        self.inspection.sections.push((name.to_string(), size));
    }

    fn payload(&mut self, payload: Payload<'a>) -> Checked {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.types() {
                        self.ty(ty);
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    let ty = self.external(&import.ty);
                    let (module, name) = (import.module.to_string(), import.name.to_string());
                    self.inspection.imports.push(Import { module, name, ty });
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.funcs.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let table = table_type(&table?.ty, false);
                    self.inspection.tables.push(table);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.inspection.memories.push(memory_type(&memory?, false));
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    self.constant(&global.init_expr)?;
                    self.globals.push(global_type(&global.ty));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.export(export.name, export.kind, export.index as usize);
                }
            }
            Payload::StartSection { func, .. } => self.inspection.start = Some(func),
            Payload::ElementSection(section) => {
                self.inspection.element_segments = section.count() as usize;
            }
            Payload::DataSection(section) => self.data(section)?,
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    // A broken name section is no reason to refuse a module.
                    let _ = self.names(names);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn ty(&mut self, ty: &SubType) {
        let ty = match &ty.composite_type.inner {
            CompositeInnerType::Func(ty) => {
                Extern::Func { params: values(ty.params()), results: values(ty.results()) }
            }
            _ => Extern::Tag, // No function has this type.
        };
        if matches!(&ty, Extern::Func { results, .. } if results.len() > 1) {
            self.uses("multi-value");
        }
        self.types.push(ty);
    }

    fn external(&mut self, ty: &TypeRef) -> Extern {
        match ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.funcs.push(*ty);
                self.function_type(self.funcs.len() - 1)
            }
            TypeRef::Table(ty) => {
                self.inspection.tables.push(table_type(ty, true));
                Extern::Table(table_type(ty, true))
            }
            TypeRef::Memory(ty) => {
                self.inspection.memories.push(memory_type(ty, true));
                Extern::Memory(memory_type(ty, true))
            }
            TypeRef::Global(ty) => {
                if ty.mutable {
                    self.uses("mutable-global");
                }
                self.globals.push(global_type(ty));
                global_type(ty)
            }
            TypeRef::Tag(_) => Extern::Tag,
        }
    }

    fn function_type(&self, index: usize) -> Extern {
        let ty = self.funcs.get(index).and_then(|ty| self.types.get(*ty as usize));
        ty.cloned().unwrap_or(Extern::Func { params: Vec::new(), results: Vec::new() })
    }

    fn export(&mut self, name: &str, kind: wasmparser::ExternalKind, index: usize) {
        use wasmparser::ExternalKind as Kind;
        let ty = match kind {
            Kind::Func | Kind::FuncExact => Some(self.function_type(index)),
            Kind::Table => self.inspection.tables.get(index).cloned().map(Extern::Table),
            Kind::Memory => self.inspection.memories.get(index).cloned().map(Extern::Memory),
            Kind::Global => self.globals.get(index).cloned(),
            Kind::Tag => Some(Extern::Tag),
        };
        let Some(ty) = ty else { return };
        if matches!(ty, Extern::Global { mutable: true, .. }) {
            self.uses("mutable-global");
        }
        self.inspection.exports.push(Export { name: name.to_string(), ty });
    }

    fn data(&mut self, section: wasmparser::DataSectionReader<'a>) -> Checked {
        for segment in section {
            let segment = segment?;
            self.inspection.data_segments += 1;
            self.inspection.data_bytes += segment.data.len();
            match segment.kind {
                DataKind::Active { offset_expr, .. } => self.constant(&offset_expr)?,
                DataKind::Passive => self.uses("bulk-memory"),
            }
        }
        Ok(())
    }

    fn constant(&mut self, expr: &ConstExpr<'_>) -> Checked {
        for operator in expr.get_operators_reader() {
            if matches!(
                operator?,
                Operator::I32Add
                    | Operator::I32Sub
                    | Operator::I32Mul
                    | Operator::I64Add
                    | Operator::I64Sub
                    | Operator::I64Mul
            ) {
                self.uses("extended-const");
            }
        }
        Ok(())
    }

    fn names(&mut self, section: wasmparser::NameSectionReader<'a>) -> Checked {
        for names in section {
            match names? {
                wasmparser::Name::Module { name, .. } => {
                    self.inspection.name = Some(name.to_string());
                }
                wasmparser::Name::Function(map) => {
                    for naming in map {
                        let naming = naming?;
                        self.names.insert(naming.index, naming.name.to_string());
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn function(index: u32, body: &FunctionBody<'_>) -> Checked<(Function, Vec<&'static str>)> {
    let mut used = Vec::new();
    let mut locals = 0;
    for local in body.get_locals_reader()? {
        locals += u64::from(local?.0);
    }
    let (mut depth, mut deepest) = (0u32, 0);
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => depth += 1,
            // The last of them ends the function.
            Operator::End | Operator::Delegate { .. } => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        let feature = feature(&operator);
        if let Some(feature) = feature.filter(|it| !used.contains(it)) {
            used.push(feature);
        }
    }
    let range = body.range();
    let (offset, size) = (range.start as usize, (range.end - range.start) as usize);
    Ok((Function { index, name: None, offset, size, locals, depth: deepest }, used))
}

/// The feature that brought an instruction, if it is one that is translated:
/// others are listed with their places.
fn feature(operator: &Operator<'_>) -> Option<&'static str> {
    match features::proposal(operator).0 {
        "sign_extension" => Some("sign-extension"),
        "saturating_float_to_int" => Some("saturating-float-to-int"),
        "bulk_memory" => Some("bulk-memory"),
        "reference_types" => Some("reference-types"),
        _ => None,
    }
}

fn values(types: &[ValType]) -> Vec<String> {
    types.iter().map(ValType::to_string).collect()
}

fn memory_type(ty: &wasmparser::MemoryType, imported: bool) -> Memory {
    let page_size = 1 << ty.page_size_log2.unwrap_or(16);
    Memory { imported, min: ty.initial, max: ty.maximum, page_size }
}

fn table_type(ty: &wasmparser::TableType, imported: bool) -> Table {
    let element = ValType::Ref(ty.element_type).to_string();
    Table { imported, min: ty.initial, max: ty.maximum, element }
}

fn global_type(ty: &wasmparser::GlobalType) -> Extern {
    Extern::Global { value: ty.content_type.to_string(), mutable: ty.mutable }
}

fn section_name(id: u8) -> &'static str {
    let names = [
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag",
    ];
    names.get(id as usize).copied().unwrap_or("unknown")
}

/// In the words of the text format, such as `(i32, i64) -> (f32)`.
impl fmt::Display for Extern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Extern::Func { params, results } => {
                write!(f, "func ({}) -> ({})", params.join(", "), results.join(", "))
            }
            Extern::Memory(memory) => {
                write!(f, "memory {}", memory.min)?;
                memory.max.map_or(Ok(()), |max| write!(f, " {max}"))?;
                match memory.page_size {
                    65536 => Ok(()),
                    size => write!(f, " (pages of {size} bytes)"),
                }
            }
            Extern::Table(table) => {
                write!(f, "table {}", table.min)?;
                table.max.map_or(Ok(()), |max| write!(f, " {max}"))?;
                write!(f, " {}", table.element)
            }
            Extern::Global { value, mutable: true } => write!(f, "global (mut {value})"),
            Extern::Global { value, mutable: false } => write!(f, "global {value}"),
            Extern::Tag => write!(f, "tag"),
        }
    }
}
