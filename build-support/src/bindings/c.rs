//! `NAME_rs.c`: the frames of C between Rust and the guest.

use super::{Bound, FuncType, Function, Plan, Type, signature, wasi};
use std::fmt::Write;
use wardian::interface::{Interface, c_type, results_type};

/// Opens the file.
pub(super) fn notice(interface: &Interface) -> String {
    let name = &interface.name;
    format!(
        "/* Made by wardian-build; do not edit. What {name}.rs calls, and what calls it. */\n\
         #include \"{name}.h\"\n\n#include \"wdn_rust.h\"\n\n"
    )
}

/// The text of the file.
pub(super) fn file(plan: &Plan<'_>) -> String {
    let mut out = notice(plan.interface);
    if plan.uses_wasi() {
        out.push_str("#include \"wdn_wasi.h\"\n\n");
    }
    let name = &plan.interface.name;
    if plan.implemented().next().is_some() {
        functions(&mut out, plan);
    }
    let others = plan.imports.iter().filter(|it| it.bound != Bound::Wasi);
    others.for_each(|it| import(&mut out, it, plan.uses_wasi()));
    let _ = writeln!(out, "size_t wdn_rsm_{name}_size(void) {{\n  return sizeof({name}_t);\n}}\n");
    memory(&mut out, plan);
    callbacks(&mut out, plan);
    instantiate(&mut out, plan);
    plan.callable().for_each(|it| export(&mut out, it, plan.abort));
    out
}

/// The type of what a function returns.
fn result(types: &[Type]) -> String {
    match types {
        [] => "void".to_string(),
        [one] => c_type(*one).to_string(),
        many => results_type(many),
    }
}

/// `, uint32_t a0, float a1`.
fn params(types: &[Type]) -> String {
    types.iter().enumerate().map(|(i, ty)| format!(", {} a{i}", c_type(*ty))).collect()
}

/// `, uint64_t *r0`.
fn pointers(types: &[Type]) -> String {
    types.iter().enumerate().map(|(i, ty)| format!(", {} *r{i}", c_type(*ty))).collect()
}

/// `, a0, a1`.
fn args(count: usize) -> String {
    (0..count).map(|i| format!(", a{i}")).collect()
}

/// The struct of Rust's functions.
fn functions(out: &mut String, plan: &Plan<'_>) {
    out.push_str("/* The functions of the host, in Rust. */\ntypedef struct wdn_rs_functions {\n");
    for it in plan.implemented() {
        let (params, pointers) = (params(&it.ty.params), pointers(&it.ty.results));
        let _ = writeln!(out, "  uint32_t (*{})(void *host{params}{pointers});", it.c);
    }
    out.push_str("} wdn_rs_functions_t;\n\n");
}

/// A function that the guest calls.
fn import(out: &mut String, it: &Function<'_>, with_wasi: bool) {
    let attribute = match it.ty.results[..] {
        [Type::F32 | Type::F64] => "WDN_FLOAT_RESULT ",
        _ => "",
    };
    let (result, params) = (result(&it.ty.results), params(&it.ty.params));
    let _ = writeln!(out, "/* {} {} */", it.title, signature(it.ty));
    let _ =
        writeln!(out, "static {attribute}{result} wdn_rs_import_{}(void *self{params}) {{", it.c);
    if it.bound == Bound::Yes {
        forward(out, it, &result);
    } else {
        for i in 0..it.ty.params.len() {
            let _ = writeln!(out, "  (void)a{i};");
        }
        // Functions of one module have one context.
        let of_wasi = with_wasi && wasi(it.module, it.name).is_some();
        let instance = if of_wasi { "((wdn_wasi_t *)self)->instance" } else { "self" };
        let _ = writeln!(out, "  wdn_rs_unresolved({instance});");
        if result != "void" {
            let _ = writeln!(out, "  {{\n    static {result} none;\n    return none;\n  }}");
        }
    }
    out.push_str("}\n\n");
}

