//! What can be typed: commands and options, with their help. What it means is
//! decided by the file of each command.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::driver::bundle::Folder;
use crate::driver::cc::Wanted;

/// Translates WebAssembly into C that cannot leave its sandbox, and makes
/// programs of it.
#[derive(Debug, Parser)]
#[command(name = "wardian", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) talk: Talk,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  input, output or internal error
  2  wrong usage
  3  invalid module
  4  valid module that uses what is not supported
  5  import that nothing defines
  6  C compiler missing or failed
  7  C in a folder is out of date
Programs exit with their own code; 134 is a trap.";

/// How to report.
#[derive(Args, Clone, Debug)]
pub(crate) struct Talk {
    /// How to report what happens, on standard error
    #[arg(long, global = true, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub(crate) message_format: Format,
    /// Say nothing unless something goes wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show the commands that are run
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Human,
    /// One JSON object per line
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Translate a module to C
    Translate(Translate),
    /// Make a program or a library of a module
    Build(Build),
    /// Run a module as a program
    Run(Box<Run>),
    /// Show what a module consists of
    Inspect(Inspect),
    /// Check that C in a folder is what its module becomes today
    Verify(Verify),
    /// Write out the C runtime that translated modules need
    Runtime(Runtime),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// Options of a translation.
#[derive(Args, Clone, Debug)]
pub(crate) struct Translation {
    /// Prefix of every C symbol, a C identifier [default: the file's name]
    #[arg(long, value_name = "NAME", value_parser = super::name::parse)]
    pub(crate) name: Option<String>,
    /// How many instances a program can have
    #[arg(long, value_enum, default_value_t = Instances::Many, value_name = "N")]
    pub(crate) instances: Instances,
    /// How memory accesses are kept in bounds: `guard`, by the memory management unit (64-bit
    /// POSIX systems and Windows); `bounds`, by comparing addresses, anywhere; with one
    /// instance `static[:SIZE]`, an array of a size such as 40k or `auto`
    /// [default: guard where the target allows it, or static]
    #[arg(long, value_name = "HOW", value_parser = super::profile::memory)]
    pub(crate) memory: Option<wardian::Memory>,
    /// How a guest that runs too long can be stopped: `none`; `flag`, that another thread sets;
    /// with one instance `fuel:N`, after N iterations and calls
    #[arg(long, value_name = "HOW", default_value = "none", value_parser = super::profile::interrupt)]
    pub(crate) interrupt: wardian::Interrupt,
    #[command(flatten)]
    pub(crate) profile: Profile,
    /// Translate without optimizing
    #[arg(long)]
    pub(crate) no_opt: bool,
    /// Exported function that the host calls; of others nothing becomes C; may be repeated
    /// [default: all]
    #[arg(long = "export", value_name = "NAME")]
    pub(crate) exports: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Instances {
    /// Any number: what an instance can change is in a struct
    Many,
    /// One, in variables of the program: for microcontrollers
    One,
}

/// Options for small machines, and what a module may not contain.
#[derive(Args, Clone, Debug)]
pub(crate) struct Profile {
    /// What a trap does, with one instance
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) trap: Option<Trap>,
    /// What a trap tells about its place; less is smaller
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) trap_info: Option<TrapInfo>,
    /// How the host's stack is protected: `address[:BYTES]`, by its pointer; with one instance
    /// `depth:N`, by counting calls; `none`, not at all
    #[arg(long, value_name = "HOW", value_parser = super::profile::stack)]
    pub(crate) stack: Option<wardian::Stack>,
    /// Refuse a module whose memory can grow
    #[arg(long)]
    pub(crate) no_grow: bool,
    /// Refuse a module with floating-point numbers
    #[arg(long)]
    pub(crate) no_float: bool,
    /// Refuse a module with calls through tables
    #[arg(long)]
    pub(crate) no_indirect: bool,
    /// Refuse a module with a function whose frame may have more bytes of variables
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_frame: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Trap {
    /// Go back to where the guest was entered
    Longjmp,
    /// Call a function of the host's that does not return
    Callback,
    /// Stop the machine
    Abort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrapInfo {
    /// The instruction
    Offset,
    /// The function
    Function,
    /// Nothing
    None,
}

/// Options of compiling C.
#[derive(Args, Clone, Debug)]
pub(crate) struct Compiling {
    /// Optimization level of the C compiler
    #[arg(short = 'O', value_enum, default_value_t = Level::Two, value_name = "LEVEL")]
    pub(crate) level: Level,
    /// C compiler [default: `CC`, or cc, gcc, clang or tcc]
    #[arg(long, value_name = "COMMAND")]
    pub(crate) cc: Option<String>,
    /// Target to compile for, such as aarch64-unknown-linux-gnu [default: this machine]
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Option<String>,
    /// Folder with the headers and libraries of the target [default: the compiler's own]
    #[arg(long, value_name = "DIR")]
    pub(crate) sysroot: Option<PathBuf>,
    /// Pass a flag to the C compiler, also when it links; may be repeated
    #[arg(long = "cflag", value_name = "FLAG", allow_hyphen_values = true)]
    pub(crate) cflags: Vec<String>,
    /// Compile so many files at a time [default: one per processor]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    #[value(name = "0")]
    Zero,
    #[value(name = "1")]
    One,
    #[value(name = "2")]
    Two,
    #[value(name = "3")]
    Three,
    #[value(name = "s")]
    Size,
}

/// Options about imports, for programs.
#[derive(Args, Clone, Debug)]
pub(crate) struct Imports {
    /// What becomes of imported functions that nothing defines
    #[arg(long, value_enum, default_value_t = Unresolved::Error, value_name = "WHAT")]
    pub(crate) unresolved: Unresolved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unresolved {
    /// The program cannot be made
    Error,
    /// A call of one is a trap
    Trap,
}

/// Options about what is part of a program.
#[derive(Args, Clone, Debug)]
pub(crate) struct Bundling {
    /// Make a folder part of the program, to be read below the name GUEST; may be repeated
    #[arg(long = "bundle", value_name = "DIR::GUEST", value_parser = Folder::parse)]
    pub(crate) bundles: Vec<Folder>,
}

/// What stands for `--inherit-env` without names; nobody can type it.
pub(crate) const ALL: &str = "\0";

/// What a program is given when it runs. Its own command line has the same options, and
/// decides whether values make sense.
#[derive(Args, Clone, Debug)]
pub(crate) struct Grants {
    /// Make a folder of this machine visible to the program; `::ro`: only to read
    #[arg(long = "dir", value_name = "HOST[::GUEST[::ro]]")]
    pub(crate) dirs: Vec<OsString>,
    /// Give it an empty folder that exists in memory only and holds 64M, or so much
    #[arg(long = "mount-memory", value_name = "GUEST[::SIZE]")]
    pub(crate) memories: Vec<OsString>,
    /// Set a variable of the program's environment
    #[arg(long = "env", value_name = "NAME=VALUE")]
    pub(crate) envs: Vec<OsString>,
    /// Hand down the environment, or only these variables
    #[arg(
        long,
        value_name = "NAME,...",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ALL
    )]
    pub(crate) inherit_env: Vec<OsString>,
    /// Read its standard input from a file; `null` is an empty one
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin: Option<OsString>,
    /// Write its standard output to a file; `null` keeps nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) stdout: Option<OsString>,
    /// Write its standard error to a file; `null` keeps nothing
    #[arg(long, value_name = "FILE")]
    pub(crate) stderr: Option<OsString>,
    /// What its clocks tell [default: fine]
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) allow_time: Option<Time>,
    /// Let it write so many bytes, to all files together: a number, maybe with k, M or G
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_written: Option<OsString>,
    /// Call this exported function instead of `_start`
    #[arg(long, value_name = "FUNCTION")]
    pub(crate) invoke: Option<OsString>,
    /// Name by which the program is called [default: the module's file name]
    #[arg(long, value_name = "NAME")]
    pub(crate) argv0: Option<OsString>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Time {
    /// Milliseconds
    Coarse,
    /// All that the system tells
    Fine,
}

#[derive(Args, Debug)]
pub(crate) struct Translate {
    /// Module: .wasm or .wat, or `-` for standard input
    pub(crate) module: PathBuf,
    /// Folder for the C files [default: the module's name and `-c`]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Write the C runtime beside them
    #[arg(long)]
    pub(crate) with_runtime: bool,
    /// Bytes of C that a file should have, about; larger modules are split
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) shard_size: Option<u32>,
    /// What to make
    #[arg(long, value_enum, default_value_t = Text::C, value_name = "WHAT")]
    pub(crate) emit: Text,
    /// Overwrite files that wardian did not write
    #[arg(long)]
    pub(crate) force: bool,
    /// Target that the default of `--memory` is for [default: this machine]
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Option<String>,
    #[command(flatten)]
    pub(crate) translation: Translation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Text {
    /// C files
    C,
    /// The same with the C runtime, and a `CMakeLists.txt` that makes a library of them
    Cmake,
    /// The same with the C runtime, and a list of what to compile, `NAME.files`
    Files,
    /// JSON on standard output: which functions there are and what they call
    Map,
    /// The intermediate representation, on standard output
    #[value(hide = true)]
    Ir,
}

#[derive(Args, Debug)]
pub(crate) struct Build {
    /// Module: .wasm or .wat, or `-` for standard input
    pub(crate) module: PathBuf,
    /// File to make [default: the module's name, with the usual ending]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// What to make [default: what the file's name says, else a program]; a library's header
    /// is written beside it
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) emit: Option<Product>,
    #[command(flatten)]
    pub(crate) firmware: Firmware,
    #[command(flatten)]
    pub(crate) bundling: Bundling,
    #[command(flatten)]
    pub(crate) imports: Imports,
    #[command(flatten)]
    pub(crate) translation: Translation,
    #[command(flatten)]
    pub(crate) compiling: Compiling,
}

