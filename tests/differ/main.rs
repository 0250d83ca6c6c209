//! Made-up modules do what the specification says: what they compute, where
//! they trap and what they leave in memory is compared with an interpreter's
//! opinion, in every memory mode, with the passes on and off.
//!
//! `WARDIAN_DIFFER_COUNT` is how many modules are made of each kind,
//! `WARDIAN_DIFFER_SEED` where counting begins, `WARDIAN_DIFFER_MATRIX` which
//! configurations (unset: a few, `full`, or names with commas), and
//! `WARDIAN_DIFFER_KEEP` a folder for what was made.

mod generate;
mod reference;

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arbitrary::Unstructured;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use rayon::prelude::*;
use wardian::{Interrupt, Memory, Options};
use wardian_tests::random::Random;
use wardian_tests::{c, process, tools};

const DEFAULT: &[&str] = &["guard-opt-gcc-O2", "bounds-opt-clang-O1", "bounds-noopt-tcc-O0-split"];
const FULL: &[&str] = &[
    "guard-opt-gcc-O0",
    "guard-opt-gcc-O1",
    "guard-opt-gcc-O2",
    "guard-opt-gcc-O3",
    "guard-opt-gcc-O2-split",
    "guard-opt-gcc-O1-interrupt",
    "bounds-opt-clang-O2-interrupt",
    "guard-opt-clang-O0",
    "guard-opt-clang-O2",
    "guard-opt-clang-O3",
    "guard-opt-tcc-O0",
    "guard-noopt-gcc-O0",
    "guard-noopt-gcc-O2",
    "guard-noopt-clang-O2",
    "bounds-opt-gcc-O0",
    "bounds-opt-gcc-O1",
    "bounds-opt-gcc-O2",
    "bounds-opt-gcc-O3",
    "bounds-opt-clang-O1",
    "bounds-opt-clang-O3",
    "bounds-opt-tcc-O0",
    "bounds-noopt-gcc-O1",
    "bounds-noopt-clang-O2",
    "bounds-noopt-tcc-O0",
];
/// Modules of each kind in a default run.
const COUNT: usize = 24;
/// Bytes of C in one call of a compiler.
const UNIT: usize = 400_000;
const COMPILE_LIMIT: Duration = Duration::from_secs(600);
const RUN_LIMIT: Duration = Duration::from_secs(120);
/// Differences that one trial reports.
const SHOWN: usize = 3;

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let names = match env::var("WARDIAN_DIFFER_MATRIX").as_deref() {
        Err(_) | Ok("") => DEFAULT.iter().map(|it| it.to_string()).collect(),
        Ok("full") => FULL.iter().map(|it| it.to_string()).collect(),
        Ok(list) => list.split(',').map(str::to_string).collect::<Vec<_>>(),
    };
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let root = env::var_os("WARDIAN_DIFFER_KEEP").map(PathBuf::from);
    let root = root.unwrap_or_else(|| folder.path().to_path_buf());
    let mut trials = Vec::new();
    for kind in [Kind::Own, Kind::Smith, Kind::Calm] {
        let cases = Arc::new(OnceLock::new());
        for name in &names {
            let config = Config::parse(name).unwrap_or_else(|error| panic!("{error}"));
            let (cases, root) = (cases.clone(), root.join(kind.name()));
            trials.push(Trial::ignorable_test(format!("{}::{name}", kind.name()), move || {
                if tools::find(&config.compiler).is_none() {
                    return tools::skip(&config.compiler);
                }
                let cases = cases.get_or_init(|| make(kind, &root));
                config.trial(cases, &root)
            }));
        }
    }
    let root = root.join("wrong");
    trials.push(Trial::ignorable_test("wrong-is-noticed", move || wrong_is_noticed(&root)));
    libtest_mimic::run(&args, trials).exit_code()
}

/// Modules that do what others should must all be found out.
fn wrong_is_noticed(root: &Path) -> Result<Completion, Failed> {
    let config = Config::parse("bounds-opt-gcc-O0")?;
    if tools::find(&config.compiler).is_none() {
        return tools::skip(&config.compiler);
    }
    let mut cases = make(Kind::Own, root);
    cases.truncate(8);
    let expected: Vec<String> = cases.iter().map(|case| case.expected.clone()).collect();
    for (case, wrong) in cases.iter_mut().zip(expected.into_iter().cycle().skip(1)) {
        case.expected = wrong;
    }
    let outcome = config.trial(&cases, root).err();
    let said = outcome.and_then(|error| error.message().map(str::to_string)).unwrap_or_default();
    if said.starts_with("8 differences") {
        return Ok(Completion::Completed);
    }
    Err(format!("8 differences are not all noticed: {said}").into())
}

