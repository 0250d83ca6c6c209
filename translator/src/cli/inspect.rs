//! `wardian inspect`.

use std::cmp::Reverse;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wardian::inspect::{Extern, Function, Inspection, Memory, Table};
use wardian::needs::Needs;

use super::args::Inspect;
use super::input::Input;
use super::output;
use super::report::Report;
use super::stack::{self, Stack};
use crate::driver::diagnostic::{Diagnostic, Result};
use crate::driver::glue::{Binding, bind};
use crate::driver::staging::hex;

pub(crate) fn run(command: Inspect, report: &Report) -> Result<()> {
    let input = Input::read(&command.module)?;
    let wasm = input.wasm()?;
    report.stage("reading");
    let inspection = wardian::inspect::inspect(&wasm)
        .map_err(|error| Diagnostic::module(&input.shown, error))?;
    let stack = match command.stack.is_empty() {
        true => None,
        false => {
            let name = command.name.unwrap_or_else(|| input.stem.clone());
            let options = wardian::Options { name, ..wardian::Options::default() };
            let map = wardian::map::map(&wasm, &options);
            let map = map.map_err(|error| Diagnostic::module(&input.shown, error))?;
            Some(stack::analyze(&map, &command.stack)?)
        }
    };
    let needs = match inspection.unsupported.is_empty() {
        true => wardian::needs::needs(&wasm).ok(),
        false => None,
    };
    let hash = hex(&Sha256::digest(&wasm));
    let view = View {
        file: &input.shown,
        size: wasm.len(),
        hash,
        it: &inspection,
        top: command.top,
        needs,
        stack,
    };
    let text = if command.json {
        serde_json::to_string_pretty(&view.as_json()).expect("plain data") + "\n"
    } else {
        view.text()
    };
    output::print(text.as_bytes())
}

/// An inspection, and what is known of its file.
struct View<'a> {
    file: &'a str,
    size: usize,
    hash: String,
    it: &'a Inspection,
    top: usize,
    needs: Option<Needs>,
    stack: Option<Stack>,
}

