//! The compiler for WebAssembly: which one it is, and what it need not do again.
//!
//! Its own list of the files that it read becomes the list that cargo watches. By that
//! list, an object is only made anew if something that went into it has changed.

use crate::{Error, jobs};
use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the compiler for WebAssembly is, if it is not the `clang` of the system.
pub(crate) const COMPILER: &str = "CC_wasm32_wasi";
/// What else it is told.
pub(crate) const FLAGS: &str = "CFLAGS_wasm32_wasi";

/// What was compiled.
pub(crate) struct Objects {
    pub(crate) paths: Vec<PathBuf>,
    /// Is any of them another one than before?
    pub(crate) new: bool,
}

/// Compiles the files to objects in `folder`, and has cargo watch all that they consist of.
pub(crate) fn compile(
    folder: &Path,
    files: &[PathBuf],
    flags: &[OsString],
) -> Result<Objects, Error> {
    // Also what fails to compile has to be compiled again once it is changed.
    files.iter().for_each(|file| watch(file));
    let object = |i: usize| folder.join(format!("{i}.o"));
    let command = |(i, file): (usize, &PathBuf)| {
        let mut command = clang();
        command.args(flags).args(["-MD", "-MF"]).arg(object(i).with_extension("d"));
        command.arg("-c").arg(file).arg("-o").arg(object(i));
        command
    };
    let commands: Vec<Command> = files.iter().enumerate().map(command).collect();
    let texts: Vec<String> = commands.iter().map(|it| format!("{it:?}")).collect();
    let version = version();
    let stamp = |i: usize| stamp(&object(i), &version, &texts[i]);
    let stale = |i: &usize| {
        let there = fs::read_to_string(object(*i).with_extension("stamp"));
        there.is_err() || there.ok() != stamp(*i)
    };
    let stale: Vec<usize> = (0..files.len()).filter(stale).collect();
    for i in &stale {
        let _ = fs::remove_file(object(*i).with_extension("stamp"));
    }
    let wanted = |(i, command)| stale.contains(&i).then_some(command);
    jobs::run(commands.into_iter().enumerate().filter_map(wanted).collect(), run)?;
    for i in &stale {
        // Without it, the next time takes longer, and that is all.
        let _ = stamp(*i).map(|text| fs::write(object(*i).with_extension("stamp"), text));
    }
    let paths: Vec<PathBuf> = (0..files.len()).map(object).collect();
    headers(files, &paths)?;
    Ok(Objects { paths, new: !stale.is_empty() })
}

/// Has cargo watch what the files include. Not what this build script made.
fn headers(files: &[PathBuf], objects: &[PathBuf]) -> Result<(), Error> {
    let out = env::var_os("OUT_DIR").ok_or(Error::Variable("OUT_DIR"))?;
    let mut read = BTreeSet::new();
    for object in objects {
        let list = object.with_extension("d");
        let text = fs::read_to_string(&list).map_err(|error| Error::file(&list, error))?;
        read.extend(prerequisites(&text));
    }
    let read = read.iter().map(Path::new).filter(|it| !it.starts_with(&out));
    read.filter(|it| !files.iter().any(|file| file == it)).for_each(watch);
    Ok(())
}

/// Makes the module, unless it is there and nothing has changed.
pub(crate) fn link(mut command: Command, module: &Path, new: bool) -> Result<(), Error> {
    let stamp = module.with_extension("stamp");
    let text = format!("{command:?}\n");
    if !new && module.exists() && fs::read_to_string(&stamp).is_ok_and(|it| it == text) {
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);
    run(&mut command)?;
    let _ = fs::write(stamp, text);
    Ok(())
}

/// All that an object depends on: the compiler, the command, and the texts that it read the
/// last time. `None` if that is not known.
fn stamp(object: &Path, version: &Option<String>, command: &str) -> Option<String> {
    let list = fs::read_to_string(object.with_extension("d")).ok()?;
    let mut hasher = DefaultHasher::new();
    for path in prerequisites(&list) {
        let text = fs::read(&path).ok()?;
        (path, text).hash(&mut hasher);
    }
    object.exists().then_some(())?;
    Some(format!("{}{command}\n{:016x}\n", version.as_ref()?, hasher.finish()))
}

/// What the compiler says about itself.
fn version() -> Option<String> {
    let output = clang().arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Can the compiler make a module that uses the C library?
pub(crate) fn is_able(folder: &Path) -> bool {
    let (source, module) = (folder.join("probe.c"), folder.join("probe.wasm"));
    let text = "#include <stdlib.h>\nvoid *probe(void) { return malloc(1); }\n";
    let mut command = clang();
    command.args(["-mexec-model=reactor", "-Wl,--export=probe"]).arg(&source);
    fs::write(&source, text).is_ok() && run(command.arg("-o").arg(&module)).is_ok()
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

/// The compiler, and what it is always told.
pub(crate) fn clang() -> Command {
    let mut command = Command::new(env::var_os(COMPILER).unwrap_or_else(|| "clang".into()));
    command.arg("--target=wasm32-wasi");
    let flags = env::var(FLAGS).unwrap_or_default();
    command.args(flags.split_whitespace());
    command
}

fn run(command: &mut Command) -> Result<(), Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Error::Clang(format!("`{program}`: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::Clang(format!("`{program}`: {}\n{}", output.status, said.trim_end())))
}

/// What comes after the colon in a rule for make, with its escapes undone.
fn prerequisites(rule: &str) -> Vec<String> {
    let mut paths = vec![String::new()];
    let rule = rule.split_once(".o:").map_or("", |(_, rest)| rest);
    let mut chars = rule.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let path = paths.last_mut().expect("never empty");
        match (c, next) {
            ('\\', Some('\n')) => {}
            ('\\', Some(' ' | '#')) | ('$', Some('$')) => path.extend(chars.next()),
            (c, _) if c.is_whitespace() => paths.push(String::new()),
            (c, _) => path.push(c),
        }
    }
    paths.retain(|path| !path.is_empty());
    paths
}

#[cfg(test)]
mod tests {
    use super::prerequisites;

    #[test]
    fn rules_of_make() {
        let rule = "/a\\ b/0.o: one.c a\\ b/two.h \\\n  c$$d.h e\\#.h\n";
        assert_eq!(prerequisites(rule), ["one.c", "a b/two.h", "c$d.h", "e#.h"]);
        assert!(prerequisites("").is_empty());
    }
}
