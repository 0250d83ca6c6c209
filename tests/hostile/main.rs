//! Input that means harm: mutated modules, modules whose size is the weapon, and
//! names that try to become C. Nothing may panic, hang, take memory out of
//! proportion or write what it should not.

mod bombs;
mod measure;
mod mutate;
mod names;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use wardian::{Memory, Options};

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let trials = [mutate::trials(), bombs::trials(), names::trials()].into_iter().flatten();
    libtest_mimic::run(&args, trials.collect()).exit_code()
}

/// Every way to translate, with the name it has in messages.
fn variants() -> Vec<(String, Options)> {
    let mut variants = Vec::new();
    for memory in [Memory::Guard, Memory::Bounds] {
        for optimize in [true, false] {
            let passes = if optimize { "opt" } else { "noopt" };
            let options = Options { memory, optimize, ..Options::default() };
            variants.push((format!("{}-{passes}", memory.name()), options));
        }
    }
    variants
}
