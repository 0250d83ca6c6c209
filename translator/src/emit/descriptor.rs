//! The descriptor: the constant that tells hosts and the runtime what a module is.

use super::Emit;
use super::instance::code;
use super::out::{Escaped, Out, line, put};
use crate::ir::*;

fn name(out: &mut Out, name: &str) {
    put!(out, "{\"", Escaped(name.as_bytes()), "\", ", name.len(), "}");
}

fn limits(out: &mut Out, limits: Limits) {
    put!(out, "{", limits.min, "u, ", limits.max.unwrap_or(0), "u, ");
    put!(out, if limits.max.is_some() { "true}" } else { "false}" });
}

/// Prints the type of a memory, table or global as a constant.
fn item_type(emit: &Emit<'_>, out: &mut Out, item: Item, prefix: &str, number: usize) {
    let module = emit.module;
    let mut begin = |ty: &str| put!(out, "static const ", ty, " ", prefix, number, "_type = {");
    match item {
        Item::Func(_) => return,
        Item::Table(index) => {
            begin("wdn_tabletype_t");
            let table = &module.tables[index as usize];
            limits(out, table.limits);
            put!(out, ", ", code(table.element));
        }
        Item::Memory(index) => {
            begin("wdn_memorytype_t");
            limits(out, module.memories[index as usize].limits);
        }
        Item::Global(index) => {
            begin("wdn_globaltype_t");
            let global = &module.globals[index as usize];
            put!(out, code(global.ty), ", ", if global.mutable { "true" } else { "false" });
        }
    }
    put!(out, "};\n");
}

/// Prints the kind of an item and its type.
fn kind_and_type(emit: &Emit<'_>, out: &mut Out, item: Item, prefix: &str, number: usize) {
    match item {
        Item::Func(func) => {
            let ty = emit.module.funcs[func as usize].ty;
            put!(out, "WDN_FUNC, &", emit.names.prefix, "_type", ty);
        }
        Item::Table(_) => put!(out, "WDN_TABLE, &", prefix, number, "_type"),
        Item::Memory(_) => put!(out, "WDN_MEMORY, &", prefix, number, "_type"),
        Item::Global(_) => put!(out, "WDN_GLOBAL, &", prefix, number, "_type"),
    }
}

/// Prints the byte offset of an item's member in the instance.
fn slot(emit: &Emit<'_>, out: &mut Out, item: Item) {
    put!(out, "offsetof(", emit.names.prefix, "_t, ");
    match item {
        Item::Func(index) => put!(out, "f", index),
        Item::Table(index) => put!(out, "t", index),
        Item::Memory(index) => put!(out, "m", index),
        Item::Global(index) => put!(out, emit.names.globals[index as usize]),
    }
    put!(out, ")");
}

/// Prints the descriptor and what it points to.
pub(super) fn descriptor(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    let import = [prefix, "_import"].concat();
    let export = [prefix, "_export"].concat();
    for (i, it) in module.imports.iter().enumerate() {
        item_type(emit, out, it.item, &import, i);
    }
    if !module.imports.is_empty() {
        line!(out, "static const wdn_import_t ", prefix, "_imports[] = {");
        for (i, it) in module.imports.iter().enumerate() {
            put!(out, "  {");
            name(out, &it.module);
            put!(out, ", ");
            name(out, &it.name);
            put!(out, ", ");
            kind_and_type(emit, out, it.item, &import, i);
            put!(out, ", ");
            slot(emit, out, it.item);
            put!(out, "},\n");
        }
        line!(out, "};");
    }
    for (i, it) in module.exports.iter().enumerate() {
        item_type(emit, out, it.item, &export, i);
    }
    if !module.exports.is_empty() {
        line!(out, "static const wdn_export_t ", prefix, "_exports[] = {");
        for (i, it) in module.exports.iter().enumerate() {
            exported(emit, out, it, &export, i);
        }
        line!(out, "};");
    }
    definitions(emit, out);
    functions(emit, out);
    module_constant(emit, out);
}

fn exported(emit: &Emit<'_>, out: &mut Out, export: &Export, prefix: &str, number: usize) {
    put!(out, "  {");
    name(out, &export.name);
    put!(out, ", ");
    kind_and_type(emit, out, export.item, prefix, number);
    let module = emit.module;
    let imported = match export.item {
        Item::Func(func) => {
            put!(out, ", (wdn_code_t)", emit.names.funcs[func as usize], ", 0, false},\n");
            return;
        }
        Item::Table(index) => module.tables[index as usize].imported,
        Item::Memory(index) => module.memories[index as usize].imported,
        Item::Global(index) => module.globals[index as usize].imported,
    };
    put!(out, ", 0, ");
    slot(emit, out, export.item);
    put!(out, if imported { ", true},\n" } else { ", false},\n" });
}

