//! `wardian inspect --stack`: how much stack the functions that a host can call need at
//! most, from the frames that the C compiler made (`-fstack-usage`) and the map of calls.
//! What functions of the host need is not counted: nobody knows them here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use wardian::map::Map;

use crate::driver::diagnostic::{Code, Diagnostic, Doing, Result};

/// What exported functions need.
pub(crate) struct Stack {
    /// By C name, in the order of the functions.
    exports: Vec<(String, Need)>,
    /// The functions of the runtime together, which is more than they ever need.
    runtime: u64,
    /// The names of all functions.
    names: Vec<String>,
}

/// Why there is a bound or none.
#[derive(Clone, Debug)]
enum Need {
    /// Bytes at most, on the path through these functions.
    Bytes(u64, Vec<usize>),
    /// This function calls itself, maybe through others.
    Recursion(usize),
    /// This function's frame can have any size.
    Dynamic(usize),
}

/// Of a function of C, with all the parts that the compiler made of it.
#[derive(Clone, Copy, Default)]
struct Frame {
    bytes: u64,
    dynamic: bool,
}

/// Reads the compiler's files and follows the calls.
pub(crate) fn analyze(map: &Map, files: &[PathBuf]) -> Result<Stack> {
    let frames = read(files)?;
    let symbol = |it: &wardian::map::Function| it.symbol.clone().unwrap_or_default();
    let symbols: Vec<String> = map.functions.iter().map(symbol).collect();
    let own: Vec<Frame> =
        symbols.iter().map(|it| frames.get(it).copied().unwrap_or_default()).collect();
    let exported = map.functions.iter().flat_map(|it| &it.exports);
    if !symbols.iter().chain(exported).any(|name| frames.contains_key(name)) {
        let message = format!("no function of `{}` is in the files of `--stack`", map.name);
        let help = "compile the C of the module with -fstack-usage, and give its `--name`";
        return Err(Diagnostic::new(Code::Usage, message).help(help));
    }
    let needs = needs(map, &own);
    let mut exports = Vec::new();
    for (function, need) in map.functions.iter().zip(&needs).filter(|(it, _)| it.symbol.is_some()) {
        for name in &function.exports {
            let wrapper = frames.get(name).copied().unwrap_or_default();
            let need = match need {
                Need::Bytes(bytes, path) => Need::Bytes(bytes + wrapper.bytes, path.clone()),
                other => other.clone(),
            };
            exports.push((name.clone(), need));
        }
    }
    let runtime = frames.iter().filter(|(name, _)| is_runtime(name));
    let runtime = runtime.map(|(_, frame)| frame.bytes).sum();
    Ok(Stack { exports, runtime, names: symbols })
}

fn read(files: &[PathBuf]) -> Result<BTreeMap<String, Frame>> {
    let mut frames: BTreeMap<String, Frame> = BTreeMap::new();
    for file in files {
        for line in fs::read_to_string(file).doing("read", file)?.lines() {
            let Some((name, frame)) = parse(line) else {
                let message = format!("{} was not made by -fstack-usage: {line}", file.display());
                return Err(Diagnostic::new(Code::Usage, message));
            };
            let known = frames.entry(name.to_string()).or_default();
            known.bytes = known.bytes.saturating_add(frame.bytes);
            known.dynamic |= frame.dynamic;
        }
    }
    Ok(frames)
}

/// A line such as `app.c:12:5:app_f3_sum.part.0`, 24, `static`, with tabs between: the
/// function without what the compiler put after its name, and its frame.
fn parse(line: &str) -> Option<(&str, Frame)> {
    let mut fields = line.split('\t');
    let name = fields.next()?.rsplit(':').next()?;
    let bytes = fields.next()?.parse::<u32>().ok()?.into();
    let kind = fields.next()?;
    let dynamic = kind.contains("dynamic") && !kind.contains("bounded");
    Some((name.split('.').next()?, Frame { bytes, dynamic }))
}

fn is_runtime(name: &str) -> bool {
    ["wdn_", "memory_", "table_"].iter().any(|prefix| name.starts_with(prefix))
}

