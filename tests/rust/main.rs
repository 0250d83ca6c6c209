//! Hosts in Rust: a package whose build script sandboxes modules, and which is built by the
//! real cargo and then does to them whatever a host can do. Each of its trials is a process.
//!
//! It runs as it is, with compared addresses, and with C's sanitizers, which also watch the
//! memory that the Rust side allocates.

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use wardian_tests::{process, tools};

const LIMIT: Duration = Duration::from_secs(600);

/// How the package is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    Plain,
    Bounds,
    Sanitized,
}

use Variant::*;

/// What is built once, by whichever trial comes first: the program, or why there is none.
type Program = OnceLock<Result<PathBuf, String>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let names = names();
    let mut trials = Vec::new();
    for variant in [Plain, Bounds, Sanitized] {
        let program: Arc<Program> = Arc::default();
        let prefix = format!("{variant:?}").to_lowercase();
        for name in &names {
            let (program, name) = (program.clone(), name.clone());
            let title = format!("{prefix}/{name}");
            trials.push(Trial::ignorable_test(title, move || trial(variant, &program, &name)));
        }
        let names = names.clone();
        let whole = move || every_trial_is_run(variant, &program, &names);
        trials.push(Trial::ignorable_test(format!("{prefix}/list"), whole));
    }
    trials.push(Trial::ignorable_test("sandboxed_and_native", sandboxed_and_native));
    trials.push(Trial::ignorable_test("wasi", wasi));
    trials.push(Trial::ignorable_test("types_of_a_header", types_of_a_header));
    trials.push(Trial::ignorable_test("crates_themselves", crates_themselves));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("rust/package")
}

/// The trials, as the program's source names them: to list them it need not be built.
fn names() -> Vec<String> {
    let text = include_str!("package/src/main.rs");
    let line = |line: &str| Some(line.trim().strip_prefix("(\"")?.split_once('"')?.0.to_string());
    text.lines().filter_map(line).collect()
}

/// Builds the program, next to what the suite `build` has built: most of it is the same.
fn build(variant: Variant) -> Result<PathBuf, String> {
    // They are all built to the same place.
    static BUILDING: Mutex<()> = Mutex::new(());
    let _building = BUILDING.lock();
    let host = host()?;
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build");
    let mut command = Command::new(env!("CARGO"));
    // With a target, the flags are none for build scripts.
    command.args(["build", "--quiet", "--target", &host, "--manifest-path"]);
    command.arg(package().join("Cargo.toml")).arg("--target-dir").arg(&target);
    command.env_remove("RUSTFLAGS").env_remove("CFLAGS");
    if variant != Plain {
        command.env("WARDIAN_TEST_BOUNDS", "1");
    }
    if variant == Sanitized {
        command.env("WARDIAN_TEST_SANITIZE", "1").env("CC", "gcc");
        let libraries = "-Clink-args=-Wl,--no-as-needed,-lasan,-lubsan";
        command.env("RUSTFLAGS", format!("-Clinker=gcc {libraries}"));
    }
    let outcome = process::run(&mut command, LIMIT).map_err(|error| error.to_string())?;
    if !outcome.success() {
        let said = String::from_utf8_lossy(&outcome.stderr);
        return Err(format!("cargo: {}\n{said}", outcome.describe()));
    }
    let folder = target.join(&host).join("debug");
    let (made, kept) = (folder.join("host"), folder.join(format!("host-{variant:?}")));
    fs::copy(made, &kept).map(|_| kept).map_err(|error| error.to_string())
}

/// What rustc builds for if it is not told.
fn host() -> Result<String, String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_string).ok_or_else(|| "rustc does not say what it builds for".to_string())
}

/// The library of the sanitizer, where there is one.
fn sanitizer() -> Option<PathBuf> {
    let output = Command::new("gcc").arg("-print-file-name=libasan.so").output().ok()?;
    fs::canonicalize(String::from_utf8_lossy(&output.stdout).trim()).ok()
}

/// What a variant needs and is not there.
fn missing(variant: Variant) -> Option<String> {
    let missing = tools::missing(if variant == Sanitized { ["gcc", "ar"] } else { ["cc", "ar"] });
    if missing.is_empty() && variant == Sanitized && sanitizer().is_none() {
        return Some("libasan".to_string());
    }
    (!missing.is_empty()).then(|| missing.join(", "))
}

/// Cargo, for a package in the folder of this suite.
fn cargo(verb: &str, manifest: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args([verb, "--quiet", "--manifest-path"]).arg(manifest);
    command.arg("--target-dir").arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("build"));
    command.env_remove("RUSTFLAGS").env_remove("CFLAGS");
    command
}

