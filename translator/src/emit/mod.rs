//! From a module to files of C. Cannot fail, except that the sink may.
//!
//! A small module is `NAME.h` and `NAME.c`. A large one is split so that no file
//! is too much for a C compiler: `NAME_0.c`, `NAME_1.c` and so on hold functions,
//! `NAME.c` the rest, and `NAME_impl.h` declares what they share. Where one file
//! ends and the next begins depends on the code near that place, so that a
//! small change of the module changes few files.

mod call;
mod data;
mod descriptor;
mod expr;
mod func;
mod header;
mod instance;
pub(crate) mod names;
mod one;
mod one_header;
mod out;
mod parallel;
mod plan;

use crate::ir::{Mode as Placement, *};
use crate::options::{Interrupt, Memory as Mode, Options};
use crate::{Sink, opt, read};
use expr::Constant;
use func::{Printer, c_type};
pub(crate) use header::host_type;
pub(crate) use names::Names;
use out::{Hex, Out, line, put};
use std::io;
use std::ops::Range;
use std::sync::Mutex;

/// How much C a byte of a function's body becomes, roughly.
const GROWTH: usize = 5;

/// What printing needs to know about the module as a whole.
pub(crate) struct Emit<'a> {
    pub(crate) module: &'a Module<'a>,
    pub(crate) options: &'a Options,
    pub(crate) names: Names,
    /// The contents of each table that nothing can change: function indices.
    pub(crate) const_tables: Vec<Option<Vec<Option<u32>>>>,
    /// For each of them whose elements are null up to one and then have the same type:
    /// that element, and the type's number.
    same_types: Vec<Option<(u32, u32)>>,
    /// Which element segments are more than functions of this module.
    evaluated_elements: Vec<bool>,
    /// Bytes that the first memory has at least.
    pub(crate) min_size: u64,
    /// Can a memory move when it grows?
    pub(crate) moves: bool,
    /// Are functions spread over several files?
    pub(crate) sharded: bool,
    /// Which globals the host knows.
    exported_globals: Vec<bool>,
    /// What stands before the name of something that an instance has.
    state: String,
}

/// Prints the module, file by file.
pub(crate) fn files(module: &Module<'_>, options: &Options, sink: &mut Sink<'_>) -> io::Result<()> {
    let shards = shards(module, options);
    let emit = Emit::new(module, options, shards.len() > 1);
    let name = &options.name;
    sink(&[name, ".h"].concat(), &header::header(&emit))?;
    if let Some(text) = one::memory_file(&emit) {
        sink(&[name, "_memory.c"].concat(), &text)?;
    }
    if !emit.sharded {
        let mut out = Out::default();
        line!(out, "/* ", NOTICE, " */");
        line!(out, "#include \"", name, ".h\"\n");
        emit.instructions(&mut out);
        emit.prototypes(&mut out);
        instance::tables(&emit, &mut out);
        data::parts(&emit).iter().for_each(|part| part.print(&mut out));
        emit.functions(&shards, &mut out)?;
        instance::instance(&emit, &mut out);
        return sink(&[name, ".c"].concat(), &out.finish());
    }
    sink(&[name, "_impl.h"].concat(), &emit.shared_header())?;
    emit.shards(&shards, sink)
}

/// Opens every file.
const NOTICE: &str = "Made by wardian from a WebAssembly module; do not edit.";

/// Which functions go into which file, by the size of their bodies. A file ends
/// after a function whose bytes say so, once it has half its size.
fn shards(module: &Module<'_>, options: &Options) -> Vec<Range<u32>> {
    let imported = module.imported_funcs() as u32;
    let target = (options.shard_size / GROWTH).max(1);
    let end = module.funcs.len() as u32;
    let total: usize = (0..end).map(|index| body(module, index).len()).sum();
    if total <= target {
        return std::iter::once(imported..end).collect();
    }
    let mut shards = Vec::new();
    let mut start = imported;
    let mut size = 0;
    for index in imported..end {
        let body = &module.wasm[body(module, index)];
        size += body.len();
        let hash = fingerprint(body);
        if size >= target || size >= target / 2 && hash >> 16 & 31 == 0 {
            shards.push(start..index + 1);
            start = index + 1;
            size = 0;
        }
    }
    if start < end {
        shards.push(start..end);
    }
    shards
}

