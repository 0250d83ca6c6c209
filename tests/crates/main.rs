//! The packages of `examples/`, which sandbox C libraries of others, and the guide to
//! writing one: cargo builds and tests them as it would for anybody.
//!
//! What the packages promise is in tests of their own. They run here: as they are, with
//! sanitizers, with a module that was made beforehand, and a second time with nothing to do.

mod document;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use document::Document;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian_tests::{process, tools};

fn main() {
    type Test = fn() -> Result<(), Failed>;
    let tests: &[(&str, Test)] = &[
        ("png", || package("png")),
        ("zstd", || package("zstd")),
        ("xml", || package("xml")),
        ("sanitized", sanitized),
        ("without_clang", without_clang),
        ("nothing_to_do", nothing_to_do),
        ("guide", guide),
    ];
    let trials = tests.iter().map(|(name, test)| {
        let test = *test;
        Trial::ignorable_test(*name, move || match missing() {
            Some(what) => tools::skip(&what),
            None => test().map(|()| Completion::Completed),
        })
    });
    // One after the other: cargo would only wait for itself.
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

const LIMIT: Duration = Duration::from_secs(600);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("below the root").to_path_buf()
}

/// What the packages need and this machine lacks.
fn missing() -> Option<String> {
    let programs = tools::missing(["clang", "wasm-ld", "cc", "ar", "sh"]);
    if !programs.is_empty() {
        return Some(programs.join(", "));
    }
    if !Path::new("/usr/include/wasm32-wasi").exists() {
        return Some("wasi-libc".to_string());
    }
    let fetched = process::run(&mut cargo(&["fetch", "--quiet"]), LIMIT);
    (!fetched.is_ok_and(|it| it.success())).then(|| "a registry of packages".to_string())
}

/// Where cargo puts what it makes, here and in the suite `build`.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("build")
}

/// Cargo, for the packages of `examples/`.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root().join("examples")).args(arguments);
    command.env("CARGO_TARGET_DIR", target());
    command
}

/// Runs it to a good end; all that it said.
fn run(command: &mut Command) -> Result<String, Failed> {
    let outcome = process::run(command, LIMIT)?;
    let said = [outcome.stdout.as_slice(), &outcome.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    match outcome.success() {
        true => Ok(said),
        false => Err(format!("{command:?}: {}\n{said}", outcome.describe()).into()),
    }
}

/// Runs tests by cargo; there must be some.
fn tests(command: &mut Command, at_least: usize) -> Result<(), Failed> {
    let said = run(command)?;
    let passed = said.lines().filter(|it| it.starts_with("test ") && it.ends_with("... ok"));
    let passed = passed.count();
    if passed < at_least {
        return Err(format!("only {passed} tests:\n{said}").into());
    }
    Ok(())
}

/// A package's tests, the example of its documentation, and the commands of its README.
fn package(name: &str) -> Result<(), Failed> {
    tests(&mut cargo(&["test", "--package", &format!("sandboxed-{name}")]), 5)?;
    let folder = root().join("examples").join(name);
    Document::read(&folder.join("README.md"))?.play(&folder, &target())
}

/// The decoder with its C under AddressSanitizer and UndefinedBehaviorSanitizer, and as many
/// files.
fn sanitized() -> Result<(), Failed> {
    let arguments = ["test", "--package", "sandboxed-png", "--features", "sanitize", "--lib"];
    let mut command = cargo(&arguments);
    // Rust's libraries come first, which is no problem: none of them allocates before.
    tests(command.env("ASAN_OPTIONS", "verify_asan_link_order=0"), 5)
}

/// The command of the READMEs makes a module, always the same, and the package that has one
/// needs no compiler for WebAssembly.
fn without_clang() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let module = || -> Result<Vec<u8>, Failed> {
        let mut command =
            cargo(&["run", "--quiet", "--package", "sandboxed-xml", "--example", "module"]);
        let outcome = process::run(&mut command, LIMIT)?;
        let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
        if outcome.success() { Ok(outcome.stdout) } else { Err(said.into()) }
    };
    let first = module()?;
    run(&mut cargo(&["clean", "--package", "sandboxed-xml"]))?;
    if first.is_empty() || first != module()? {
        return Err("the module is another one each time".into());
    }
    let file = folder.path().join("xml.wasm");
    fs::write(&file, first)?;
    let mut command = cargo(&["test", "--package", "sandboxed-xml", "--lib"]);
    tests(command.env("XML_WASM", &file).env("CC_wasm32_wasi", "/nowhere/clang"), 5)
}

/// Built again, nothing is compiled, translated or even looked at by a build script.
fn nothing_to_do() -> Result<(), Failed> {
    for name in ["png", "zstd", "xml"] {
        let package = format!("sandboxed-{name}");
        let build = ["build", "--verbose", "--package", &package];
        run(&mut cargo(&build))?;
        let said = run(&mut cargo(&build))?;
        let busy = |line: &&str| line.contains("Running") || line.contains("Compiling");
        if let Some(line) = said.lines().find(busy) {
            return Err(format!("`{line}` in\n{said}").into());
        }
        if !said.contains(&format!("Fresh {package}")) {
            return Err(said.into());
        }
    }
    Ok(())
}

/// What the guide tells to type works, and what it shows comes.
fn guide() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let guide = Document::read(&root().join("docs/sandbox-your-first-c-library.md"))?;
    // There, the repository is in a folder next to the package.
    guide.replace("../wardian/", &format!("{}/", root().display())).play(folder.path(), &target())
}
