//! A module of one instance: its variables, how they begin, its exports.
//!
//! What is a member of the instance's struct elsewhere is a variable here, of the same
//! name after the module's prefix. All that never changes is constant, and may stay in
//! flash: the data and element segments, and tables unless something writes to them.

use super::data::{self, Group};
use super::expr::Constant;
use super::instance::constant;
use super::out::{Out, line, put};
use super::{Emit, NOTICE, at};
use crate::ir::*;
use crate::options::{Interrupt, Stack, Trap, TrapInfo};

/// Segments that are copied one by one rather than in a loop.
const FEW_SEGMENTS: usize = 8;

impl Emit<'_> {
    /// Is there an array that the memory grows into?
    pub(super) fn grows(&self) -> bool {
        let Some(memory) = self.module.memories.first() else { return false };
        let declared = memory.limits.min << memory.page_log2;
        memory.array.is_some_and(|bytes| u64::from(bytes) > declared)
    }

    /// Bytes of the array that is the memory.
    pub(super) fn array(&self) -> u32 {
        self.module.memories.first().and_then(|memory| memory.array).unwrap_or(0)
    }

    /// What precedes a variable or constant of the instance.
    fn private(&self) -> &'static str {
        if self.sharded { "" } else { "static " }
    }

    /// Is the global a variable, or a constant that an array or export needs?
    fn has_place(&self, global: usize) -> bool {
        let exported = self.exported_globals[global];
        let decl = &self.module.globals[global];
        !decl.imported && (exported || self.constant_global(global as u32).is_none())
    }
}

impl Emit<'_> {
    /// The value of an exported constant, if C can begin with it: for what is no number
    /// there is a function.
    pub(super) fn constant_place(&self, global: usize) -> Option<Constant> {
        self.constant_global(global as u32).filter(|Constant(ty, bits)| match ty {
            Type::F32 => f32::from_bits(*bits as u32).is_finite(),
            Type::F64 => f64::from_bits(*bits).is_finite(),
            _ => true,
        })
    }
}

/// Says what the header of the instructions must know.
pub(super) fn instructions(emit: &Emit<'_>, out: &mut Out) {
    let prefix = &emit.names.prefix;
    line!(out, "#include \"wdn_cc.h\"\n");
    match (emit.options.trap, emit.options.trap_info) {
        (Trap::Abort, _) => {}
        (_, TrapInfo::None) => line!(out, "WDN_NORETURN void ", prefix, "_trap(uint32_t code);"),
        _ => line!(out, "WDN_NORETURN void ", prefix, "_trap(uint32_t code, uint32_t at);"),
    }
    line!(out, "#define WDN_ONE ", prefix, "_one");
    put!(out, "#define WDN_ONE_TRAP(code, at) ");
    match (emit.options.trap, emit.options.trap_info) {
        (Trap::Abort, _) => put!(out, "WDN_ABORT()\n"),
        (_, TrapInfo::None) => put!(out, prefix, "_trap(code)\n"),
        _ => put!(out, prefix, "_trap(code, at)\n"),
    }
    line!(out, "#include \"wdn_one_gen.h\"\n");
    if !emit.module.memories.is_empty() {
        line!(out, "#define mem ", prefix, "_memory");
        if emit.grows() {
            line!(out, "#define size wdn_memory_size(&", prefix, "_m0)\n");
        } else {
            line!(out, "#define size ((wdn_size_t)", prefix, "_memory_size)\n");
        }
    }
}

/// Prints how many pages the memory has.
pub(super) fn pages(emit: &Emit<'_>, out: &mut Out) {
    let page_log2 = emit.module.memories[0].page_log2;
    if emit.grows() {
        put!(out, "(u32)(size >> ", page_log2, ")");
    } else {
        put!(out, emit.array() >> page_log2, "u");
    }
}

/// The file that has nothing but the memory, so that a host can have it elsewhere.
pub(super) fn memory_file(emit: &Emit<'_>) -> Option<String> {
    let memory = emit.module.memories.first()?;
    if memory.imported || !emit.is_one() {
        return None;
    }
    let mut out = Out::default();
    let prefix = &emit.names.prefix;
    line!(out, "/* ", NOTICE, " */");
    line!(out, "/* The memory. A program that defines it elsewhere needs no such file. */");
    line!(out, "#include \"", prefix, ".h\"\n");
    line!(out, "#include \"wdn_cc.h\"\n");
    let empty = if emit.array() == 0 { " + 1" } else { "" }; // C has no empty arrays
    line!(out, "WDN_ALIGNED uint8_t ", prefix, "_memory[", prefix, "_memory_size", empty, "];");
    Some(out.finish())
}