fn number(variable: &str, default: usize) -> usize {
    env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

// ---- Modules ----------------------------------------------------------------------

/// Where modules come from.
#[derive(Clone, Copy)]
enum Kind {
    /// From `generate`.
    Own,
    /// From `wasm-smith`; most of their functions trap sooner or later.
    Smith,
    /// The same, made not to trap.
    Calm,
}

/// A module and what it does.
struct Case {
    /// Of a module of our own.
    text: Option<String>,
    wasm: Vec<u8>,
    expected: String,
}

/// What a module may import.
const HOST: &str = r#"(module
  (import "host" "note_i32" (func (param i32)))
  (import "host" "note_i64" (func (param i64)))
  (import "host" "note_f64" (func (param f64)))
  (import "host" "ask" (func (param i32 i64) (result i32)))
  (import "host" "ask_f32" (func (param f32) (result f32)))
  (import "host" "pair" (func (result i32 i64)))
  (import "host" "refs" (func (param externref funcref) (result externref)))
  (import "host" "stop" (func (param i32)))
  (import "host" "disturb" (func (param i32) (result i32)))
  (import "host" "memory" (memory 1 3))
  (import "host" "table" (table 8 16 funcref))
  (import "host" "base" (global i32))
  (import "host" "wide" (global i64))
  (import "host" "count" (global (mut i64)))
  (import "host" "ratio" (global (mut f32)))
  (import "host" "thing" (global externref))
  (import "host" "callee" (global (mut funcref))))"#;

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Own => "own",
            Kind::Smith => "smith",
            Kind::Calm => "calm",
        }
    }

    fn wasm(self, seed: u64) -> Option<Vec<u8>> {
        let calm = match self {
            Kind::Own => return Some(parse(&generate::module(seed))),
            Kind::Smith => false,
            Kind::Calm => true,
        };
        let mut random = Random(seed);
        let entropy: Vec<u8> = (0..700).flat_map(|_| random.bits().to_le_bytes()).collect();
        let mut module =
            wasm_smith::Module::new(smith(calm), &mut Unstructured::new(&entropy)).ok()?;
        module.ensure_termination(300).ok()?;
        Some(module.to_bytes())
    }
}

fn parse(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the generator writes valid text")
}

fn smith(calm: bool) -> wasm_smith::Config {
    wasm_smith::Config {
        available_imports: Some(wat::parse_str(HOST).expect("it is valid")),
        canonicalize_nans: true,
        disallow_traps: calm,
        export_everything: true,
        max_instructions: 120,
        min_funcs: 1,
        max_funcs: 5,
        max_globals: 6,
        min_memories: 1,
        max_memories: 1,
        max_memory32_bytes: 3 << 16,
        memory_max_size_required: true,
        max_tables: 3,
        max_table_elements: 20,
        table_max_size_required: true,
        max_data_segments: 3,
        max_element_segments: 3,
        max_elements: 8,
        max_types: 8,
        max_imports: 6,
        simd_enabled: false,
        relaxed_simd_enabled: false,
        gc_enabled: false,
        exceptions_enabled: false,
        threads_enabled: false,
        tail_call_enabled: false,
        memory64_enabled: false,
        wide_arithmetic_enabled: false,
        compact_imports_enabled: false,
        ..wasm_smith::Config::default()
    }
}

