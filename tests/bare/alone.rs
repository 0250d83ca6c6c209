//! What is for machines without an operating system takes nothing from a C library but four
//! functions, and no header at all: it is compiled with five headers of ours (`stubs`), and
//! every symbol that its objects leave to others is one that somebody has promised.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Completion, Failed, Trial};
use wardian::{Error, Instances, Memory, Options, StaticSize};
use wardian_tests::{c, tools};

use crate::sizes::{FLAGS, output};
use crate::{cc, compile, stem, suite, wasi};

/// A compiler with its flags.
struct Target {
    name: &'static str,
    cc: &'static str,
    nm: &'static str,
    flags: &'static str,
}

const fn arm(name: &'static str, flags: &'static str) -> Target {
    Target { name, cc: "arm-none-eabi-gcc", nm: "arm-none-eabi-nm", flags }
}

const TARGETS: &[Target] = &[
    Target { name: "native", cc: "gcc", nm: "nm", flags: "-fno-pic -fno-stack-protector" },
    Target { name: "clang", cc: "clang", nm: "nm", flags: "-fno-pic -fno-stack-protector" },
    arm("cortex-m0", "-mthumb -mcpu=cortex-m0"),
    arm("cortex-m4f", "-mthumb -mcpu=cortex-m4 -mfloat-abi=hard"),
    Target {
        name: "rv32imac",
        cc: "riscv64-unknown-elf-gcc",
        nm: "riscv64-unknown-elf-nm",
        flags: "-march=rv32imac -mabi=ilp32",
    },
];

/// What every C compiler wants to be there.
const BYTES: &[&str] = &["memcpy", "memmove", "memset", "memcmp"];

/// Headers whose functions modules may call.
const MANY: &[&str] = &["wdn.h", "wdn_gen.h", "wdn_ops.h"];
const ONE: &[&str] = &["wdn_one.h", "wdn_ops.h"];

/// A file to compile, and what it may leave to others beside [`BYTES`].
struct Source {
    path: PathBuf,
    flags: &'static str,
    /// Names, and what names begin with if they end in `_`.
    symbols: Vec<String>,
    /// Headers that declare more.
    headers: &'static [&'static str],
}

/// What is compiled by itself, for a folder with room.
type Make = fn(&Path) -> Result<Vec<Source>, Failed>;

pub(crate) fn trials(folder: &Path) -> Vec<Trial> {
    let parts: [(&str, Make); 5] = [
        ("runtime", |_| Ok(runtimes())),
        ("wasi", |_| Ok(vec![library(wasi(), "", &["wdn_exit"])])),
        ("modules", |folder| modules(folder, Instances::Many)),
        ("one", |folder| modules(folder, Instances::One)),
        ("one-wasi", one_wasi),
    ];
    let mut trials = Vec::new();
    for target in TARGETS {
        for (name, make) in parts {
            let folder = folder.join(target.name).join(name);
            let name = format!("alone/{}/{name}", target.name);
            trials.push(Trial::ignorable_test(name, move || target.check(&folder, make)));
        }
    }
    trials
}

fn library(path: PathBuf, flags: &'static str, symbols: &[&str]) -> Source {
    let symbols = symbols.iter().map(|it| it.to_string()).collect();
    Source { path, flags, symbols, headers: &[] }
}

/// The runtime in all its ways to get memory and to end a guest; that for one instance,
/// which needs nothing at all; and the bytes of those who have no C library.
fn runtimes() -> Vec<Source> {
    let one = c::repository().join("runtime-c/src/wdn_one.c");
    let bytes = c::repository().join("runtime-c/src/wdn_bytes.c");
    vec![
        library(c::runtime(), "-DWDN_BARE_ARENA=70000", &[]),
        library(
            c::runtime(),
            "-DWDN_BARE_STACK=stack_low",
            &["stack_low", "wdn_bare_allocate", "wdn_bare_free"],
        ),
        library(c::runtime(), "-DWDN_BARE_ARENA=70000 -DWDN_NO_SETJMP", &["wdn_bare_trapped"]),
        library(one.clone(), "", &[]),
        library(one, "-DWDN_BARE_STACK=stack_low", &["stack_low"]),
        library(bytes, "", &[]),
    ]
}

