//! The configurations: which compiler, which options. The name is the
//! notation: `bounds-clang-O2-noopt-san` is memory mode, compiler, level, the
//! translator's passes, and whether sanitizers watch. `one` in place of the memory mode is
//! for modules of which there is one instance.

use std::env;
use std::path::Path;
use std::process::Command;

use wardian::{Memory, StaticSize};
use wardian_tests::{tools, wine};

use crate::board::Board;
use crate::one::Room;

/// A C compiler and what it takes to run its programs here.
#[derive(Debug)]
pub(crate) struct Compiler {
    pub name: &'static str,
    program: &'static str,
    flags: &'static [&'static str],
    /// What runs the programs, or the board that does.
    emulator: Option<&'static str>,
    /// The dialect for generated code: strict C, where its floats are not wider
    /// than they say.
    standard: &'static str,
    /// Takes GCC's options for levels, warnings and sanitizers.
    gnu: bool,
}

const COMPILERS: &[Compiler] = &[
    Compiler {
        name: "gcc",
        program: "gcc",
        flags: &[],
        emulator: None,
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "clang",
        program: "clang",
        flags: &[],
        emulator: None,
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "tcc",
        program: "tcc",
        flags: &[],
        emulator: None,
        standard: "c99",
        gnu: false,
    },
    Compiler {
        name: "pcc",
        program: "pcc",
        flags: &["-std=c99"],
        emulator: None,
        standard: "c99",
        gnu: false,
    },
    // 32 bits, with SSE because x87 cannot compute what WebAssembly asks for.
    Compiler {
        name: "i386",
        program: "i686-linux-gnu-gcc",
        flags: &["-static", "-msse2", "-mfpmath=sse"],
        emulator: Some("qemu-i386"),
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "aarch64",
        program: "aarch64-linux-gnu-gcc",
        flags: &["-static"],
        emulator: Some("qemu-aarch64"),
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "riscv64",
        program: "riscv64-linux-gnu-gcc",
        flags: &["-static"],
        emulator: Some("qemu-riscv64"),
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "armv7",
        program: "arm-linux-gnueabihf-gcc",
        flags: &["-static"],
        emulator: Some("qemu-arm"),
        standard: "c99",
        gnu: true,
    },
    // Big endian.
    Compiler {
        name: "s390x",
        program: "s390x-linux-gnu-gcc",
        flags: &["-static"],
        emulator: Some("qemu-s390x"),
        standard: "gnu99",
        gnu: true,
    },
    // Big endian and of 32 bits.
    Compiler {
        name: "powerpc",
        program: "powerpc-linux-gnu-gcc",
        flags: &["-static"],
        emulator: Some("qemu-ppc"),
        standard: "c99",
        gnu: true,
    },
    // The same, and its NaNs are told apart by the opposite of everybody else's bit.
    Compiler {
        name: "mips",
        program: "mips-linux-gnu-gcc",
        flags: &["-static"],
        emulator: Some("qemu-mips"),
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "windows",
        program: wine::CC,
        flags: &[],
        emulator: Some(WINE),
        standard: "c99",
        gnu: true,
    },
    // Without an operating system.
    Compiler {
        name: "m0",
        program: "arm-none-eabi-gcc",
        flags: &["-mthumb", "-mcpu=cortex-m0"],
        emulator: Some("mps2-an385"),
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "m3",
        program: "arm-none-eabi-gcc",
        flags: &["-mthumb", "-mcpu=cortex-m3"],
        emulator: Some("mps2-an385"),
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "m4",
        program: "arm-none-eabi-gcc",
        flags: &["-mthumb", "-mcpu=cortex-m4"],
        emulator: Some("mps2-an386"),
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "m33",
        program: "arm-none-eabi-gcc",
        flags: &["-mthumb", "-mcpu=cortex-m33"],
        emulator: Some("mps2-an505"),
        standard: "c99",
        gnu: true,
    },
    Compiler {
        name: "rv32",
        program: "riscv64-unknown-elf-gcc",
        flags: &["-march=rv32imac", "-mabi=ilp32"],
        emulator: Some("virt"),
        standard: "c99",
        gnu: true,
    },
];

