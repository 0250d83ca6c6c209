//! The benchmark: how fast translated programs run, how big they are and what
//! making them costs, compared with the same programs compiled natively and
//! with what other translators make of the same modules. Prints tables; see
//! `--help`. A wrong checksum anywhere is an error.

mod build;
mod elf;
mod instances;
mod kernels;
mod large;
mod measure;
mod micro;
mod process;
mod report;
mod rust;
mod stats;
mod tools;
mod translate;
mod wasi;

use clap::{Parser, ValueEnum};
use std::process::ExitCode;

/// One part of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Section {
    /// Small programs in `kernels/`, by time or by instructions.
    Kernels,
    /// SQLite: speed, size, and the cost of translating and compiling.
    Large,
    /// Creating, calling and destroying instances.
    Instances,
    /// Calls of WASI's functions.
    Wasi,
    /// Instructions and bytes on microcontrollers.
    Micro,
    /// Sandboxed libraries in Rust: calls, decoding, building.
    Rust,
}

/// Compares translated programs with native ones and with other translators'.
#[derive(Parser, Debug)]
#[command(name = "wardian-bench")]
struct Arguments {
    /// Only kernels whose name contains one of these.
    filter: Vec<String>,
    /// Sections to run; all of them by default.
    #[arg(long, value_enum, value_delimiter = ',')]
    section: Vec<Section>,
    /// C compilers to compare.
    #[arg(long, value_delimiter = ',', default_value = "gcc,clang")]
    compiler: Vec<String>,
    /// Optimization level of everything.
    #[arg(long, default_value = "-O2", allow_hyphen_values = true)]
    opt: String,
    /// Count instructions with callgrind instead of measuring time.
    #[arg(long)]
    ir: bool,
    /// A fifth of the work and fewer rounds.
    #[arg(long)]
    quick: bool,
    /// Rounds in which every variant runs once.
    #[arg(long)]
    rounds: Option<u32>,
    /// Pin measured programs to this CPU.
    #[arg(long)]
    cpu: Option<u32>,
    /// C compilers that may run at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// More flags for what wasm2c makes, such as the -frounding-math that its tests use.
    #[arg(long, value_delimiter = ' ', allow_hyphen_values = true)]
    wasm2c_flags: Vec<String>,
    /// Keep all files here, for a look at the C and the assembly.
    #[arg(long)]
    keep: Option<std::path::PathBuf>,
    /// Measure the translation of this module instead of running anything.
    #[arg(long)]
    module: Option<std::path::PathBuf>,
    /// Fail if a target is missed.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    fn wants(&self, section: Section) -> bool {
        self.section.is_empty() || self.section.contains(&section)
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(translate::CHILD) {
        return finish(translate::child(&words.collect::<Vec<_>>()).map(|()| true));
    }
    finish(run(&Arguments::parse()))
}

fn finish(result: anyhow::Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// False if a variant failed or, with `--check`, if a target was missed.
fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let scratch = tempfile::tempdir()?;
    let folder = arguments.keep.as_deref().unwrap_or(scratch.path());
    let tools = tools::Tools::find(arguments)?;
    print!("{}", tools.describe());
    let mut report = report::Report::default();
    if let Some(module) = &arguments.module {
        large::translation(module, folder, &tools, &mut report)?;
        return Ok(report.finish(arguments.check));
    }
    if arguments.wants(Section::Kernels) {
        kernels::section(arguments, folder, &tools, &mut report)?;
    }
    if arguments.wants(Section::Large) {
        large::section(arguments, folder, &tools, &mut report)?;
    }
    if arguments.wants(Section::Instances) {
        instances::section(folder, &tools, &mut report)?;
    }
    if arguments.wants(Section::Wasi) {
        wasi::section(folder, &tools, &mut report)?;
    }
    if arguments.wants(Section::Micro) {
        micro::section(folder, &mut report)?;
    }
    if arguments.wants(Section::Rust) {
        rust::section(folder, &tools, &mut report)?;
    }
    Ok(report.finish(arguments.check))
}