/// What a package needs whose guest is in C, and this machine lacks.
fn missing_for_c(more: &[&str]) -> Option<String> {
    let needed = ["clang", "wasm-ld", "cc", "ar"];
    let mut missing = tools::missing(needed.iter().chain(more).copied());
    if !Path::new("/usr/include/wasm32-wasi").exists() {
        missing.push("wasi-libc".to_string());
    }
    (!missing.is_empty()).then(|| missing.join(", "))
}

/// Runs a package of this suite, which says that all is well.
fn well(package: &str, features: &str) -> Result<(), Failed> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("rust").join(package);
    let mut command = cargo("run", &manifest.join("Cargo.toml"));
    let outcome = process::run(command.args(["--features", features]), LIMIT)?;
    if outcome.stdout == b"all is well\n" {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&outcome.stderr);
    Err(format!("{package} `{features}`: {}\n{said}", outcome.describe()).into())
}

/// A host that does not know whether its library is sandboxed.
fn sandboxed_and_native() -> Result<Completion, Failed> {
    if let Some(missing) = missing_for_c(&["c++"]) {
        return tools::skip(&missing);
    }
    well("noop", "")?;
    well("noop", "noop")?;
    Ok(Completion::Completed)
}

/// A host that grants streams and directories.
fn wasi() -> Result<Completion, Failed> {
    if let Some(missing) = missing_for_c(&[]) {
        return tools::skip(&missing);
    }
    well("wasi", "")?;
    Ok(Completion::Completed)
}

/// A host that has the guest's structs from the guest's header.
fn types_of_a_header() -> Result<Completion, Failed> {
    if let Some(missing) = missing_for_c(&[]) {
        return tools::skip(&missing);
    }
    if !tools::has_libclang() {
        return tools::skip("libclang");
    }
    well("types", "")?;
    Ok(Completion::Completed)
}

/// What the crates of the C libraries test about themselves, with everything in them.
fn crates_themselves() -> Result<Completion, Failed> {
    if let Some(missing) = missing(Plain) {
        return tools::skip(&missing);
    }
    for (folder, features) in [("runtime-c", "link,noop"), ("wasi-c", "link")] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut command = cargo("test", &root.join(folder).join("Cargo.toml"));
        let outcome = process::run(command.args(["--features", features]), LIMIT)?;
        if !outcome.success() {
            let said = [outcome.stdout, outcome.stderr].concat();
            return Err(String::from_utf8_lossy(&said).into_owned().into());
        }
    }
    Ok(Completion::Completed)
}

/// Trials that a signal ends.
const ENDING: &[&str] = &["a_trap_that_ends_the_program", "a_panic_that_ends_the_program"];

fn trial(variant: Variant, program: &Program, name: &str) -> Result<Completion, Failed> {
    if let Some(missing) = missing(variant) {
        return tools::skip(&missing);
    }
    let (code, said) = run(variant, program, name)?;
    let fine = match code {
        Some(code) => code == 0 && !ENDING.contains(&name) && said.contains("is over"),
        None => ENDING.contains(&name) && !said.contains("is over"),
    };
    if fine { Ok(Completion::Completed) } else { Err(format!("{code:?}: {said}").into()) }
}

/// The exit code, which a signal leaves none of, and all output.
fn run(variant: Variant, program: &Program, name: &str) -> Result<(Option<i32>, String), Failed> {
    let program = program.get_or_init(|| build(variant)).as_ref().map_err(Failed::from)?;
    let mut command = Command::new(program);
    command.arg(name).env("RUST_BACKTRACE", "0");
    if variant == Sanitized {
        // It has to come before the C library. A trap that ends the program is no finding.
        command.env("LD_PRELOAD", sanitizer().unwrap_or_default());
        command.env("ASAN_OPTIONS", "handle_abort=0:detect_stack_use_after_return=0");
    }
    let outcome = process::run(&mut command, Duration::from_secs(120))?;
    let status = outcome.status.ok_or("it did not end")?;
    let said = [outcome.stdout, outcome.stderr].concat();
    Ok((status.code(), String::from_utf8_lossy(&said).into_owned()))
}

/// No trial of the program is missing here.
fn every_trial_is_run(
    variant: Variant,
    program: &Program,
    names: &[String],
) -> Result<Completion, Failed> {
    if let Some(missing) = missing(variant) {
        return tools::skip(&missing);
    }
    let (_, said) = run(variant, program, "list")?;
    let listed: BTreeSet<&str> = said.lines().collect();
    let run: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    if listed == run && !run.is_empty() {
        Ok(Completion::Completed)
    } else {
        Err(format!("the program has {listed:?}, and {run:?} are run").into())
    }
}
