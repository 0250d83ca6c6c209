//! The section of hosts in Rust: what calls take, how fast a sandboxed library decodes, and
//! what building one takes. Cargo builds the packages `rust/` and `examples/png` as it would
//! for anybody. Every number is the best of several rounds, the others are next to it:
//! timings vary, and more so on a machine that has other things to do.

use crate::process;
use crate::report::{Report, Table};
use crate::stats::{minimum, quantile};
use crate::tools::{Compiler, Tools};
use anyhow::Context;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Features of the package that is called, what they are, and the targets of a call.
const CALLED: [(&str, &str, Option<f64>); 6] = [
    ("noop,abort", "native", None),
    ("noop", "native, traps are caught", None),
    ("abort", "guard", Some(10.0)),
    ("", "guard, traps are caught", Some(20.0)),
    ("bounds,abort", "bounds", Some(10.0)),
    ("bounds", "bounds, traps are caught", Some(20.0)),
];

/// Rounds of decoding, in each of which every decoder has many turns.
const ROUNDS: usize = 5;

/// Builds, measures and prints.
pub(crate) fn section(folder: &Path, tools: &Tools, report: &mut Report) -> anyhow::Result<()> {
    for compiler in &tools.compilers {
        calls(tools, compiler, report)?;
        decoding(tools, compiler, report)?;
    }
    building(&folder.join("rust"), tools, report)
}

/// Kept, since most of what is in it is always the same.
fn target() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).context("it is not in a target folder")?;
    Ok(target.join("bench-rust"))
}

/// Cargo, for a package of this repository.
fn cargo(verb: &str, package: &Path, target: &Path, features: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args([verb, "--release", "--quiet", "--features", features]);
    command.arg("--manifest-path").arg(package.join("Cargo.toml"));
    command.arg("--target-dir").arg(target).env_remove("RUSTFLAGS");
    command
}

/// `best (median, worst)`.
fn spread(values: &[f64]) -> String {
    let [best, median, worst] = [0.0, 0.5, 1.0].map(|part| quantile(values, part));
    format!("{best:.1} ({median:.1}, {worst:.1})")
}

fn calls(tools: &Tools, compiler: &Compiler, report: &mut Report) -> anyhow::Result<()> {
    println!("\ncalls between Rust and a library, by {}: ns, best (median, worst)", compiler.name);
    let mut table = Table::new(&["", "host to guest", "callback", "import"]);
    for (features, name, limit) in CALLED {
        let mut command = cargo("run", &tools.file("rust"), &target()?, features);
        // The native library needs a compiler of C++, which CXX names.
        let cxx = if compiler.name == "clang" { "clang++" } else { "c++" };
        command.env("CC", &compiler.name).env("CXX", cxx);
        let done = process::run(&mut command)?;
        let row = |what: &str| -> anyhow::Result<Option<Vec<f64>>> {
            let line = done.stdout.lines().find_map(|it| it.strip_prefix(what)?.strip_prefix(' '));
            let numbers = |line: &str| line.split(' ').map(|it| Ok(it.parse()?)).collect();
            line.map(numbers).transpose()
        };
        let call = row("call")?.context("no call")?;
        let callback = row("callback")?.context("no callback")?;
        let import = row("import")?.map_or("-".to_string(), |it| spread(&it));
        table.row(vec![name.to_string(), spread(&call), spread(&callback), import]);
        if let Some(limit) = limit {
            let what = format!("{} {name}: call from Rust, ns", compiler.name);
            report.at_most(what, minimum(&call), limit);
            // Whether traps are caught is nothing to it: the entry is made before.
            let what = format!("{} {name}: callback, ns", compiler.name);
            report.at_most(what, minimum(&callback), 20.0);
        }
    }
    table.print();
    Ok(())
}

