//! Configurations without an operating system: the runner and the runtime's bare port
//! on a board in an emulator, which gives them the script by semihosting.

use std::path::Path;
use std::process::Command;

use wardian_tests::tools;

/// The machine that an emulator is to be, if it is one of whole boards. A Cortex-M4
/// runs what is compiled for lesser ones too.
fn machine(emulator: &str) -> Option<&'static [&'static str]> {
    match emulator {
        "qemu-system-arm" => Some(&["-M", "mps2-an386"]),
        "qemu-system-riscv32" => Some(&["-M", "virt", "-m", "384M", "-bios", "none"]),
        _ => None,
    }
}

/// Scripts that grow a memory to more than the 16 MiB that the smaller board has, and
/// expect that to work.
const LARGE: &[&str] = &["call.wast", "call_indirect.wast", "memory_grow.wast"];

/// Is a script for what runs in this emulator?
pub(crate) fn can_run(emulator: Option<&str>, script: &str) -> bool {
    emulator != Some("qemu-system-arm") || !LARGE.contains(&script)
}

pub(crate) fn is_board(emulator: Option<&str>) -> bool {
    emulator.and_then(machine).is_some()
}

/// What compiler, emulator and C library lack here.
pub(crate) fn missing(compiler: &str, emulator: &str) -> Vec<String> {
    let missing = tools::missing([compiler, emulator]);
    if !missing.is_empty() {
        return missing;
    }
    let library = Command::new(compiler).arg("-print-file-name=picolibc.specs").output();
    // A file that is not found is given back as it was asked for.
    let found = library.is_ok_and(|output| output.stdout.starts_with(b"/"));
    if found { Vec::new() } else { vec![format!("picolibc for {compiler}")] }
}

/// Runs a program with the arguments of the runner.
pub(crate) fn command(emulator: &str, exe: &Path, script: &Path, trace: bool) -> Command {
    let mut command = Command::new(emulator);
    command.args(machine(emulator).unwrap_or_default());
    command.args(["-display", "none", "-monitor", "none", "-serial", "none"]);
    // What the program prints goes to the standard output.
    command.args(["-chardev", "stdio,id=console"]);
    let mut config = format!("enable=on,target=native,chardev=console,arg={}", script.display());
    if trace {
        config.push_str(",arg=trace");
    }
    command.arg("-semihosting-config").arg(config).arg("-kernel").arg(exe);
    command
}

/// Of every program: picolibc's way to start, and no system that it could ask.
const FLAGS: &[&str] = &[
    "-ffreestanding",
    "--specs=picolibc.specs",
    "--crt0=semihost",
    "--oslib=semihost",
    "-Tpicolibc.ld",
    "-Wl,--defsym=__stack_size=0x100000",
    "-DWDN_BARE_STACK=__heap_end",
];

/// The largest parts of a board's memory, and how much of it is for guests.
const ARM: &[&str] = &[
    "-Wl,--defsym=__flash=0,--defsym=__flash_size=0x400000",
    "-Wl,--defsym=__ram=0x21000000,--defsym=__ram_size=0x1000000",
    "-DWDN_BARE_ARENA=0x800000",
];
const RISCV: &[&str] = &[
    "-mcmodel=medany",
    "-Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=0x400000",
    "-Wl,--defsym=__ram=0x80400000,--defsym=__ram_size=0x10000000",
    "-DWDN_BARE_ARENA=0x9000000",
];

/// What a compiler must be told of the board that an emulator is.
pub(crate) fn flags(emulator: Option<&str>) -> Vec<&'static str> {
    match emulator {
        Some("qemu-system-arm") => [FLAGS, ARM].concat(),
        Some("qemu-system-riscv32") => [FLAGS, RISCV].concat(),
        _ => Vec::new(),
    }
}
