//! `wardian-build` against a C compiler that notes what it is asked to do.
//!
//! Each trial is a build script of its own: this program started again, with the
//! variables that cargo would set, in a folder that stands for the package.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian_build::{Interrupt, Library, Memory, Module};
use wardian_tests::{process, tools};

/// Which script this process is, if it is one.
const SCRIPT: &str = "WARDIAN_TEST_SCRIPT";

const WAT: &str = r#"(module (memory (export "memory") 1)
    (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "twice") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))
    (func (export "loop") (loop (br 0))))"#;

fn main() -> ExitCode {
    if let Ok(script) = env::var(SCRIPT) {
        return run_script(&script);
    }
    type Test = fn() -> Result<(), Failed>;
    let tests: &[(&str, Test)] = &[
        ("common", common),
        ("floor_of_optimization", floor_of_optimization),
        ("cross", cross),
        ("shards", shards),
        ("unchanged", unchanged),
        ("docs_rs", docs_rs),
        ("hook", hook),
        ("vendored", vendored),
        ("missing_compiler", missing_compiler),
        ("failing_compiler", failing_compiler),
        ("no_runtime", no_runtime),
        ("bad_input", bad_input),
        ("linked", linked),
        ("library_arguments", library_arguments),
        ("library_errors", library_errors),
    ];
    let trials = tests.iter().map(|(name, test)| {
        Trial::ignorable_test(*name, move || {
            let missing = tools::missing(["cc", "ar", "sh"]);
            if !missing.is_empty() {
                return tools::skip(&missing.join(", "));
            }
            test().map(|()| Completion::Completed)
        })
    });
    let real = Trial::ignorable_test("library_by_clang", library_by_clang);
    libtest_mimic::run(&Arguments::from_args(), trials.chain([real]).collect()).exit_code()
}

// ---- Scripts ---------------------------------------------------------------------------

fn run_script(script: &str) -> ExitCode {
    let module = Module::new("app.wat");
    match script {
        "compile" => drop(module.compile("app")),
        "bounds" => drop(module.memory(Memory::Bounds).interrupt(Interrupt::Flag).compile("app")),
        "shards" => drop(module.shard_size(20).compile("app")),
        "hook" => {
            let define = |build: &mut cc::Build| {
                build.define("HOOKED", "1");
            };
            module.cc(define).compile("app");
        }
        "translate" => drop(module.translate("app").expect("it translates")),
        "vendored" => drop(module.vendored("committed").compile("app")),
        "verify" => match module.verify("app", "committed") {
            Ok(()) => println!("fresh"),
            Err(error) => println!("{error}"),
        },
        "library" => {
            let library = Library::new("app").c_files(["one.c", "two words.c"]).include("in c");
            drop(library.define("ADD", "1").exports(["get"]).compile());
        }
        "name" => drop(module.compile("int")),
        other => panic!("no script `{other}`"),
    }
    ExitCode::SUCCESS
}

/// Notes its arguments when it compiles, and leaves the rest to the real one.
const FAKE_COMPILER: &str = r#"#!/bin/sh
case " $* " in *' -c '*) echo "$@" >> "$LOG" ;; esac
exec cc "$@"
"#;

/// Makes a script by way of another process: as long as this one has it open to be
/// written, it cannot be run, and a trial beside this one may just be starting a process
/// that has it open too.
fn executable(path: &Path, text: &str) -> Result<(), Failed> {
    let mut input = tempfile::tempfile()?;
    input.write_all(text.as_bytes())?;
    input.rewind()?;
    let mut command = Command::new("sh");
    command.args(["-c", "cat > \"$1\" && chmod +x \"$1\"", "sh"]).arg(path);
    let outcome = process::run_on(&mut command, Stdio::from(input), LIMIT)?;
    demand(outcome.success(), &String::from_utf8_lossy(&outcome.stderr))
}

/// A package, with a path that has a space in it.
struct Package {
    folder: tempfile::TempDir,
    variables: BTreeMap<String, String>,
    /// Elsewhere, because `CC` cannot be a path with a space.
    _tools: tempfile::TempDir,
}

/// What a script printed, and what the compiler was asked.
struct Ran {
    code: Option<i32>,
    stdout: String,
    /// A line for each time it compiled something.
    compiled: Vec<String>,
}

