//! Translates the modules of a script and writes what is to be compiled: the
//! C of all modules in a few files, a table of their descriptors, and the
//! script as the runner reads it. Every symbol begins with its module's name,
//! so several modules can share a file; compilers then read the headers once.
//!
//! What a module needs and Wardian lacks is a gap if `lenient`, else a failure. What only
//! several instances can do is a gap where there is one: see one.rs.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use wardian::{Error, Options};
use wasmparser::{Parser, Payload};

use crate::one::{self, Room};
use crate::script::{Command, Expect, Gap, Kind, Module, Script, Step};
use crate::summary::Tally;

/// Bytes of C that one compiler call should get, about.
const UNIT_SIZE: usize = 1_000_000;

/// For one module; most take less than a millisecond.
const TRANSLATE_LIMIT: Duration = Duration::from_secs(30);

/// A script, ready to be compiled.
pub(crate) struct Prepared {
    /// To be compiled and linked with the runner.
    pub sources: Vec<PathBuf>,
    /// What the runner is to read.
    pub script: PathBuf,
    /// How many commands that has.
    pub steps: usize,
    /// What is run or was checked here already.
    pub tally: Tally,
    /// What went wrong here, by line.
    pub failures: Vec<Failure>,
    /// What was left out.
    pub gaps: Vec<Gap>,
}

/// A failed command.
#[derive(Clone)]
pub(crate) struct Failure {
    pub line: usize,
    pub text: String,
}

/// What became of a module.
pub(crate) enum Translation {
    Done,
    Unsupported(String),
    Failed(String),
}

/// Translates `script` into `folder`; for one instance of each module if there is a `room`
/// for their memories. The lines `except` are left out for want of memory.
pub(crate) fn prepare(
    script: &Script,
    options: &Options,
    room: Option<Room>,
    lenient: bool,
    except: &[usize],
    folder: &Path,
) -> io::Result<Prepared> {
    fs::create_dir_all(folder)?;
    let (translations, sources) = match room {
        Some(room) => one::translate(script, options, room, folder)?,
        None => translate_all(script, options, folder)?,
    };
    let plan = Plan::new(script, &translations, lenient, room.is_some(), except);
    let (tally, failures, gaps) = (plan.tally, plan.failures, plan.gaps);
    let path = folder.join("script");
    fs::write(&path, format!("script {}\n{}", script.instances, plan.text))?;
    Ok(Prepared { sources, script: path, steps: plan.steps, tally, failures, gaps })
}

fn translate_all(
    script: &Script,
    options: &Options,
    folder: &Path,
) -> io::Result<(Vec<Translation>, Vec<PathBuf>)> {
    let mut units = Units::new(folder);
    let rejected: HashSet<usize> = script.commands.iter().filter_map(Command::rejected).collect();
    let mut translations = Vec::new();
    for (number, module) in script.modules.iter().enumerate() {
        let keep = if rejected.contains(&number) { None } else { Some(&mut units) };
        translations.push(translate(number, module, options, keep)?);
    }
    Ok((translations, units.finish(script.modules.len())?))
}

impl Command {
    fn rejected(&self) -> Option<usize> {
        match self.step {
            Step::Reject { module, .. } => Some(module),
            _ => None,
        }
    }
}

// ---- Modules ------------------------------------------------------------------

fn translate(
    number: usize,
    module: &Module,
    options: &Options,
    keep: Option<&mut Units<'_>>,
) -> io::Result<Translation> {
    let wasm = match &module.wasm {
        Ok(wasm) => wasm,
        Err(message) => return Ok(Translation::Failed(message.clone())),
    };
    let options = Options { name: format!("m{number}"), ..options.clone() };
    match translate_in_time(wasm.clone(), options) {
        Ok(Ok(files)) => {
            if let Some(units) = keep {
                units.add(number, &files)?;
            }
            Ok(Translation::Done)
        }
        Ok(Err(Error::Unsupported(features))) => {
            let mut names: Vec<&str> = features.iter().map(|it| it.feature).collect();
            names.sort_unstable();
            names.dedup();
            Ok(Translation::Unsupported(names.join(", ")))
        }
        Ok(Err(error @ Error::Invalid { .. })) => Ok(Translation::Failed(error.to_string())),
        // These two are no rejection: see `Plan::reject`.
        Ok(Err(error)) => Ok(Translation::Failed(format!("{LIMIT}{error}"))),
        Err(RecvTimeoutError::Timeout) => Ok(Translation::Failed(HANG.to_string())),
        Err(RecvTimeoutError::Disconnected) => Ok(Translation::Failed(PANIC.to_string())),
    }
}

