//! How large sandboxed programs are on microcontrollers and how many instructions they
//! execute, compared with the same programs compiled natively. `PROCESSOR.txt` says
//! what it was; a figure may only become better. `BLESS=1` writes the files. With other
//! compilers than those that a file names, only what must not be exceeded is looked at.

mod calls;
mod measure;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use measure::{
    BOARD, Board, CAP, Figures, MOST_FLASH, MOST_RUNTIME, PROCESSORS, Processor, Variant,
};
use wardian_tests::tools;

/// A figure is worse if it is more than so many times what it was and a few.
const SLACK: f64 = 1.01;
const FEW: u64 = 16;

/// Bytes of the one global that the kernels have, their stack pointer.
const GLOBALS: u64 = 4;

/// What compiles and runs the kernels.
const TOOLS: [&str; 4] = ["clang", "wasm-ld", "arm-none-eabi-gcc", "qemu-system-arm"];

/// A Cortex-M0 with 16 KB of RAM, stack included. Its timer is elsewhere.
const SMALL: Board = Board { machine: "microbit", ram: ["0x20000000", "0x4000"] };

fn main() {
    let args = Arguments::from_args();
    let trials = PROCESSORS.iter().map(|processor| {
        let name = format!("kernels/{}", processor.name);
        Trial::ignorable_test(name, move || kernels(processor))
    });
    let small = Trial::ignorable_test("kernels/16k", small);
    let trials = trials.chain([small]).chain(calls::trials());
    libtest_mimic::run(&args, trials.collect()).exit();
}

fn suite() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sizes")
}

fn kernels(processor: &Processor) -> Result<Completion, Failed> {
    let missing = tools::missing(TOOLS);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    let folder = tempfile::tempdir()?;
    let wasm = measure::guest(folder.path())?;
    let mut all = Vec::new();
    for variant in Variant::ALL {
        let folder = folder.path().join(variant.name());
        let figures = measure::measure(processor, &BOARD, variant, &wasm, &folder)?;
        if all.first().is_some_and(|(_, native)| !figures.agrees(native)) {
            return Err(format!("{} computes something else", variant.name()).into());
        }
        all.push((variant, figures));
    }
    limits(processor, &all)?;
    let rows = rows(&all);
    let path = suite().join(processor.name).with_extension("txt");
    let compilers = compilers()?;
    let text = format!("{compilers}\n{}", print(&rows));
    print!("{}:\n{text}", processor.name);
    if env::var_os("BLESS").is_some() {
        fs::write(path, text)?;
        return Ok(Completion::Completed);
    }
    let known = fs::read_to_string(path)?;
    let (others, known) = known.split_once('\n').ok_or("no compilers")?;
    if others != compilers {
        println!("not compared with what {others} made");
        return Ok(Completion::Completed);
    }
    let worse = worse(&rows, &parse(known));
    if worse.is_empty() {
        return Ok(Completion::Completed);
    }
    Err(format!("worse than they were:\n{}\nall:\n{text}", worse.join("\n")).into())
}

/// The compilers and their versions, on which all figures depend.
fn compilers() -> Result<String, Failed> {
    let version = |compiler: &str, flag| -> Result<String, Failed> {
        let output = Command::new(compiler).arg(flag).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
    };
    let gcc = version("arm-none-eabi-gcc", "-dumpfullversion")?;
    Ok(format!("gcc {gcc}, clang {}", version("clang", "-dumpversion")?))
}

/// What a module of one instance must not need more of.
fn limits(processor: &Processor, all: &[(Variant, Figures)]) -> Result<(), Failed> {
    let of = |wanted: Variant| all.iter().find(|it| it.0 == wanted).map(|it| &it.1);
    let (Some(native), Some(one)) = (of(Variant::Native), of(Variant::One)) else {
        return Err("not all were measured".into());
    };
    let (slowdown, growth, ram) = (one.slowdown(native), one.growth(native), one.extra_ram());
    println!("{}: instructions x{slowdown:.3}, flash x{growth:.3}, RAM +{ram}", processor.name);
    let (flash, cap) = (one.runtime.flash, u64::from(CAP));
    let too_much = [
        (slowdown > processor.most, format!("{slowdown:.3} times the instructions")),
        (growth > MOST_FLASH, format!("{growth:.3} times the flash")),
        (flash == 0 || flash > MOST_RUNTIME.flash, format!("{flash} bytes of flash: runtime")),
        (one.memory() != cap, format!("{} bytes of RAM: memory", one.memory())),
        (one.globals() != GLOBALS, format!("{} bytes of RAM: globals", one.globals())),
        (ram > MOST_RUNTIME.ram, format!("{ram} bytes of RAM: runtime")),
    ];
    let too_much: Vec<String> = too_much.into_iter().filter(|it| it.0).map(|it| it.1).collect();
    if too_much.is_empty() { Ok(()) } else { Err(too_much.join(", ").into()) }
}

/// A Cortex-M0 with 16 KB of RAM has room for the guest, its memory and the stack.
fn small() -> Result<Completion, Failed> {
    let missing = tools::missing(TOOLS);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    let folder = tempfile::tempdir()?;
    let wasm = measure::guest(folder.path())?;
    let [m0, _] = &PROCESSORS;
    let native = folder.path().join("native");
    let native = measure::measure(m0, &BOARD, Variant::Native, &wasm, &native)?;
    let one = measure::measure(m0, &SMALL, Variant::One, &wasm, &folder.path().join("one"))?;
    if one.agrees(&native) {
        return Ok(Completion::Completed);
    }
    Err("it computes something else".into())
}

/// What was measured: a figure of each variant.
type Rows = BTreeMap<String, Vec<u64>>;

fn rows(all: &[(Variant, Figures)]) -> Rows {
    let mut rows = Rows::new();
    for (_, figures) in all {
        for (kernel, count) in &figures.counts {
            rows.entry(format!("instructions {kernel}")).or_default().push(*count);
        }
        let bytes = [
            ("flash program", figures.program.flash),
            ("flash runtime", figures.runtime.flash),
            ("ram program", figures.program.ram),
            ("ram runtime", figures.runtime.ram),
        ];
        for (what, size) in bytes {
            rows.entry(what.to_string()).or_default().push(size);
        }
    }
    rows
}

fn print(rows: &Rows) -> String {
    let mut text = format!("{:<22}", "");
    for variant in Variant::ALL {
        let _ = write!(text, "{:>10}", variant.name());
    }
    text.push('\n');
    for (what, values) in rows {
        let _ = write!(text, "{what:<22}");
        for value in values {
            let _ = write!(text, "{value:>10}");
        }
        text.push('\n');
    }
    text
}

fn parse(text: &str) -> Rows {
    let rows = text.lines().skip(1).map(|line| {
        let (what, values) = line.split_at(line.len().min(22));
        let values = values.split_whitespace().filter_map(|it| it.parse().ok());
        (what.trim().to_string(), values.collect())
    });
    rows.collect()
}

/// Figures that are more than they were, or that nobody has written down.
fn worse(rows: &Rows, known: &Rows) -> Vec<String> {
    let mut worse = Vec::new();
    for (what, values) in rows {
        let known = known.get(what).map(Vec::as_slice).unwrap_or_default();
        for (i, (value, variant)) in values.iter().zip(Variant::ALL).enumerate() {
            let limit = known.get(i).map(|it| (*it as f64 * SLACK) as u64 + FEW);
            if limit.is_none_or(|limit| *value > limit) {
                let was = known.get(i).map_or("unknown".to_string(), u64::to_string);
                worse.push(format!("{what} {}: {value}, was {was}", variant.name()));
            }
        }
    }
    worse
}
