//! Real programs: SQLite, which nobody here wrote, more than a megabyte of WebAssembly,
//! and one in Rust.
//!
//! SQLite's sources come with the package `libsqlite3-sys`. The same program is built
//! natively and for WebAssembly, that is made native by `wardian build`, and both
//! must print the same.

#[path = "real/report.rs"]
mod report;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wardian_tests::binary::wardian;
use wardian_tests::{process, tools};

/// SQLite without an operating system, as the load wants it.
const FLAGS: &[&str] = &[
    "-DSQLITE_OS_OTHER=1",
    "-DSQLITE_THREADSAFE=0",
    "-DSQLITE_OMIT_LOAD_EXTENSION",
    "-DSQLITE_OMIT_LOCALTIME",
    "-DSQLITE_OMIT_WAL",
    "-DSQLITE_TEMP_STORE=3",
    "-DSQLITE_ENABLE_MEMSYS5",
    "-DSQLITE_ZERO_MALLOC",
    "-DSQLITE_ENABLE_FTS5",
    "-DSQLITE_DEFAULT_MEMSTATUS=0",
    "-w",
];

fn main() {
    let trials = vec![
        Trial::ignorable_test("sqlite", sqlite),
        Trial::ignorable_test("report", report::test),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn sqlite() -> Result<Completion, Failed> {
    let missing = tools::missing(["clang", "wasm-ld", "cc"]);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    if !Path::new("/usr/include/wasm32-wasi").exists() {
        return tools::skip("wasi-libc");
    }
    let folder = tempfile::tempdir()?;
    let (native, wasm) = (folder.path().join("native"), folder.path().join("sqlite.wasm"));
    std::thread::scope(|scope| {
        let native = scope.spawn(|| compile(&["cc", "-O1"], &native));
        let clang = ["clang", "--target=wasm32-wasi", "--sysroot=/usr", "-O2", "-Wl,-s"];
        compile(&clang, &wasm)?;
        native.join().expect("does not panic")
    })?;
    let size = wasm.metadata()?.len();
    if size < 500_000 {
        return Err(format!("{size} bytes are not a large program").into());
    }
    let expected = run(Command::new(&native).arg("2000"))?;
    for memory in ["guard", "bounds"] {
        let program = folder.path().join(memory);
        let mut build = Command::new(wardian());
        build.args(["build", "-O", "1", "--memory", memory]).arg(&wasm).arg("-o").arg(&program);
        run(&mut build)?;
        let got = run(Command::new(&program).arg("2000"))?;
        if got != expected {
            return Err(format!("{memory}: `{got}` instead of `{expected}`").into());
        }
    }
    Ok(Completion::Completed)
}

fn compile(compiler: &[&str], to: &Path) -> Result<(), Failed> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sqlite_sources()?;
    let mut command = Command::new(compiler[0]);
    command.args(&compiler[1..]).args(FLAGS).arg("-I").arg(&sources);
    command.arg(sources.join("sqlite3.c"));
    command.arg(tests.join("bench/large/sqlite.c")).arg(tests.join("real/main.c"));
    command.arg("-o").arg(to).arg("-lm");
    run(&mut command).map(drop)
}

fn run(command: &mut Command) -> Result<String, Failed> {
    let outcome = process::run(command, Duration::from_secs(900))?;
    if !outcome.success() {
        let said = String::from_utf8_lossy(&outcome.stderr);
        return Err(format!("{command:?}: {}\n{said}", outcome.describe()).into());
    }
    Ok(String::from_utf8_lossy(&outcome.stdout).into_owned())
}

/// Where cargo keeps the package's sources.
fn sqlite_sources() -> Result<PathBuf, Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version=1"]).current_dir(root);
    let metadata = run(&mut command)?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().ok_or("no packages")?;
    let package = packages.iter().find(|it| it["name"] == "libsqlite3-sys");
    let manifest = package.and_then(|it| it["manifest_path"].as_str()).ok_or("no SQLite")?;
    Ok(Path::new(manifest).parent().ok_or("no folder")?.join("sqlite3"))
}
