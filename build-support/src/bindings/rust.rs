//! `NAME.rs`: what a host in Rust sees of a module.

use super::{Bound, Function, Plan, Type, signature};
use std::fmt::Write;
use wardian::interface::Interface;

/// The file for a module that has no bindings.
pub(super) fn refusal(interface: &Interface, obstacle: &str) -> String {
    format!(
        "{}compile_error!(\"the module `{}` has no Rust bindings: {obstacle}\");\n",
        notice(interface),
        interface.name
    )
}

fn notice(interface: &Interface) -> String {
    let hash: String = interface.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "// Made by wardian-build; do not edit. The sandboxed module `{}`, for hosts in Rust.\n\
         // SHA-256 of the module: {hash}\n\n",
        interface.name
    )
}

/// The text of the file.
pub(super) fn file(plan: &Plan<'_>) -> String {
    let mut out = notice(plan.interface);
    let _ =
        writeln!(out, "const _: () = ::wardian_rt::requires(\"{}\");\n", env!("CARGO_PKG_VERSION"));
    if plan.native.is_some() {
        out.push_str(
            "// NOT SANDBOXED: the native library takes the module's place. This needs the feature\n\
             // `noop` of wardian-rt.\n\
             const _: bool = ::wardian_rt::raw::NOOP;\n\n",
        );
    }
    left_out(&mut out, plan);
    module(&mut out, plan);
    if plan.uses_wasi() {
        instantiate(&mut out, plan);
    }
    exports(&mut out, plan);
    let with_imports = plan.implemented().next().is_some();
    if with_imports {
        imports(&mut out, plan);
    }
    externs(&mut out, plan);
    out
}

/// Says which functions are missing, and why.
fn left_out(out: &mut String, plan: &Plan<'_>) {
    let mut any = false;
    for it in plan.imports.iter().chain(&plan.exports) {
        let why = match it.bound {
            Bound::Yes | Bound::Wasi => continue,
            Bound::References => "references cannot be passed",
            Bound::Denied => "denied: calling it traps",
        };
        let _ = writeln!(out, "// Left out: {} {}: {why}.", it.title, signature(it.ty));
        any = true;
    }
    if any {
        out.push('\n');
    }
}

/// The type that stands for the module.
fn module(out: &mut String, plan: &Plan<'_>) {
    let name = &plan.interface.name;
    let implements = plan.implemented().next().is_some();
    let (extra, instantiate) = match plan.uses_wasi() {
        true => ("::wardian_wasi::State", "instantiate::<H>".to_string()),
        false => ("()", format!("wdn_rsm_{name}_instantiate")),
    };
    let memory = if plan.memory().is_none() { "None".into() } else { some(name, "memory") };
    let allocator = |function: Option<&str>| match function {
        Some(c) => format!("Some(wdn_rsx_{c})"),
        None => "None".to_string(),
    };
    let functions = match implements {
        false => "::core::ptr::null()".to_string(),
        true => "(&raw const *Functions::of::<H>()).cast()".to_string(),
    };
    let needs = needs(plan);
    let _ = write!(
        out,
        "/// An instance of the module. `H` is the host's state for it.\n\
         #[allow(dead_code)]\n\
         pub type Instance<H = ()> = ::wardian_rt::Instance<Module<H>>;\n\n\
         /// A guest that calls the host.\n\
         #[allow(dead_code)]\n\
         pub type Caller<'a, H = ()> = ::wardian_rt::Caller<'a, Module<H>>;\n\n\
         /// The module `{name}`, as a type.\n\
         pub struct Module<H = ()>(::core::marker::PhantomData<H>);\n\n\
         // SAFETY: the functions are those of the module, as C knows them.\n\
         #[allow(unsafe_code)]\n\
         unsafe impl<H{needs}> ::wardian_rt::Module for Module<H> {{\n    \
             type Host = H;\n    \
             type Exports<'a> = Exports<'a>;\n    \
             type Extra = {extra};\n    \
             const DESCRIPTION: ::wardian_rt::raw::Description = ::wardian_rt::raw::Description {{\n        \
                 size: wdn_rsm_{name}_size,\n        \
                 instantiate: {instantiate},\n        \
                 memory: {memory},\n        \
                 malloc: {},\n        \
                 free: {},\n        \
                 functions: {functions},\n        \
                 set: {},\n        \
                 native: {},\n        \
                 slots: {:?},\n    \
             }};\n    \
             fn exports(entry: ::wardian_rt::raw::Entry<'_>) -> Exports<'_> {{\n        \
                 Exports(entry)\n    \
             }}\n}}\n\n",
        allocator(plan.malloc),
        allocator(plan.free),
        if plan.interface.host_slots.is_empty() { "None".into() } else { some(name, "set") },
        plan.native.is_some(),
        plan.interface.host_slots,
    );
}

