//! Tests what is different on Windows, with programs that mingw compiles and wine runs:
//! those of `windows/`, and those of `runtime/` and `wasi/native/` that make sense there,
//! which is all whose opening comment has no `not on: windows (why)`. Some go through
//! the whole pipeline.
//!
//! In `windows/`, a program begins with `wasi_` if it is linked with the WASI library and
//! started in an empty folder, with `inside_` if it includes that library's source itself;
//! the others are linked with the runtime.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian_tests::{binary, c, process, tools, wine};

const LIMIT: Duration = Duration::from_secs(120);

/// Levels at which everything is compiled.
const LEVELS: [&str; 2] = ["O0", "O2"];

const STRICT: [&str; 5] = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"];

fn main() {
    let arguments = Arguments::from_args();
    let temporary = tempfile::tempdir().expect("a temporary folder");
    CACHE.get_or_init(|| temporary.path().join("cache"));
    let mut trials = clean(temporary.path());
    for level in LEVELS {
        let folder = temporary.path().join(level);
        fs::create_dir(&folder).expect("a new folder");
        let built = Arc::new(Built { level, folder, objects: OnceLock::new() });
        // Wine is slow with files, and the level makes no difference to them.
        let files = |source: &Path| source.parent().is_some_and(|it| it.ends_with("native"));
        for (name, source) in programs() {
            if level == LEVELS[0] && files(&source) {
                continue;
            }
            let built = built.clone();
            trials.push(Trial::ignorable_test(format!("{level}::{name}"), move || {
                if_possible(|| built.test(&source))
            }));
        }
    }
    trials.push(Trial::ignorable_test("build::streams", || if_possible(streams)));
    trials.push(Trial::ignorable_test("build::files", || if_possible(files)));
    trials.push(Trial::ignorable_test("build::arguments", || if_possible(command_line)));
    trials.push(Trial::ignorable_test("build::traps", || if_possible(traps)));
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(temporary);
    conclusion.exit();
}

fn if_possible(test: impl FnOnce() -> Result<(), Failed>) -> Result<Completion, Failed> {
    let missing = wine::missing();
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    test().map(|()| Completion::Completed)
}

// ---- Programs ----------------------------------------------------------------------------------

/// Those of the suite and those that it borrows: names and files.
fn programs() -> Vec<(String, PathBuf)> {
    let mut programs = Vec::new();
    for folder in ["windows", "runtime", "wasi/native"] {
        let entries = fs::read_dir(tests().join(folder)).expect("a folder of programs");
        for entry in entries {
            let path = entry.expect("readable").path();
            let text = fs::read_to_string(&path).expect("text");
            if path.extension().is_some_and(|it| it == "c") && !is_refused(&text) {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                programs.push((format!("{folder}/{name}"), path));
            }
        }
    }
    programs.sort();
    assert!(programs.len() > 20, "where are the programs?");
    programs
}

/// Does its opening comment say that it is not for Windows?
fn is_refused(text: &str) -> bool {
    let line = text.lines().take(10).find_map(|line| line.split_once("not on: "));
    line.is_some_and(|(_, list)| list.contains("windows ("))
}

fn tests() -> PathBuf {
    c::repository().join("tests")
}

/// The libraries, compiled at one level.
struct Built {
    level: &'static str,
    folder: PathBuf,
    objects: OnceLock<Result<Vec<PathBuf>, String>>,
}

impl Built {
    fn cc(&self) -> Command {
        let mut cc = c::cc(wine::CC);
        cc.arg("-std=c99").arg(format!("-{}", self.level));
        for folder in ["wasi-c/include", "wasi-c/src", "tests/runtime"] {
            cc.arg("-I").arg(c::repository().join(folder));
        }
        cc
    }

    /// The runtime, then the WASI library.
    fn objects(&self) -> Result<&[PathBuf], String> {
        let compile = || {
            ["runtime-c/src/wdn.c", "wasi-c/src/wdn_wasi.c", "wasi-c/src/memfs.c"]
                .into_iter()
                .map(|source| {
                    let source = c::repository().join(source);
                    let stem = source.file_stem().unwrap_or_default().to_os_string();
                    let object = self.folder.join(stem).with_extension("o");
                    c::compile(self.cc().arg("-c").arg(source).arg("-o").arg(&object), LIMIT)?;
                    Ok(object)
                })
                .collect()
        };
        self.objects.get_or_init(compile).as_deref().map_err(|error| error.clone())
    }

