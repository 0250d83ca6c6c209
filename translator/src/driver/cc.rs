//! C compilers: finding one and asking it what it is.
//!
//! What a compiler compiles for, and so whether guarded memories can work, is
//! asked of the compiler itself, by preprocessing a few lines: wrappers, cross
//! compilers and flags such as `-m32` then need no tables here.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use wardian::Memory;

use super::diagnostic::{Code, Diagnostic, Doing, Result};
use super::scratch::Scratch;
use super::target;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Gcc,
    Clang,
    Tcc,
    /// Anything else that understands the usual flags.
    Other,
}

/// What the user says about the compiler.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) command: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) flags: Vec<String>,
}

/// A compiler that answered.
#[derive(Clone, Debug)]
pub(crate) struct Compiler {
    /// The program and the arguments that every call begins with.
    words: Vec<OsString>,
    pub(crate) kind: Kind,
    /// Compiles for a 64-bit POSIX system, or for Windows on x86-64.
    can_guard: bool,
    /// Compiles for Windows.
    is_windows: bool,
    /// Compiles for a machine without an operating system.
    is_bare: bool,
    /// Makes ELF files, and its linker takes version scripts.
    is_elf: bool,
    /// Compiles for x86-64.
    pub(crate) is_x86_64: bool,
    /// Computes with 80 bits unless told otherwise.
    pub(crate) needs_sse: bool,
    /// The user's flags: when compiling and when linking.
    pub(crate) flags: Vec<String>,
    /// Changes whenever the compiler may have.
    identity: String,
}

impl Compiler {
    /// Finds the compiler the user wants, or one that will do. What it answered
    /// is kept in the folder `memo`, if there is one.
    pub(crate) fn find(wanted: &Wanted, memo: Option<&Path>) -> Result<Compiler> {
        let words = choose(wanted)?;
        let wanted = &with_processor(wanted, &words);
        let stamp = stamp(&words, wanted);
        // A script may call another compiler tomorrow.
        let memo = memo.filter(|_| !is_script(Path::new(&words[0])));
        let memo = memo.map(|folder| folder.join(format!("{:016x}", hash(&stamp))));
        let known = memo.as_ref().and_then(|file| fs::read_to_string(file).ok());
        let known = known.and_then(|text| text.strip_prefix(&stamp).map(str::to_string));
        let answer = match known.as_deref().filter(|it| Answer::parse(it).is_some()) {
            Some(answer) => answer.to_string(),
            None => {
                let answer = ask(&words, &wanted.flags)?;
                memo.iter().for_each(|file| remember(file, &format!("{stamp}{answer}")));
                answer
            }
        };
        let facts = Answer::parse(&answer)
            .ok_or_else(|| not_a_compiler(&words, &wanted.flags, answer.as_bytes()))?;
        Ok(Compiler {
            words,
            kind: facts.kind,
            can_guard: facts.can_guard,
            is_windows: facts.is_windows,
            is_bare: facts.is_bare,
            is_elf: facts.is_elf,
            is_x86_64: facts.is_x86_64,
            needs_sse: facts.needs_sse,
            flags: wanted.flags.clone(),
            identity: format!("{stamp}{answer}"),
        })
    }

    /// A call without arguments of its own yet.
    pub(crate) fn command(&self) -> Command {
        command(&self.words)
    }

    /// The strategy that is best where the programs will run.
    pub(crate) fn default_memory(&self) -> Memory {
        if self.can_guard { Memory::Guard } else { Memory::Bounds }
    }

    pub(crate) fn can_guard(&self) -> bool {
        self.can_guard
    }

    /// Does it compile for Windows?
    pub(crate) fn is_windows(&self) -> bool {
        self.is_windows
    }

    /// Does it compile for a machine without an operating system?
    pub(crate) fn is_bare(&self) -> bool {
        self.is_bare
    }

    /// Can its linker be told which names a library shows?
    pub(crate) fn has_version_scripts(&self) -> bool {
        self.is_elf
    }

    /// Can its linker leave out functions that nobody calls? So a program has those of
    /// WASI that its module imports.
    pub(crate) fn drops_sections(&self) -> bool {
        self.is_elf && self.kind != Kind::Tcc
    }

    /// Everything about the compiler and its environment that its output depends on.
    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    /// The program `name` that belongs to this compiler, such as its `ar`.
    pub(crate) fn companion(&self, name: &str) -> Option<PathBuf> {
        let output = self.command().arg(format!("-print-prog-name={name}")).output().ok()?;
        let answer = String::from_utf8_lossy(&output.stdout).trim().to_string();
        which(OsStr::new(&answer)).or_else(|| which(OsStr::new(name)))
    }
}

/// What a compiler said about itself.
struct Answer {
    kind: Kind,
    can_guard: bool,
    is_windows: bool,
    is_bare: bool,
    is_elf: bool,
    is_x86_64: bool,
    needs_sse: bool,
}

