//! `NAME.h`: what a host sees of a module.

use super::func::c_type;
use super::out::{Out, line, put};
use super::{Emit, NOTICE, results_name};
use crate::ir::*;
use std::collections::BTreeSet;

/// The text of the header.
pub(super) fn header(emit: &Emit<'_>) -> String {
    if emit.is_one() {
        return super::one_header::header(emit);
    }
    let mut out = Out::default();
    let prefix = &emit.names.prefix;
    line!(out, "/* ", NOTICE, " */");
    line!(out, "/* Memory: ", emit.options.memory.name(), ". */");
    line!(out, "#ifndef WDN_MODULE_", prefix, "_H");
    line!(out, "#define WDN_MODULE_", prefix, "_H\n");
    line!(out, "#include \"wdn.h\"\n");
    line!(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
    results(emit, &mut out);
    instance(emit, &mut out);
    line!(out, "extern const wdn_module_t ", prefix, "_module;\n");
    imports(emit, &mut out);
    exports(emit, &mut out);
    line!(out, "#ifdef __cplusplus\n}\n#endif\n\n#endif");
    out.finish()
}

/// C's name of a type in a host's code.
pub(crate) fn host_type(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "uint32_t",
        Type::I64 => "uint64_t",
        Type::F32 => "float",
        Type::F64 => "double",
        Type::FuncRef | Type::ExternRef => c_type(ty),
    }
}

/// The structs that carry several results.
pub(super) fn results(emit: &Emit<'_>, out: &mut Out) {
    let many = emit.module.types.iter().map(|ty| &ty.results[..]).filter(|it| it.len() > 1);
    let distinct: BTreeSet<&[Type]> = many.collect();
    for results in distinct {
        let name = results_name(results);
        line!(out, "#ifndef WDN_RESULTS", name);
        line!(out, "#define WDN_RESULTS", name);
        line!(out, "typedef struct {");
        for (i, ty) in results.iter().enumerate() {
            let ty = if *ty == Type::FuncRef { emit.c_type(*ty) } else { host_type(*ty) };
            line!(out, "  ", ty, " r", i, ";");
        }
        line!(out, "} ", name, ";");
        line!(out, "#endif\n");
    }
}

fn instance(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    line!(out, "/* An instance: all that running the module can change. */");
    line!(out, "typedef struct ", emit.names.prefix, "_t {");
    line!(out, "  wdn_instance_t wdn;");
    for i in 0..module.imported_funcs() {
        line!(out, "  wdn_import_func_t f", i, ";");
    }
    for (i, memory) in module.memories.iter().enumerate() {
        line!(out, "  wdn_memory_t ", if memory.imported { "*" } else { "" }, "m", i, ";");
    }
    for (i, table) in module.tables.iter().enumerate() {
        if emit.const_tables[i].is_none() {
            line!(out, "  wdn_table_t ", if table.imported { "*" } else { "" }, "t", i, ";");
        }
    }
    for (i, global) in module.globals.iter().enumerate() {
        // Exports point at the member even where code uses the constant.
        let star = if global.imported { " *" } else { " " };
        line!(out, "  ", host_type(global.ty), star, emit.names.globals[i], ";");
    }
    for (i, used) in module.uses.data.iter().enumerate() {
        if *used {
            line!(out, "  uint32_t data", i, "_size;");
        }
    }
    elements(emit, out);
    line!(out, "} ", emit.names.prefix, "_t;\n");
}

fn elements(emit: &Emit<'_>, out: &mut Out) {
    for (i, element) in emit.module.elements.iter().enumerate() {
        if emit.module.uses.elements[i] {
            line!(out, "  uint32_t element", i, "_size;");
        }
        if emit.evaluated_element(i as u32) {
            let size = element.items.len().max(1);
            let ty = if element.ty == Type::FuncRef { "wdn_func_t " } else { "void *" };
            line!(out, "  ", ty, "element", i, "[", size, "];");
        }
    }
}

/// The most imports for which a typed struct is made: its function keeps them
/// all on the stack.
pub(super) const MAX_TYPED_IMPORTS: usize = 1000;