const LIMIT: &str = "limit: ";
const PANIC: &str = "the translator panicked";
const HANG: &str = "the translator does not come to an end";

/// Translates on a thread of its own, which is left behind if it hangs.
fn translate_in_time(
    wasm: Vec<u8>,
    options: Options,
) -> Result<Result<wardian::Files, Error>, RecvTimeoutError> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens any more if it took too long.
        let _ = sender.send(wardian::translate(&wasm, &options));
    });
    receiver.recv_timeout(TRANSLATE_LIMIT)
}

/// The C files of a script's modules.
struct Units<'f> {
    folder: &'f Path,
    modules: HashSet<usize>,
    units: Vec<String>,
    /// Bytes of C in the last unit.
    size: usize,
}

impl<'f> Units<'f> {
    fn new(folder: &'f Path) -> Units<'f> {
        Units { folder, modules: HashSet::new(), units: vec![String::new()], size: 0 }
    }

    fn add(&mut self, number: usize, files: &wardian::Files) -> io::Result<()> {
        self.modules.insert(number);
        if self.size > UNIT_SIZE {
            self.units.push(String::new());
            self.size = 0;
        }
        for (name, text) in files {
            fs::write(self.folder.join(name), text)?;
            if name.ends_with(".c") {
                self.size += text.len();
                self.units.last_mut().expect("there is always one").push_str(&include(name));
            }
        }
        Ok(())
    }

    /// Writes the units and the table of all modules; one that was not
    /// translated has no descriptor, and no command uses it.
    fn finish(self, module_count: usize) -> io::Result<Vec<PathBuf>> {
        let mut table = include("wdn.h");
        let mut entries = String::new();
        for number in 0..module_count {
            if self.modules.contains(&number) {
                let _ = writeln!(table, "extern const wdn_module_t m{number}_module;");
                let _ = writeln!(entries, "  &m{number}_module,");
            } else {
                entries.push_str("  0,\n");
            }
        }
        let _ = write!(
            table,
            "extern const wdn_module_t *const wdn_spec_modules[];\n\
             const wdn_module_t *const wdn_spec_modules[] = {{\n{entries}  0\n}};\n"
        );
        let mut sources = vec![self.folder.join("modules.c")];
        fs::write(&sources[0], table)?;
        for (number, unit) in self.units.iter().enumerate().filter(|(_, unit)| !unit.is_empty()) {
            let path = self.folder.join(format!("unit_{number}.c"));
            fs::write(&path, unit)?;
            sources.push(path);
        }
        Ok(sources)
    }
}

fn include(name: &str) -> String {
    format!("#include \"{name}\"\n")
}

// ---- Commands -----------------------------------------------------------------

/// The runner's script, as it grows.
struct Plan<'s> {
    script: &'s Script,
    translations: &'s [Translation],
    lenient: bool,
    /// Is there one instance of each module?
    one: bool,
    text: String,
    steps: usize,
    tally: Tally,
    failures: Vec<Failure>,
    gaps: Vec<Gap>,
    /// Instances that do not exist because of a gap, and the names they were
    /// registered under; what needs them is left out too, for that feature.
    absent: HashMap<usize, String>,
    absent_names: HashMap<String, String>,
    /// The instances that names are registered for.
    registered: HashMap<String, usize>,
    /// Pairs of an instance and one that it imports from.
    uses: Vec<(usize, usize)>,
    /// The modules that there are instances of.
    instantiated: HashSet<usize>,
}

