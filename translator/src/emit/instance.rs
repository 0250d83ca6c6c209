//! Instances: import wrappers, exports, initialisation and the descriptor.

use super::data::{self, Group};
use super::expr::Constant;
use super::header::MAX_TYPED_IMPORTS;
use super::out::{Out, line, put};
use super::{Emit, at};
use crate::ir::*;
use crate::ops::Spelling;
use std::collections::BTreeSet;

/// Prints type descriptors, constant tables and element segments, which the
/// functions refer to.
pub(super) fn tables(emit: &Emit<'_>, out: &mut Out) {
    if emit.is_one() {
        return super::one::variables(emit, out);
    }
    let prefix = &emit.names.prefix;
    let invoked = invoked_types(emit);
    for (i, ty) in emit.module.types.iter().enumerate() {
        let all: Vec<Type> = ty.params.iter().chain(&ty.results).copied().collect();
        if invoked.contains(&(i as u32)) {
            invoke(emit, out, i as u32, ty);
        }
        if !all.is_empty() {
            put!(out, "static const wdn_valtype_t ", prefix, "_types", i, "[] = {");
            for (j, ty) in all.iter().enumerate() {
                put!(out, if j == 0 { "" } else { ", " }, code(*ty));
            }
            put!(out, "};\n");
        }
        put!(out, emit.linkage(), "const wdn_functype_t ", prefix, "_type", i, " = {");
        put!(out, ty.params.len(), ", ", ty.results.len(), ", ");
        if all.is_empty() {
            put!(out, "0, ");
        } else {
            put!(out, prefix, "_types", i, ", ");
        }
        if invoked.contains(&(i as u32)) {
            put!(out, prefix, "_invoke", i, "};\n");
        } else {
            put!(out, "0};\n");
        }
    }
    line!(out);
    for (i, table) in emit.const_tables.iter().enumerate() {
        if let Some(entries) = table {
            const_table(emit, out, i, entries);
        }
    }
    for i in 0..emit.module.elements.len() {
        element(emit, out, i);
    }
}

/// The types of functions that may be called with unpacked arguments: of exports
/// and of whatever can become a reference.
fn invoked_types(emit: &Emit<'_>) -> BTreeSet<u32> {
    let module = emit.module;
    let exports = module.exports.iter().filter_map(|export| match export.item {
        Item::Func(func) => Some(func),
        _ => None,
    });
    let open = |element: &&Element| match element.mode {
        Mode::Active { target, .. } => emit.const_tables[target as usize].is_none(),
        _ => true,
    };
    let elements = module.elements.iter().filter(open).flat_map(|element| &element.items);
    let globals = module.globals.iter().filter_map(|global| global.init.as_ref());
    let tables = module.tables.iter().filter_map(|table| table.init.as_ref());
    let constants = elements.chain(globals).chain(tables).flatten();
    let references = constants.filter_map(|op| match op {
        ConstOp::Func(func) => Some(*func),
        _ => None,
    });
    exports.chain(references).map(|func| module.funcs[func as usize].ty).collect()
}

fn invoke(emit: &Emit<'_>, out: &mut Out, index: u32, ty: &FuncType) {
    let prefix = &emit.names.prefix;
    put!(out, "static void ", prefix, "_invoke", index);
    put!(out, "(wdn_code_t code, void *self, const wdn_value_t *args, wdn_value_t *results) {\n  ");
    match &ty.results[..] {
        [] => {}
        [one] => put!(out, "results[0].", member(*one), " = "),
        _ => {
            emit.result_type(out, index);
            put!(out, "all = ");
        }
    }
    put!(out, "((", prefix, "_sig", index, "_t)code)(self");
    for (i, param) in ty.params.iter().enumerate() {
        put!(out, ", args[", i, "].", member(*param));
    }
    put!(out, ");\n");
    if ty.results.len() > 1 {
        for (i, result) in ty.results.iter().enumerate() {
            line!(out, "  results[", i, "].", member(*result), " = all.r", i, ";");
        }
    }
    if ty.params.is_empty() {
        line!(out, "  (void)args;");
    }
    if ty.results.is_empty() {
        line!(out, "  (void)results;");
    }
    line!(out, "}");
}

/// The member of `wdn_value_t` that holds a type.
fn member(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::FuncRef => "func",
        Type::ExternRef => "ext",
    }
}

