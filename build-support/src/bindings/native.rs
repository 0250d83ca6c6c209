//! `NAME_rs.cc`: the same functions as `NAME_rs.c` has, but of the native library. C++, because
//! only its compiler can tell from the library's header which arguments are pointers.

use super::{Function, Plan, Type, signature};
use std::fmt::Write;
use wardian::interface::c_type;

/// The text of the file.
pub(super) fn file(plan: &Plan<'_>, header: &str) -> String {
    let name = &plan.interface.name;
    let slots = &plan.interface.host_slots;
    let mut out = format!(
        "// Made by wardian-build; do not edit. The native library behind {name}.rs: not sandboxed.\n\
         extern \"C\" {{\n#include \"{header}\"\n#include \"wdn_rust.h\"\n}}\n\
         #define WDN_RS_FIRST {}u\n#define WDN_RS_SLOTS {}\n\
         #include \"wdn_native.h\"\n\n",
        slots.start,
        slots.len(),
    );
    let _ = write!(
        out,
        "extern \"C\" size_t wdn_rsm_{name}_size(void) {{\n  return sizeof(wdn_native_instance);\n}}\n\n\
         extern \"C\" uint32_t wdn_rsm_{name}_instantiate(void *self, void *host, void *store,\n    \
             const wdn_rs_limits_t *, wdn_rs_error_t *) {{\n  \
           return wdn_native_instantiate(self, host, store);\n}}\n\n"
    );
    if !slots.is_empty() {
        let _ = write!(
            out,
            "extern \"C\" bool wdn_rsm_{name}_set(void *self, uint32_t index, const uint8_t *,\n    \
                 uint32_t params, uint32_t, wdn_rs_slot_t *slot) {{\n  \
               return wdn_native_set(self, index, params, slot);\n}}\n\n"
        );
    }
    plan.callable().for_each(|it| export(&mut out, it, !slots.is_empty(), plan.abort));
    out
}

fn export(out: &mut String, it: &Function<'_>, slots: bool, abort: bool) {
    let list = |types: &[Type], what: &str| -> String {
        types.iter().enumerate().map(|(i, ty)| format!(", {}{what}{i}", c_type(*ty))).collect()
    };
    let (params, results) = (list(&it.ty.params, " a"), list(&it.ty.results, " *r"));
    let args: Vec<_> = (0..it.ty.params.len()).map(|i| format!("wdn_native_pass(a{i})")).collect();
    let call = format!("::{}({})", it.name, args.join(", "));
    let call = match it.ty.results.first() {
        None => call,
        Some(ty) => format!("*r0 = wdn_native_give<{}>({call})", c_type(*ty)),
    };
    let _ = writeln!(
        out,
        "/* {} */\nextern \"C\" uint32_t wdn_rsx_{}(void *self{params}{results}) {{",
        signature(it.ty),
        it.c
    );
    // Only its functions of the host need to know which instance it is.
    let (enter, leave) = match slots {
        true => (
            "  wdn_native_instance *outer = wdn_native_enter(self);\n",
            "  wdn_native_current = outer;\n",
        ),
        false => ("", ""),
    };
    let _ = match abort {
        true => write!(out, "{enter}  (void)self;\n  {call};\n{leave}  return WDN_OK;\n}}\n\n"),
        false => write!(
            out,
            "  wdn_trap_t trap;\n{enter}  WDN_TRY(trap, self, {call});\n{leave}  return trap;\n}}\n\n"
        ),
    };
}
