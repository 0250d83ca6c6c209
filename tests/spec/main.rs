//! Runs the specification's test suite: every script in every chosen
//! configuration is one trial, named `guard-gcc-O1-opt::i32.wast`.
//!
//! `WARDIAN_SPEC_MATRIX` chooses configurations (unset: a representative part,
//! `full`, or names with commas, which then run every script, as in
//! `one-m0-O1-opt,bounds-rv32-O1-opt`), `WARDIAN_SPEC_DIR` a folder with other scripts
//! than the built-in ones of WebAssembly 2.0, `WARDIAN_SPEC_KEEP` a folder for
//! everything that is generated.

mod board;
mod config;
mod execute;
mod one;
mod prepare;
mod script;
mod suite;
mod summary;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use rayon::prelude::*;
use wardian::{Memory, Options};
use wardian_tests::tools;

use config::Config;
use execute::Toolchain;
use prepare::{Failure, Prepared};
use script::{Gap, Kind, Script};
use suite::Source;
use summary::Row;

/// How many failures of one script are printed.
const SHOWN: usize = 20;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args = Arguments::from_args();
    let folder = tempfile::tempdir()?;
    let root = match env::var_os("WARDIAN_SPEC_KEEP") {
        Some(keep) => PathBuf::from(keep),
        None => folder.path().to_path_buf(),
    };
    let suite = Suite::load(&root)?;
    let trials = suite.trials().into_iter().chain(suite.self_checks(&root)?).collect();
    let conclusion = libtest_mimic::run(&args, trials);
    if !args.list {
        suite.print_summary();
    }
    Ok(conclusion.exit_code())
}

/// Everything that trials share.
struct Suite {
    cases: Vec<Arc<Case>>,
    toolchains: Vec<Arc<Toolchain>>,
    rows: Arc<Mutex<BTreeMap<usize, Row>>>,
}

/// A script and what was made of it.
struct Case {
    source: Source,
    /// A newer suite, of which unsupported parts are left out.
    lenient: bool,
    folder: PathBuf,
    script: OnceLock<Result<Script, String>>,
    /// Translations, by [`Config::variant`], shared by configurations.
    prepared: [OnceLock<Result<Prepared, String>>; config::VARIANTS],
}

impl Suite {
    fn load(root: &Path) -> Result<Suite, Box<dyn Error>> {
        let newer = env::var_os("WARDIAN_SPEC_DIR");
        let sources = match &newer {
            Some(folder) => suite::folder(Path::new(folder))
                .map_err(|error| format!("cannot read {}: {error}", folder.display()))?,
            None => suite::builtin()?,
        };
        if sources.is_empty() {
            return Err("there are no .wast files".into());
        }
        let mut configs = config::chosen()?;
        let lenient = newer.is_some();
        let cases: Vec<_> =
            sources.into_iter().map(|it| Arc::new(Case::new(it, lenient, root))).collect();
        if lenient {
            // The sample is one of the built-in scripts.
            configs.retain(|config| !config.sample);
            // Names of trials say what is unsupported.
            cases.par_iter().for_each(|case| drop(case.prepared(&configs[0])));
        }
        let toolchains = configs.into_iter().map(|it| Arc::new(Toolchain::new(it, root))).collect();
        Ok(Suite { cases, toolchains, rows: Arc::default() })
    }

    fn trials(&self) -> Vec<Trial> {
        let mut trials = Vec::new();
        for (index, toolchain) in self.toolchains.iter().enumerate() {
            let missing = toolchain.config.missing().join(" and ");
            if !missing.is_empty() {
                let name = format!("{}::* [needs {missing}]", toolchain.config.name());
                trials.push(Trial::ignorable_test(name, move || tools::skip(&missing)));
                continue;
            }
            for case in self.cases.iter().filter(|case| case.applies_to(&toolchain.config)) {
                let mut name = format!("{}::{}", toolchain.config.name(), case.source.name);
                let features = case.unsupported();
                if !features.is_empty() {
                    name.push_str(&format!(" [unsupported: {features}]"));
                }
                let (case, toolchain, rows) = (case.clone(), toolchain.clone(), self.rows.clone());
                trials.push(Trial::ignorable_test(name, move || {
                    case.trial(&toolchain, |row| {
                        let mut rows = rows.lock().expect("no trial panics while it counts");
                        row(rows.entry(index).or_default());
                    })
                }));
            }
        }
        trials
    }

    /// Proof that the runner can fail: scripts whose every assertion is wrong, and
    /// scripts of which parts are unsupported.
    fn self_checks(&self, root: &Path) -> Result<Vec<Trial>, Box<dyn Error>> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec");
        let find = |one: bool| {
            let mut all = self.toolchains.iter();
            all.find(|it| it.config.is_one() == one && it.config.missing().is_empty())
        };
        let mut trials = Vec::new();
        for source in suite::folder(&here.join("wrong"))? {
            for (toolchain, title) in [(find(false), "wrong"), (find(true), "wrong-one")] {
                let Some(toolchain) = toolchain.cloned() else { continue };
                let name = format!("{title}::{}", source.name);
                let case = Case::new(source.clone(), false, &root.join(title));
                trials.push(Trial::test(name, move || case.check_wrong(&toolchain)));
            }
        }
        let Some(toolchain) = find(false) else { return Ok(trials) };
        for source in suite::folder(&here.join("newer"))? {
            let name = format!("newer::{}", source.name);
            let case = Case::new(source, true, &root.join("newer"));
            let toolchain = toolchain.clone();
            trials.push(Trial::test(name, move || case.check_newer(&toolchain)));
        }
        Ok(trials)
    }

    fn print_summary(&self) {
        let names: Vec<String> = self.toolchains.iter().map(|it| it.config.name()).collect();
        summary::print(&self.rows.lock().expect("all trials have ended"), &names);
        let gaps: Vec<(String, Vec<Gap>)> = self
            .cases
            .iter()
            .filter(|case| case.lenient)
            .map(|case| (case.source.name.clone(), case.gaps().to_vec()))
            .collect();
        summary::print_gaps(&gaps);
    }
}

