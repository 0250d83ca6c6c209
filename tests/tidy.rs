//! The rules of ARCHITECTURE.md that a machine can check.

use std::fs;
use std::path::{Path, PathBuf};

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
                || name.ends_with("wdn_try.h")
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
        (name, text.replace("wdn_exit(", "").replace("proc_exit(", ""))
    };
    let of = |folder| files(folder, &["c", "h"]).into_iter().map(ours).collect::<Vec<_>>();
    deny(&of("runtime-c"), &words, |name| name.ends_with("/wdn_try.h"));
    deny(&of("wasi-c"), &words, |name| name.ends_with("/launch.c"));
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