/// A preprocessor turns this into lines of a word and its value.
const QUESTIONS: &str = "\
#if defined(__TINYC__)
wardian_kind tcc
#elif defined(__clang__)
wardian_kind clang
#elif defined(__GNUC__)
wardian_kind gcc
#else
wardian_kind other
#endif
#if defined(__unix__) || defined(__linux__) || defined(__APPLE__)
wardian_system posix
#elif defined(_WIN32)
wardian_system windows
#else
wardian_system other
#endif
#if defined(__ELF__) && !defined(__TINYC__)
wardian_objects elf
#else
wardian_objects other
#endif
#if defined(__i386__) && !defined(__SSE2_MATH__) && !defined(__TINYC__)
wardian_floats x87
#else
wardian_floats exact
#endif
#if defined(__LP64__) || (defined(__SIZEOF_POINTER__) && __SIZEOF_POINTER__ == 8)
wardian_bits 64
#else
wardian_bits 32
#endif
#if defined(__x86_64__) || defined(_M_X64)
wardian_machine x86_64
#else
wardian_machine other
#endif
wardian_version __VERSION__ __TINYC__
";

impl Answer {
    fn parse(text: &str) -> Option<Answer> {
        let value = |word: &str| {
            let line = text.lines().find_map(|line| line.trim().strip_prefix(word))?;
            Some(line.trim().to_string())
        };
        let kind = match value("wardian_kind")?.as_str() {
            "tcc" => Kind::Tcc,
            "clang" => Kind::Clang,
            "gcc" => Kind::Gcc,
            _ => Kind::Other,
        };
        let is_windows = value("wardian_system")? == "windows";
        let is_bare = value("wardian_system")? == "other";
        let is_x86_64 = value("wardian_machine")? == "x86_64";
        let has_faults = match value("wardian_system")?.as_str() {
            "posix" => true,
            "windows" => is_x86_64,
            _ => false,
        };
        let can_guard = has_faults && value("wardian_bits")? == "64";
        let is_elf = value("wardian_objects")? == "elf";
        let needs_sse = value("wardian_floats")? == "x87";
        Some(Answer { kind, can_guard, is_windows, is_bare, is_elf, is_x86_64, needs_sse })
    }
}