    fn test(&self, source: &Path) -> Result<(), Failed> {
        let (runtime, wasi) = self.objects()?.split_at(1);
        let stem = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let program = self.folder.join(format!("{stem}.exe"));
        let is_wasi =
            source.ancestors().any(|it| it.ends_with("native")) || stem.starts_with("wasi_");
        let mut cc = self.cc();
        cc.arg(source);
        match (is_wasi, stem.starts_with("inside_")) {
            (true, _) => cc.args(wasi),
            (false, false) => cc.args(runtime),
            (false, true) => &mut cc,
        };
        // Its warnings are none of this suite's business.
        cc.args(["-w", "-static", "-lpthread", "-lntdll", "-o"]).arg(&program);
        c::compile(&mut cc, LIMIT)?;
        let folder = tempfile::tempdir()?;
        let mut command = wine::command(&program)?;
        if is_wasi {
            command.arg("walk").arg(wine::path(folder.path()));
        }
        expect(&mut command, 0, None, None)
    }
}

/// The C libraries compile without a warning.
fn clean(temporary: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    let compilers = [wine::CC, "clang --target=x86_64-w64-mingw32"];
    let files = [
        ("runtime-c/src/wdn.c", "-Wconversion"),
        ("wasi-c/src/wdn_wasi.c", "-Wall"),
        ("wasi-c/src/memfs.c", "-Wall"),
        ("wasi-c/src/launch.c", "-Wall"),
    ];
    for (i, (file, more)) in files.into_iter().enumerate() {
        for (compiler, level) in compilers.into_iter().zip(LEVELS) {
            let output = temporary.join(format!("clean{i}-{level}.o"));
            let program = compiler.split(' ').next().unwrap_or_default();
            trials.push(Trial::ignorable_test(format!("clean::{program} {file}"), move || {
                let missing = tools::missing([program, wine::CC]);
                if !missing.is_empty() {
                    return tools::skip(&missing.join(", "));
                }
                let mut cc = c::cc(compiler);
                cc.args(STRICT).args([more, &format!("-{level}")]).arg("-I");
                cc.arg(c::repository().join("wasi-c/include"));
                cc.arg("-c").arg(c::repository().join(file)).arg("-o").arg(&output);
                c::compile(&mut cc, LIMIT)?;
                Ok(Completion::Completed)
            }));
        }
    }
    trials
}

/// Runs a program: its exit code, and what it must print or complain, if that matters.
fn expect(
    command: &mut Command,
    code: i32,
    stdout: Option<&str>,
    stderr: Option<&str>,
) -> Result<(), Failed> {
    expect_on(command, Stdio::null(), code, stdout, stderr)
}

fn expect_on(
    command: &mut Command,
    stdin: Stdio,
    code: i32,
    stdout: Option<&str>,
    stderr: Option<&str>,
) -> Result<(), Failed> {
    let outcome = process::run_on(command, stdin, LIMIT)?;
    let said = [&outcome.stdout, &outcome.stderr].map(|it| String::from_utf8_lossy(it));
    // What the system itself reports has only the lower bits of an exit code.
    let right = outcome.status.and_then(|it| it.code()) == Some(code & 0xff)
        && stdout.is_none_or(|it| it == said[0])
        && stderr.is_none_or(|it| said[1].contains(it));
    if right {
        return Ok(());
    }
    Err(format!("{command:?}: {}\n{}{}", outcome.describe(), said[0], said[1]).into())
}

// ---- From a module to a program -----------------------------------------------------------------

/// Holds the C libraries, compiled by `wardian`.
static CACHE: OnceLock<PathBuf> = OnceLock::new();

/// A module made a program for Windows, in a folder of its own.
struct Program {
    folder: tempfile::TempDir,
    exe: PathBuf,
}

impl Program {
    fn build(module: &Path, options: &[&str]) -> Result<Program, Failed> {
        static WARDIAN: OnceLock<PathBuf> = OnceLock::new();
        let folder = tempfile::tempdir()?;
        let exe = folder.path().join("app.exe");
        let mut command = Command::new(WARDIAN.get_or_init(binary::wardian));
        command.args(["-q", "build", "--target=x86_64-pc-windows-gnu"]).args(options).arg(module);
        command.arg("-o").arg(&exe);
        command.envs(CACHE.get().map(|it| ("WARDIAN_CACHE_DIR", it)));
        c::compile(&mut command, LIMIT)?;
        Ok(Program { folder, exe })
    }

    fn of_wat(text: &str, options: &[&str]) -> Result<Program, Failed> {
        let source = tempfile::Builder::new().suffix(".wat").tempfile()?;
        fs::write(source.path(), text)?;
        Program::build(source.path(), options)
    }

    fn command(&self) -> Result<Command, Failed> {
        Ok(wine::command(&self.exe)?)
    }
}

fn wc() -> PathBuf {
    c::repository().join("examples/wc/wc.wasm")
}

