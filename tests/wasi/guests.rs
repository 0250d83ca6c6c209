//! Runs `guests/`: programs in C and Rust, compiled for this machine and, through
//! WebAssembly and the `wardian` program, for its sandbox. Both print the same,
//! end with the same code and leave the same files behind; so does the sandbox on
//! Windows, unless the opening comment says `not on: windows (why)`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian_tests::{binary, process, tools, wine};

use crate::cc::{out_dir, root};

const LIMIT: Duration = Duration::from_secs(120);
const ARGUMENTS: &[&str] = &["two words", "", "--dir", "é"];
const ENVIRONMENT: &str = "GREETING=hello, world";
const INPUT: &str = "the first line\nand the rest,\nwithout an end";

/// A way to build a guest's sandbox and to run it.
struct Kind {
    name: &'static str,
    options: &'static [&'static str],
    /// What runs it, if not the system, and what that needs.
    runner: Option<&'static str>,
    needs: &'static [&'static str],
}

const fn kind(name: &'static str, options: &'static [&'static str]) -> Kind {
    Kind { name, options, runner: None, needs: &[] }
}

/// The default memory, in a program that wine runs.
const WINDOWS: &str = "windows";

const KINDS: &[Kind] = &[
    kind("guard", &["--memory=guard"]),
    kind("bounds", &["--memory=bounds"]),
    kind(WINDOWS, &["--target=x86_64-pc-windows-gnu"]),
    Kind {
        needs: &["gcc"],
        ..kind(
            "sanitized",
            &[
                "--memory=bounds",
                "--cc=gcc",
                "--cflag=-fsanitize=address,undefined",
                "--cflag=-fno-sanitize-recover=all",
            ],
        )
    },
    Kind {
        runner: Some("qemu-i386"),
        needs: &["qemu-i386", "i686-linux-gnu-gcc"],
        ..kind("i386", &["--target=i686-unknown-linux-gnu", "--cflag=-static"])
    },
    Kind {
        runner: Some("qemu-s390x"),
        needs: &["qemu-s390x", "s390x-linux-gnu-gcc"],
        ..kind("s390x", &["--target=s390x-unknown-linux-gnu", "--memory=bounds", "--cflag=-static"])
    },
];

pub(crate) fn trials() -> Vec<Trial> {
    let folder = root().join("tests/wasi/guests");
    let entries = fs::read_dir(folder).expect("the guests' folder");
    let mut sources: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    sources.sort();
    let mut trials = Vec::new();
    for source in sources {
        let text = fs::read_to_string(&source).expect("text");
        for kind in KINDS.iter().filter(|it| !text.contains(&format!("not on: {} (", it.name))) {
            let source = source.clone();
            let file = source.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("guests/{file}/{}", kind.name);
            trials.push(Trial::ignorable_test(name, move || test(&source, kind)));
        }
    }
    trials
}

fn is_rust(source: &Path) -> bool {
    source.extension() == Some(OsStr::new("rs"))
}

/// What a guest needs and this machine lacks.
fn missing(source: &Path) -> Option<String> {
    static C: OnceLock<Option<String>> = OnceLock::new();
    static RUST: OnceLock<Option<String>> = OnceLock::new();
    let (probe, text, what) = if is_rust(source) {
        (&RUST, "fn main() {}", "rustc with wasm32-wasip1")
    } else {
        (&C, "int main(void) { return 0; }", "clang with wasi-libc")
    };
    let compiles = || {
        let folder = tempfile::tempdir().ok()?;
        let file = folder.path().join("probe").with_extension(source.extension()?);
        fs::write(&file, text).ok()?;
        compile(&file, &folder.path().join("probe.wasm"), true).ok()
    };
    probe.get_or_init(|| compiles().is_none().then(|| what.to_string())).clone()
}

/// Compiles a guest, for WebAssembly or for this machine.
fn compile(source: &Path, out: &Path, wasm: bool) -> Result<(), String> {
    let mut command = Command::new(if is_rust(source) { "rustc" } else { "clang" });
    if is_rust(source) {
        command.args(["--edition", "2024", "-O", "-Cstrip=symbols"]);
        command.args(wasm.then_some("--target=wasm32-wasip1"));
    } else {
        command.args(["-O1", "-D_GNU_SOURCE"]);
        command.args(wasm.then_some("--target=wasm32-wasi"));
    }
    done(command.arg(source).arg("-o").arg(out))
}

fn done(command: &mut Command) -> Result<(), String> {
    let outcome = process::run(command, LIMIT).map_err(|error| format!("{command:?}: {error}"))?;
    if outcome.success() {
        return Ok(());
    }
    Err(format!(
        "{command:?}: {}\n{}",
        outcome.describe(),
        String::from_utf8_lossy(&outcome.stderr)
    ))
}

/// The file name that a guest's products share.
fn stem(source: &Path) -> PathBuf {
    let name = source.file_name().unwrap_or_default().to_string_lossy().replace('.', "-");
    out_dir().join(format!("guest-{name}"))
}

/// The program for this machine and the module, made once for both memories.
fn products(source: &Path) -> Result<(PathBuf, PathBuf), String> {
    type Made = BTreeMap<PathBuf, Result<(PathBuf, PathBuf), String>>;
    static MADE: std::sync::Mutex<Made> = std::sync::Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().map_err(|error| error.to_string())?;
    let make = || {
        let (native, wasm) =
            (stem(source).with_extension("exe"), stem(source).with_extension("wasm"));
        fs::create_dir_all(out_dir()).map_err(|error| error.to_string())?;
        compile(source, &native, false)?;
        compile(source, &wasm, true)?;
        Ok((native, wasm))
    };
    made.entry(source.to_path_buf()).or_insert_with(make).clone()
}

fn wardian() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(binary::wardian)
}

