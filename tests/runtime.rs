//! Tests the C runtime by itself: every program in `runtime/` is a trial with
//! every compiler, named `gcc-O2::traps.c`. A program says what is wrong and ends
//! with 1. In its opening comment, `not on:` names configurations, by tag, that
//! cannot run it, and why.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian_tests::{process, tools};

const LIMIT: Duration = Duration::from_secs(300);

/// A way to compile and run.
struct Config {
    name: &'static str,
    /// Of C: command and flags, by spaces.
    cc: &'static str,
    /// Of C++, if there is one.
    cxx: Option<&'static str>,
    /// What runs the programs, if not the system.
    runner: Option<&'static str>,
    /// What programs can refuse by `not on:`.
    tags: &'static [&'static str],
}

const fn native(name: &'static str, cc: &'static str, cxx: Option<&'static str>) -> Config {
    Config { name, cc, cxx, runner: None, tags: &[] }
}

const fn emulated(name: &'static str, cc: &'static str, runner: &'static str) -> Config {
    Config { name, cc, cxx: None, runner: Some(runner), tags: &["qemu"] }
}

const CONFIGS: &[Config] = &[
    native("gcc-O0", "gcc -std=c99 -O0", Some("g++ -O0")),
    native("gcc-O2", "gcc -std=c99 -O2", Some("g++ -O2")),
    native("gcc-O3-sse4", "gcc -std=c99 -O3 -msse4.1", None),
    native("clang-O0", "clang -std=c99 -O0", None),
    native("clang-O2", "clang -std=c99 -O2", Some("clang++ -O2")),
    Config { tags: &["tcc"], ..native("tcc", "tcc", None) },
    Config {
        tags: &["san"],
        ..native(
            "gcc-san",
            "gcc -std=c99 -O1 -g -fsanitize=address,undefined,float-cast-overflow \
             -fno-sanitize-recover=all",
            None,
        )
    },
    Config {
        tags: &["san"],
        ..native(
            "clang-san",
            "clang -std=c99 -O1 -g -fsanitize=address,undefined,float-cast-overflow \
             -fno-sanitize-recover=all",
            None,
        )
    },
    Config {
        tags: &["qemu", "32-bit"],
        ..emulated(
            "i386-O0",
            "i686-linux-gnu-gcc -std=c99 -O0 -msse2 -mfpmath=sse -static",
            "qemu-i386",
        )
    },
    Config {
        tags: &["qemu", "32-bit"],
        ..emulated(
            "i386-O2",
            "i686-linux-gnu-gcc -std=c99 -O2 -msse2 -mfpmath=sse -static",
            "qemu-i386",
        )
    },
    emulated("s390x-O0", "s390x-linux-gnu-gcc -O0 -static", "qemu-s390x"),
    emulated("s390x-O2", "s390x-linux-gnu-gcc -O2 -static", "qemu-s390x"),
    emulated("aarch64-O2", "aarch64-linux-gnu-gcc -O2 -static", "qemu-aarch64"),
    emulated("riscv64-O2", "riscv64-linux-gnu-gcc -O2 -static", "qemu-riscv64"),
];

/// What must compile without a warning: compiler, flags, and a file.
const CLEAN: &[(&str, &str)] = &[
    ("gcc", "-std=c99 -O2 -Wall -Wextra -pedantic -Wconversion -Werror -c"),
    ("gcc", "-std=c99 -O0 -Wall -Wextra -pedantic -Wconversion -Werror -c"),
    ("clang", "-std=c99 -O2 -Wall -Wextra -pedantic -Wconversion -Werror -c"),
    ("tcc", "-Wall -Werror -c"),
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Arguments::from_args();
    let temporary = tempfile::tempdir()?;
    let mut trials = vec![
        trial("files::listed", every_file_is_listed),
        trial("check::can_fail", failed_checks_fail),
        trial("clean::g++ wdn.h", public_headers_are_clean_cxx),
    ];
    for (index, (compiler, flags)) in CLEAN.iter().enumerate() {
        let output = temporary.path().join(format!("clean{index}.o"));
        trials.push(Trial::ignorable_test(format!("clean::{compiler} {flags}"), move || {
            compiles(compiler, flags, &runtime().join("src/wdn.c"), &output)
        }));
    }
    let cases = cases()?;
    for config in CONFIGS {
        let folder = temporary.path().join(config.name);
        fs::create_dir(&folder)?;
        let built = Arc::new(Built { config, folder, object: OnceLock::new() });
        for case in cases.iter().filter(|case| case.runs_on(config)) {
            let (built, case) = (built.clone(), case.clone());
            let name = format!("{}::{}", config.name, case.name);
            trials.push(Trial::ignorable_test(name, move || built.run(&case)));
        }
    }
    Ok(libtest_mimic::run(&args, trials).exit_code())
}

fn trial(name: &str, run: fn() -> Result<Completion, Failed>) -> Trial {
    Trial::ignorable_test(name, run)
}

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime")
}

fn runtime() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-c")
}

/// A program of the suite.
#[derive(Clone)]
struct Case {
    name: String,
    path: PathBuf,
    /// Tags of configurations that cannot run it.
    not_on: Vec<String>,
}

impl Case {
    fn is_cxx(&self) -> bool {
        self.name.ends_with(".cc")
    }

    fn runs_on(&self, config: &Config) -> bool {
        !config.tags.iter().any(|tag| self.not_on.iter().any(|not| not == tag))
            && (!self.is_cxx() || config.cxx.is_some())
    }
}

fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(suite())? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "c" || it == "cc") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let not_on = not_on(&fs::read_to_string(&path)?).map_err(|e| format!("{name}: {e}"))?;
            cases.push(Case { name, path, not_on });
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    if cases.is_empty() { Err("no programs in tests/runtime".into()) } else { Ok(cases) }
}

/// Reads `not on: tag (why), tag (why)` in a program's opening comment.
fn not_on(text: &str) -> Result<Vec<String>, String> {
    let Some(line) = text.lines().take(8).find_map(|line| line.split_once("not on: ")) else {
        return Ok(Vec::new());
    };
    let list = line.1.trim_end_matches("*/").trim();
    list.split("), ")
        .map(|item| match item.trim_end_matches(')').split_once(" (") {
            Some((tag, why)) if !why.is_empty() => Ok(tag.to_string()),
            _ => Err(format!("`{item}` gives no reason")),
        })
        .collect()
}

/// A configuration, and the runtime compiled with it.
struct Built {
    config: &'static Config,
    folder: PathBuf,
    object: OnceLock<Result<PathBuf, String>>,
}

impl Built {
    fn run(&self, case: &Case) -> Result<Completion, Failed> {
        let cc = if case.is_cxx() { self.config.cxx.unwrap_or_default() } else { self.config.cc };
        let programs = [cc, self.config.cc, self.config.runner.unwrap_or(cc)];
        let missing = tools::missing(programs.map(first_word));
        if !missing.is_empty() {
            return tools::skip(&missing.join(", "));
        }
        let object = self.object.get_or_init(|| self.compile_runtime()).clone()?;
        let program = self.folder.join(&case.name).with_extension("exe");
        let mut command = compiler(cc);
        command.arg(&case.path).arg(object).arg("-o").arg(&program).args(["-lm", "-lpthread"]);
        expect_success(&mut command)?;
        expect_success(&mut self.runner(&program))?;
        Ok(Completion::Completed)
    }

    fn compile_runtime(&self) -> Result<PathBuf, String> {
        let object = self.folder.join("wdn.o");
        let mut command = compiler(self.config.cc);
        command.arg("-c").arg(runtime().join("src/wdn.c")).arg("-o").arg(&object);
        expect_success(&mut command)?;
        Ok(object)
    }

    fn runner(&self, program: &Path) -> Command {
        let mut command = match self.config.runner {
            None => Command::new(program),
            Some(runner) => {
                let mut command = Command::new(runner);
                command.arg(program);
                command
            }
        };
        // Programs test what faults do; the sanitizers' own handlers would report
        // them first.
        command.env("ASAN_OPTIONS", "handle_segv=0:handle_sigbus=0:handle_abort=0");
        command
    }
}

fn first_word(command: &str) -> &str {
    command.split(' ').next().unwrap_or_default()
}

/// The compiler with its flags and the include path.
fn compiler(cc: &str) -> Command {
    let mut words = cc.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).arg("-I").arg(runtime().join("include")).arg("-I").arg(suite());
    command
}

/// Runs `command`; what it printed, if it fails.
fn expect_success(command: &mut Command) -> Result<(), String> {
    let outcome = process::run(command, LIMIT).map_err(|e| format!("{command:?}: {e}"))?;
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

fn compiles(
    compiler_name: &str,
    flags: &str,
    file: &Path,
    output: &Path,
) -> Result<Completion, Failed> {
    if tools::find(compiler_name).is_none() {
        return tools::skip(compiler_name);
    }
    let mut command = compiler(&format!("{compiler_name} {flags}"));
    expect_success(command.arg(file).arg("-o").arg(output))?;
    Ok(Completion::Completed)
}

fn public_headers_are_clean_cxx() -> Result<Completion, Failed> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let file = folder.path().join("headers.cc");
    fs::write(&file, "#include \"wdn.h\"\n#include \"wdn_try.h\"\n").map_err(|e| e.to_string())?;
    let flags = "-std=c++11 -Wall -Wextra -pedantic -Wconversion -Werror -c";
    compiles("g++", flags, &file, &folder.path().join("headers.o"))
}

/// A program whose check fails must not pass.
fn failed_checks_fail() -> Result<Completion, Failed> {
    if tools::find("gcc").is_none() {
        return tools::skip("gcc");
    }
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let (file, program) = (folder.path().join("fails.c"), folder.path().join("fails.exe"));
    let text =
        "#include \"check.h\"\nint main(void) { EXPECT(1 + 1 == 3); return check_result(); }";
    fs::write(&file, text).map_err(|e| e.to_string())?;
    expect_success(compiler("gcc").arg(&file).arg("-o").arg(&program))?;
    match expect_success(&mut Command::new(&program)) {
        Err(message) if message.contains("1 + 1 == 3") => Ok(Completion::Completed),
        other => Err(format!("a failed check went unnoticed: {other:?}").into()),
    }
}

/// Tools that write the runtime out must not forget a file.
fn every_file_is_listed() -> Result<Completion, Failed> {
    let mut expected = Vec::new();
    for folder in ["include", "src", "port"] {
        let entries = fs::read_dir(runtime().join(folder)).map_err(|e| e.to_string())?;
        for entry in entries {
            let name = entry.map_err(|e| e.to_string())?.file_name();
            let name = format!("{folder}/{}", name.to_string_lossy());
            if name.ends_with(".c") || name.ends_with(".h") {
                expected.push(name);
            }
        }
    }
    let mut listed: Vec<_> = wardian_rt::FILES.iter().map(|(name, _)| name.to_string()).collect();
    expected.sort();
    listed.sort();
    if listed == expected {
        return Ok(Completion::Completed);
    }
    Err(format!("wardian_rt::FILES lists\n{listed:?}, but there are\n{expected:?}").into())
}