/// The code of a function, if something calls it.
fn body(module: &Module<'_>, index: u32) -> Range<usize> {
    let body = module.funcs[index as usize].body.clone();
    if module.uses.live[index as usize] { body } else { body.start..body.start }
}

/// A number that depends on a function's bytes: on the first, which are enough to tell
/// most functions apart, and on how many there are (FNV-1a).
fn fingerprint(body: &[u8]) -> u32 {
    let first = body.iter().take(64).map(|byte| u32::from(*byte));
    first.chain([body.len() as u32]).fold(0, |hash, it| (hash ^ it).wrapping_mul(16_777_619))
}

/// Functions that are translated together, by one thread.
struct Piece {
    range: Range<u32>,
    shard: usize,
}

/// Bytes of bodies in a piece: little enough that threads end at the same time.
const PIECE: usize = 16 << 10;

/// Memory that was used for one piece and serves for the next: allocators would keep more.
#[derive(Default)]
struct Spare {
    funcs: Pool<Func>,
    texts: Pool<String>,
}

/// Things that are not in use.
#[derive(Default)]
struct Pool<T>(Mutex<Vec<T>>);

impl<T: Default> Pool<T> {
    fn take(&self) -> T {
        let spare = self.0.lock().map(|mut all| all.pop());
        spare.ok().flatten().unwrap_or_default()
    }

    fn give(&self, spare: T) {
        // A thread that panicked holds nothing that anybody needs.
        if let Ok(mut all) = self.0.lock() {
            all.push(spare);
        }
    }
}

/// Cuts data into what is printed at once, of which there is at least one.
fn rest(data: &[data::Part<'_>]) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut size = 0;
    for (i, part) in data.iter().enumerate() {
        size += part.size();
        if size >= GROWTH * PIECE {
            all.push(start..i + 1);
            (start, size) = (i + 1, 0);
        }
    }
    all.push(start..data.len());
    all
}

/// Cuts shards into pieces.
fn pieces(module: &Module<'_>, shards: &[Range<u32>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (shard, range) in shards.iter().enumerate() {
        let mut start = range.start;
        let mut size = 0;
        for index in range.clone() {
            size += body(module, index).len();
            let last = index + 1 == range.end;
            if size >= PIECE || last {
                pieces.push(Piece { range: start..index + 1, shard });
                start = index + 1;
                size = 0;
            }
        }
    }
    pieces
}

impl<'a> Emit<'a> {
    fn new(module: &'a Module<'a>, options: &'a Options, sharded: bool) -> Self {
        let tables = 0..module.tables.len();
        let const_tables: Vec<_> =
            tables.map(|i| const_table(module, i as u32, options.is_one())).collect();
        let same_type = |table: &Option<_>| table.as_deref().and_then(|it| same_type(module, it));
        Emit {
            module,
            options,
            names: Names::new(module, &options.name, options.is_one()),
            same_types: const_tables.iter().map(same_type).collect(),
            const_tables,
            evaluated_elements: module.elements.iter().map(is_evaluated).collect(),
            min_size: module.memories.first().map_or(0, Memory::min_size),
            moves: options.memory == Mode::Bounds,
            sharded,
            exported_globals: exported_globals(module),
            state: if options.is_one() { [&options.name, "_"].concat() } else { "I->".to_string() },
        }
    }

    /// The first element that is not null of a table that nothing can change, if it and
    /// all after it have this type.
    fn first_of_type(&self, table: u32, ty: u32) -> Option<u32> {
        let (first, same) = self.same_types[table as usize]?;
        (same == ty).then_some(first)
    }

    /// Can guests be interrupted?
    pub(crate) fn interruptible(&self) -> bool {
        self.options.interrupt != Interrupt::None
    }

    /// Is there one instance, whose variables are those of the program?
    pub(crate) fn is_one(&self) -> bool {
        self.options.is_one()
    }

