//! `wardian-build` against a C compiler that notes what it is asked to do.
//!
//! Each trial is a build script of its own: this program started again, with the
//! variables that cargo would set, in a folder that stands for the package.

mod cross;
mod fake;
mod library;

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use fake::{LIMIT, Package, demand};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian_build::{Interrupt, Library, Memory, Module, Options, Types};
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
        ("options", options),
        ("exports", exports),
        ("shards", shards),
        ("parallel", parallel),
        ("compiled_once", compiled_once),
        ("unchanged", unchanged),
        ("docs_rs", docs_rs),
        ("hook", hook),
        ("vendored", vendored),
        ("missing_compiler", missing_compiler),
        ("failing_compiler", failing_compiler),
        ("no_runtime", no_runtime),
        ("bad_input", bad_input),
        ("linked", linked),
        ("misuse", misuse),
        ("two_runtimes", two_runtimes),
        ("library_arguments", library::arguments),
        ("library_parallel", library::parallel),
        ("library_compiled_once", library::compiled_once),
        ("library_prebuilt", library::prebuilt),
        ("library_vendored", library::vendored),
        ("library_errors", library::errors),
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
    let real = Trial::ignorable_test("library_by_clang", library::by_clang);
    let types = Trial::ignorable_test("types", library::types);
    let cross = Trial::ignorable_test("cross", || {
        let compilers = ["i686", "aarch64", "s390x"].map(|arch| format!("{arch}-linux-gnu-gcc"));
        let compilers = compilers.iter().map(String::as_str);
        let missing =
            tools::missing(compilers.chain(["cc", "sh", "clang", "arm-none-eabi-gcc", MINGW]));
        if !missing.is_empty() {
            return tools::skip(&missing.join(", "));
        }
        cross().map(|()| Completion::Completed)
    });
    let all = trials.chain([real, types, cross]).chain(cross::trials()).collect();
    libtest_mimic::run(&Arguments::from_args(), all).exit_code()
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
        "library" => drop(library().compile()),
        "options" => {
            let flag = |options: &mut Options| options.interrupt = Interrupt::Flag;
            drop(module.optimize(false).options(flag).compile("app"));
        }
        "exports" => drop(module.exports(["twice"]).compile("app")),
        "exports_unknown" => drop(module.exports(["twice", "memory"]).compile("app")),
        "prebuilt" => drop(library().prebuilt("app.wasm").compile()),
        "library_translate" => drop(library().translate().expect("it translates")),
        "library_vendored" => drop(library().vendored("committed").compile()),
        "library_verify" => match library().verify("committed") {
            Ok(()) => println!("fresh"),
            Err(error) => println!("{error}"),
        },
        "library_with" => {
            let library = library().opt_level("s").flag("-fno-builtin");
            drop(library.with(|module| module.interrupt(Interrupt::Flag)).compile());
        }
        "types" => drop(Types::new("in c/types.h").include("in c").generate("app_types")),
        "name" => drop(module.compile("int")),
        other => panic!("no script `{other}`"),
    }
    ExitCode::SUCCESS
}