/// What each function needs; after the functions, what calls of each type through
/// tables need. A function is done when all that it calls are; one that is met again
/// before that calls itself.
fn needs(map: &Map, own: &[Frame]) -> Vec<Need> {
    let calls = calls(map);
    let mut needs: Vec<Option<Need>> = vec![None; calls.len()];
    let mut open = vec![false; calls.len()];
    for root in 0..calls.len() {
        // The functions on the way from the root, and how many of its calls each has seen.
        let mut path = vec![(root, 0)];
        while let Some((function, seen)) = path.last_mut() {
            let function = *function;
            if needs[function].is_some() {
                path.pop();
                continue;
            }
            open[function] = true;
            if let Some(&callee) = calls[function].get(*seen) {
                *seen += 1;
                if needs[callee].is_none() {
                    match open[callee] {
                        true => needs[callee] = Some(Need::Recursion(callee)),
                        false => path.push((callee, 0)),
                    }
                }
                continue;
            }
            let frame = own.get(function).copied().unwrap_or_default();
            needs[function] = Some(need(function, frame, &calls[function], &needs));
            path.pop();
        }
    }
    needs.into_iter().flatten().collect()
}

/// Who calls whom, the types of calls through tables counted after the functions.
fn calls(map: &Map) -> Vec<Vec<usize>> {
    let first = map.functions.len();
    let mut calls: Vec<Vec<usize>> = vec![Vec::new(); first + map.types.len()];
    for (i, function) in map.functions.iter().enumerate() {
        calls[i].extend(function.body.calls.iter().map(|it| *it as usize));
        calls[i].extend(function.body.indirect_calls.iter().map(|it| first + *it as usize));
        if function.indirect {
            calls[first + function.ty as usize].push(i);
        }
    }
    calls
}

/// Of a function whose callees are done.
fn need(function: usize, frame: Frame, callees: &[usize], needs: &[Option<Need>]) -> Need {
    if frame.dynamic {
        return Need::Dynamic(function);
    }
    let (mut most, mut way) = (0, Vec::new());
    for callee in callees {
        match &needs[*callee] {
            Some(Need::Bytes(bytes, path)) => {
                if *bytes > most {
                    (most, way) = (*bytes, path.clone());
                }
            }
            Some(other) => return other.clone(),
            None => return Need::Recursion(*callee),
        }
    }
    // The path is shown, and need not be complete: the deepest part of it is.
    if frame.bytes > 0 {
        way.insert(0, function);
    }
    way.truncate(MAX_PATH);
    Need::Bytes(frame.bytes + most, way)
}

/// Functions of a path that are remembered.
const MAX_PATH: usize = 12;

impl Stack {
    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text = "stack of exported functions, without functions of the host:\n".to_string();
        for (name, need) in &self.exports {
            let _ = match need {
                Need::Bytes(bytes, path) => {
                    let path: Vec<&str> = path.iter().map(|it| self.name(*it)).collect();
                    let path = path.join(" > ");
                    let through = if path.is_empty() { "" } else { ": " };
                    writeln!(text, "  {name}: {bytes} bytes{through}{path}")
                }
                Need::Recursion(of) => {
                    writeln!(text, "  {name}: no bound: {} calls itself", self.name(*of))
                }
                Need::Dynamic(of) => {
                    writeln!(text, "  {name}: no bound: the frame of {}", self.name(*of))
                }
            };
        }
        if self.runtime > 0 {
            let _ = writeln!(text, "stack of the runtime: less than {} bytes", self.runtime);
        }
        text
    }

    /// For programs.
    pub(crate) fn as_json(&self) -> Value {
        let export = |(name, need): &(String, Need)| match need {
            Need::Bytes(bytes, path) => {
                let path: Vec<&str> = path.iter().map(|it| self.name(*it)).collect();
                json!({"export": name, "bytes": bytes, "path": path})
            }
            Need::Recursion(of) => {
                json!({"export": name, "bytes": null, "recursion": self.name(*of)})
            }
            Need::Dynamic(of) => json!({"export": name, "bytes": null, "frame": self.name(*of)}),
        };
        let exports: Vec<Value> = self.exports.iter().map(export).collect();
        json!({"exports": exports, "runtime": self.runtime})
    }

    fn name(&self, function: usize) -> &str {
        self.names.get(function).map_or("a function in a table", String::as_str)
    }
}
