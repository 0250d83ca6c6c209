//! Names that try to become C: of exports, imports, functions, globals, locals and
//! the module. Whatever they are, the C must compile without a warning, with
//! every compiler and as C++ where that includes it, and define nothing but what
//! begins with the module's name.

use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian::Options;
use wardian_tests::{c, process, tools};

use crate::measure::turn;
use crate::variants;

const LIMIT: Duration = Duration::from_secs(60);

/// Compilers of the C, which must all be silent.
const COMPILERS: &[&str] = &[
    "gcc -std=c99 -Wall -Wextra -pedantic -Werror",
    "gcc -std=gnu17 -Wall -Wextra -pedantic -Werror",
    "clang -std=c99 -Wall -Wextra -pedantic -Werror",
    "clang -std=gnu17 -Wall -Wextra -pedantic -Werror",
    "tcc -Wall",
];

/// Compilers that include the header in C++.
const HOSTS: &[&str] = &[
    "g++ -x c++ -std=c++11 -Wall -Wextra -pedantic -Werror",
    "g++ -x c++ -std=gnu++20 -Wall -Wextra -pedantic -Werror",
    "clang++ -x c++ -std=c++11 -Wall -Wextra -pedantic -Werror",
    "clang++ -x c++ -std=gnu++20 -Wall -Wextra -pedantic -Werror",
];

/// Names with something in them that C gives a meaning.
const NAMES: &[&str] = &[
    "",
    " ",
    "\0",
    "a\0b",
    "\n",
    "\r\nint injected;",
    "\";int injected;\"",
    "\"",
    "'",
    "\\",
    "\\\n",
    "\\\"; int injected; //",
    "*/ int injected; /*",
    "/*",
    "//",
    "// \\",
    "??/",
    "??/\nint injected;",
    "??=define int injected",
    "#define int injected",
    "\n#define u32 injected\n",
    "%:define x",
    "%s%n%d",
    "\u{2028}int injected;",
    "\u{202e}deifed",
    "\u{fffd}",
    "é",
    "名前",
    "名",
    "😀",
    "\u{7f}",
    "\t",
    "0",
    "9lives",
    "_",
    "__",
    "_Bool",
    "__LINE__",
    "__attribute__",
    "__cplusplus",
    "a.b",
    "a-b",
    "a b",
    "a_b",
    "a__b",
    "a_b_2",
    "a_b_3",
    "a:b::c",
    "operator+",
    "int",
    "for",
    "if",
    "goto",
    "restrict",
    "inline",
    "asm",
    "typeof",
    "class",
    "this",
    "new",
    "template",
    "and",
    "xor_eq",
    "bool",
    "true",
    "nullptr",
    "constexpr",
    "char8_t",
    "concept",
    "co_await",
    "co_yield",
    "requires",
    "consteval",
    "constinit",
    "module",
    "import",
    "export",
    "linux",
    "unix",
    "i386",
    "NULL",
    "INT_MAX",
    "UINT32_MAX",
    "INFINITY",
    "errno",
    "stdin",
    "setjmp",
    "main",
    "exit",
    "abort",
    "malloc",
    "memcpy",
    "strlen",
    "f0",
    "f1",
    "f1_",
    "f12_strlen",
    "t",
    "t0",
    "m0",
    "g0",
    "v0",
    "L0",
    "E0",
    "I",
    "mem",
    "size",
    "self",
    "context",
    "none",
    "results",
    "result",
    "callee",
    "code",
    "instance",
    "error",
    "config",
    "imports",
    "imports_t",
    "exports",
    "init",
    "init_0",
    "start",
    "instantiate",
    "type0",
    "types0",
    "sig0_t",
    "invoke0",
    "data0",
    "element0",
    "segments0",
    "segments0_bytes",
    "table0",
    "names",
    "offsets",
    "memories",
    "memories_0_type",
    "tables",
    "import0_type",
    "export0_type",
    "wdn",
    "wdn_trap",
    "WDN_ABI",
    "WDN_TRAP_UNREACHABLE",
    "u32",
    "f64",
    "i32_load",
    "i32_add",
    "memory_grow",
    "TRAP",
    "ADDRESS",
    "IN_BOUNDS",
    "x",
    "x_f0",
    "x_int",
    "x_",
    "env",
    "env_log",
    "size_t",
    "uint32_t",
    "register",
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for compiler in COMPILERS.iter().chain(HOSTS) {
        let name = compiler.split(" -W").next().unwrap_or_default().replace(" -x c++", "");
        let name = format!("names::{}", name.replace(" -std=", "-"));
        trials.push(Trial::ignorable_test(name, move || compiles(compiler)));
    }
    trials.push(Trial::test("names::of-modules", of_modules));
    trials.push(Trial::test("names::not-utf-8", not_utf8));
    trials
}