/// What the host's state has to be.
fn needs(plan: &Plan<'_>) -> &'static str {
    match (plan.implemented().next().is_some(), plan.uses_wasi()) {
        (true, _) => ": Imports",
        (false, true) => ": ::wardian_wasi::Host",
        (false, false) => "",
    }
}

/// Opens what the host grants by way of WASI, and then makes the instance.
fn instantiate(out: &mut String, plan: &Plan<'_>) {
    let _ = write!(
        out,
        "/// Opens what the host grants, for C.\n#[allow(unsafe_code)]\n\
         unsafe extern \"C\" fn instantiate<H{}>(guest: *mut ::core::ffi::c_void, host: *mut ::core::ffi::c_void, store: *mut ::core::ffi::c_void, limits: *const ::wardian_rt::raw::RawLimits, error: *mut ::wardian_rt::raw::RawError) -> u32 {{\n    \
             let open = |host: &mut H, state: &mut ::wardian_wasi::State| state.open(host.wasi());\n    \
             // SAFETY: it is called for an instance that is being made.\n    \
             unsafe {{\n        \
                 match ::wardian_rt::raw::open::<Module<H>, _>(host, error, open) {{\n            \
                     Ok(wasi) => wdn_rsm_{}_instantiate(guest, host, store, limits, error, wasi),\n            \
                     Err(status) => status,\n        \
                 }}\n    \
             }}\n}}\n\n",
        needs(plan),
        plan.interface.name,
    );
}

fn some(name: &str, what: &str) -> String {
    format!("Some(wdn_rsm_{name}_{what})")
}

fn rust_type(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "u32",
        Type::I64 => "u64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::FuncRef | Type::ExternRef => "()", // such functions are left out
    }
}

/// One type or a tuple, each as `wrap` says.
fn tuple(types: &[Type], wrap: impl Fn(&str) -> String) -> String {
    let each: Vec<_> = types.iter().map(|ty| wrap(rust_type(*ty))).collect();
    if each.len() == 1 { each.concat() } else { format!("({})", each.join(", ")) }
}

fn tainted(ty: &str) -> String {
    format!("::wardian_rt::Tainted<{ty}>")
}

/// Words with a number each, and commas between them.
fn list(count: usize, word: impl Fn(usize) -> String) -> String {
    (0..count).map(word).collect::<Vec<_>>().join(", ")
}

fn exports(out: &mut String, plan: &Plan<'_>) {
    out.push_str(
        "/// The functions of the guest.\n\
         pub struct Exports<'a>(::wardian_rt::raw::Entry<'a>);\n\n\
         #[allow(dead_code, non_snake_case, unsafe_code, clippy::too_many_arguments)]\n\
         impl Exports<'_> {\n",
    );
    plan.callable().for_each(|it| export(out, it));
    out.push_str("}\n\n");
}

fn export(out: &mut String, it: &Function<'_>) {
    let (params, results) = (&it.ty.params, &it.ty.results);
    let declared: String = params
        .iter()
        .enumerate()
        .map(|(i, ty)| format!(", a{i}: impl ::wardian_rt::Argument<{}>", rust_type(*ty)))
        .collect();
    let _ = write!(
        out,
        "    /// {} `{}`\n    pub fn {}(&mut self{declared}) -> Result<{}, ::wardian_rt::Trap> {{\n",
        it.title,
        signature(it.ty),
        it.rust,
        tuple(results, tainted),
    );
    for i in 0..params.len() {
        let _ = writeln!(out, "        let a{i} = a{i}.lower();");
    }
    for (i, ty) in results.iter().enumerate() {
        let zero = if matches!(ty, Type::F32 | Type::F64) { "0.0" } else { "0" };
        let _ = writeln!(out, "        let mut r{i}: {} = {zero};", rust_type(*ty));
    }
    let args: String = (0..params.len()).map(|i| format!(", a{i}")).collect();
    let places: String = (0..results.len()).map(|i| format!(", &mut r{i}")).collect();
    let _ = writeln!(out, "        // SAFETY: the function is the instance's own.");
    let _ = writeln!(
        out,
        "        unsafe {{ self.0.call(|guest| wdn_rsx_{}(guest{args}{places})) }}?;",
        it.c
    );
    let values = list(results.len(), |i| format!("::wardian_rt::Tainted::new(r{i})"));
    let values = if results.len() == 1 { values } else { format!("({values})") };
    let _ = writeln!(out, "        Ok({values})\n    }}\n");
}

