//! What cross compilers make of the bare parts: how large they are, and that they
//! take nothing from a C library but four functions, and no header at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian::{Memory, Options};
use wardian_tests::{c, process, tools};

use crate::{cc, compile, stem, suite, wasi};

/// A compiler for machines without an operating system.
struct Target {
    name: &'static str,
    /// Of the compiler and its tools.
    prefix: &'static str,
    flags: &'static str,
}

const TARGETS: &[Target] = &[
    Target { name: "cortex-m0", prefix: "arm-none-eabi-", flags: "-mthumb -mcpu=cortex-m0" },
    Target { name: "cortex-m4", prefix: "arm-none-eabi-", flags: "-mthumb -mcpu=cortex-m4" },
    Target {
        name: "cortex-m4f",
        prefix: "arm-none-eabi-",
        flags: "-mthumb -mcpu=cortex-m4 -mfloat-abi=hard",
    },
    Target {
        name: "rv32imac",
        prefix: "riscv64-unknown-elf-",
        flags: "-march=rv32imac -mabi=ilp32",
    },
];

const FLAGS: &str = "-std=c99 -ffreestanding -ffunction-sections -fdata-sections \
                     -Wall -Wextra -pedantic -Werror";

/// What every C compiler wants to be there, and the one function of the runtime that
/// WASI calls. What begins with two underscores is the compiler's own.
const ALLOWED: &[&str] = &["memcpy", "memmove", "memset", "memcmp"];

const STDIO: &[&str] = &[
    "args_get",
    "args_sizes_get",
    "environ_get",
    "environ_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "fd_read",
    "fd_write",
    "fd_close",
    "fd_fdstat_get",
    "fd_prestat_get",
    "fd_prestat_dir_name",
    "poll_oneoff",
    "proc_exit",
    "random_get",
    "sched_yield",
];

const FILES: &[&str] = &[
    "fd_seek",
    "fd_tell",
    "fd_pread",
    "fd_filestat_get",
    "fd_readdir",
    "path_open",
    "path_filestat_get",
];

const STDIO_LIMIT: u64 = 1536;
const FILES_LIMIT: u64 = 3584;

pub(crate) fn trials(folder: &Path) -> Vec<Trial> {
    let mut trials = vec![
        size("size/stdio", folder, "-DWDN_WASI_BARE_NO_FILES", STDIO.to_vec(), STDIO_LIMIT),
        size("size/files", folder, "", [STDIO, FILES].concat(), FILES_LIMIT),
    ];
    for target in TARGETS {
        let folder = folder.join(target.name);
        let mut add = |name: &str, sources: fn(&Path) -> Result<Sources, Failed>| {
            let folder = folder.join(name);
            trials.push(Trial::ignorable_test(
                format!("alone/{}/{name}", target.name),
                move || {
                    fs::create_dir_all(&folder)?;
                    alone(target, &folder, sources)
                },
            ));
        };
        add("wasi", |_| Ok(vec![(wasi(), "", &["wdn_exit"])]));
        add("runtime", |_| Ok(runtimes()));
        add("modules", modules);
    }
    trials
}

// ---- Sizes --------------------------------------------------------------------

/// Text on a Cortex-M4 of what guests import, with everything else left out.
fn size(
    name: &'static str,
    folder: &Path,
    flag: &'static str,
    functions: Vec<&'static str>,
    limit: u64,
) -> Trial {
    let object = folder.join(name.replace('/', "-")).with_extension("o");
    Trial::ignorable_test(name, move || {
        let missing = tools::missing(["arm-none-eabi-gcc", "arm-none-eabi-size"]);
        if !missing.is_empty() {
            return tools::skip(&missing.join(", "));
        }
        let line = format!("arm-none-eabi-gcc -mthumb -mcpu=cortex-m4 -Os {FLAGS} {flag}");
        let mut cc = cc(&line);
        cc.args(["-nostdlib", "-r", "-Wl,--gc-sections", "-Wl,-u,wdn_wasi_bare_init"]);
        cc.args(functions.iter().map(|it| format!("-Wl,-u,wdn_wasi_{it}")));
        compile(cc.arg(wasi()).arg("-o").arg(&object))?;
        let text = output(Command::new("arm-none-eabi-size").arg(&object))?;
        let size = text.lines().nth(1).and_then(|it| it.split_whitespace().next()?.parse().ok());
        match size {
            Some(0) | None => Err(format!("no size in:\n{text}").into()),
            Some(size) if size > limit => Err(format!("{size} bytes, more than {limit}").into()),
            Some(size) => {
                println!("{name}: {size} bytes of {limit}");
                Ok(Completion::Completed)
            }
        }
    })
}

