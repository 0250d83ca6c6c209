//! `wardian verify`: is C that somebody committed what its module becomes today?
//!
//! The manifests beside the files say how they were made. Nothing is written.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::args::Verify;
use super::input::Input;
use super::profile;
use super::report::Report;
use super::runtime;
use super::translate::chosen;
use crate::driver;
use crate::driver::diagnostic::{Code, Diagnostic, Doing, Result};
use crate::driver::library::Library;
use crate::driver::staging::{Manifest, digest, hex};

pub(crate) fn run(command: Verify, report: &Report) -> Result<()> {
    let folder = &command.folder;
    let inputs = command.modules.iter().map(|it| Input::read(it));
    let inputs = inputs.collect::<Result<Vec<Input>>>()?;
    let modules = inputs.iter().map(Module::read).collect::<Result<Vec<Module<'_>>>>()?;
    let mut stale = Vec::new();
    for (name, manifest) in manifests(folder)? {
        report.stage("translating");
        let fresh = match name == runtime::SET {
            true => runtime_files(&manifest),
            false => translated(&name, &manifest, &modules)?,
        };
        compare(folder, &manifest, &fresh, &mut stale)?;
        strays(folder, &name, &manifest, &fresh, &mut stale)?;
    }
    if stale.is_empty() {
        report.remark(&format!("`{}` is up to date", folder.display()));
        return Ok(());
    }
    let (s, are) = if stale.len() == 1 { ("", "is") } else { ("s", "are") };
    let message = format!("{} file{s} of `{}` {are} out of date", stale.len(), folder.display());
    let mut it = Diagnostic::new(Code::Stale, message);
    for file in stale {
        it = it.note(file);
    }
    Err(it.help("translate the module again, with the same options"))
}

/// A module that is given.
struct Module<'a> {
    input: &'a Input,
    wasm: Cow<'a, [u8]>,
    digest: String,
}

impl Module<'_> {
    fn read(input: &Input) -> Result<Module<'_>> {
        let wasm = input.wasm()?;
        Ok(Module { input, digest: digest(&wasm), wasm })
    }
}

/// The sets of files in the folder, by name.
fn manifests(folder: &Path) -> Result<BTreeMap<String, Manifest>> {
    let mut sets = BTreeMap::new();
    for entry in fs::read_dir(folder).doing("read", folder)? {
        let path = entry.doing("read", folder)?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".manifest.json") else { continue };
        let text = fs::read(&path).doing("read", &path)?;
        let manifest = serde_json::from_slice(&text).map_err(|error| {
            let message = format!("`{}` is no manifest: {error}", path.display());
            Diagnostic::new(Code::Io, message)
        })?;
        sets.insert(name.to_string(), manifest);
    }
    if sets.is_empty() {
        let message = format!("`{}` has no manifest", folder.display());
        return Err(Diagnostic::new(Code::Usage, message)
            .help("name a folder that `wardian translate` or `wardian runtime` made"));
    }
    Ok(sets)
}

/// What the runtime's files are in this version; WASI counts if it is there.
fn runtime_files(manifest: &Manifest) -> BTreeMap<String, String> {
    let there =
        |folder: &str| manifest.files.keys().any(|file| file.starts_with(&format!("{folder}/")));
    let libraries = Library::ALL.into_iter().filter(|it| there(it.folder()));
    let files = libraries.flat_map(|library| {
        let path = move |file: &str| format!("{}/{file}", library.folder());
        library.files().iter().map(move |(file, text)| (path(file), digest(text.as_bytes())))
    });
    files.collect()
}

