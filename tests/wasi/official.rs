//! Runs the official tests of WASI preview 1 from the folder that `WASI_TESTSUITE`
//! names: a copy of the branch `prod/testsuite-base` of WebAssembly/wasi-testsuite,
//! which has them compiled. No package registry carries it, so that where the variable
//! is not set they are left out, by name, even where nothing else may be.
//!
//! Every test runs with both memories, and in both modes that the suite knows: with
//! any error number that means the same, or only POSIX's (`ERRNO_MODE_UNIX`). Only the
//! tests in Rust look at the mode; some of the others count variables.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use serde_json::Value;
use wardian_tests::{binary, process};

const LIMIT: Duration = Duration::from_secs(120);
const VARIABLE: &str = "WASI_TESTSUITE";

pub(crate) fn trials() -> Vec<Trial> {
    let Some(suite) = std::env::var_os(VARIABLE).map(PathBuf::from) else {
        let why = format!("{VARIABLE} is not set");
        let skip = move || Ok(Completion::ignored_with(why));
        return vec![Trial::ignorable_test("official", skip)];
    };
    let cases = match cases(&suite) {
        Ok(cases) => cases,
        Err(error) => {
            let message = format!("{}: {error}", suite.display());
            return vec![Trial::test("official", move || Err(message.into()))];
        }
    };
    let mut trials = Vec::new();
    for case in cases {
        for memory in ["guard", "bounds"] {
            let built = Arc::new(Built { case: case.clone(), memory, program: OnceLock::new() });
            for (mode, strict) in [("permissive", false), ("strict", true)] {
                let built = Arc::clone(&built);
                let name = format!("official/{}/{memory}-{mode}", case.name);
                trials.push(Trial::test(name, move || built.run(strict)));
            }
        }
    }
    trials
}

/// A module, and what the file of the same name says about it.
#[derive(Clone)]
struct Case {
    name: String,
    wasm: PathBuf,
    args: Vec<String>,
    env: BTreeMap<String, String>,
    /// A folder that a copy of is the guest's root.
    root: Option<PathBuf>,
    exit_code: i64,
    stdout: Option<String>,
    knows_modes: bool,
}

fn cases(suite: &Path) -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for language in fs::read_dir(suite.join("tests"))? {
        let language = language?;
        let knows_modes = language.file_name() == "rust";
        let folder = language.path().join("testsuite/wasm32-wasip1");
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(&folder)? {
            let file = file?.path();
            if file.extension().is_some_and(|it| it == "wasm") {
                cases.push(Case { knows_modes, ..Case::read(&file)? });
            }
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    if cases.is_empty() { Err(io::Error::other("no tests in it")) } else { Ok(cases) }
}

impl Case {
    fn read(wasm: &Path) -> io::Result<Case> {
        let about = wasm.with_extension("json");
        let about: Value = match fs::read(about) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Value::Null,
            Err(error) => return Err(error),
        };
        let text = |it: &Value| it.as_str().unwrap_or_default().to_string();
        let args = about["args"].as_array().into_iter().flatten().map(text);
        let env = about["env"].as_object().into_iter().flatten();
        let stem = wasm.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Case {
            name: stem.into_owned(),
            wasm: wasm.to_path_buf(),
            args: args.collect(),
            env: env.map(|(name, value)| (name.clone(), text(value))).collect(),
            root: about["root"].as_str().map(|root| wasm.with_file_name(root)),
            exit_code: about["exit_code"].as_i64().unwrap_or(0),
            stdout: about["stdout"].as_str().map(str::to_string),
            knows_modes: false,
        })
    }
}

/// A test as a program, made once for both modes.
struct Built {
    case: Case,
    memory: &'static str,
    program: OnceLock<Result<(tempfile::TempDir, PathBuf), String>>,
}

impl Built {
    fn program(&self) -> Result<&Path, String> {
        let make = || {
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            let program = folder.path().join("program");
            let mut build = Command::new(binary::wardian());
            build.args(["--quiet", "build", "-O1", "--memory", self.memory]);
            build.arg(&self.case.wasm).arg("-o").arg(&program);
            let outcome = process::run(&mut build, LIMIT).map_err(|error| error.to_string())?;
            if outcome.success() {
                Ok((folder, program))
            } else {
                Err(String::from_utf8_lossy(&outcome.stderr).into_owned())
            }
        };
        match self.program.get_or_init(make) {
            Ok((_, program)) => Ok(program),
            Err(error) => Err(error.clone()),
        }
    }

    fn run(&self, strict: bool) -> Result<(), Failed> {
        let case = &self.case;
        let root = tempfile::tempdir()?;
        let mut command = Command::new(self.program()?);
        command.current_dir(root.path()).env_clear();
        if let Some(from) = &case.root {
            copy(from, root.path())?;
            command.arg("--dir").arg(format!("{}::/", root.path().display()));
        }
        for (name, value) in &case.env {
            command.arg("--env").arg(format!("{name}={value}"));
        }
        if strict && case.knows_modes {
            command.args(["--env", "ERRNO_MODE_UNIX=1"]);
        }
        let outcome = process::run(command.arg("--").args(&case.args), LIMIT)?;
        let code = outcome.status.and_then(|status| status.code()).map(i64::from);
        let stdout = String::from_utf8_lossy(&outcome.stdout);
        if code == Some(case.exit_code) && case.stdout.as_ref().is_none_or(|it| *it == stdout) {
            return Ok(());
        }
        let stderr = String::from_utf8_lossy(&outcome.stderr);
        Err(format!("{}\n{stdout}{stderr}", outcome.describe()).into())
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
