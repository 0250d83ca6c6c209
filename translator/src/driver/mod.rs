//! From a module to something that runs: translates it, compiles the C, links
//! the result. Knows C compilers, WASI and the file system, which the library
//! does not.

pub(crate) mod board;
pub(crate) mod bundle;
pub(crate) mod cache;
pub(crate) mod cc;
pub(crate) mod compile;
pub(crate) mod diagnostic;
pub(crate) mod glue;
pub(crate) mod library;
mod link;
pub(crate) mod listing;
pub(crate) mod scratch;
pub(crate) mod staging;
pub(crate) mod target;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use wardian::interface::{Extern, Interface};
use wardian::{Failure, Instances, Options};

use board::Board;
use bundle::Bundle;
use cache::Cache;
use cc::Compiler;
use compile::{Settings, Unit, Watch};
use diagnostic::{Code, Diagnostic, Doing, Result};
use library::{Library, Objects, Part};

/// A module, and how to make something of it.
pub(crate) struct Job<'a> {
    pub(crate) wasm: &'a [u8],
    /// What the user calls it.
    pub(crate) file: &'a str,
    pub(crate) options: &'a Options,
    pub(crate) cc: &'a Compiler,
    pub(crate) settings: &'a Settings,
    /// Holds compiled C libraries.
    pub(crate) cache: Option<&'a Cache>,
    pub(crate) watch: &'a Watch<'a>,
}

/// Translates, handing each piece of a file to `add`.
pub(crate) fn translate(
    wasm: &[u8],
    file: &str,
    options: &Options,
    mut add: impl FnMut(&str, &str) -> std::io::Result<()>,
) -> Result<()> {
    let module = |error| Diagnostic::module(file, error);
    if let Some(exports) = &options.exports {
        known(exports, &wardian::interface::describe(wasm, options).map_err(module)?)?;
    }
    wardian::translate_to(wasm, options, &mut add).map_err(|failure| match failure {
        Failure::Module(error) => module(error),
        Failure::Sink(error) => Diagnostic::io("write the C files", &error),
    })
}

/// Fails for a name that no exported function has: the description lacks it.
fn known(names: &[String], it: &Interface) -> Result<()> {
    let function = |name: &String| {
        let of_name = it.exports.iter().find(|export| export.name == *name);
        of_name.is_some_and(|export| matches!(export.ty, Extern::Func(_)))
    };
    match names.iter().find(|name| !function(name)) {
        None => Ok(()),
        Some(name) => {
            let message = format!("the module exports no function `{name}`");
            Err(Diagnostic::new(Code::Usage, message).help("`wardian inspect` lists exports"))
        }
    }
}