/// Stands for whatever runs Windows programs here.
const WINE: &str = "wine64";

/// One way to translate, compile and run.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub memory: Memory,
    pub compiler: &'static Compiler,
    pub level: char,
    pub optimize: bool,
    pub sanitize: bool,
    /// Run only the scripts of [`SAMPLE`].
    pub sample: bool,
}

/// The part of the default run that only takes the scripts of [`SAMPLE`].
const SAMPLED: &[&str] = &[
    "bounds-gcc-O2-noopt",
    "guard-clang-O3-opt",
    "guard-gcc-O1-opt-san",
    "bounds-i386-O1-opt",
    "guard-s390x-O1-opt",
    "guard-windows-O1-opt",
];

/// What a compiler gets wrong, so that it cannot be ours: pcc takes `!(x < y)` for
/// `x >= y`, which NaNs make different, and a division by 2 for a shift; it gives up on
/// functions that return floats through a pointer or a struct, and on some constants.
const WRONG: &[(&str, &[&str])] = &[(
    "pcc",
    &["call_indirect.wast", "const.wast", "float_exprs.wast", "func.wast", "int_exprs.wast"],
)];

/// Other processors and compilers, boards without an operating system, and modules of one
/// instance; they get no more than [`SAMPLE`] unless named.
const MACHINES: &[&str] = &[
    "bounds-pcc-O0-opt",
    "guard-aarch64-O2-opt",
    "guard-riscv64-O2-opt",
    "bounds-armv7-O2-opt",
    "bounds-powerpc-O1-opt",
    "bounds-mips-O2-opt",
    "bounds-m0-O1-opt",
    "bounds-m3-O2-opt",
    "bounds-m4-O2-opt",
    "bounds-m33-O1-opt",
    "bounds-rv32-O1-opt",
    "one-gcc-O2-opt",
    "one-gcc-O1-opt-san",
    "one-clang-O2-opt",
    "one-i386-O2-opt",
    "one-s390x-O1-opt",
    "one-m0-O1-opt",
    "one-m3-O2-opt",
    "one-m4-O1-noopt",
    "one-m33-O2-opt",
    "one-rv32-O1-opt",
];

/// Scripts that between them reach every part of the translator and runtime.
pub(crate) const SAMPLE: &[&str] = &[
    "br_table.wast",
    "bulk.wast",
    "call_indirect.wast",
    "conversions.wast",
    "endianness.wast",
    "float_memory.wast",
    "global.wast",
    "i32.wast",
    "i64.wast",
    "imports.wast",
    "linking.wast",
    "memory_grow.wast",
    "memory_trap.wast",
    "skip-stack-guard-page.wast",
    "start.wast",
    "table_grow.wast",
    "wardian/dead.wast",
    "wardian/instances.wast",
    "wardian/nans.wast",
    "wardian/noopt/quiet.wast",
    "wardian/quiet.wast",
];

/// `WARDIAN_SPEC_MATRIX=full`, all files in each: with passes, everything that gcc
/// and clang offer; without them, each level and each memory with either compiler.
const FULL: &[&str] = &[
    "guard-gcc-O0-opt",
    "guard-gcc-O1-opt",
    "guard-gcc-O2-opt",
    "guard-gcc-O3-opt",
    "bounds-gcc-O0-opt",
    "bounds-gcc-O1-opt",
    "bounds-gcc-O2-opt",
    "bounds-gcc-O3-opt",
    "guard-clang-O0-opt",
    "guard-clang-O1-opt",
    "guard-clang-O2-opt",
    "guard-clang-O3-opt",
    "bounds-clang-O0-opt",
    "bounds-clang-O1-opt",
    "bounds-clang-O2-opt",
    "bounds-clang-O3-opt",
    "guard-gcc-O0-noopt",
    "bounds-gcc-O1-noopt",
    "guard-gcc-O2-noopt",
    "bounds-gcc-O3-noopt",
    "bounds-clang-O0-noopt",
    "guard-clang-O1-noopt",
    "bounds-clang-O2-noopt",
    "guard-clang-O3-noopt",
    "guard-tcc-O0-opt",
    "bounds-tcc-O0-opt",
    "guard-tcc-O0-noopt",
    "bounds-tcc-O0-noopt",
    "one-tcc-O0-opt",
    "guard-gcc-O1-opt-san",
    "bounds-gcc-O2-opt-san",
    "guard-clang-O2-opt-san",
    "bounds-clang-O1-noopt-san",
    "bounds-i386-O2-opt",
    "bounds-i386-O1-noopt",
    "guard-s390x-O2-opt",
    "bounds-s390x-O1-opt",
    "bounds-s390x-O2-noopt",
    "guard-windows-O2-opt",
    "bounds-windows-O1-opt",
    "guard-windows-O0-noopt",
];

