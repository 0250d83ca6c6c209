//! Rust bindings of a module: from its interface to the text of two files, and nothing else.
//!
//! `NAME.rs` declares and wraps; `NAME_rs.c` is what it calls. A call from Rust is a C
//! function that gives the number of the trap, if there was one, and results through
//! pointers; a call from the guest goes through a C function that calls a Rust one, which
//! gives other than 0 if the guest has to stop. So neither a trap nor a panic ever passes
//! through a frame of the other language.
//!
//! Their names begin with `wdn_rsx_` and the export's name in C, others of the module's with
//! `wdn_rsm_`, and what all modules use with `wdn_rs_`: a guest chooses its exports' names.
//!
//! `NAME_rs.cc` stands in for all the C if a native library is to take the module's place.

mod c;
mod native;
mod rust;

use std::collections::HashSet;
use wardian::interface::{Extern, Interface, MemoryType};
use wardian::ir::{FuncType, Type};

/// The text of the two files.
pub(crate) struct Bindings {
    /// `NAME.rs`.
    pub(crate) rust: String,
    /// `NAME_rs.c` or, of a native library, `NAME_rs.cc`.
    pub(crate) c: String,
}

/// What a build script chooses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// Modules whose imports trap when they are called.
    pub(crate) denied: Vec<String>,
    /// Whether a trap ends the program.
    pub(crate) abort: bool,
    /// The header of the native library that takes the module's place.
    pub(crate) native: Option<String>,
    /// Whether WASI's functions are those of `wardian-wasi`.
    pub(crate) wasi: bool,
    /// Whether there is one instance only, which is no value.
    pub(crate) one: bool,
}

/// Prints the bindings.
pub(crate) fn generate(interface: &Interface, settings: &Settings) -> Bindings {
    let plan = Plan::new(interface, settings);
    let one = "there is one instance of it, which C alone can call";
    match settings.one.then(|| one.to_string()).or_else(|| plan.obstacle(interface)) {
        None if plan.native.is_some() => {
            let header = plan.native.unwrap_or_default();
            Bindings { rust: rust::file(&plan), c: native::file(&plan, header) }
        }
        Some(obstacle) => Bindings {
            rust: rust::refusal(interface, &obstacle),
            c: format!("{}typedef int wdn_rs_nothing;\n", c::notice(interface)),
        },
        None => Bindings { rust: rust::file(&plan), c: c::file(&plan) },
    }
}

/// What is printed, in both files.
struct Plan<'a> {
    interface: &'a Interface,
    abort: bool,
    native: Option<&'a str>,
    exports: Vec<Function<'a>>,
    imports: Vec<Function<'a>>,
    /// C functions of the guest's allocator.
    malloc: Option<&'a str>,
    free: Option<&'a str>,
    /// The function that a module wants to be called first.
    initialize: Option<&'a str>,
}

/// A function that crosses the border.
struct Function<'a> {
    /// The name in Rust.
    rust: String,
    /// The name in C: of the function, or of the member of the imports.
    c: &'a str,
    /// The name in the module; of an import, the second.
    name: &'a str,
    /// Of an import: the first name.
    module: &'a str,
    /// Of an import: the member that is its context.
    context: &'a str,
    /// What the module calls it.
    title: String,
    ty: &'a FuncType,
    bound: Bound,
}

/// Whether Rust sees a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    Yes,
    /// It has parameters or results that are references.
    References,
    /// The build script said that calls are to trap.
    Denied,
    /// It is one of WASI's, in C.
    Wasi,
}

