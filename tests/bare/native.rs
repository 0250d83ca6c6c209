//! Runs `native/*.c` on this machine: every file through every compiler, and through
//! emulators of a 32-bit and of a big-endian one. A program says what is wrong, and
//! returns 0 if nothing is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian_tests::{process, tools};

use crate::{cc, compile, files, stem, wasi};

const LIMIT: Duration = Duration::from_secs(120);

struct Config {
    name: &'static str,
    cc: &'static str,
    emulator: Option<&'static str>,
}

const CONFIGS: &[Config] = &[
    Config {
        name: "gcc",
        cc: "gcc -std=c99 -O2 -Wall -Wextra -pedantic -Wconversion",
        emulator: None,
    },
    Config {
        name: "gcc-freestanding",
        cc: "gcc -std=c99 -Os -ffreestanding -Wall -Wextra -pedantic",
        emulator: None,
    },
    Config {
        name: "clang",
        cc: "clang -std=c99 -O2 -Wall -Wextra -pedantic -Wconversion",
        emulator: None,
    },
    Config { name: "tcc", cc: "tcc -Wall", emulator: None },
    Config {
        name: "gcc-san",
        cc: "gcc -std=c99 -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all",
        emulator: None,
    },
    Config {
        name: "clang-san",
        cc: "clang -std=c99 -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all",
        emulator: None,
    },
    Config {
        name: "i386",
        cc: "i686-linux-gnu-gcc -static -std=c99 -O2 -Wall -Wextra",
        emulator: Some("qemu-i386"),
    },
    Config {
        name: "s390x",
        cc: "s390x-linux-gnu-gcc -static -std=c99 -O2 -Wall -Wextra",
        emulator: Some("qemu-s390x"),
    },
];

pub(crate) fn trials(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    for source in files("native", ".c") {
        for config in CONFIGS {
            let name = format!("native/{}/{}", stem(&source), config.name);
            let exe = folder.join(name.replace('/', "-"));
            let source = source.clone();
            trials.push(Trial::ignorable_test(name, move || test(config, &source, &exe)));
        }
    }
    trials
}

fn test(config: &Config, source: &Path, exe: &PathBuf) -> Result<Completion, Failed> {
    let program = config.cc.split(' ').next();
    let missing = tools::missing(program.into_iter().chain(config.emulator));
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    // The programs have a C library, whatever the backend makes of one.
    let object = exe.with_extension("o");
    compile(cc(config.cc).arg("-c").arg(wasi()).arg("-o").arg(&object))?;
    let hosted = config.cc.replace("-ffreestanding", "").replace("-Wconversion", "");
    compile(cc(&hosted).arg(source).arg(&object).arg("-o").arg(exe))?;
    let mut command = match config.emulator {
        Some(emulator) => {
            let mut command = Command::new(emulator);
            command.arg(exe);
            command
        }
        None => Command::new(exe),
    };
    let outcome = process::run(&mut command, LIMIT)?;
    if outcome.success() {
        return Ok(Completion::Completed);
    }
    let said = String::from_utf8_lossy(&outcome.stdout);
    let complaint = String::from_utf8_lossy(&outcome.stderr);
    Err(format!("{}\n{said}{complaint}", outcome.describe()).into())
}