impl View<'_> {
    fn text(&self) -> String {
        let mut text = format!("{}: {} bytes, SHA-256 {}\n", self.file, self.size, self.hash);
        if let Some(name) = &self.it.name {
            let _ = writeln!(text, "name: {}", name.escape_debug());
        }
        if !self.it.features.is_empty() {
            let _ = writeln!(text, "features: {}", self.it.features.join(", "));
        }
        self.unsupported(&mut text);
        self.externs(&mut text);
        self.contents(&mut text);
        self.functions(&mut text);
        text.extend(self.needs.iter().map(needs_text));
        text.extend(self.stack.iter().map(Stack::text));
        text
    }

    fn unsupported(&self, text: &mut String) {
        if !self.it.unsupported.is_empty() {
            text.push_str("not supported:\n");
        }
        for of in &self.it.unsupported {
            let _ = writeln!(
                text,
                "  {}: {}, first at {}",
                of.feature,
                of.what.escape_debug(),
                of.place
            );
        }
    }

    fn externs(&self, text: &mut String) {
        if !self.it.imports.is_empty() {
            let _ = writeln!(text, "imports: {}", self.it.imports.len());
        }
        for import in &self.it.imports {
            let (module, name) = (import.module.escape_debug(), import.name.escape_debug());
            let missing = match bind(import) {
                Binding::Wasi => String::new(),
                Binding::Missing(why) => format!(" ({why})"),
            };
            let _ = writeln!(text, "  {module} {name}: {}{missing}", import.ty);
        }
        if !self.it.exports.is_empty() {
            let _ = writeln!(text, "exports: {}", self.it.exports.len());
        }
        for export in &self.it.exports {
            let _ = writeln!(text, "  {}: {}", export.name.escape_debug(), export.ty);
        }
    }

    fn contents(&self, text: &mut String) {
        let it = self.it;
        for (i, memory) in it.memories.iter().enumerate() {
            let _ = writeln!(text, "memory {i}: {}", size_of_memory(memory));
        }
        for (i, table) in it.tables.iter().enumerate() {
            let from = if table.imported { ", imported" } else { "" };
            let max = table.max.map(|max| format!(" to {max}")).unwrap_or_default();
            let _ = writeln!(text, "table {i}: {}{max} {}{from}", table.min, table.element);
        }
        let _ = writeln!(text, "globals: {}", it.globals);
        let _ = writeln!(text, "data segments: {}, {} bytes", it.data_segments, it.data_bytes);
        let _ = writeln!(text, "element segments: {}", it.element_segments);
        if let Some(start) = it.start {
            let _ = writeln!(text, "start: function {start}");
        }
        text.push_str("sections:\n");
        for (name, size) in &it.sections {
            let _ = writeln!(text, "  {}: {size} bytes", name.escape_debug());
        }
    }

    fn functions(&self, text: &mut String) {
        let functions = &self.it.functions;
        let bytes: usize = functions.iter().map(|it| it.size).sum();
        let _ = writeln!(text, "functions: {}, {bytes} bytes", functions.len());
        for (title, functions) in [("biggest", self.biggest()), ("deepest", self.deepest())] {
            if !functions.is_empty() {
                let _ = writeln!(text, "{title} functions:");
            }
            for it in functions {
                let name = it.name.as_deref().map(|it| format!(" `{}`", it.escape_debug()));
                let _ = writeln!(
                    text,
                    "  {}{}: {} bytes at {:#x}, {} locals, nesting {}",
                    it.index,
                    name.unwrap_or_default(),
                    it.size,
                    it.offset,
                    it.locals,
                    it.depth
                );
            }
        }
    }

    fn biggest(&self) -> Vec<&Function> {
        self.first_by(|it| it.size as u64)
    }

    fn deepest(&self) -> Vec<&Function> {
        self.first_by(|it| u64::from(it.depth))
    }

    /// Ties go to the lower index.
    fn first_by(&self, rank: impl Fn(&Function) -> u64) -> Vec<&Function> {
        let mut functions: Vec<&Function> = self.it.functions.iter().collect();
        functions.sort_by_key(|it| (Reverse(rank(it)), it.index));
        functions.truncate(self.top);
        functions
    }

    fn as_json(&self) -> Value {
        let it = self.it;
        let imports: Vec<Value> = it
            .imports
            .iter()
            .map(|import| {
                json!({
                    "module": import.module,
                    "name": import.name,
                    "defined": bind(import) == Binding::Wasi,
                    "type": type_as_json(&import.ty),
                })
            })
            .collect();
        let exports: Vec<Value> = it
            .exports
            .iter()
            .map(|export| json!({ "name": export.name, "type": type_as_json(&export.ty) }))
            .collect();
        let unsupported: Vec<Value> = it
            .unsupported
            .iter()
            .map(|of| {
                let function = of.place.function.as_ref();
                json!({
                    "feature": of.feature,
                    "what": of.what,
                    "offset": of.place.offset,
                    "function": function.map(|(index, name)| json!({ "index": index, "name": name })),
                })
            })
            .collect();
        let mut all = json!({
            "file": self.file,
            "size": self.size,
            "sha256": self.hash,
            "name": it.name,
            "features": it.features,
            "unsupported": unsupported,
            "imports": imports,
            "exports": exports,
            "memories": it.memories.iter().map(memory_as_json).collect::<Vec<_>>(),
            "tables": it.tables.iter().map(table_as_json).collect::<Vec<_>>(),
            "globals": it.globals,
            "data": { "segments": it.data_segments, "bytes": it.data_bytes },
            "elements": { "segments": it.element_segments },
            "start": it.start,
            "sections": it.sections.iter()
                .map(|(name, size)| json!({ "name": name, "size": size })).collect::<Vec<_>>(),
            "functions": {
                "count": it.functions.len(),
                "size": it.functions.iter().map(|it| it.size).sum::<usize>(),
                "biggest": functions_as_json(&self.biggest()),
                "deepest": functions_as_json(&self.deepest()),
            },
        });
        if let Some(needs) = &self.needs {
            all["needs"] = needs_as_json(needs);
        }
        if let Some(stack) = &self.stack {
            all["stack"] = stack.as_json();
        }
        all
    }
}

