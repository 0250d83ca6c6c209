//! Compiles the kernels of `kernels/` for microcontrollers, natively and through a
//! module, and runs them in an emulator that counts instructions. Nothing here depends
//! on the speed of the machine. The benchmark includes this file, too.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wardian::{Instances, Memory, Options, StaticSize};

/// A processor to compile for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Processor {
    pub(crate) name: &'static str,
    flags: [&'static str; 2],
    /// How many instructions a module may take for one of the native program.
    pub(crate) most: f64,
}

/// Both run on the emulated Cortex-M3, which can do all that a Cortex-M0 can. The latter
/// must see whether an address is aligned, which lists of pointers cannot hide.
pub(crate) const PROCESSORS: [Processor; 2] = [
    Processor { name: "cortex-m0", flags: ["-mthumb", "-mcpu=cortex-m0"], most: 1.35 },
    Processor { name: "cortex-m3", flags: ["-mthumb", "-mcpu=cortex-m3"], most: 1.35 },
];

/// What the kernels become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    /// What gcc makes of the C.
    Native,
    /// A module of which there may be many instances, in bounds by comparing.
    Many,
    /// A module of which there is one, with a memory of [`CAP`] bytes.
    One,
}

/// All that the kernels need of their memory.
pub(crate) const CAP: u32 = 5120;

impl Variant {
    pub(crate) const ALL: [Variant; 3] = [Variant::Native, Variant::Many, Variant::One];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Variant::Native => "native",
            Variant::Many => "many",
            Variant::One => "one",
        }
    }

    fn options(self) -> Option<Options> {
        let name = "app".to_string();
        match self {
            Variant::Native => None,
            Variant::Many => Some(Options { name, memory: Memory::Bounds, ..Options::default() }),
            Variant::One => {
                let memory = Memory::Static(StaticSize::Bytes(CAP));
                Some(Options { name, memory, instances: Instances::One, ..Options::default() })
            }
        }
    }
}

/// A board of the emulator's: the machine, and where how much RAM is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Board {
    pub(crate) machine: &'static str,
    pub(crate) ram: [&'static str; 2],
}

/// It counts instructions, and has RAM for everything.
pub(crate) const BOARD: Board = Board { machine: "mps2-an385", ram: ["0x21000000", "0x100000"] };

/// For how many bytes of the native program's flash a module may take one.
pub(crate) const MOST_FLASH: f64 = 1.9;
/// Bytes of flash and RAM that the runtime may take.
pub(crate) const MOST_RUNTIME: Bytes = Bytes { flash: 1024, ram: 64 };

/// Bytes of flash and RAM of one of the files that were linked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bytes {
    pub(crate) flash: u64,
    pub(crate) ram: u64,
}

/// What was found out about one variant on one processor.
#[derive(Debug)]
pub(crate) struct Figures {
    /// Instructions by kernel.
    pub(crate) counts: BTreeMap<String, u64>,
    /// What the kernels computed.
    checksums: BTreeMap<String, String>,
    /// Of the kernels themselves.
    pub(crate) program: Bytes,
    /// Of the runtime.
    pub(crate) runtime: Bytes,
    /// Bytes of RAM by variable of the program.
    pub(crate) variables: BTreeMap<String, u64>,
}

const GUEST: [&str; 9] = [
    "--target=wasm32",
    "-Os",
    "-msign-ext",
    "-ffreestanding",
    "-fno-builtin",
    "-nostdlib",
    "-Wl,--no-entry,--stack-first",
    "-Wl,-z,stack-size=512",
    "-Wl,--strip-all",
];

const FLAGS: [&str; 12] = [
    "-Os",
    "-std=gnu99",
    "-ffreestanding",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-tree-loop-distribute-patterns",
    "-fno-strict-aliasing",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-Wall",
    "-Wextra",
    "-Werror",
];

const MACHINE: [&str; 12] = [
    "-icount",
    "shift=0",
    "-display",
    "none",
    "-monitor",
    "none",
    "-serial",
    "none",
    "-semihosting-config",
    "enable=on,target=native",
    "-no-reboot",
    "-kernel",
];

