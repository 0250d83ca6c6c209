//! The section of microcontrollers: instructions and bytes of small programs in a
//! sandbox, next to the same programs compiled natively. Both are counted, not timed, so
//! that they are the same on every machine; `tests/sizes` sees that they stay so.

#[path = "../../sizes/measure.rs"]
mod measure;

use std::path::Path;
use std::process::Command;

use crate::report::{Report, Table};
use anyhow::anyhow;
use measure::{BOARD, Figures, MOST_FLASH, MOST_RUNTIME, PROCESSORS, Variant};

/// Builds, counts and prints.
pub(crate) fn section(folder: &Path, report: &mut Report) -> anyhow::Result<()> {
    for tool in ["arm-none-eabi-gcc", "qemu-system-arm"] {
        if Command::new(tool).arg("--version").output().is_err() {
            println!("\nno {tool}: nothing is counted on microcontrollers");
            return Ok(());
        }
    }
    let folder = folder.join("micro");
    std::fs::create_dir_all(&folder)?;
    let wasm = measure::guest(&folder).map_err(|error| anyhow!(error))?;
    for processor in &PROCESSORS {
        let folder = folder.join(processor.name);
        let mut all = Vec::new();
        for variant in Variant::ALL {
            let folder = folder.join(variant.name());
            let figures = measure::measure(processor, &BOARD, variant, &wasm, &folder);
            all.push((variant, figures.map_err(|error| anyhow!(error))?));
        }
        println!("\n{}: native instructions, others relative to native", processor.name);
        print(&all);
        let (_, native) = &all[0];
        for (variant, figures) in &all[1..] {
            let what = format!("{}, {}", processor.name, variant.name());
            if !figures.agrees(native) {
                report.fail(&format!("{what}: wrong checksums"));
            }
            if *variant == Variant::One {
                let runtime = figures.runtime.flash as f64;
                let ram = figures.extra_ram() as f64;
                let flash = figures.growth(native);
                let count = figures.slowdown(native);
                report.at_most(format!("{what}: instructions / native"), count, processor.most);
                report.at_most(format!("{what}: flash / native"), flash, MOST_FLASH);
                let most = MOST_RUNTIME;
                report.at_most(format!("{what}: runtime, flash"), runtime, most.flash as f64);
                report.at_most(format!("{what}: runtime, RAM"), ram, most.ram as f64);
            }
        }
    }
    Ok(())
}

fn print(all: &[(Variant, Figures)]) {
    let mut head = vec![""];
    head.extend(all.iter().map(|(variant, _)| variant.name()));
    let mut table = Table::new(&head);
    let (_, native) = &all[0];
    for (kernel, count) in &native.counts {
        let mut cells = vec![kernel.clone(), count.to_string()];
        for (_, figures) in &all[1..] {
            cells.push(format!("{:.3}", figures.counts[kernel] as f64 / *count as f64));
        }
        table.row(cells);
    }
    let mut means = vec!["geomean".to_string(), String::new()];
    means.extend(all[1..].iter().map(|(_, figures)| format!("{:.3}", figures.slowdown(native))));
    table.row(means);
    let mut sizes = vec!["flash, relative".to_string(), String::new()];
    sizes.extend(all[1..].iter().map(|(_, figures)| format!("{:.3}", figures.growth(native))));
    table.row(sizes);
    let mut row = |what: &str, of: &dyn Fn(&Figures) -> u64| {
        let mut cells = vec![what.to_string()];
        cells.extend(all.iter().map(|(_, figures)| of(figures).to_string()));
        table.row(cells);
    };
    row("flash, program", &|it| it.program.flash);
    row("flash, runtime", &|it| it.runtime.flash);
    row("RAM, program", &|it| it.program.ram);
    row("RAM, runtime", &|it| it.runtime.ram);
    table.print();
}
