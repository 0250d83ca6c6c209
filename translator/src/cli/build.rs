//! `wardian build`.

use std::env::consts;
use std::fs;
use std::path::{Path, PathBuf};

use wardian::Instances;

use super::args::{Build, Product, Unresolved};
use super::input::Input;
use super::report::Report;
use super::{output, profile, settings};
use crate::driver::Job;
use crate::driver::board::Board;
use crate::driver::bundle::{self, Bundle};
use crate::driver::cc::Compiler;
use crate::driver::diagnostic::{Code, Diagnostic, Doing, Result};
use crate::driver::library::Library;
use crate::driver::scratch::Scratch;

pub(crate) fn run(command: Build, report: &Report) -> Result<()> {
    let input = Input::read(&command.module)?;
    let product = product(&command);
    let bundles = bundles(&command, product)?;
    let board = board(&command, product)?;
    let wasm = input.wasm()?;
    // Only saves time here: without a cache things work as well.
    let cache = settings::cache()?.ok();
    let memo = cache.as_ref().map(|it| it.compilers());
    let mut wanted = command.compiling.wanted();
    wanted.flags.splice(..0, board.iter().flat_map(|it| it.compiling.clone()));
    let cc = Compiler::find(&wanted, memo.as_deref())?;
    check_system(&cc, product, board.is_some())?;
    let target = target(&command, &input, product, &cc)?;
    let options = settings::options_for(&command.translation, &input.stem, &cc)?;
    if product == Product::Exe && board.is_none() {
        profile::check_program(&options)?;
    }
    let settings = settings::compiling(&command.compiling, product == Product::Shared);
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
    output::file(&target, |new| match (product, &board) {
        (Product::Exe, Some(board)) => job.image(work.path(), board, &command.firmware.with, new),
        (Product::Exe, None) => job.program(work.path(), trap, &bundles, new),
        (Product::Obj, _) => job.object(work.path(), new),
        (Product::Lib, _) => job.archive(work.path(), new),
        (Product::Shared, _) => job.shared(work.path(), new),
    })?;
    report.artifact(kind(product, board.is_some()), &target);
    if product != Product::Exe {
        headers(work.path(), &format!("{}.h", options.name), &entering(&job)?, &target, report)?;
    }
    report.remark(&format!("wrote `{}`", target.display()));
    Ok(())
}

/// What to make: as typed, or as the file is called.
fn product(command: &Build) -> Product {
    let ending = command.output.as_ref().and_then(|it| it.extension()?.to_str());
    command.emit.unwrap_or(match ending {
        Some("o" | "obj") => Product::Obj,
        Some("a") => Product::Lib,
        Some("so" | "dll" | "dylib") => Product::Shared,
        _ => Product::Exe,
    })
}

/// The board that an image is for.
fn board(command: &Build, product: Product) -> Result<Option<Board>> {
    let Some(folder) = &command.firmware.board else { return Ok(None) };
    if product != Product::Exe {
        let message = "`--board` is for images, and this makes a library";
        return Err(Diagnostic::new(Code::Usage, message)
            .help("name the image with `-o`, not like a library"));
    }
    Board::read(folder).map(Some)
}

/// Programs need a system, or a board instead.
fn check_system(cc: &Compiler, product: Product, board: bool) -> Result<()> {
    if product != Product::Exe || cc.is_bare() == board {
        return Ok(());
    }
    Err(if board {
        let message = "`--board` is for machines without an operating system, and the C compiler \
                       compiles for another";
        Diagnostic::new(Code::Usage, message)
            .help("`--target` names the machine, such as `thumbv7m-none-eabi`")
    } else {
        let message = "a program needs an operating system, and the C compiler compiles for a \
                       machine without one";
        Diagnostic::new(Code::Usage, message)
            .help("`--board` links an image for a board")
            .help("`--emit=lib` or `--emit=obj` makes a part of a firmware")
    })
}

/// Only programs can carry files: a host decides itself what its guests see.
fn bundles(command: &Build, product: Product) -> Result<Vec<Bundle>> {
    let folders = &command.bundling.bundles;
    let image = command.firmware.board.is_some();
    if !folders.is_empty() && (product != Product::Exe || image) {
        let what = if image { "an image" } else { "a library" };
        let message = format!("`--bundle` is for programs, and this makes {what}");
        return Err(Diagnostic::new(Code::Usage, message)
            .help("a host gives its guests files with `wdn_wasi_memfs.h`"));
    }
    bundle::read(folders)
}

/// What hosts include beside the module's header.
fn entering(job: &Job<'_>) -> Result<Vec<&'static str>> {
    let one = job.options.instances == Instances::One;
    let mut names = if one { Vec::new() } else { vec!["wdn_try.h"] };
    if (one || job.cc.is_bare()) && job.imports_wasi()? {
        names.push("wdn_wasi_bare.h");
    }
    Ok(names)
}

/// Puts the headers that a host needs beside the library: the module's, the one
/// for calling it, and those they include.
fn headers(work: &Path, module: &str, more: &[&str], target: &Path, report: &Report) -> Result<()> {
    let beside = target.parent().unwrap_or(Path::new(""));
    let folders = Library::ALL.map(|it| it.include(work));
    let find = |name: &str| folders.iter().map(|it| it.join(name)).find(|it| it.is_file());
    let mut wanted = vec![(work.join(module), module.to_string())];
    wanted.extend(more.iter().filter_map(|it| Some((find(it)?, it.to_string()))));
    let mut done = 0;
    while let Some((from, name)) = wanted.get(done).cloned() {
        done += 1;
        let text = fs::read_to_string(&from).doing("read", &from)?;
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("#include \"")) {
            let included = line.trim_end_matches('"').to_string();
            let known = wanted.iter().any(|(_, it)| *it == included);
            if let Some(file) = find(&included).filter(|_| !known) {
                wanted.push((file, included));
            }
        }
        let to = beside.join(&name);
        output::file(&to, |new| fs::write(new, &text).doing("write", new))?;
        report.artifact("header", &to);
    }
    Ok(())
}

fn kind(product: Product, image: bool) -> &'static str {
    match product {
        Product::Exe if image => "image",
        Product::Exe => "program",
        Product::Obj => "object",
        Product::Lib => "static-library",
        Product::Shared => "shared-library",
    }
}

/// The file to make.
fn target(command: &Build, input: &Input, product: Product, cc: &Compiler) -> Result<PathBuf> {
    let stem = &input.stem;
    let (dll_prefix, dll_suffix, exe_suffix) = match cc.is_windows() {
        true => ("", ".dll", ".exe"),
        false if cfg!(windows) => ("lib", ".so", ""),
        false => (consts::DLL_PREFIX, consts::DLL_SUFFIX, ""),
    };
    let target = command.output.clone().unwrap_or_else(|| {
        PathBuf::from(match product {
            Product::Exe if cc.is_bare() => format!("{stem}.elf"),
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