fn imports(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    if module.imports.len() > MAX_TYPED_IMPORTS {
        line!(out, "/* Too many imports for a struct: bind them through the descriptor. */\n");
        return;
    }
    line!(out, "/* What the module imports. A function of the host gets, as its first");
    line!(out, " * argument, the context of the module it is imported from. */");
    line!(out, "typedef struct ", prefix, "_imports {");
    for member in emit.names.contexts.values() {
        line!(out, "  void *", member, ";");
    }
    for (import, member) in module.imports.iter().zip(&emit.names.imports) {
        match import.item {
            Item::Func(func) => {
                put!(out, "  ");
                host_signature(
                    emit,
                    out,
                    module.funcs[func as usize].ty,
                    &["*", member].concat(),
                    true,
                );
                line!(out, ";");
            }
            Item::Table(_) => line!(out, "  wdn_table_t *", member, ";"),
            Item::Memory(_) => line!(out, "  wdn_memory_t *", member, ";"),
            Item::Global(global) => {
                let ty = host_type(module.globals[global as usize].ty);
                line!(out, "  ", ty, " *", member, ";");
            }
        }
    }
    if module.imports.is_empty() {
        line!(out, "  char none; /* C has no empty structs */");
    }
    line!(out, "} ", prefix, "_imports_t;\n");
    line!(out, "/* Makes an instance; see wdn_instantiate. `imports` is read only now. */");
    line!(out, "wdn_status_t ", prefix, "_instantiate(", prefix, "_t *instance,");
    line!(out, "    const ", prefix, "_imports_t *imports, const wdn_config_t *config,");
    line!(out, "    wdn_error_t *error);\n");
}

/// Prints a function's declarator with the types that hosts know.
fn host_signature(emit: &Emit<'_>, out: &mut Out, ty: u32, name: &str, pointer: bool) {
    let ty = &emit.module.types[ty as usize];
    let attribute = match ty.results[..] {
        [Type::F32 | Type::F64] => "WDN_FLOAT_RESULT ",
        _ => "",
    };
    if !pointer {
        put!(out, attribute);
    }
    match &ty.results[..] {
        [] => put!(out, "void "),
        [Type::ExternRef] => put!(out, "void *"),
        [one] => put!(out, host_type(*one), " "),
        many => put!(out, results_name(many), " "),
    }
    if pointer {
        put!(out, "(", attribute, name, ")(void *context");
    } else {
        put!(out, name, "(void *self");
    }
    for (i, param) in ty.params.iter().enumerate() {
        put!(
            out,
            ", ",
            host_type(*param),
            if *param == Type::ExternRef { "" } else { " " },
            "a",
            i
        );
    }
    put!(out, ")");
}

fn exports(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let prefix = &emit.names.prefix;
    if module.exports.iter().any(|it| matches!(it.item, Item::Func(_))) {
        line!(
            out,
            "/* Exported functions. `self` is the instance. Call them inside WDN_TRY, wdn_try"
        );
        line!(out, " * or a function that the guest called. */");
    }
    for (export, name) in module.exports.iter().zip(&emit.names.exports) {
        match export.item {
            Item::Func(func) => {
                host_signature(emit, out, module.funcs[func as usize].ty, name, false);
                line!(out, ";");
            }
            Item::Memory(index) => {
                let and = if module.memories[index as usize].imported { "" } else { "&" };
                accessor(out, prefix, "wdn_memory_t", name, &[and, "self->m", &index.to_string()]);
            }
            Item::Table(index) => {
                let and = if module.tables[index as usize].imported { "" } else { "&" };
                accessor(out, prefix, "wdn_table_t", name, &[and, "self->t", &index.to_string()]);
            }
            Item::Global(index) => {
                let global = &module.globals[index as usize];
                let and = if global.imported { "" } else { "&" };
                let member = &emit.names.globals[index as usize];
                accessor(out, prefix, host_type(global.ty), name, &[and, "self->", member]);
            }
        }
    }
    line!(out);
}

/// A function that gives the address of an exported thing.
fn accessor(out: &mut Out, prefix: &str, ty: &str, name: &str, value: &[&str]) {
    line!(out, "static inline ", ty, " *", name, "(", prefix, "_t *self) {");
    line!(out, "  return ", value.concat(), ";");
    line!(out, "}");
}
