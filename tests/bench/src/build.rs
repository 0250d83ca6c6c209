//! Makes every variant of a program: native, translated by Wardian in both
//! memory modes, and by peers. A C compiler gets the same flags for all of them; with
//! gcc, what Wardian makes gets those, too, that `wardian build` adds.

use crate::tools::{Compiler, Tools};
use crate::{elf, process, translate};
use anyhow::Context;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wardian::Memory;

/// C that exports `bench_run`, and how it becomes a module.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) name: String,
    /// How much work one run does.
    pub(crate) n: u32,
    pub(crate) sources: Vec<PathBuf>,
    /// For both targets.
    pub(crate) flags: Vec<String>,
    pub(crate) wasm_flags: Vec<String>,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Variant {
    Native,
    Guard,
    Bounds,
    Wasm2cGuard,
    Wasm2cBounds,
    Wasmtime,
}

impl Variant {
    pub(crate) const ALL: [Variant; 6] = [
        Variant::Native,
        Variant::Guard,
        Variant::Bounds,
        Variant::Wasm2cGuard,
        Variant::Wasm2cBounds,
        Variant::Wasmtime,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Variant::Native => "native",
            Variant::Guard => "guard",
            Variant::Bounds => "bounds",
            Variant::Wasm2cGuard => "w2c-guard",
            Variant::Wasm2cBounds => "w2c-bounds",
            Variant::Wasmtime => "wasmtime",
        }
    }

    /// The translation that the variant is compiled from.
    fn folder(self) -> &'static str {
        match self {
            Variant::Wasm2cGuard | Variant::Wasm2cBounds => "wasm2c",
            other => other.name(),
        }
    }
}

/// A variant that can be run.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    pub(crate) variant: Variant,
    /// The program and its first arguments.
    pub(crate) command: Vec<OsString>,
    pub(crate) c_bytes: u64,
    pub(crate) text_bytes: u64,
    pub(crate) compile_time: Duration,
    pub(crate) compile_memory: u64,
}

impl Built {
    fn new(variant: Variant) -> Self {
        Built {
            variant,
            command: Vec::new(),
            c_bytes: 0,
            text_bytes: 0,
            compile_time: Duration::ZERO,
            compile_memory: 0,
        }
    }
}

/// What a program became for one compiler: variants, and why others are missing.
#[derive(Debug, Default)]
pub(crate) struct Variants {
    pub(crate) built: Vec<Built>,
    pub(crate) failures: Vec<(Variant, String)>,
}

/// Compiles the program to `folder/k.wasm`.
pub(crate) fn to_wasm(program: &Program, folder: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let wasm = folder.join("k.wasm");
    let mut command = Command::new("clang");
    command.arg("-O2").args(&program.flags).args(&program.wasm_flags).args(&program.sources);
    command.args(["-Wl,--no-entry", "-Wl,--export=bench_run", "-o"]).arg(&wasm);
    process::run(&mut command).with_context(|| format!("compiling {} to wasm", program.name))?;
    Ok(wasm)
}

/// Translates `folder/k.wasm` in all ways; what fails is said by `variants`.
pub(crate) fn translations(
    wasm: &Path,
    folder: &Path,
    tools: &Tools,
) -> Vec<(Variant, anyhow::Result<()>)> {
    let ours = |variant: Variant, memory| {
        let made = translate::translate(wasm, &folder.join(variant.folder()), memory, 1);
        (variant, made.map(|_| ()))
    };
    let mut made = vec![ours(Variant::Guard, Memory::Guard), ours(Variant::Bounds, Memory::Bounds)];
    if tools.wasm2c.is_ok() {
        let result = wasm2c(wasm, &folder.join("wasm2c")).map(|_| ());
        made.push((Variant::Wasm2cGuard, result));
    }
    made
}

/// Runs wasm2c; the module is named `k` here too.
pub(crate) fn wasm2c(wasm: &Path, folder: &Path) -> anyhow::Result<process::Done> {
    std::fs::create_dir_all(folder)?;
    process::run(
        Command::new("wasm2c").args(["-n", "k"]).arg(wasm).arg("-o").arg(folder.join("k.c")),
    )
}

/// Translates and compiles; `folder` is the program's own.
pub(crate) fn variants(
    program: &Program,
    folder: &Path,
    tools: &Tools,
    compilers: &[Compiler],
    jobs: usize,
) -> anyhow::Result<Vec<Variants>> {
    let wasm = to_wasm(program, folder)?;
    let broken = translations(&wasm, folder, tools)
        .into_iter()
        .filter_map(|(variant, result)| Some((variant.folder(), format!("{:#}", result.err()?))))
        .collect::<Vec<_>>();
    let work = compilers
        .iter()
        .enumerate()
        .flat_map(|(i, compiler)| Variant::ALL.map(|variant| (i, compiler, variant)))
        .filter(|(_, _, variant)| match variant {
            Variant::Wasm2cGuard | Variant::Wasm2cBounds => tools.wasm2c.is_ok(),
            Variant::Wasmtime => tools.wasmtime.is_ok(),
            _ => true,
        })
        .collect::<Vec<_>>();
    let results = process::parallel(jobs, &work, |&(_, compiler, variant)| {
        match broken.iter().find(|(name, _)| *name == variant.folder()) {
            Some((_, why)) => Err(format!("translation: {why}")),
            None => build(program, folder, tools, compiler, variant)
                .map_err(|error| format!("compilation: {error:#}")),
        }
    });
    let mut all = Vec::new();
    all.resize_with(compilers.len(), Variants::default);
    for ((i, _, variant), result) in work.into_iter().zip(results) {
        match result {
            Ok(built) => all[i].built.push(built),
            Err(why) => all[i].failures.push((variant, why)),
        }
    }
    Ok(all)
}

