//! Who calls whom: what an analysis of stack and time needs to know of a module and
//! cannot see in an object file, where a call through a table may go anywhere.
//!
//! It describes the functions as they are printed, after the passes.

use rayon::prelude::*;

use crate::emit::names::Names;
use crate::error::{Error, Place};
use crate::ir::{ConstOp, Expr, Func, FuncType, Item, Mode, Module, Runtime, Stmt, Type};
use crate::options::Options;
use crate::{opt, read};

/// The functions of a module and their calls.
#[derive(Clone, Debug)]
pub struct Map {
    /// The prefix of its C symbols.
    pub name: String,
    /// Distinct function types, such as `(i32, i32) -> (i64)`.
    pub types: Vec<String>,
    /// May a host, or another module, put functions of its own into a table?
    pub open_tables: bool,
    /// Imported, then defined, by index.
    pub functions: Vec<Function>,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its index.
    pub index: u32,
    /// Its name, from the name section.
    pub name: Option<String>,
    /// Of an import: the names of module and function.
    pub import: Option<[String; 2]>,
    /// Of a defined function: its name in C.
    pub symbol: Option<String>,
    /// The names of its exports in C.
    pub exports: Vec<String>,
    /// The number of its type in [`Map::types`].
    pub ty: u32,
    /// May a call through a table reach it?
    pub indirect: bool,
    /// What it calls and its body has.
    pub body: Body,
}

/// What the body of a function contains; of an import, nothing is known.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Indices of the functions that it calls, in ascending order.
    pub calls: Vec<u32>,
    /// Numbers of the types that it calls through tables, in ascending order.
    pub indirect_calls: Vec<u32>,
    /// Instructions that functions of the runtime carry out, by name.
    pub runtime: Vec<&'static str>,
    /// How many loops it has.
    pub loops: u32,
    /// Bytes of parameters and variables: more than the C compiler needs, since not
    /// all live at the same time, but without what it saves and spills.
    pub locals: u64,
}

/// Describes a module.
pub fn map(wasm: &[u8], options: &Options) -> Result<Map, Error> {
    let module = read::seen(wasm, options)?;
    let name = Options::name_from(&options.name);
    let names = Names::new(&module, &name, options.is_one());
    let reached = reached(&module);
    let imported = module.imported_funcs();
    let function = |index: usize| {
        let (body, refers) = match index < imported {
            true => (Body::default(), Vec::new()),
            false => {
                let mut func = read::func(&module, index as u32, options.memory);
                if options.optimize {
                    opt::run(&mut func, &module, options.memory);
                }
                (body(&func), refers(&func))
            }
        };
        let decl = &module.funcs[index];
        let function = Function {
            index: index as u32,
            name: decl.name.clone(),
            import: None,
            symbol: (index >= imported).then(|| names.funcs[index].clone()),
            exports: Vec::new(),
            ty: decl.ty,
            indirect: reached[index],
            body,
        };
        (function, refers)
    };
    let (mut functions, refers): (Vec<_>, Vec<_>) =
        (0..module.funcs.len()).into_par_iter().map(function).unzip();
    for func in refers.into_iter().flatten() {
        functions[func as usize].indirect = true;
    }
    for import in &module.imports {
        if let Item::Func(func) = import.item {
            let names = [import.module.clone(), import.name.clone()];
            functions[func as usize].import = Some(names);
        }
    }
    for (export, name) in module.exports.iter().zip(&names.exports) {
        if let Item::Func(func) = export.item {
            functions[func as usize].exports.push(name.clone());
        }
    }
    let types = module.types.iter().map(spell).collect();
    Ok(Map { name, types, open_tables: open_tables(&module), functions })
}

/// Which functions are in segments, in tables from the start, or in globals.
fn reached(module: &Module<'_>) -> Vec<bool> {
    let mut reached = vec![false; module.funcs.len()];
    let segments = module.elements.iter().filter(|it| !matches!(it.mode, Mode::Declared));
    let items = segments.flat_map(|it| &it.items);
    let globals = module.globals.iter().filter_map(|it| it.init.as_ref());
    let tables = module.tables.iter().filter_map(|it| it.init.as_ref());
    for op in items.chain(globals).chain(tables).flatten() {
        if let ConstOp::Func(func) = op {
            reached[*func as usize] = true;
        }
    }
    reached
}