/// Line ends are not touched, in either direction and with either kind of memory.
fn streams() -> Result<(), Failed> {
    let input = tempfile::NamedTempFile::new()?;
    fs::write(input.path(), "one two\r\nthree\n\u{1a}four\n")?;
    for memory in ["--memory=guard", "--memory=bounds"] {
        let program = Program::build(&wc(), &[memory])?;
        let stdin = fs::File::open(input.path())?;
        let counts = "      3       4      21 \n";
        expect_on(&mut program.command()?, stdin.into(), 0, Some(counts), None)?;
    }
    Ok(())
}

/// Files below a directory that is granted, and none elsewhere.
fn files() -> Result<(), Failed> {
    let program = Program::build(&wc(), &[])?;
    let folder = program.folder.path().join("granted");
    fs::create_dir(&folder)?;
    fs::write(folder.join("caf\u{e9} \u{1f600}.txt"), "a b c\n")?;
    fs::write(program.folder.path().join("secret"), "x\n")?;
    let dir = format!("{}::.", wine::path(&folder));
    let name = "caf\u{e9} \u{1f600}.txt";
    let counts = format!("      1       3       6 {name}\n");
    expect(program.command()?.args(["--dir", &dir, name]), 0, Some(&counts), None)?;
    for outside in ["../secret", "..\\secret", "Z:/etc/passwd", "/secret"] {
        expect(program.command()?.args(["--dir", &dir, outside]), 1, None, Some(outside))?;
    }
    let missing = format!("{}/missing::.", wine::path(&folder));
    expect(program.command()?.args(["--dir", &missing]), 1, None, Some("no such directory"))?;
    let file = format!("{}/{name}::.", wine::path(&folder));
    expect(program.command()?.args(["--dir", &file]), 1, None, Some("not a directory"))
}

/// Prints its arguments and its environment as they are.
const ECHO: &str = r#"(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $esizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $eget (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write"
    (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $print
    (i32.store (i32.const 8) (i32.const 4096))
    (i32.store (i32.const 12) (i32.load (i32.const 4)))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16))))
  (func (export "_start")
    (drop (call $sizes (i32.const 0) (i32.const 4)))
    (drop (call $get (i32.const 1024) (i32.const 4096)))
    (call $print)
    (drop (call $esizes (i32.const 0) (i32.const 4)))
    (drop (call $eget (i32.const 1024) (i32.const 4096)))
    (call $print)
    (call $exit (i32.const 77)))
  (func (export "add") (param i64 f64) (result i64 f64)
    (i64.add (local.get 0) (i64.const 1)) (f64.div (local.get 1) (f64.const 3)))
)"#;

fn command_line() -> Result<(), Failed> {
    let program = Program::of_wat(ECHO, &[])?;
    let words = ["", "a b", "*", "\u{e9}\u{20ac}\u{1f600}", "back\\slash\\", "quote\"d", "--dir"];
    let mut expected = "app.exe\0".to_string();
    for word in words {
        expected += word;
        expected.push('\0');
    }
    expected += "A=\u{e9}\0";
    let mut command = program.command()?;
    command.args(["--env", "A=\u{e9}", "--"]).args(words);
    expect(&mut command, 77, Some(&expected), None)?;
    let mut command = program.command()?;
    command.args(["--invoke", "add", "41", "1"]);
    expect(&mut command, 0, Some("42\n0.3333333333333333\n"), None)?;
    expect(program.command()?.args(["--invoke", "add", "x", "1"]), 2, None, Some("i64"))
}

/// Traps of each kind end the program with 134 and say where they were.
fn traps() -> Result<(), Failed> {
    let text = r#"(module (memory (export "memory") 1)
      (func $reads (export "load") (param i32) (result i32) (i32.load (local.get 0)))
      (func $recurses (export "dive") (param i32) (result i32)
        (i32.add (i32.const 1) (call $recurses (i32.add (local.get 0) (i32.const 1)))))
      (func $divides (export "div") (param i32) (result i32)
        (i32.div_u (i32.const 1) (local.get 0))))"#;
    for memory in ["--memory=guard", "--memory=bounds"] {
        let program = Program::of_wat(text, &[memory])?;
        for (function, argument, message) in [
            ("load", "65533", "out of bounds memory access"),
            ("load", "-1", "out of bounds memory access"),
            ("dive", "0", "call stack exhausted"),
            ("div", "0", "integer divide by zero"),
        ] {
            let mut command = program.command()?;
            command.args(["--invoke", function, argument]);
            expect(&mut command, 134, Some(""), Some(message))?;
            if function == "load" {
                expect(&mut command, 134, Some(""), Some("function 0 `reads`"))?;
            }
        }
        expect(program.command()?.args(["--invoke", "load", "65532"]), 0, Some("0\n"), None)?;
    }
    Ok(())
}