impl Case {
    fn new(source: Source, lenient: bool, root: &Path) -> Case {
        let folder = root.join(&source.name);
        let (script, prepared) = (OnceLock::new(), Default::default());
        Case { source, lenient, folder, script, prepared }
    }

    /// Is the script for this configuration? See also `wast/README.md` on what C
    /// compilers may take away.
    fn applies_to(&self, config: &Config) -> bool {
        let name = self.source.name.as_str();
        if !config.can_run(name) {
            return false;
        }
        if name.starts_with(suite::PAGES) {
            return config.is_one();
        }
        if config.sample && !config::SAMPLE.contains(&name) {
            return false;
        }
        if name.starts_with("wardian/not-guard-opt/") {
            return config.memory != Memory::Guard || !config.optimize;
        }
        !name.starts_with("wardian/noopt/") || !config.optimize
    }

    fn script(&self) -> Result<&Script, &String> {
        self.script.get_or_init(|| script::read(&self.source.text)).as_ref()
    }

    fn prepared(&self, config: &Config) -> Result<&Prepared, String> {
        let script = self.script()?;
        let prepare = || {
            let (memory, optimize) = (config.memory, config.optimize);
            let options = Options { memory, optimize, ..Options::default() };
            let folder = self.folder.join(config.variant().to_string());
            let except = config.except(&self.source.name);
            prepare::prepare(script, &options, config.room(), self.lenient, except, &folder)
                .map_err(|error| error.to_string())
        };
        self.prepared[config.variant()].get_or_init(prepare).as_ref().map_err(String::clone)
    }

    /// The gaps of any translation: options make no difference.
    fn gaps(&self) -> &[Gap] {
        let done = self.prepared.iter().filter_map(OnceLock::get);
        done.flatten().next().map_or(&[], |prepared| &prepared.gaps)
    }

    fn unsupported(&self) -> String {
        let gaps = if self.lenient { self.gaps() } else { &[] };
        summary::features(gaps).into_keys().collect::<Vec<_>>().join(", ")
    }

    fn trial(
        &self,
        toolchain: &Toolchain,
        count: impl Fn(&dyn Fn(&mut Row)),
    ) -> Result<Completion, Failed> {
        let start = Instant::now();
        let prepared = self.prepared(&toolchain.config)?;
        if prepared.tally.total() == 0 && !prepared.gaps.is_empty() {
            if toolchain.config.is_one() {
                count(&|row: &mut Row| row.leave_out(&prepared.gaps));
            }
            return Ok(Completion::ignored_with("nothing in it is supported"));
        }
        let result = self.failures(toolchain);
        count(&|row: &mut Row| {
            row.leave_out(&prepared.gaps);
            row.files += 1;
            row.time += start.elapsed();
            row.tally.add_all(&prepared.tally);
            row.failures += result.as_ref().map_or(1, Vec::len);
            row.failed_files += usize::from(!result.as_ref().is_ok_and(Vec::is_empty));
        });
        let failures = result?;
        if failures.is_empty() { Ok(Completion::Completed) } else { Err(show(&failures).into()) }
    }

    fn failures(&self, toolchain: &Toolchain) -> Result<Vec<Failure>, String> {
        let prepared = self.prepared(&toolchain.config)?;
        let mut failures = prepared.failures.clone();
        if prepared.steps > 0 {
            match toolchain.run(&self.source.name, prepared) {
                Ok(more) => failures.extend(more),
                Err(error) => return Err(format!("{error}\n{}", show(&failures))),
            }
        }
        failures.sort_by_key(|failure| failure.line);
        Ok(failures)
    }

    /// Does the first line say what is unsupported, and does the rest run?
    fn check_newer(&self, toolchain: &Toolchain) -> Result<(), Failed> {
        let failures = self.failures(toolchain)?;
        if !failures.is_empty() {
            return Err(show(&failures).into());
        }
        let found = format!(";; unsupported: {}", summary::describe(self.gaps()));
        match self.source.text.lines().next() {
            Some(line) if line == found => Ok(()),
            _ => Err(format!("the first line should be: {found}").into()),
        }
    }

    fn check_wrong(&self, toolchain: &Toolchain) -> Result<(), Failed> {
        let is_assertion = |kind| kind != Kind::Module && kind != Kind::Action;
        let gaps = &self.prepared(&toolchain.config)?.gaps;
        let left_out = |line| gaps.iter().any(|gap| gap.line == line);
        let wrong: BTreeSet<usize> = self
            .script()?
            .commands
            .iter()
            .filter(|it| is_assertion(it.kind) && !left_out(it.line))
            .map(|it| it.line)
            .collect();
        let failures = self.failures(toolchain)?;
        let seen: BTreeSet<usize> = failures.iter().map(|it| it.line).collect();
        if seen == wrong {
            return Ok(());
        }
        let unseen: Vec<_> = wrong.difference(&seen).collect();
        Err(format!("wrong, and not noticed: lines {unseen:?}\n{}", show(&failures)).into())
    }
}

fn show(failures: &[Failure]) -> String {
    let mut lines: Vec<String> =
        failures.iter().take(SHOWN).map(|it| format!("line {}: {}", it.line, it.text)).collect();
    if failures.len() > SHOWN {
        lines.push(format!("... {} failures", failures.len()));
    }
    lines.join("\n")
}