/// Options for machines without an operating system.
#[derive(Args, Clone, Debug)]
pub(crate) struct Firmware {
    /// Link an image for the board that a folder describes: `cflags`, `link.ld`, `ldflags`,
    /// and C files
    #[arg(long, value_name = "DIR")]
    pub(crate) board: Option<PathBuf>,
    /// Compile and link a C file, too, such as the one with `main`; may be repeated
    #[arg(long = "with", value_name = "FILE", requires = "board")]
    pub(crate) with: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Product {
    /// A program
    Exe,
    /// An object file of the module alone, without the runtime
    Obj,
    /// A static library of the module and the runtime
    Lib,
    /// A shared library of the module and the runtime
    Shared,
}

#[derive(Args, Debug)]
#[command(override_usage = "wardian run [OPTIONS] <MODULE> [ARGUMENT]...")]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) grants: Grants,
    #[command(flatten)]
    pub(crate) bundling: Bundling,
    /// Compile anew, and keep nothing
    #[arg(long)]
    pub(crate) no_cache: bool,
    #[command(flatten)]
    pub(crate) imports: Imports,
    #[command(flatten)]
    pub(crate) translation: Translation,
    #[command(flatten)]
    pub(crate) compiling: Compiling,
    /// Module (.wasm or .wat), and the program's arguments
    #[arg(required = true, trailing_var_arg = true, value_names = ["MODULE", "ARGUMENT"])]
    pub(crate) module_and_arguments: Vec<OsString>,
}

