//! Runs guests in emulators of whole boards, with a firmware of ours and no C library.
//! `guests/traps.wat` fails in every way; the guests that are programs use what a small
//! machine has of a system. The first line of a firmware may add flags. What a run
//! prints is `guests/NAME.out`; `BLESS=1` writes it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use std::{env, fs};

use libtest_mimic::{Completion, Failed, Trial};
use wardian::{Memory, Options};
use wardian_tests::{c, process, tools};
use wasmparser::{Parser, Payload};

use crate::{cc, compile, files, stem, suite, wasi};

const LIMIT: Duration = Duration::from_secs(60);

/// A processor, and a machine that has it or one that can do all that it can.
struct Board {
    name: &'static str,
    cc: &'static str,
    start: &'static str,
    /// Where the linker puts what is constant and what is not, and how much of that.
    memory: [&'static str; 3],
    emulator: &'static [&'static str],
}

const ARM: [&str; 3] = ["0", "0x21000000", "0x1000000"];

const BOARDS: &[Board] = &[
    Board {
        name: "cortex-m0",
        cc: "arm-none-eabi-gcc -mthumb -mcpu=cortex-m0",
        start: "arm.c",
        memory: ARM,
        emulator: &["qemu-system-arm", "-M", "mps2-an385"],
    },
    Board {
        name: "cortex-m3",
        cc: "arm-none-eabi-gcc -mthumb -mcpu=cortex-m3",
        start: "arm.c",
        memory: ARM,
        emulator: &["qemu-system-arm", "-M", "mps2-an385"],
    },
    Board {
        name: "cortex-m4",
        cc: "arm-none-eabi-gcc -mthumb -mcpu=cortex-m4",
        start: "arm.c",
        memory: ARM,
        emulator: &["qemu-system-arm", "-M", "mps2-an386"],
    },
    Board {
        name: "cortex-m33",
        cc: "arm-none-eabi-gcc -mthumb -mcpu=cortex-m33",
        start: "arm.c",
        memory: ["0x10000000", "0x80000000", "0x1000000"],
        emulator: &["qemu-system-arm", "-M", "mps2-an505"],
    },
    Board {
        name: "rv32imac",
        cc: "riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 -mcmodel=medany",
        start: "riscv.c",
        memory: ["0x80000000", "0x80400000", "0x4000000"],
        emulator: &["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
    },
];

const FLAGS: &str = "-std=gnu99 -ffreestanding -ffunction-sections -fdata-sections -Wall -Wextra \
                     -fno-tree-loop-distribute-patterns \
                     -DWDN_BARE_ARENA=0x400000 -DWDN_BARE_STACK=stack_low";

pub(crate) fn trials(folder: &Path) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut add = |board: &'static Board, level: &'static str, guest: &Path| {
        let name = format!("boards/{}{level}/{}", board.name, stem(guest));
        let folder = folder.join(name.replace('/', "-"));
        let guest = guest.to_path_buf();
        trials.push(Trial::ignorable_test(name, move || run(board, level, &guest, &folder)));
    };
    for board in BOARDS {
        for guest in files("guests", ".wat") {
            for level in ["-O0", "-Os", "-O2"] {
                add(board, level, &guest);
            }
        }
        for guest in files("guests", ".c") {
            add(board, "-Os", &guest);
        }
    }
    for guest in files("guests", ".rs") {
        add(&BOARDS[2], "-Os", &guest);
        add(&BOARDS[4], "-Os", &guest);
    }
    trials
}

fn run(board: &Board, level: &str, guest: &Path, folder: &Path) -> Result<Completion, Failed> {
    let compiler = board.cc.split(' ').next();
    let missing = tools::missing(compiler.into_iter().chain(board.emulator.first().copied()));
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    fs::create_dir_all(folder)?;
    let wasm = match read_guest(guest, folder)? {
        Ok(wasm) => wasm,
        Err(what) => return tools::skip(what),
    };
    let exe = build(board, level, guest, &wasm, folder)?;
    let mut emulator = Command::new(board.emulator[0]);
    emulator.args(&board.emulator[1..]);
    emulator.args(["-display", "none", "-monitor", "none", "-serial", "none"]);
    emulator.args(["-semihosting-config", "enable=on,target=native", "-kernel"]);
    let outcome = process::run(emulator.arg(exe), LIMIT)?;
    let said = String::from_utf8_lossy(&outcome.stdout);
    let complaint = String::from_utf8_lossy(&outcome.stderr);
    let got = format!("{said}{complaint}[{}]\n", outcome.describe());
    let path = guest.with_extension("out");
    if env::var_os("BLESS").is_some() {
        fs::write(path, got)?;
        return Ok(Completion::Completed);
    }
    let want = fs::read_to_string(path).unwrap_or_default();
    if got == want {
        return Ok(Completion::Completed);
    }
    Err(format!("expected\n{want}\ngot\n{got}").into())
}

