//! Running other programs and what they cost: wall time, CPU time, peak memory.

use anyhow::{Context, bail};
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A program that has ended well.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) wall: Duration,
    /// User and system time, of its children too.
    pub(crate) cpu: Duration,
    /// Bytes; the largest process of those it started and waited for.
    pub(crate) peak_memory: u64,
}

/// Runs a program to its end. Failure carries its last words.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<Done> {
    let what = || format!("{:?}", command.get_program());
    let name = what();
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let mut out = child.stdout.take().context("no stdout")?;
    let mut err = child.stderr.take().context("no stderr")?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = err.read_to_end(&mut bytes);
        bytes
    });
    let mut bytes = Vec::new();
    out.read_to_end(&mut bytes)?;
    let (status, usage) = wait(child.id())?;
    let done = Done {
        stdout: String::from_utf8_lossy(&bytes).into_owned(),
        stderr: String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned(),
        wall: start.elapsed(),
        cpu: duration(usage.ru_utime) + duration(usage.ru_stime),
        peak_memory: usage.ru_maxrss as u64 * 1024,
    };
    if !libc::WIFEXITED(status) || libc::WEXITSTATUS(status) != 0 {
        // Compilers say what is wrong in their first lines; traps have one.
        let words = done.stderr.lines().filter(|line| !line.trim().is_empty());
        bail!("{name} failed: {}", words.take(3).collect::<Vec<_>>().join(" | "));
    }
    Ok(done)
}

fn duration(time: libc::timeval) -> Duration {
    Duration::from_secs(time.tv_sec as u64) + Duration::from_micros(time.tv_usec as u64)
}

/// Waits for a child, as the standard library does, but says what it used.
fn wait(pid: u32) -> anyhow::Result<(libc::c_int, libc::rusage)> {
    let mut status = 0;
    // SAFETY: rusage is plain numbers, for which zero is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are valid, and nobody else waits for this child.
    let waited = unsafe { libc::wait4(pid as libc::pid_t, &mut status, 0, &mut usage) };
    if waited != pid as libc::pid_t {
        bail!("cannot wait for process {pid}: {}", std::io::Error::last_os_error());
    }
    Ok((status, usage))
}

/// Calls `work` with every item, `jobs` at a time; results in the items' order.
pub(crate) fn parallel<T: Sync, R: Send>(
    jobs: usize,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let i = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(item) = items.get(i) else { return };
                    let result = work(item);
                    if let Ok(mut results) = results.lock() {
                        results.push((i, result));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(i, _)| *i);
    results.into_iter().map(|(_, result)| result).collect()
}