/// The memories and tables that the module itself defines and an instance holds.
fn defined(emit: &Emit<'_>) -> (Vec<Item>, Vec<Item>) {
    let memories = emit.module.memories.iter().enumerate().filter(|(_, it)| !it.imported);
    let tables = emit.module.tables.iter().enumerate();
    let tables = tables.filter(|(i, it)| !it.imported && emit.const_tables[*i].is_none());
    (
        memories.map(|(i, _)| Item::Memory(i as u32)).collect(),
        tables.map(|(i, _)| Item::Table(i as u32)).collect(),
    )
}

fn definitions(emit: &Emit<'_>, out: &mut Out) {
    let prefix = &emit.names.prefix;
    let (memories, tables) = defined(emit);
    for (what, items) in [("memories", memories), ("tables", tables)] {
        if items.is_empty() {
            continue;
        }
        let names = [prefix, "_", what, "_"].concat();
        for (i, item) in items.iter().enumerate() {
            item_type(emit, out, *item, &names, i);
        }
        line!(out, "static const wdn_definition_t ", prefix, "_", what, "[] = {");
        for (i, item) in items.iter().enumerate() {
            put!(out, "  {&", names, i, "_type, ");
            slot(emit, out, *item);
            put!(out, "},\n");
        }
        line!(out, "};");
    }
}

/// The names and places of functions, for reports of traps.
fn functions(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    let named = || module.funcs.iter().enumerate().filter(|(_, func)| func.name.is_some());
    if named().next().is_some() {
        line!(out, "static const wdn_function_name_t ", prefix, "_names[] = {");
        for (i, func) in named() {
            let name = func.name.as_deref().unwrap_or_default();
            line!(out, "  {", i, ", \"", Escaped(name.as_bytes()), "\"},");
        }
        line!(out, "};");
    }
    let defined = &module.funcs[module.imported_funcs()..];
    if !defined.is_empty() {
        put!(out, "static const uint32_t ", prefix, "_offsets[] = {");
        for (i, func) in defined.iter().enumerate() {
            put!(out, if i % 12 == 0 { "\n  " } else { " " }, func.body.start, ",");
        }
        put!(out, "\n};\n");
    }
    line!(out);
}

fn module_constant(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    let (memories, tables) = defined(emit);
    let named = module.funcs.iter().filter(|func| func.name.is_some()).count();
    let guard = emit.options.memory == crate::options::Memory::Guard && !module.memories.is_empty();
    line!(out, "const wdn_module_t ", prefix, "_module = {");
    out.deeper();
    line!(out, "WDN_ABI,\nsizeof(wdn_module_t),");
    line!(out, "\"", prefix, "\",");
    put!(out, "  \"", emit.options.text());
    if !module.host_slots.is_empty() {
        put!(out, " host_slots=", module.host_slots.len());
    }
    put!(out, "\",\n  {");
    for (i, byte) in module.hash.iter().enumerate() {
        put!(out, if i == 0 { "" } else { ", " }, u32::from(*byte));
    }
    put!(out, "},\n");
    line!(out, if guard { "true," } else { "false," });
    line!(out, "sizeof(", prefix, "_t),");
    let mut list = |count: usize, what: &str| {
        if count == 0 {
            line!(out, "0,");
        } else {
            line!(out, prefix, "_", what, ",");
        }
    };
    let offsets = module.funcs.len() - module.imported_funcs();
    list(module.imports.len(), "imports");
    list(module.exports.len(), "exports");
    list(memories.len(), "memories");
    list(tables.len(), "tables");
    list(named, "names");
    list(offsets, "offsets");
    let counts = [
        module.imports.len(),
        module.exports.len(),
        memories.len(),
        tables.len(),
        named,
        module.funcs.len(),
        module.imported_funcs(),
    ];
    for count in counts {
        line!(out, count, ",");
    }
    line!(out, prefix, "_init,");
    match module.start {
        Some(func) => line!(out, emit.names.funcs[func as usize], ","),
        None => line!(out, "0,"),
    }
    out.shallower();
    line!(out, "};\n");
}
