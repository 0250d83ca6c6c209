//! Machines without an operating system. `native/*.c` call WASI's bare backend on
//! this machine; `sizes` and `alone` look at what compilers make of it, of the runtime
//! and of translated modules: how large it is, and which headers and symbols it needs;
//! `boards` runs guests in emulators of whole boards.

mod alone;
mod boards;
mod compilers;
mod examples;
mod native;
mod sizes;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::Arguments;
use wardian_tests::c;

fn main() {
    let args = Arguments::from_args();
    let folder = tempfile::tempdir().expect("a folder for what is compiled");
    let mut trials = native::trials(folder.path());
    trials.extend(sizes::trials(folder.path()));
    trials.extend(alone::trials(folder.path()));
    trials.extend(compilers::trials(folder.path()));
    trials.extend(boards::trials(folder.path()));
    trials.extend(examples::trials(folder.path()));
    let conclusion = libtest_mimic::run(&args, trials);
    drop(folder);
    conclusion.exit();
}

/// The folder of this suite.
fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bare")
}

/// The one file of the bare backend that is compiled.
fn wasi() -> PathBuf {
    c::repository().join("wasi-c/src/bare/wdn_wasi_bare.c")
}

/// The files of a folder of this suite that end so, in order.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(suite().join(folder)).expect("a folder of the suite");
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    files.sort();
    assert!(!files.is_empty(), "nothing in {folder}");
    files
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A compiler that finds the headers of both libraries.
fn cc(line: &str) -> Command {
    let mut cc = c::cc(line);
    cc.arg("-I").arg(c::repository().join("wasi-c/include"));
    cc
}

/// Compiles without a warning.
fn compile(cc: &mut Command) -> Result<(), String> {
    c::compile(cc, Duration::from_secs(120))
}