/// Functions of which a body makes a reference: they may go into any table.
fn refers(func: &Func) -> Vec<u32> {
    let refers = func.exprs.iter().filter_map(|expr| match expr {
        Expr::RefFunc(func) => Some(*func),
        _ => None,
    });
    refers.collect()
}

/// Does anybody else see a table, or pass references of functions?
fn open_tables(module: &Module<'_>) -> bool {
    let is_table = |item: &Item| matches!(item, Item::Table(_));
    let exported = module.exports.iter().any(|it| is_table(&it.item));
    let imported = module.imports.iter().any(|it| is_table(&it.item));
    let passes = |ty: &FuncType| ty.params.iter().chain(&ty.results).any(|it| *it == Type::FuncRef);
    let global = |item: &Item| match item {
        Item::Global(global) => module.globals[*global as usize].ty == Type::FuncRef,
        _ => false,
    };
    let globals = module.exports.iter().any(|it| global(&it.item))
        || module.imports.iter().any(|it| global(&it.item));
    exported || imported || globals || module.types.iter().any(passes)
}

fn body(func: &Func) -> Body {
    let mut body = Body::default();
    for stmt in &func.stmts {
        match *stmt {
            Stmt::Call { func, .. } => body.calls.push(func),
            Stmt::CallIndirect { ty, .. } => body.indirect_calls.push(ty),
            Stmt::Runtime { what, .. } => body.runtime.extend(instruction(what)),
            Stmt::Loop(_) => body.loops += 1,
            _ => {}
        }
    }
    body.locals = locals(func);
    body.calls.sort_unstable();
    body.calls.dedup();
    body.indirect_calls.sort_unstable();
    body.indirect_calls.dedup();
    body.runtime.sort_unstable();
    body.runtime.dedup();
    body
}

/// Bytes of parameters and variables.
fn locals(func: &Func) -> u64 {
    let mut live = vec![false; func.vars.len()];
    live[..func.params as usize].fill(true);
    for stmt in &func.stmts {
        func.assigned(stmt, |var| live[var.0 as usize] = true);
    }
    let vars = func.vars.iter().zip(live).filter(|(_, live)| *live);
    vars.map(|(ty, _)| bytes(*ty)).sum()
}

/// Refuses a function with more bytes of parameters and variables than the options allow.
pub(crate) fn frames(module: &Module<'_>, options: &Options) -> Result<(), Error> {
    let Some(most) = options.refuse.max_frame else { return Ok(()) };
    let imported = module.imported_funcs();
    let defined = (imported..module.funcs.len()).into_par_iter();
    let refused = defined.filter(|index| module.uses.live[*index]).find_map_first(|index| {
        let mut func = read::func(module, index as u32, options.memory);
        if options.optimize {
            opt::run(&mut func, module, options.memory);
        }
        let bytes = locals(&func);
        (bytes > u64::from(most)).then_some((index, bytes))
    });
    let Some((index, bytes)) = refused else { return Ok(()) };
    let decl = &module.funcs[index];
    let function = Some((index as u32, decl.name.clone()));
    Err(Error::Refused {
        message: format!("refused by `--max-frame={most}`: variables of {bytes} bytes"),
        place: Place { offset: decl.body.start, function },
        help: format!("`--max-frame={bytes}` or more lets the function pass"),
    })
}

fn instruction(what: Runtime) -> Option<&'static str> {
    Some(match what {
        Runtime::MemoryGrow { .. } => "memory.grow",
        Runtime::MemoryFill { .. } => "memory.fill",
        Runtime::MemoryCopy { .. } => "memory.copy",
        Runtime::MemoryInit { .. } => "memory.init",
        Runtime::TableGet { .. } => "table.get",
        Runtime::TableSet { .. } => "table.set",
        Runtime::TableGrow { .. } => "table.grow",
        Runtime::TableFill { .. } => "table.fill",
        Runtime::TableCopy { .. } => "table.copy",
        Runtime::TableInit { .. } => "table.init",
        Runtime::DataDrop { .. } | Runtime::ElemDrop { .. } => return None,
    })
}

/// Of a variable; references with pointers of 32 bits.
fn bytes(ty: Type) -> u64 {
    match ty {
        Type::I32 | Type::F32 | Type::ExternRef => 4,
        Type::I64 | Type::F64 => 8,
        Type::FuncRef => 12,
    }
}

fn spell(ty: &FuncType) -> String {
    let list = |types: &[Type]| types.iter().map(|it| it.name()).collect::<Vec<_>>().join(", ");
    format!("({}) -> ({})", list(&ty.params), list(&ty.results))
}
