//! Runs the variants of a program: by time, taking turns so that all of them
//! meet the same disturbances, or by instructions under callgrind. Every
//! checksum has to be the same.

use crate::build::Built;
use crate::process;
use anyhow::{Context, bail};
use std::process::Command;

/// What to run and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) n: u32,
    pub(crate) rounds: u32,
    pub(crate) repetitions: u32,
    pub(crate) cpu: Option<u32>,
}

/// Nanoseconds or instructions of one variant, one number per round.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) values: Vec<f64>,
    /// All that it printed.
    pub(crate) sums: Vec<String>,
}

/// Times every variant; an error stands for a variant that fails.
pub(crate) fn time(built: &[&Built], plan: Plan) -> Vec<anyhow::Result<Series>> {
    let mut all: Vec<anyhow::Result<Series>> =
        built.iter().map(|_| Ok(Series { values: Vec::new(), sums: Vec::new() })).collect();
    for _ in 0..plan.rounds {
        for (variant, series) in built.iter().zip(&mut all) {
            if let Ok(so_far) = series {
                match run(variant, plan) {
                    Ok(more) => so_far.add(more),
                    Err(error) => *series = Err(error),
                }
            }
        }
    }
    all
}

impl Series {
    /// The best of a round's repetitions is the round's number.
    fn add(&mut self, more: Vec<(String, f64)>) {
        let best = more.iter().map(|(_, time)| *time).fold(f64::INFINITY, f64::min);
        self.values.push(best);
        self.sums.extend(more.into_iter().map(|(sum, _)| sum));
    }
}

fn run(built: &Built, plan: Plan) -> anyhow::Result<Vec<(String, f64)>> {
    let mut command = Command::new(&built.command[0]);
    command.args(&built.command[1..]).arg(plan.n.to_string()).arg(plan.repetitions.to_string());
    command.args(plan.cpu.map(|cpu| cpu.to_string()));
    lines(&process::run(&mut command)?.stdout)
}

fn lines(output: &str) -> anyhow::Result<Vec<(String, f64)>> {
    let lines = output.lines().map(line).collect::<anyhow::Result<Vec<_>>>()?;
    if lines.is_empty() {
        bail!("it printed nothing");
    }
    Ok(lines)
}

fn line(line: &str) -> anyhow::Result<(String, f64)> {
    let (sum, time) = line.split_once(' ').context("it printed something else")?;
    Ok((sum.to_string(), time.parse()?))
}

/// Counts the instructions of one run.
pub(crate) fn instructions(built: &Built, n: u32) -> anyhow::Result<Series> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    command.arg("--toggle-collect=variant_run");
    command.args(&built.command).args([n.to_string(), "1".to_string()]);
    let done = process::run(&mut command)?;
    let collected = done.stderr.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) = collected.context("callgrind printed no count")?;
    let sums = lines(&done.stdout)?.into_iter().map(|(sum, _)| sum).collect();
    Ok(Series { values: vec![count.trim().parse()?], sums })
}