/// The constant of `wdn.h` for a type.
pub(super) fn code(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "WDN_I32",
        Type::I64 => "WDN_I64",
        Type::F32 => "WDN_F32",
        Type::F64 => "WDN_F64",
        Type::FuncRef => "WDN_FUNCREF",
        Type::ExternRef => "WDN_EXTERNREF",
    }
}

fn const_table(emit: &Emit<'_>, out: &mut Out, index: usize, entries: &[Option<u32>]) {
    put!(out, emit.linkage(), "const wdn_const_element_t ", emit.names.prefix, "_table", index);
    put!(out, "[", entries.len().max(1), "] = {\n");
    for entry in entries {
        match entry {
            Some(func) => {
                let ty = emit.module.funcs[*func as usize].ty + 1;
                line!(out, "  {(wdn_code_t)", emit.names.funcs[*func as usize], ", ", ty, "},");
            }
            None => line!(out, "  {0, 0},"),
        }
    }
    if entries.is_empty() {
        line!(out, "  {0, 0},");
    }
    line!(out, "};\n");
}

/// Is the segment's array needed: by an instruction, or to fill a table?
fn is_needed(emit: &Emit<'_>, index: usize) -> bool {
    let element = &emit.module.elements[index];
    let fills = match element.mode {
        Mode::Active { target, .. } => emit.const_tables[target as usize].is_none(),
        _ => false,
    };
    fills || emit.module.uses.elements[index]
}

fn element(emit: &Emit<'_>, out: &mut Out, index: usize) {
    if !is_needed(emit, index) || emit.evaluated_element(index as u32) {
        return;
    }
    let element = &emit.module.elements[index];
    let linkage = if emit.module.uses.elements[index] { emit.linkage() } else { "static " };
    put!(out, linkage, "const wdn_element_t ", emit.names.prefix, "_element", index, "[] = {\n");
    for item in &element.items {
        match item[..] {
            [ConstOp::Func(func)] => {
                let ty = emit.module.funcs[func as usize].ty;
                put!(out, "  {(wdn_code_t)", emit.names.funcs[func as usize], ", &");
                put!(out, emit.names.prefix, "_type", ty, "},\n");
            }
            _ => line!(out, "  {0, 0},"),
        }
    }
    if element.items.is_empty() {
        line!(out, "  {0, 0},");
    }
    line!(out, "};\n");
}

/// Prints everything else that makes an instance.
pub(super) fn instance(emit: &Emit<'_>, out: &mut Out) {
    if emit.is_one() {
        return super::one::instance(emit, out);
    }
    for index in 0..emit.module.imported_funcs() {
        import_wrapper(emit, out, index);
    }
    exports(emit, out);
    init(emit, out);
    super::descriptor::descriptor(emit, out);
    instantiate(emit, out);
}

/// An imported function, as functions of the module call it.
fn import_wrapper(emit: &Emit<'_>, out: &mut Out, index: usize) {
    let ty = emit.module.funcs[index].ty;
    let types = &emit.module.types[ty as usize];
    put!(out, emit.linkage());
    emit.signature(out, &emit.names.funcs[index], ty, |out, i| put!(out, "a", i));
    put!(out, " {\n");
    line!(out, "  ", emit.names.prefix, "_t *const I = self;");
    if !types.results.is_empty() {
        put!(out, "  ");
        emit.result_type(out, ty);
        put!(out, "result;\n");
    }
    line!(out, "  I->wdn.store->in_guest = I->f", index, ".in_guest;");
    put!(out, "  ", if types.results.is_empty() { "" } else { "result = " });
    put!(
        out,
        "((",
        emit.names.prefix,
        "_sig",
        ty,
        "_t)I->f",
        index,
        ".code)(I->f",
        index,
        ".instance"
    );
    for i in 0..types.params.len() {
        put!(out, ", a", i);
    }
    put!(out, ");\n");
    line!(out, "  I->wdn.store->in_guest = 1;");
    if !types.results.is_empty() {
        line!(out, "  return result;");
    }
    line!(out, "}\n");
}