fn library() -> Library {
    let library = Library::new("app").c_files(["one.c", "two words.c"]).include("in c");
    library.define("ADD", "1").exports(["get"])
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
    let watched: Vec<_> = ran.stdout.lines().filter(|it| it.contains("rerun-if-changed")).collect();
    demand(watched == ["cargo::rerun-if-changed=app.wat"], &format!("{watched:?}"))?;
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

const MINGW: &str = "x86_64-w64-mingw32-gcc";

/// The compiler of the target, its flags, and the memory that suits it.
fn cross() -> Result<(), Failed> {
    for (target, compiler, flags, memory) in [
        ("x86_64-pc-windows-gnu", MINGW, "-fira-region=one", "guard"),
        ("x86_64-unknown-linux-gnu", "clang", "", "guard"),
        ("i686-unknown-linux-gnu", "i686-linux-gnu-gcc", "-msse2 -mfpmath=sse", "bounds"),
        ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu-gcc", "", "guard"),
        ("s390x-unknown-linux-gnu", "s390x-linux-gnu-gcc", "", "guard"),
        ("thumbv7m-none-eabi", "arm-none-eabi-gcc", "-ffreestanding", "bounds"),
    ] {
        let underscores = target.replace('-', "_");
        let package = Package::new()?.for_target(target, compiler);
        let package = package.set(&format!("CFLAGS_{underscores}"), "-DCROSS");
        let ran = package.works("compile")?;
        let all = ["-DCROSS", "-fno-strict-aliasing", flags];
        demand(all.iter().all(|it| ran.compiled[0].contains(it)), &ran.compiled[0])?;
        let foreign = ["-ffreestanding", "-msse2", "-fira-region=one"];
        let foreign = foreign.iter().filter(|it| !flags.contains(**it));
        demand(foreign.into_iter().all(|it| !ran.compiled[0].contains(it)), &ran.compiled[0])?;
        let text = package.read("out/wardian/app/app.c")?;
        demand(text.contains(&format!("memory={memory} ")), target)?;
    }
    Ok(())
}

fn options() -> Result<(), Failed> {
    let package = Package::new()?;
    package.works("bounds")?;
    let text = package.read("out/wardian/app/app.c")?;
    demand(text.contains("memory=bounds optimize=yes interrupt=flag"), "other options")?;
    package.works("options")?;
    let text = package.read("out/wardian/app/app.c")?;
    demand(text.contains("optimize=no interrupt=flag"), "other options")
}

fn exports() -> Result<(), Failed> {
    let package = Package::new()?;
    package.works("exports")?;
    let header = package.read("out/wardian/app/app.h")?;
    demand(header.contains("app_twice(") && !header.contains("app_get("), &header)?;
    demand(header.contains("app_memory("), &header)?;
    let code = package.read("out/wardian/app/app.c")?;
    demand(!code.contains("app_get") && !code.contains("app_loop"), &code)?;
    let rust = package.read("out/app.rs")?;
    demand(rust.contains("fn twice") && !rust.contains("fn get"), &rust)?;
    package.fails("exports_unknown", "the module exports no function `memory`")
}

/// Shards are compiled at the same time, if cargo has room.
fn parallel() -> Result<(), Failed> {
    let package = Package::new()?.watch_parallel()?.set("NUM_JOBS", "4");
    package.works("shards")?;
    demand(package.read("log")?.contains("parallel"), "one after the other")?;
    let package = Package::new()?.watch_parallel()?.set("NUM_JOBS", "1");
    package.works("shards")?;
    demand(!package.read("log")?.contains("parallel"), "at the same time")?;
    for (tokens, expected) in [("", false), ("++", true)] {
        let package = Package::new()?.watch_parallel()?.set("NUM_JOBS", "4");
        let Some((package, _server)) = package.jobserver(tokens)? else { return Ok(()) };
        package.works("shards")?;
        demand(package.read("log")?.contains("parallel") == expected, tokens)?;
    }
    Ok(())
}

/// What was compiled of the same texts by the same command is not compiled again.
fn compiled_once() -> Result<(), Failed> {
    let package = Package::new()?;
    let first = package.works("compile")?;
    // What changes from one call of cargo to the next, and means nothing to the compiler.
    let package = package.set("CARGO_MAKEFLAGS", "-j --jobserver-auth=98,99").set("PWD", "/");
    let second = package.works("compile")?;
    demand(second.compiled.is_empty(), &format!("{:?}", second.compiled))?;
    for line in first.stdout.lines().filter(|it| it.starts_with("cargo:rustc-link")) {
        demand(second.stdout.contains(line), &format!("no `{line}` in\n{}", second.stdout))?;
    }
    let package = package.set("OPT_LEVEL", "3");
    demand(!package.works("compile")?.compiled.is_empty(), "flags have changed")?;
    demand(package.works("compile")?.compiled.is_empty(), "nothing has changed")?;
    fs::write(package.path("app.wat"), WAT.replace("shl", "shr_u"))?;
    demand(!package.works("compile")?.compiled.is_empty(), "the module has changed")?;
    fs::remove_file(package.path("out/libwardian_app.a"))?;
    demand(!package.works("compile")?.compiled.is_empty(), "the library is gone")?;
    // One that failed does not count as done.
    let package = package.set("CFLAGS", "-DWDN_GEN_H");
    package.fails("compile", "the C compiler: ")?;
    package.fails("compile", "the C compiler: ")
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

/// Real packages: cargo builds them, with the runtime, and what they print is right. The
/// second finds the header of the first.
fn linked() -> Result<(), Failed> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build");
    for (package, expected) in
        [("package", "21 twice is 42\nout of bounds memory access\n"), ("user", "21 twice is 42\n")]
    {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("build").join(package);
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--manifest-path"]).arg(package.join("Cargo.toml"));
        let outcome = process::run(command.arg("--target-dir").arg(&target), LIMIT * 3)?;
        let stdout = String::from_utf8_lossy(&outcome.stdout);
        let stderr = String::from_utf8_lossy(&outcome.stderr);
        demand(stdout == expected, &format!("{stdout}{stderr}"))?;
    }
    Ok(())
}

/// Bindings refuse what they should: the cases of a package, and what the compiler says
/// about each. `TRYBUILD=overwrite` writes down what it says now.
fn misuse() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("misuse");
    let mut command = Command::new(env!("CARGO"));
    command.args(["test", "--test", "cases", "--manifest-path"]);
    // As a variable, since what the test starts has to know it too.
    command.arg(root.join("build/misuse/Cargo.toml")).env("CARGO_TARGET_DIR", target);
    let outcome = process::run(&mut command, LIMIT * 5)?;
    let stdout = String::from_utf8_lossy(&outcome.stdout);
    let said = format!("{stdout}{}", String::from_utf8_lossy(&outcome.stderr));
    demand(outcome.success() && stdout.contains("1 passed"), &said)
}

/// A program has one runtime: cargo refuses a second of another version.
fn two_runtimes() -> Result<(), Failed> {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-c").canonicalize()?;
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: String| -> Result<(), Failed> {
        fs::create_dir_all(folder.path().join(name).join("src"))?;
        fs::write(folder.path().join(name).join("src/lib.rs"), "")?;
        Ok(fs::write(folder.path().join(name).join("Cargo.toml"), text)?)
    };
    let package = |name: &str, version: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n")
    };
    write(
        "other",
        package("wardian-rt", "0.2.0") + "links = \"wardian\"\nbuild = \"src/lib.rs\"\n",
    )?;
    for (second, fine) in
        [("", true), ("two = { package = \"wardian-rt\", path = \"../other\" }", false)]
    {
        let one = format!("one = {{ package = \"wardian-rt\", path = {runtime:?} }}");
        let text = package("both", "0.1.0") + "[workspace]\n[dependencies]\n" + &one;
        write("both", format!("{text}\n{second}\n"))?;
        let mut command = Command::new(env!("CARGO"));
        command.arg("generate-lockfile").current_dir(folder.path().join("both"));
        let outcome = process::run(&mut command, LIMIT)?;
        let said = String::from_utf8_lossy(&outcome.stderr);
        let refused = said.contains("links to the native library `wardian`")
            || said.contains("links = \"wardian\"");
        demand(outcome.success() == fine && refused != fine, &said)?;
    }
    Ok(())
}