/// The names, and longer ones.
fn names() -> Vec<String> {
    let mut names: Vec<String> = NAMES.iter().map(|name| name.to_string()).collect();
    names.push("long".repeat(1000));
    names.push(format!("{}{}", "a".repeat(120), "b"));
    names.push(format!("{}{}", "a".repeat(120), "c"));
    names.push("\"; int injected; /* ".repeat(50));
    names
}

/// Bytes in a string of the text format.
fn quoted(name: &str) -> String {
    let escaped: String = name.bytes().map(|byte| format!("\\{byte:02x}")).collect();
    format!("\"{escaped}\"")
}

/// A module that uses every name for everything.
fn everything(names: &[String]) -> String {
    let mut text = String::from("(module (@name \"*/ int injected; \\22 \\0a\")\n");
    for name in names {
        let name = quoted(name);
        let _ = writeln!(text, "(import {name} {name} (func (@name {name}) (param i32)))");
        let _ = writeln!(text, "(import \"env\" {name} (func (result f64)))");
        let _ = writeln!(text, "(import {name} \"global\" (global i32))");
    }
    text.push_str("(memory 1) (table 1 funcref)\n");
    for (i, name) in names.iter().enumerate() {
        let name = quoted(name);
        let _ = writeln!(text, "(global (@name {name}) (mut i32) (i32.const {i}))");
        let _ = writeln!(
            text,
            "(func (@name {name}) (export {name}) (param (@name {name}) i32) (result i32)
               (local (@name {name}) i32)
               local.get 0 call {} local.get 0 global.get {} i32.add local.tee 1)",
            2 * i,
            names.len() + i
        );
    }
    for (i, suffix) in ["memory", "\n", "*/"].iter().enumerate() {
        let name = quoted(&format!("{suffix}{i}\"\\"));
        let _ = writeln!(text, "(export {name} (memory 0))");
    }
    text.push_str(")\n");
    text
}

fn compiles(compiler: &'static str) -> Result<Completion, Failed> {
    let program = compiler.split(' ').next().unwrap_or_default();
    if tools::find(program).is_none() {
        return tools::skip(program);
    }
    let turn = turn();
    let wasm = wat::parse_str(everything(&names()))?;
    let folder = tempfile::tempdir()?;
    let mut sources = Vec::new();
    for (i, (_, options)) in [0, 3].map(|i| variants().swap_remove(i)).into_iter().enumerate() {
        let options = Options { name: format!("evil{i}"), ..options };
        let files = wardian::translate(&wasm, &options).map_err(|error| error.to_string())?;
        if HOSTS.contains(&compiler) {
            let source = folder.path().join(format!("host{i}.cpp"));
            fs::write(&source, format!("#include \"evil{i}.h\"\n"))?;
            sources.push(source);
            c::write(folder.path(), &files)?;
        } else {
            sources.extend(c::write(folder.path(), &files)?);
        }
    }
    drop(turn);
    let object = folder.path().join("evil.o");
    for (i, source) in sources.iter().enumerate() {
        c::compile(c::cc(compiler).arg("-c").arg(source).arg("-o").arg(&object), LIMIT)?;
        if !HOSTS.contains(&compiler) && program != "tcc" {
            defines_only(&object, &format!("evil{i}_"))?;
        }
    }
    Ok(Completion::Completed)
}

