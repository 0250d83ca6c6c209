//! Makes a module with WASI imports a program: which import is bound to what,
//! and the C file with `main` that says so.
//!
//! Imports are bound by descriptor, in the module's order, so the names that the
//! header gives them do not matter here. WASI's functions are declared once more,
//! with the types that the module has, so that the C compiler compares them.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::Path;

use wardian::inspect::{self, Extern, Import};

use super::Job;
use super::diagnostic::{Code, Diagnostic, Result};

/// What an import of a program is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// The WASI function of that name.
    Wasi,
    /// Nothing, and why.
    Missing(&'static str),
}

/// What a module imports; errors name `file`.
pub(crate) fn imports(wasm: &[u8], file: &str) -> Result<Vec<Import>> {
    inspect::imports(wasm).map_err(|error| Diagnostic::module(file, error))
}

/// Does it import anything of WASI?
pub(crate) fn imports_wasi(wasm: &[u8], file: &str) -> Result<bool> {
    Ok(imports(wasm, file)?.iter().any(|it| is_wasi(&it.module)))
}

/// Finds what programs offer for an import.
pub(crate) fn bind(import: &Import) -> Binding {
    let Extern::Func { params, results } = &import.ty else {
        return Binding::Missing("programs can import functions only");
    };
    if !is_wasi(&import.module) {
        return Binding::Missing("nothing defines it");
    }
    match wardian_wasi::function(&import.module, &import.name) {
        None => Binding::Missing("not a WASI function that wardian has"),
        Some((_, signature)) if signature == short(params, results) => Binding::Wasi,
        Some(_) => Binding::Missing("WASI has it with another type"),
    }
}

/// Do WASI's functions come from this module?
pub(crate) fn is_wasi(module: &str) -> bool {
    [wardian_wasi::MODULE, wardian_wasi::MODULE_0].contains(&module)
}

/// A function type as the table of WASI functions has it, such as `iI:i`.
fn short(params: &[String], results: &[String]) -> String {
    let letter = |ty: &String| match ty.as_str() {
        "i32" => 'i',
        "i64" => 'I',
        "f32" => 'f',
        "f64" => 'F',
        _ => '?',
    };
    let letters = |types: &[String]| types.iter().map(letter).collect::<String>();
    format!("{}:{}", letters(params), letters(results))
}

/// The C file with `main`. `lists` defines what it says about bundles, if there are any.
pub(super) fn main(
    job: &Job<'_>,
    trap_unresolved: bool,
    lists: &str,
    bundles: usize,
) -> Result<String> {
    let imports = imports(job.wasm, job.file)?;
    let bindings: Vec<Binding> = imports.iter().map(bind).collect();
    let refused = |(import, binding): &(&Import, &Binding)| {
        let can_trap = trap_unresolved && matches!(import.ty, Extern::Func { .. });
        **binding != Binding::Wasi && !can_trap
    };
    let unresolved: Vec<_> = imports.iter().zip(&bindings).filter(refused).collect();
    if !unresolved.is_empty() {
        return Err(refuse(job.file, &unresolved));
    }
    let mut c = text(job, &imports, &bindings);
    entry(&mut c, job, lists, bundles);
    Ok(c)
}

fn refuse(file: &str, unresolved: &[(&Import, &Binding)]) -> Box<Diagnostic> {
    let message = match unresolved {
        [_] => "an import is not resolved".to_string(),
        many => format!("{} imports are not resolved", many.len()),
    };
    let mut it = Diagnostic::new(Code::Unresolved, message).of(file);
    for (import, binding) in unresolved {
        let Binding::Missing(why) = binding else { continue };
        let (module, name) = (import.module.escape_debug(), import.name.escape_debug());
        it = it.note(format!("`{module}` `{name}`: {}: {why}", import.ty));
    }
    if unresolved.iter().any(|(import, _)| matches!(import.ty, Extern::Func { .. })) {
        it = it.help("`--unresolved=trap` makes each call of such a function a trap");
    }
    it.help("a host in C can define imports: see `wardian build --emit=lib`")
}

fn text(job: &Job<'_>, imports: &[Import], bindings: &[Binding]) -> String {
    let name = &job.options.name;
    let mut c = format!(
        "#include \"{name}.h\"\n#include \"wdn_launch.h\"\n\nstatic {name}_t instance;\n\n"
    );
    let mut functions = Vec::new();
    let mut declared = HashSet::new();
    for (i, (import, binding)) in imports.iter().zip(bindings).enumerate() {
        let function = match binding {
            Binding::Wasi => wardian_wasi::function(&import.module, &import.name).map(|it| it.0),
            Binding::Missing(_) => None,
        };
        // No module has such a name.
        let function = function.unwrap_or_else(|| format!("wdn_unresolved_{i}"));
        match binding {
            Binding::Missing(_) => stub(&mut c, &function, import),
            Binding::Wasi if declared.insert(function.clone()) => {
                let _ = writeln!(c, "{};", declaration(&import.ty, &function, false));
            }
            Binding::Wasi => {}
        }
        functions.push(function);
    }
    instantiate(&mut c, name, &functions);
    c
}