impl<'a> Plan<'a> {
    fn new(interface: &'a Interface, settings: &'a Settings) -> Plan<'a> {
        let mut taken = HashSet::new();
        let imports = interface.imports.iter().filter_map(|it| {
            let Extern::Func(ty) = &it.ty else { return None };
            let bound = match wasi(&it.module, &it.name) {
                _ if settings.denied.contains(&it.module) => Bound::Denied,
                Some(Some(_)) if settings.native.is_some() && settings.wasi => Bound::Denied,
                Some(Some(wanted)) if settings.wasi && wanted == codes(ty) => Bound::Wasi,
                Some(_) if settings.wasi => Bound::Denied,
                _ => bound(ty),
            };
            let title = format!("{} {}", quoted(&it.module), quoted(&it.name));
            let rust = identifier(&format!("{}_{}", it.module, it.name), &mut taken);
            Some(Function {
                rust,
                c: &it.c_name,
                name: &it.name,
                module: &it.module,
                context: &it.c_context,
                title,
                ty,
                bound,
            })
        });
        let imports = imports.collect();
        let mut taken = HashSet::new();
        let mut plan = Plan {
            interface,
            abort: settings.abort,
            native: settings.native.as_deref(),
            exports: Vec::new(),
            imports,
            malloc: None,
            free: None,
            initialize: None,
        };
        for export in &interface.exports {
            let Extern::Func(ty) = &export.ty else { continue };
            let c: &str = &export.c_name;
            match (&export.name[..], &ty.params[..], &ty.results[..]) {
                ("_initialize", [], []) => {
                    plan.initialize = Some(c);
                    continue;
                }
                ("malloc", [Type::I32], [Type::I32]) => plan.malloc = Some(c),
                ("free", [Type::I32], []) => plan.free = Some(c),
                _ => {}
            }
            let rust = identifier(&export.name, &mut taken);
            let title = quoted(&export.name);
            plan.exports.push(Function {
                rust,
                c,
                name: &export.name,
                module: "",
                context: "",
                title,
                ty,
                bound: bound(ty),
            });
        }
        plan
    }

    /// Why there are no bindings for this module.
    fn obstacle(&self, interface: &Interface) -> Option<String> {
        let other = interface.imports.iter().find(|it| !matches!(it.ty, Extern::Func(_)));
        if let Some(import) = other {
            let (what, module, name) = (kind(&import.ty), &import.module, &import.name);
            return Some(format!("it imports the {what} {} {}", quoted(module), quoted(name)));
        }
        if let Some(import) = self.native.and(self.implemented().next()) {
            return Some(format!(
                "its host's functions, like {}, are not in the native library",
                import.title
            ));
        }
        // The header has no struct of so many.
        (interface.imports.len() > 1000).then(|| "it has more than 1000 imports".to_string())
    }

    /// The imports that the host implements.
    fn implemented(&self) -> impl Iterator<Item = &Function<'a>> {
        self.imports.iter().filter(|it| it.bound == Bound::Yes)
    }

    /// Does the module use WASI's functions in C? Their state is a part of an instance then.
    fn uses_wasi(&self) -> bool {
        self.imports.iter().any(|it| it.bound == Bound::Wasi)
    }

    /// The types that functions of the host in a table can have.
    fn callback_types(&self) -> impl Iterator<Item = &'a FuncType> {
        self.interface.types.iter().filter(|ty| bound(ty) == Bound::Yes)
    }

    /// The exports that the host can call.
    fn callable(&self) -> impl Iterator<Item = &Function<'a>> {
        self.exports.iter().filter(|it| it.bound == Bound::Yes)
    }

    /// Where the guest's memory is; a native library's is everywhere.
    fn memory(&self) -> Option<&'a MemoryType> {
        self.interface.memories.first().filter(|_| self.native.is_none())
    }
}

fn kind(ty: &Extern) -> &'static str {
    match ty {
        Extern::Func(_) => "function",
        Extern::Table => "table",
        Extern::Memory => "memory",
        Extern::Global(..) => "global",
    }
}

/// For a module of WASI's, the types of its function of that name, if it has one.
fn wasi(module: &str, name: &str) -> Option<Option<&'static str>> {
    let is = [wardian_wasi::MODULE, wardian_wasi::MODULE_0].contains(&module);
    is.then(|| wardian_wasi::function(module, name).map(|(_, types)| types))
}

/// Types as `wardian-wasi` writes them.
fn codes(ty: &FuncType) -> String {
    let code = |ty: &Type| match ty {
        Type::I32 => 'i',
        Type::I64 => 'I',
        _ => '?',
    };
    ty.params.iter().map(code).chain([':']).chain(ty.results.iter().map(code)).collect()
}

fn bound(ty: &FuncType) -> Bound {
    let reference = |ty: &Type| matches!(ty, Type::FuncRef | Type::ExternRef);
    if ty.params.iter().chain(&ty.results).any(reference) { Bound::References } else { Bound::Yes }
}

/// A name of the module's for a comment: nothing in it can end the comment.
fn quoted(name: &str) -> String {
    let safe = |c: char| c.is_ascii_graphic() && !"`*/\\".contains(c) || c == ' ';
    let text: String = name.chars().map(|c| if safe(c) { c } else { '?' }).take(120).collect();
    format!("`{text}`")
}

/// The type as people write it.
fn signature(ty: &FuncType) -> String {
    let list = |types: &[Type]| types.iter().map(|ty| ty.name()).collect::<Vec<_>>().join(", ");
    match &ty.results[..] {
        [] => format!("({})", list(&ty.params)),
        [one] => format!("({}) -> {}", list(&ty.params), one.name()),
        many => format!("({}) -> ({})", list(&ty.params), list(many)),
    }
}

