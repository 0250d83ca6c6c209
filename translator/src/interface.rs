//! What a host sees of a module, as data: for those who make bindings for another
//! language. It says what the generated header says, with the names that are in it.

use crate::emit;
use crate::ir::{FuncType, Item, Limits, Module, Type};
use crate::options::Options;
use crate::{Error, read};
use std::ops::Range;

/// What a module imports and exports, and what C calls it.
///
/// ```
/// let wasm = wat::parse_str(r#"(module (func (export "answer") (result i32) i32.const 42))"#)?;
/// let options = wardian::Options { name: "deep".to_string(), ..Default::default() };
/// let interface = wardian::interface::describe(&wasm, &options)?;
/// assert_eq!(interface.exports[0].c_name, "deep_answer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Begins every C name.
    pub name: String,
    /// SHA-256 of the module.
    pub hash: [u8; 32],
    /// In the order of the module.
    pub imports: Vec<Import>,
    /// In the order of the module.
    pub exports: Vec<Export>,
    /// Imported ones first. C has them as members `m0`, `m1` and so on of `NAME_t`.
    pub memories: Vec<MemoryType>,
    /// The distinct function types.
    pub types: Vec<FuncType>,
    /// Elements of the table `t0` that are left to functions of the host.
    pub host_slots: Range<u32>,
}

/// A thing that the host provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The first of its two names.
    pub module: String,
    /// The second.
    pub name: String,
    /// The member of `NAME_imports_t`.
    pub c_name: String,
    /// The member that is the context of the functions of the same module.
    pub c_context: String,
    /// What it is.
    pub ty: Extern,
}

/// A thing that the module provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// What C calls it.
    pub c_name: String,
    /// What it is.
    pub ty: Extern,
}

/// The type of an import or export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extern {
    /// A function.
    Func(FuncType),
    /// A table.
    Table,
    /// A memory.
    Memory,
    /// A global, and whether it can change.
    Global(Type, bool),
}

/// A memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryType {
    /// Does the host provide it?
    pub imported: bool,
    /// In pages.
    pub limits: Limits,
    /// Bytes of a page: 65536, or 1 where pages are of another size than usual.
    pub page_size: u32,
}

/// The C type of a value in a host's code.
pub fn c_type(ty: Type) -> &'static str {
    emit::host_type(ty)
}

/// The C type that carries several results; its members are `r0`, `r1` and so on.
pub fn results_type(results: &[Type]) -> String {
    emit::results_name(results)
}

/// What a host sees of a module that is translated with these options.
pub fn describe(wasm: &[u8], options: &Options) -> Result<Interface, Error> {
    let module = read::seen(wasm, options)?;
    let options = Options { name: Options::name_from(&options.name), ..options.clone() };
    Ok(of(&module, &options))
}

/// The interface of a module that was read.
pub(crate) fn of(module: &Module<'_>, options: &Options) -> Interface {
    let names = emit::Names::new(module, &options.name, options.is_one());
    let imports = module.imports.iter().zip(&names.imports).map(|(import, c_name)| Import {
        module: import.module.clone(),
        name: import.name.clone(),
        c_name: c_name.clone(),
        c_context: names.context(&import.module).to_string(),
        ty: of_item(module, import.item),
    });
    let exports = module.exports.iter().zip(&names.exports).map(|(export, c_name)| Export {
        name: export.name.clone(),
        c_name: c_name.clone(),
        ty: of_item(module, export.item),
    });
    Interface {
        imports: imports.collect(),
        exports: exports.collect(),
        memories: module
            .memories
            .iter()
            .map(|it| MemoryType {
                imported: it.imported,
                limits: it.limits,
                page_size: 1 << it.page_log2,
            })
            .collect(),
        types: module.types.clone(),
        host_slots: module.host_slots.clone(),
        hash: module.hash,
        name: names.prefix,
    }
}

fn of_item(module: &Module<'_>, item: Item) -> Extern {
    match item {
        Item::Func(func) => {
            Extern::Func(module.types[module.funcs[func as usize].ty as usize].clone())
        }
        Item::Table(_) => Extern::Table,
        Item::Memory(_) => Extern::Memory,
        Item::Global(global) => {
            let global = &module.globals[global as usize];
            Extern::Global(global.ty, global.mutable)
        }
    }
}
