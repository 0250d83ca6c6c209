//! The section of small programs: one per file of `kernels/`, whose comment
//! says how much work a run is (`n: 100`).

use crate::build::{self, Built, Program, Variant, Variants};
use crate::measure::{self, Plan, Series};
use crate::report::{Report, Table};
use crate::tools::{Compiler, Tools};
use crate::{Arguments, process, stats};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// One column: a variant, or the native program once more to show the noise.
const AGAIN: &str = "again";

/// Builds, measures and prints.
pub(crate) fn section(
    arguments: &Arguments,
    folder: &Path,
    tools: &Tools,
    report: &mut Report,
) -> anyhow::Result<()> {
    let programs = find(arguments, folder, tools)?;
    let mut built = Vec::new();
    for program in &programs {
        let folder = folder.join("kernels").join(&program.name);
        let variants = build::variants(program, &folder, tools, &tools.compilers, arguments.jobs)?;
        built.push((program, variants));
    }
    for (i, compiler) in tools.compilers.iter().enumerate() {
        let rows = built.iter().map(|(program, variants)| (*program, &variants[i]));
        let rows = rows.collect::<Vec<_>>();
        let ratios = compare(arguments, tools, compiler, &rows, "kernels", report)?;
        targets(&ratios, &format!("kernels, {}", compiler.name), report);
    }
    Ok(())
}

fn find(arguments: &Arguments, folder: &Path, tools: &Tools) -> anyhow::Result<Vec<Program>> {
    let mem = folder.join("mem.o");
    std::fs::create_dir_all(folder)?;
    let mut command = Command::new("clang");
    command.args(["--target=wasm32", "-O2", "-fno-builtin", "-c", "-o"]).arg(&mem);
    process::run(command.arg(tools.file("glue/mem.c")))?;
    let mem = mem.to_str().context("the folder's name is not UTF-8")?;
    let wasm_flags = ["--target=wasm32", "-nostdlib", mem].map(String::from);
    let mut programs = Vec::new();
    for source in build::c_files(&tools.file("kernels"))? {
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if !arguments.filter.is_empty() && !arguments.filter.iter().any(|it| name.contains(it)) {
            continue;
        }
        let text = std::fs::read_to_string(&source)?;
        let (_, rest) = text.split_once("/* n: ").context("a kernel needs a line /* n: 100 */")?;
        let n = rest.split(' ').next().unwrap_or_default().parse()?;
        programs.push(Program {
            name,
            n,
            sources: vec![source],
            flags: Vec::new(),
            wasm_flags: wasm_flags.to_vec(),
        });
    }
    if programs.is_empty() {
        bail!("no kernel has such a name");
    }
    Ok(programs)
}

/// Measures programs that one compiler has built, and prints the tables.
pub(crate) fn compare(
    arguments: &Arguments,
    tools: &Tools,
    compiler: &Compiler,
    programs: &[(&Program, &Variants)],
    title: &str,
    report: &mut Report,
) -> anyhow::Result<Ratios> {
    let unit = if arguments.ir { "million instructions" } else { "ms" };
    println!("\n{title}, {}: native in {unit}, others relative to native", compiler.name);
    if arguments.ir && tools.callgrind.is_err() {
        bail!("--ir needs valgrind");
    }
    let mut all: BTreeMap<&str, BTreeMap<&str, Series>> = BTreeMap::new();
    for (program, variants) in programs {
        let whose = format!("{} {}", compiler.name, program.name);
        for (variant, why) in &variants.failures {
            report.fail(&format!("{whose} {}: {why}", variant.name()));
        }
        let measured = measure(arguments, program, &variants.built);
        all.insert(&program.name, agreeing(measured, &whose, report));
    }
    let ratios = print_runs(&all, arguments.ir);
    print_costs(programs);
    Ok(ratios)
}

/// The series of variants that work and give the native program's checksum.
fn agreeing(
    measured: Measured<'_>,
    whose: &str,
    report: &mut Report,
) -> BTreeMap<&'static str, Series> {
    let mut good = BTreeMap::new();
    let mut expected: Option<String> = None;
    for (_, name, series) in measured {
        match series {
            Err(error) => report.fail(&format!("{whose} {name}: {error:#}")),
            Ok(series) => {
                let sum = expected.get_or_insert_with(|| series.sums[0].clone());
                match series.sums.iter().find(|it| *it != sum) {
                    None => drop(good.insert(name, series)),
                    Some(wrong) => report
                        .fail(&format!("{whose} {name}: WRONG CHECKSUM {wrong}, should be {sum}")),
                }
            }
        }
    }
    good
}

/// A variant, its column, and what came of it.
type Measured<'a> = Vec<(&'a Built, &'static str, anyhow::Result<Series>)>;