/// Pages, and what they come to.
fn size_of_memory(memory: &Memory) -> String {
    let max = memory.max.map(|max| format!(" to {max}")).unwrap_or_default();
    let from = if memory.imported { ", imported" } else { "" };
    let bytes = memory.min.saturating_mul(memory.page_size);
    format!("{}{max} pages of {} bytes, {bytes} bytes at first{from}", memory.min, memory.page_size)
}

fn type_as_json(ty: &Extern) -> Value {
    match ty {
        Extern::Func { params, results } => {
            json!({ "kind": "func", "params": params, "results": results })
        }
        Extern::Memory(memory) => memory_as_json(memory),
        Extern::Table(table) => table_as_json(table),
        Extern::Global { value, mutable } => {
            json!({ "kind": "global", "value": value, "mutable": mutable })
        }
        Extern::Tag => json!({ "kind": "tag" }),
    }
}

fn memory_as_json(it: &Memory) -> Value {
    json!({
        "kind": "memory",
        "imported": it.imported,
        "min": it.min,
        "max": it.max,
        "page_size": it.page_size,
    })
}

fn table_as_json(it: &Table) -> Value {
    json!({
        "kind": "table",
        "imported": it.imported,
        "min": it.min,
        "max": it.max,
        "element": it.element,
    })
}

fn functions_as_json(functions: &[&Function]) -> Vec<Value> {
    let one = |it: &&Function| {
        json!({
            "index": it.index,
            "name": it.name,
            "offset": it.offset,
            "size": it.size,
            "locals": it.locals,
            "depth": it.depth,
        })
    };
    functions.iter().map(one).collect()
}

/// What a small machine must have for the module.
fn needs_text(needs: &Needs) -> String {
    let mut text = "needs:\n".to_string();
    if needs.declared > 0 {
        let _ = writeln!(text, "  memory: at least {} bytes{}", needs.least, beyond(needs));
        let _ = writeln!(text, "    data: up to {}", needs.data_end);
        if let (Some(stack), Some(pointer)) = (needs.stack, needs.stack_pointer) {
            let _ = writeln!(text, "    stack: {stack} bytes below {pointer}");
        }
        if let Some(heap) = needs.heap_base {
            let _ = writeln!(text, "    heap: from {heap}, `__heap_base`");
        }
        let grows = if needs.grows { "yes" } else { "no, the module never grows it" };
        let _ = writeln!(text, "    growth: {grows}");
    }
    let [m3, m0] = needs.flash();
    let _ = writeln!(text, "  flash: about {m3} bytes on a Cortex-M3, {m0} on a Cortex-M0");
    if !needs.floats.is_empty() {
        let floats = needs.floats.join(" and ");
        let _ = writeln!(text, "    and 3 to 8 KB if the processor cannot compute with {floats}");
    }
    text
}

/// What else may be in memory.
fn beyond(needs: &Needs) -> &'static str {
    match needs.complete {
        true => " and the heap",
        false => ", variables that begin as zero, and the heap; export `__heap_base` to know",
    }
}

fn needs_as_json(needs: &Needs) -> Value {
    let [m3, m0] = needs.flash();
    json!({
        "memory": {
            "declared": needs.declared,
            "least": needs.least,
            "complete": needs.complete,
            "data_end": needs.data_end,
            "stack_pointer": needs.stack_pointer,
            "stack": needs.stack,
            "heap_base": needs.heap_base,
            "grows": needs.grows,
        },
        "floats": needs.floats,
        "flash": { "cortex-m3": m3, "cortex-m0": m0 },
    })
}