/// Why a command is not in the runner's script.
enum Stop {
    Gap(String),
    Failure(String),
    /// Nothing is wrong: it was checked here.
    Checked,
}

impl<'s> Plan<'s> {
    fn new(
        script: &'s Script,
        translations: &'s [Translation],
        lenient: bool,
        one: bool,
        except: &[usize],
    ) -> Plan<'s> {
        let mut plan = Plan {
            script,
            translations,
            lenient: lenient || one,
            one,
            text: String::new(),
            steps: 0,
            tally: Tally::default(),
            failures: Vec::new(),
            gaps: Vec::new(),
            absent: HashMap::new(),
            absent_names: HashMap::new(),
            registered: HashMap::new(),
            uses: Vec::new(),
            instantiated: HashSet::new(),
        };
        for gap in &script.gaps {
            plan.gap(gap.clone());
        }
        for command in &script.commands {
            if except.contains(&command.line) {
                let feature = one::TOO_LARGE.to_string();
                plan.gaps.push(Gap { line: command.line, feature });
            } else {
                plan.command(command);
            }
        }
        plan
    }

    fn command(&mut self, command: &Command) {
        match self.step(command) {
            Ok(line) => {
                self.tally.add(command.kind);
                self.text.push_str(&line);
                self.text.push('\n');
                self.steps += 1;
            }
            Err(Stop::Checked) => self.tally.add(command.kind),
            Err(Stop::Failure(text)) => {
                self.tally.add(command.kind);
                self.failures.push(Failure { line: command.line, text });
            }
            Err(Stop::Gap(feature)) => {
                self.without(command, &feature);
                self.gap(Gap { line: command.line, feature });
            }
        }
    }

    /// Notes what a command that is left out would have changed.
    fn without(&mut self, command: &Command, feature: &str) {
        match &command.step {
            Step::Instantiate { module, instance } => {
                self.absent.insert(*instance, feature.to_string());
                self.touch(*module, feature);
            }
            // One that cannot be linked changes nothing.
            Step::Fail { module, .. } if command.kind != Kind::Unlinkable => {
                self.touch(*module, feature);
            }
            Step::Register { name, .. } => {
                self.absent_names.insert(name.clone(), feature.to_string());
            }
            _ => {}
        }
    }

    /// The module is left out, and what it imports is not what it would have
    /// made of it; nor is what uses that.
    fn touch(&mut self, module: usize, feature: &str) {
        let Ok(wasm) = &self.script.modules[module].wasm else { return };
        for name in imported_modules(wasm) {
            if let Some(instance) = self.registered.get(&name) {
                let mut pending = vec![*instance];
                while let Some(instance) = pending.pop() {
                    if self.absent.insert(instance, feature.to_string()).is_none() {
                        let users = self.uses.iter().filter(|(_, used)| *used == instance);
                        pending.extend(users.map(|(user, _)| *user));
                    }
                }
                self.absent_names.insert(name, feature.to_string());
            }
        }
    }

    fn gap(&mut self, gap: Gap) {
        if !self.lenient {
            let text = format!("needs an unsupported feature: {}", gap.feature);
            self.failures.push(Failure { line: gap.line, text });
        }
        self.gaps.push(gap);
    }

    /// The command as the runner reads it.
    fn step(&mut self, command: &Command) -> Result<String, Stop> {
        let line = command.line;
        match &command.step {
            Step::Define { module } => {
                self.translated(*module)?;
                Err(Stop::Checked)
            }
            Step::Reject { module, message } => Err(self.reject(*module, message)),
            Step::Instantiate { module, instance } => {
                self.linkable(*module)?;
                if !self.instantiated.insert(*module) && self.one {
                    return Err(Stop::Gap("a second instance of a module".to_string()));
                }
                if let Ok(wasm) = &self.script.modules[*module].wasm {
                    for name in imported_modules(wasm) {
                        let used = self.registered.get(&name);
                        self.uses.extend(used.map(|used| (*instance, *used)));
                    }
                }
                Ok(format!("module {line} {module} {instance}"))
            }
            Step::Fail { module, message } => {
                // That its data does not fit is an error when it is translated.
                if let Translation::Unsupported(why) = &self.translations[*module]
                    && why == one::TRAPS
                    && message.contains("out of bounds memory access")
                {
                    return Err(Stop::Checked);
                }
                self.linkable(*module)?;
                let verb = match command.kind {
                    Kind::Unlinkable => "unlinkable",
                    _ => "uninstantiable",
                };
                Ok(format!("{verb} {line} {module} {}", quote(message)))
            }
            Step::Register { instance, name } => {
                self.present(*instance)?;
                self.absent_names.remove(name);
                self.registered.insert(name.clone(), *instance);
                Ok(format!("register {line} {instance} {}", quote(name)))
            }
            Step::Invoke { instance, name, args, expect } => {
                self.present(*instance)?;
                let mut words = vec![format!("{line} {instance} {}", quote(name))];
                words.extend(args.iter().cloned());
                words.push("=".to_string());
                let verb = match expect {
                    Expect::Results(patterns) => {
                        words.extend(patterns.iter().cloned());
                        "invoke"
                    }
                    Expect::Trap(message) => {
                        words.push(quote(message));
                        "trap"
                    }
                };
                Ok(format!("{verb} {}", words.join(" ")))
            }
            Step::Get { instance, name, expect } => {
                self.present(*instance)?;
                Ok(format!("get {line} {instance} {} = {expect}", quote(name)))
            }
        }
    }

    fn translated(&self, module: usize) -> Result<(), Stop> {
        match &self.translations[module] {
            Translation::Done => Ok(()),
            Translation::Unsupported(features) => Err(Stop::Gap(features.clone())),
            Translation::Failed(message) => {
                Err(Stop::Failure(format!("the module is not translated: {message}")))
            }
        }
    }

    /// A module must be refused as invalid, by the translator or, before that,
    /// as text. What 2.0 calls invalid and a later version does not may also be
    /// refused as unsupported; in a newer suite that would prove nothing.
    /// The number of locals is a limit of ours far below that of the specification.
    fn reject(&self, module: usize, message: &str) -> Stop {
        match &self.translations[module] {
            Translation::Done => Stop::Failure("the module is accepted".to_string()),
            Translation::Unsupported(features) if self.lenient => Stop::Gap(features.clone()),
            Translation::Unsupported(_) => Stop::Checked,
            Translation::Failed(text)
                if text.starts_with(LIMIT) && message == "too many locals" =>
            {
                Stop::Checked
            }
            Translation::Failed(text)
                if text.starts_with(LIMIT) || text == PANIC || text == HANG =>
            {
                Stop::Failure(format!("the module is not refused as invalid: {text}"))
            }
            Translation::Failed(_) => Stop::Checked,
        }
    }

    fn present(&self, instance: usize) -> Result<(), Stop> {
        match self.absent.get(&instance) {
            Some(feature) => Err(Stop::Gap(feature.clone())),
            None => Ok(()),
        }
    }

    /// Is the module translated, and does everything exist that it imports from?
    fn linkable(&self, module: usize) -> Result<(), Stop> {
        self.translated(module)?;
        if !self.absent_names.is_empty()
            && let Ok(wasm) = &self.script.modules[module].wasm
        {
            for name in imported_modules(wasm) {
                if let Some(feature) = self.absent_names.get(&name) {
                    return Err(Stop::Gap(feature.clone()));
                }
            }
        }
        Ok(())
    }
}

/// The names of the modules that a valid module imports from.
fn imported_modules(wasm: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Ok(Payload::ImportSection(section)) = payload {
            for import in section.into_imports().flatten() {
                names.push(import.module.to_string());
            }
        }
    }
    names
}

/// A name or message as one word of the runner's script.
fn quote(text: &str) -> String {
    let mut word = String::from("'");
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) {
            word.push(char::from(byte));
        } else {
            let _ = write!(word, "%{byte:02x}");
        }
    }
    word
}
