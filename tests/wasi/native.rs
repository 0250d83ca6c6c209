//! Runs `native/*.c`: every file through every compiler, with both ways to resolve
//! paths. A program says what is wrong, and returns 0 if nothing is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian_tests::{process, tools};

use crate::cc::{CONFIGS, Config, root};

const LIMIT: Duration = Duration::from_secs(300);
/// The program's way to say that it lacks something.
const LACKS: i32 = 77;

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for source in sources() {
        for config in &CONFIGS {
            let source = source.clone();
            let stem = source.file_stem().unwrap_or_default().to_string_lossy();
            let name = format!("native/{stem}/{}", config.name);
            trials.push(Trial::ignorable_test(name, move || test(&source, config)));
        }
    }
    trials
}

fn sources() -> Vec<PathBuf> {
    let folder = root().join("tests/wasi/native");
    let entries = std::fs::read_dir(folder).expect("the suite's folder");
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "c"));
    files.sort();
    files
}

/// In memory where there is such a place: the programs make many small files.
fn folder() -> std::io::Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }
}

fn test(source: &Path, config: &Config) -> Result<Completion, Failed> {
    let missing = config.missing();
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    let exe = config.build(source, &[])?;
    let walk = run(config, &exe, "walk")?;
    // The emulators know no openat2.
    if config.emulator.is_some() { Ok(walk) } else { run(config, &exe, "kernel") }
}

fn run(config: &Config, exe: &Path, resolver: &str) -> Result<Completion, Failed> {
    let folder = folder()?;
    let outcome = process::run(config.command(exe).arg(resolver).arg(folder.path()), LIMIT)?;
    let said = String::from_utf8_lossy(&outcome.stdout);
    match outcome.status.and_then(|status| status.code()) {
        Some(0) => Ok(Completion::Completed),
        Some(LACKS) => tools::skip(said.trim()),
        _ => {
            let complaint = String::from_utf8_lossy(&outcome.stderr);
            let how = outcome.describe();
            Err(format!("resolver `{resolver}`: {how}\n{said}{complaint}").into())
        }
    }
}