    /// What a function that needs its instance is given first: itself or nothing.
    pub(crate) fn pass(&self) -> &'static str {
        if self.is_one() { "" } else { "self" }
    }

    /// The same, and more follows.
    pub(crate) fn pass_and(&self) -> &'static str {
        if self.is_one() { "" } else { "self, " }
    }

    /// Includes what the instructions mean.
    fn instructions(&self, out: &mut Out) {
        if self.is_one() {
            one::instructions(self, out);
        } else {
            line!(out, "#include \"wdn_gen.h\"\n");
        }
    }

    /// Prints where a global is that has a place.
    pub(crate) fn global(&self, out: &mut Out, global: u32) {
        let decl = &self.module.globals[global as usize];
        let name = &self.names.globals[global as usize];
        match (self.is_one(), decl.imported) {
            (true, true) => put!(out, name),
            (false, true) => put!(out, "*I->", name),
            (_, false) => put!(out, self.state, name),
        }
    }

    /// What precedes a function or table that other files may use.
    pub(crate) fn linkage(&self) -> &'static str {
        if self.sharded { "" } else { "static " }
    }

    /// What precedes its declaration.
    fn declared(&self) -> &'static str {
        if self.sharded { "WDN_HIDDEN " } else { "static " }
    }

    /// The text of the functions of a range.
    fn text(&self, range: Range<u32>, spare: &Spare) -> String {
        let size: usize = range.clone().map(|index| body(self.module, index).len()).sum();
        let mut out = Out::reusing(spare.texts.take(), 2 * size * GROWTH);
        let mut func = spare.funcs.take();
        for index in range.filter(|index| self.module.uses.live[*index as usize]) {
            func = read::func_after(self.module, index, self.options.memory, func);
            if self.options.optimize {
                opt::run(&mut func, self.module, self.options.memory);
            }
            out = Printer::print(self, &func, out);
        }
        spare.funcs.give(func);
        out.finish()
    }

    /// The text of all functions, in order.
    fn functions(&self, shards: &[Range<u32>], out: &mut Out) -> io::Result<()> {
        let pieces = pieces(self.module, shards);
        let spare = Spare::default();
        let work = |i: usize| self.text(pieces[i].range.clone(), &spare);
        parallel::in_order(pieces.len(), &work, &mut |_, text| {
            put!(out, text);
            spare.texts.give(text);
            Ok(())
        })
    }

    /// Prints the files of functions, in order, and then the one that holds the rest.
    fn shards(&self, shards: &[Range<u32>], sink: &mut Sink<'_>) -> io::Result<()> {
        let pieces = pieces(self.module, shards);
        let data = data::parts(self);
        let rest = rest(&data);
        let spare = Spare::default();
        let work = |i: usize| match i.checked_sub(pieces.len()) {
            None => self.text(pieces[i].range.clone(), &spare),
            Some(i) => self.rest(&data[rest[i].clone()], i == 0, i + 1 == rest.len()),
        };
        let mut begun = None;
        parallel::in_order(pieces.len() + rest.len(), &work, &mut |i, text| {
            let Some(shard) = pieces.get(i).map(|it| it.shard) else {
                return sink(&[&self.options.name, ".c"].concat(), &text);
            };
            let file = [&self.options.name, "_", &shard.to_string(), ".c"].concat();
            if begun.replace(shard) != Some(shard) {
                sink(&file, &self.first_lines())?;
            }
            sink(&file, &text)?;
            spare.texts.give(text);
            Ok(())
        })
    }

    /// Some of the file that holds everything but functions.
    fn rest(&self, data: &[data::Part<'_>], first: bool, last: bool) -> String {
        let mut out = Out::default();
        if first {
            put!(out, self.first_lines());
            instance::tables(self, &mut out);
        }
        data.iter().for_each(|part| part.print(&mut out));
        if last {
            instance::instance(self, &mut out);
        }
        out.finish()
    }

    /// Of every file but headers.
    fn first_lines(&self) -> String {
        let mut out = Out::default();
        line!(out, "/* ", NOTICE, " */");
        line!(out, "#include \"", self.options.name, "_impl.h\"\n");
        out.finish()
    }

    fn shared_header(&self) -> String {
        let mut out = Out::default();
        line!(out, "/* ", NOTICE, " */");
        line!(out, "/* What the files of this module share. */");
        line!(out, "#include \"", self.options.name, ".h\"\n");
        self.instructions(&mut out);
        self.prototypes(&mut out);
        out.finish()
    }

    /// Declares types, functions, tables and segments.
    fn prototypes(&self, out: &mut Out) {
        let prefix = &self.names.prefix;
        for (i, ty) in self.module.types.iter().enumerate() {
            put!(out, "typedef ");
            self.result_type(out, i as u32);
            put!(out, "(", float_result(ty), "*", prefix, "_sig", i, "_t)(");
            put!(
                out,
                if !self.is_one() {
                    "void *"
                } else if ty.params.is_empty() {
                    "void"
                } else {
                    ""
                }
            );
            for (j, param) in ty.params.iter().enumerate() {
                put!(out, if j > 0 || !self.is_one() { ", " } else { "" }, self.c_type(*param));
            }
            put!(out, ");\n");
        }
        line!(out);
        let imported_funcs = self.module.imported_funcs();
        let live = |(i, _): &(usize, &FuncDecl)| self.module.uses.live[*i];
        for (i, func) in self.module.funcs.iter().enumerate().filter(live) {
            let imported = i < imported_funcs;
            if imported && self.is_one() {
                continue; // the host defines them, and the header declares them
            }
            put!(out, if imported && !self.sharded { "static " } else { self.declared() });
            self.signature(out, &self.names.funcs[i], func.ty, |_, _| ());
            put!(out, ";\n");
        }
        line!(out);
        self.declare_data(out);
    }

    fn declare_data(&self, out: &mut Out) {
        let prefix = &self.names.prefix;
        if self.is_one() {
            return one::declare(self, out);
        }
        if self.sharded {
            for i in 0..self.module.types.len() {
                line!(out, "extern WDN_HIDDEN const wdn_functype_t ", prefix, "_type", i, ";");
            }
            for (i, table) in self.const_tables.iter().enumerate() {
                if let Some(table) = table {
                    let size = table.len().max(1);
                    put!(out, "extern WDN_HIDDEN const wdn_const_element_t ", prefix, "_table", i);
                    put!(out, "[", size, "];\n");
                }
            }
            for (i, used) in self.module.uses.data.iter().enumerate() {
                if *used {
                    line!(out, "extern WDN_HIDDEN const char ", prefix, "_data", i, "[];");
                }
            }
            for (i, used) in self.module.uses.elements.iter().enumerate() {
                if *used && !self.evaluated_element(i as u32) {
                    line!(
                        out,
                        "extern WDN_HIDDEN const wdn_element_t ",
                        prefix,
                        "_element",
                        i,
                        "[];"
                    );
                }
            }
            line!(out);
        }
    }

    /// Prints a function's declarator; `name` prints the names of parameters.
    pub(crate) fn signature(
        &self,
        out: &mut Out,
        func: &str,
        ty: u32,
        name: impl Fn(&mut Out, u32),
    ) {
        put!(out, float_result(&self.module.types[ty as usize]));
        self.result_type(out, ty);
        let params = &self.module.types[ty as usize].params;
        put!(out, func, "(");
        put!(
            out,
            if !self.is_one() {
                "void *self"
            } else if params.is_empty() {
                "void"
            } else {
                ""
            }
        );
        for (i, param) in params.iter().enumerate() {
            put!(out, if i > 0 || !self.is_one() { ", " } else { "" }, self.c_type(*param));
            let before = out.len();
            put!(out, if *param == Type::ExternRef { "" } else { " " });
            let named = out.len();
            name(out, i as u32);
            if out.len() == named {
                out.truncate(before);
            }
        }
        put!(out, ")");
    }

    /// Prints the type of a function's result and a space.
    pub(crate) fn result_type(&self, out: &mut Out, ty: u32) {
        let ty = &self.module.types[ty as usize];
        match &ty.results[..] {
            [] => put!(out, "void "),
            [Type::ExternRef] => put!(out, "void *"),
            [one] => put!(out, self.c_type(*one), " "),
            many => put!(out, results_name(many), " "),
        }
    }

    /// C's name of a type inside the module.
    pub(crate) fn c_type(&self, ty: Type) -> &'static str {
        if ty == Type::FuncRef && self.is_one() { "wdn_ref_t" } else { c_type(ty) }
    }

    /// The value of a global that no code can change and that needs no other.
    fn constant_global(&self, global: u32) -> Option<Constant> {
        let global = &self.module.globals[global as usize];
        if global.mutable || global.imported {
            return None;
        }
        match global.init.as_deref() {
            Some([ConstOp::I32(value)]) => Some(Constant(Type::I32, u64::from(*value))),
            Some([ConstOp::I64(value)]) => Some(Constant(Type::I64, *value)),
            Some([ConstOp::F32(bits)]) => Some(Constant(Type::F32, u64::from(*bits))),
            Some([ConstOp::F64(bits)]) => Some(Constant(Type::F64, *bits)),
            _ => None,
        }
    }

    /// Prints a function as a value.
    pub(crate) fn func_value(&self, out: &mut Out, func: u32) {
        let ty = self.module.funcs[func as usize].ty;
        if self.is_one() {
            let name = &self.names.funcs[func as usize];
            return put!(out, "(wdn_ref_t){(wdn_code_t)", name, ", ", ty + 1, "}");
        }
        put!(out, "(wdn_func_t){(wdn_code_t)", self.names.funcs[func as usize], ", &");
        put!(out, self.names.prefix, "_type", ty, ", self}");
    }

    /// Are the elements of a segment more than functions of this module?
    pub(crate) fn evaluated_element(&self, element: u32) -> bool {
        self.evaluated_elements[element as usize]
    }

    /// Prints the array that holds a segment's elements.
    pub(crate) fn element_array(&self, out: &mut Out, element: u32) {
        if self.evaluated_element(element) {
            put!(out, self.state, "element", element);
        } else {
            put!(out, self.names.prefix, "_element", element);
        }
    }
}

