//! Says what happens, on standard error: as text for people or as JSON, one
//! object per line. Standard output belongs to what the user asked for.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use wardian::Place;

use super::args::{Format, Talk};
use super::progress::Progress;
use crate::driver::compile::Event;
use crate::driver::diagnostic::{Code, Diagnostic, Level};

pub(crate) struct Report {
    format: Format,
    quiet: bool,
    verbose: bool,
    color: bool,
    progress: Progress,
}

impl Report {
    pub(crate) fn new(talk: &Talk) -> Report {
        let terminal = std::io::stderr().is_terminal() && talk.message_format == Format::Human;
        let color = terminal
            && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
            && std::env::var_os("TERM").is_none_or(|it| it != "dumb");
        let progress = Progress::new(terminal && !talk.verbose && !talk.quiet);
        let Talk { message_format: format, quiet, verbose } = *talk;
        Report { format, quiet, verbose, color, progress }
    }

    pub(crate) fn diagnostic(&self, it: &Diagnostic) {
        match self.format {
            Format::Human => self.print(&human(it, self.color)),
            Format::Json => self.print(&format!("{}\n", as_json(it))),
        }
    }

    /// A file was made. People asked for it and know where it is.
    pub(crate) fn artifact(&self, kind: &str, path: &Path) {
        if self.format == Format::Json {
            let line =
                json!({ "reason": "artifact", "kind": kind, "path": path.to_string_lossy() });
            self.print(&format!("{line}\n"));
        }
    }

    /// Something worth a line, but not in JSON.
    pub(crate) fn remark(&self, text: &str) {
        if self.format == Format::Human && !self.quiet {
            self.print(&format!("{text}\n"));
        }
    }

    pub(crate) fn stage(&self, what: &'static str) {
        self.progress.stage(what);
    }

    pub(crate) fn event(&self, event: Event<'_>) {
        match event {
            Event::Compiling(count) => self.progress.begin(count),
            Event::Compiled => self.progress.step(),
            Event::Command(command) if self.verbose => self.command(command),
            Event::Command(_) => {}
            Event::Words(words) => self.words(words),
        }
    }

    fn command(&self, command: &Command) {
        let words: Vec<String> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| quoted(&word.to_string_lossy()))
            .collect();
        match self.format {
            Format::Human => self.print(&format!("+ {}\n", words.join(" "))),
            Format::Json => {
                let line = json!({ "reason": "command", "line": words.join(" ") });
                self.print(&format!("{line}\n"));
            }
        }
    }

    /// What a C compiler that succeeded had to say.
    fn words(&self, words: &[u8]) {
        let mut warning = Diagnostic::warning(Code::Compiler, "from the C compiler").output(words);
        if self.format == Format::Human {
            warning.output.push('\n');
            self.print(&warning.output);
        } else {
            self.diagnostic(&warning);
        }
    }

    /// One write, so that lines of several processes do not mix.
    fn print(&self, text: &str) {
        // Nobody is left to be told if this fails.
        self.progress.hidden(|| drop(std::io::stderr().lock().write_all(text.as_bytes())));
    }
}

/// As a shell would take it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,%@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// As the Rust compiler would say it.
fn human(it: &Diagnostic, color: bool) -> String {
    let paint = |code: &str, text: &str| {
        if color { format!("\x1b[1;{code}m{text}\x1b[0m") } else { text.to_string() }
    };
    let mut text = match it.level {
        Level::Error => paint("31", "error"),
        Level::Warning => paint("33", "warning"),
    };
    let _ = writeln!(text, ": {}", printable(&it.message));
    let file = it.file.as_deref().map(printable);
    if it.notes.is_empty()
        && let Some(file) = &file
    {
        let _ = writeln!(text, "  --> {file}");
    }
    for note in &it.notes {
        let parts =
            [file.clone(), note.place.as_ref().map(Place::to_string), Some(printable(&note.text))];
        let parts: Vec<String> = parts.into_iter().flatten().filter(|it| !it.is_empty()).collect();
        let _ = writeln!(text, "  --> {}", parts.join(": "));
    }
    if !it.output.is_empty() {
        let _ = writeln!(text, "{}", it.output);
    }
    for help in &it.help {
        let _ = writeln!(text, "  {}: {help}", paint("36", "help"));
    }
    text
}

/// Names come from the module: they do not get to speak to the terminal.
fn printable(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, c| {
        if c.is_control() && c != '\n' && c != '\t' {
            all.extend(c.escape_default());
        } else {
            all.push(c);
        }
        all
    })
}

fn as_json(it: &Diagnostic) -> Value {
    let level = match it.level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let notes: Vec<Value> = it
        .notes
        .iter()
        .map(|note| {
            let place = note.place.as_ref();
            let function = place.and_then(|place| place.function.as_ref());
            json!({
                "offset": place.map(|it| it.offset),
                "function": function.map(|(index, name)| json!({ "index": index, "name": name })),
                "text": note.text,
            })
        })
        .collect();
    json!({
        "reason": "diagnostic",
        "level": level,
        "code": it.code.name(),
        "message": it.message,
        "file": it.file,
        "notes": notes,
        "output": it.output,
        "help": it.help,
    })
}