/// Declares what the files of the module share.
pub(super) fn declare(emit: &Emit<'_>, out: &mut Out) {
    if !emit.sharded {
        return;
    }
    let prefix = &emit.names.prefix;
    let module = emit.module;
    for (i, global) in module.globals.iter().enumerate() {
        if emit.has_place(i) && !emit.exported_globals[i] {
            put!(out, "extern WDN_HIDDEN ", spaced(emit.c_type(global.ty)));
            put!(out, prefix, "_", emit.names.globals[i], ";\n");
        }
    }
    for i in 0..module.tables.len() {
        match &emit.const_tables[i] {
            Some(entries) => {
                put!(out, "extern WDN_HIDDEN const wdn_ref_t ", prefix, "_table", i);
                put!(out, "[", entries.len().max(1), "];\n");
            }
            None => line!(out, "extern WDN_HIDDEN wdn_one_table_t ", prefix, "_t", i, ";"),
        }
    }
    for (i, used) in module.uses.data.iter().enumerate() {
        if *used {
            line!(out, "extern WDN_HIDDEN const char ", prefix, "_data", i, "[];");
            line!(out, "extern WDN_HIDDEN u32 ", prefix, "_data", i, "_size;");
        }
    }
    for (i, used) in module.uses.elements.iter().enumerate() {
        if *used {
            put!(out, "extern WDN_HIDDEN ");
            element_type(emit, out, i);
            put!(out, prefix, "_element", i, "[];\n");
            line!(out, "extern WDN_HIDDEN u32 ", prefix, "_element", i, "_size;");
        }
    }
    line!(out);
}

/// A type and a space, unless it ends with a star.
fn spaced(ty: &'static str) -> [&'static str; 2] {
    [ty, if ty.ends_with('*') { "" } else { " " }]
}

/// The type of the elements of a segment, and whether they are constant.
fn element_type(emit: &Emit<'_>, out: &mut Out, index: usize) {
    let element = &emit.module.elements[index];
    put!(out, if emit.evaluated_element(index as u32) { "" } else { "const " });
    put!(out, spaced(emit.c_type(element.ty)));
}

/// Prints the variables and constants that the functions refer to.
pub(super) fn variables(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    state(emit, out);
    if emit.grows() {
        let memory = &module.memories[0];
        let declared = memory.limits.min << memory.page_log2;
        put!(out, "wdn_memory_t ", prefix, "_m0 = {", prefix, "_memory, ");
        put!(out, declared, "u, ", emit.array(), "u, {0, 0, false}, false, 0, 0, 0};\n");
    }
    for (i, global) in module.globals.iter().enumerate() {
        if !emit.has_place(i) {
            continue;
        }
        let constant = emit.constant_place(i);
        put!(out, if emit.exported_globals[i] { "" } else { emit.private() });
        put!(out, if constant.is_some() { "const " } else { "" }, spaced(emit.c_type(global.ty)));
        put!(out, prefix, "_", emit.names.globals[i]);
        match constant {
            Some(value) => put!(out, " = ", value, ";\n"),
            None => put!(out, ";\n"),
        }
    }
    for i in 0..module.tables.len() {
        table(emit, out, i);
    }
    for (i, used) in module.uses.data.iter().enumerate() {
        if *used {
            line!(out, emit.private(), "u32 ", prefix, "_data", i, "_size;");
        }
    }
    for i in 0..module.elements.len() {
        element(emit, out, i);
    }
    line!(out);
}

/// The module's state, with what the options say about it.
fn state(emit: &Emit<'_>, out: &mut Out) {
    let (mut max_stack, mut max_depth) = (0, 0);
    match emit.options.stack {
        Stack::Address(bytes) => max_stack = bytes,
        Stack::Depth(calls) => max_depth = calls,
        Stack::None => {}
    }
    let budget = if let Interrupt::Fuel(units) = emit.options.interrupt { units } else { 0 };
    put!(
        out,
        "wdn_one_t ",
        emit.names.prefix,
        "_one = {0, ",
        max_depth,
        "u, ",
        budget,
        "u, 0, 0, "
    );
    put!(out, max_stack, "u, ", max_depth, "u, ", budget, "u, 0, 0, WDN_OK, WDN_EMPTY};\n");
}

/// How many elements a table may have: it grows only as far as it says itself.
fn table_room(table: &Table) -> u64 {
    let most = table.limits.max.unwrap_or(table.limits.min);
    if most <= MAX_TABLE_ROOM { most } else { table.limits.min }
}