/// The configurations of this run: `WARDIAN_SPEC_MATRIX` is unset, `full`, or a
/// list of names with commas.
pub(crate) fn chosen() -> Result<Vec<Config>, String> {
    match env::var("WARDIAN_SPEC_MATRIX").as_deref() {
        Err(_) | Ok("") => representative(),
        Ok("full") => {
            let machines = MACHINES.iter().map(|name| Ok(Config { sample: true, ..parse(name)? }));
            FULL.iter().map(|name| parse(name)).chain(machines).collect()
        }
        Ok(names) => names.split(',').map(parse).collect(),
    }
}

/// All files with gcc and clang, or with the one that is there, and with tcc,
/// which is fast; a sample of the rest.
fn representative() -> Result<Vec<Config>, String> {
    let has = |name| tools::find(name).is_some();
    let first = if has("gcc") || !has("clang") { "gcc" } else { "clang" };
    let second = if has("clang") { "clang" } else { first };
    let mut configs =
        vec![parse(&format!("guard-{first}-O1-opt"))?, parse(&format!("bounds-{second}-O1-opt"))?];
    for name in ["guard-tcc-O0-opt", "bounds-tcc-O0-noopt", "one-tcc-O0-opt"] {
        configs.push(parse(name)?);
    }
    for name in SAMPLED.iter().chain(MACHINES) {
        configs.push(Config { sample: true, ..parse(name)? });
    }
    Ok(configs)
}

/// How many ways there are to translate a script.
pub(crate) const VARIANTS: usize = 12;

fn parse(name: &str) -> Result<Config, String> {
    let wrong = || {
        format!(
            "`{name}` is no configuration: (guard|bounds|one)-COMPILER-O(0..3)-(opt|noopt)[-san]"
        )
    };
    let words: Vec<&str> = name.split('-').collect();
    let (&[memory, compiler, level, optimize], rest) =
        words.split_first_chunk::<4>().ok_or_else(wrong)?;
    let memory = match memory {
        "guard" => Memory::Guard,
        "bounds" => Memory::Bounds,
        "one" => Memory::Static(StaticSize::Declared),
        _ => return Err(wrong()),
    };
    let compiler = COMPILERS.iter().find(|it| it.name == compiler).ok_or_else(wrong)?;
    let level = match level.as_bytes() {
        [b'O', level @ b'0'..=b'3'] => char::from(*level),
        _ => return Err(wrong()),
    };
    let optimize = match optimize {
        "opt" => true,
        "noopt" => false,
        _ => return Err(wrong()),
    };
    let sanitize = match rest {
        [] => false,
        ["san"] if compiler.gnu => true,
        _ => return Err(wrong()),
    };
    Ok(Config { memory, compiler, level, optimize, sanitize, sample: false })
}

impl Config {
    pub(crate) fn name(&self) -> String {
        format!(
            "{}-{}-O{}-{}{}",
            if self.is_one() { "one" } else { self.memory.name() },
            self.compiler.name,
            self.level,
            if self.optimize { "opt" } else { "noopt" },
            if self.sanitize { "-san" } else { "" }
        )
    }

    /// Are modules translated for one instance of each?
    pub(crate) fn is_one(&self) -> bool {
        matches!(self.memory, Memory::Static(_))
    }