impl Package {
    fn new() -> Result<Package, Failed> {
        let folder = tempfile::Builder::new().prefix("a package ").tempdir()?;
        let at = |name: &str| folder.path().join(name).display().to_string();
        fs::create_dir(at("out"))?;
        fs::write(at("app.wat"), WAT)?;
        let host = format!("{}-unknown-linux-gnu", env::consts::ARCH);
        let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-c/include");
        let variables = [
            ("OUT_DIR", at("out")),
            ("CARGO_MANIFEST_DIR", folder.path().display().to_string()),
            ("TARGET", host.clone()),
            ("HOST", host),
            ("OPT_LEVEL", "2".to_string()),
            ("DEBUG", "false".to_string()),
            ("PROFILE", "release".to_string()),
            ("CARGO_CFG_UNIX", String::new()),
            ("CARGO_CFG_TARGET_OS", "linux".to_string()),
            ("CARGO_CFG_TARGET_POINTER_WIDTH", "64".to_string()),
            ("DEP_WARDIAN_INCLUDE", include.display().to_string()),
            ("LOG", at("log")),
        ];
        let mut variables: BTreeMap<String, String> =
            variables.map(|(name, value)| (name.to_string(), value)).into();
        let tools = tempfile::Builder::new().prefix("tools").tempdir()?;
        let compiler = tools.path().join("cc");
        executable(&compiler, FAKE_COMPILER)?;
        variables.insert("CC".to_string(), compiler.display().to_string());
        Ok(Package { folder, variables, _tools: tools })
    }

    fn set(mut self, name: &str, value: &str) -> Package {
        self.variables.insert(name.to_string(), value.to_string());
        self
    }

    fn without(mut self, name: &str) -> Package {
        self.variables.remove(name);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> Result<String, Failed> {
        Ok(fs::read_to_string(self.path(name))?)
    }

    fn run(&self, script: &str) -> Result<Ran, Failed> {
        let _ = fs::remove_file(self.path("log"));
        let mut command = Command::new(env::current_exe()?);
        command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_default());
        command.envs(&self.variables).env(SCRIPT, script).current_dir(self.folder.path());
        let outcome = process::run(&mut command, LIMIT)?;
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        // The C of the bindings is compiled in any case.
        let module = |line: &&str| line.contains("app") && !line.contains("app_rs.c");
        let compiled = log.lines().filter(module).map(str::to_string);
        Ok(Ran {
            code: outcome.status.and_then(|status| status.code()),
            stdout: String::from_utf8_lossy(&outcome.stdout).into_owned(),
            compiled: compiled.collect(),
        })
    }

    /// For scripts that work.
    fn works(&self, script: &str) -> Result<Ran, Failed> {
        let ran = self.run(script)?;
        demand(ran.code == Some(0), &ran.stdout)?;
        Ok(ran)
    }

    /// For scripts that say these words and end with 1.
    fn fails(&self, script: &str, words: &str) -> Result<(), Failed> {
        let ran = self.run(script)?;
        let said = ran.stdout.contains(&format!("cargo::error={words}"));
        demand(ran.code == Some(1) && said, &format!("{:?}: {}", ran.code, ran.stdout))
    }
}

const LIMIT: Duration = Duration::from_secs(120);

fn demand(condition: bool, otherwise: &str) -> Result<(), Failed> {
    if condition { Ok(()) } else { Err(otherwise.into()) }
}

// ---- Trials --------------------------------------------------------------------------

fn common() -> Result<(), Failed> {
    let package = Package::new()?;
    let ran = package.works("compile")?;
    let include = package.path("out/wardian/app");
    for line in [
        "cargo::rerun-if-changed=app.wat".to_string(),
        format!("cargo::metadata=include={}", include.display()),
        "cargo:rustc-link-lib=static=wardian_app".to_string(),
    ] {
        demand(ran.stdout.contains(&line), &format!("no `{line}` in\n{}", ran.stdout))?;
    }
    demand(ran.compiled.len() == 1, &format!("{:?}", ran.compiled))?;
    for flag in ["-O2", "-fno-strict-aliasing", "-ffp-contract=off", "app.c"] {
        demand(ran.compiled[0].contains(flag), &ran.compiled[0])?;
    }
    demand(package.path("out/libwardian_app.a").exists(), "no library")?;
    demand(package.read("out/wardian/app/app.c")?.contains("memory=guard"), "not guard")?;
    // Nothing outside of OUT_DIR.
    let mut names: Vec<_> = fs::read_dir(package.folder.path())?
        .map(|entry| Ok(entry?.file_name()))
        .collect::<std::io::Result<_>>()?;
    names.sort();
    demand(names == ["app.wat", "log", "out"], &format!("{names:?}"))
}

fn floor_of_optimization() -> Result<(), Failed> {
    for (level, flag) in [("0", "-O1"), ("1", "-O1"), ("3", "-O3"), ("s", "-Os")] {
        let ran = Package::new()?.set("OPT_LEVEL", level).works("compile")?;
        demand(ran.compiled[0].contains(flag), &format!("{level}: {}", ran.compiled[0]))?;
    }
    Ok(())
}