fn exports(emit: &Emit<'_>, out: &mut Out) {
    for (export, name) in emit.module.exports.iter().zip(&emit.names.exports) {
        let Item::Func(func) = export.item else { continue };
        let ty = emit.module.funcs[func as usize].ty;
        emit.signature(out, name, ty, |out, i| put!(out, "a", i));
        let types = &emit.module.types[ty as usize];
        put!(out, " {\n  ", if types.results.is_empty() { "" } else { "return " });
        put!(out, emit.names.funcs[func as usize], "(self");
        for i in 0..types.params.len() {
            put!(out, ", a", i);
        }
        put!(out, ");\n}\n\n");
    }
}

fn memory(emit: &Emit<'_>, index: u32) -> String {
    let and = if emit.module.memories[index as usize].imported { "" } else { "&" };
    [and, "I->m", &index.to_string()].concat()
}

fn table(emit: &Emit<'_>, index: u32) -> String {
    let and = if emit.module.tables[index as usize].imported { "" } else { "&" };
    [and, "I->t", &index.to_string()].concat()
}

/// Prints a constant expression.
pub(super) fn constant(emit: &Emit<'_>, out: &mut Out, ops: &[ConstOp]) {
    // In postfix order; rendered from the end, an operand at a time.
    let mut stack: Vec<String> = Vec::new();
    for op in ops {
        let mut part = Out::default();
        match *op {
            ConstOp::I32(value) => put!(part, Constant(Type::I32, u64::from(value))),
            ConstOp::I64(value) => put!(part, Constant(Type::I64, value)),
            ConstOp::F32(bits) => put!(part, Constant(Type::F32, u64::from(bits))),
            ConstOp::F64(bits) => put!(part, Constant(Type::F64, bits)),
            ConstOp::Null(ty) => put!(part, Constant(ty, 0)),
            ConstOp::Func(func) => emit.func_value(&mut part, func),
            ConstOp::Global(global) => {
                emit.global(&mut part, global);
            }
            ConstOp::Binary(op) => {
                let b = stack.pop().unwrap_or_default();
                let a = stack.pop().unwrap_or_default();
                let Spelling::Infix(sign) = op.info().spelling else {
                    unreachable!("constant expressions only add, subtract and multiply");
                };
                put!(part, "(", a, " ", sign, " ", b, ")");
            }
        }
        stack.push(part.finish());
    }
    put!(out, stack.pop().unwrap_or_default());
}

/// Prints the function that gives globals, tables and memories their contents.
fn init(emit: &Emit<'_>, out: &mut Out) {
    let groups = data::groups(emit.module);
    line!(out, "static void ", emit.names.prefix, "_init(void *self) {");
    out.deeper();
    line!(out, emit.names.prefix, "_t *const I = self;");
    if groups.iter().any(|group| matches!(group, Group::Constant(_))) {
        line!(out, "u32 i, from;");
    }
    line!(out, "(void)I;");
    init_globals(emit, out);
    init_tables(emit, out);
    for (i, used) in emit.module.uses.data.iter().enumerate() {
        let data = &emit.module.data[i];
        if *used && matches!(data.mode, Mode::Passive) {
            line!(out, "I->data", i, "_size = ", data.bytes.len(), "u;");
        }
    }
    for (number, group) in groups.iter().enumerate() {
        match group {
            Group::Constant(segments) => {
                let target = target(&segments[0].1.mode);
                data::copy_group(emit, out, number, &memory(emit, target));
            }
            Group::Computed(index, data) => {
                let Mode::Active { target, offset } = &data.mode else { continue };
                let size = data.bytes.len();
                out.begin();
                put!(
                    out,
                    "memory_init(self, ",
                    memory(emit, *target),
                    ", ",
                    emit.names.prefix,
                    "_data"
                );
                put!(out, *index, ", ", size, "u, ");
                constant(emit, out, offset);
                put!(out, ", 0, ", size, "u, ", at(data.at), ");\n");
            }
        }
    }
    out.shallower();
    line!(out, "}\n");
}

fn target(mode: &Mode) -> u32 {
    if let Mode::Active { target, .. } = mode { *target } else { 0 }
}

fn init_globals(emit: &Emit<'_>, out: &mut Out) {
    for (i, global) in emit.module.globals.iter().enumerate() {
        if let Some(init) = &global.init {
            out.begin();
            put!(out, "I->", emit.names.globals[i], " = ");
            constant(emit, out, init);
            put!(out, ";\n");
        }
    }
}

