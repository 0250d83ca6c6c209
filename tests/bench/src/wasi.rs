//! The section of WASI: what a guest's calls take, next to the same system calls made
//! by a program in C, and to the same guest in wasmtime.

use crate::process;
use crate::report::{Report, Table};
use crate::tools::{Compiler, Tools};
use crate::translate;
use anyhow::Context;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wardian::Memory;

/// Entries of the directory that is listed, as `rows.h` has it.
const ENTRIES: u32 = 10_000;

/// Builds, measures and prints.
pub(crate) fn section(folder: &Path, tools: &Tools, report: &mut Report) -> anyhow::Result<()> {
    let folder = folder.join("wasi");
    let files = folder.join("files");
    make_files(&files)?;
    let wasm = folder.join("k.wasm");
    let mut command = Command::new("clang");
    command.args(["--target=wasm32", "-O2", "-nostdlib", "-Wl,--no-entry", "-o"]);
    process::run(command.arg(&wasm).arg(tools.file("wasi/guest.c")))?;
    translate::translate(&wasm, &folder.join("guard"), Memory::Guard, 1)?;
    for compiler in &tools.compilers {
        let rows = measure(&folder, tools, compiler)?;
        let wasmtime = wasmtime(&wasm, &files, tools, rows.len());
        println!("\nWASI with {}: nanoseconds a call (fd_readdir: a directory)", compiler.name);
        print(&rows, wasmtime.as_deref().unwrap_or(&[]));
        if let (Err(error), true) = (&wasmtime, tools.wasmtime.is_ok()) {
            report.fail(&format!("wasmtime: {error:#}"));
        }
        targets(&compiler.name, &rows, report);
    }
    Ok(())
}

/// A file at each depth, and a directory with many.
fn make_files(folder: &Path) -> anyhow::Result<()> {
    let deep = folder.join("a/b/c/d/e/g/h");
    fs::create_dir_all(&deep)?;
    fs::create_dir_all(folder.join("many"))?;
    for path in ["f", "a/b/f", "a/b/c/d/e/g/h/f"] {
        fs::write(folder.join(path), "content")?;
    }
    (0..ENTRIES).try_for_each(|i| fs::write(folder.join(format!("many/entry-{i:05}")), ""))?;
    Ok(())
}

struct Row {
    name: String,
    /// Measured twice in each round: the difference is noise.
    raw: [f64; 2],
    kernel: f64,
    walk: f64,
}

impl Row {
    fn raw(&self) -> f64 {
        self.raw[0].min(self.raw[1])
    }
}

fn measure(folder: &Path, tools: &Tools, compiler: &Compiler) -> anyhow::Result<Vec<Row>> {
    let program = folder.join(format!("host-{}", compiler.name));
    let mut command = Command::new(&compiler.name);
    command
        .args(&compiler.flags)
        .args(&compiler.own)
        .args(["-w", "-D_GNU_SOURCE", "-I"])
        .arg(folder.join("guard"));
    for include in ["runtime-c/include", "wasi-c/include"] {
        command.arg("-I").arg(tools.root.join(include));
    }
    let sources = ["runtime-c/src/wdn.c", "wasi-c/src/wdn_wasi.c"].map(|it| tools.root.join(it));
    let mut sources: Vec<PathBuf> = sources.to_vec();
    sources.extend([tools.file("wasi/host.c"), folder.join("guard/k.c")]);
    process::run(command.args(sources).arg("-lm").arg("-o").arg(&program))?;
    let done = process::run(Command::new(program).arg(folder.join("files")))?;
    done.stdout.lines().map(|line| row(line).with_context(|| line.to_string())).collect()
}

fn row(line: &str) -> Option<Row> {
    let mut words = line.split(' ');
    let name = words.next()?.to_string();
    let numbers: Vec<f64> = words.map(str::parse).collect::<Result<_, _>>().ok()?;
    let [before, kernel, walk, after] = numbers[..] else { return None };
    Some(Row { name, raw: [before, after], kernel, walk })
}

fn wasmtime(wasm: &Path, files: &Path, tools: &Tools, rows: usize) -> anyhow::Result<Vec<f64>> {
    let mut command = Command::new("python3");
    command.arg(tools.file("glue/wasmtime_wasi.py")).arg(wasm).arg(files);
    let done = process::run(command.arg(rows.to_string()))?;
    done.stdout.lines().map(|line| Ok(line.parse()?)).collect()
}

fn print(rows: &[Row], wasmtime: &[f64]) {
    let mut table = Table::new(&["", "system call", "again", "ours", "ours, walking", "wasmtime"]);
    for (i, row) in rows.iter().enumerate() {
        let number = |it: f64| format!("{it:.0}");
        let again = row.raw[0].max(row.raw[1]) / row.raw();
        table.row(vec![
            row.name.clone(),
            number(row.raw()),
            format!("{again:.2}"),
            number(row.kernel),
            number(row.walk),
            wasmtime.get(i).map_or("-".to_string(), |it| number(*it)),
        ]);
    }
    table.print();
}

fn targets(compiler: &str, rows: &[Row], report: &mut Report) {
    for row in rows {
        match row.name.as_str() {
            "fd_write_1" => {
                let overhead = row.kernel - row.raw();
                report.at_most(format!("{compiler}: fd_write above writev, ns"), overhead, 20.0);
            }
            "path_open_3" => {
                let ratio = row.kernel / row.raw();
                report.at_most(format!("{compiler}: path_open to openat, depth 3"), ratio, 1.3);
            }
            _ => {}
        }
    }
}