/// What the example says about itself, several times: time, and time relative to native.
fn decoding(tools: &Tools, compiler: &Compiler, report: &mut Report) -> anyhow::Result<()> {
    println!("\nlibpng, by {}: ms and ratio, best (median, worst)", compiler.name);
    let mut table = Table::new(&["", "native ms", "sandboxed ms", "ratio", "with a new sandbox"]);
    for (features, name) in [("compare", "guard"), ("compare,bounds", "bounds")] {
        let mut rows: [Vec<f64>; 4] = Default::default();
        for _ in 0..ROUNDS {
            let mut command = cargo("run", &tools.root.join("examples/png"), &target()?, features);
            command.args(["--example", "throughput"]).env("CC", &compiler.name);
            let done = process::run(&mut command)?;
            let time = |what: &str| -> anyhow::Result<f64> {
                let line = done.stdout.lines().find_map(|line| line.strip_prefix(what));
                let word = line.and_then(|it| it.split_whitespace().next());
                Ok(word.with_context(|| format!("no time of {what}"))?.parse()?)
            };
            let (native, inside, fresh) = (time("native")?, time(name)?, time("new sandbox")?);
            for (row, it) in rows.iter_mut().zip([native, inside, inside / native, fresh / native])
            {
                row.push(it);
            }
        }
        let ratio = |row: &[f64]| {
            let [best, median, worst] = [0.0, 0.5, 1.0].map(|part| quantile(row, part));
            format!("{best:.3} ({median:.3}, {worst:.3})")
        };
        let [native, inside, relative, fresh] = &rows;
        table.row(vec![
            name.to_string(),
            spread(native),
            spread(inside),
            ratio(relative),
            ratio(fresh),
        ]);
        if name == "guard" {
            let what = format!("{} {name}: decoding / native, median", compiler.name);
            report.at_most(what, quantile(relative, 0.5), 1.25);
        }
    }
    table.print();
    Ok(())
}

/// An example from nothing, again, and again with a build script that has nothing to do.
fn building(folder: &Path, tools: &Tools, report: &mut Report) -> anyhow::Result<()> {
    println!("\nbuilding examples/png by cargo --release");
    let target = folder.join("target");
    let build = || cargo("build", &tools.root.join("examples/png"), &target, "");
    let clean = process::run(&mut build())?;
    let (mut again, mut script) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        again.push(process::run(&mut build())?.wall.as_secs_f64());
    }
    for i in 0..2 * ROUNDS {
        // To cargo, this variable is another one each time. To the script it is as good as none.
        let flags = " ".repeat(i + 1);
        process::run(build().arg("--timings").env("CFLAGS_wasm32_wasi", flags))?;
        script.push(duration_of_script(&target.join("cargo-timings/cargo-timing.html"))?);
    }
    let mut table = Table::new(&["", "s", "CPU s"]);
    let seconds = |it: &[f64]| {
        let [best, median, worst] = [0.0, 0.5, 1.0].map(|part| quantile(it, part));
        format!("{best:.2} ({median:.2}, {worst:.2})")
    };
    let (wall, cpu) = (clean.wall.as_secs_f64(), clean.cpu.as_secs_f64());
    table.row(["from nothing".to_string(), format!("{wall:.1}"), format!("{cpu:.1}")].into());
    table.row(vec!["again: no script is run".to_string(), seconds(&again)]);
    table.row(vec!["its build script, nothing changed".to_string(), seconds(&script)]);
    table.print();
    report.at_most("build script, nothing changed, s".to_string(), minimum(&script), 0.2);
    Ok(())
}

/// Cargo's own measurement, from the page that it writes.
fn duration_of_script(page: &Path) -> anyhow::Result<f64> {
    let text = fs::read_to_string(page)?;
    let list = text.split_once("UNIT_DATA = ").context("a page of another cargo")?.1;
    let units = serde_json::Deserializer::from_str(list).into_iter::<serde_json::Value>().next();
    let units = units.context("a page without units")??;
    let is_script = |unit: &&serde_json::Value| {
        unit["name"] == "sandboxed-png" && unit["mode"] == "run-custom-build"
    };
    let unit = units.as_array().and_then(|it| it.iter().find(is_script));
    unit.and_then(|it| it["duration"].as_f64()).context("the build script is not on the page")
}
