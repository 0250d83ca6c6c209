//! `wardian run`: makes a program of the module, unless the cache has it, and
//! becomes that program.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::UNIX_EPOCH;

use super::args::{ALL, Grants, Run, Time, Unresolved};
use super::input::Input;
use super::report::Report;
use super::{profile, settings};
use crate::driver::bundle::{self, Bundle};
use crate::driver::cache::{Cache, Key};
use crate::driver::cc::Compiler;
use crate::driver::compile::{Event, Settings};
use crate::driver::diagnostic::{Code, Diagnostic, Doing, Result};
use crate::driver::scratch::Scratch;
use crate::driver::{Job, library};

/// The file name of programs in the cache.
const PROGRAM: &str = "program";

/// Returns the exit code of the program, if it does not replace this process.
pub(crate) fn run(command: Run, report: &Report) -> Result<u8> {
    let module = Path::new(&command.module_and_arguments[0]);
    let making = Making::new(&command, module, report)?;
    let mut program = Vec::from_iter(program_arguments(&command.grants, making.input.file_name()));
    program.extend(command.module_and_arguments[1..].iter().cloned());
    if !command.no_cache {
        match settings::cache()? {
            Ok(cache) => return making.run_cached(&cache, &program),
            Err(why) => {
                let message = format!("no cache: {}", why.message);
                report.diagnostic(&Diagnostic::warning(why.code, message));
            }
        }
    }
    making.run_once(&program)
}

/// What the program is told before its own arguments.
fn program_arguments(grants: &Grants, name: &str) -> Vec<OsString> {
    let argv0 = grants.argv0.clone().unwrap_or_else(|| name.into());
    let mut arguments = vec![OsString::from("--argv0"), argv0];
    let mut add = |option: &str, value: &OsStr| {
        arguments.extend([OsString::from(option), value.to_os_string()]);
    };
    grants.dirs.iter().for_each(|it| add("--dir", it));
    grants.memories.iter().for_each(|it| add("--mount-memory", it));
    grants.envs.iter().for_each(|it| add("--env", it));
    grants.stdin.iter().for_each(|it| add("--stdin", it));
    grants.stdout.iter().for_each(|it| add("--stdout", it));
    grants.stderr.iter().for_each(|it| add("--stderr", it));
    grants.max_written.iter().for_each(|it| add("--max-written", it));
    grants.invoke.iter().for_each(|it| add("--invoke", it));
    if let Some(time) = grants.allow_time {
        add("--allow-time", OsStr::new(if time == Time::Coarse { "coarse" } else { "fine" }));
    }
    for names in &grants.inherit_env {
        let mut word = OsString::from("--inherit-env");
        if names != ALL {
            word.push("=");
            word.push(names);
        }
        arguments.push(word);
    }
    arguments.push("--".into());
    arguments
}

/// How to make the program.
struct Making<'a> {
    command: &'a Run,
    report: &'a Report,
    input: Input,
    settings: Settings,
    bundles: Vec<Bundle>,
}

