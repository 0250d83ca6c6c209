//! Translation, measured in a process of its own so that its peak memory is
//! its own too: the benchmark starts itself with [`CHILD`] as first argument.

use crate::process;
use anyhow::{Context, bail};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use wardian::{Memory, Options};

/// The first argument of a child.
pub(crate) const CHILD: &str = "--translate-in-child";

/// What a translation cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    /// Of all threads.
    pub(crate) cpu: Duration,
    /// Bytes of the whole process at its peak.
    pub(crate) peak_memory: u64,
}

/// Translates `wasm` into `folder` as a module named `k`, with so many threads.
pub(crate) fn translate(
    wasm: &Path,
    folder: &Path,
    memory: Memory,
    threads: usize,
) -> anyhow::Result<Cost> {
    std::fs::create_dir_all(folder)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args([CHILD, memory.name()]).arg(wasm).arg(folder);
    command.env("RAYON_NUM_THREADS", threads.to_string()).env("RUST_BACKTRACE", "0");
    let done = process::run(&mut command)?;
    let mut numbers = done.stdout.split_whitespace().map(str::parse::<u64>);
    let mut next = || numbers.next().context("the child said too little")?.context("not a number");
    Ok(Cost { wall: Duration::from_nanos(next()?), cpu: done.cpu, peak_memory: next()? })
}

/// The child: arguments are the memory mode, the module and the folder.
pub(crate) fn child(arguments: &[String]) -> anyhow::Result<()> {
    let [mode, wasm, folder] = arguments else { bail!("wrong arguments for a child") };
    let memory = if mode == Memory::Guard.name() { Memory::Guard } else { Memory::Bounds };
    let options = Options { name: "k".to_string(), memory, ..Options::default() };
    let start = Instant::now();
    let bytes = std::fs::read(wasm)?;
    let mut open: Option<(String, std::fs::File)> = None;
    wardian::translate_to(&bytes, &options, &mut |name, text| {
        let (_, file) = match &mut open {
            Some(it) if it.0 == name => it,
            _ => {
                let file = std::fs::File::create(Path::new(folder).join(name))?;
                open.insert((name.to_string(), file))
            }
        };
        file.write_all(text.as_bytes())
    })
    .map_err(|failure| match failure {
        wardian::Failure::Module(error) => anyhow::Error::new(error),
        wardian::Failure::Sink(error) => anyhow::Error::new(error),
    })?;
    println!("{} {}", start.elapsed().as_nanos(), peak_memory()?);
    Ok(())
}

fn peak_memory() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).context("no VmHWM")?;
    let kilobytes = line.split_whitespace().nth(1).context("no number")?.parse::<u64>()?;
    Ok(kilobytes * 1024)
}