fn tests() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|it| it.ends_with("tests")).unwrap_or(here).to_path_buf()
}

fn kernels() -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(tests().join("sizes/kernels")).map_err(|it| it.to_string())?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "c"));
    files.sort();
    Ok(files)
}

/// All kernels as one module.
pub(crate) fn guest(folder: &Path) -> Result<Vec<u8>, String> {
    let module = folder.join("kernels.wasm");
    let kernels = kernels()?;
    let mut clang = Command::new("clang");
    clang.args(GUEST).args(&kernels).arg("-o").arg(&module);
    for kernel in &kernels {
        let name = kernel.file_stem().unwrap_or_default().to_string_lossy();
        clang.arg(format!("-Wl,--export={name}"));
    }
    output(&mut clang)?;
    fs::read(&module).map_err(|error| error.to_string())
}

/// Builds a firmware with the kernels in one variant and runs it.
pub(crate) fn measure(
    processor: &Processor,
    board: &Board,
    variant: Variant,
    wasm: &[u8],
    folder: &Path,
) -> Result<Figures, String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let exe = build(processor, board, variant, wasm, folder)?;
    let map = fs::read_to_string(folder.join("map")).map_err(|error| error.to_string())?;
    let mut emulator = Command::new("qemu-system-arm");
    let said = output(emulator.args(["-M", board.machine]).args(MACHINE).arg(exe))?;
    let mut counts = BTreeMap::new();
    let mut checksums = BTreeMap::new();
    for line in said.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, checksum, count] = words[..] else {
            return Err(format!("the firmware said {said:?}"));
        };
        let count = count.parse().map_err(|_| format!("no number in {line:?}"))?;
        counts.insert(name.to_string(), count);
        checksums.insert(name.to_string(), checksum.to_string());
    }
    let program = parts(&map, |file| file.starts_with("kernel-"));
    let runtime = bytes(&parts(&map, |file| file == "wdn.o"));
    let in_ram = program.iter().filter(|part| part.is_in_ram());
    let variables = in_ram.map(|part| (part.variable(), part.size)).collect();
    Ok(Figures { counts, checksums, program: bytes(&program), runtime, variables })
}

impl Figures {
    /// RAM of the memory.
    pub(crate) fn memory(&self) -> u64 {
        self.variables.get("app_memory").copied().unwrap_or(0)
    }

    /// RAM of the globals.
    pub(crate) fn globals(&self) -> u64 {
        let globals = self.variables.iter().filter(|it| it.0.starts_with("app_g"));
        globals.map(|it| it.1).sum()
    }

    /// RAM beside the memory and the globals: what the state of the instance takes, and
    /// the runtime.
    pub(crate) fn extra_ram(&self) -> u64 {
        self.program.ram + self.runtime.ram - self.memory() - self.globals()
    }

    /// Instructions relative to the native program's: the geometric mean of all kernels.
    pub(crate) fn slowdown(&self, native: &Figures) -> f64 {
        let ratios = self.counts.iter().map(|(kernel, count)| {
            let native = native.counts.get(kernel).copied().unwrap_or(1);
            *count as f64 / native as f64
        });
        let logs: Vec<f64> = ratios.map(f64::ln).collect();
        (logs.iter().sum::<f64>() / logs.len() as f64).exp()
    }

    /// Flash of the program relative to the native one's.
    pub(crate) fn growth(&self, native: &Figures) -> f64 {
        self.program.flash as f64 / native.program.flash as f64
    }

    /// Did every kernel compute the same?
    pub(crate) fn agrees(&self, other: &Figures) -> bool {
        !self.checksums.is_empty() && self.checksums == other.checksums
    }
}