/// The compiler of the target, and the memory that suits it.
fn cross() -> Result<(), Failed> {
    let mut package = Package::new()?;
    let compiler = package.variables.remove("CC").unwrap_or_default();
    let package = package
        .set("TARGET", "i686-unknown-linux-gnu")
        .set("CARGO_CFG_TARGET_POINTER_WIDTH", "32")
        .set("CC_i686_unknown_linux_gnu", &compiler)
        .set("CFLAGS_i686_unknown_linux_gnu", "-DCROSS");
    // The flags are for another machine than the compiler under the fake one.
    let _ = package.run("compile")?;
    let log = package.read("log")?;
    demand(log.contains("-DCROSS") && log.contains("-m32"), &log)?;
    demand(package.read("out/wardian/app/app.c")?.contains("memory=bounds"), "not bounds")?;
    let bounds = Package::new()?;
    bounds.works("bounds")?;
    let text = bounds.read("out/wardian/app/app.c")?;
    demand(text.contains("memory=bounds optimize=yes interrupt=flag"), "other options")
}

fn shards() -> Result<(), Failed> {
    let package = Package::new()?;
    let ran = package.works("shards")?;
    demand(ran.compiled.len() >= 2, &format!("{:?}", ran.compiled))?;
    // With fewer files than before, the others are gone.
    let ran = package.works("compile")?;
    demand(ran.compiled.len() == 1, &format!("{:?}", ran.compiled))?;
    demand(!package.path("out/wardian/app/app_0.c").exists(), "a file of before")
}

fn unchanged() -> Result<(), Failed> {
    let package = Package::new()?;
    package.works("translate")?;
    let file = package.path("out/wardian/app/app.c");
    let before = file.metadata()?.modified()?;
    std::thread::sleep(Duration::from_millis(20));
    package.works("translate")?;
    demand(file.metadata()?.modified()? == before, "it was written again")?;
    fs::write(package.path("app.wat"), WAT.replace("shl", "shr_u"))?;
    package.works("translate")?;
    demand(file.metadata()?.modified()? != before, "it was not written again")
}

fn docs_rs() -> Result<(), Failed> {
    let package = Package::new()?.set("DOCS_RS", "1").set("CC", "/nowhere/cc");
    let ran = package.works("compile")?;
    demand(ran.compiled.is_empty(), &format!("{:?}", ran.compiled))?;
    demand(package.path("out/wardian/app/app.h").exists(), "no header")
}

fn hook() -> Result<(), Failed> {
    let ran = Package::new()?.works("hook")?;
    demand(ran.compiled[0].contains("-DHOOKED=1"), &ran.compiled[0])
}

fn vendored() -> Result<(), Failed> {
    let package = Package::new()?;
    package.fails("vendored", "cannot use ")?;
    package.works("translate")?;
    fs::rename(package.path("out/wardian/app"), package.path("committed"))?;
    demand(package.works("verify")?.stdout.contains("fresh"), "stale at once")?;
    fs::write(package.path("app.wat"), WAT.replace("shl", "shr_u"))?;
    let said = package.works("verify")?.stdout;
    demand(said.contains("committed C is out of date: app.c"), &said)?;
    // What is committed counts; the module need not even be there.
    fs::remove_file(package.path("app.wat"))?;
    let ran = package.works("vendored")?;
    demand(ran.compiled[0].contains("committed/app.c"), &ran.compiled[0])?;
    demand(ran.stdout.contains("cargo::rerun-if-changed=committed"), &ran.stdout)?;
    fs::remove_file(package.path("committed/app.c"))?;
    package.fails("vendored", "no `app.c` in ")
}

fn missing_compiler() -> Result<(), Failed> {
    Package::new()?.set("CC", "/nowhere/cc").fails("compile", "the C compiler: ")
}

fn failing_compiler() -> Result<(), Failed> {
    let package = Package::new()?.set("CFLAGS", "-DWDN_GEN_H");
    package.fails("compile", "the C compiler: ")
}

fn no_runtime() -> Result<(), Failed> {
    Package::new()?.without("DEP_WARDIAN_INCLUDE").fails("compile", "the package has no C runtime")
}

fn bad_input() -> Result<(), Failed> {
    let package = Package::new()?;
    package.fails("name", "`int` cannot begin a C symbol")?;
    fs::write(package.path("app.wat"), "(module (func (result i32)))")?;
    package.fails("compile", "`app.wat`: ")?;
    fs::write(package.path("app.wat"), "(module")?;
    package.fails("compile", "`app.wat`: ")?;
    fs::remove_file(package.path("app.wat"))?;
    package.fails("compile", "cannot use `app.wat`: ")?;
    demand(!package.path("out/wardian").exists(), "something is left behind")
}

