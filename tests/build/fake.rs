//! A package for a build script to be run in, and a C compiler that notes what it is asked.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use libtest_mimic::Failed;
use wardian_tests::{process, tools};

use crate::{SCRIPT, WAT};

/// Notes its arguments when it compiles, and leaves the rest to the real one.
const FAKE_COMPILER: &str = r#"#!/bin/sh
case " $* " in *' -c '*)
    echo "$@" >> "$LOG"
    case "$*" in *app_[0-9]*) . "$MEET" ;; esac
esac
exec ${REAL:-cc} "$@"
"#;

/// Notes whether a second process got here while one was waiting.
const MEET: &str = r#"
if [ -n "$PARALLEL" ]; then
    touch "$PARALLEL/$$"
    for i in 1 2 3 4 5 6 7 8 9 10; do
        if [ $(ls "$PARALLEL" | wc -l) -gt 1 ]; then echo parallel >> "$LOG"; break; fi
        sleep 0.1
    done
    rm -f "$PARALLEL/$$"
fi
"#;

/// Makes a script by way of another process: as long as this one has it open to be
/// written, it cannot be run, and a trial beside this one may just be starting a process
/// that has it open too.
pub(crate) fn executable(path: &Path, text: &str) -> Result<(), Failed> {
    let mut input = tempfile::tempfile()?;
    input.write_all(text.as_bytes())?;
    input.rewind()?;
    let mut command = Command::new("sh");
    command.args(["-c", "cat > \"$1\" && chmod +x \"$1\"", "sh"]).arg(path);
    let outcome = process::run_on(&mut command, Stdio::from(input), LIMIT)?;
    demand(outcome.success(), &String::from_utf8_lossy(&outcome.stderr))
}

/// A package, with a path that has a space in it.
pub(crate) struct Package {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) variables: BTreeMap<String, String>,
    /// Elsewhere, because `CC` cannot be a path with a space.
    pub(crate) tools: tempfile::TempDir,
}

/// What a script printed, and what the compiler was asked.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    /// A line for each time it compiled something.
    pub(crate) compiled: Vec<String>,
}

impl Package {
    pub(crate) fn new() -> Result<Package, Failed> {
        let folder = tempfile::Builder::new().prefix("a package ").tempdir()?;
        let at = |name: &str| folder.path().join(name).display().to_string();
        fs::create_dir(at("out"))?;
        fs::write(at("app.wat"), WAT)?;
        fs::write(at("out/meet"), MEET)?;
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
            ("CARGO_CFG_TARGET_ARCH", env::consts::ARCH.to_string()),
            ("CARGO_CFG_TARGET_OS", "linux".to_string()),
            ("CARGO_CFG_TARGET_POINTER_WIDTH", "64".to_string()),
            ("DEP_WARDIAN_INCLUDE", include.display().to_string()),
            ("LOG", at("log")),
            ("MEET", at("out/meet")),
        ];
        let mut variables: BTreeMap<String, String> =
            variables.map(|(name, value)| (name.to_string(), value)).into();
        let tools = tempfile::Builder::new().prefix("tools").tempdir()?;
        let compiler = tools.path().join("cc");
        executable(&compiler, FAKE_COMPILER)?;
        variables.insert("CC".to_string(), compiler.display().to_string());
        Ok(Package { folder, variables, tools })
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Package {
        self.variables.insert(name.to_string(), value.to_string());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Package {
        self.variables.remove(name);
        self
    }

    /// For another target than this machine, with a compiler for it under the fake one.
    pub(crate) fn for_target(mut self, target: &str, compiler: &str) -> Package {
        let fake = self.variables.remove("CC").unwrap_or_default();
        let arch = target.split('-').next().unwrap_or_default();
        let arch = match arch {
            "i686" => "x86",
            thumb if thumb.starts_with("thumb") => "arm",
            other => other,
        };
        let bare = target.contains("none");
        let package = if bare { self.without("CARGO_CFG_UNIX") } else { self };
        let wide = if arch.contains("64") || arch == "s390x" { "64" } else { "32" };
        package
            .set("TARGET", target)
            .set("CARGO_CFG_TARGET_ARCH", arch)
            .set("CARGO_CFG_TARGET_OS", if bare { "none" } else { "linux" })
            .set("CARGO_CFG_TARGET_POINTER_WIDTH", wide)
            .set(&format!("CC_{}", target.replace('-', "_")), &fake)
            .set("REAL", compiler)
    }

    /// Lets the compilers note whether two of them run at the same time.
    pub(crate) fn watch_parallel(self) -> Result<Package, Failed> {
        let folder = self.path("out/running");
        fs::create_dir(&folder)?;
        Ok(self.set("PARALLEL", &folder.display().to_string()))
    }

    /// Cargo's way to say how many processes there may be: one, and one more for each of the
    /// tokens, as long as the file is open. `None` if this machine has no named pipes.
    pub(crate) fn jobserver(self, tokens: &str) -> Result<Option<(Package, fs::File)>, Failed> {
        if tools::find("mkfifo").is_none() {
            return Ok(None);
        }
        // The flag has no way to say a space.
        let pipe = self.tools.path().join("jobs");
        Command::new("mkfifo").arg(&pipe).status()?;
        let mut server = fs::File::options().read(true).write(true).open(&pipe)?;
        server.write_all(tokens.as_bytes())?;
        let flags = format!("-j --jobserver-auth=fifo:{}", pipe.display());
        Ok(Some((self.set("CARGO_MAKEFLAGS", &flags), server)))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Result<String, Failed> {
        Ok(fs::read_to_string(self.path(name))?)
    }

    pub(crate) fn run(&self, script: &str) -> Result<Ran, Failed> {
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
    pub(crate) fn works(&self, script: &str) -> Result<Ran, Failed> {
        let ran = self.run(script)?;
        demand(ran.code == Some(0), &ran.stdout)?;
        Ok(ran)
    }

    /// For scripts that say these words and end with 1.
    pub(crate) fn fails(&self, script: &str, words: &str) -> Result<(), Failed> {
        let ran = self.run(script)?;
        let said = ran.stdout.contains(&format!("cargo::error={words}"));
        demand(ran.code == Some(1) && said, &format!("{:?}: {}", ran.code, ran.stdout))
    }
}

pub(crate) const LIMIT: Duration = Duration::from_secs(120);

pub(crate) fn demand(condition: bool, otherwise: &str) -> Result<(), Failed> {
    if condition { Ok(()) } else { Err(otherwise.into()) }
}