/// The firmware, with what the linker did in the file `map` beside it.
fn build(
    processor: &Processor,
    board: &Board,
    variant: Variant,
    wasm: &[u8],
    folder: &Path,
) -> Result<PathBuf, String> {
    let compile = |source: &Path, name: &str| {
        let object = folder.join(name).with_extension("o");
        let mut gcc = Command::new("arm-none-eabi-gcc");
        gcc.args(processor.flags).args(FLAGS);
        // Addresses beyond 2 GiB are in code that never runs.
        gcc.args(["-Wno-array-bounds", "-Wno-stringop-overflow", "-Wno-stringop-overread"]);
        gcc.args(["-DWDN_BARE_ARENA=0x11000", "-DWDN_BARE_STACK=stack_low"]);
        gcc.arg(format!("-DPROGRAM=\"{}.h\"", variant.name()));
        for include in ["sizes/kernels", "sizes/firmware", "bare/board", "../runtime-c/include"] {
            gcc.arg("-I").arg(tests().join(include));
        }
        gcc.arg("-I").arg(folder).arg("-c").arg(source).arg("-o").arg(&object);
        output(&mut gcc).map(|_| object)
    };
    let mut objects = Vec::new();
    for (i, source) in program(variant, wasm, folder)?.iter().enumerate() {
        objects.push(compile(source, &format!("kernel-{i}"))?);
    }
    for source in ["sizes/firmware/measure.c", "bare/board/board.c", "bare/board/arm.c"] {
        let source = tests().join(source);
        objects.push(compile(&source, &source.file_stem().unwrap_or_default().to_string_lossy())?);
    }
    let runtime = if variant == Variant::One { "wdn_one.c" } else { "wdn.c" };
    objects.push(compile(&tests().join("../runtime-c/src").join(runtime), "wdn")?);
    let exe = folder.join("firmware.elf");
    let mut link = Command::new("arm-none-eabi-gcc");
    link.args(processor.flags).args(["-nostdlib", "-Wl,--gc-sections", "-T"]);
    link.arg(tests().join("bare/board/board.ld"));
    let [start, size] = board.ram;
    link.arg(format!(
        "-Wl,--defsym,ROM_START=0,--defsym,RAM_START={start},--defsym,RAM_SIZE={size}"
    ));
    link.arg(format!("-Wl,-Map,{}", folder.join("map").display()));
    output(link.args(objects).arg("-lgcc").arg("-o").arg(&exe)).map(|_| exe)
}

/// The C of the kernels.
fn program(variant: Variant, wasm: &[u8], folder: &Path) -> Result<Vec<PathBuf>, String> {
    let Some(options) = variant.options() else { return kernels() };
    let files = wardian::translate(wasm, &options).map_err(|error| error.to_string())?;
    let mut sources = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| error.to_string())?;
        if path.extension().is_some_and(|it| it == "c") {
            sources.push(path);
        }
    }
    Ok(sources)
}

/// A section of an object, as a linker placed it.
struct Part {
    output: String,
    section: String,
    size: u64,
}

impl Part {
    fn is_in_ram(&self) -> bool {
        matches!(self.output.as_str(), ".data" | ".bss")
    }

    /// Each variable has a section of its own.
    fn variable(&self) -> String {
        self.section.trim_start_matches(".bss.").trim_start_matches(".data.").to_string()
    }
}

/// What a linker's map says of files: sections of input are indented by one space.
fn parts(map: &str, of: impl Fn(&str) -> bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let linked = map.split_once("Linker script and memory map").map_or("", |it| it.1);
    let (mut output, mut section) = ("", "");
    for line in linked.lines() {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if line.starts_with('.') {
            output = words[0];
        } else if line.starts_with(" .") {
            section = words.remove(0);
        }
        let [_, size, file, ..] = words[..] else { continue };
        let file = file.rsplit('/').next().unwrap_or(file);
        let size = size.strip_prefix("0x").and_then(|it| u64::from_str_radix(it, 16).ok());
        let (Some(size), true) = (size, !section.is_empty() && of(file)) else { continue };
        parts.push(Part { output: output.to_string(), section: section.to_string(), size });
        section = "";
    }
    parts
}

fn bytes(parts: &[Part]) -> Bytes {
    let mut bytes = Bytes::default();
    for part in parts {
        let in_flash = matches!(part.output.as_str(), ".text" | ".data");
        bytes.flash += if in_flash { part.size } else { 0 };
        bytes.ram += if part.is_in_ram() { part.size } else { 0 };
    }
    bytes
}

/// Runs a program to its end, which must be a good one.
fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}\n{}\n{said}", output.status))
}
