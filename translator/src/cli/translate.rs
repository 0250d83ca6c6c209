//! `wardian translate`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::{Text, Translate};
use super::input::Input;
use super::report::Report;
use super::{map, output, runtime, settings};
use crate::driver::diagnostic::{Diagnostic, Doing, Result};
use crate::driver::library::Library;
use crate::driver::listing::Listing;
use crate::driver::staging::{Staging, digest};
use crate::driver::{self, glue, target};

pub(crate) fn run(command: Translate, report: &Report) -> Result<()> {
    let input = Input::read(&command.module)?;
    let memory = match target::can_guard(command.target.as_deref()) {
        true => wardian::Memory::Guard,
        false => wardian::Memory::Bounds,
    };
    let mut options = settings::options(&command.translation, &input.stem, memory)?;
    options.shard_size = command.shard_size.map_or(options.shard_size, |it| it as usize);
    let wasm = input.wasm()?;
    if command.emit == Text::Ir {
        let text = wardian::dump_ir(&wasm, &options);
        let text = text.map_err(|error| Diagnostic::module(&input.shown, error))?;
        return output::print(text.as_bytes());
    }
    if command.emit == Text::Map {
        let map = wardian::map::map(&wasm, &options);
        let map = map.map_err(|error| Diagnostic::module(&input.shown, error))?;
        return output::print(map::text(&map).as_bytes());
    }
    let folder = command.output.unwrap_or_else(|| PathBuf::from(format!("{}-c", input.stem)));
    report.stage("translating");
    let mut staging = Staging::new(&folder)?;
    staging.begin(&options.name, about(&wasm, &options));
    let mut sources = Vec::new();
    driver::translate(&wasm, &input.shown, &options, |name, text| {
        if name.ends_with(".c") {
            sources.push(name.to_string());
        }
        staging.add(name, text.as_bytes())
    })?;
    let listed = matches!(command.emit, Text::Cmake | Text::Files);
    if listed {
        let wasi = glue::imports_wasi(&wasm, &input.shown)?;
        let listing = Listing { options: &options, sources: &sources, wasi };
        let (name, text) = match command.emit {
            Text::Cmake => ("CMakeLists.txt".to_string(), listing.cmake()),
            _ => (format!("{}.files", options.name), listing.files()),
        };
        staging.add(&name, text.as_bytes()).doing("write to", &folder)?;
    }
    if command.with_runtime || listed {
        runtime::stage(&mut staging, Library::ALL.into_iter()).doing("write to", &folder)?;
    }
    let placed = staging.place(command.force)?;
    output::placed(&placed, &folder, report);
    Ok(())
}

/// How the files came to be, for their manifest.
fn about(wasm: &[u8], options: &wardian::Options) -> BTreeMap<String, Value> {
    let module = json!(digest(wasm));
    BTreeMap::from([("module".to_string(), module), ("options".to_string(), chosen(options))])
}

/// The options, as the manifest has them.
pub(super) fn chosen(options: &wardian::Options) -> Value {
    let mut chosen = json!({
        "name": options.name,
        "memory": options.memory.text(),
        "optimize": options.optimize,
        "interrupt": options.interrupt.text(),
        "shard_size": options.shard_size,
    });
    if options.instances == wardian::Instances::One {
        chosen["instances"] = json!("one");
        chosen["trap"] = json!(options.trap.name());
        chosen["trap_info"] = json!(options.trap_info.name());
        chosen["stack"] = json!(options.stack.text());
    }
    if let Some(exports) = &options.exports {
        chosen["exports"] = json!(exports);
    }
    chosen
}