impl Job<'_> {
    /// Makes a program. Functions that nothing defines are errors, or trap when
    /// called. Works in the folder `work`, which holds nothing else.
    pub(crate) fn program(
        &self,
        work: &Path,
        trap_unresolved: bool,
        bundles: &[Bundle],
        output: &Path,
    ) -> Result<()> {
        let mut sources = self.translate(work)?;
        let (bundled, lists) = bundle::write(bundles, work)?;
        let main = work.join("wardian-main.c");
        let text = glue::main(self, trap_unresolved, &lists, bundles.len())?;
        fs::write(&main, text).doing("write", &main)?;
        sources.push(main);
        sources.extend(bundled);
        let parts = [Part::Runtime, Part::Wasi, Part::Memory, Part::Launch];
        let objects = self.objects(work, &sources, &parts)?;
        link::program(self.cc, self.settings, &objects, output, self.watch)
    }

    /// Makes an object file of the module alone.
    pub(crate) fn object(&self, work: &Path, output: &Path) -> Result<()> {
        let sources = self.translate(work)?;
        let objects = self.objects(work, &sources, &[])?;
        match objects.as_slice() {
            [one] => fs::copy(one, output).map(drop).doing("write", output),
            _ => link::object(self.cc, &objects, output, self.watch),
        }
    }

    /// Makes a static library of the module and what it needs.
    pub(crate) fn archive(&self, work: &Path, output: &Path) -> Result<()> {
        let sources = self.translate(work)?;
        let objects = self.objects(work, &sources, self.parts()?)?;
        link::archive(self.cc, &objects, output, self.watch)
    }

    /// Makes a shared library of the module and what it needs.
    pub(crate) fn shared(&self, work: &Path, output: &Path) -> Result<()> {
        let sources = self.translate(work)?;
        let objects = self.objects(work, &sources, self.parts()?)?;
        let name = &self.options.name;
        link::shared(self.cc, self.settings, name, &objects, output, self.watch)
    }

    /// Makes an image of the module, what it needs, the board's own files, and `with`.
    pub(crate) fn image(
        &self,
        work: &Path,
        board: &Board,
        with: &[PathBuf],
        output: &Path,
    ) -> Result<()> {
        let sources = self.translate(work)?;
        let mut objects = self.objects(work, &sources, self.parts()?)?;
        let sources = with.iter().chain(&board.sources).enumerate();
        let units: Vec<Unit> = sources
            .map(|(i, source)| Unit {
                source: source.clone(),
                object: work.join(format!("wardian-firmware-{i}.o")),
            })
            .collect();
        let mut includes = vec![work.to_path_buf(), board.folder.clone()];
        includes.extend(Library::ALL.map(|it| it.include(work)));
        compile::compile(self.cc, self.settings, &includes, &units, self.watch)?;
        objects.extend(units.into_iter().map(|it| it.object));
        if board.needs_bytes {
            // A library, so that a board's own functions take precedence.
            let library = work.join("wardian-bytes.a");
            link::archive(
                self.cc,
                &self.objects(work, &[], &[Part::Bytes])?,
                &library,
                self.watch,
            )?;
            objects.push(library);
        }
        link::image(self.cc, self.settings, board, &objects, output, self.watch)
    }

    /// What a library has to contain beside the module.
    fn parts(&self) -> Result<&'static [Part]> {
        let one = self.options.instances == Instances::One;
        Ok(match (self.imports_wasi()?, one, self.cc.is_bare()) {
            (false, false, _) => &[Part::Runtime],
            (false, true, _) => &[Part::One],
            (true, true, _) => &[Part::One, Part::BareWasi],
            (true, false, true) => &[Part::Runtime, Part::BareWasi],
            (true, false, false) => &[Part::Runtime, Part::Wasi],
        })
    }

    pub(crate) fn imports_wasi(&self) -> Result<bool> {
        glue::imports_wasi(self.wasm, self.file)
    }

    /// Writes the module's C and the libraries' to `work`; returns what of the
    /// module is to be compiled.
    fn translate(&self, work: &Path) -> Result<Vec<PathBuf>> {
        let mut sources = Vec::new();
        let mut open: Option<(PathBuf, fs::File)> = None;
        translate(self.wasm, self.file, self.options, |name, text| {
            let path = work.join(name);
            let (_, file) = match &mut open {
                Some(it) if it.0 == path => it,
                _ => {
                    if name.ends_with(".c") {
                        sources.push(path.clone());
                    }
                    let file = fs::File::create(&path)?;
                    open.insert((path, file))
                }
            };
            file.write_all(text.as_bytes())
        })?;
        Library::ALL.iter().try_for_each(|it| it.write(work))?;
        Ok(sources)
    }

    /// Compiles the module's sources, and the parts unless the cache has them.
    fn objects(&self, work: &Path, sources: &[PathBuf], parts: &[Part]) -> Result<Vec<PathBuf>> {
        let (cc, settings) = (self.cc, self.settings);
        // Not `work`: its files find each other, and may be called like system headers.
        let includes = Library::ALL.map(|it| it.include(work));
        let unit =
            |source: &PathBuf| Unit { source: source.clone(), object: source.with_extension("o") };
        let mut units: Vec<Unit> = sources.iter().map(unit).collect();
        let mut objects: Vec<PathBuf> = units.iter().map(|it| it.object.clone()).collect();
        let libraries = Objects::new(parts, work, self.cache);
        objects.extend(libraries.files());
        if libraries.fetch(cc, settings) {
            compile::compile(cc, settings, &includes, &units, self.watch)?;
        } else {
            units.extend(libraries.units());
            compile::compile(cc, settings, &includes, &units, self.watch)?;
            libraries.keep(cc, settings);
        }
        Ok(objects)
    }
}
