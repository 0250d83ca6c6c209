//! The section of the large program, SQLite: its speed, and what translating
//! and compiling it costs, next to wasm2c. Also measures the translation of any
//! module, for `--module`.

use crate::build::{self, Built, Program, Variant, Variants};
use crate::report::{Report, Table};
use crate::tools::{Compiler, Tools};
use crate::translate::{self, Cost};
use crate::{Arguments, kernels, process};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wardian::Memory;

const DEFINES: [&str; 13] = [
    "-DSQLITE_OS_OTHER=1",
    "-DSQLITE_THREADSAFE=0",
    "-DSQLITE_OMIT_LOAD_EXTENSION",
    "-DSQLITE_OMIT_LOCALTIME",
    "-DSQLITE_OMIT_WAL",
    "-DSQLITE_TEMP_STORE=3",
    "-DSQLITE_ENABLE_MEMSYS5",
    "-DSQLITE_ZERO_MALLOC",
    "-DSQLITE_ENABLE_FTS5",
    "-DSQLITE_ENABLE_RTREE",
    "-DSQLITE_ENABLE_STAT4",
    "-DSQLITE_DEFAULT_MEMSTATUS=0",
    "-w",
];

/// Builds, measures and prints.
pub(crate) fn section(
    arguments: &Arguments,
    folder: &Path,
    tools: &Tools,
    report: &mut Report,
) -> anyhow::Result<()> {
    let folder = folder.join("sqlite");
    let program = sqlite(tools)?;
    let wasm = build::to_wasm(&program, &folder)?;
    translation(&wasm, &folder, tools, report)?;
    let all = build::variants(&program, &folder, tools, &tools.compilers, arguments.jobs)?;
    for (compiler, variants) in tools.compilers.iter().zip(&all) {
        let programs = [(&program, variants)];
        kernels::compare(arguments, tools, compiler, &programs, "large", report)?;
        costs(compiler, variants, report);
    }
    Ok(())
}

fn sqlite(tools: &Tools) -> anyhow::Result<Program> {
    let bundled = sqlite_folder(tools).context("finding SQLite's sources")?;
    let mut flags = DEFINES.map(String::from).to_vec();
    flags.push(format!("-I{}", bundled.display()));
    let wasm_flags = ["--target=wasm32-wasi", "-nostartfiles", "-Wl,--strip-debug"];
    Ok(Program {
        name: "sqlite".to_string(),
        n: 20000,
        sources: vec![tools.file("large/sqlite.c"), bundled.join("sqlite3.c")],
        flags,
        wasm_flags: wasm_flags.map(String::from).to_vec(),
    })
}

/// Where cargo keeps the sources of `libsqlite3-sys`; fetched if need be.
fn sqlite_folder(tools: &Tools) -> anyhow::Result<PathBuf> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["metadata", "--format-version=1", "--manifest-path"]);
    let done = process::run(command.arg(tools.file("Cargo.toml")))?;
    let metadata: serde_json::Value = serde_json::from_str(&done.stdout)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let package = packages.iter().find(|it| it["name"] == "libsqlite3-sys");
    let manifest =
        package.and_then(|it| it["manifest_path"].as_str()).context("no such package")?;
    Ok(Path::new(manifest).parent().context("no folder")?.join("sqlite3"))
}

/// One line of the table of translations.
struct Line {
    name: &'static str,
    wall: Duration,
    cpu: Duration,
    peak_memory: u64,
    /// What the small module takes: code, threads, buffers.
    base_memory: u64,
    c_bytes: u64,
}

/// Measures how fast a module is translated, and with how much memory.
pub(crate) fn translation(
    wasm: &Path,
    folder: &Path,
    tools: &Tools,
    report: &mut Report,
) -> anyhow::Result<()> {
    let module = std::fs::metadata(wasm)?.len();
    println!("\ntranslation of {} ({} bytes)", wasm.display(), module);
    let mut lines = Vec::new();
    for (name, memory, threads) in [
        ("guard, 1 thread", Memory::Guard, 1),
        ("guard, 2 threads", Memory::Guard, 2),
        ("bounds, 2 threads", Memory::Bounds, 2),
    ] {
        match ours(name, wasm, &folder.join("translation").join(memory.name()), memory, threads) {
            Ok(line) => lines.push(line),
            Err(error) => report.fail(&format!("translation, {name}: {error:#}")),
        }
    }
    if tools.wasm2c.is_ok() {
        lines.push(wasm2c(wasm, &folder.join("translation/wasm2c"))?);
    }
    print(&lines, module);
    let size = |name: &str| lines.iter().find(|line| line.name == name);
    if let Some(line) = size("guard, 2 threads") {
        let speed = module as f64 / 1e6 / line.wall.as_secs_f64();
        report.at_least("translation, 2 threads: MB of wasm a second".to_string(), speed, 20.0);
        let memory = line.peak_memory.saturating_sub(line.base_memory) as f64 / larger(module);
        report.at_most("translation, 2 threads: memory / module".to_string(), memory, 3.0);
        if let Some(peer) = size("wasm2c") {
            let ratio = line.c_bytes as f64 / peer.c_bytes as f64;
            report.at_most("translation: C / wasm2c's C".to_string(), ratio, 0.60);
        }
    }
    Ok(())
}

