//! Modules of which there is one instance, in programs without anything else: every
//! program in `one/` is a trial in every configuration, named `gcc-O2::tables.c`. Its
//! opening comment says, one to a line:
//!
//! - `options: --stack=depth:10`: how the module is translated, on the command line;
//! - `module: bounded`: which one, if it is not called like the program;
//! - `with: wasi`: what is linked beside the runtime.
//!
//! What is more: such a module needs no header but the compiler's own, and no function
//! but three that move bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian_tests::{binary, c, process, tools};

const LIMIT: Duration = Duration::from_secs(120);

/// A compiler, its flags for the module and the runtime, and what runs the program.
struct Config {
    name: &'static str,
    cc: &'static str,
    runner: Option<&'static str>,
}

const fn native(name: &'static str, cc: &'static str) -> Config {
    Config { name, cc, runner: None }
}

const CONFIGS: &[Config] = &[
    native("gcc-O0", "gcc -std=c99 -pedantic -O0"),
    native("gcc-O1", "gcc -std=c99 -pedantic -O1"),
    native("gcc-O2", "gcc -std=c99 -pedantic -O2"),
    native("gcc-O3", "gcc -std=c99 -pedantic -O3"),
    native("gcc-Os-freestanding", "gcc -std=c99 -pedantic -Os -ffreestanding"),
    native("clang-O0", "clang -std=c99 -pedantic -O0"),
    native("clang-O2", "clang -std=c99 -pedantic -O2"),
    native("tcc", "tcc"),
    native("gcc-san", "gcc -std=c99 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"),
    native(
        "clang-san",
        "clang -std=c99 -O2 -g -fsanitize=address,undefined -fno-sanitize-recover=all",
    ),
    Config {
        name: "i386",
        cc: "i686-linux-gnu-gcc -std=c99 -pedantic -O2 -msse2 -mfpmath=sse -static",
        runner: Some("qemu-i386"),
    },
    Config {
        name: "s390x",
        cc: "s390x-linux-gnu-gcc -std=gnu99 -pedantic -O2 -static",
        runner: Some("qemu-s390x"),
    },
];

fn main() {
    let arguments = Arguments::from_args();
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let wardian = binary::wardian();
    let cases = cases();
    let mut trials = Vec::new();
    for config in CONFIGS {
        for case in &cases {
            let folder = temporary.path().join(config.name).join(&case.name);
            let (case, wardian) = (case.clone(), wardian.clone());
            let name = format!("{}::{}.c", config.name, case.name);
            let run = move || case.run(config, &wardian, &folder);
            trials.push(Trial::ignorable_test(name, run));
        }
    }
    for target in TARGETS {
        for case in &cases {
            let folder = temporary.path().join(target.name).join(&case.name);
            let (case, wardian) = (case.clone(), wardian.clone());
            let name = format!("alone-{}::{}", target.name, case.name);
            let run = move || case.alone(target, &wardian, &folder);
            trials.push(Trial::ignorable_test(name, run));
        }
        let folder = temporary.path().join(target.name);
        let run = move || runtime(target, &folder);
        trials.push(Trial::ignorable_test(format!("alone-{}::runtime", target.name), run));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("one")
}

// ---- Programs -------------------------------------------------------------------

#[derive(Clone)]
struct Case {
    name: String,
    module: PathBuf,
    options: Vec<String>,
    wasi: bool,
}

fn cases() -> Vec<Case> {
    let entries = fs::read_dir(suite()).expect("a folder of programs");
    let paths = entries.map(|entry| entry.expect("readable").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|it| it == "c")).collect();
    paths.sort();
    paths.iter().map(|path| Case::read(path)).collect()
}

impl Case {
    fn read(path: &Path) -> Case {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("text");
        let comment = text.split("*/").next().unwrap_or_default();
        let line = |key: &str| {
            let mut lines = comment.lines().filter_map(|line| line.trim().strip_prefix("* "));
            lines.find_map(|line| line.strip_prefix(key)).map(str::trim)
        };
        let options = line("options:").unwrap_or_default();
        Case {
            module: suite().join(line("module:").unwrap_or(&name)).with_extension("wat"),
            options: options.split_whitespace().map(str::to_string).collect(),
            wasi: line("with:") == Some("wasi"),
            name,
        }
    }

    /// Translates the module; what is to be compiled.
    fn translate(&self, wardian: &Path, folder: &Path) -> Result<Vec<PathBuf>, String> {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let mut command = Command::new(wardian);
        command.args(["translate", "--instances=one", "--name=app", "--quiet"]);
        command.args(&self.options).arg(&self.module).arg("-o").arg(folder);
        expect_success(&mut command)?;
        let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
        let mut sources: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
        sources.retain(|path| path.extension().is_some_and(|it| it == "c"));
        Ok(sources)
    }

