//! The C libraries that translated modules need, as they are carried inside
//! this program.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::cache::{Cache, Key};
use super::cc::Compiler;
use super::compile::{self, Settings, Unit, Watch};
use super::diagnostic::{Doing, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Library {
    Runtime,
    Wasi,
}

impl Library {
    pub(crate) const ALL: [Library; 2] = [Library::Runtime, Library::Wasi];

    /// The name of its folder, wherever it is copied to.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Library::Runtime => "runtime-c",
            Library::Wasi => "wasi-c",
        }
    }

    /// Paths below its folder, and texts.
    pub(crate) fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Library::Runtime => wardian_rt::FILES,
            Library::Wasi => wardian_wasi::FILES,
        }
    }

    /// The folder of its headers, below `root`.
    pub(crate) fn include(self, root: &Path) -> PathBuf {
        root.join(self.folder()).join("include")
    }

    /// Writes it to its folder below `root`.
    pub(crate) fn write(self, root: &Path) -> Result<()> {
        for (path, text) in self.files() {
            let path = root.join(self.folder()).join(path);
            let folder = path.parent().unwrap_or(root);
            fs::create_dir_all(folder).doing("create", folder)?;
            fs::write(&path, text).doing("write", &path)?;
        }
        Ok(())
    }
}

/// What is linked with a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Runtime,
    Wasi,
    /// What makes a program of a module with WASI.
    Launch,
}

impl Part {
    /// The C file that includes or is all of it.
    fn source(self) -> &'static str {
        match self {
            Part::Runtime => "runtime-c/src/wdn.c",
            Part::Wasi => "wasi-c/src/wdn_wasi.c",
            Part::Launch => "wasi-c/src/launch.c",
        }
    }
}

/// Changes with every change of the C libraries.
pub(crate) fn hash() -> [u8; 32] {
    let mut hash = Sha256::new();
    for (path, text) in Library::ALL.iter().flat_map(|it| it.files()) {
        hash.update(path);
        hash.update([0]);
        hash.update(text);
        hash.update([0]);
    }
    hash.finalize().into()
}

/// The object files of some parts, in the folder `work`: from the cache, or
/// compiled there. The libraries' sources are in `work` already.
pub(crate) fn objects(
    cc: &Compiler,
    settings: &Settings,
    parts: &[Part],
    work: &Path,
    cache: Option<&Cache>,
    watch: &Watch<'_>,
) -> Result<Vec<PathBuf>> {
    let includes = Library::ALL.map(|it| it.include(work));
    let make = |folder: &Path| {
        let unit = |part: &Part| Unit {
            source: work.join(part.source()),
            object: folder.join(name(part)),
        };
        let units: Vec<Unit> = parts.iter().map(unit).collect();
        compile::compile(cc, settings, &includes, &units, watch)
    };
    let Some(cache) = cache else {
        make(work)?;
        return Ok(parts.iter().map(|part| work.join(name(part))).collect());
    };
    let key = Key::default()
        .add("objects")
        .add(hash())
        .add(cc.identity())
        .add(settings.flags(cc).join("\0"))
        .add(format!("{parts:?}"));
    let entry = cache.get_or(key, make)?;
    // Copied, so that it does not matter when the cache drops them.
    for part in parts {
        let (from, to) = (entry.join(name(part)), work.join(name(part)));
        fs::copy(&from, &to).doing("copy", &from)?;
    }
    Ok(parts.iter().map(|part| work.join(name(part))).collect())
}

fn name(part: &Part) -> String {
    let stem = Path::new(part.source()).file_stem().unwrap_or_default().to_string_lossy();
    // A module may be called like one of our files.
    format!("wardian-{stem}.o")
}