/// The function `main`.
fn entry(c: &mut String, job: &Job<'_>, lists: &str, bundles: usize) {
    let name = &job.options.name;
    let file = Path::new(job.file).file_name().unwrap_or_default().to_string_lossy();
    let (list, file) = (if bundles > 0 { "bundles" } else { "NULL" }, literal(&file));
    c.push_str(lists);
    let _ = write!(
        c,
        "int main(int argc, char **argv) {{\n  \
         static const wdn_program_t program = {{\n      \
         {file}, &{name}_module, &instance, instantiate, {list}, {bundles},\n  }};\n  \
         return wdn_launch(&program, argc, argv);\n}}\n",
    );
}

/// The C function that binds all imports.
fn instantiate(c: &mut String, name: &str, functions: &[String]) {
    if !functions.is_empty() {
        c.push_str("\nstatic const wdn_code_t functions[] = {\n");
        for function in functions {
            let _ = writeln!(c, "    (wdn_code_t){function},");
        }
        c.push_str("};\n\n");
    }
    c.push_str(
        "static wdn_status_t instantiate(void *self, wdn_wasi_t *wasi, \
         const wdn_config_t *config,\n                                wdn_error_t *error) {\n",
    );
    if functions.is_empty() {
        c.push_str("  const wdn_extern_t *imports = NULL;\n  (void)wasi;\n");
    } else {
        let _ = write!(
            c,
            "  static wdn_extern_t imports[{count}];\n  uint32_t i;\n  \
             for (i = 0; i < {count}; i++) {{\n    \
             imports[i].kind = WDN_FUNC;\n    \
             imports[i].func.code = functions[i];\n    \
             imports[i].func.type = {name}_module.imports[i].type;\n    \
             imports[i].func.instance = wasi;\n  }}\n",
            count = functions.len()
        );
    }
    let _ = write!(
        c,
        "  return wdn_instantiate(&{name}_module, self, imports, config, error);\n}}\n\n"
    );
}

/// A function for an import that nothing defines.
fn stub(c: &mut String, function: &str, import: &Import) {
    let Extern::Func { params, results } = &import.ty else { return };
    let head = declaration(&import.ty, function, true);
    let _ = writeln!(c, "static {}{head} {{", attribute(&import.ty));
    if !results.is_empty() {
        // Only for the compiler: the call below does not come back.
        let _ = writeln!(c, "  static {} none;", result(results));
    }
    let _ = writeln!(c, "  (void)context;");
    for a in 0..params.len() {
        let _ = writeln!(c, "  (void)a{a};");
    }
    let (module, name) = (literal(&import.module), literal(&import.name));
    let _ = writeln!(c, "  wdn_launch_unresolved(&instance, {module}, {name});");
    if !results.is_empty() {
        let _ = writeln!(c, "  return none;");
    }
    c.push_str("}\n\n");
}

/// Declares `name` as a function of this type.
fn declaration(ty: &Extern, name: &str, parameters: bool) -> String {
    let Extern::Func { params, results } = ty else { return String::new() };
    let mut text = format!("{} {name}(void *", result(results));
    if parameters {
        text.push_str("context");
    }
    for (a, param) in params.iter().enumerate() {
        let _ = write!(text, ", {}", c_type(param));
        if parameters {
            let _ = write!(text, " a{a}");
        }
    }
    text.push(')');
    text
}

/// The C type of a function's results, in the header's words.
fn result(results: &[String]) -> String {
    match results {
        [] => "void".to_string(),
        [one] => c_type(one).to_string(),
        many => {
            format!("wdn_{}_t", many.iter().map(|it| result_letter(it)).collect::<String>())
        }
    }
}

/// How functions that return a float are declared, so that no bit of it is lost.
fn attribute(ty: &Extern) -> &'static str {
    match ty {
        Extern::Func { results, .. } if matches!(results.as_slice(), [one] if one == "f32" || one == "f64") => {
            "WDN_FLOAT_RESULT "
        }
        _ => "",
    }
}

fn c_type(ty: &str) -> &'static str {
    match ty {
        "i32" => "uint32_t",
        "i64" => "uint64_t",
        "f32" => "float",
        "f64" => "double",
        "funcref" => "wdn_func_t",
        _ => "void *",
    }
}

fn result_letter(ty: &str) -> char {
    match ty {
        "i32" => 'i',
        "i64" => 'l',
        "f32" => 'f',
        "f64" => 'd',
        "funcref" => 'r',
        _ => 'e',
    }
}

/// A C string literal. Anything a compiler could misread is escaped.
pub(super) fn literal(text: &str) -> String {
    let mut c = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'.' | b'-' | b'_' | b'$' | b':' => {
                c.push(byte as char);
            }
            _ => {
                let _ = write!(c, "\\{byte:03o}");
            }
        }
    }
    c + "\""
}