/// A table that says it may have more is one that says nothing.
const MAX_TABLE_ROOM: u64 = 4096;

fn table(emit: &Emit<'_>, out: &mut Out, index: usize) {
    let prefix = &emit.names.prefix;
    let table = &emit.module.tables[index];
    if let Some(entries) = &emit.const_tables[index] {
        put!(out, emit.private(), "const wdn_ref_t ", prefix, "_table", index);
        put!(out, "[", entries.len().max(1), "] = {\n");
        for entry in entries {
            put!(out, "  ");
            reference(emit, out, *entry);
            put!(out, ",\n");
        }
        put!(out, if entries.is_empty() { "  {0, 0},\n};\n" } else { "};\n" });
        return;
    }
    let room = table_room(table);
    put!(out, "static ", spaced(emit.c_type(table.element)), prefix, "_t", index);
    put!(out, "_elements[", room.max(1), "];\n");
    let array = [prefix, "_t", &index.to_string(), "_elements"].concat();
    put!(out, emit.private(), "wdn_one_table_t ", prefix, "_t", index, " = {");
    match table.element {
        Type::FuncRef => put!(out, array, ", 0, "),
        _ => put!(out, "0, ", array, ", "),
    }
    put!(out, table.limits.min, "u, ", room, "u};\n");
}

/// Prints a function of the module, or none, as an initialiser.
fn reference(emit: &Emit<'_>, out: &mut Out, func: Option<u32>) {
    match func {
        Some(func) => {
            let ty = emit.module.funcs[func as usize].ty + 1;
            put!(out, "{(wdn_code_t)", emit.names.funcs[func as usize], ", ", ty, "}");
        }
        None => put!(out, "{0, 0}"),
    }
}

/// Does anything copy the segment: an instruction, or the beginning?
fn is_needed(emit: &Emit<'_>, index: usize) -> bool {
    let fills = match emit.module.elements[index].mode {
        Mode::Active { target, .. } => emit.const_tables[target as usize].is_none(),
        _ => false,
    };
    fills || emit.module.uses.elements[index]
}

fn element(emit: &Emit<'_>, out: &mut Out, index: usize) {
    let prefix = &emit.names.prefix;
    let items = &emit.module.elements[index].items;
    if !is_needed(emit, index) {
        return;
    }
    let used = emit.module.uses.elements[index];
    put!(out, if used { emit.private() } else { "static " });
    element_type(emit, out, index);
    put!(out, prefix, "_element", index, "[", items.len().max(1), "]");
    if emit.evaluated_element(index as u32) {
        put!(out, ";\n");
    } else {
        put!(out, " = {\n");
        for item in items {
            put!(out, "  ");
            reference(
                emit,
                out,
                if let [ConstOp::Func(func)] = item[..] { Some(func) } else { None },
            );
            put!(out, ",\n");
        }
        put!(out, if items.is_empty() { "  {0, 0},\n};\n" } else { "};\n" });
    }
    if used {
        line!(out, emit.private(), "u32 ", prefix, "_element", index, "_size;");
    }
}

/// Prints what the host calls.
pub(super) fn instance(emit: &Emit<'_>, out: &mut Out) {
    trap(emit, out);
    for (number, export) in emit.module.exports.iter().enumerate() {
        if let Item::Func(func) = export.item {
            exported(emit, out, number, func);
        }
    }
    contents(emit, out);
    init(emit, out);
}

/// The function that every trap of the module calls.
fn trap(emit: &Emit<'_>, out: &mut Out) {
    let prefix = &emit.names.prefix;
    let (params, offset) = match emit.options.trap_info {
        TrapInfo::None => ("_trap(u32 code) {", "WDN_NO_OFFSET"),
        _ => ("_trap(u32 code, u32 at) {", "at"),
    };
    match emit.options.trap {
        Trap::Abort => return,
        Trap::Longjmp => {
            line!(out, "void ", prefix, params);
            line!(out, "  wdn_one_trap(&", prefix, "_one, (wdn_trap_t)code, ", offset, ");");
        }
        Trap::Callback => {
            line!(out, "void ", prefix, params);
            line!(out, "  ", prefix, "_one.trap = (uint8_t)code;");
            line!(out, "  ", prefix, "_one.at = ", offset, ";");
            line!(out, "  ", prefix, "_one.state = WDN_POISONED;");
            line!(out, "  ", prefix, "_trapped((wdn_trap_t)code, ", offset, ");");
        }
    }
    line!(out, "  WDN_ABORT();");
    line!(out, "  WDN_UNREACHABLE();");
    line!(out, "}\n");
}

