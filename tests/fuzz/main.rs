//! Fuzzing of WASI: `target.c` with every seed, and for a while with what libFuzzer
//! makes of them.
//!
//! Seeds are text. `image BYTES at N` puts hexadecimal bytes or a "string" N bytes into
//! the image; `call NAME ARGUMENTS` calls a function with small numbers, `@N`, a place
//! in the image, or `~N`, any number.
//!
//! `WARDIAN_FUZZ_SECONDS` is how long the fuzzer runs (default 10), `WARDIAN_FUZZ_CORPUS`
//! a folder that what it finds is added to.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian_tests::{process, tools};

/// Where the image is in guest memory, as `target.c` has it.
const IMAGE: u64 = 0x100;
const COMMON: &[&str] = &["-std=gnu99", "-g", "-O1", "-Wall", "-Wextra"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = vec![
        Trial::ignorable_test("replay::gcc", || replay("gcc")),
        Trial::ignorable_test("replay::clang", || replay("clang")),
        Trial::ignorable_test("fuzz", fuzz),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests have a parent folder")
}

// ---- What is compiled -----------------------------------------------------------------

/// One case for each function of WASI, with arguments taken from the input.
fn calls() -> String {
    let mut c = String::from(
        "static void call(uint32_t number, input_t *in) {\n  switch (number % CALLS) {\n",
    );
    for (i, (name, symbol, signature)) in functions().enumerate() {
        let params = signature.split(':').next().unwrap_or_default();
        let _ = writeln!(c, "  case {i}: {{");
        for (a, param) in params.chars().enumerate() {
            let (ty, take) = if param == 'I' { ("uint64_t", "i64") } else { ("uint32_t", "i32") };
            let _ = writeln!(c, "    {ty} a{a} = take_{take}(in);");
        }
        match name.as_str() {
            "poll_oneoff" => c.push_str("    hurry(a0, a2, 48, 24);\n"),
            "wasi0_poll_oneoff" => c.push_str("    hurry(a0, a2, 56, 32);\n"),
            _ => {}
        }
        let arguments: String = (0..params.len()).map(|a| format!(", a{a}")).collect();
        let _ = writeln!(c, "    {symbol}(&wasi{arguments});\n    break;\n  }}");
    }
    format!("#define CALLS {}\n{c}  }}\n}}\n", functions().count())
}

/// Names as seeds have them, names in C, and signatures.
fn functions() -> impl Iterator<Item = (String, String, &'static str)> {
    let now = wardian_wasi::FUNCTIONS
        .iter()
        .map(|(name, signature)| (name.to_string(), format!("wdn_wasi_{name}"), *signature));
    let before = wardian_wasi::FUNCTIONS_0.iter().filter_map(|name| {
        let (symbol, signature) = wardian_wasi::function(wardian_wasi::MODULE_0, name)?;
        Some((format!("wasi0_{name}"), symbol, signature))
    });
    now.chain(before)
}

fn compile(compiler: &str, flags: &[&str], folder: &Path) -> Result<PathBuf, Failed> {
    fs::write(folder.join("calls.h"), calls())?;
    let program = folder.join("program");
    let mut command = Command::new(compiler);
    command.args(COMMON).args(flags).arg("-I").arg(folder);
    for include in ["runtime-c/include", "wasi-c/include"] {
        command.arg("-I").arg(root().join(include));
    }
    for source in ["tests/fuzz/target.c", "wasi-c/src/wdn_wasi.c", "wasi-c/src/memfs.c"] {
        command.arg(root().join(source));
    }
    finish(command.arg("-o").arg(&program), Duration::from_secs(120))?;
    Ok(program)
}

fn finish(command: &mut Command, limit: Duration) -> Result<String, Failed> {
    let outcome = process::run(command, limit)?;
    let stderr = String::from_utf8_lossy(&outcome.stderr).into_owned();
    if outcome.success() { Ok(stderr) } else { Err(format!("{command:?}\n{stderr}").into()) }
}

// ---- Seeds ---------------------------------------------------------------------------

fn seeds(folder: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut files = Vec::new();
    for file in fs::read_dir(root().join("tests/fuzz/seeds"))? {
        let path = file?.path();
        let text = fs::read_to_string(&path)?;
        let bytes = seed(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = folder.join(path.file_stem().unwrap_or_default());
        fs::write(&file, bytes)?;
        files.push(file);
    }
    Ok(files)
}

fn seed(text: &str) -> Result<Vec<u8>, String> {
    let mut image = Vec::new();
    let mut calls = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("image ") {
            let (bytes, at) = rest.rsplit_once(" at ").ok_or("an image is `at` a place")?;
            let (bytes, at) = (image_bytes(bytes)?, number(at)? as usize);
            image.resize(image.len().max(at + bytes.len()), 0);
            image[at..at + bytes.len()].copy_from_slice(&bytes);
        } else if let Some(rest) = line.strip_prefix("call ") {
            let mut words = rest.split(' ');
            let name = words.next().unwrap_or_default();
            let index = functions().position(|it| it.0 == name);
            calls.push(index.ok_or_else(|| format!("no function `{name}`"))? as u8);
            for word in words {
                argument(word, &mut calls)?;
            }
        } else {
            return Err(format!("neither image nor call: {line}"));
        }
    }
    let mut bytes = (image.len() as u16).to_le_bytes().to_vec();
    bytes.extend(image);
    bytes.extend(calls);
    Ok(bytes)
}

fn image_bytes(text: &str) -> Result<Vec<u8>, String> {
    if let Some(text) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        return Ok(text.replace("\\0", "\0").into_bytes());
    }
    text.split(' ').map(|it| u8::from_str_radix(it, 16).map_err(|e| e.to_string())).collect()
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("no number: {text}"))
}

