//! What the options that several commands share mean.

use std::thread;

use super::args::{Compiling, Translation};
use super::profile;
use crate::driver::cache::Cache;
use crate::driver::cc::Compiler;
use crate::driver::compile::Settings;
use crate::driver::diagnostic::{Code, Diagnostic, Result};

/// The options of a translation. `name` is for modules that get none, and
/// `memory` for those who do not choose.
pub(crate) fn options(
    typed: &Translation,
    name: &str,
    memory: wardian::Memory,
) -> Result<wardian::Options> {
    profile::check(typed)?;
    let mut options = wardian::Options {
        name: typed.name.clone().unwrap_or_else(|| wardian::Options::name_from(name)),
        memory: typed.memory.unwrap_or(memory),
        interrupt: typed.interrupt,
        optimize: !typed.no_opt,
        exports: (!typed.exports.is_empty()).then(|| typed.exports.clone()),
        ..wardian::Options::default()
    };
    profile::apply(typed, &mut options);
    Ok(options)
}

/// The same, for C that `cc` is going to compile.
pub(crate) fn options_for(
    typed: &Translation,
    name: &str,
    cc: &Compiler,
) -> Result<wardian::Options> {
    if typed.memory == Some(wardian::Memory::Guard) && !cc.can_guard() {
        return Err(Diagnostic::new(
            Code::Usage,
            "`--memory=guard` needs a 64-bit system, POSIX or Windows on x86-64, and the C \
             compiler compiles for another",
        )
        .help("use `--memory=bounds`, which works anywhere"));
    }
    options(typed, name, cc.default_memory())
}

/// The user's cache, or why there is none, which need not stop anybody.
pub(crate) fn cache() -> Result<std::result::Result<Cache, Box<Diagnostic>>> {
    match Cache::open() {
        Err(error) if error.code == Code::Usage => Err(error),
        other => Ok(other),
    }
}

pub(crate) fn compiling(typed: &Compiling, shared: bool) -> Settings {
    let jobs = typed.jobs.map(usize::from);
    Settings {
        level: typed.level.text().to_string(),
        shared,
        jobs: jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from)),
    }
}
