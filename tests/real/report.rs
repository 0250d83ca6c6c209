//! A program in Rust with what programs in Rust use: `report/`, with regular expressions
//! and JSON from packages, built by cargo for this machine and for `wasm32-wasip1`.

use super::run;
use libtest_mimic::{Completion, Failed};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wardian_tests::binary::wardian;
use wardian_tests::{process, tools};

const TARGET: &str = "wasm32-wasip1";

pub(super) fn test() -> Result<Completion, Failed> {
    if !has_target()? {
        return tools::skip("rustc with wasm32-wasip1");
    }
    let native = build(&[])?.join("release/report");
    let wasm = build(&["--target", TARGET])?.join(TARGET).join("release/report.wasm");
    let folder = tempfile::tempdir()?;
    for memory in ["guard", "bounds"] {
        let program = folder.path().join(memory);
        let mut build = Command::new(wardian());
        build.args(["build", "-O", "1", "--memory", memory]).arg(&wasm).arg("-o").arg(&program);
        run(&mut build)?;
        for (what, variable, arguments) in CASES {
            let expected = observe(*variable, arguments, &mut |_| Command::new(&native))?;
            let got = observe(*variable, arguments, &mut |files| {
                let mut command = Command::new(&program);
                command.arg("--dir").arg(format!("{}::texts", files.display()));
                command.args(variable.map(|it| format!("--env={it}")));
                command.arg("--");
                command
            })?;
            if got != expected {
                return Err(format!("{memory}, {what}:\n{got:#?}\nnot\n{expected:#?}").into());
            }
        }
    }
    Ok(Completion::Completed)
}

/// What to run: a name, a variable of the environment, and arguments.
const CASES: &[(&str, Option<&str>, &[&str])] = &[
    ("texts", None, &["texts"]),
    ("no folder", None, &["none"]),
    ("no argument", None, &[]),
    ("a panic", Some("REPORT_END=panic"), &["texts", "more"]),
];

fn has_target() -> Result<bool, Failed> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("probe.rs");
    fs::write(&file, "fn main() {}\n")?;
    let mut command = Command::new("rustc");
    command.arg("--target").arg(TARGET).arg(&file).arg("-o").arg(folder.path().join("probe.wasm"));
    Ok(process::run(&mut command, Duration::from_secs(60)).is_ok_and(|it| it.success()))
}

/// Builds the package; where its products are, kept for the next time.
fn build(arguments: &[&str]) -> Result<PathBuf, Failed> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("real/report");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--release", "--locked"]).args(arguments);
    command.arg("--manifest-path").arg(package.join("Cargo.toml"));
    run(command.arg("--target-dir").arg(&target))?;
    Ok(target)
}

/// What can be seen of a run.
#[derive(Debug, PartialEq)]
struct Observed {
    ending: Option<i32>,
    stdout: String,
    /// Of a panic, which says which thread and place.
    complaint: bool,
    files: BTreeMap<String, String>,
}

/// Runs what `command` makes in a folder with texts.
fn observe(
    variable: Option<&str>,
    arguments: &[&str],
    command: &mut dyn FnMut(&Path) -> Command,
) -> Result<Observed, Failed> {
    let folder = tempfile::tempdir()?;
    let files = folder.path().join("texts");
    fs::create_dir_all(files.join("more"))?;
    let rules = r#"[{"name": "numbers", "pattern": "[0-9]+"},
        {"name": "the", "pattern": "(?i)\\bthe\\b", "weight": 2.25}]"#;
    fs::write(files.join("rules.json"), rules)?;
    let license = Path::new(env!("CARGO_MANIFEST_DIR")).join("../LICENSE");
    fs::copy(license, files.join("licence.txt"))?;
    fs::write(
        files.join("more/words.txt"),
        "the end of the 1st, été über 2000 日本\n".repeat(2000),
    )?;
    fs::write(files.join("empty.txt"), "")?;
    let mut command = command(&files);
    if let Some((name, value)) = variable.and_then(|it| it.split_once('=')) {
        command.env(name, value);
    }
    let command = command.current_dir(folder.path()).args(arguments);
    let outcome = process::run(command, Duration::from_secs(120))?;
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let mut kept = BTreeMap::new();
    for file in fs::read_dir(&files)? {
        let file = file?.path();
        if file.is_file() {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            kept.insert(name, fs::read_to_string(&file)?);
        }
    }
    let complaint = stderr.contains("main.rs");
    Ok(Observed {
        // A panic aborts a program of WebAssembly; it traps.
        ending: if complaint { None } else { outcome.status.and_then(|it| it.code()) },
        stdout: String::from_utf8_lossy(&outcome.stdout).into_owned(),
        complaint,
        files: kept,
    })
}
