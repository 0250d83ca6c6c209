//! `NAME.h` of a module of one instance.

use super::header::{host_type, results};
use super::out::{Out, line, put};
use super::{Emit, NOTICE, results_name};
use crate::ir::*;
use crate::options::Trap;

/// The text of the header.
pub(super) fn header(emit: &Emit<'_>) -> String {
    let mut out = Out::default();
    let prefix = &emit.names.prefix;
    line!(out, "/* ", NOTICE, " */");
    line!(out, "/* ", emit.options.text(), " */");
    line!(out, "#ifndef WDN_MODULE_", prefix, "_H");
    line!(out, "#define WDN_MODULE_", prefix, "_H\n");
    line!(out, "#include \"wdn_one.h\"\n");
    line!(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
    results(emit, &mut out);
    state(emit, &mut out);
    if !emit.module.memories.is_empty() {
        memory(emit, &mut out);
    }
    imports(emit, &mut out);
    functions(emit, &mut out);
    globals(emit, &mut out);
    line!(out, "#ifdef __cplusplus\n}\n#endif\n\n#endif");
    out.finish()
}

fn state(emit: &Emit<'_>, out: &mut Out) {
    let prefix = &emit.names.prefix;
    line!(out, "/* All that is not in the variables below. */");
    line!(out, "extern wdn_one_t ", prefix, "_one;\n");
    line!(out, "/* Gives memory, globals and tables their first contents and runs the start");
    line!(out, " * function, if there is one; again makes everything new. */");
    line!(out, "wdn_trap_t ", prefix, "_init(void);\n");
    if emit.options.trap == Trap::Callback {
        line!(out, "/* The host's: a trap calls it, and it must not return. Before the module is");
        line!(out, " * entered again: ", prefix, "_init, or wdn_one_begin. */");
        line!(out, "void ", prefix, "_trapped(wdn_trap_t code, uint32_t at);\n");
    }
}

fn memory(emit: &Emit<'_>, out: &mut Out) {
    let prefix = &emit.names.prefix;
    let memory = [prefix, "_memory"].concat();
    line!(out, "/* The memory, of so many bytes. */");
    line!(out, "#define ", memory, "_size ", emit.array(), "u");
    line!(out, "extern WDN_ALIGNED uint8_t ", memory, "[", emit.array().max(1), "];");
    if emit.grows() {
        line!(out, "extern wdn_memory_t ", prefix, "_m0;");
    }
    line!(out, "/* `size` bytes at a guest's address, or NULL if any of them is outside. */");
    line!(out, "static inline uint8_t *", memory, "_at(uint32_t address, uint32_t size) {");
    let limit = match emit.grows() {
        true => ["(uint32_t)", prefix, "_m0.size"].concat(),
        false => [&memory, "_size"].concat(),
    };
    line!(out, "  const uint32_t limit = ", limit, ";");
    line!(
        out,
        "  return size <= limit && address <= limit - size ? ",
        memory,
        " + address : NULL;"
    );
    line!(out, "}");
    line!(out, "/* The same for functions of WASI. */");
    line!(out, "static inline const wdn_memory_t *", memory, "_view(void) {");
    if emit.grows() {
        line!(out, "  return &", prefix, "_m0;");
    } else {
        put!(out, "  static const wdn_memory_t view = {", memory, ", ", memory, "_size, ");
        put!(out, memory, "_size, {0, 0, false}, false, 0, 0, 0};\n");
        line!(out, "  return &view;");
    }
    line!(out, "}\n");
}

/// The type of a host's parameter or result.
fn ty(emit: &Emit<'_>, it: Type) -> &'static str {
    match it {
        Type::FuncRef | Type::ExternRef => emit.c_type(it),
        number => host_type(number),
    }
}

impl Emit<'_> {
    /// Prints parameters in parentheses, and maybe a place for the result.
    fn host_params(&self, out: &mut Out, params: &[Type], result: Option<&str>) {
        put!(out, "(");
        for (i, param) in params.iter().enumerate() {
            let star = if *param == Type::ExternRef { "" } else { " " };
            put!(out, if i > 0 { ", " } else { "" }, ty(self, *param), star, "a", i);
        }
        match result {
            Some(result) => {
                put!(out, if params.is_empty() { "" } else { ", " }, result, " *result");
            }
            None if params.is_empty() => put!(out, "void"),
            None => {}
        }
        put!(out, ")");
    }

    fn host_result(&self, results: &[Type]) -> String {
        match results {
            [] => "void".to_string(),
            [one] => ty(self, *one).to_string(),
            many => results_name(many),
        }
    }

    /// Prints the declarator of an export that catches traps.
    pub(super) fn try_signature(&self, out: &mut Out, number: usize, ty: u32) {
        let prefix = &self.names.prefix;
        let name = &self.names.exports[number][prefix.len() + 1..];
        let types = &self.module.types[ty as usize];
        let result = self.host_result(&types.results);
        put!(out, "wdn_trap_t ", prefix, "_try_", name);
        let result = Some(&result[..]).filter(|_| !types.results.is_empty());
        self.host_params(out, &types.params, result);
    }

    fn host_declarator(&self, out: &mut Out, name: &str, ty: u32) {
        let types = &self.module.types[ty as usize];
        let result = self.host_result(&types.results);
        put!(out, super::float_result(types), result, if result.ends_with('*') { "" } else { " " });
        put!(out, name);
        self.host_params(out, &types.params, None);
    }
}

fn imports(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let any = module.imports.iter().any(|it| !matches!(it.item, Item::Memory(_)));
    if any {
        line!(out, "/* What the module imports: to be defined by the host. */");
    }
    for (import, name) in module.imports.iter().zip(&emit.names.imports) {
        match import.item {
            Item::Func(func) => {
                emit.host_declarator(out, name, module.funcs[func as usize].ty);
                put!(out, ";\n");
            }
            Item::Global(global) => {
                let it = ty(emit, module.globals[global as usize].ty);
                line!(out, "extern ", it, if it.ends_with('*') { "" } else { " " }, name, ";");
            }
            Item::Memory(_) | Item::Table(_) => {}
        }
    }
    put!(out, if any { "\n" } else { "" });
}

fn functions(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let funcs = || {
        module.exports.iter().enumerate().filter_map(|(i, export)| match export.item {
            Item::Func(func) => Some((i, module.funcs[func as usize].ty)),
            _ => None,
        })
    };
    if emit.options.trap == Trap::Longjmp && funcs().next().is_some() {
        line!(out, "/* Exported functions: WDN_OK and a result, or the trap that ended it. */");
        for (i, ty) in funcs() {
            emit.try_signature(out, i, ty);
            put!(out, ";\n");
        }
        line!(
            out,
            "\n/* The same for functions that the module has called, and in wdn_one_try. */"
        );
    } else if funcs().next().is_some() {
        line!(out, "/* Exported functions. */");
    }
    for (i, ty) in funcs() {
        emit.host_declarator(out, &emit.names.exports[i], ty);
        put!(out, ";\n");
    }
    put!(out, if funcs().next().is_some() { "\n" } else { "" });
}

fn globals(emit: &Emit<'_>, out: &mut Out) {
    let module = emit.module;
    let mut declared = Vec::new();
    for (export, name) in module.exports.iter().zip(&emit.names.exports) {
        let Item::Global(index) = export.item else { continue };
        let global = &module.globals[index as usize];
        let it = ty(emit, global.ty);
        let space = if it.ends_with('*') { "" } else { " " };
        let mut place = Out::default();
        emit.global(&mut place, index);
        let place = place.finish();
        if !global.imported && !declared.contains(&index) {
            declared.push(index);
            let constant = emit.constant_place(index as usize).is_some();
            line!(out, "extern ", if constant { "const " } else { "" }, it, space, place, ";");
        }
        // It is the global that is constant, and not what a reference refers to.
        let (before, after) = match (global.mutable, global.ty) {
            (true, _) => ("", space),
            (false, Type::ExternRef) => ("", "const "),
            (false, _) => ("const ", space),
        };
        line!(out, "static inline ", before, it, after, "*", name, "(void) {");
        line!(out, "  return &", place, ";");
        line!(out, "}");
    }
    put!(out, if declared.is_empty() { "" } else { "\n" });
}