fn init_tables(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    for (i, it) in module.tables.iter().enumerate() {
        if let Some(init) = &it.init {
            let kind = if it.element == Type::FuncRef { "func" } else { "extern" };
            out.begin();
            put!(out, "table_fill_", kind, "(self, ", table(emit, i as u32), ", 0, ");
            constant(emit, out, init);
            put!(out, ", ", it.limits.min, "u, 0);\n");
        }
    }
    for i in 0..module.elements.len() {
        init_element(emit, out, i);
    }
}

fn init_element(emit: &Emit<'_>, out: &mut Out, index: usize) {
    let element = &emit.module.elements[index];
    let size = element.items.len();
    let evaluated = emit.evaluated_element(index as u32);
    if evaluated && is_needed(emit, index) {
        for (i, item) in element.items.iter().enumerate() {
            out.begin();
            put!(out, "I->element", index, "[", i, "] = ");
            constant(emit, out, item);
            put!(out, ";\n");
        }
    }
    match &element.mode {
        Mode::Active { target, offset } if emit.const_tables[*target as usize].is_none() => {
            out.begin();
            let name = match (evaluated, element.ty) {
                (false, _) => "table_init",
                (true, Type::FuncRef) => "table_init_funcs",
                (true, _) => "table_init_externs",
            };
            put!(out, name, "(self, ", table(emit, *target), ", ");
            emit.element_array(out, index as u32);
            put!(out, ", ", size, "u, ");
            constant(emit, out, offset);
            put!(out, ", 0, ", size, "u, ", at(element.at), ");\n");
        }
        Mode::Passive if emit.module.uses.elements[index] => {
            line!(out, "I->element", index, "_size = ", size, "u;");
        }
        _ => {}
    }
}

fn instantiate(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    if module.imports.len() > MAX_TYPED_IMPORTS {
        return;
    }
    line!(out, "wdn_status_t ", prefix, "_instantiate(", prefix, "_t *instance,");
    line!(out, "    const ", prefix, "_imports_t *imports, const wdn_config_t *config,");
    line!(out, "    wdn_error_t *error) {");
    out.deeper();
    let count = module.imports.len();
    if count == 0 {
        line!(out, "(void)imports;");
        line!(out, "return wdn_instantiate(&", prefix, "_module, instance, 0, config, error);");
    } else {
        line!(out, "static const wdn_extern_t none;");
        line!(out, "wdn_extern_t externs[", count, "];");
        line!(out, "unsigned i;");
        line!(out, "for (i = 0; i < ", count, "; i++)\n    externs[i] = none;");
        for (i, import) in module.imports.iter().enumerate() {
            bind(emit, out, i, import);
        }
        line!(
            out,
            "return wdn_instantiate(&",
            prefix,
            "_module, instance, externs, config, error);"
        );
    }
    out.shallower();
    line!(out, "}");
}

fn bind(emit: &Emit<'_>, out: &mut Out, i: usize, import: &Import) {
    let module = emit.module;
    let member = &emit.names.imports[i];
    match import.item {
        Item::Func(func) => {
            let ty = module.funcs[func as usize].ty;
            line!(out, "externs[", i, "].kind = WDN_FUNC;");
            line!(out, "externs[", i, "].func.code = (wdn_code_t)imports->", member, ";");
            line!(out, "externs[", i, "].func.type = &", emit.names.prefix, "_type", ty, ";");
            let context = emit.names.context(&import.module);
            line!(out, "externs[", i, "].func.instance = imports->", context, ";");
        }
        Item::Table(_) => {
            line!(out, "externs[", i, "].kind = WDN_TABLE;");
            line!(out, "externs[", i, "].table = imports->", member, ";");
        }
        Item::Memory(_) => {
            line!(out, "externs[", i, "].kind = WDN_MEMORY;");
            line!(out, "externs[", i, "].memory = imports->", member, ";");
        }
        Item::Global(_) => {
            line!(out, "externs[", i, "].kind = WDN_GLOBAL;");
            line!(out, "externs[", i, "].global = imports->", member, ";");
            line!(
                out,
                "externs[",
                i,
                "].global_type = ",
                emit.names.prefix,
                "_import",
                i,
                "_type;"
            );
        }
    }
}