/// Preprocesses the questions; keeps the lines that answer them.
fn ask(words: &[OsString], flags: &[String]) -> Result<String> {
    let scratch = Scratch::new().doing("write to", &env::temp_dir())?;
    let file = scratch.path().join("questions.c");
    fs::write(&file, QUESTIONS).doing("write", &file)?;
    let mut command = command(words);
    let output = command
        .args(flags)
        .arg("-E")
        .arg(&file)
        .output()
        .map_err(|error| cannot_run(words, &error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let answer: String = text
        .lines()
        .filter(|line| line.trim_start().starts_with("wardian_"))
        .fold(String::new(), |all, line| all + line.trim() + "\n");
    if !output.status.success() || Answer::parse(&answer).is_none() {
        return Err(not_a_compiler(words, flags, &output.stderr));
    }
    Ok(answer)
}

/// The command line, as a person would type it.
pub(crate) fn show(words: &[OsString]) -> String {
    words.iter().map(|it| it.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn cannot_run(words: &[OsString], error: &std::io::Error) -> Box<Diagnostic> {
    Diagnostic::new(Code::Compiler, format!("cannot run the C compiler `{}`: {error}", show(words)))
        .help("name another with `--cc`")
}

fn not_a_compiler(words: &[OsString], flags: &[String], output: &[u8]) -> Box<Diagnostic> {
    let command = [&[show(words)], flags].concat().join(" ");
    Diagnostic::new(Code::Compiler, format!("`{command}` does not work as a C compiler"))
        .output(output)
        .help("see `--cc` and `--cflag`")
}

fn command(words: &[OsString]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

/// The compiler's command: what the user names, else what is there.
fn choose(wanted: &Wanted) -> Result<Vec<OsString>> {
    let named = wanted.command.clone().or_else(|| from_environment(wanted.target.as_deref()));
    if let Some(named) = named {
        let mut words = split(&named).ok_or_else(|| {
            Diagnostic::new(Code::Compiler, format!("there is no C compiler `{named}`"))
                .help("`--cc` and `CC` take a program in `PATH` or its path")
        })?;
        if let Some(target) = wanted.target.as_deref().filter(|_| is_plain_clang(&words)) {
            words.push(format!("--target={}", target::gnu(target)).into());
        }
        return Ok(words);
    }
    let candidates = target::compilers(wanted.target.as_deref());
    let found = candidates.iter().find_map(|words| resolve(words));
    found.ok_or_else(|| no_compiler(wanted.target.as_deref(), &candidates))
}

/// Adds the flags for the processor that the target's name names.
fn with_processor(wanted: &Wanted, words: &[OsString]) -> Wanted {
    let mut wanted = wanted.clone();
    if let Some(target) = wanted.target.as_deref().filter(|_| !target::is_zig(words)) {
        let flags = target::flags(target).iter().map(|it| it.to_string());
        wanted.flags = flags.chain(wanted.flags).collect();
    }
    wanted
}

fn no_compiler(target: Option<&str>, candidates: &[Vec<OsString>]) -> Box<Diagnostic> {
    let looked: Vec<_> = candidates.iter().map(|words| format!("`{}`", show(words))).collect();
    let whose = target.map(|it| format!(" for `{it}`")).unwrap_or_default();
    Diagnostic::new(Code::Compiler, format!("found no C compiler{whose}"))
        .note(format!("looked for {}", looked.join(", ")))
        .help("install one of these, or name another with `--cc`")
}

/// `CC` is for the machine we run on; other targets have variables of their own.
fn from_environment(target: Option<&str>) -> Option<String> {
    let variable = match target {
        None => "CC".to_string(),
        Some(target) => format!("CC_{}", target.replace('-', "_")),
    };
    env::var(variable).ok().filter(|it| !it.trim().is_empty())
}

/// A command as given by the user: a program's name or path, which may have
/// spaces, else words separated by spaces.
fn split(command: &str) -> Option<Vec<OsString>> {
    resolve(&[command.into()])
        .or_else(|| resolve(&command.split_whitespace().map(OsString::from).collect::<Vec<_>>()))
}

/// The same words, the program by its path.
fn resolve(words: &[OsString]) -> Option<Vec<OsString>> {
    let (program, rest) = words.split_first()?;
    let mut found = vec![which(program)?.into_os_string()];
    found.extend(rest.iter().cloned());
    Some(found)
}

fn is_plain_clang(words: &[OsString]) -> bool {
    let name = Path::new(&words[0]).file_stem().unwrap_or_default().to_string_lossy();
    (name == "clang" || name.starts_with("clang-"))
        && !words.iter().any(|word| word.to_string_lossy().starts_with("--target"))
}

/// The absolute path of a program, which is looked for as a shell does.
pub(crate) fn which(program: &OsStr) -> Option<PathBuf> {
    let path = Path::new(program);
    if program.is_empty() {
        return None;
    }
    if path.components().count() > 1 {
        return is_program(path).then(|| std::path::absolute(path).ok()).flatten();
    }
    let mut name = program.to_os_string();
    if !env::consts::EXE_SUFFIX.is_empty() && path.extension().is_none() {
        name.push(env::consts::EXE_SUFFIX);
    }
    let folders = env::var_os("PATH")?;
    let found = env::split_paths(&folders).map(|it| it.join(&name)).find(|it| is_program(it))?;
    std::path::absolute(found).ok()
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

fn is_script(path: &Path) -> bool {
    let mut start = [0; 2];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_err() || start == *b"#!"
}

/// Variables that change what compilers find or do.
const ENVIRONMENT: [&str; 8] = [
    "CPATH",
    "C_INCLUDE_PATH",
    "LIBRARY_PATH",
    "COMPILER_PATH",
    "GCC_EXEC_PREFIX",
    "SDKROOT",
    "MACOSX_DEPLOYMENT_TARGET",
    "CCC_OVERRIDE_OPTIONS",
];

/// All that can be known of a compiler without running it: where its files are,
/// how long and how old, and what it is told. Lines of text.
fn stamp(words: &[OsString], wanted: &Wanted) -> String {
    let mut stamp = String::new();
    for word in words {
        let path = Path::new(word);
        let file = if path.is_absolute() { Some(path.to_path_buf()) } else { which(word) };
        let file = file.and_then(|it| fs::canonicalize(it).ok());
        let _ = writeln!(stamp, "{word:?}");
        if let Some((file, meta)) = file.and_then(|it| it.metadata().ok().map(|meta| (it, meta))) {
            let age = meta.modified().ok().and_then(|it| it.duration_since(UNIX_EPOCH).ok());
            let _ = writeln!(stamp, "{file:?} {} {age:?}", meta.len());
        }
    }
    let _ = writeln!(stamp, "{:?} {:016x}", wanted.flags, hash(QUESTIONS));
    for name in ENVIRONMENT {
        if let Some(value) = env::var_os(name) {
            let _ = writeln!(stamp, "{name}={value:?}");
        }
    }
    stamp
}

/// Only picks a file name; the file's content is compared.
fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Writes all at once or not at all. Failing costs time only.
fn remember(file: &Path, text: &str) {
    let Some(folder) = file.parent() else { return };
    let _ = fs::create_dir_all(folder).and_then(|()| {
        let new = tempfile::NamedTempFile::new_in(folder)?;
        fs::write(new.path(), text)?;
        new.persist(file).map(drop).map_err(|error| error.error)
    });
}
