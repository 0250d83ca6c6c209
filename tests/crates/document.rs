//! Documents in Markdown that are followed to the letter.
//!
//! A block with a file name, as in ```` ```toml first/Cargo.toml ````, is a file to be
//! written, in the folder where it all begins. A `console` block is a session: `$` begins a command, which has to work, and of
//! what it prints the lines below it must be part; `...` stands for more. The order may be
//! another one, since tests are run at the same time. `cd` lasts until the document's end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::Failed;
use wardian_tests::process;

const LIMIT: Duration = Duration::from_secs(600);

/// A document's text.
pub(crate) struct Document(String);

impl Document {
    pub(crate) fn read(file: &Path) -> Result<Document, Failed> {
        let text = fs::read_to_string(file).map_err(|it| format!("{}: {it}", file.display()))?;
        Ok(Document(text))
    }

    pub(crate) fn replace(&self, from: &str, to: &str) -> Document {
        Document(self.0.replace(from, to))
    }

    /// Does what it says, beginning in `start`. Cargo builds in `target`.
    pub(crate) fn play(&self, start: &Path, target: &Path) -> Result<(), Failed> {
        let mut folder = start.to_path_buf();
        let mut commands = 0;
        let mut lines = self.0.lines();
        while let Some(line) = lines.next() {
            let Some(fence) = line.strip_prefix("```") else { continue };
            let block: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
            if let Some((_, name)) = fence.split_once(' ') {
                write(&start.join(name), &block)?;
            } else if fence == "console" {
                for (command, expected) in session(&block) {
                    execute(command, &expected, &mut folder, target)?;
                    commands += 1;
                }
            }
        }
        if commands == 0 { Err("the document has no commands".into()) } else { Ok(()) }
    }
}

fn write(file: &Path, lines: &[&str]) -> Result<(), Failed> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(file, lines.join("\n") + "\n")?)
}

/// Commands, and the lines that come of them.
fn session<'a>(block: &[&'a str]) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command, Vec::new()));
        } else if let Some((_, expected)) = commands.last_mut() {
            expected.push(line);
        }
    }
    commands
}

fn execute(
    command: &str,
    expected: &[&str],
    folder: &mut PathBuf,
    target: &Path,
) -> Result<(), Failed> {
    if let Some(name) = command.strip_prefix("cd ") {
        folder.push(name);
        return Ok(());
    }
    let mut shell = Command::new("sh");
    // What cargo calls itself, not what the path says.
    shell.arg("-ec").arg(format!("cargo() {{ \"$CARGO\" \"$@\"; }}; {command}"));
    shell.env("CARGO", env!("CARGO")).env("CARGO_TARGET_DIR", target).current_dir(&*folder);
    let outcome = process::run(&mut shell, LIMIT)?;
    let said = [outcome.stderr.as_slice(), &outcome.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    if !outcome.success() {
        return Err(format!("`{command}`: {}\n{said}", outcome.describe()).into());
    }
    for line in expected.iter().filter(|it| **it != "..." && !it.is_empty()) {
        if !said.lines().any(|it| it == *line) {
            return Err(format!("`{line}` is missing in what `{command}` says:\n{said}").into());
        }
    }
    Ok(())
}