impl<'a> Making<'a> {
    fn new(command: &'a Run, module: &Path, report: &'a Report) -> Result<Making<'a>> {
        let input = Input::read(module)?;
        let settings = settings::compiling(&command.compiling, false);
        let bundles = bundle::read(&command.bundling.bundles)?;
        Ok(Making { command, report, input, settings, bundles })
    }

    fn options(&self, cc: &Compiler) -> Result<wardian::Options> {
        let options = settings::options_for(&self.command.translation, &self.input.stem, cc)?;
        profile::check_program(&options)?;
        Ok(options)
    }

    fn run_cached(&self, cache: &Cache, arguments: &[OsString]) -> Result<u8> {
        let cc = Compiler::find(&self.command.compiling.wanted(), Some(&cache.compilers()))?;
        let options = self.options(&cc)?;
        let make = |folder: &Path| {
            let work = cache.scratch()?;
            self.make(&options, &cc, Some(cache), work.path(), &folder.join(PROGRAM))
        };
        let entry = cache.get_or(self.key(&options, &cc), make)?;
        let error = become_program(&entry.join(PROGRAM), arguments);
        if error.kind() != std::io::ErrorKind::NotFound {
            return Err(cannot_run(&error)
                .help("the cache has to be where programs may be run: see `WARDIAN_CACHE_DIR`"));
        }
        // Another process dropped it a moment ago, or somebody meddled.
        cache.discard(&entry);
        let entry = cache.get_or(self.key(&options, &cc), make)?;
        Err(cannot_run(&become_program(&entry.join(PROGRAM), arguments)))
    }

    fn run_once(&self, arguments: &[OsString]) -> Result<u8> {
        let cc = Compiler::find(&self.command.compiling.wanted(), None)?;
        let options = self.options(&cc)?;
        let work = Scratch::new().doing("write to", &std::env::temp_dir())?;
        let program = work.path().join("wardian-program");
        self.make(&options, &cc, None, work.path(), &program)?;
        let child = Command::new(&program).args(arguments).spawn();
        let mut child = child.map_err(|error| cannot_run(&error))?;
        // It runs, and needs its file no longer; elsewhere the folder goes last.
        if cfg!(unix) {
            drop(work);
        }
        child.wait().map(exit_code).map_err(|error| cannot_run(&error))
    }

    fn make(
        &self,
        options: &wardian::Options,
        cc: &Compiler,
        cache: Option<&Cache>,
        work: &Path,
        program: &Path,
    ) -> Result<()> {
        self.report.stage("translating");
        let wasm = self.input.wasm()?;
        let watch = |event: Event<'_>| self.report.event(event);
        let (file, settings) = (&self.input.shown, &self.settings);
        let job = Job { wasm: &wasm, file, options, cc, settings, cache, watch: &watch };
        job.program(work, self.traps(), &self.bundles, program)
    }

    fn traps(&self) -> bool {
        self.command.imports.unresolved == Unresolved::Trap
    }

    /// Everything that the program depends on.
    fn key(&self, options: &wardian::Options, cc: &Compiler) -> Key {
        let key = Key::default()
            .add("program")
            .add(&self.input.raw)
            .add(self.input.file_name())
            .add(format!("{options:?}"))
            .add(if self.traps() { "trap" } else { "error" })
            .add(env!("CARGO_PKG_VERSION"))
            .add(own_stamp())
            .add(library::hash())
            .add(cc.identity())
            .add(self.settings.flags(cc).join("\0"));
        self.bundles.iter().fold(key, |key, it| it.add_to(key))
    }
}

/// Tells builds of one version of this program apart.
fn own_stamp() -> String {
    let meta = std::env::current_exe().and_then(|it| it.metadata());
    let Ok(meta) = meta else { return String::new() };
    let age = meta.modified().ok().and_then(|it| it.duration_since(UNIX_EPOCH).ok());
    format!("{} {age:?}", meta.len())
}

fn cannot_run(error: &std::io::Error) -> Box<Diagnostic> {
    Diagnostic::new(Code::Io, format!("cannot run the program: {error}"))
}

/// Replaces this process; returns only if that fails.
#[cfg(unix)]
fn become_program(program: &Path, arguments: &[OsString]) -> std::io::Error {
    use std::os::unix::process::CommandExt;
    Command::new(program).args(arguments).exec()
}

/// Does what comes closest; returns only if that fails.
#[cfg(not(unix))]
fn become_program(program: &Path, arguments: &[OsString]) -> std::io::Error {
    match Command::new(program).args(arguments).status() {
        Ok(status) => std::process::exit(exit_code(status).into()),
        Err(error) => error,
    }
}

/// As a shell has it: a signal is 128 and its number.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(255);
    }
    status.code().and_then(|it| u8::try_from(it).ok()).unwrap_or(1)
}