/// A real package: cargo builds it, with the runtime, and what it prints is right.
fn linked() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = root.join("build/package");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build");
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--manifest-path"]).arg(package.join("Cargo.toml"));
    let outcome = process::run(command.arg("--target-dir").arg(target), LIMIT * 3)?;
    let stdout = String::from_utf8_lossy(&outcome.stdout);
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let expected = "21 twice is 42\nout of bounds memory access\n";
    demand(stdout == expected, &format!("{stdout}{stderr}"))
}

/// A package with C for WebAssembly, and a compiler for it that notes its arguments and
/// gives what another program would: lists of files, and a module.
fn c_package() -> Result<Package, Failed> {
    let package = Package::new()?;
    fs::write(package.path("app.wasm"), wat::parse_str(WAT)?)?;
    for name in ["one.c", "two words.c"] {
        fs::write(package.path(name), "int get(void) { return 1; }\n")?;
    }
    let script = r#"#!/bin/sh
for one; do printf '[%s]' "$one"; done >> "$WASM_LOG"; echo >> "$WASM_LOG"
previous=
for one; do
    case "$previous" in
    -MF) printf 'x.o: one.c \\\n in\\ c/app.h\n' > "$one" ;;
    -o) cat app.wasm > "$one" ;;
    esac
    previous=$one
done
"#;
    executable(&package.path("fake clang"), script)?;
    let clang = package.path("fake clang").display().to_string();
    let log = package.path("wasm log").display().to_string();
    Ok(package.set("CC_wasm32_wasi", &clang).set("WASM_LOG", &log))
}

fn library_arguments() -> Result<(), Failed> {
    let package = c_package()?.set("CFLAGS_wasm32_wasi", "-DONE -DTWO");
    let ran = package.works("library")?;
    let log = package.read("wasm log")?;
    let calls: Vec<_> = log.lines().collect();
    demand(calls.len() == 3, &log)?;
    for (call, file) in calls.iter().zip(["one.c", "two words.c"]) {
        let flags = "[--target=wasm32-wasi][-DONE][-DTWO][-I][in c][-DADD=1][-O2]";
        demand(call.starts_with(flags) && call.contains(&format!("[-c][{file}]")), call)?;
    }
    let links = ["[-mexec-model=reactor]", "/0.o]", "/1.o]", "[-Wl,--export=get]"];
    demand(links.iter().all(|it| calls[2].contains(it)), calls[2])?;
    let watched: Vec<_> =
        ran.stdout.lines().filter_map(|it| it.strip_prefix("cargo::rerun-if-changed=")).collect();
    demand(watched == ["one.c", "two words.c", "in c/app.h"], &format!("{watched:?}"))?;
    demand(ran.compiled.len() == 1, &format!("{:?}", ran.compiled))
}

fn library_errors() -> Result<(), Failed> {
    let words = "the C compiler for WebAssembly: ";
    c_package()?.set("CC_wasm32_wasi", "/nowhere/clang").fails("library", words)?;
    let package = c_package()?;
    executable(&package.path("fake clang"), "#!/bin/sh\necho one.c:1: bad >&2\nexit 3\n")?;
    package.fails("library", words)?;
    let said = package.run("library")?.stdout;
    let all = ["cargo::error=one.c:1: bad", "cargo::error=help: it needs clang"];
    demand(all.iter().all(|it| said.contains(it)), &said)
}

/// The compiler itself makes a module of two files, and of its functions the host may
/// call one.
fn library_by_clang() -> Result<Completion, Failed> {
    let missing = tools::missing(["clang", "wasm-ld", "cc"]);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    if !Path::new("/usr/include/wasm32-wasi").exists() {
        return tools::skip("wasi-libc");
    }
    let package = Package::new()?;
    fs::create_dir(package.path("in c"))?;
    fs::write(package.path("in c/app.h"), "int other(const char *text);\n")?;
    let get = "#include \"app.h\"\nint get(void) { return other(\"forty-one\") + ADD; }\n";
    fs::write(package.path("one.c"), get)?;
    let other = "#include <string.h>\nint other(const char *text) { return (int)strlen(text); }\n";
    fs::write(package.path("two words.c"), other)?;
    let ran = package.works("library")?;
    demand(ran.stdout.contains("cargo::rerun-if-changed=in c/app.h"), &ran.stdout)?;
    let header = package.read("out/wardian/app/app.h")?;
    demand(header.contains("app_get(") && !header.contains("app_other("), &header)?;
    demand(package.path("out/libwardian_app.a").exists(), "no library")?;
    Ok(Completion::Completed)
}