fn output(command: &mut Command) -> Result<String, Failed> {
    let outcome = process::run(command, Duration::from_secs(60))?;
    if outcome.success() {
        return Ok(String::from_utf8_lossy(&outcome.stdout).into_owned());
    }
    Err(format!("{command:?}: {}", outcome.describe()).into())
}

// ---- Headers and symbols --------------------------------------------------------

/// Files to compile, each with flags and with symbols that it may leave to others.
type Sources = Vec<(PathBuf, &'static str, &'static [&'static str])>;

/// The runtime in all its ways to get memory and to end a guest.
fn runtimes() -> Sources {
    vec![
        (c::runtime(), "-DWDN_BARE_ARENA=70000", &[]),
        (
            c::runtime(),
            "-DWDN_BARE_STACK=stack_low",
            &["stack_low", "wdn_bare_allocate", "wdn_bare_free"],
        ),
        (c::runtime(), "-DWDN_BARE_ARENA=70000 -DWDN_NO_SETJMP", &["wdn_bare_trapped"]),
    ]
}

/// Everything that the emitter's suite makes the translator print, in bounds.
fn modules(folder: &Path) -> Result<Sources, Failed> {
    let mut sources = Sources::new();
    for file in fs::read_dir(c::repository().join("tests/emit"))? {
        let wat = file?.path();
        if wat.extension().is_none_or(|it| it != "wat") {
            continue;
        }
        let name = format!("m{}", sources.len());
        let options = Options { name, memory: Memory::Bounds, ..Options::default() };
        let wasm = wat::parse_file(&wat)?;
        let files = wardian::translate(&wasm, &options)?;
        for source in c::write(folder, &files)? {
            sources.push((source, "", &[]));
        }
    }
    if sources.is_empty() { Err("no modules".into()) } else { Ok(sources) }
}

fn alone(
    target: &Target,
    folder: &Path,
    sources: fn(&Path) -> Result<Sources, Failed>,
) -> Result<Completion, Failed> {
    let (gcc, nm) = (format!("{}gcc", target.prefix), format!("{}nm", target.prefix));
    let missing = tools::missing([gcc.as_str(), nm.as_str()]);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    // What the runtime gives to modules.
    let provided = [c::include().join("wdn.h"), c::include().join("wdn_gen.h")]
        .iter()
        .chain(&[c::include().join("wdn_ops.h")])
        .map(fs::read_to_string)
        .collect::<Result<String, _>>()?;
    for (source, flags, more) in sources(folder)? {
        for level in ["-O0", "-Os", "-O2"] {
            let object = folder.join(stem(&source)).with_extension("o");
            let line = format!("{gcc} {} {FLAGS} {level} {flags} -nostdinc", target.flags);
            let mut cc = cc(&line);
            cc.args(c::FLAGS).arg("-isystem").arg(suite().join("stubs"));
            compile(cc.arg("-c").arg(&source).arg("-o").arg(&object))?;
            let symbols = output(Command::new(&nm).arg("--undefined-only").arg(&object))?;
            let is_module = source.starts_with(folder);
            let strange: Vec<&str> = symbols
                .lines()
                .filter_map(|line| line.split_whitespace().nth(1))
                .filter(|name| !name.starts_with("__") && !ALLOWED.contains(name))
                .filter(|name| !more.contains(name))
                .filter(|name| !(is_module && provided.contains(&format!(" {name}("))))
                .filter(|name| !(is_module && provided.contains(&format!("*{name}("))))
                .collect();
            if !strange.is_empty() {
                return Err(format!("{} {level} needs {strange:?}", source.display()).into());
            }
        }
    }
    Ok(Completion::Completed)
}