/// A name that Rust can take, which no other function has.
fn identifier(name: &str, taken: &mut HashSet<String>) -> String {
    let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut name: String = name.chars().take(120).map(clean).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        name.insert(0, '_');
    }
    if name.bytes().all(|byte| byte == b'_') || KEYWORDS.contains(&&name[..]) {
        name.push('_');
    }
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// Of all editions. `r#` would do for most, but reads worse.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::{Settings, generate, identifier, quoted};
    use std::collections::HashSet;

    fn bindings(wat: &str) -> super::Bindings {
        let wasm = wat::parse_str(wat).expect("a module");
        let options = wardian::Options { name: "app".to_string(), ..Default::default() };
        let interface = wardian::interface::describe(&wasm, &options).expect("valid");
        generate(
            &interface,
            &Settings { denied: vec!["denied".to_string()], ..Settings::default() },
        )
    }

    #[test]
    fn names_are_rusts_and_distinct() {
        let mut taken = HashSet::new();
        let names = ["add", "type", "type_", "1st", "_1st", "_", "self", "a-b", "a.b"];
        let made: Vec<_> = names.iter().map(|name| identifier(name, &mut taken)).collect();
        assert_eq!(made, ["add", "type_", "type__", "_1st", "_1st_", "__", "self_", "a_b", "a_b_"]);
    }

    #[test]
    fn comments_do_not_end() {
        assert_eq!(quoted("a*/\n`b"), "`a?????b`".replacen("?????", "????", 1));
    }

    #[test]
    fn what_is_left_out_is_named() {
        let made = bindings(
            r#"(module (import "denied" "a" (func (result f32)))
                (import "env" "b" (func (param externref)))
                (func (export "c") (param funcref)) (func (export "d")))"#,
        );
        for part in ["pub fn d(", "`denied` `a`", "`env` `b`", "`c`"] {
            assert!(made.rust.contains(part), "no {part} in\n{}", made.rust);
        }
        assert!(!made.rust.contains("fn env_b") && !made.rust.contains("pub fn c("));
        assert!(made.c.contains("imports.denied_a = "), "{}", made.c);
    }

    #[test]
    fn functions_of_wasi_are_bound_by_type() {
        let wat = r#"(module
            (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_sync" (func (param i64) (result i32)))
            (import "wasi_snapshot_preview1" "none" (func))
            (import "host" "fd_close" (func (param i32) (result i32)))
            (memory (export "memory") 1))"#;
        let wasm = wat::parse_str(wat).expect("a module");
        let options = wardian::Options { name: "app".to_string(), ..Default::default() };
        let interface = wardian::interface::describe(&wasm, &options).expect("valid");
        let made = generate(&interface, &Settings { wasi: true, ..Settings::default() });
        for line in [
            "imports.wasi_snapshot_preview1 = wasi;",
            "imports.host = self;",
            "imports.wasi_snapshot_preview1_fd_close = wdn_wasi_fd_close;",
            "imports.wasi_snapshot_preview1_fd_sync = wdn_rs_import_",
            "imports.host_fd_close = wdn_rs_import_host_fd_close;",
            "wdn_rs_unresolved(((wdn_wasi_t *)self)->instance);",
        ] {
            assert!(made.c.contains(line), "no `{line}` in {}", made.c);
        }
        assert!(made.rust.contains("pub trait Imports: ::wardian_wasi::Host + Sized"));
        assert!(made.rust.contains("Left out: `wasi_snapshot_preview1` `fd_sync` (i64) -> i32: "));
        // Without it, they are the host's like any other.
        let made = generate(&interface, &Settings::default());
        assert!(!made.c.contains("wasi.h") && made.rust.contains("fn host_fd_close"));
        assert!(made.rust.contains("fn wasi_snapshot_preview1_fd_close"), "{}", made.rust);
    }

    #[test]
    fn a_native_library_has_the_same_functions() {
        let wat = r#"(module (import "denied" "a" (func)) (memory 1)
            (func (export "add") (param i32 i32) (result i32) i32.const 0))"#;
        let wasm = wat::parse_str(wat).expect("a module");
        let options = wardian::Options { name: "app".to_string(), ..Default::default() };
        let interface = wardian::interface::describe(&wasm, &options).expect("valid");
        let denied = vec!["denied".to_string()];
        let native = Settings { native: Some("add.h".to_string()), denied, ..Settings::default() };
        let (native, guest) = (generate(&interface, &native), bindings(wat));
        let call = "wdn_rsx_app_add(void *self, uint32_t a0, uint32_t a1, uint32_t *r0) {";
        assert!(native.c.contains(call) && guest.c.contains(call), "{}", native.c);
        assert!(native.c.contains("#include \"add.h\""), "{}", native.c);
        assert!(native.rust.contains("NOT SANDBOXED") && !guest.rust.contains("SANDBOXED"));
    }

    #[test]
    fn a_module_of_one_instance_is_refused_in_words() {
        let wasm = wat::parse_str("(module (memory 1))").expect("a module");
        let interface = wardian::interface::describe(&wasm, &Default::default()).expect("valid");
        let made = generate(&interface, &Settings { one: true, ..Settings::default() });
        assert!(made.rust.contains("compile_error!"), "{}", made.rust);
        assert!(!made.c.contains("instantiate"), "{}", made.c);
    }

    #[test]
    fn an_imported_memory_is_refused_in_words() {
        let made = bindings(r#"(module (import "env" "memory" (memory 1)))"#);
        assert!(made.rust.contains("compile_error!"), "{}", made.rust);
        assert!(made.rust.contains("imports the memory `env` `memory`"), "{}", made.rust);
    }
}