/// The files that the set's module becomes, and the digest of each.
fn translated(
    name: &str,
    manifest: &Manifest,
    modules: &[Module<'_>],
) -> Result<BTreeMap<String, String>> {
    // The same module, or another version of it.
    let hash = manifest.about.get("module").and_then(Value::as_str).unwrap_or_default();
    let same = modules.iter().find(|it| it.digest == hash);
    let called = |it: &&Module<'_>| wardian::Options::name_from(&it.input.stem) == name;
    let found = same.or_else(|| modules.iter().find(called));
    let only = (modules.len() == 1).then(|| modules.first()).flatten();
    let Some(Module { input, wasm, .. }) = found.or(only) else {
        let message = format!("the module of `{name}` is not given");
        return Err(Diagnostic::new(Code::Usage, message)
            .help("name it, as in `wardian verify DIR MODULE`"));
    };
    let options = options(name, manifest)?;
    if manifest.about.get("options") != Some(&chosen(&options)) {
        return Err(unknown(name));
    }
    // Files come in pieces.
    let mut files = BTreeMap::<String, Sha256>::new();
    driver::translate(wasm, &input.shown, &options, |file, text| {
        files.entry(file.to_string()).or_default().update(text);
        Ok(())
    })?;
    Ok(files.into_iter().map(|(file, digest)| (file, hex(&digest.finalize()))).collect())
}

/// The options that the manifest names.
fn options(name: &str, manifest: &Manifest) -> Result<wardian::Options> {
    let typed = manifest.about.get("options").ok_or_else(|| unknown(name))?;
    let text = |key: &str| typed[key].as_str().unwrap_or_default();
    let memory = profile::memory(text("memory")).map_err(|_| unknown(name))?;
    let interrupt = profile::interrupt(text("interrupt")).map_err(|_| unknown(name))?;
    let shard_size = typed["shard_size"].as_u64().and_then(|it| usize::try_from(it).ok());
    let exports = typed["exports"].as_array().map(|names| {
        names.iter().filter_map(Value::as_str).map(str::to_string).collect::<Vec<_>>()
    });
    let mut options = wardian::Options {
        name: name.to_string(),
        memory,
        interrupt,
        optimize: typed["optimize"] != Value::Bool(false),
        shard_size: shard_size.ok_or_else(|| unknown(name))?,
        exports,
        ..wardian::Options::default()
    };
    if !typed["instances"].is_null() {
        profile::read(&text, &mut options).map_err(|_| unknown(name))?;
    }
    Ok(options)
}

fn unknown(name: &str) -> Box<Diagnostic> {
    let message = format!("`{name}` was made with options that this version does not know");
    Diagnostic::new(Code::Stale, message).help("translate the module again")
}

/// Notes the files of a set that are missing, differ, or should not be there.
fn compare(
    folder: &Path,
    manifest: &Manifest,
    fresh: &BTreeMap<String, String>,
    stale: &mut Vec<String>,
) -> Result<()> {
    let all: BTreeSet<&String> = manifest.files.keys().chain(fresh.keys()).collect();
    for file in all {
        let path = folder.join(file);
        let there = match fs::read(&path) {
            Ok(bytes) => Some(digest(&bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(Diagnostic::io(format!("read `{}`", path.display()), &error)),
        };
        match (there, fresh.get(file)) {
            (None, Some(_)) => stale.push(format!("{file}: missing")),
            (Some(_), None) => stale.push(format!("{file}: no longer needed")),
            (Some(there), Some(new)) if there != *new => stale.push(format!("{file}: differs")),
            _ => {}
        }
    }
    Ok(())
}

/// Notes files that look like the module's and that nobody made: whoever compiles all
/// would compile them, too.
fn strays(
    folder: &Path,
    name: &str,
    manifest: &Manifest,
    fresh: &BTreeMap<String, String>,
    stale: &mut Vec<String>,
) -> Result<()> {
    for entry in fs::read_dir(folder).doing("read", folder)? {
        let file = entry.doing("read", folder)?.file_name().to_string_lossy().into_owned();
        let part = file.strip_prefix(name).and_then(|it| it.strip_prefix('_')?.strip_suffix(".c"));
        let ours = part.is_some_and(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()));
        if ours && !fresh.contains_key(&file) && !manifest.files.contains_key(&file) {
            stale.push(format!("{file}: no longer needed"));
        }
    }
    Ok(())
}