fn build(
    program: &Program,
    folder: &Path,
    tools: &Tools,
    compiler: &Compiler,
    variant: Variant,
) -> anyhow::Result<Built> {
    if variant == Variant::Wasmtime {
        return Ok(wasmtime(&folder.join("k.wasm"), tools));
    }
    let c_folder = folder.join(variant.folder());
    let native = variant == Variant::Native;
    let sources = if native { program.sources.clone() } else { c_files(&c_folder)? };
    let extra = if native { &program.flags[..] } else { &[] };
    let out = folder.join(format!("{}-{}", compiler.name, variant.name()));
    std::fs::create_dir_all(&out)?;
    let cc = Cc { compiler, tools, variant, include: &c_folder, out: &out };
    let mut built = Built { command: vec![out.join("run").into()], ..Built::new(variant) };
    let mut objects = Vec::new();
    for source in &sources {
        let (object, done) = cc.compile(source, extra)?;
        built.c_bytes += std::fs::metadata(source)?.len();
        built.text_bytes += elf::text_size(&std::fs::read(&object)?);
        built.compile_time += done.cpu;
        built.compile_memory = built.compile_memory.max(done.peak_memory);
        objects.push(object);
    }
    if !native {
        built.c_bytes = folder_bytes(&c_folder)?; // headers too
    }
    for source in cc.glue() {
        objects.push(cc.compile(&source, &[])?.0);
    }
    cc.link(&objects)?;
    Ok(built)
}

fn wasmtime(wasm: &Path, tools: &Tools) -> Built {
    let script = tools.file("glue/wasmtime_run.py");
    let command = vec!["python3".into(), script.into(), wasm.into()];
    Built { command, ..Built::new(Variant::Wasmtime) }
}

/// The C files of a translation, in order of their names.
pub(crate) fn c_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "c") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Bytes of all files of a translation, headers too.
pub(crate) fn folder_bytes(folder: &Path) -> anyhow::Result<u64> {
    let mut total = 0;
    for entry in std::fs::read_dir(folder)? {
        total += entry?.metadata()?.len();
    }
    Ok(total)
}

/// Links a host of its own with a translation in `folder`; gives the program.
pub(crate) fn host(
    source: &Path,
    folder: &Path,
    tools: &Tools,
    compiler: &Compiler,
    variant: Variant,
) -> anyhow::Result<PathBuf> {
    let c_folder = folder.join(variant.folder());
    let out = folder.join(format!("{}-{}", compiler.name, variant.name()));
    std::fs::create_dir_all(&out)?;
    let cc = Cc { compiler, tools, variant, include: &c_folder, out: &out };
    let mut objects = vec![cc.compile(source, &[])?.0];
    for source in c_files(&c_folder)?.iter().chain(&cc.runtime()) {
        objects.push(cc.compile(source, &[])?.0);
    }
    cc.link(&objects)?;
    Ok(out.join("run"))
}

/// One compiler at work on one variant.
struct Cc<'a> {
    compiler: &'a Compiler,
    tools: &'a Tools,
    variant: Variant,
    include: &'a Path,
    out: &'a Path,
}

impl Cc<'_> {
    fn compile(&self, source: &Path, extra: &[String]) -> anyhow::Result<(PathBuf, process::Done)> {
        let stem = source.file_stem().context("a source without a name")?;
        let object = self.out.join(stem).with_extension("o");
        let mut command = Command::new(&self.compiler.name);
        command.args(&self.compiler.flags).args(extra).arg("-I").arg(self.include);
        command.arg("-I").arg(self.tools.root.join("runtime-c/include"));
        if matches!(self.variant, Variant::Guard | Variant::Bounds) {
            command.args(&self.compiler.own);
        }
        if let (Variant::Wasm2cGuard | Variant::Wasm2cBounds, Ok(wasm2c)) =
            (self.variant, &self.tools.wasm2c)
        {
            let guard = u32::from(self.variant == Variant::Wasm2cGuard);
            command.arg(format!("-DWASM_RT_MEMCHECK_SIGNAL_HANDLER={guard}"));
            command.arg("-DWASM_RT_MAX_CALL_STACK_DEPTH=20000");
            command.args(&wasm2c.flags).arg("-I").arg(&wasm2c.runtime);
        }
        command.args(["-w", "-c", "-o"]).arg(&object).arg(source);
        let done = process::run(&mut command)?;
        Ok((object, done))
    }

    /// What makes the measured code a program.
    fn glue(&self) -> Vec<PathBuf> {
        let own = match self.variant {
            Variant::Native | Variant::Wasmtime => "glue/native.c",
            Variant::Guard | Variant::Bounds => "glue/wardian.c",
            Variant::Wasm2cGuard | Variant::Wasm2cBounds => "glue/wasm2c.c",
        };
        let mut files = vec![self.tools.file("glue/main.c"), self.tools.file(own)];
        files.extend(self.runtime());
        files
    }

    /// The translator's runtime.
    fn runtime(&self) -> Option<PathBuf> {
        match self.variant {
            Variant::Native | Variant::Wasmtime => None,
            Variant::Guard | Variant::Bounds => Some(self.tools.root.join("runtime-c/src/wdn.c")),
            Variant::Wasm2cGuard | Variant::Wasm2cBounds => {
                self.tools.wasm2c.as_ref().ok().map(|it| it.runtime.join("wasm-rt-impl.c"))
            }
        }
    }

    fn link(&self, objects: &[PathBuf]) -> anyhow::Result<()> {
        let mut command = Command::new(&self.compiler.name);
        command.args(objects).arg("-lm").arg("-o").arg(self.out.join("run"));
        process::run(&mut command)?;
        Ok(())
    }
}