fn print(lines: &[Line], module: u64) {
    let head = ["", "ms", "MB/s", "CPU ms", "peak MB", "over small MB", "/ byte", "C MB"];
    let mut table = Table::new(&head);
    for line in lines {
        let own = line.peak_memory.saturating_sub(line.base_memory);
        table.row(vec![
            line.name.to_string(),
            format!("{:.1}", line.wall.as_secs_f64() * 1e3),
            format!("{:.1}", module as f64 / 1e6 / line.wall.as_secs_f64()),
            format!("{:.1}", line.cpu.as_secs_f64() * 1e3),
            format!("{:.1}", line.peak_memory as f64 / 1e6),
            format!("{:.1}", own as f64 / 1e6),
            format!("{:.2}", own as f64 / larger(module)),
            format!("{:.2}", line.c_bytes as f64 / 1e6),
        ]);
    }
    table.print();
}

/// The fastest of five runs, and the least memory.
fn ours(
    name: &'static str,
    wasm: &Path,
    folder: &Path,
    memory: Memory,
    threads: usize,
) -> anyhow::Result<Line> {
    let runs = (0..5)
        .map(|_| translate::translate(wasm, folder, memory, threads))
        .collect::<anyhow::Result<Vec<Cost>>>()?;
    let least = |of: fn(&Cost) -> u64| runs.iter().map(of).min().unwrap_or(0);
    let out = small_folder(folder)?;
    let small = (0..5)
        .map(|_| translate::translate(Path::new(SMALL), &out, memory, threads))
        .collect::<anyhow::Result<Vec<Cost>>>()?;
    Ok(Line {
        name,
        wall: runs.iter().map(|run| run.wall).min().unwrap_or_default(),
        cpu: runs.iter().map(|run| run.cpu).min().unwrap_or_default(),
        peak_memory: least(|run| run.peak_memory),
        base_memory: small.iter().map(|run| run.peak_memory).min().unwrap_or(0),
        c_bytes: build::folder_bytes(folder)?,
    })
}

/// How many bytes more than the small module has.
fn larger(module: u64) -> f64 {
    let small = std::fs::metadata(SMALL).map_or(0, |it| it.len());
    module.saturating_sub(small).max(1) as f64
}

/// A program of 33 KB. What a large one takes more is what its size costs.
const SMALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/wc/wc.wasm");

/// A folder for what it becomes, beside `folder`.
fn small_folder(folder: &Path) -> anyhow::Result<PathBuf> {
    let out = folder.with_extension("small");
    std::fs::create_dir_all(&out)?;
    Ok(out)
}

fn wasm2c(wasm: &Path, folder: &Path) -> anyhow::Result<Line> {
    let runs = (0..5)
        .map(|_| build::wasm2c(wasm, folder))
        .collect::<anyhow::Result<Vec<process::Done>>>()?;
    let small = build::wasm2c(Path::new(SMALL), &small_folder(folder)?)?;
    Ok(Line {
        name: "wasm2c",
        wall: runs.iter().map(|run| run.wall).min().unwrap_or_default(),
        cpu: runs.iter().map(|run| run.cpu).min().unwrap_or_default(),
        peak_memory: runs.iter().map(|run| run.peak_memory).min().unwrap_or(0),
        base_memory: small.peak_memory,
        c_bytes: build::folder_bytes(folder)?,
    })
}

/// Compile time at the same level, next to wasm2c's.
fn costs(compiler: &Compiler, variants: &Variants, report: &mut Report) {
    let find = |variant| variants.built.iter().find(|it: &&Built| it.variant == variant);
    for (ours, peer) in
        [(Variant::Guard, Variant::Wasm2cGuard), (Variant::Bounds, Variant::Wasm2cBounds)]
    {
        if let (Some(ours), Some(peer)) = (find(ours), find(peer)) {
            let ratio = ours.compile_time.as_secs_f64() / peer.compile_time.as_secs_f64();
            let names = (ours.variant.name(), peer.variant.name());
            let what = format!("large, {}: compile time {} / {}", compiler.name, names.0, names.1);
            report.at_most(what, ratio, 0.75);
        }
    }
}