/// Makes modules and asks the reference what they do.
fn make(kind: Kind, root: &Path) -> Vec<Case> {
    fs::create_dir_all(root).expect("there is room for temporary files");
    let (count, first) = (number("WARDIAN_DIFFER_COUNT", COUNT), number("WARDIAN_DIFFER_SEED", 0));
    let mut cases = Vec::new();
    let mut seed = first as u64;
    while cases.len() < count {
        let path = root.join(cases.len().to_string());
        let wasm = kind.wasm(seed);
        let text = matches!(kind, Kind::Own).then(|| generate::module(seed));
        seed += 1;
        let Some(wasm) = wasm else { continue };
        // What is supported by one and not by the other proves nothing.
        if wardian::translate(&wasm, &Options::default()).is_err() {
            continue;
        }
        if let Some(expected) = reference::run(&wasm, cases.len(), &exports(&wasm)) {
            let _ = fs::write(path.with_extension("expected"), &expected);
            let _ = fs::write(path.with_extension("wasm"), &wasm);
            let _ = text.as_ref().map(|text| fs::write(path.with_extension("wat"), text));
            cases.push(Case { text, wasm, expected });
        }
    }
    cases
}

/// The names of the exports, in order.
fn exports(wasm: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(wasm).flatten() {
        if let wasmparser::Payload::ExportSection(section) = payload {
            names.extend(section.into_iter().flatten().map(|export| export.name.to_string()));
        }
    }
    names
}

/// Is what happened up to line `last` what happens whatever a load outside of
/// memory gives? Then a C compiler may leave the load out, whole functions that
/// get its value having been inlined, and its trap with it. Only `bounds` is exact.
fn is_free(case: &Case, number: usize, actual: &str, last: usize) -> bool {
    let Some(text) = &case.text else {
        // Another trap instead, for all that can be told of a module of others.
        return actual.lines().nth(last).is_some_and(|line| line.contains("trap:"));
    };
    let names = exports(&case.wasm);
    let happened = |value| {
        let wasm = parse(&generate::lenient(text, value));
        let said = reference::run(&wasm, number, &names);
        said.is_some_and(|said| said.lines().take(last + 1).eq(actual.lines().take(last + 1)))
    };
    [0, -1, 0x0123_4567].into_iter().all(happened)
}

// ---- Configurations ------------------------------------------------------------------

/// `guard-opt-gcc-O2`: memory mode, passes, compiler, level; then `san` if
/// sanitizers watch, `split` if each module is many files, or `interrupt` if it can be
/// interrupted.
struct Config {
    name: String,
    memory: Memory,
    optimize: bool,
    compiler: String,
    level: String,
    sanitize: bool,
    split: bool,
    interrupt: bool,
}

impl Config {
    fn parse(name: &str) -> Result<Config, String> {
        let words: Vec<&str> = name.split('-').collect();
        let (&[memory, passes, compiler, level], rest) = words
            .split_first_chunk::<4>()
            .ok_or_else(|| format!("`{name}` is no configuration: MODE-PASSES-COMPILER-LEVEL"))?;
        Ok(Config {
            name: name.to_string(),
            memory: if memory == "guard" { Memory::Guard } else { Memory::Bounds },
            optimize: passes == "opt",
            compiler: compiler.to_string(),
            level: level.to_string(),
            sanitize: rest == ["san"],
            split: rest == ["split"],
            interrupt: rest == ["interrupt"],
        })
    }

