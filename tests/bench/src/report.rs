//! What the benchmark prints, and what it remembers for its end: variants that
//! failed and targets that were met or missed.

/// Failures and targets of all sections.
#[derive(Debug, Default)]
pub(crate) struct Report {
    failures: usize,
    targets: Vec<Target>,
}

#[derive(Debug)]
struct Target {
    what: String,
    value: f64,
    limit: f64,
    /// The value has to be at least the limit rather than at most.
    at_least: bool,
}

impl Target {
    fn met(&self) -> bool {
        if self.at_least { self.value >= self.limit } else { self.value <= self.limit }
    }
}

impl Report {
    /// Something did not work or gave a wrong result.
    pub(crate) fn fail(&mut self, what: &str) {
        println!("FAILED {what}");
        self.failures += 1;
    }

    pub(crate) fn at_most(&mut self, what: String, value: f64, limit: f64) {
        self.targets.push(Target { what, value, limit, at_least: false });
    }

    pub(crate) fn at_least(&mut self, what: String, value: f64, limit: f64) {
        self.targets.push(Target { what, value, limit, at_least: true });
    }

    /// Prints targets and failures; false if there were any failures or, with
    /// `check`, missed targets.
    pub(crate) fn finish(&self, check: bool) -> bool {
        if !self.targets.is_empty() {
            println!("\nTargets");
            let mut table = Table::new(&["", "value", "target", ""]);
            for target in &self.targets {
                let sign = if target.at_least { ">=" } else { "<=" };
                table.row(vec![
                    target.what.clone(),
                    format!("{:.2}", target.value),
                    format!("{sign} {:.2}", target.limit),
                    if target.met() { "met" } else { "MISSED" }.to_string(),
                ]);
            }
            table.print();
        }
        if self.failures > 0 {
            println!("\n{} failures: see FAILED above", self.failures);
        }
        self.failures == 0 && !(check && self.targets.iter().any(|target| !target.met()))
    }
}

/// Text in columns: the first to the left, the others to the right.
#[derive(Debug)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(head: &[&str]) -> Self {
        Table { rows: vec![head.iter().map(ToString::to_string).collect()] }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub(crate) fn print(&self) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths = (0..columns).map(width).collect::<Vec<_>>();
        for row in &self.rows {
            let mut line = String::new();
            for (i, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                match i {
                    0 => line += &format!("{cell:<width$}"),
                    _ => line += &format!("  {cell:>width$}"),
                }
            }
            println!("{}", line.trim_end());
        }
    }
}