/// Are all symbols that the object defines the module's?
fn defines_only(object: &Path, prefix: &str) -> Result<(), Failed> {
    if tools::find("nm").is_none() {
        return Ok(()); // part of every C compiler's installation but tcc's
    }
    let outcome = process::run(
        Command::new("nm").args(["--defined-only", "--extern-only"]).arg(object),
        LIMIT,
    )?;
    let text = String::from_utf8_lossy(&outcome.stdout);
    let names = text.lines().filter_map(|line| line.split(' ').nth(2));
    let own = |name: &&str| !name.starts_with(prefix) && !name.starts_with('.');
    let strange: Vec<&str> = names.clone().filter(own).collect();
    if names.count() == 0 || !strange.is_empty() {
        return Err(format!("{} defines {strange:?}", object.display()).into());
    }
    Ok(())
}

/// Each name as the module's own: of files, and of the prefix of all symbols.
fn of_modules() -> Result<(), Failed> {
    let _turn = turn();
    let text = "(module (memory (export \"memory\") 1) (func (export \"grow\") (export \"t\")
        (export \"load\") (export \"trap\") (param i32) (result i32) local.get 0 i32.load))";
    let wasm = wat::parse_str(text)?;
    let folder = tempfile::tempdir()?;
    let mut unit = String::new();
    let mut seen = HashSet::new();
    let taken = ["memory", "table", "i32", "i64", "f32", "f64", "wdn", "u8", "WDN"];
    for name in names().iter().map(String::as_str).chain(taken) {
        // The library must be as safe as the command line, which asks first.
        let options = Options { name: name.to_string(), ..Options::default() };
        let files = wardian::translate(&wasm, &options).map_err(|error| error.to_string())?;
        for file in files.keys() {
            let stem = file.split('.').next().unwrap_or_default();
            let fine = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if stem.is_empty() || stem.len() > 200 || !stem.chars().all(fine) {
                return Err(format!("`{file}` is no name for a file").into());
            }
        }
        if !seen.insert(files.keys().next().cloned()) {
            continue; // two names that are one once written in C
        }
        for source in c::write(folder.path(), &files)? {
            let _ = writeln!(unit, "#include \"{}\"", source.display());
        }
    }
    let source = folder.path().join("unit.c");
    fs::write(&source, unit)?;
    for compiler in COMPILERS.iter().chain(HOSTS) {
        let program = compiler.split(' ').next().unwrap_or_default();
        if tools::find(program).is_some() && !HOSTS.contains(compiler) {
            let object = folder.path().join("unit.o");
            c::compile(c::cc(compiler).arg("-c").arg(&source).arg("-o").arg(object), LIMIT)?;
        }
    }
    Ok(())
}

/// Bytes that are no text: malformed where the format wants text, and without
/// effect in the name section, which is only for people.
fn not_utf8() -> Result<(), Failed> {
    let _turn = turn();
    for text in [
        r#"(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
            "\07\07\01\03\ff\fe\22\00\00" "\0a\04\01\02\00\0b")"#,
        r#"(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00"
            "\02\08\01\03\ff\fe\22\00\00\00")"#,
    ] {
        let wasm = wat::parse_str(text)?;
        match wardian::translate(&wasm, &Options::default()) {
            Err(wardian::Error::Invalid { .. }) => {}
            other => return Err(format!("{text}: {other:?}").into()),
        }
    }
    let text = r#"(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
        "\0a\04\01\02\00\0b" "\00\0d\04name\01\06\01\00\03\ff\fe\22")"#;
    let files = wardian::translate(&wat::parse_str(text)?, &Options::default())
        .map_err(|error| error.to_string())?;
    let text = files.values().cloned().collect::<String>();
    if text.contains('\u{fffd}') || !text.is_ascii() {
        return Err("the output has bytes of a name that is no text".into());
    }
    Ok(())
}
