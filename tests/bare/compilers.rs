//! C compilers that cannot run their programs here, or must not compile: Microsoft's, as
//! far as clang knows how to be it, and those whose `double` is none.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian::{Memory, Options};
use wardian_tests::{c, process, tools};

use crate::{cc, compile, wasi};

/// It has no attribute that says that something need not be used.
const MSVC: &str = "clang --target=x86_64-pc-windows-msvc -std=c99 -Wall -Wextra -pedantic -Werror \
                    -Wno-unused -Wno-unused-parameter";

pub(crate) fn trials(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut add = |name: &str, what: fn(&Path) -> Result<Completion, Failed>| {
        let folder = folder.join(name.replace('/', "-"));
        trials.push(Trial::ignorable_test(format!("compilers/{name}"), move || {
            fs::create_dir_all(&folder)?;
            what(&folder)
        }));
    };
    add("msvc/modules", msvc_modules);
    add("msvc/libraries", msvc_libraries);
    add("avr", |folder| refused(folder, "avr-gcc", "avr-gcc -mmcu=atmega2560"));
    add("float-as-double", |folder| refused(folder, "sh", "cc -D__DBL_MANT_DIG__=24"));
    trials
}

/// Everything that the emitter's suite makes the translator print.
fn modules(folder: &Path, memory: Memory) -> Result<Vec<PathBuf>, Failed> {
    let mut sources = Vec::new();
    for file in fs::read_dir(c::repository().join("tests/emit"))? {
        let wat = file?.path();
        if wat.extension().is_none_or(|it| it != "wat") {
            continue;
        }
        let name = format!("{}{}", memory.name(), sources.len());
        let options = Options { name, memory, ..Options::default() };
        let files = wardian::translate(&wat::parse_file(&wat)?, &options)?;
        sources.extend(c::write(folder, &files)?);
    }
    if sources.is_empty() { Err("no modules".into()) } else { Ok(sources) }
}

/// Modules need no header but those that every compiler has.
fn msvc_modules(folder: &Path) -> Result<Completion, Failed> {
    if let missing @ [_, ..] = &tools::missing(["clang"])[..] {
        return tools::skip(&missing.join(", "));
    }
    let mut sources = modules(folder, Memory::Bounds)?;
    sources.extend(modules(folder, Memory::Guard)?);
    for level in ["-O0", "-O2"] {
        for source in &sources {
            let mut cc = cc(&format!("{MSVC} {level} -c"));
            compile(cc.arg(source).arg("-o").arg(folder.join("module.obj")))?;
        }
    }
    Ok(Completion::Completed)
}

/// The libraries would include Windows' headers, unless they are told to do without.
fn msvc_libraries(folder: &Path) -> Result<Completion, Failed> {
    if let missing @ [_, ..] = &tools::missing(["clang"])[..] {
        return tools::skip(&missing.join(", "));
    }
    for source in [c::runtime(), wasi()] {
        let mut cc = cc(&format!("{MSVC} -O2 -ffreestanding -DWDN_BARE_ARENA=70000 -c"));
        compile(cc.arg(source).arg("-o").arg(folder.join("library.obj")))?;
    }
    Ok(Completion::Completed)
}

/// Where `double` has four bytes, an f64 would be something else: the C refuses to be
/// compiled, and says why.
fn refused(folder: &Path, tool: &str, line: &str) -> Result<Completion, Failed> {
    if let missing @ [_, ..] = &tools::missing([tool])[..] {
        return tools::skip(&missing.join(", "));
    }
    for source in modules(folder, Memory::Bounds)?.into_iter().chain([c::runtime()]) {
        let mut cc = cc(&format!("{line} -ffreestanding -c"));
        cc.arg(&source).arg("-o").arg(folder.join("refused.o"));
        let outcome = process::run(&mut cc, Duration::from_secs(60))?;
        let said = String::from_utf8_lossy(&outcome.stderr);
        if outcome.success() || !said.contains("wardian: needs 8-bit bytes and IEEE 754") {
            let source = source.display();
            return Err(format!("{source}: {}\n{said}", outcome.describe()).into());
        }
    }
    Ok(Completion::Completed)
}