/// See [`Emit::evaluated_element`].
fn is_evaluated(element: &Element) -> bool {
    let simple = |item: &Const| matches!(item[..], [ConstOp::Func(_) | ConstOp::Null(_)]);
    element.ty != Type::FuncRef || !element.items.iter().all(simple)
}

fn exported_globals(module: &Module<'_>) -> Vec<bool> {
    let mut exported = vec![false; module.globals.len()];
    for export in &module.exports {
        if let Item::Global(global) = export.item {
            exported[global as usize] = true;
        }
    }
    exported
}

/// The attribute of functions that return one float.
fn float_result(ty: &FuncType) -> &'static str {
    if let [Type::F32 | Type::F64] = ty.results[..] { "WDN_FLOAT_RESULT " } else { "" }
}

/// The struct that carries several results: the same for all modules.
pub(crate) fn results_name(results: &[Type]) -> String {
    let letter = |ty: &Type| match ty {
        Type::I32 => 'i',
        Type::I64 => 'l',
        Type::F32 => 'f',
        Type::F64 => 'd',
        Type::FuncRef => 'r',
        Type::ExternRef => 'e',
    };
    ["wdn_", &results.iter().map(letter).collect::<String>(), "_t"].concat()
}

/// The contents of a table that nothing can change, if it is one: not imported,
/// not exported to others, written by no instruction, filled from constant segments that fit.
fn const_table(module: &Module<'_>, index: u32, one: bool) -> Option<Vec<Option<u32>>> {
    let table = &module.tables[index as usize];
    let exported = module.exports.iter().any(|it| it.item == Item::Table(index));
    let uses = &module.uses;
    let touched = uses.written_tables[index as usize] || uses.got_tables[index as usize];
    let reserved = index == 0 && !module.host_slots.is_empty();
    let shared = table.imported || exported && !one;
    if shared || touched || reserved || table.init.is_some() {
        return None;
    }
    // A table that is all but empty is cheaper at run time.
    let items: usize = module.elements.iter().map(|element| element.items.len()).sum();
    if table.element != Type::FuncRef || table.limits.min > 256 + 4 * items as u64 {
        return None;
    }
    let mut entries = vec![None; table.limits.min as usize];
    for element in &module.elements {
        let Placement::Active { target, offset } = &element.mode else { continue };
        if *target != index {
            continue;
        }
        let [ConstOp::I32(offset)] = offset[..] else { return None };
        let end = offset as usize + element.items.len();
        for (slot, item) in entries.get_mut(offset as usize..end)?.iter_mut().zip(&element.items) {
            *slot = match item[..] {
                [ConstOp::Func(func)] => Some(func),
                [ConstOp::Null(_)] => None,
                _ => return None,
            };
        }
    }
    Some(entries)
}

/// The first entry that is not null and its type, if all after it have the same.
fn same_type(module: &Module<'_>, entries: &[Option<u32>]) -> Option<(u32, u32)> {
    let types = entries.iter().map(|entry| entry.map(|func| module.funcs[func as usize].ty));
    let mut types = types.skip_while(Option::is_none);
    let ty = types.next()??;
    let first = entries.iter().position(Option::is_some)?;
    types.all(|it| it == Some(ty)).then_some((first as u32, ty))
}

/// An offset in the `.wasm`.
pub(crate) fn at(offset: u32) -> Hex {
    Hex(u64::from(offset))
}
