//! Configurations without an operating system: the runner and the runtime's bare port
//! on a board in an emulator, which gives them the script by semihosting.

use std::path::Path;
use std::process::Command;

use wardian_tests::tools;

use crate::one::Room;

/// A whole board as an emulator has it.
#[derive(Debug)]
pub(crate) struct Board {
    name: &'static str,
    emulator: &'static str,
    arguments: &'static [&'static str],
    /// Where the largest parts of its memory are, and how much of it is for guests.
    memory: &'static [&'static str],
}

/// One that runs what is compiled for a lesser processor, too: nothing that emulators
/// have with a Cortex-M0 has room for these tests.
const BOARDS: &[Board] = &[
    Board {
        name: "mps2-an385",
        emulator: "qemu-system-arm",
        arguments: &["-M", "mps2-an385"],
        memory: ARM,
    },
    Board {
        name: "mps2-an386",
        emulator: "qemu-system-arm",
        arguments: &["-M", "mps2-an386"],
        memory: ARM,
    },
    Board {
        name: "mps2-an505",
        emulator: "qemu-system-arm",
        arguments: &["-M", "mps2-an505"],
        memory: &[
            "-Wl,--defsym=__flash=0x10000000,--defsym=__flash_size=0x400000",
            "-Wl,--defsym=__ram=0x80000000,--defsym=__ram_size=0x1000000",
            "-DWDN_BARE_ARENA=0x800000",
        ],
    },
    Board {
        name: "virt",
        emulator: "qemu-system-riscv32",
        arguments: &["-M", "virt", "-m", "384M", "-bios", "none"],
        memory: &[
            "-mcmodel=medany",
            "-Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=0x400000",
            "-Wl,--defsym=__ram=0x80400000,--defsym=__ram_size=0x10000000",
            "-DWDN_BARE_ARENA=0x9000000",
        ],
    },
];

const ARM: &[&str] = &[
    "-Wl,--defsym=__flash=0,--defsym=__flash_size=0x400000",
    "-Wl,--defsym=__ram=0x21000000,--defsym=__ram_size=0x1000000",
    "-DWDN_BARE_ARENA=0x800000",
];

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

/// Where scripts grow a memory to more than the 16 MiB that the smaller boards have, and
/// what they expect of it.
const LARGE: &[(&str, &[usize])] =
    &[("call.wast", &[359]), ("call_indirect.wast", &[603]), ("memory_grow.wast", &[45, 48])];

impl Board {
    pub(crate) fn find(name: &str) -> Option<&'static Board> {
        BOARDS.iter().find(|board| board.name == name)
    }

    pub(crate) fn is_small(&self) -> bool {
        self.name != "virt"
    }

    /// Lines of a script that need more memory than there is.
    pub(crate) fn except(&self, script: &str) -> &'static [usize] {
        let large = LARGE.iter().find(|(name, _)| *name == script && self.is_small());
        large.map_or(&[], |(_, lines)| lines)
    }

    /// What it has for memories that are arrays.
    pub(crate) fn room(&self) -> Room {
        match self.is_small() {
            true => Room { one: 3 << 20, all: 12 << 20 },
            false => Room { one: 64 << 20, all: 192 << 20 },
        }
    }

    /// What this machine lacks of compiler, emulator and C library.
    pub(crate) fn missing(&self, compiler: &str) -> Vec<String> {
        let missing = tools::missing([compiler, self.emulator]);
        if !missing.is_empty() {
            return missing;
        }
        let library = Command::new(compiler).arg("-print-file-name=picolibc.specs").output();
        // A file that is not found is given back as it was asked for.
        let found = library.is_ok_and(|output| output.stdout.starts_with(b"/"));
        if found { Vec::new() } else { vec![format!("picolibc for {compiler}")] }
    }

    /// Runs a program with the arguments of the runner.
    pub(crate) fn command(&self, exe: &Path, script: &Path, trace: bool) -> Command {
        let mut command = Command::new(self.emulator);
        command.args(self.arguments);
        command.args(["-display", "none", "-monitor", "none", "-serial", "none"]);
        // What the program prints goes to the standard output.
        command.args(["-chardev", "stdio,id=console"]);
        let mut config =
            format!("enable=on,target=native,chardev=console,arg={}", script.display());
        if trace {
            config.push_str(",arg=trace");
        }
        command.arg("-semihosting-config").arg(config).arg("-kernel").arg(exe);
        command
    }

    /// What a compiler must be told.
    pub(crate) fn flags(&self) -> impl Iterator<Item = &'static str> {
        FLAGS.iter().chain(self.memory).copied()
    }
}
