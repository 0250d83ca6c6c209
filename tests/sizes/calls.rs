//! The runtime on machines without an operating system does not call itself, has frames
//! of known size and calls what it does not know only to enter the guest; and every loop
//! of it is in the table of docs/stack.md, which says what bounds it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian_tests::{c, tools};

/// Of the runtime and of the WASI for bare machines: what is compiled by itself.
const UNITS: &[&str] =
    &["runtime-c/src/wdn.c", "runtime-c/src/wdn_one.c", "wasi-c/src/bare/wdn_wasi_bare.c"];

/// Functions that enter the guest, or call what the host gave them to call.
const ENTERS: &[&str] = &[
    "wdn_try",
    "wdn_call",
    "wdn_one_try",
    "wdn_run_initializer",
    "transfer",
    "read_clock",
    "wdn_wasi_poll_oneoff",
    "wdn_wasi_proc_exit",
    "wdn_wasi_random_get",
];

/// More stack than any function of theirs needs, with all that it calls.
const MOST_STACK: u64 = 256;

pub(crate) fn trials() -> Vec<Trial> {
    let units = UNITS.iter().filter(|unit| c::repository().join(unit).is_file());
    let mut trials: Vec<Trial> = units
        .map(|unit| {
            let stem = Path::new(unit).file_stem().unwrap_or_default().to_string_lossy();
            Trial::ignorable_test(format!("calls/{stem}"), move || calls(unit))
        })
        .collect();
    trials.push(Trial::test("loops", loops));
    trials
}

fn calls(unit: &str) -> Result<Completion, Failed> {
    let missing = tools::missing(["arm-none-eabi-gcc"]);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    let folder = tempfile::tempdir()?;
    let object = folder.path().join("unit.o");
    let mut gcc = Command::new("arm-none-eabi-gcc");
    gcc.args(["-mthumb", "-mcpu=cortex-m3", "-Os", "-std=gnu99", "-ffreestanding"]);
    gcc.args(["-fcallgraph-info=su", "-DWDN_BARE_ARENA=0x11000"]);
    for include in ["runtime-c/include", "wasi-c/include"] {
        gcc.arg("-I").arg(c::repository().join(include));
    }
    gcc.arg("-c").arg(c::repository().join(unit)).arg("-o").arg(&object);
    c::compile(&mut gcc, Duration::from_secs(60))?;
    let graph = Graph::parse(&fs::read_to_string(object.with_extension("ci"))?)?;
    for name in graph.edges.iter().filter(|(_, to)| to.contains("__indirect_call")) {
        if !ENTERS.contains(&name.0.as_str()) {
            return Err(format!("{} calls through a pointer", name.0).into());
        }
    }
    let mut deepest = (0, "");
    for name in graph.frames.keys() {
        let bytes = graph.stack(name, &mut Vec::new())?;
        deepest = deepest.max((bytes, name));
    }
    println!("{unit}: {} bytes of stack for {}", deepest.0, deepest.1);
    if deepest.0 > MOST_STACK {
        return Err(format!("{} needs {} bytes of stack", deepest.1, deepest.0).into());
    }
    Ok(Completion::Completed)
}

/// What gcc prints with -fcallgraph-info=su.
#[derive(Default)]
struct Graph {
    /// Bytes by function.
    frames: BTreeMap<String, u64>,
    edges: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn parse(text: &str) -> Result<Graph, Failed> {
        let mut graph = Graph::default();
        for line in text.lines() {
            let mut quoted = line.split('"').skip(1).step_by(2);
            let first = quoted.next().unwrap_or_default();
            let second = quoted.next().unwrap_or_default();
            if line.starts_with("edge:") {
                graph.edges.entry(function(first)).or_default().insert(function(second));
            } else if line.starts_with("node:") {
                let frame = second.split("\\n").find_map(|it| it.split_once(" bytes ("));
                let Some((bytes, kind)) = frame else { continue };
                if kind.starts_with("dynamic") && !kind.contains("bounded") {
                    return Err(format!("{first} has a frame of any size").into());
                }
                graph.frames.insert(function(first), bytes.parse()?);
            }
        }
        if graph.frames.is_empty() {
            return Err("gcc printed no functions".into());
        }
        Ok(graph)
    }

    /// Of a function and what it calls; refuses what calls itself.
    fn stack<'a>(&'a self, name: &'a str, path: &mut Vec<&'a str>) -> Result<u64, Failed> {
        if path.contains(&name) {
            return Err(format!("{name} calls itself: {}", path.join(" > ")).into());
        }
        path.push(name);
        let mut most = 0;
        for callee in self.edges.get(name).into_iter().flatten() {
            most = most.max(self.stack(callee, path)?);
        }
        path.pop();
        Ok(most + self.frames.get(name).copied().unwrap_or(0))
    }
}

/// Without the file, and without what gcc put after it.
fn function(title: &str) -> String {
    let name = title.rsplit(':').next().unwrap_or(title);
    name.split('.').next().unwrap_or(name).to_string()
}

// ---- Loops ----------------------------------------------------------------------

fn loops() -> Result<(), Failed> {
    let doc = fs::read_to_string(c::repository().join("docs/stack.md"))?;
    let (_, table) = doc.split_once("## Loops of the runtime").ok_or("no table of loops")?;
    let known: BTreeSet<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let mut found = BTreeSet::new();
    for unit in UNITS.iter().chain(&["runtime-c/src/wdn_bytes.c"]) {
        let unit = c::repository().join(unit);
        if unit.is_file() {
            for file in files(&unit)? {
                found.extend(with_loops(&fs::read_to_string(file)?));
            }
        }
    }
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let unknown: Vec<&&str> = found.difference(&known).collect();
    let gone: Vec<&&str> = known.difference(&found).collect();
    if found.len() < 10 || !unknown.is_empty() || !gone.is_empty() {
        let text = format!("docs/stack.md does not say what bounds the loops of {unknown:?}");
        return Err(format!("{text}, and names {gone:?}, which have none").into());
    }
    Ok(())
}

/// A file and those that it includes, of the ports only the one for bare machines.
fn files(unit: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut files = vec![unit.to_path_buf()];
    for line in fs::read_to_string(unit)?.lines() {
        let name = line.strip_prefix("#include \"").and_then(|it| it.split('"').next());
        let Some(name) = name.filter(|it| it.ends_with(".c")) else { continue };
        if !name.contains("port/") || name.ends_with("/bare.c") {
            files.push(unit.with_file_name(name));
        }
    }
    files.dedup();
    Ok(files)
}

/// The functions of a C file that contain a loop.
fn with_loops(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut function = String::new();
    for line in text.lines() {
        let first = line.chars().next().unwrap_or(' ');
        if first.is_ascii_alphabetic() && line.contains('(') {
            let head = line.split('(').next().unwrap_or_default();
            let name = head.rsplit([' ', '*']).next().unwrap_or_default();
            function = name.to_string();
        }
        let word = line.trim_start().split([' ', '(']).next().unwrap_or_default();
        if line.starts_with(' ') && matches!(word, "for" | "while" | "do") {
            found.push(function.clone());
        }
    }
    found
}
