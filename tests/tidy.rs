//! The rules of ARCHITECTURE.md that a machine can check.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use wardian_tests::{c, process, tools};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("below the root").to_path_buf()
}

/// The files below a folder with one of these extensions, and their text.
fn files(folder: &str, extensions: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository") {
            let path = entry.expect("readable").path();
            let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if extensions.contains(&extension) {
                let text = fs::read_to_string(&path).expect("text");
                let name = path.strip_prefix(root()).expect("below").display().to_string();
                found.push((name, text));
            }
        }
    }
    assert!(!found.is_empty(), "nothing in {folder}");
    found
}

/// Fails for each line that has one of the words, in files that are not allowed to.
fn deny(files: &[(String, String)], words: &[&str], allowed: impl Fn(&str) -> bool) {
    let mut found = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| !allowed(name)) {
        for (i, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) && !line.trim_start().starts_with("//")
            {
                found.push(format!("{name}:{}: {}", i + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "against the rules:\n{}", found.join("\n"));
}

/// `emit` prints through `Out`; text is never built to be pasted.
#[test]
fn emit_builds_no_strings() {
    deny(&files("translator/src/emit", &["rs"]), &["format!("], |_| false);
}

/// Only `read` knows the parser; the two tables name its operators.
#[test]
fn only_read_knows_the_parser() {
    let allowed = |name: &str| {
        name.contains("src/read/") || name.ends_with("/ops.rs") || name.ends_with("/access.rs")
    };
    deny(&files("translator/src", &["rs"]), &["wasmparser"], allowed);
}

/// The translator's library knows neither WASI nor processes.
#[test]
fn translator_knows_no_wasi() {
    for stage in ["read", "opt", "emit", "ir"] {
        let files = files(&format!("translator/src/{stage}"), &["rs"]);
        deny(&files, &["wasi_snapshot", "std::process", "wardian_wasi"], |_| false);
    }
}

/// The translator contains no unsafe code.
#[test]
fn translator_is_safe() {
    let library = root().join("translator/src/lib.rs");
    let text = fs::read_to_string(library).expect("there");
    assert!(text.contains("#![forbid(unsafe_code)]"));
}

/// Operating systems are told apart in one place.
#[test]
fn platforms_stay_in_ports() {
    let platforms = ["_WIN32", "__linux__", "__APPLE__", "__unix__", "__FreeBSD__"];
    for library in ["runtime-c", "wasi-c"] {
        let allowed = |name: &str| {
            name.contains("/port/")
                || name.ends_with("/wdn.c")
                || name.ends_with("/wdn_wasi.c")
                || name.ends_with("wdn_jump.h")
        };
        deny(&files(library, &["c", "h"]), &platforms, allowed);
    }
}

/// Compilers are told apart in one header; `wdn_abi.h` is the part of it for hosts.
#[test]
fn compilers_stay_in_their_header() {
    let compilers = ["__GNUC__", "__clang__", "__TINYC__", "_MSC_VER", "__has_feature"];
    let allowed = |name: &str| name.ends_with("/wdn_cc.h") || name.ends_with("/wdn_abi.h");
    deny(&files("runtime-c", &["c", "h"]), &compilers, allowed);
    deny(&files("wasi-c", &["c", "h"]), &compilers, |_| false);
}

/// The C libraries never print and never exit; only the launcher of programs does.
#[test]
fn libraries_are_quiet() {
    let words = ["printf(", "puts(", "fputc(", " exit(", "_exit(", "perror("];
    // The functions of our own that are called like it.
    let ours = |(name, text): (String, String)| {
        (name, text.replace("wdn_exit(", "").replace("wdn_one_exit(", "").replace("proc_exit(", ""))
    };
    let of = |folder| files(folder, &["c", "h"]).into_iter().map(ours).collect::<Vec<_>>();
    deny(&of("runtime-c"), &words, |name| name.ends_with("/wdn_try.h"));
    deny(&of("wasi-c"), &words, |name| name.contains("/launch"));
}

/// Every C function that the tables name exists.
#[test]
fn tables_and_their_c_agree() {
    let c = fs::read_to_string(root().join("runtime-c/include/wdn_ops.h")).expect("there");
    let rust = fs::read_to_string(root().join("translator/src/ops.rs")).expect("there");
    let mut checked = 0;
    for line in rust.lines().filter(|line| line.contains("Call \"")) {
        let name = line.split('"').nth(1).expect("a name");
        assert!(c.contains(&format!(" {name}(")) || c.contains(&format!("{name},")), "no {name}");
        checked += 1;
    }
    assert!(checked > 60, "the table has moved");
    let c = fs::read_to_string(root().join("runtime-c/include/wdn_mem.h")).expect("there");
    let rust = fs::read_to_string(root().join("translator/src/access.rs")).expect("there");
    for name in rust.split('"').filter(|it| it.contains("_load") || it.contains("_store")) {
        let name = name.trim_end_matches("_forced");
        assert!(c.contains(&format!("({name},")), "no {name}");
    }
}

/// What the crates carry is what lies in their folders.
#[test]
fn crates_carry_every_file() {
    for (folder, files_) in [("runtime-c", wardian_rt::FILES), ("wasi-c", wardian_wasi::FILES)] {
        let mut carried: Vec<&str> = files_.iter().map(|(name, _)| *name).collect();
        carried.sort_unstable();
        let mut there: Vec<String> = files(folder, &["c", "h"])
            .into_iter()
            .map(|(name, _)| name[folder.len() + 1..].to_string())
            .collect();
        there.sort_unstable();
        assert_eq!(carried, there, "{folder}");
    }
}

/// Files that one can still read.
#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for folder in ["translator/src", "runtime-c", "wasi-c", "build-support/src"] {
        for (name, text) in files(folder, &["rs", "c", "h"]) {
            let lines = text.lines().count();
            if lines > 650 && !name.ends_with("wdn_ops.h") {
                long.push(format!("{name}: {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "too long: {long:?}");
}

/// The tree speaks of nothing but itself.
#[test]
fn tree_names_no_hosts() {
    let words = ["crates.io", "pypi.org", "npmjs", "deb.debian.org", "docs.rs"].map(str::to_string);
    for folder in ["translator", "runtime-c", "wasi-c", "build-support", "examples"] {
        let files = files(folder, &["rs", "c", "h", "md", "toml"]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        deny(&files, &words, |_| false);
    }
}

/// What the README shows of Rust stands in the guide, whose commands are run.
#[test]
fn readme_quotes_the_guide() {
    let read = |file: &str| fs::read_to_string(root().join(file)).expect("readable");
    let guide = read("docs/sandbox-your-first-c-library.md");
    let known: Vec<&str> = guide.lines().map(str::trim).collect();
    let readme = read("README.md");
    let blocks = readme.split("```rust\n").skip(1).filter_map(|it| it.split("```").next());
    let lines: Vec<&str> = blocks.flat_map(str::lines).map(str::trim).collect();
    assert!(lines.len() > 10, "where are the examples?");
    for line in lines {
        assert!(known.contains(&line), "not in the guide: {line}");
    }
}

/// Who compiles by hand finds there what the program passes.
#[test]
fn readme_names_the_flags_for_gcc() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let flags = wardian_rt::flags::GCC_X86_64.join(" ");
    assert!(readme.contains(&format!("`{flags}`")), "README.md should have `{flags}`");
}

/// Nothing in them is longer than a page or two. Tables are not functions.
#[test]
fn functions_are_short() {
    const MAX: usize = 100;
    let mut long = Vec::new();
    let folders =
        ["translator/src", "runtime-c", "wasi-c", "build-support/src", "tests", "examples"];
    for folder in folders {
        for (name, text) in files(folder, &["rs", "c", "h"]) {
            // What the translator writes is as long as it is.
            if !name.starts_with("tests/emit/") {
                long.extend(long_functions(&name, &text, MAX));
            }
        }
    }
    assert!(long.is_empty(), "too long:\n{}", long.join("\n"));
}

/// The functions of a formatted file with more than `max` lines. One ends where a
/// brace closes that is as far from the margin as its first line.
fn long_functions(name: &str, text: &str, max: usize) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut long = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let rust = name.ends_with(".rs")
            && ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "async fn "]
                .iter()
                .any(|word| trimmed.starts_with(word));
        let c = !name.ends_with(".rs") && trimmed == *line && line.ends_with(") {");
        if !rust && !c {
            continue;
        }
        let end = [&line[..line.len() - trimmed.len()], "}"].concat();
        let Some(size) = lines[i..].iter().position(|line| *line == end) else { continue };
        if size > max {
            long.push(format!("{name}:{}: {size} lines: {trimmed}", i + 1));
        }
    }
    long
}

#[test]
fn long_functions_are_found() {
    let body = "    x();\n".repeat(120);
    let rust = format!("impl A {{\nfn short() {{\n}}\nfn long() {{\n{body}}}\n}}\n");
    assert_eq!(long_functions("a.rs", &rust, 100), ["a.rs:4: 121 lines: fn long() {"]);
    let c = format!("int f(void) {{\n{body}}}\nint g(void) {{\n}}\n");
    assert_eq!(long_functions("a.c", &c, 100), ["a.c:1: 121 lines: int f(void) {"]);
}

/// Says that a rule could not be checked; in continuous integration that fails.
fn skip(what: &str) {
    assert!(!tools::require_all(), "needs {what}, and WARDIAN_REQUIRE_ALL is set");
    eprintln!("not checked: needs {what}");
}

#[test]
fn rust_is_formatted() {
    if tools::find("rustfmt").is_none() {
        return skip("rustfmt");
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["fmt", "--all", "--check", "--", "--files-with-diff"]);
    let outcome = process::run(&mut cargo, Duration::from_secs(60)).expect("cargo runs");
    let said = String::from_utf8_lossy(&outcome.stdout);
    let errors = String::from_utf8_lossy(&outcome.stderr);
    assert!(outcome.success() && said.is_empty(), "cargo fmt would change:\n{said}{errors}");
}

#[test]
fn c_is_formatted() {
    if tools::find("clang-format").is_none() {
        return skip("clang-format");
    }
    let mut command = Command::new("clang-format");
    command.current_dir(root()).args(["--dry-run", "-Werror"]);
    for folder in ["runtime-c", "wasi-c", "tests", "examples"] {
        let own = |name: &String| !name.starts_with("tests/emit/");
        command.args(files(folder, &["c", "h"]).into_iter().map(|(name, _)| name).filter(own));
    }
    let outcome = process::run(&mut command, Duration::from_secs(60)).expect("it runs");
    let said: Vec<String> = String::from_utf8_lossy(&outcome.stderr)
        .lines()
        .filter(|line| line.contains("error:"))
        .map(str::to_string)
        .collect();
    assert!(outcome.success(), "clang-format would change:\n{}", said.join("\n"));
}

/// Memory comes from the system in one place, and nothing ends the process but a
/// trap that nobody can catch.
#[test]
fn runtime_allocates_in_ports() {
    let words = ["malloc(", "calloc(", "realloc(", " free("];
    let runtime = files("runtime-c", &["c", "h"]);
    deny(&runtime, &words, |name| name.contains("/port/"));
    let allowed = |name: &str| {
        name.contains("/port/") || name.ends_with("/trap.c") || name.ends_with("/wdn_port.h")
    };
    deny(&runtime, &["abort("], allowed);
    deny(&files("wasi-c", &["c", "h"]), &["abort("], |_| false);
}

/// The libraries take no name from the programs that they are linked with.
#[test]
fn symbols_have_a_prefix() {
    let Some(cc) = ["cc", "gcc", "clang"].into_iter().find(|cc| tools::find(cc).is_some()) else {
        return skip("cc");
    };
    if tools::find("nm").is_none() {
        return skip("nm");
    }
    let generated = fs::read_to_string(root().join("runtime-c/include/wdn_gen.h")).expect("there");
    let folder = tempfile::tempdir().expect("there is room");
    for source in ["runtime-c/src/wdn.c", "wasi-c/src/wdn_wasi.c"] {
        let object = folder.path().join("object.o");
        let mut cc = c::cc(cc);
        cc.arg("-I").arg(root().join("wasi-c/include"));
        cc.arg("-c").arg(root().join(source)).arg("-o").arg(&object);
        c::compile(&mut cc, Duration::from_secs(60)).expect("it compiles");
        let mut nm = Command::new("nm");
        nm.args(["--defined-only", "--extern-only"]).arg(&object);
        let outcome = process::run(&mut nm, Duration::from_secs(60)).expect("nm runs");
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let names: Vec<&str> = text.lines().filter_map(|line| line.split(' ').nth(2)).collect();
        assert!(!names.is_empty(), "{source} defines nothing");
        // What only generated code calls has the names of instructions.
        let strange = |name: &&&str| {
            !name.trim_start_matches('_').starts_with("wdn_")
                && !generated.contains(&format!("{}(", name.trim_start_matches('_')))
        };
        let strange: Vec<&&str> = names.iter().filter(strange).collect();
        assert!(strange.is_empty(), "{source} defines {strange:?}");
    }
}