fn imports(out: &mut String, plan: &Plan<'_>) {
    let of = if plan.uses_wasi() { "::wardian_wasi::Host + Sized" } else { "Sized" };
    let _ = write!(
        out,
        "/// What the module needs of its host: a function for each that it imports. They get\n\
         /// the guest that calls them, through which they reach the host's state, too.\n\
         #[allow(non_snake_case, clippy::too_many_arguments)]\n\
         pub trait Imports: {of} {{\n",
    );
    for it in plan.implemented() {
        let declared: String = it
            .ty
            .params
            .iter()
            .enumerate()
            .map(|(i, ty)| format!(", a{i}: {}", tainted(rust_type(*ty))))
            .collect();
        let _ = write!(
            out,
            "    /// {} `{}`\n    fn {}(caller: &mut Caller<'_, Self>{declared}) -> Result<{}, ::wardian_rt::Stop>;\n",
            it.title,
            signature(it.ty),
            it.rust,
            tuple(&it.ty.results, str::to_string),
        );
    }
    out.push_str("}\n\n/// What C calls for them.\n#[allow(non_snake_case)]\n#[repr(C)]\nstruct Functions {\n");
    for it in plan.implemented() {
        let _ = writeln!(out, "    {}: unsafe extern \"C\" fn({}) -> u32,", it.rust, c_params(it));
    }
    out.push_str(
        "}\n\nimpl Functions {\n    const fn of<H: Imports>() -> &'static Functions {\n        &Functions {\n",
    );
    for it in plan.implemented() {
        let _ = writeln!(out, "            {}: import_{}::<H>,", it.rust, it.c);
    }
    out.push_str("        }\n    }\n}\n\n");
    plan.implemented().for_each(|it| trampoline(out, it));
}

/// Types of what C passes for an import.
fn c_params(it: &Function<'_>) -> String {
    let mut types = vec!["*mut ::core::ffi::c_void".to_string()];
    types.extend(it.ty.params.iter().map(|ty| rust_type(*ty).to_string()));
    types.extend(it.ty.results.iter().map(|ty| format!("*mut {}", rust_type(*ty))));
    types.join(", ")
}

/// The function that C calls for an import.
fn trampoline(out: &mut String, it: &Function<'_>) {
    let (params, results) = (&it.ty.params, &it.ty.results);
    let mut declared = vec!["host: *mut ::core::ffi::c_void".to_string()];
    let param = |(i, ty): (usize, &Type)| format!("a{i}: {}", rust_type(*ty));
    declared.extend(params.iter().enumerate().map(param));
    let result = |(i, ty): (usize, &Type)| format!("r{i}: *mut {}", rust_type(*ty));
    declared.extend(results.iter().enumerate().map(result));
    let args: String =
        (0..params.len()).map(|i| format!(", ::wardian_rt::Tainted::new(a{i})")).collect();
    let given = list(results.len(), |i| format!("v{i}"));
    let given = if results.len() == 1 { given } else { format!("({given})") };
    let stores = list(results.len(), |i| format!("*r{i} = v{i}")).replace(", ", "; ");
    let _ = write!(
        out,
        "#[allow(non_snake_case, unsafe_code, clippy::too_many_arguments)]\n\
         unsafe extern \"C\" fn import_{}<H: Imports>({}) -> u32 {{\n    \
             let call = |caller: &mut Caller<'_, H>| H::{}(caller{args});\n    \
             // SAFETY: C calls this for a running guest, with room for the results.\n    \
             unsafe {{ ::wardian_rt::raw::import(host, call, |{given}| {{ {stores} }}) }}\n}}\n\n",
        it.c,
        declared.join(", "),
        it.rust,
    );
}

/// The C functions.
fn externs(out: &mut String, plan: &Plan<'_>) {
    let name = &plan.interface.name;
    let _ = write!(
        out,
        "#[allow(unsafe_code)]\nunsafe extern \"C\" {{\n    \
             fn wdn_rsm_{name}_size() -> usize;\n    \
             fn wdn_rsm_{name}_instantiate(guest: *mut ::core::ffi::c_void, host: *mut ::core::ffi::c_void, store: *mut ::core::ffi::c_void, limits: *const ::wardian_rt::raw::RawLimits, error: *mut ::wardian_rt::raw::RawError{}) -> u32;\n",
        if plan.uses_wasi() { ", wasi: *mut ::core::ffi::c_void" } else { "" }
    );
    if !plan.interface.host_slots.is_empty() {
        let _ = writeln!(
            out,
            "    fn wdn_rsm_{name}_set(guest: *mut ::core::ffi::c_void, index: u32, types: *const u8, params: u32, results: u32, slot: *mut ::wardian_rt::raw::RawSlot) -> bool;"
        );
    }
    if plan.memory().is_some() {
        let _ = writeln!(
            out,
            "    fn wdn_rsm_{name}_memory(guest: *const ::core::ffi::c_void, size: *mut u64) -> *mut u8;"
        );
    }
    for it in plan.callable() {
        let mut declared = vec!["guest: *mut ::core::ffi::c_void".to_string()];
        let param = |(i, ty): (usize, &Type)| format!("a{i}: {}", rust_type(*ty));
        declared.extend(it.ty.params.iter().enumerate().map(param));
        let result = |(i, ty): (usize, &Type)| format!("r{i}: *mut {}", rust_type(*ty));
        declared.extend(it.ty.results.iter().enumerate().map(result));
        let _ = writeln!(out, "    fn wdn_rsx_{}({}) -> u32;", it.c, declared.join(", "));
    }
    out.push_str("}\n");
}