#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// Module: .wasm or .wat, or `-` for standard input
    pub(crate) module: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// How many of the biggest and deepest functions to show
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) top: usize,
    /// Bound the stack by the frames in files that -fstack-usage made; may be repeated
    #[arg(long, value_name = "FILE.su", num_args = 1..)]
    pub(crate) stack: Vec<PathBuf>,
    /// Prefix of the C symbols in those files [default: the file's name]
    #[arg(long, value_name = "NAME", value_parser = super::name::parse, requires = "stack")]
    pub(crate) name: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Folder that `wardian translate` made
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Modules that its C was made of: .wasm or .wat
    #[arg(value_name = "MODULE")]
    pub(crate) modules: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Runtime {
    /// Folder to write to
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// Leave out WASI
    #[arg(long)]
    pub(crate) no_wasi: bool,
    /// Overwrite files that wardian did not write
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// Shell that the script is for
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

impl Compiling {
    pub(crate) fn wanted(&self) -> Wanted {
        let sysroot = self.sysroot.iter().map(|it| format!("--sysroot={}", it.display()));
        let flags = sysroot.chain(self.cflags.iter().cloned()).collect();
        Wanted { command: self.cc.clone(), target: self.target.clone(), flags }
    }
}

impl Level {
    /// What follows `-O`.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Level::Zero => "0",
            Level::One => "1",
            Level::Two => "2",
            Level::Three => "3",
            Level::Size => "s",
        }
    }
}
