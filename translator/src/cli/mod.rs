//! One file per command: each turns what was typed into calls of the driver
//! and of the library.

mod args;
mod build;
mod input;
mod inspect;
mod map;
mod name;
mod output;
mod profile;
mod progress;
mod report;
mod run;
mod runtime;
mod settings;
mod stack;
mod translate;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::driver::diagnostic::{Code, Diagnostic, Result};
use args::{Arguments, Command, Completions, Format, Talk};
use report::Report;

/// Does what the command line says.
pub(crate) fn run() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let arguments = match Arguments::try_parse_from(&typed) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, &typed),
    };
    let report = Report::new(&arguments.talk);
    let done = match arguments.command {
        Command::Translate(command) => translate::run(command, &report).map(|()| 0),
        Command::Build(command) => build::run(command, &report).map(|()| 0),
        Command::Run(command) => run::run(*command, &report),
        Command::Inspect(command) => inspect::run(command, &report).map(|()| 0),
        Command::Verify(command) => verify::run(command, &report).map(|()| 0),
        Command::Runtime(command) => runtime::run(command, &report).map(|()| 0),
        Command::Completions(command) => completions(&command).map(|()| 0),
    };
    let code = done.unwrap_or_else(|diagnostic| {
        report.diagnostic(&diagnostic);
        diagnostic.code.exit()
    });
    // Not `exit`: what is still to be cleaned up has its owners here.
    ExitCode::from(code)
}

fn completions(command: &Completions) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), "wardian", &mut script);
    output::print(&script)
}

/// A command line that makes no sense, or a request for help.
fn usage(error: &clap::Error, typed: &[OsString]) -> ExitCode {
    let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if help || !wants_json(typed) {
        // Nobody is left to be told if this fails.
        let _ = error.print();
        return ExitCode::from(if help { 0 } else { Code::Usage.exit() });
    }
    let talk = Talk { message_format: Format::Json, quiet: false, verbose: false };
    let text = error.render().to_string();
    let message = text.trim_end().trim_start_matches("error: ");
    Report::new(&talk).diagnostic(&Diagnostic::new(Code::Usage, message));
    ExitCode::from(Code::Usage.exit())
}

fn wants_json(typed: &[OsString]) -> bool {
    let pair = |words: &[OsString]| words[0] == "--message-format" && words[1] == "json";
    typed.iter().any(|word| word == "--message-format=json") || typed.windows(2).any(pair)
}