/// As `take` in `target.c` reads it.
fn argument(word: &str, bytes: &mut Vec<u8>) -> Result<(), String> {
    let value = if let Some(place) = word.strip_prefix('@') {
        let place = number(place)?;
        if place % 4 == 0 && place < 512 {
            bytes.push(0x40 + (place / 4) as u8);
            return Ok(());
        }
        IMAGE + place
    } else if let Some(any) = word.strip_prefix('~') {
        number(any)?
    } else {
        let small = number(word)?;
        if small >= 0x40 {
            return Err(format!("not small: {word}"));
        }
        bytes.push(small as u8);
        return Ok(());
    };
    bytes.push(0xf0);
    bytes.extend(value.to_le_bytes());
    Ok(())
}

// ---- Trials --------------------------------------------------------------------------

fn replay(compiler: &'static str) -> Result<Completion, Failed> {
    if tools::find(compiler).is_none() {
        return tools::skip(compiler);
    }
    let folder = tempfile::tempdir()?;
    let flags =
        ["-DREPLAY", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let program = compile(compiler, &flags, folder.path())?;
    let seeds = seeds(folder.path())?;
    finish(Command::new(program).args(seeds), Duration::from_secs(60))?;
    Ok(Completion::Completed)
}

fn fuzz() -> Result<Completion, Failed> {
    if tools::find("clang").is_none() {
        return tools::skip("clang");
    }
    let folder = tempfile::tempdir()?;
    let probe = folder.path().join("probe.c");
    fs::write(&probe, "int LLVMFuzzerTestOneInput(const char *p, long n) { return !p && n; }\n")?;
    let mut command = Command::new("clang");
    command.arg("-fsanitize=fuzzer").arg(&probe).arg("-o").arg(folder.path().join("probe"));
    if finish(&mut command, Duration::from_secs(60)).is_err() {
        return tools::skip("clang with libFuzzer");
    }
    let flags = ["-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all"];
    let program = compile("clang", &flags, folder.path())?;
    let corpus = std::env::var_os("WARDIAN_FUZZ_CORPUS").map(PathBuf::from);
    let corpus = corpus.unwrap_or_else(|| folder.path().join("corpus"));
    let first = folder.path().join("seeds");
    fs::create_dir_all(&corpus)?;
    fs::create_dir(&first)?;
    seeds(&first)?;
    let seconds = std::env::var("WARDIAN_FUZZ_SECONDS").ok();
    let seconds: u64 = seconds.map_or(Ok(10), |text| text.parse())?;
    let mut command = Command::new(program);
    command.current_dir(folder.path()).arg(format!("-max_total_time={seconds}"));
    command.args(["-seed=1", "-timeout=10", "-max_len=2000", "-print_final_stats=1"]);
    let limit = Duration::from_secs(seconds + 120);
    let said = finish(command.arg(corpus).arg(first), limit)?;
    let kept = ["stat::number_of_executed_units", "DONE"];
    for line in said.lines().filter(|line| kept.iter().any(|it| line.contains(it))) {
        println!("{line}");
    }
    Ok(Completion::Completed)
}