fn measure<'a>(arguments: &Arguments, program: &Program, built: &'a [Built]) -> Measured<'a> {
    if arguments.ir {
        let n = (program.n / if arguments.quick { 48 } else { 16 }).max(1);
        // An interpreter around the code, or a JIT, is not what callgrind can count.
        let countable = built.iter().filter(|it| it.variant != Variant::Wasmtime);
        let countable = countable.collect::<Vec<_>>();
        let series =
            process::parallel(arguments.jobs, &countable, |built| measure::instructions(built, n));
        let named = countable.into_iter().zip(series);
        return named.map(|(built, series)| (built, built.variant.name(), series)).collect();
    }
    let plan = Plan {
        n: if arguments.quick { (program.n / 5).max(1) } else { program.n },
        rounds: arguments.rounds.unwrap_or(if arguments.quick { 3 } else { 7 }),
        repetitions: 2,
        cpu: arguments.cpu,
    };
    let mut order = built.iter().map(|it| (it, it.variant.name())).collect::<Vec<_>>();
    if let Some(native) = built.iter().find(|it| it.variant == Variant::Native) {
        order.push((native, AGAIN));
    }
    let programs = order.iter().map(|(built, _)| *built).collect::<Vec<_>>();
    let series = measure::time(&programs, plan);
    order.into_iter().zip(series).map(|((built, name), series)| (built, name, series)).collect()
}

/// Ratios to native of each column, by kernel.
pub(crate) type Ratios = BTreeMap<&'static str, BTreeMap<String, f64>>;

fn print_runs(all: &BTreeMap<&str, BTreeMap<&'static str, Series>>, ir: bool) -> Ratios {
    let mut columns = vec![AGAIN];
    columns.extend(Variant::ALL.iter().skip(1).map(|it| it.name()));
    columns.retain(|name| all.values().any(|row| row.contains_key(name)));
    let mut head = vec!["", "native"];
    head.extend(&columns);
    let mut table = Table::new(&head);
    let mut ratios = Ratios::new();
    for (kernel, row) in all {
        let Some(native) = row.get(Variant::Native.name()) else { continue };
        let mut cells = vec![kernel.to_string()];
        cells.push(format!("{:.1}", stats::minimum(&native.values) / 1e6));
        for column in &columns {
            cells.push(match row.get(column) {
                None => "-".to_string(),
                Some(series) => {
                    let ratio = stats::minimum(&series.values) / stats::minimum(&native.values);
                    ratios.entry(column).or_default().insert(kernel.to_string(), ratio);
                    if ir { format!("{ratio:.3}") } else { with_spread(ratio, series, native) }
                }
            });
        }
        table.row(cells);
    }
    let mut means = vec!["geomean".to_string(), String::new()];
    for column in &columns {
        let values = ratios.get(column).map(|it| it.values().copied().collect::<Vec<_>>());
        let mean = stats::geomean(&values.unwrap_or_default());
        means.push(mean.map_or("-".to_string(), |mean| format!("{mean:.3}")));
    }
    table.row(means);
    table.print();
    ratios
}

/// The ratio of the best times, and half the range in which the middle half of
/// the rounds' ratios lies.
fn with_spread(ratio: f64, series: &Series, native: &Series) -> String {
    let pairs = series.values.iter().zip(&native.values).map(|(a, b)| a / b).collect::<Vec<_>>();
    let spread = (stats::quantile(&pairs, 0.75) - stats::quantile(&pairs, 0.25)) / 2.0;
    format!("{ratio:.2} ±{:.0}%", 100.0 * spread / ratio)
}

fn print_costs(programs: &[(&Program, &Variants)]) {
    let mut table = Table::new(&["", "C KB", "compile s", "compile MB", ".text KB"]);
    for variant in Variant::ALL {
        let built = programs.iter().flat_map(|(_, variants)| &variants.built);
        let built = built.filter(|it| it.variant == variant && it.c_bytes > 0).collect::<Vec<_>>();
        if built.is_empty() {
            continue;
        }
        let sum = |of: fn(&Built) -> f64| built.iter().map(|it| of(it)).sum::<f64>();
        let peak = built.iter().map(|it| it.compile_memory).max().unwrap_or(0);
        table.row(vec![
            variant.name().to_string(),
            format!("{:.1}", sum(|it| it.c_bytes as f64) / 1e3),
            format!("{:.2}", sum(|it| it.compile_time.as_secs_f64())),
            format!("{:.0}", peak as f64 / 1e6),
            format!("{:.1}", sum(|it| it.text_bytes as f64) / 1e3),
        ]);
    }
    println!();
    table.print();
}

/// Over the kernels that both columns have.
fn mean_ratio(ratios: &Ratios, of: Variant, to: Option<Variant>) -> Option<f64> {
    let values = ratios.get(of.name())?;
    let Some(to) = to else {
        return stats::geomean(&values.values().copied().collect::<Vec<_>>());
    };
    let base = ratios.get(to.name())?;
    let both = values.iter().filter_map(|(kernel, value)| Some(value / base.get(kernel)?));
    stats::geomean(&both.collect::<Vec<_>>())
}

fn targets(ratios: &Ratios, what: &str, report: &mut Report) {
    for (variant, peer, limit, peer_limit) in [
        (Variant::Guard, Variant::Wasm2cGuard, 1.30, 0.90),
        (Variant::Bounds, Variant::Wasm2cBounds, 1.60, 0.80),
    ] {
        if let Some(mean) = mean_ratio(ratios, variant, None) {
            report.at_most(format!("{what}: {} / native", variant.name()), mean, limit);
        }
        if let Some(mean) = mean_ratio(ratios, variant, Some(peer)) {
            let name = format!("{what}: {} / {}", variant.name(), peer.name());
            report.at_most(name, mean, peer_limit);
        }
    }
}