/// Calls Rust, and traps if it says so.
fn forward(out: &mut String, it: &Function<'_>, result: &str) {
    let results = &it.ty.results;
    out.push_str("  void *host = wdn_rs_host(self);\n");
    out.push_str("  const wdn_rs_functions_t *functions = wdn_rs_functions(host);\n");
    let single = results.len() == 1;
    match results.len() {
        0 => {}
        1 => drop(writeln!(out, "  {result} result = 0;")),
        _ => drop(writeln!(out, "  {result} result;")),
    }
    let places: String = match results.len() {
        1 => ", &result".to_string(),
        many => (0..many).map(|i| format!(", &result.r{i}")).collect(),
    };
    let args = args(it.ty.params.len());
    let _ = writeln!(out, "  if (functions->{}(host{args}{places}) != 0)", it.c);
    out.push_str("    wdn_trap_host(self, 1);\n");
    if single || !results.is_empty() {
        out.push_str("  return result;\n");
    }
}

/// Where the memory is, if there is one.
fn memory(out: &mut String, plan: &Plan<'_>) {
    let Some(memory) = plan.memory() else { return };
    let name = &plan.interface.name;
    let and = if memory.imported { "" } else { "&" };
    let _ = write!(
        out,
        "uint8_t *wdn_rsm_{name}_memory(const void *self, uint64_t *size) {{\n  \
           const wdn_memory_t *memory = {and}((const {name}_t *)self)->m0;\n  \
           *size = memory->size;\n  return memory->data;\n}}\n\n"
    );
}

/// What the host's functions in the table look like to the guest: one for each type.
fn callbacks(out: &mut String, plan: &Plan<'_>) {
    let name = &plan.interface.name;
    if plan.interface.host_slots.is_empty() {
        return;
    }
    let types: Vec<_> = plan.callback_types().collect();
    for (i, ty) in types.iter().enumerate() {
        callback(out, i, ty);
    }
    let _ = writeln!(out, "static const wdn_rs_callback_t wdn_rs_callbacks[] = {{");
    for (i, ty) in types.iter().enumerate() {
        let (params, results) = (ty.params.len(), ty.results.len());
        let _ = writeln!(
            out,
            "  {{{{{params}u, {results}u, wdn_rs_types{i}, 0}}, (wdn_code_t)wdn_rs_callback{i}}},"
        );
    }
    let _ = write!(
        out,
        "  {{{{0, 0, 0, 0}}, 0}},\n}};\n\n\
         bool wdn_rsm_{name}_set(void *self, uint32_t index, const uint8_t *types, uint32_t params,\n    \
             uint32_t results, wdn_rs_slot_t *slot) {{\n  \
           wdn_table_t *table = &(({name}_t *)self)->t0;\n  \
           return wdn_rs_set(self, table, index, wdn_rs_callbacks, {}u, types, params, results, slot);\n}}\n\n",
        types.len()
    );
}

fn callback(out: &mut String, number: usize, ty: &FuncType) {
    let code = |ty: &Type| match ty {
        Type::I32 => "WDN_I32",
        Type::I64 => "WDN_I64",
        Type::F32 => "WDN_F32",
        _ => "WDN_F64",
    };
    let codes: Vec<_> = ty.params.iter().chain(&ty.results).map(code).collect();
    // C has no empty arrays.
    let codes = if codes.is_empty() { "0".to_string() } else { codes.join(", ") };
    let attribute = match ty.results[..] {
        [Type::F32 | Type::F64] => "WDN_FLOAT_RESULT ",
        _ => "",
    };
    let (result, params) = (result(&ty.results), params(&ty.params));
    let _ = writeln!(out, "/* {} */", signature(ty));
    let _ = writeln!(out, "static const wdn_valtype_t wdn_rs_types{number}[] = {{{codes}}};");
    let _ =
        writeln!(out, "static {attribute}{result} wdn_rs_callback{number}(void *slot{params}) {{");
    let words = ty.params.len().max(ty.results.len()).max(1);
    if ty.results.len() > 1 {
        let _ = writeln!(out, "  {result} result;");
    }
    let _ = writeln!(out, "  uint64_t values[{words}];");
    for (i, ty) in ty.params.iter().enumerate() {
        let (before, after) = pack(*ty);
        let _ = writeln!(out, "  values[{i}] = {before}a{i}{after};");
    }
    out.push_str("  wdn_rs_call(slot, values);\n");
    match &ty.results[..] {
        [] => {}
        [one] => drop(writeln!(out, "  return {}values[0]);", unpack(*one))),
        many => {
            for (i, ty) in many.iter().enumerate() {
                let _ = writeln!(out, "  result.r{i} = {}values[{i}]);", unpack(*ty));
            }
            out.push_str("  return result;\n");
        }
    }
    out.push_str("}\n\n");
}