/// An exported function: as it is, and with traps caught.
fn exported(emit: &Emit<'_>, out: &mut Out, number: usize, func: u32) {
    let name = &emit.names.exports[number];
    let ty = emit.module.funcs[func as usize].ty;
    let types = &emit.module.types[ty as usize];
    emit.signature(out, name, ty, |out, i| put!(out, "a", i));
    put!(out, " {\n  ", if types.results.is_empty() { "" } else { "return " });
    put!(out, emit.names.funcs[func as usize], "(");
    for i in 0..types.params.len() {
        put!(out, if i > 0 { ", a" } else { "a" }, i);
    }
    put!(out, ");\n}\n\n");
    if emit.options.trap != Trap::Longjmp {
        return;
    }
    let body = [&emit.names.prefix, "_call", &number.to_string()].concat();
    let packed = !types.params.is_empty() || !types.results.is_empty();
    if packed {
        line!(out, "struct ", body, " {");
        for (i, param) in types.params.iter().enumerate() {
            line!(out, "  ", spaced(emit.c_type(*param)), "a", i, ";");
        }
        if !types.results.is_empty() {
            put!(out, "  ");
            emit.result_type(out, ty);
            put!(out, "result;\n");
        }
        line!(out, "};");
    }
    caught(emit, out, number, func, &body, packed);
}

/// Its arguments and its result travel in a struct.
fn caught(emit: &Emit<'_>, out: &mut Out, number: usize, func: u32, body: &str, packed: bool) {
    let ty = emit.module.funcs[func as usize].ty;
    let types = &emit.module.types[ty as usize];
    line!(out, "static void ", body, "(void *arg) {");
    if packed {
        line!(out, "  struct ", body, " *const call = arg;");
    } else {
        line!(out, "  (void)arg;");
    }
    put!(out, if types.results.is_empty() { "  " } else { "  call->result = " });
    put!(out, emit.names.funcs[func as usize], "(");
    for i in 0..types.params.len() {
        put!(out, if i > 0 { ", call->a" } else { "call->a" }, i);
    }
    put!(out, ");\n}\n");
    emit.try_signature(out, number, ty);
    put!(out, " {\n");
    let one = [&emit.names.prefix, "_one"].concat();
    if !packed {
        line!(out, "  return wdn_one_try(&", one, ", ", body, ", 0);");
        return put!(out, "}\n\n");
    }
    line!(out, "  struct ", body, " call;");
    if !types.results.is_empty() {
        line!(out, "  wdn_trap_t trap;");
    }
    for i in 0..types.params.len() {
        line!(out, "  call.a", i, " = a", i, ";");
    }
    if types.results.is_empty() {
        line!(out, "  return wdn_one_try(&", one, ", ", body, ", &call);");
    } else {
        line!(out, "  trap = wdn_one_try(&", one, ", ", body, ", &call);");
        line!(out, "  if (trap == WDN_OK)");
        line!(out, "    *result = call.result;");
        line!(out, "  return trap;");
    }
    put!(out, "}\n\n");
}

/// Prints the function that gives everything its first value.
fn contents(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    line!(out, "static void ", prefix, "_contents(void *arg) {");
    out.deeper();
    let groups = data::groups(module);
    let loops = |group: &Group<'_>| match group {
        Group::Constant(segments) => data::merged(segments).len() > FEW_SEGMENTS,
        Group::Computed(..) => false,
    };
    if groups.iter().any(loops) {
        line!(out, "u32 i, from;");
    }
    line!(out, "(void)arg;");
    if !module.memories.is_empty() && !module.memories[0].imported {
        line!(out, "memset(", prefix, "_memory, 0, ", prefix, "_memory_size);");
    }
    if emit.grows() {
        let memory = &module.memories[0];
        let declared = memory.limits.min << memory.page_log2;
        line!(out, "wdn_memory_reset(&", prefix, "_m0, ", declared, "u);");
    }
    for (i, global) in module.globals.iter().enumerate() {
        let changes = emit.has_place(i) && emit.constant_place(i).is_none();
        if let Some(init) = global.init.as_ref().filter(|_| changes) {
            out.begin();
            put!(out, prefix, "_", emit.names.globals[i], " = ");
            constant(emit, out, init);
            put!(out, ";\n");
        }
    }
    tables(emit, out);
    for (i, used) in module.uses.data.iter().enumerate() {
        if *used {
            let data = &module.data[i];
            let dropped = matches!(data.mode, Mode::Active { .. });
            let size = if dropped { 0 } else { data.bytes.len() };
            line!(out, prefix, "_data", i, "_size = ", size, "u;");
        }
    }
    for (number, group) in groups.iter().enumerate() {
        copy(emit, out, number, group);
    }
    line!(out, prefix, "_one.state = WDN_READY;");
    if let Some(start) = module.start {
        line!(out, emit.names.funcs[start as usize], "();");
    }
    out.shallower();
    line!(out, "}\n");
}