/// The guest as a module, or what it takes to make one of it.
fn read_guest(guest: &Path, folder: &Path) -> Result<Result<Vec<u8>, &'static str>, Failed> {
    let extension = guest.extension().unwrap_or_default();
    let module = folder.join("guest.wasm");
    if extension == "wat" {
        return Ok(Ok(wat::parse_file(guest)?));
    } else if extension == "c" {
        if !has_c() {
            return Ok(Err("clang with wasi-libc"));
        }
        compile_guest(&["clang", "--target=wasm32-wasi", "-Os"], guest, &module)?;
    } else {
        if !has_rust() {
            return Ok(Err("rustc with wasm32-wasip1"));
        }
        let rustc = ["rustc", "--target=wasm32-wasip1", "--edition=2024", "-Copt-level=s"];
        compile_guest(&[&rustc[..], &["-Cstrip=symbols", "-Clto=fat"]].concat(), guest, &module)?;
    }
    Ok(Ok(fs::read(module)?))
}

fn compile_guest(words: &[&str], source: &Path, module: &Path) -> Result<(), String> {
    let mut command = Command::new(words[0]);
    c::compile(command.args(&words[1..]).arg(source).arg("-o").arg(module), LIMIT)
}

fn has_c() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        compiles(&["clang", "--target=wasm32-wasi"], "probe.c", "int main(void) { return 0; }")
    })
}

fn has_rust() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND
        .get_or_init(|| compiles(&["rustc", "--target=wasm32-wasip1"], "probe.rs", "fn main() {}"))
}

fn compiles(words: &[&str], name: &str, text: &str) -> bool {
    let Ok(folder) = tempfile::tempdir() else { return false };
    let source = folder.path().join(name);
    fs::write(&source, text).is_ok()
        && compile_guest(words, &source, &folder.path().join("probe.wasm")).is_ok()
}

/// Translates the guest and links it with its firmware.
fn build(
    board: &Board,
    level: &str,
    guest: &Path,
    wasm: &[u8],
    folder: &Path,
) -> Result<PathBuf, Failed> {
    let options = Options { name: "app".to_string(), memory: Memory::Bounds, ..Options::default() };
    let sources = c::write(folder, &wardian::translate(wasm, &options)?)?;
    fs::write(folder.join("bindings.h"), bindings(wasm)?)?;
    let own = suite().join("firmware").join(stem(guest)).with_extension("c");
    let firmware = if own.is_file() { own } else { suite().join("firmware/guest.c") };
    let text = fs::read_to_string(&firmware)?;
    let more = text.lines().next().and_then(|line| line.strip_prefix("/* with: "));
    let exe = folder.join("firmware.elf");
    let [rom, ram, size] = board.memory;
    let mut cc = cc(&format!("{} {level} {FLAGS}", board.cc));
    cc.args(more.unwrap_or_default().split_whitespace());
    cc.args(c::FLAGS).arg("-I").arg(folder).arg("-I").arg(suite().join("board"));
    cc.args(sources).args([firmware, c::runtime(), wasi()]);
    cc.args([suite().join("board/board.c"), suite().join("board").join(board.start)]);
    cc.args(["-nostdlib", "-Wl,--gc-sections", "-T"]).arg(suite().join("board/board.ld"));
    cc.arg(format!("-Wl,--defsym,ROM_START={rom},--defsym,RAM_START={ram}"));
    cc.arg(format!("-Wl,--defsym,RAM_SIZE={size}"));
    compile(cc.arg("-lgcc").arg("-o").arg(&exe))?;
    Ok(exe)
}

/// C that binds what a guest imports of WASI.
fn bindings(wasm: &[u8]) -> Result<String, Failed> {
    let mut text = "static void bind(app_imports_t *imports) {\n  (void)imports;\n".to_string();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::ImportSection(imports) = payload? else { continue };
        for import in imports.into_imports() {
            let import = import?;
            if import.module == "wasi_snapshot_preview1" {
                let name = import.name;
                text += &format!("  imports->wasi_snapshot_preview1_{name} = wdn_wasi_{name};\n");
            }
        }
    }
    Ok(text + "}\n")
}