    fn run(&self, config: &Config, wardian: &Path, folder: &Path) -> Result<Completion, Failed> {
        let cc = config.cc.split(' ').next().unwrap_or_default();
        let missing = tools::missing([cc, config.runner.unwrap_or(cc)]);
        if !missing.is_empty() {
            return tools::skip(&missing.join(", "));
        }
        let mut sources = self.translate(wardian, folder)?;
        sources.push(c::repository().join("runtime-c/src/wdn_one.c"));
        if self.wasi {
            sources.push(c::repository().join("wasi-c/src/bare/wdn_wasi_bare.c"));
        }
        let program = folder.join("program");
        let mut compiler = compiler(config.cc, folder);
        compiler.args(&sources).arg("-c").current_dir(folder);
        c::compile(&mut compiler, LIMIT)?;
        // The program itself has a C library.
        let cc = config.cc.replace("-ffreestanding", "");
        let mut compiler = self::compiler(&cc, folder);
        compiler.arg("-I").arg(suite().join("../support"));
        compiler.arg(suite().join(&self.name).with_extension("c"));
        compiler.args(sources.iter().map(|it| object(folder, it))).arg("-o").arg(&program);
        if self.wasi && cc.starts_with("gcc") {
            compiler.args(["-ffunction-sections", "-Wl,--gc-sections"]);
        }
        c::compile(compiler.arg("-lm"), LIMIT)?;
        let mut command = Command::new(config.runner.map_or(program.as_path(), Path::new));
        if config.runner.is_some() {
            command.arg(&program);
        }
        expect_success(&mut command)?;
        Ok(Completion::Completed)
    }
}

/// What a compiler calls the object of a source.
fn object(folder: &Path, source: &Path) -> PathBuf {
    folder.join(source.file_name().unwrap_or_default()).with_extension("o")
}

fn compiler(line: &str, folder: &Path) -> Command {
    let mut command = c::cc(line);
    command.args(["-Wall", "-Wextra", "-Werror"]).args(c::FLAGS);
    command.arg("-I").arg(c::repository().join("wasi-c/include")).arg("-I").arg(folder);
    command
}

/// Runs `command`; what it printed, if it fails.
fn expect_success(command: &mut Command) -> Result<String, String> {
    let outcome = process::run(command, LIMIT).map_err(|error| format!("{command:?}: {error}"))?;
    let said = String::from_utf8_lossy(&outcome.stdout).into_owned();
    if outcome.success() {
        return Ok(said);
    }
    let errors = String::from_utf8_lossy(&outcome.stderr);
    Err(format!("{command:?}: {}\n{said}{errors}", outcome.describe()))
}

// ---- Alone ----------------------------------------------------------------------

/// A compiler without a C library.
struct Target {
    name: &'static str,
    cc: &'static str,
    nm: &'static str,
}

const TARGETS: &[Target] = &[
    Target { name: "x86-64", cc: "gcc -O2", nm: "nm" },
    Target { name: "clang", cc: "clang -Os", nm: "nm" },
    Target {
        name: "cortex-m0",
        cc: "arm-none-eabi-gcc -mthumb -mcpu=cortex-m0 -Os",
        nm: "arm-none-eabi-nm",
    },
    Target {
        name: "cortex-m3",
        cc: "arm-none-eabi-gcc -mthumb -mcpu=cortex-m3 -O2",
        nm: "arm-none-eabi-nm",
    },
    Target {
        name: "rv32imac",
        cc: "riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 -Os",
        nm: "riscv64-unknown-elf-nm",
    },
];

/// All that is taken from elsewhere. What begins with two underscores is the
/// compiler's own.
const BYTES: &[&str] = &["memcpy", "memmove", "memset"];
const RUNTIME: &[&str] =
    &["wdn_one_try", "wdn_one_begin", "wdn_one_trap", "wdn_f32_sqrt", "wdn_f64_sqrt"];

impl Target {
    /// Compiles with no headers but a compiler's own five, in our words.
    fn compile(&self, source: &Path, folder: &Path) -> Result<Vec<String>, String> {
        let object = object(folder, source);
        let mut command = compiler(self.cc, folder);
        command.args(["-std=c99", "-pedantic", "-ffreestanding", "-nostdinc", "-fno-pic"]);
        command.arg("-isystem").arg(suite().join("../bare/stubs"));
        c::compile(command.arg("-c").arg(source).arg("-o").arg(&object), LIMIT)?;
        let list = expect_success(Command::new(self.nm).arg("-u").arg(&object))?;
        let names = list.split_whitespace().filter(|it| *it != "U" && !it.starts_with("__"));
        Ok(names.map(str::to_string).collect())
    }

    fn missing(&self) -> Vec<String> {
        tools::missing([self.cc.split(' ').next().unwrap_or_default(), self.nm])
    }
}

fn runtime(target: &Target, folder: &Path) -> Result<Completion, Failed> {
    if !target.missing().is_empty() {
        return tools::skip(&target.missing().join(", "));
    }
    fs::create_dir_all(folder)?;
    for source in ["wdn_one.c", "wdn_bytes.c"] {
        let source = c::repository().join("runtime-c/src").join(source);
        let names = target.compile(&source, folder)?;
        if !names.is_empty() {
            return Err(format!("{} needs {names:?}", source.display()).into());
        }
    }
    Ok(Completion::Completed)
}

impl Case {
    fn alone(&self, target: &Target, wardian: &Path, folder: &Path) -> Result<Completion, Failed> {
        if !target.missing().is_empty() {
            return tools::skip(&target.missing().join(", "));
        }
        for source in self.translate(wardian, folder)? {
            for name in target.compile(&source, folder)? {
                // Of another file of the module, or the host's.
                let own = name.starts_with("app_");
                if !own && ![BYTES, RUNTIME].concat().contains(&&name[..]) {
                    return Err(format!("{} needs {name}", source.display()).into());
                }
            }
        }
        Ok(Completion::Completed)
    }
}
