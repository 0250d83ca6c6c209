//! Runs programs that may hang or crash: a test says what happened instead of
//! hanging or crashing itself.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How a program ended.
#[derive(Debug)]
pub struct Outcome {
    /// None if it had to be killed because its time was up.
    pub status: Option<ExitStatus>,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it complained about.
    pub stderr: Vec<u8>,
}

impl Outcome {
    /// Did it end by itself, with exit code 0?
    pub fn success(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }

    /// How it ended, for messages.
    pub fn describe(&self) -> String {
        match self.status {
            Some(status) => status.to_string(),
            None => "killed: out of time".to_string(),
        }
    }
}

/// Runs `command` for at most `limit`. Its output goes through temporary files,
/// so that a program that prints much cannot block on a full pipe.
pub fn run(command: &mut Command, limit: Duration) -> io::Result<Outcome> {
    run_on(command, Stdio::null(), limit)
}

/// The same with something on standard input.
pub fn run_on(command: &mut Command, stdin: Stdio, limit: Duration) -> io::Result<Outcome> {
    let mut stdout = tempfile::tempfile()?;
    let mut stderr = tempfile::tempfile()?;
    let mut child =
        command.stdin(stdin).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?).spawn()?;
    let status = wait(&mut child, limit)?;
    Ok(Outcome { status, stdout: contents(&mut stdout)?, stderr: contents(&mut stderr)? })
}

fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn contents(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}
