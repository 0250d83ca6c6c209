//! The firmware of `examples/bare-metal`: its guest in C and in Rust, on each board, one
//! of which has 16 KB of RAM. It prints what `firmware/main.out` says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian_tests::{binary, c, process, tools};

struct Board {
    name: &'static str,
    target: &'static str,
    compiler: &'static str,
    emulator: &'static [&'static str],
    /// How a guest that does not end is stopped: the first two have a timer.
    interrupt: &'static str,
}

const BOARDS: &[Board] = &[
    Board {
        name: "cortex-m3",
        target: "thumbv7m-none-eabi",
        compiler: "arm-none-eabi-gcc",
        emulator: &["qemu-system-arm", "-M", "mps2-an385"],
        interrupt: "--interrupt=flag",
    },
    Board {
        name: "rv32",
        target: "riscv32imac-unknown-none-elf",
        compiler: "riscv64-unknown-elf-gcc",
        emulator: &["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
        interrupt: "--interrupt=flag",
    },
    Board {
        name: "microbit",
        target: "thumbv6m-none-eabi",
        compiler: "arm-none-eabi-gcc",
        emulator: &["qemu-system-arm", "-M", "microbit"],
        interrupt: "--interrupt=fuel:100000",
    },
];

/// What makes a module of `guest/filter.c` and of `guest/filter.rs`, by a name that ends
/// like theirs.
const GUESTS: &[(&str, &[&str])] = &[
    ("c", &["clang", "--target=wasm32", "-Os", "-nostdlib", "-Wl,--no-entry,-z,stack-size=1024"]),
    (
        "rs",
        &[
            "rustc",
            "--target=wasm32-wasip1",
            "--edition=2024",
            "--crate-type=cdylib",
            "-Copt-level=s",
            "-Cpanic=abort",
            "-Clink-arg=-zstack-size=1024",
        ],
    ),
    // A memory of a thousand pages of a byte each, instead of a page of which that is used.
    (
        "small-pages.rs",
        &[
            "rustc",
            "--target=wasm32-wasip1",
            "--edition=2024",
            "--crate-type=cdylib",
            "-Copt-level=s",
            "-Cpanic=abort",
            "-Clink-arg=-zstack-size=1024",
            "-Clink-arg=--page-size=1",
        ],
    ),
];

pub(crate) fn trials(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (language, words) in GUESTS {
        for board in BOARDS {
            let name = format!("examples/{}/{language}", board.name);
            let folder = folder.join(name.replace('/', "-"));
            trials.push(Trial::ignorable_test(name, move || run(board, language, words, &folder)));
        }
    }
    trials
}

fn run(board: &Board, language: &str, words: &[&str], folder: &Path) -> Result<Completion, Failed> {
    let missing = tools::missing([board.compiler, board.emulator[0], words[0]]);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    fs::create_dir_all(folder)?;
    let example = c::repository().join("examples/bare-metal");
    let wasm = folder.join("filter.wasm");
    let extension = language.rsplit('.').next().unwrap_or(language);
    let source = example.join("guest/filter").with_extension(extension);
    let mut guest = Command::new(words[0]);
    execute(guest.args(&words[1..]).arg(source).arg("-o").arg(&wasm))?;
    let image = build(board, &example, &wasm, folder)?;
    let mut emulator = Command::new(board.emulator[0]);
    emulator.args(&board.emulator[1..]);
    emulator.args(["-display", "none", "-monitor", "none", "-serial", "none"]);
    emulator.args(["-semihosting-config", "enable=on,target=native", "-kernel"]);
    let outcome = process::run(emulator.arg(image), Duration::from_secs(60))?;
    let got = String::from_utf8_lossy(&outcome.stdout);
    // What semihosting prints at once comes from another stream than what it writes.
    let said = format!("{got}{}", String::from_utf8_lossy(&outcome.stderr));
    let want = fs::read_to_string(example.join("firmware/main.out"))?;
    if said == want && outcome.describe() == "exit status: 42" {
        return Ok(Completion::Completed);
    }
    Err(format!("expected\n{want}\ngot\n{said}{}", outcome.describe()).into())
}

fn build(board: &Board, example: &Path, wasm: &Path, folder: &Path) -> Result<PathBuf, Failed> {
    let image = folder.join("firmware.elf");
    let mut wardian = Command::new(binary::wardian());
    wardian.args(["--quiet", "build", "-Os", "--instances=one", "--memory=static:3k"]);
    wardian.args([board.interrupt, "--target", board.target, "--cflag=-Wall", "--cflag=-Wextra"]);
    wardian.args(["--cflag=-Werror", "--board"]).arg(example.join("boards").join(board.name));
    wardian.arg("--with").arg(example.join("firmware/main.c"));
    wardian.env("WARDIAN_CACHE_DIR", folder.join("cache"));
    execute(wardian.arg(wasm).arg("-o").arg(&image))?;
    Ok(image)
}

/// Runs a command that has nothing to say.
fn execute(command: &mut Command) -> Result<(), Failed> {
    let outcome = process::run(command, Duration::from_secs(120))?;
    let said = String::from_utf8_lossy(&outcome.stderr);
    if outcome.success() && said.is_empty() {
        return Ok(());
    }
    Err(format!("{command:?}: {}\n{said}", outcome.describe()).into())
}
