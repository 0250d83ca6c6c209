//! Generated code is free of warnings: the modules of `warnings/`, which contain
//! what a person would not write, those of the other suites, and made-up ones, with
//! gcc and clang, strict and not, optimised and not.

#[allow(dead_code)]
#[path = "differ/generate.rs"]
mod generate;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian::{Memory, Options};
use wardian_rt::flags::GCC_X86_64;
use wardian_tests::{c, tools};

/// Compiler, more of its flags, and which translations it gets: with passes, or also without.
const CONFIGS: &[(&str, &[&str], bool)] = &[
    ("gcc -std=c99 -O2", &[], true),
    ("gcc -std=gnu17 -O0", &[], false),
    // As `wardian build` compiles: gcc then sees less of what cannot happen.
    ("gcc -O2", GCC_X86_64, true),
    ("clang -std=c99 -O0", &[], false),
    ("clang -std=gnu17 -O2", &[], true),
];
const WARNINGS: &str = "-Wall -Wextra -pedantic -Werror";
/// Folders of modules.
const FOLDERS: &[&str] = &["warnings", "hostile/wat", "emit", "ir"];
/// Made-up modules.
const MADE_UP: u64 = 6;
const LIMIT: Duration = Duration::from_secs(300);

fn main() {
    let args = Arguments::from_args();
    let mut trials = Vec::new();
    for (compiler, more, optimized) in CONFIGS {
        for memory in [Memory::Guard, Memory::Bounds] {
            let name = format!("{}-{}", memory.name(), compiler.replace(" -", "-"));
            let trial = move || check(compiler, more, memory, *optimized);
            trials.push(Trial::ignorable_test(name, trial));
        }
    }
    libtest_mimic::run(&args, trials).exit();
}

fn check(
    compiler: &str,
    more: &[&str],
    memory: Memory,
    optimized: bool,
) -> Result<Completion, Failed> {
    let program = compiler.split(' ').next().unwrap_or_default();
    if tools::find(program).is_none() {
        return tools::skip(program);
    }
    let folder = tempfile::tempdir()?;
    // One file of all modules: every symbol begins with its module's name.
    let mut unit = String::new();
    for (name, wasm) in modules()? {
        for optimize in [true, false] {
            if optimized && !optimize {
                continue;
            }
            let passes = if optimize { "opt" } else { "noopt" };
            let name = format!("{name}_{passes}");
            let options = Options { name, memory, optimize, ..Options::default() };
            let files = wardian::translate(&wasm, &options).map_err(|error| error.to_string())?;
            for source in c::write(folder.path(), &files)? {
                let _ = writeln!(unit, "#include \"{}\"", source.display());
            }
        }
    }
    let source = folder.path().join("unit.c");
    fs::write(&source, unit)?;
    let line = [compiler, WARNINGS].join(" ");
    let mut cc = c::cc(&line);
    cc.args(more).args(c::FLAGS).arg("-c").arg(&source).arg("-o").arg(folder.path().join("unit.o"));
    c::compile(&mut cc, LIMIT)?;
    Ok(Completion::Completed)
}

fn modules() -> Result<Vec<(String, Vec<u8>)>, Failed> {
    let mut modules = Vec::new();
    for folder in FOLDERS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = fs::read_dir(path)?.map(|file| file.map(|file| file.path()));
        let mut files: Vec<PathBuf> = files.collect::<Result<_, _>>()?;
        files.retain(|file| file.extension().is_some_and(|it| it == "wat"));
        files.sort();
        for file in files {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let name = Options::name_from(&format!("{folder}_{stem}"));
            modules.push((name, wat::parse_file(file)?));
        }
    }
    for seed in 0..MADE_UP {
        let text = generate::module(0x0bad_cafe + seed);
        modules.push((format!("made_up_{seed}"), wat::parse_str(text)?));
    }
    Ok(modules)
}
