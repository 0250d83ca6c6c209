//! `wardian build`.

use std::env::consts;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::{Build, Product, Unresolved};
use super::input::Input;
use super::report::Report;
use super::{output, settings};
use crate::driver::Job;
use crate::driver::bundle::{self, Bundle};
use crate::driver::cc::Compiler;
use crate::driver::diagnostic::{Code, Diagnostic, Doing, Result};
use crate::driver::scratch::Scratch;

pub(crate) fn run(command: Build, report: &Report) -> Result<()> {
    let input = Input::read(&command.module)?;
    let bundles = bundles(&command)?;
    let wasm = input.wasm()?;
    // Only saves time here: without a cache things work as well.
    let cache = settings::cache()?.ok();
    let memo = cache.as_ref().map(|it| it.compilers());
    let cc = Compiler::find(&command.compiling.wanted(), memo.as_deref())?;
    let target = target(&command, &input, &cc)?;
    let options = settings::options_for(&command.translation, &input.stem, &cc)?;
    let settings = settings::compiling(&command.compiling, command.emit == Product::Shared);
    report.stage("translating");
    let watch = |event: crate::driver::compile::Event<'_>| report.event(event);
    let job = Job {
        wasm: &wasm,
        file: &input.shown,
        options: &options,
        cc: &cc,
        settings: &settings,
        cache: cache.as_ref(),
        watch: &watch,
    };
    let work = Scratch::new().doing("write to", &std::env::temp_dir())?;
    let trap = command.imports.unresolved == Unresolved::Trap;
    output::file(&target, |new| match command.emit {
        Product::Exe => job.program(work.path(), trap, &bundles, new),
        Product::Obj => job.object(work.path(), new),
        Product::Lib => job.archive(work.path(), new),
        Product::Shared => job.shared(work.path(), new),
    })?;
    report.artifact(kind(command.emit), &target);
    if command.emit != Product::Exe {
        headers(work.path(), &format!("{}.h", options.name), &target, report)?;
    }
    report.remark(&format!("wrote `{}`", target.display()));
    Ok(())
}

/// Only programs can carry files: a host decides itself what its guests see.
fn bundles(command: &Build) -> Result<Vec<Bundle>> {
    let folders = &command.bundling.bundles;
    if !folders.is_empty() && command.emit != Product::Exe {
        let message = "`--bundle` is for programs, and this makes a library";
        return Err(Diagnostic::new(Code::Usage, message)
            .help("a host gives its guests files with `wdn_wasi_memfs.h`"));
    }
    bundle::read(folders)
}

/// Puts the headers that a host needs beside the library: the module's, the one
/// for calling it, and those they include.
fn headers(work: &Path, name: &str, target: &Path, report: &Report) -> Result<()> {
    let beside = target.parent().unwrap_or(Path::new(""));
    let runtime = crate::driver::library::Library::Runtime.include(work);
    let entering = "wdn_try.h";
    let mut wanted =
        vec![(work.join(name), name.to_string()), (runtime.join(entering), entering.to_string())];
    let mut done = 0;
    while let Some((from, name)) = wanted.get(done).cloned() {
        done += 1;
        let text = fs::read_to_string(&from).doing("read", &from)?;
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("#include \"")) {
            let included = line.trim_end_matches('"').to_string();
            let known = wanted.iter().any(|(_, it)| *it == included);
            if !known && runtime.join(&included).is_file() {
                wanted.push((runtime.join(&included), included));
            }
        }
        let to = beside.join(&name);
        output::file(&to, |new| fs::write(new, &text).doing("write", new))?;
        report.artifact("header", &to);
    }
    Ok(())
}

fn kind(product: Product) -> &'static str {
    match product {
        Product::Exe => "program",
        Product::Obj => "object",
        Product::Lib => "static-library",
        Product::Shared => "shared-library",
    }
}

/// The file to make.
fn target(command: &Build, input: &Input, cc: &Compiler) -> Result<PathBuf> {
    let stem = &input.stem;
    let (dll_prefix, dll_suffix, exe_suffix) = match cc.is_windows() {
        true => ("", ".dll", ".exe"),
        false if cfg!(windows) => ("lib", ".so", ""),
        false => (consts::DLL_PREFIX, consts::DLL_SUFFIX, ""),
    };
    let target = command.output.clone().unwrap_or_else(|| {
        PathBuf::from(match command.emit {
            Product::Exe => format!("{stem}{exe_suffix}"),
            Product::Obj => format!("{stem}.o"),
            Product::Lib => format!("lib{stem}.a"),
            Product::Shared => format!("{dll_prefix}{stem}{dll_suffix}"),
        })
    });
    let real = |path: &Path| fs::canonicalize(path).ok();
    if real(&target).is_some() && real(&target) == real(&command.module) {
        let message = format!("`{}` is the module itself", target.display());
        return Err(Diagnostic::new(Code::Usage, message).help("name another file with `-o`"));
    }
    Ok(target)
}
