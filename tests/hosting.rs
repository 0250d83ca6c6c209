//! Hosts of real modules, through the public interface: every program in `hosting/`
//! is a trial in every configuration, named `guard-gcc-O2::nested.c`. Its opening
//! comment says, one to a line:
//!
//! - `modules: a, b (bounds), c=a`: what is translated and linked, in the memory mode
//!   of the configuration or another; `c=a` is `a.wat` under the name `c`; `d
//!   (interrupt)` can be interrupted.
//! - `not on: tag (why)`: configurations that cannot run it.
//! - `wrong: text`: with `-DWRONG`, a compiler must refuse it with these words;
//!   without, it is a host like the others.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian::{Interrupt, Memory, Options};
use wardian_tests::{process, tools};

const LIMIT: Duration = Duration::from_secs(120);

/// What generated code is to be compiled with, and hosts with it.
const FLAGS: &[&str] =
    &["-Wall", "-Wextra", "-Werror", "-fno-strict-aliasing", "-ffp-contract=off"];

/// A way to translate, compile and run.
struct Config {
    memory: Memory,
    name: &'static str,
    /// Of C and of C++: command and flags.
    cc: &'static str,
    cxx: &'static str,
    /// What runs the programs, if not the system.
    runner: Option<&'static str>,
    /// What programs can refuse by `not on:`.
    tags: &'static [&'static str],
}

const SANITIZE: &str = "gcc -std=c99 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all";

const fn native(memory: Memory, name: &'static str, cc: &'static str, cxx: &'static str) -> Config {
    Config { memory, name, cc, cxx, runner: None, tags: &[] }
}

const CONFIGS: &[Config] = &[
    native(Memory::Guard, "guard-gcc-O2", "gcc -std=c99 -O2", "g++ -O2"),
    native(Memory::Bounds, "bounds-gcc-O0", "gcc -std=c99 -O0", "g++ -O0"),
    native(Memory::Guard, "guard-clang-O0", "clang -std=c99 -O0", "clang++ -O0"),
    native(Memory::Bounds, "bounds-clang-O2", "clang -std=c99 -O2", "clang++ -O2"),
    Config { tags: &["tcc"], ..native(Memory::Bounds, "bounds-tcc", "tcc", "") },
    Config { tags: &["san"], ..native(Memory::Guard, "guard-gcc-san", SANITIZE, "") },
    Config { tags: &["san"], ..native(Memory::Bounds, "bounds-gcc-san", SANITIZE, "") },
    Config {
        runner: Some("qemu-i386"),
        tags: &["qemu", "32-bit"],
        ..native(
            Memory::Bounds,
            "bounds-i386",
            "i686-linux-gnu-gcc -std=c99 -O2 -msse2 -mfpmath=sse -static",
            "",
        )
    },
    Config {
        runner: Some("qemu-s390x"),
        tags: &["qemu"],
        ..native(Memory::Bounds, "bounds-s390x", "s390x-linux-gnu-gcc -O2 -static", "")
    },
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::from_args();
    let temporary = tempfile::tempdir()?;
    let cases = cases()?;
    let mut trials = Vec::new();
    for config in CONFIGS {
        let folder = temporary.path().join(config.name);
        fs::create_dir(&folder)?;
        let built = Arc::new(Built { config, folder, runtime: OnceLock::new() });
        for case in cases.iter().filter(|case| case.runs_on(config)) {
            let (built, case) = (Arc::clone(&built), case.clone());
            let name = format!("{}::{}", config.name, case.name);
            trials.push(Trial::ignorable_test(name, move || built.run(&case)));
        }
    }
    Ok(libtest_mimic::run(&arguments, trials).exit_code())
}

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hosting")
}

// ---- Cases -------------------------------------------------------------------------

/// A module that a host links.
#[derive(Clone)]
struct Module {
    name: String,
    file: PathBuf,
    /// Where it is not that of the configuration.
    memory: Option<Memory>,
    interrupt: Interrupt,
}

/// A program of the suite.
#[derive(Clone)]
struct Case {
    name: String,
    path: PathBuf,
    modules: Vec<Module>,
    /// Tags of configurations that cannot run it.
    not_on: Vec<String>,
    /// What compilers say if they are given `-DWRONG`.
    wrong: Option<String>,
}

fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(suite())? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "c" || it == "cc") {
            cases.push(Case::read(&path).map_err(|error| format!("{}: {error}", path.display()))?);
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

impl Case {
    fn read(path: &Path) -> Result<Case, Box<dyn Error>> {
        let text = fs::read_to_string(path)?;
        let comment = text.split("*/").next().unwrap_or_default();
        let line = |key: &str| {
            let mut lines = comment.lines().filter_map(|line| line.trim().strip_prefix("* "));
            lines.find_map(|line| line.strip_prefix(key)).map(str::trim)
        };
        let modules = line("modules:").ok_or("the comment names no modules")?;
        let modules = modules.split(", ").map(Module::parse).collect::<Result<Vec<_>, _>>()?;
        let tag = |item: &str| match item.trim_end_matches(')').split_once(" (") {
            Some((tag, why)) if !why.is_empty() => Ok(tag.to_string()),
            _ => Err(format!("`{item}` gives no reason")),
        };
        let not_on = line("not on:").map(|list| list.split("), ").map(tag).collect());
        Ok(Case {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path: path.to_path_buf(),
            modules,
            not_on: not_on.unwrap_or(Ok(Vec::new()))?,
            wrong: line("wrong:").map(str::to_string),
        })
    }

    fn is_cxx(&self) -> bool {
        self.name.ends_with(".cc")
    }

    fn runs_on(&self, config: &Config) -> bool {
        let refused = config.tags.iter().any(|tag| self.not_on.iter().any(|not| not == tag));
        !refused && (!self.is_cxx() || !config.cxx.is_empty())
    }
}

impl Module {
    /// Reads `name`, `name=file` or `name (mode)`.
    fn parse(text: &str) -> Result<Module, String> {
        let (text, mode) = text.split_once(" (").unwrap_or((text, ")"));
        let (memory, interrupt) = match mode {
            ")" => (None, Interrupt::None),
            "guard)" => (Some(Memory::Guard), Interrupt::None),
            "bounds)" => (Some(Memory::Bounds), Interrupt::None),
            "interrupt)" => (None, Interrupt::Flag),
            _ => return Err(format!("`{mode}` is no mode")),
        };
        let (name, file) = text.split_once('=').unwrap_or((text, text));
        let file = suite().join(file).with_extension("wat");
        Ok(Module { name: name.to_string(), file, memory, interrupt })
    }
}

// ---- Running them --------------------------------------------------------------------

/// A configuration, and the runtime compiled with it.
struct Built {
    config: &'static Config,
    folder: PathBuf,
    runtime: OnceLock<Result<PathBuf, String>>,
}

impl Built {
    fn run(&self, case: &Case) -> Result<Completion, Failed> {
        let host = if case.is_cxx() { self.config.cxx } else { self.config.cc };
        let programs = [host, self.config.cc, self.config.runner.unwrap_or(host)];
        let missing = tools::missing(programs.map(first_word));
        if !missing.is_empty() {
            return tools::skip(&missing.join(", "));
        }
        let folder = self.folder.join(case.name.replace('.', "_"));
        fs::create_dir(&folder)?;
        let mut objects = vec![self.runtime.get_or_init(|| self.compile_runtime()).clone()?];
        for module in &case.modules {
            objects.push(self.compile_module(module, &folder)?);
        }
        if let Some(words) = &case.wrong {
            let mut command = self.compiler(host, &folder);
            command.args(["-DWRONG", "-c"]).arg(&case.path).arg("-o").arg(folder.join("wrong.o"));
            expect_refusal(&mut command, words)?;
        }
        let program = folder.join("program");
        let mut command = self.compiler(host, &folder);
        command.arg(&case.path).args(objects).arg("-o").arg(&program).args(["-lm", "-lpthread"]);
        expect_success(&mut command)?;
        expect_success(&mut self.program(&program))?;
        Ok(Completion::Completed)
    }

    /// The compiler with its flags and the folders of headers.
    fn compiler(&self, cc: &str, folder: &Path) -> Command {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut words = cc.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).args(FLAGS).arg("-I").arg(root.join("../runtime-c/include"));
        command.arg("-I").arg(root.join("runtime")).arg("-I").arg(folder);
        command
    }

    fn compile_runtime(&self) -> Result<PathBuf, String> {
        let object = self.folder.join("wdn.o");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-c/src/wdn.c");
        let mut command = self.compiler(self.config.cc, &self.folder);
        expect_success(command.arg("-c").arg(source).arg("-o").arg(&object))?;
        Ok(object)
    }

    fn compile_module(&self, module: &Module, folder: &Path) -> Result<PathBuf, Failed> {
        let wasm = wat::parse_file(&module.file)?;
        let options = Options {
            name: module.name.clone(),
            memory: module.memory.unwrap_or(self.config.memory),
            interrupt: module.interrupt,
            shard_size: usize::MAX,
            ..Options::default()
        };
        let files = wardian::translate(&wasm, &options)?;
        for (name, text) in &files {
            fs::write(folder.join(name), text)?;
        }
        let source = folder.join(&module.name).with_extension("c");
        let object = source.with_extension("o");
        let mut command = self.compiler(self.config.cc, folder);
        expect_success(command.arg("-c").arg(source).arg("-o").arg(&object))?;
        Ok(object)
    }

    fn program(&self, program: &Path) -> Command {
        let mut command = match self.config.runner {
            None => Command::new(program),
            Some(runner) => {
                let mut command = Command::new(runner);
                command.arg(program);
                command
            }
        };
        // The runtime's handler, and the programs' own, must see what faults.
        command.env(
            "ASAN_OPTIONS",
            "handle_segv=0:handle_sigbus=0:handle_abort=0:detect_stack_use_after_return=0",
        );
        command
    }
}

fn first_word(command: &str) -> &str {
    command.split(' ').next().unwrap_or_default()
}

/// Runs `command`; what it printed, if it fails.
fn expect_success(command: &mut Command) -> Result<(), String> {
    let outcome = process::run(command, LIMIT).map_err(|error| format!("{command:?}: {error}"))?;
    if outcome.success() {
        return Ok(());
    }
    Err(format!(
        "{command:?}: {}\n{}{}",
        outcome.describe(),
        String::from_utf8_lossy(&outcome.stdout),
        String::from_utf8_lossy(&outcome.stderr)
    ))
}

/// Runs a compiler that must refuse what it is given, and say these words.
fn expect_refusal(command: &mut Command, words: &str) -> Result<(), String> {
    let outcome = process::run(command, LIMIT).map_err(|error| format!("{command:?}: {error}"))?;
    let text = String::from_utf8_lossy(&outcome.stderr);
    if outcome.status.is_some_and(|status| status.code() == Some(1)) && text.contains(words) {
        return Ok(());
    }
    Err(format!("{command:?} does not say `{words}`: {}\n{text}", outcome.describe()))
}