    fn cc(&self) -> Command {
        let mut cc = c::cc(&self.compiler);
        if self.compiler != "tcc" {
            cc.arg(format!("-{}", self.level)).args(c::FLAGS);
            cc.args(["-std=c99", "-w"]);
        }
        if self.sanitize {
            cc.args(["-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
        }
        cc
    }

    fn trial(&self, cases: &[Case], root: &Path) -> Result<Completion, Failed> {
        let folder = root.join(&self.name);
        fs::create_dir_all(&folder)?;
        let exe = self.build(cases, &folder)?;
        let mut failures = Vec::new();
        let mut next = 0;
        // A module that brings the program down is one failure; the next has its turn.
        while next < cases.len() {
            let mut command = Command::new(&exe);
            command.arg(next.to_string());
            command.env(
                "ASAN_OPTIONS",
                "handle_segv=0:handle_sigbus=0:detect_stack_use_after_return=0",
            );
            let outcome = process::run(&mut command, RUN_LIMIT)?;
            let text = String::from_utf8_lossy(&outcome.stdout);
            let said = text.replace("out of bounds table access", "undefined element");
            let parts: Vec<&str> = said.split("module ").skip(1).collect();
            let complete = outcome.success() && said.ends_with("done\n");
            for (i, part) in parts.iter().enumerate() {
                let number = next + i;
                let body = part.split_once('\n').map_or("", |(_, body)| body);
                let body = body.trim_end_matches("done\n");
                let crashed = !complete && i + 1 == parts.len();
                if let Some(difference) = self.difference(&cases[number], number, body, crashed) {
                    failures.push(format!("module {number}: {difference}"));
                }
            }
            if complete {
                break;
            }
            let stderr = String::from_utf8_lossy(&outcome.stderr);
            failures.push(format!(
                "{}: {}",
                outcome.describe(),
                stderr.chars().take(2000).collect::<String>()
            ));
            next += parts.len().max(1);
        }
        if failures.is_empty() {
            return Ok(Completion::Completed);
        }
        let shown = failures[..failures.len().min(2 * SHOWN)].join("\n");
        Err(format!("{} differences\n{shown}\nin {}", failures.len(), root.display()).into())
    }

    /// Where what happened is not what should have. In a guarded memory, a trap
    /// is only the reason to stop: what came before it may have been reordered.
    fn difference(
        &self,
        case: &Case,
        number: usize,
        actual: &str,
        crashed: bool,
    ) -> Option<String> {
        let mut found = actual.lines();
        for (i, wanted) in case.expected.lines().enumerate() {
            let Some(line) = found.next() else {
                return Some(format!("ends before line {i}, `{wanted}`"));
            };
            if wanted == line {
                if self.memory == Memory::Guard && wanted.contains("trap:") {
                    return None;
                }
                continue;
            }
            let outside = wanted.contains("out of bounds memory access");
            if self.memory == Memory::Guard && outside && is_free(case, number, actual, i) {
                return None;
            }
            return Some(format!("line {i} is `{line}`, should be `{wanted}`"));
        }
        (crashed || found.next().is_some()).then(|| "does more than it should".to_string())
    }

    // ---- Building -------------------------------------------------------------------

    fn build(&self, cases: &[Case], folder: &Path) -> Result<PathBuf, Failed> {
        let mut units = vec![String::new()];
        let mut size = 0;
        let mut table = String::from("#include \"wdn.h\"\n");
        let mut entries = String::new();
        for (i, case) in cases.iter().enumerate() {
            let options = Options {
                name: format!("m{i}"),
                memory: self.memory,
                optimize: self.optimize,
                interrupt: if self.interrupt { Interrupt::Flag } else { Interrupt::None },
                shard_size: if self.split { 4000 } else { Options::default().shard_size },
                ..Options::default()
            };
            let files = wardian::translate(&case.wasm, &options).map_err(|it| it.to_string())?;
            if size > UNIT {
                units.push(String::new());
                size = 0;
            }
            size += files.values().map(String::len).sum::<usize>();
            for source in c::write(folder, &files)? {
                let unit = units.last_mut().expect("there is always one");
                let _ = writeln!(unit, "#include \"{}\"", source.display());
            }
            let _ = writeln!(table, "extern const wdn_module_t m{i}_module;");
            let _ = writeln!(entries, "  &m{i}_module,");
        }
        let _ = writeln!(
            table,
            "extern const wdn_module_t *const differ_modules[];\n\
             const wdn_module_t *const differ_modules[] = {{\n{entries}}};\n\
             extern const unsigned differ_module_count;\n\
             const unsigned differ_module_count = {};",
            cases.len()
        );
        let runner = Path::new(env!("CARGO_MANIFEST_DIR")).join("differ/runner.c");
        let mut sources = vec![c::runtime(), runner, folder.join("table.c")];
        fs::write(&sources[2], table)?;
        for (i, unit) in units.iter().enumerate() {
            sources.push(folder.join(format!("unit_{i}.c")));
            fs::write(&sources[3 + i], unit)?;
        }
        self.link(&sources, folder)
    }

    fn link(&self, sources: &[PathBuf], folder: &Path) -> Result<PathBuf, Failed> {
        let objects: Vec<PathBuf> =
            (0..sources.len()).map(|i| folder.join(format!("{i}.o"))).collect();
        sources.par_iter().zip(&objects).try_for_each(|(source, object)| {
            c::compile(self.cc().arg("-c").arg(source).arg("-o").arg(object), COMPILE_LIMIT)
        })?;
        let exe = folder.join("runner");
        c::compile(self.cc().args(&objects).arg("-o").arg(&exe).arg("-lm"), COMPILE_LIMIT)?;
        Ok(exe)
    }
}
