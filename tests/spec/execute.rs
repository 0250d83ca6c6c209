//! Compiles prepared scripts in one configuration, runs them and reads what
//! the runner says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use wardian_tests::process::{self, Outcome};

use crate::config::Config;
use crate::prepare::{Failure, Prepared};

const COMPILE_LIMIT: Duration = Duration::from_secs(300);
const RUN_LIMIT: Duration = Duration::from_secs(120);

/// A configuration with its folder and the objects that all scripts share.
pub(crate) struct Toolchain {
    pub config: Config,
    folder: PathBuf,
    objects: OnceLock<Result<Vec<PathBuf>, String>>,
}

impl Toolchain {
    pub(crate) fn new(config: Config, root: &Path) -> Toolchain {
        let folder = root.join(config.name());
        Toolchain { config, folder, objects: OnceLock::new() }
    }

    /// Runs a script. Its failures, or why it could not be run to its end.
    pub(crate) fn run(&self, name: &str, script: &Prepared) -> Result<Vec<Failure>, String> {
        let objects = self.objects.get_or_init(|| self.build_objects()).as_ref()?;
        let exe = self.folder.join(name.replace('/', "_")).with_extension("exe");
        compile(
            self.config
                .cc_strict()
                .args(includes())
                .arg("-I")
                .arg(repository().join("tests/spec"))
                .args(&script.sources)
                .args(objects)
                .arg("-o")
                .arg(&exe)
                .arg("-lm"),
        )?;
        let failures = self.run_program(&exe, script);
        let _ = fs::remove_file(&exe);
        failures
    }

    fn build_objects(&self) -> Result<Vec<PathBuf>, String> {
        fs::create_dir_all(&self.folder).map_err(|error| error.to_string())?;
        let repository = repository();
        let sources = match self.config.is_one() {
            true => ["runtime-c/src/wdn_one.c", "tests/spec/one_runner.c"],
            false => ["runtime-c/src/wdn.c", "tests/spec/runner.c"],
        };
        let mut objects = Vec::new();
        for source in sources.map(|it| repository.join(it)) {
            let stem = source.file_stem().expect("both have a name");
            let object = self.folder.join(stem).with_extension("o");
            let mut cc = self.config.cc();
            compile(cc.args(includes()).arg("-c").arg(source).arg("-o").arg(&object))?;
            objects.push(object);
        }
        Ok(objects)
    }

    fn run_program(&self, exe: &Path, script: &Prepared) -> Result<Vec<Failure>, String> {
        let mut command = self.config.program(exe, &script.script, false)?;
        let outcome = process::run(&mut command, RUN_LIMIT).map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&outcome.stdout);
        if outcome.success()
            && let Some((failures, steps)) = read_report(&text)
        {
            return if steps == script.steps {
                Ok(failures)
            } else {
                Err(format!("{steps} of {} commands were run", script.steps))
            };
        }
        Err(self.explain(&outcome, exe, script))
    }

    /// The runner did not reach its end: runs it again to see where it stops.
    fn explain(&self, outcome: &Outcome, exe: &Path, script: &Prepared) -> String {
        let traced = self.config.program(exe, &script.script, true).and_then(|mut command| {
            process::run(&mut command, RUN_LIMIT).map_err(|error| error.to_string())
        });
        let output = match &traced {
            Ok(traced) => String::from_utf8_lossy(&traced.stdout),
            Err(_) => String::from_utf8_lossy(&outcome.stdout),
        };
        let at = output.lines().filter_map(|line| line.strip_prefix("at ")).next_back();
        let said: Vec<&str> = output.lines().filter(|line| !line.starts_with("at ")).collect();
        let stderr = String::from_utf8_lossy(&outcome.stderr);
        format!(
            "the runner stopped at line {}: {}\n{}\n{}",
            at.unwrap_or("0"),
            outcome.describe(),
            tail(&said.join("\n"), 2000),
            tail(&stderr, 4000)
        )
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn includes() -> [PathBuf; 2] {
    [PathBuf::from("-I"), repository().join("runtime-c/include")]
}

fn compile(command: &mut Command) -> Result<(), String> {
    let outcome = process::run(command, COMPILE_LIMIT).map_err(|error| error.to_string())?;
    if outcome.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let head: String = stderr.chars().take(3000).collect();
    Err(format!("{command:?}\n{}\n{head}", outcome.describe()))
}

/// The failures and the number of commands, if the last line is there.
fn read_report(text: &str) -> Option<(Vec<Failure>, usize)> {
    let mut failures: Vec<Failure> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("fail ") {
            let (number, text) = rest.split_once(' ')?;
            failures.push(Failure { line: number.parse().ok()?, text: text.to_string() });
        } else if let Some(rest) = line.strip_prefix("done ") {
            let (steps, count) = rest.split_once(' ')?;
            let complete = count.parse() == Ok(failures.len());
            return if complete { Some((failures, steps.parse().ok()?)) } else { None };
        } else if let Some(failure) = failures.last_mut() {
            failure.text.push('\n');
            failure.text.push_str(line);
        }
    }
    None
}

fn tail(text: &str, size: usize) -> &str {
    let mut start = text.len().saturating_sub(size);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}
