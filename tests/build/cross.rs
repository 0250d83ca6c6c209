//! Packages built by cargo for other machines, and run in emulators: a real example for
//! Linux, 64-bit, 32-bit and big-endian, and the firmware in Rust of `examples/bare-metal`
//! for a Cortex-M3 and for RISC-V.
//!
//! The standard library of other targets does not come with every Rust. `.ci/cross-rust`
//! puts together a compiler and what it needs, and `WARDIAN_CROSS_RUST` is its folder; it
//! compiles for other targets, and this machine's Rust for this machine.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Completion, Failed, Trial};
use wardian_tests::{process, tools};

use crate::fake::{LIMIT, demand, executable};

/// Target, its tools' prefix, and the emulator.
const LINUX: [(&str, &str, &str); 3] = [
    ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu", "qemu-aarch64"),
    ("i686-unknown-linux-gnu", "i686-linux-gnu", "qemu-i386"),
    ("s390x-unknown-linux-gnu", "s390x-linux-gnu", "qemu-s390x"),
];

/// Target, its compiler, and the emulator that the example's own configuration names.
const BOARDS: [(&str, [&str; 2]); 2] = [
    ("thumbv7m-none-eabi", ["arm-none-eabi-gcc", "qemu-system-arm"]),
    ("riscv32imac-unknown-none-elf", ["riscv64-unknown-elf-gcc", "qemu-system-riscv32"]),
];

pub(crate) fn trials() -> Vec<Trial> {
    let example = |(target, tools, emulator): (&'static str, &'static str, &'static str)| {
        let name = format!("cargo_{target}");
        Trial::ignorable_test(name, move || linux(target, tools, emulator))
    };
    let mut trials: Vec<Trial> = LINUX.into_iter().map(example).collect();
    trials.extend(BOARDS.map(|(target, tools)| {
        Trial::ignorable_test(format!("cargo_{target}"), move || firmware(target, tools))
    }));
    trials
}

/// What there is to build with, or why the trial is skipped. That there is no such Rust is
/// no failure anywhere: it is a version of one distribution's.
fn rust(programs: &[&str]) -> Result<Result<PathBuf, Completion>, Failed> {
    let missing = tools::missing(programs.iter().copied());
    if !missing.is_empty() {
        return tools::skip(&missing.join(", ")).map(Err);
    }
    let Some(root) = env::var_os("WARDIAN_CROSS_RUST").map(PathBuf::from) else {
        let reason = "needs WARDIAN_CROSS_RUST, a folder that .ci/cross-rust fills";
        return Ok(Err(Completion::ignored_with(reason)));
    };
    Ok(Ok(root))
}

/// Cargo, with a compiler that is the folder's for other targets.
fn cargo(root: &Path, tools: &Path) -> Result<Command, Failed> {
    let compiler = tools.join("rustc");
    let text = r#"#!/bin/sh
case " $* " in
*" --target "*) LD_LIBRARY_PATH=$CROSS/usr/lib/x86_64-linux-gnu exec "$CROSS/usr/bin/rustc" "$@" ;;
esac
exec rustc "$@"
"#;
    executable(&compiler, text)?;
    let mut command = Command::new(env!("CARGO"));
    let root = std::path::absolute(root)?;
    // What was set for the tests themselves does not count.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CC", "CFLAGS"] {
        command.env_remove(name);
    }
    command.env("RUSTC", compiler).env("CROSS", root).env("RUST_BACKTRACE", "0");
    Ok(command)
}

fn variable(target: &str, what: &str) -> String {
    format!("CARGO_TARGET_{}_{what}", target.replace('-', "_").to_uppercase())
}

/// Runs a test of an example there: what it compresses comes back.
fn linux(target: &str, prefix: &str, emulator: &str) -> Result<Completion, Failed> {
    let linker = format!("{prefix}-gcc");
    let root = match rust(&["clang", "wasm-ld", "sh", &linker, emulator])? {
        Ok(root) => root,
        Err(skipped) => return Ok(skipped),
    };
    let scratch = tempfile::tempdir()?;
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/zstd");
    let mut command = cargo(&root, scratch.path())?;
    command.env(variable(target, "LINKER"), linker);
    command.env(variable(target, "RUNNER"), runner(prefix, emulator));
    command.args(["test", "--lib", "--target", target, "--target-dir"]).arg(folder());
    command.arg("--manifest-path").arg(example.join("Cargo.toml")).arg("data_comes_back");
    let outcome = process::run(&mut command, LIMIT * 5)?;
    let stdout = String::from_utf8_lossy(&outcome.stdout);
    let said = format!("{stdout}{}", String::from_utf8_lossy(&outcome.stderr));
    demand(outcome.success() && stdout.contains("1 passed"), &said)?;
    Ok(Completion::Completed)
}

/// What runs a program there. This machine's own processor, if it can: the emulator of the
/// same architecture takes minutes for what takes that less than a second.
fn runner(prefix: &str, emulator: &str) -> String {
    let libraries = format!("/usr/{prefix}/lib");
    let loader = format!("{libraries}/ld-linux.so.2");
    let native = Command::new(&loader).arg("--list-diagnostics").output();
    match native {
        Ok(output) if output.status.success() => format!("{loader} --library-path {libraries}"),
        _ => format!("{emulator} -L /usr/{prefix}"),
    }
}

/// Of all targets the same, so that what runs here is compiled once.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cross")
}

/// Without an operating system there is no standard library; `core` and `alloc` are
/// compiled from their sources. Says what the firmware in C says, and outlives the same.
fn firmware(target: &str, tools: [&str; 2]) -> Result<Completion, Failed> {
    let root = match rust(&[&tools[..], &["clang", "wasm-ld", "sh"]].concat())? {
        Ok(root) => root,
        Err(skipped) => return Ok(skipped),
    };
    let scratch = tempfile::tempdir()?;
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/bare-metal");
    let mut command = cargo(&root, scratch.path())?;
    // There the configuration is: how to link, and how to run.
    command.current_dir(example.join("firmware-rs"));
    command.env("RUSTC_BOOTSTRAP", "1");
    command.env("__CARGO_TESTS_ONLY_SRC_ROOT", std::path::absolute(root.join("library"))?);
    command.args(["run", "--quiet", "--release", "-Zbuild-std=core,alloc", "--target", target]);
    command.arg("--target-dir").arg(folder());
    let outcome = process::run(&mut command, LIMIT * 5)?;
    let stdout = String::from_utf8_lossy(&outcome.stdout);
    let said = format!("{stdout}{}", String::from_utf8_lossy(&outcome.stderr));
    let want = std::fs::read_to_string(example.join("firmware/main.out"))?;
    demand(said == want && outcome.describe() == "exit status: 42", &said)?;
    Ok(Completion::Completed)
}
