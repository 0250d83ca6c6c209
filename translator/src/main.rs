//! The command line. The library knows modules and C text; everything about
//! files, C compilers and people is here.

mod cli;
mod driver;

use std::process::ExitCode;

/// Translating makes and drops many small lists, in many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
