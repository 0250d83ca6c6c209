//! Tests of the command line: documents in `cli/` that show what is typed and
//! what comes back.
//!
//! A document is Markdown. A code block with a file name, as in ```` ```wat
//! app.wat ````, is a file that exists before anything runs; one that begins with
//! `#!` can be run. A `console` block is a session of a shell: `$` and `>` begin
//! commands and their further lines, `[exit 3]` is a code other than 0, and the
//! rest is what is printed, errors included. There, `[..]` is any text, and a line
//! `...` any lines. `BLESS=1` writes down what is printed now.
//!
//! Each document has a folder, a home and a place for temporary files to itself;
//! the latter has to be empty in the end. `<!-- needs: tcc -->` names the programs
//! without which it is skipped, and `<!-- with: examples/wc -->` a folder that it finds
//! a copy of.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use wardian_tests::{binary, process, tools};

/// More than any command needs.
const LIMIT: Duration = Duration::from_secs(120);

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wardian = binary::wardian();
    // Fresh, so that every run compiles the C libraries once.
    let cache = tempfile::tempdir().expect("a temporary folder");
    let mut files = documents(&root.join("cli"));
    let documents = ["README.md", "docs/from-wasm-to-firmware.md", "docs/stack.md"];
    files.extend(documents.map(|it| root.join("..").join(it)));
    let setting = Setting { wardian, cache: cache.path().to_path_buf() };
    let mut trials: Vec<Trial> = files.into_iter().map(|file| trial(file, &setting)).collect();
    let speed = setting.clone();
    trials.push(Trial::test("second-run", move || second_run(&speed)));
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(cache);
    conclusion.exit();
}

/// What all documents share.
#[derive(Clone)]
struct Setting {
    wardian: PathBuf,
    cache: PathBuf,
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of documents");
    let files = entries.map(|it| it.expect("a readable folder").path());
    let mut files: Vec<_> =
        files.filter(|it| it.extension().is_some_and(|it| it == "md")).collect();
    files.sort();
    files
}

fn trial(file: PathBuf, setting: &Setting) -> Trial {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let setting = setting.clone();
    Trial::ignorable_test(name, move || {
        let text = fs::read_to_string(&file).map_err(|it| format!("{}: {it}", file.display()))?;
        let missing = tools::missing(needs(&text));
        if !missing.is_empty() {
            return tools::skip(&missing.join(", "));
        }
        run(&file, &text, &setting).map(|()| Completion::Completed)
    })
}

fn needs(text: &str) -> impl Iterator<Item = &str> {
    words(text, "<!-- needs:")
}

/// The words of comments that begin so.
fn words<'a>(text: &'a str, begin: &'static str) -> impl Iterator<Item = &'a str> {
    let lines = text.lines().filter_map(move |it| it.strip_prefix(begin)?.strip_suffix("-->"));
    lines.flat_map(str::split_whitespace)
}

/// Plays a document, and compares or replaces what it says.
fn run(file: &Path, text: &str, setting: &Setting) -> Result<(), Failed> {
    let stage = Stage::new(setting)?;
    for folder in words(text, "<!-- with:") {
        stage.copy(folder)?;
    }
    let mut new = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        new.push_str(line);
        new.push('\n');
        let Some(fence) = line.strip_prefix("```").filter(|it| !it.is_empty()) else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
        if fence == "console" {
            new.push_str(&stage.session(&block)?);
        } else {
            if let Some((_, name)) = fence.split_once(' ') {
                stage.file(name, &block)?;
            }
            block.iter().for_each(|it| new.extend([it, "\n"]));
        }
        new.push_str("```\n");
    }
    if new == text {
        stage.check_is_clean()
    } else if env::var_os("BLESS").is_some_and(|it| it == "1") {
        fs::write(file, new).map_err(|it| it.to_string().into())
    } else {
        Err(format!("{}\n{}", file.display(), difference(text, &new)).into())
    }
}

/// Where a document is played.
struct Stage<'a> {
    setting: &'a Setting,
    dir: tempfile::TempDir,
}

impl<'a> Stage<'a> {
    fn new(setting: &'a Setting) -> Result<Self, Failed> {
        let dir = tempfile::tempdir()?;
        for folder in ["work", "home", "temporary"] {
            fs::create_dir(dir.path().join(folder))?;
        }
        Ok(Stage { setting, dir })
    }

    /// Copies a folder of the repository, by its path there.
    fn copy(&self, folder: &str) -> Result<(), Failed> {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        let to = self.dir.path().join("work").join(folder);
        fs::create_dir_all(&to)?;
        let outcome = Command::new("cp").arg("-r").arg(from.join(".")).arg(&to).status()?;
        if outcome.success() { Ok(()) } else { Err(format!("cannot copy {folder}").into()) }
    }

