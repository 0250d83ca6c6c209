//! Counts what was run, and prints it at the end: a table with a line for each
//! configuration, and the files that need features which Wardian lacks.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::script::{Gap, Kind};

/// How many directives of each kind.
#[derive(Clone, Default)]
pub(crate) struct Tally([usize; Kind::ALL.len()]);

impl Tally {
    pub(crate) fn add(&mut self, kind: Kind) {
        self.0[kind as usize] += 1;
    }

    pub(crate) fn add_all(&mut self, other: &Tally) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    pub(crate) fn total(&self) -> usize {
        self.0.iter().sum()
    }
}

/// What one configuration did.
#[derive(Clone, Default)]
pub(crate) struct Row {
    pub files: usize,
    pub failed_files: usize,
    pub failures: usize,
    pub tally: Tally,
    /// Of one thread.
    pub time: Duration,
    /// How many directives were left out, by reason.
    pub left_out: BTreeMap<String, usize>,
}

impl Row {
    pub(crate) fn leave_out(&mut self, gaps: &[Gap]) {
        for gap in gaps {
            *self.left_out.entry(gap.feature.clone()).or_default() += 1;
        }
    }
}

/// Prints the table; configurations that did not run have no line.
pub(crate) fn print(rows: &BTreeMap<usize, Row>, names: &[String]) {
    if rows.is_empty() {
        return;
    }
    print!("{:<30}{:>6}", "configuration", "files");
    for kind in Kind::ALL {
        print!("{:>11}", kind.name());
    }
    println!("{:>10}{:>13}{:>10}", "failures", "failed files", "thread s");
    for (index, row) in rows {
        print!("{:<30}{:>6}", names[*index], row.files);
        for count in row.tally.0 {
            print!("{count:>11}");
        }
        let seconds = row.time.as_secs_f64();
        println!("{:>10}{:>13}{seconds:>10.1}", row.failures, row.failed_files);
    }
    for (index, row) in rows.iter().filter(|(_, row)| !row.left_out.is_empty()) {
        let all: usize = row.left_out.values().sum();
        println!("{}: {all} directives are left out", names[*index]);
        for (reason, count) in &row.left_out {
            println!("{count:>8} for {reason}");
        }
    }
}

/// The features of some gaps, each with the number of its directives.
pub(crate) fn features(gaps: &[Gap]) -> BTreeMap<&str, usize> {
    let mut features = BTreeMap::new();
    for gap in gaps {
        for feature in gap.feature.split(", ") {
            *features.entry(feature).or_default() += 1;
        }
    }
    features
}

/// Such as `gc (2), simd (17)`.
pub(crate) fn describe(gaps: &[Gap]) -> String {
    let words = features(gaps).into_iter().map(|(feature, count)| format!("{feature} ({count})"));
    words.collect::<Vec<_>>().join(", ")
}

/// Prints what was left out, by feature and by file.
pub(crate) fn print_gaps(files: &[(String, Vec<Gap>)]) {
    let mut by_feature: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, gaps) in files.iter().filter(|(_, gaps)| !gaps.is_empty()) {
        println!("unsupported: {name}: {} directives: {}", gaps.len(), describe(gaps));
        for (feature, count) in features(gaps) {
            let sum = by_feature.entry(feature).or_default();
            *sum = (sum.0 + 1, sum.1 + count);
        }
    }
    for (feature, (files, directives)) in by_feature {
        println!("unsupported feature {feature}: {directives} directives in {files} files");
    }
}