/// Everything that the emitter's suite makes the translator print.
fn modules(folder: &Path, instances: Instances) -> Result<Vec<Source>, Failed> {
    let (memory, headers) = match instances {
        Instances::One => (Memory::Static(StaticSize::Declared), ONE),
        Instances::Many => (Memory::Bounds, MANY),
    };
    let (mut sources, mut refused) = (Vec::new(), 0);
    for (number, file) in fs::read_dir(c::repository().join("tests/emit"))?.enumerate() {
        let wat = file?.path();
        if wat.extension().is_none_or(|it| it != "wat") {
            continue;
        }
        let name = format!("m{number}");
        let options = Options { name: name.clone(), memory, instances, ..Options::default() };
        let files = match wardian::translate(&wat::parse_file(&wat)?, &options) {
            // Only several instances can share a table.
            Err(Error::Refused { message, .. }) if message.contains("imports the table") => {
                refused += 1;
                continue;
            }
            files => files?,
        };
        for path in c::write(folder, &files)? {
            // Other files of the module, and what its host is to define.
            let symbols = vec![format!("{name}_")];
            sources.push(Source { path, flags: "", symbols, headers });
        }
    }
    if sources.len() < 20 || refused > 5 {
        return Err(format!("{} files, and {refused} modules are refused", sources.len()).into());
    }
    Ok(sources)
}

/// A module of one instance, and a program that gives it WASI.
fn one_wasi(folder: &Path) -> Result<Vec<Source>, Failed> {
    let wasm = wat::parse_file(c::repository().join("tests/one/wasi.wat"))?;
    let memory = Memory::Static(StaticSize::Declared);
    let instances = Instances::One;
    let options = Options { name: "app".to_string(), memory, instances, ..Options::default() };
    let mut paths = c::write(folder, &wardian::translate(&wasm, &options)?)?;
    let glue = folder.join("glue.c");
    fs::write(
        &glue,
        "#include \"app.h\"\n#include \"wdn_wasi_one.h\"\nextern wdn_wasi_bare_t app_wasi;\n\
         WDN_WASI_ONE(app, app_wasi)\n",
    )?;
    paths.push(glue);
    let symbols = ["app_", "wdn_wasi_"].map(str::to_string);
    let source =
        |path| Source { path, flags: "", symbols: symbols.to_vec(), headers: &["wdn_one.h"] };
    Ok(paths.into_iter().map(source).collect())
}

impl Target {
    fn check(&self, folder: &Path, make: Make) -> Result<Completion, Failed> {
        let missing = tools::missing([self.cc, self.nm]);
        if !missing.is_empty() {
            return tools::skip(&missing.join(", "));
        }
        fs::create_dir_all(folder)?;
        for source in make(folder)? {
            let headers = source.headers.iter().map(|it| fs::read_to_string(c::include().join(it)));
            let headers = headers.collect::<Result<String, _>>()?;
            for level in ["-O0", "-Os", "-O2"] {
                let symbols = self.symbols(&source, level, folder)?;
                let mut strange = symbols.lines().filter_map(|it| it.split_whitespace().nth(1));
                if let Some(name) = strange.find(|name| !source.may_need(name, &headers)) {
                    let path = source.path.display();
                    return Err(format!("{path} {} {level} needs `{name}`", source.flags).into());
                }
            }
        }
        Ok(Completion::Completed)
    }

    /// What the file needs of others, as `nm` prints it.
    fn symbols(&self, source: &Source, level: &str, folder: &Path) -> Result<String, Failed> {
        let object = folder.join(stem(&source.path)).with_extension("o");
        let (gcc, flags, more) = (self.cc, self.flags, source.flags);
        let mut cc = cc(&format!("{gcc} {flags} {FLAGS} {level} {more} -nostdinc"));
        cc.args(c::FLAGS).arg("-I").arg(folder).arg("-isystem").arg(suite().join("stubs"));
        compile(cc.arg("-c").arg(&source.path).arg("-o").arg(&object))?;
        output(Command::new(self.nm).arg("--undefined-only").arg(&object))
    }
}

impl Source {
    fn may_need(&self, name: &str, headers: &str) -> bool {
        let promised = |it: &String| name == it || it.ends_with('_') && name.starts_with(it);
        BYTES.contains(&name)
            || is_arithmetic(name)
            || self.symbols.iter().any(promised)
            || headers.contains(&format!(" {name}("))
            || headers.contains(&format!("*{name}("))
    }
}

/// Is it a function of the compiler's own library, which comes with it: arithmetic that the
/// processor lacks, such as `__aeabi_dadd` and `__muldf3`, and tables of jumps?
fn is_arithmetic(name: &str) -> bool {
    let Some(name) = name.strip_prefix("__") else { return false };
    if name.starts_with("aeabi_") || name.starts_with("gnu_thumb1_case_") {
        return true;
    }
    let operation = name.trim_end_matches(|it: char| it.is_ascii_digit());
    let modes = ["si", "di", "sf", "df"];
    !operation.contains('_') && modes.iter().any(|mode| operation.ends_with(mode))
}
