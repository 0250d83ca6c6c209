//! `emit/NAME.wat` must translate to functions that read exactly as `emit/NAME.c`.
//!
//! The first line of a file may say `;; bounds` or `;; no-opt`. Only functions are
//! compared: what surrounds them is the same for every module. `BLESS=1 cargo test
//! --test emit` writes the `.c` files; review the difference.

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("emit");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|file| file.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|it| it == "wat"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no cases");
    let trial = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        Trial::test(name, move || check(&path))
    };
    libtest_mimic::run(&Arguments::from_args(), files.into_iter().map(trial).collect()).exit();
}

fn check(wat: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(wat)?;
    let wasm = wat::parse_str(&text)?;
    let first = text.lines().next().unwrap_or_default();
    let (memory, optimize) = match first {
        ";; bounds" => (wardian::Memory::Bounds, true),
        ";; no-opt" => (wardian::Memory::Guard, false),
        _ => (wardian::Memory::Guard, true),
    };
    let name = "t".to_string();
    let options = wardian::Options { name, memory, optimize, ..Default::default() };
    let files = wardian::translate(&wasm, &options)?;
    let got = functions(&files["t.c"]);
    let path = wat.with_extension("c");
    if env::var_os("BLESS").is_some() {
        return Ok(fs::write(path, got)?);
    }
    let want = fs::read_to_string(&path).unwrap_or_default();
    if got == want { Ok(()) } else { Err(difference(&want, &got).into()) }
}

/// The definitions of the module's functions.
fn functions(c: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in c.lines() {
        let name = [" t_f", "*t_f"].iter().any(|name| line.contains(name));
        inside |= line.starts_with("static ") && name && line.ends_with('{');
        if inside {
            text.push_str(line);
            text.push('\n');
        }
        if inside && line == "}" {
            text.push('\n');
            inside = false;
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The first lines that differ.
fn difference(want: &str, got: &str) -> String {
    let same = want.lines().zip(got.lines()).take_while(|(a, b)| a == b).count();
    let from = |text: &str| text.lines().skip(same).take(6).collect::<Vec<_>>().join("\n");
    format!("line {}:\nexpected\n{}\ngot\n{}", same + 1, from(want), from(got))
}
