//! Accesses at the edges of linear memory and of tables: every load and store with
//! every kind of index, in modules that run among canaries.
//!
//! A trial is a program in one configuration, named `guard-gcc-O2-opt::accesses`;
//! `WARDIAN_SPEC_MATRIX=full` runs all compilers, levels and modes. The programs:
//! `accesses` (`cases.rs` writes the module, `accesses.c` is the host), `max-pages`
//! (the same in a memory as large as can be), `frames` (the stack's end; `frames.rs`
//! writes the module), `bulk`, `walks` and `dropped` (NAME.wat and NAME.c). `self-check`
//! trials break the sandbox and expect to be told.

mod build;
mod cases;
mod frames;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian::Memory;
use wardian_tests::process::{self, Outcome};
use wardian_tests::tools;

use build::{Build, Config, here};
use cases::Plan;

const RUN_LIMIT: Duration = Duration::from_secs(120);

/// Where canaries can be placed.
const HAS_CANARIES: bool = cfg!(all(target_os = "linux", target_pointer_width = "64"));

const SMALL: Plan = Plan { name: "small", pages: 2, max: Some(6), grown: 3, all: true };
const NONE: Plan = Plan { name: "none", pages: 0, max: Some(2), grown: 1, all: false };
const LARGE: Plan = Plan { name: "large", pages: 1, max: None, grown: 65280, all: false };

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("no temporary folder: {error}");
            return ExitCode::FAILURE;
        }
    };
    let root = env::var_os("WARDIAN_SPEC_KEEP").map_or(folder.path().to_path_buf(), Into::into);
    let build = Arc::new(Build::new(&root.join("edges")));
    let trials = configs().into_iter().flat_map(|config| trials(&config, &build));
    let trials = trials.chain(self_checks(&build)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(folder);
    conclusion.exit_code()
}