/// Makes a word of a value.
fn pack(ty: Type) -> (&'static str, &'static str) {
    match ty {
        Type::F32 => ("wdn_rs_from_f32(", ")"),
        Type::F64 => ("wdn_rs_from_f64(", ")"),
        _ => ("", ""),
    }
}

/// Makes a value of a word.
fn unpack(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "(uint32_t)(",
        Type::F32 => "wdn_rs_to_f32(",
        Type::F64 => "wdn_rs_to_f64(",
        _ => "(",
    }
}

fn instantiate(out: &mut String, plan: &Plan<'_>) {
    let name = &plan.interface.name;
    let wasi_state = if plan.uses_wasi() { ", void *wasi" } else { "" };
    let _ = write!(
        out,
        "uint32_t wdn_rsm_{name}_instantiate(void *self, void *host, void *store,\n    \
             const wdn_rs_limits_t *limits, wdn_rs_error_t *explained{wasi_state}) {{\n  wdn_config_t config;\n  wdn_error_t error;\n  \
           wdn_trap_t trap = WDN_OK;\n  wdn_status_t status;\n"
    );
    let given = if plan.imports.is_empty() { "NULL" } else { "&imports" };
    if !plan.imports.is_empty() {
        let _ = writeln!(out, "  {name}_imports_t imports;");
    }
    if plan.uses_wasi() {
        let _ = writeln!(out, "  wdn_wasi_attach(wasi, self, &{name}_module);");
    }
    let context = |it: &Function<'_>| {
        let of_wasi = plan.uses_wasi() && wasi(it.module, it.name).is_some();
        format!("  imports.{} = {};", it.context, if of_wasi { "wasi" } else { "self" })
    };
    let mut contexts: Vec<String> = plan.imports.iter().map(context).collect();
    contexts.sort_unstable();
    contexts.dedup();
    for context in contexts {
        let _ = writeln!(out, "{context}");
    }
    for it in &plan.imports {
        let function = match wardian_wasi::function(it.module, it.name) {
            Some((function, _)) if it.bound == Bound::Wasi => function,
            _ => format!("wdn_rs_import_{}", it.c),
        };
        let _ = writeln!(out, "  imports.{} = {function};", it.c);
    }
    let _ = writeln!(out, "  wdn_rs_configure(limits, host, store, &config);");
    let _ = writeln!(out, "  status = {name}_instantiate(self, {given}, &config, &error);");
    if let Some(initialize) = plan.initialize {
        let _ = writeln!(out, "  if (status == WDN_DONE)");
        let _ = writeln!(out, "    WDN_TRY(trap, self, {initialize}(self));");
    }
    out.push_str("  return (uint32_t)wdn_rs_finish(self, status, trap, &error, explained);\n}\n\n");
}

/// A function that Rust calls.
fn export(out: &mut String, it: &Function<'_>, abort: bool) {
    let (params, pointers) = (params(&it.ty.params), pointers(&it.ty.results));
    let call = format!("{}(self{})", it.c, args(it.ty.params.len()));
    let call = match it.ty.results.len() {
        0 => call,
        1 => format!("*r0 = {call}"),
        many => {
            let stores: String = (0..many).map(|i| format!("; *r{i} = results.r{i}")).collect();
            format!("results = {call}{stores}")
        }
    };
    let _ = writeln!(out, "uint32_t wdn_rsx_{}(void *self{params}{pointers}) {{", it.c);
    if it.ty.results.len() > 1 {
        let _ = writeln!(out, "  {} results;", result(&it.ty.results));
    }
    if abort {
        let _ = write!(
            out,
            "  wdn_rs_entry_t outer;\n  if (!wdn_rs_enter(self, &outer))\n    \
                 return WDN_TRAP_POISONED;\n  {call};\n  wdn_rs_leave(self, &outer);\n  \
               return WDN_OK;\n}}\n\n"
        );
        return;
    }
    let _ = writeln!(out, "  wdn_trap_t trap;\n  WDN_TRY(trap, self, {call});");
    out.push_str("  return (uint32_t)trap;\n}\n\n");
}
