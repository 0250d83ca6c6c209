//! The section of instances: what it takes to create, call and destroy one of
//! a small module, and to enter a function from the host.

use crate::build::{self, Variant};
use crate::process;
use crate::report::{Report, Table};
use crate::tools::{Compiler, Tools};
use anyhow::Context;
use std::path::Path;
use std::process::Command;

const MEASURED: [&str; 3] = ["instance", "entry", "call"];

/// Builds, measures and prints.
pub(crate) fn section(folder: &Path, tools: &Tools, report: &mut Report) -> anyhow::Result<()> {
    let folder = folder.join("instances");
    std::fs::create_dir_all(&folder)?;
    let wasm = folder.join("k.wasm");
    let mut command = Command::new("clang");
    command.args(["--target=wasm32", "-O2", "-nostdlib", "-Wl,--no-entry"]);
    command.args(["-Wl,--export=first", "-Wl,--export=nothing", "-Wl,-z,stack-size=4096", "-o"]);
    process::run(command.arg(&wasm).arg(tools.file("instances/module.c")))?;
    let made = build::translations(&wasm, &folder, tools);
    println!("\ninstances: create, call and destroy one; enter a function; call it when inside");
    let mut table = Table::new(&["", "instance us", "entry ns", "call ns"]);
    for compiler in &tools.compilers {
        for (variant, result) in &made {
            let name = format!("{} {}", compiler.name, variant.name());
            let numbers = match result {
                Ok(()) => measure(&folder, tools, compiler, *variant),
                Err(error) => Err(anyhow::anyhow!("translation: {error:#}")),
            };
            match numbers {
                Err(error) => report.fail(&format!("{name} instances: {error:#}")),
                Ok([instance, entry, call]) => {
                    let cells = [instance / 1e3, entry, call].map(|number| format!("{number:.1}"));
                    table.row([vec![name.clone()], cells.to_vec()].concat());
                    if *variant != Variant::Wasm2cGuard {
                        report.at_most(format!("{name}: instance, us"), instance / 1e3, 25.0);
                        report.at_most(format!("{name}: entry, ns"), entry, 20.0);
                    }
                }
            }
        }
    }
    table.print();
    Ok(())
}

fn measure(
    folder: &Path,
    tools: &Tools,
    compiler: &Compiler,
    variant: Variant,
) -> anyhow::Result<[f64; 3]> {
    let host = match variant {
        Variant::Wasm2cGuard => "instances/wasm2c.c",
        _ => "instances/host.c",
    };
    let program = build::host(&tools.file(host), folder, tools, compiler, variant)?;
    let done = process::run(&mut Command::new(program))?;
    let number = |what: &str| -> anyhow::Result<f64> {
        let line = done.stdout.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(' '));
        Ok(line.with_context(|| format!("it did not print {what}"))?.parse()?)
    };
    Ok([number(MEASURED[0])?, number(MEASURED[1])?, number(MEASURED[2])?])
}