/// The configurations of this run.
fn configs() -> Vec<Config> {
    let full = env::var("WARDIAN_SPEC_MATRIX").is_ok_and(|it| it == "full");
    let levels: &[(&'static str, char)] = if full {
        &["gcc", "clang"].map(|cc| ['0', '1', '2', '3'].map(|level| (cc, level))).concat()
    } else {
        &[("gcc", '2'), ("clang", '2'), ("gcc", '0')]
    };
    let sanitized =
        |memory| Config { memory, compiler: "gcc", level: '1', optimize: true, sanitize: true };
    let mut configs = [Memory::Guard, Memory::Bounds].map(sanitized).to_vec();
    for &(compiler, level) in levels {
        for memory in [Memory::Guard, Memory::Bounds] {
            for optimize in [true, false] {
                // Without passes the C is simple: one compiler is enough, as a rule.
                if full || optimize || compiler == "clang" {
                    configs.push(Config { memory, compiler, level, optimize, sanitize: false });
                }
            }
        }
    }
    configs
}

/// What is compiled into a program.
#[derive(Clone)]
enum Source {
    /// Modules that `cases` writes.
    Plans(&'static [Plan]),
    /// What `frames` writes.
    Frames,
    /// `NAME.wat`, with the host `NAME.c`.
    File(&'static str),
}

/// A program that can be run, and how many checks it makes, where that is known.
struct Ready {
    exe: PathBuf,
    checks: Option<usize>,
}

fn trials(config: &Config, build: &Arc<Build>) -> Vec<Trial> {
    let mut programs = Vec::new();
    if config.optimize {
        programs.push(("bulk", Source::File("bulk")));
    }
    if !config.sanitize {
        programs.extend([
            ("accesses", Source::Plans(&[SMALL, NONE])),
            ("max-pages", Source::Plans(&[LARGE])),
            ("walks", Source::File("walks")),
            ("dropped", Source::File("dropped")),
        ]);
    }
    if !config.sanitize && config.memory == Memory::Bounds {
        programs.push(("frames", Source::Frames));
    }
    let trial = |(name, source): (&'static str, Source)| {
        let (build, config) = (Arc::clone(build), config.clone());
        Trial::ignorable_test(format!("{}::{name}", config.name()), move || {
            trial(&build, &config, name, &source)
        })
    };
    programs.into_iter().map(trial).collect()
}

fn trial(
    build: &Build,
    config: &Config,
    name: &str,
    source: &Source,
) -> Result<Completion, Failed> {
    if !HAS_CANARIES {
        return tools::skip("64-bit Linux");
    }
    let missing = tools::missing([config.compiler]);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    let ready = program(build, config, name, source, &build::include())?;
    let outcome = process::run(&mut config.program(&ready.exe), RUN_LIMIT)?;
    judge(&outcome, ready.checks)
}

/// Did the program say that it made all its checks and found nothing?
fn judge(outcome: &Outcome, checks: Option<usize>) -> Result<Completion, Failed> {
    let text = String::from_utf8_lossy(&outcome.stdout);
    if let Some(what) = text.lines().find_map(|line| line.strip_prefix("needs ")) {
        return tools::skip(what);
    }
    let done = text.lines().next_back().and_then(|line| line.strip_prefix("done "));
    let done: Option<usize> = done.and_then(|it| it.parse().ok());
    if outcome.success() && done.is_some_and(|it| it > 0 && checks.is_none_or(|all| it == all)) {
        return Ok(Completion::Completed);
    }
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    Err(format!("{}, of {checks:?} checks\n{text}\n{stderr}", outcome.describe()).into())
}

fn program(
    build: &Build,
    config: &Config,
    name: &str,
    source: &Source,
    include: &Path,
) -> Result<Ready, Failed> {
    let folder = build.folder(config, name)?;
    match source {
        Source::Plans(plans) => {
            let mut modules = Vec::new();
            let table = folder.join("table.c");
            let (text, checks) = table_of(plans);
            fs::write(&table, text)?;
            for plan in *plans {
                let wasm = wat::parse_str(cases::cases(plan).wat)?;
                modules.push(build.translate(config, plan.name, &wasm)?);
            }
            let hosts = [here().join("accesses.c"), table];
            let exe = build.link(config, &folder, &modules, &hosts, include)?;
            Ok(Ready { exe, checks: Some(checks) })
        }
        Source::Frames => {
            let wasm = wat::parse_str(frames::module())?;
            let module = build.translate(config, "frames", &wasm)?;
            let exe =
                build.link(config, &folder, &[module], &[here().join("frames.c")], include)?;
            Ok(Ready { exe, checks: None })
        }
        Source::File(file) => {
            let wasm = wat::parse_file(here().join(file).with_extension("wat"))?;
            let module = build.translate(config, file, &wasm)?;
            let host = here().join(file).with_extension("c");
            let exe = build.link(config, &folder, &[module], &[host], include)?;
            Ok(Ready { exe, checks: None })
        }
    }
}

/// The file of C that says what the modules have, and how many checks that makes.
fn table_of(plans: &[Plan]) -> (String, usize) {
    let (mut text, mut list) = (String::from("#include \"edges.h\"\n"), String::new());
    let mut checks = 0;
    for plan in plans {
        let (name, cases) = (plan.name, cases::cases(plan));
        text += &format!("#include \"{name}.h\"\n{}", cases.table);
        list += &format!("  {{&{name}_module, {name}_cases,\n");
        list += &format!("   sizeof {name}_cases / sizeof {name}_cases[0], {}}},\n", plan.grown);
        checks += 2 * cases.checks;
    }
    text += &format!("const edge_module_t edge_modules[] = {{\n{list}}};\n");
    text += &format!("const uint32_t edge_module_count = {};\n", plans.len());
    (text, checks)
}

// ---- Tests of these tests --------------------------------------------------------

/// A change of the runtime's headers that lets the guest out, or traps get lost.
struct Sabotage {
    name: &'static str,
    memory: Memory,
    source: Source,
    /// Text of a header of the runtime, and what takes its place.
    from: &'static str,
    to: &'static str,
    /// What the host must say.
    notices: &'static str,
}

const SABOTAGES: &[Sabotage] = &[
    Sabotage {
        name: "no-check",
        memory: Memory::Bounds,
        source: Source::Plans(&[NONE]),
        from: "if (WDN_UNLIKELY((sizeof(void *) < 8 && end > INT32_MAX) || address + end > size))",
        to: "if (WDN_UNLIKELY(address + end > size && address + end <= (u64)1 << 32))",
        notices: "no trap",
    },
    Sabotage {
        name: "check-after",
        memory: Memory::Bounds,
        source: Source::Plans(&[NONE]),
        from: "if (WDN_UNLIKELY((sizeof(void *) < 8 && end > INT32_MAX) || address + end > size))",
        to: "if (address + end > (u64)1 << 32)\n\
             (*(u8 **)((u8 *)self + sizeof(wdn_instance_t) + sizeof(wdn_import_func_t)))\n\
             [address + end] ^= 1;\n\
             if (WDN_UNLIKELY(address + end > size))",
        notices: "a canary was written to",
    },
    Sabotage {
        name: "signed",
        memory: Memory::Guard,
        source: Source::Plans(&[NONE]),
        from: "(size_t)(u32)(address)",
        to: "(size_t)(i32)(address)",
        notices: "the trap is said to be elsewhere",
    },
    Sabotage {
        name: "wraps",
        memory: Memory::Guard,
        source: Source::Plans(&[NONE]),
        from: "(size_t)(u32)(address) + (size_t)(offset)",
        to: "(size_t)(u32)((address) + (offset))",
        notices: "the trap is said to be elsewhere",
    },
    Sabotage {
        name: "not-forced",
        memory: Memory::Guard,
        source: Source::Plans(&[NONE]),
        from: "return *(const volatile wdn_raw##bits##_t *)p;",
        to: "return *(const wdn_raw##bits##_t *)p;",
        notices: "no trap",
    },
    Sabotage {
        name: "stack-limit",
        memory: Memory::Bounds,
        source: Source::Frames,
        from: "((wdn_instance_t *)self)->store->stack_limit",
        to: "((wdn_instance_t *)self)->store->stack_limit - 98304",
        notices: "below its stack",
    },
];

fn self_checks(build: &Arc<Build>) -> Vec<Trial> {
    let trial = |sabotage: &'static Sabotage| {
        let build = Arc::clone(build);
        Trial::ignorable_test(format!("self-check::{}", sabotage.name), move || {
            self_check(&build, sabotage)
        })
    };
    SABOTAGES.iter().map(trial).collect()
}

fn self_check(build: &Build, sabotage: &Sabotage) -> Result<Completion, Failed> {
    let missing = tools::missing(["gcc"]);
    if !HAS_CANARIES || !missing.is_empty() {
        return tools::skip("gcc on 64-bit Linux");
    }
    let memory = sabotage.memory;
    let config = Config { memory, compiler: "gcc", level: '1', optimize: true, sanitize: false };
    let include = build.folder(&config, sabotage.name)?.join("include");
    fs::create_dir_all(&include)?;
    let mut found = false;
    for header in fs::read_dir(build::include())? {
        let header = header?;
        let text = fs::read_to_string(header.path())?;
        found |= text.contains(sabotage.from);
        fs::write(include.join(header.file_name()), text.replace(sabotage.from, sabotage.to))?;
    }
    if !found {
        return Err(format!("no header says `{}`", sabotage.from).into());
    }
    let ready = program(build, &config, sabotage.name, &sabotage.source, &include)?;
    let outcome = process::run(&mut config.program(&ready.exe), RUN_LIMIT)?;
    let text = String::from_utf8_lossy(&outcome.stdout);
    if !outcome.success() && text.contains(sabotage.notices) {
        return Ok(Completion::Completed);
    }
    Err(format!("`{}` went unnoticed: {}\n{text}", sabotage.name, outcome.describe()).into())
}