fn test(source: &Path, kind: &Kind) -> Result<Completion, Failed> {
    if let Some(what) = missing(source) {
        return tools::skip(&what);
    }
    let missing = tools::missing(kind.needs.iter().copied());
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    let on_windows = kind.name == WINDOWS;
    if on_windows && !wine::missing().is_empty() {
        return tools::skip(&wine::missing().join(", "));
    }
    let (native, wasm) = products(source)?;
    let sandboxed = stem(source).with_extension(kind.name);
    let mut build = Command::new(wardian());
    build.args(["--quiet", "build", "-O1"]).args(kind.options);
    done(build.arg(&wasm).arg("-o").arg(&sandboxed))?;

    let (here, there) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let mut command = Command::new(native);
    command.current_dir(here.path()).env_clear().env("GREETING", &ENVIRONMENT[9..]);
    let expected = observe(command.args(ARGUMENTS), here.path())?;
    let mut command = match kind.runner {
        _ if on_windows => wine::command(&sandboxed)?,
        None => Command::new(sandboxed),
        Some(runner) => {
            let mut command = Command::new(runner);
            command.arg(sandboxed);
            command
        }
    };
    let folder =
        if on_windows { wine::path(there.path()) } else { there.path().display().to_string() };
    command.arg("--dir").arg(format!("{folder}::/"));
    command.args(["--env", ENVIRONMENT, "--"]);
    let observed = observe(command.args(ARGUMENTS), there.path())?;
    if expected == observed {
        return Ok(Completion::Completed);
    }
    Err(difference(&expected, &observed).into())
}

/// All that can be seen of a program's run.
#[derive(PartialEq, Eq)]
struct Observed {
    ending: String,
    stdout: String,
    stderr: String,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

fn observe(command: &mut Command, folder: &Path) -> Result<Observed, Failed> {
    let mut input = tempfile::tempfile()?;
    input.write_all(INPUT.as_bytes())?;
    input.rewind()?;
    let outcome = process::run_on(command, Stdio::from(input), LIMIT)?;
    let mut files = BTreeMap::new();
    collect(folder, Path::new(""), &mut files)?;
    Ok(Observed {
        ending: outcome.describe(),
        stdout: String::from_utf8_lossy(&outcome.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&outcome.stderr).into_owned(),
        files,
    })
}

/// Every file below `folder`, with its content; folders have none.
fn collect(folder: &Path, below: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            files.insert(path.clone(), Vec::new());
            collect(folder, &path, files)?;
        } else if kind.is_symlink() {
            let target = fs::read_link(folder.join(&path))?;
            files.insert(path, target.into_os_string().into_encoded_bytes());
        } else {
            files.insert(path.clone(), fs::read(folder.join(&path))?);
        }
    }
    Ok(())
}

/// Where the two part.
fn difference(expected: &Observed, observed: &Observed) -> String {
    let mut text = String::new();
    let pairs = [
        ("ended with", &expected.ending, &observed.ending),
        ("printed", &expected.stdout, &observed.stdout),
        ("complained", &expected.stderr, &observed.stderr),
    ];
    for (what, natively, sandboxed) in pairs {
        let line = natively.lines().zip(sandboxed.lines()).find(|(a, b)| a != b);
        if let Some((a, b)) = line {
            text += &format!("{what}: natively\n  {a}\nin the sandbox\n  {b}\n");
        } else if natively != sandboxed {
            let (a, b) = (natively.len(), sandboxed.len());
            text += &format!("{what}: natively {a} bytes, in the sandbox {b}\n");
        }
    }
    for path in expected.files.keys().chain(observed.files.keys()) {
        if expected.files.get(path) != observed.files.get(path) {
            text += &format!("another file: {}\n", path.display());
        }
    }
    text
}
