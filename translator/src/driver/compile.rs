//! Compiles C files, several at a time, the longest first.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use wardian_rt::flags as list;

use super::cc::{Compiler, Kind};
use super::diagnostic::{Code, Diagnostic, Result};

/// What happens on the way, for those who watch.
pub(crate) enum Event<'a> {
    /// A command is about to be run.
    Command(&'a Command),
    /// A command succeeded, and had this to say.
    Words(&'a [u8]),
    /// So many files will be compiled.
    Compiling(usize),
    /// One of them is done.
    Compiled,
}

/// Told of events, by any thread.
pub(crate) type Watch<'a> = dyn Fn(Event<'_>) + Sync + 'a;

/// How to compile.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// What follows `-O`.
    pub(crate) level: String,
    /// For a shared library: position-independent, and nothing visible unless it says so.
    pub(crate) shared: bool,
    /// Commands that may run at once.
    pub(crate) jobs: usize,
}

impl Settings {
    /// The flags that every file is compiled with, the user's last.
    pub(crate) fn flags(&self, cc: &Compiler) -> Vec<String> {
        let mut flags = vec![format!("-O{}", self.level)];
        if cc.kind != Kind::Tcc {
            flags.extend(list::SEMANTICS.iter().map(ToString::to_string));
        }
        if cc.kind == Kind::Gcc {
            let arch = if cc.is_x86_64 { "x86_64" } else { "" };
            flags.extend(list::for_gcc(&self.level, arch).map(str::to_string));
        }
        if cc.needs_sse {
            flags.extend(list::X86.iter().map(ToString::to_string));
        }
        if cc.drops_sections() {
            flags.extend(["-ffunction-sections", "-fdata-sections"].map(str::to_string));
        }
        if cc.is_bare() {
            flags.extend(list::BARE.iter().map(ToString::to_string));
        }
        if self.shared {
            flags.push("-fPIC".to_string());
        }
        flags.extend(cc.flags.iter().cloned());
        flags
    }
}

/// A C file, and the object file to make of it.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub(crate) source: PathBuf,
    pub(crate) object: PathBuf,
}

/// Compiles all units. If some fail, the error is that of the first, and no
/// further ones are begun.
pub(crate) fn compile(
    cc: &Compiler,
    settings: &Settings,
    includes: &[PathBuf],
    units: &[Unit],
    watch: &Watch<'_>,
) -> Result<()> {
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(size(&units[at].source)));
    let flags = settings.flags(cc);
    let next = AtomicUsize::new(0);
    let failures: Mutex<Vec<(usize, Box<Diagnostic>)>> = Mutex::new(Vec::new());
    let failed = || failures.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let work = || {
        while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            if !failed().is_empty() {
                return;
            }
            match compile_one(cc, &flags, includes, &units[at], watch) {
                Ok(()) => watch(Event::Compiled),
                Err(error) => failed().push((at, error)),
            }
        }
    };
    watch(Event::Compiling(units.len()));
    thread::scope(|scope| {
        for _ in 1..settings.jobs.min(units.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut failures = failures.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    failures.sort_by_key(|(at, _)| *at);
    failures.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |it| it.len())
}

fn compile_one(
    cc: &Compiler,
    flags: &[String],
    includes: &[PathBuf],
    unit: &Unit,
    watch: &Watch<'_>,
) -> Result<()> {
    let mut command = cc.command();
    command.args(flags);
    for folder in includes {
        command.arg("-I").arg(folder);
    }
    command.arg("-c").arg(&unit.source).arg("-o").arg(&unit.object);
    run(&mut command, &unit.object, watch)
}

/// Runs a command that is to make `product`.
pub(crate) fn run(command: &mut Command, product: &Path, watch: &Watch<'_>) -> Result<()> {
    watch(Event::Command(command));
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        Diagnostic::new(Code::Compiler, format!("cannot run `{program}`: {error}"))
    })?;
    // tcc and some linkers complain on their standard output.
    let words = if output.stderr.is_empty() { &output.stdout } else { &output.stderr };
    if !output.status.success() {
        let message = format!("`{program}` failed: {}", output.status);
        return Err(Diagnostic::new(Code::Compiler, message).output(&excerpt(words)));
    }
    if !product.exists() {
        let name = product.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let message = format!("`{program}` reported success and did not write `{name}`");
        return Err(Diagnostic::new(Code::Compiler, message).output(&excerpt(words)));
    }
    if !words.is_empty() {
        watch(Event::Words(words));
    }
    Ok(())
}

/// The first lines, which say most.
fn excerpt(words: &[u8]) -> Vec<u8> {
    const LINES: usize = 60;
    let lines: Vec<&[u8]> = words.split_inclusive(|&byte| byte == b'\n').collect();
    let mut text = lines[..lines.len().min(LINES)].concat();
    if lines.len() > LINES {
        text.extend(format!("... {} more lines\n", lines.len() - LINES).into_bytes());
    }
    text
}