fn tables(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    for (i, table) in module.tables.iter().enumerate() {
        if emit.const_tables[i].is_none() {
            let name = [prefix, "_t", &i.to_string()].concat();
            line!(out, name, ".count = ", table.limits.min, "u;");
            line!(out, "memset(", name, "_elements, 0, sizeof ", name, "_elements);");
        }
    }
    for i in 0..module.elements.len() {
        init_element(emit, out, i);
    }
}

fn init_element(emit: &Emit<'_>, out: &mut Out, index: usize) {
    let prefix = &emit.names.prefix;
    let element = &emit.module.elements[index];
    let name = [prefix, "_element", &index.to_string()].concat();
    if emit.evaluated_element(index as u32) && is_needed(emit, index) {
        for (i, item) in element.items.iter().enumerate() {
            out.begin();
            put!(out, name, "[", i, "] = ");
            constant(emit, out, item);
            put!(out, ";\n");
        }
    }
    let size = element.items.len();
    match &element.mode {
        Mode::Active { target, offset } if emit.const_tables[*target as usize].is_none() => {
            let kind = if element.ty == Type::FuncRef { "func" } else { "extern" };
            out.begin();
            put!(out, "table_init_", kind, "(&", prefix, "_t", *target, ", ", name, ", ", size);
            put!(out, "u, ");
            constant(emit, out, offset);
            put!(out, ", 0, ", size, "u, ", at(element.at), ");\n");
        }
        _ => {}
    }
    if emit.module.uses.elements[index] {
        let size = if matches!(element.mode, Mode::Passive) { size } else { 0 };
        line!(out, name, "_size = ", size, "u;");
    }
}

/// Copies active segments. Those at constant addresses are known to fit.
fn copy(emit: &Emit<'_>, out: &mut Out, number: usize, group: &Group<'_>) {
    let prefix = &emit.names.prefix;
    match group {
        Group::Constant(segments) => {
            let name = [prefix, "_segments", &number.to_string()].concat();
            let merged = data::merged(segments);
            if merged.len() > FEW_SEGMENTS {
                line!(
                    out,
                    "for (i = 0, from = 0; i < sizeof ",
                    name,
                    " / sizeof ",
                    name,
                    "[0]; i++) {"
                );
                line!(
                    out,
                    "  memcpy(mem + ",
                    name,
                    "[i][0], ",
                    name,
                    "_bytes + from, ",
                    name,
                    "[i][1]);"
                );
                line!(out, "  from += ", name, "[i][1];");
                line!(out, "}");
                return;
            }
            let mut from = 0;
            for (to, size, _) in merged {
                if size > 0 {
                    line!(
                        out,
                        "memcpy(mem + ",
                        to,
                        ", ",
                        name,
                        "_bytes + ",
                        from,
                        ", ",
                        size,
                        ");"
                    );
                }
                from += size;
            }
        }
        Group::Computed(index, data) => {
            let Mode::Active { offset, .. } = &data.mode else { return };
            let size = data.bytes.len();
            out.begin();
            put!(out, "memory_init(mem, size, ", prefix, "_data", *index, ", ", size, "u, ");
            constant(emit, out, offset);
            put!(out, ", 0, ", size, "u, ", at(data.at), ");\n");
        }
    }
}

/// Does the table of a group's segments exist?
pub(super) fn has_loop(segments: &[(u32, &Data<'_>)]) -> bool {
    data::merged(segments).len() > FEW_SEGMENTS
}

fn init(emit: &Emit<'_>, out: &mut Out) {
    let prefix = &emit.names.prefix;
    line!(out, "wdn_trap_t ", prefix, "_init(void) {");
    if emit.options.trap == Trap::Longjmp {
        line!(out, "  ", prefix, "_one.state = WDN_READY;");
        line!(out, "  return wdn_one_try(&", prefix, "_one, ", prefix, "_contents, 0);");
    } else {
        line!(out, "  wdn_one_begin(&", prefix, "_one);");
        line!(out, "  ", prefix, "_contents(0);");
        line!(out, "  return WDN_OK;");
    }
    line!(out, "}");
}