    /// What there is then for their memories.
    pub(crate) fn room(&self) -> Option<Room> {
        let room = self.board().map_or(Room { one: 64 << 20, all: 1 << 30 }, Board::room);
        self.is_one().then_some(room)
    }

    /// The lines of a script that need more memory than the machine has.
    pub(crate) fn except(&self, script: &str) -> &'static [usize] {
        self.board().map_or(&[], |board| board.except(script))
    }

    /// Below [`VARIANTS`]: configurations of the same number translate alike.
    pub(crate) fn variant(&self) -> usize {
        let kind = match (self.memory, self.room()) {
            (_, Some(room)) if room.all > 1 << 29 => 4,
            (_, Some(room)) if room.all > 1 << 27 => 3,
            (_, Some(_)) => 2,
            (_, None) if self.board().is_some_and(Board::is_small) => 5,
            (Memory::Bounds, None) => 1,
            _ => 0,
        };
        kind * 2 + usize::from(self.optimize)
    }

    /// Does the compiler get a script right?
    pub(crate) fn can_run(&self, script: &str) -> bool {
        !WRONG.iter().any(|(name, all)| *name == self.compiler.name && all.contains(&script))
    }

    /// The programs that it needs and this machine lacks.
    pub(crate) fn missing(&self) -> Vec<String> {
        if self.compiler.emulator == Some(WINE) {
            return wine::missing();
        }
        if let Some(board) = self.board() {
            return board.missing(self.compiler.program);
        }
        tools::missing([self.compiler.program].into_iter().chain(self.compiler.emulator))
    }

    fn board(&self) -> Option<&'static Board> {
        self.compiler.emulator.and_then(Board::find)
    }

    /// A compiler command for the runtime and the runner, with the flags that
    /// generated code is to be compiled with.
    pub(crate) fn cc(&self) -> Command {
        let mut cc = Command::new(self.compiler.program);
        cc.args(self.compiler.flags);
        if let Some(board) = self.board() {
            cc.args(board.flags());
        }
        if self.compiler.gnu {
            cc.arg(format!("-O{}", self.level));
            cc.args(["-fno-strict-aliasing", "-ffp-contract=off", "-fno-math-errno"]);
        }
        if self.sanitize {
            cc.args(["-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
        }
        cc
    }

    /// The same for generated code, which must not even cause a warning.
    pub(crate) fn cc_strict(&self) -> Command {
        let mut cc = self.cc();
        if self.compiler.gnu {
            cc.arg(format!("-std={}", self.compiler.standard));
            cc.args(["-Wall", "-Wextra", "-pedantic", "-Werror"]);
            if !self.optimize {
                // Only a pass removes what the module itself assigns in vain.
                cc.args(["-Wno-unused-but-set-variable", "-Wno-unused-but-set-parameter"]);
            }
        }
        cc
    }

    /// A command that runs the runner, which [`Config::cc`] made.
    pub(crate) fn program(
        &self,
        exe: &Path,
        script: &Path,
        trace: bool,
    ) -> Result<Command, String> {
        if let Some(board) = self.board() {
            return Ok(board.command(exe, script, trace));
        }
        let mut command = match self.compiler.emulator {
            Some(WINE) => wine::command(exe)?,
            Some(emulator) => {
                let mut command = Command::new(emulator);
                command.arg(exe);
                command
            }
            None => Command::new(exe),
        };
        command.arg(script).args(trace.then_some("trace"));
        if self.sanitize {
            // handle_segv=0, handle_sigbus=0: faults in a guarded memory are
            //   traps; the runtime's handler must see them, and others must end
            //   the program as they would in production.
            // detect_stack_use_after_return=0: frames must be on the stack, whose
            //   use the runtime limits.
            // detect_leaks=1: every instance is destroyed at the end.
            let asan = "handle_segv=0:handle_sigbus=0:detect_stack_use_after_return=0:\
                        detect_leaks=1:exitcode=99";
            command.env("ASAN_OPTIONS", asan);
            command.env("UBSAN_OPTIONS", "print_stacktrace=1");
        }
        Ok(command)
    }
}