    fn file(&self, name: &str, lines: &[&str]) -> Result<(), Failed> {
        let path = self.dir.path().join("work").join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, lines.join("\n") + "\n")?;
        if lines.first().is_some_and(|it| it.starts_with("#!")) {
            make_executable(&path)?;
        }
        Ok(())
    }

    /// A session as it went: where it went as expected, word for word as before.
    fn session(&self, lines: &[&str]) -> Result<String, Failed> {
        let mut went = String::new();
        let mut at = 0;
        while at < lines.len() {
            let Some(first) = lines[at].strip_prefix("$ ") else {
                return Err(format!("expected a command: {}", lines[at]).into());
            };
            let more = lines[at + 1..].iter().take_while(|it| it.starts_with("> ")).count();
            let output =
                lines[at + 1 + more..].iter().take_while(|it| !it.starts_with("$ ")).count();
            let command = &lines[at + 1..=at + more];
            let command = command.iter().fold(first.to_string(), |all, it| all + "\n" + &it[2..]);
            let expected = &lines[at + 1 + more..at + 1 + more + output];
            let actual = self.command(&command)?;
            let actual: Vec<&str> = actual.lines().collect();
            lines[at..=at + more].iter().for_each(|it| went.extend([it, "\n"]));
            let shown = if matches(expected, &actual) { expected } else { &actual[..] };
            shown.iter().for_each(|it| went.extend([it, "\n"]));
            at += 1 + more + output;
        }
        Ok(went)
    }

    /// What a command prints, and how it ends.
    fn command(&self, text: &str) -> Result<String, Failed> {
        let root = self.dir.path();
        // Ends what the shell has started, too.
        let timeout = tools::find("timeout");
        let mut command = Command::new(timeout.as_deref().unwrap_or(Path::new("env")));
        if timeout.is_some() {
            command.arg(LIMIT.as_secs().to_string());
        }
        command.args(["sh", "-c"]).arg(format!("exec 2>&1\n{text}"));
        command.current_dir(root.join("work"));
        for variable in ["CC", "XDG_CACHE_HOME", "WARDIAN_CACHE_SIZE"] {
            command.env_remove(variable);
        }
        let programs = self.setting.wardian.parent().unwrap_or(root).to_path_buf();
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([programs].into_iter().chain(env::split_paths(&path)));
        command
            .env("PATH", path.map_err(|it| it.to_string())?)
            .env("HOME", root.join("home"))
            .env("TMPDIR", root.join("temporary"))
            .env("WARDIAN_CACHE_DIR", &self.setting.cache)
            .env("LC_ALL", "C");
        let outcome = process::run(&mut command, LIMIT + Duration::from_secs(5))?;
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let folder = fs::canonicalize(root)?.join("work");
        let mut text = text.replace(&*folder.to_string_lossy(), "[HERE]");
        match outcome.status {
            Some(status) if status.success() => {}
            Some(status) => {
                let code = status.code().map_or(status.to_string(), |it| it.to_string());
                ensure_newline(&mut text);
                text.push_str(&format!("[exit {code}]"));
            }
            None => return Err(format!("does not end: {text}").into()),
        }
        Ok(text)
    }

    fn check_is_clean(&self) -> Result<(), Failed> {
        let left = fs::read_dir(self.dir.path().join("temporary"))?;
        let left: Vec<_> = left.flatten().map(|it| it.file_name()).collect();
        if left.is_empty() { Ok(()) } else { Err(format!("temporary files left: {left:?}").into()) }
    }
}

fn ensure_newline(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Do the lines fit the pattern?
fn matches(pattern: &[&str], lines: &[&str]) -> bool {
    match pattern.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|skip| matches(rest, &lines[skip..])),
        Some((first, rest)) => lines
            .split_first()
            .is_some_and(|(line, others)| fits(first, line) && matches(rest, others)),
    }
}

/// Does the line fit a line of the pattern?
fn fits(pattern: &str, line: &str) -> bool {
    match pattern.split_once("[..]") {
        None => pattern == line,
        Some((start, rest)) => line.strip_prefix(start).is_some_and(|line| {
            line.char_indices()
                .map(|(at, _)| at)
                .chain([line.len()])
                .any(|at| fits(rest, &line[at..]))
        }),
    }
}

/// The lines that differ, roughly: those of one text that the other has not there.
fn difference(expected: &str, actual: &str) -> String {
    let (expected, actual): (Vec<_>, Vec<_>) =
        (expected.lines().collect(), actual.lines().collect());
    let same = expected.iter().zip(&actual).take_while(|(a, b)| a == b).count();
    let tails = expected[same..].iter().rev().zip(actual[same..].iter().rev());
    let tail = tails.take_while(|(a, b)| a == b).count();
    let context = same.saturating_sub(3);
    let mut text = String::new();
    expected[context..same].iter().for_each(|it| text.extend(["  ", it, "\n"]));
    expected[same..expected.len() - tail].iter().for_each(|it| text.extend(["- ", it, "\n"]));
    actual[same..actual.len() - tail].iter().for_each(|it| text.extend(["+ ", it, "\n"]));
    text
}

/// Says how long a program takes to start that is in the cache.
fn second_run(setting: &Setting) -> Result<(), Failed> {
    let stage = Stage::new(setting)?;
    let module = r#"(module (memory (export "memory") 1) (func (export "_start")))"#;
    stage.file("nothing.wat", &[module])?;
    let start = |what: &str| {
        let before = Instant::now();
        let output = stage.command("wardian run nothing.wat")?;
        println!("{what}: {:.1} ms", before.elapsed().as_secs_f64() * 1e3);
        if output.is_empty() { Ok(()) } else { Err(Failed::from(output)) }
    };
    start("first run of a module")?;
    start("second run of a module")
}
