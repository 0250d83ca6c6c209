//! The C libraries that translated modules need, as they are carried inside
//! this program.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::cache::{Cache, Key};
use super::cc::Compiler;
use super::compile::{Settings, Unit};
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
    /// Of modules that have one instance.
    One,
    /// What compilers call by themselves, where there is no C library.
    Bytes,
    Wasi,
    /// The same without an operating system.
    BareWasi,
    /// File systems in memory.
    Memory,
    /// What makes a program of a module with WASI.
    Launch,
}

impl Part {
    /// The C file that includes or is all of it.
    fn source(self) -> &'static str {
        match self {
            Part::Runtime => "runtime-c/src/wdn.c",
            Part::One => "runtime-c/src/wdn_one.c",
            Part::Bytes => "runtime-c/src/wdn_bytes.c",
            Part::Wasi => "wasi-c/src/wdn_wasi.c",
            Part::BareWasi => "wasi-c/src/bare/wdn_wasi_bare.c",
            Part::Memory => "wasi-c/src/memfs.c",
            Part::Launch => "wasi-c/src/launch.c",
        }
    }

    /// Like no file of a module, whatever its name.
    fn object(self) -> &'static str {
        match self {
            Part::Runtime => "wardian-runtime.o",
            Part::One => "wardian-one.o",
            Part::Bytes => "wardian-bytes.o",
            Part::Wasi => "wardian-wasi.o",
            Part::BareWasi => "wardian-bare-wasi.o",
            Part::Memory => "wardian-memory.o",
            Part::Launch => "wardian-launch.o",
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

/// Object files of the parts that a program or library needs.
pub(crate) struct Objects<'a> {
    parts: &'a [Part],
    /// Where the sources are, and the objects will be.
    work: &'a Path,
    cache: Option<&'a Cache>,
}

impl<'a> Objects<'a> {
    pub(crate) fn new(parts: &'a [Part], work: &'a Path, cache: Option<&'a Cache>) -> Self {
        Objects { parts, work, cache }
    }

    /// The files, which come to be by `fetch`, or by compiling the units.
    pub(crate) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.parts.iter().map(|part| self.work.join(part.object()))
    }

    pub(crate) fn units(&self) -> impl Iterator<Item = Unit> {
        self.parts.iter().map(|part| Unit {
            source: self.work.join(part.source()),
            object: self.work.join(part.object()),
        })
    }

    fn key(&self, cc: &Compiler, settings: &Settings) -> Key {
        Key::default()
            .add("objects")
            .add(hash())
            .add(cc.identity())
            .add(settings.flags(cc).join("\0"))
            .add(format!("{:?}", self.parts))
    }

    /// Gets the files, if there are any, from the cache; false if it does not have them.
    pub(crate) fn fetch(&self, cc: &Compiler, settings: &Settings) -> bool {
        if self.parts.is_empty() {
            return true;
        }
        let entry = self.cache.and_then(|cache| cache.get(self.key(cc, settings)));
        // Copied, so that it does not matter when the cache drops them.
        entry.is_some_and(|entry| self.copy(&entry, self.work).is_ok())
    }

    /// Leaves the files to the cache, for others. A cache that is full or gone is no
    /// reason to fail.
    pub(crate) fn keep(&self, cc: &Compiler, settings: &Settings) {
        let Some(cache) = self.cache else { return };
        let _ = cache.get_or(self.key(cc, settings), |entry| self.copy(self.work, entry));
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<()> {
        self.parts.iter().try_for_each(|part| {
            let from = from.join(part.object());
            fs::copy(&from, to.join(part.object())).map(drop).doing("copy", &from)
        })
    }
}
