//! The command line. The library knows modules and C text; everything about
//! files, C compilers and people is here.

mod cli;
mod driver;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
