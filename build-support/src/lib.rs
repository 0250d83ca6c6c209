//! Translates WebAssembly modules to C from a build script, and compiles the C.
//!
//! ```no_run
//! // The whole of build.rs, but for `fn main`:
//! wardian_build::Module::new("vendor/png.wasm").compile("png");
//! ```
//!
//! What a build script does can be tried anywhere, since it is told everything by variables:
//!
//! ```
//! # let folder = std::env::temp_dir().join(format!("wardian-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # // SAFETY: nothing else runs in here.
//! # unsafe { std::env::set_var("OUT_DIR", &folder) };
//! # let module = folder.join("answer.wat");
//! std::fs::write(&module, r#"(module (func (export "answer") (result i32) i32.const 42))"#)?;
//! let output = wardian_build::Module::new(&module).translate("deep")?;
//! assert!(std::fs::read_to_string(output.header)?.contains("deep_answer("));
//! # std::fs::remove_dir_all(folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The package also depends on `wardian-rt`, with its feature `link`: the C runtime, of
//! which a program has one however many modules it contains.
//!
//! Nothing is written outside of `OUT_DIR`, and an input that has not changed changes no
//! file. The C compiler is the `cc` crate's to find and to run, so its variables, such as
//! `CC_aarch64_unknown_linux_gnu`, mean what they always do.
//!
//! # What cargo says
//!
//! - `OPT_LEVEL` is how the C is optimized, at least by `-O1`: not optimized, it is several
//!   times slower, and there is nothing in it to debug.
//! - On targets without an operating system the C needs no C library. The runtime takes its
//!   memory from an array: `CFLAGS_thumbv7m_none_eabi=-DWDN_BARE_ARENA=16384` is one of so
//!   many bytes. Without it, the program defines `wdn_bare_allocate` and `wdn_bare_free`.
//! - With `DOCS_RS` set, C and bindings are made, and no C compiler is run.
//! - A package with a `links` key tells the build scripts of packages that depend on it
//!   where the header is: `DEP_<LINKS>_INCLUDE` is its folder, `DEP_<LINKS>_HEADER` the file.
//!
//! # Bindings
//!
//! `OUT_DIR/png.rs` has the bindings, which `wardian_rt::include_module!("png")` includes.
//!
//! # Features
//!
//! - `bindgen` has `Types`, which makes types for hosts of C headers, with the guest's layout.
//! - `noop` has `Module::noop`, which puts a native library in the module's place.

mod bindings;
mod clang;
mod compile;
mod error;
mod files;
mod jobs;
mod library;
mod package;
#[cfg(feature = "bindgen")]
mod types;

use bindings::Settings;
pub use error::Error;
pub use library::Library;
pub use package::package;
#[cfg(feature = "bindgen")]
pub use types::Types;
use wardian::interface::{Extern, Interface};
pub use wardian::{Interrupt, Memory, Options};

use std::env;
use std::fs;
use std::hash::Hash;
use std::path::{Path, PathBuf};

/// A module to be sandboxed, and how.
pub struct Module {
    input: PathBuf,
    memory: Option<Memory>,
    options: Options,
    vendored: Option<PathBuf>,
    bound: Settings,
    hooks: Vec<Hook>,
    /// Whether cargo is to watch the input; not if the script itself makes it.
    watched: bool,
}

/// Changes how C is compiled.
type Hook = Box<dyn Fn(&mut cc::Build)>;

/// What [`Module::translate`] and the others made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The folder that C code has to look for headers in.
    pub folder: PathBuf,
    /// Its header.
    pub header: PathBuf,
    /// The C files.
    pub sources: Vec<PathBuf>,
}

impl Module {
    /// A module in the binary format or, if its name ends in `.wat`, in the text format.
    /// The path is relative to the package.
    pub fn new(path: impl Into<PathBuf>) -> Module {
        Module {
            input: path.into(),
            memory: None,
            options: Options::default(),
            vendored: None,
            bound: Settings::default(),
            hooks: Vec::new(),
            watched: true,
        }
    }

    /// Where the module is; of a [`Library`], below `OUT_DIR`.
    pub fn path(&self) -> &Path {
        &self.input
    }

    /// How memory accesses are kept in bounds. Without it, [`Memory::Guard`] where the
    /// target has 64-bit addresses and Unix or Windows, else [`Memory::Bounds`].
    pub fn memory(mut self, memory: Memory) -> Module {
        self.memory = Some(memory);
        self
    }

    /// How a guest that runs too long can be stopped.
    pub fn interrupt(mut self, interrupt: Interrupt) -> Module {
        self.options.interrupt = interrupt;
        self
    }

    /// Bytes of C that a file should have, about; larger modules become several, which
    /// are compiled at the same time.
    pub fn shard_size(mut self, bytes: usize) -> Module {
        self.options.shard_size = bytes;
        self
    }

    /// Reserves `count` elements of the module's table for functions of the host, which
    /// `Instance::callback` puts there, so that the guest can call them as it calls its own
    /// function pointers. A module without such a table gets none.
    pub fn host_slots(mut self, count: u32) -> Module {
        self.options.host_slots = count;
        self
    }

    /// The exported functions that the host calls. Of the others, and of what only they
    /// call, nothing becomes C; exports of other kinds stay.
    pub fn exports<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Module {
        let names = names.into_iter().map(Into::into);
        self.options.exports.get_or_insert_default().extend(names);
        self
    }

    /// Whether the C is to be optimized by the translator: it is, unless somebody wants to
    /// read how the module's instructions become C one by one.
    pub fn optimize(mut self, optimize: bool) -> Module {
        self.options.optimize = optimize;
        self
    }

    /// Changes any of the translator's options, those for which there is no function, too.
    /// Their `name` and `memory` are overruled by what is said elsewhere.
    pub fn options(mut self, change: impl FnOnce(&mut Options)) -> Module {
        change(&mut self.options);
        self
    }

    /// Puts the native library in the module's place, behind the same bindings and **without
    /// a sandbox**: to port a program in two steps, to debug, to compare speeds. The module
    /// only says which functions there are. `header` declares them, and the package links the
    /// library; [`cc`](Module::cc) says where the header is. `wardian-rt` needs its feature
    /// `noop`, too.
    ///
    /// What comes of it needs a C++ compiler, and 64-bit addresses become 32-bit numbers by
    /// windows of 128 MiB, of which there are 31. Functions of the host can only be closures
    /// among the function pointers, which belong to the instance that the host called last in
    /// the thread; `reset` resets nothing in the library; functions with structs as arguments,
    /// or variable ones, cannot be called; limits are none; what is vendored is not used.
    /// Structs have the host's layout, which `guest_struct!` has not, and their pointers are
    /// what `wardian_rt::native_address` gives.
    #[cfg(feature = "noop")]
    pub fn noop(mut self, header: impl Into<String>) -> Module {
        self.bound.native = Some(header.into());
        self
    }

    /// Leaves the functions that are imported from `module`, such as
    /// `wasi_snapshot_preview1`, out of the Rust bindings: a guest that calls one traps.
    pub fn deny(mut self, module: impl Into<String>) -> Module {
        self.bound.denied.push(module.into());
        self
    }

    /// Gives the module WASI: the functions that it imports from `wasi_snapshot_preview1` are
    /// those of the package `wardian-wasi`, with its feature `link`. What they may do the
    /// host's state says, which is a `wardian_wasi::Host`: without more, they tell the time
    /// and give random numbers, and that is all. Modules that import none need nothing.
    pub fn wasi(mut self) -> Module {
        self.bound.wasi = true;
        self
    }

    /// Makes a trap end the program, by `abort`, where Rust would otherwise get it as an
    /// error. Calls are faster for it: nothing has to be prepared that could catch one. A
    /// function of the host that panics, or returns a `Stop`, ends the program, too.
    pub fn abort_on_trap(mut self) -> Module {
        self.bound.abort = true;
        self
    }

    /// Changes how the C is compiled: called with the compilation just before it begins.
    pub fn cc(mut self, hook: impl Fn(&mut cc::Build) + 'static) -> Module {
        self.hooks.push(Box::new(hook));
        self
    }

    /// Takes the C from this folder of the package, as [`Module::translate`] once made it
    /// and somebody committed it. The module itself is not read, and need not be there.
    pub fn vendored(mut self, folder: impl Into<PathBuf>) -> Module {
        self.vendored = Some(folder.into());
        self
    }

    /// Translates and compiles the module and links it with the package. `name` begins
    /// every C symbol. If that fails, says why and ends the build script.
    pub fn compile(&self, name: &str) -> Output {
        self.try_compile(name).unwrap_or_else(|error| error.report())
    }

    /// For a module below `OUT_DIR`: its sources are watched instead.
    pub(crate) fn unwatched(mut self) -> Module {
        self.watched = false;
        self
    }

    /// The same, for those who want the error. On docs.rs nothing is compiled.
    pub fn try_compile(&self, name: &str) -> Result<Output, Error> {
        let output = match &self.vendored {
            Some(folder) if self.bound.native.is_none() => {
                let output = vendored(folder, name)?;
                publish(&output.folder, name)?;
                output
            }
            _ => self.translate(name)?,
        };
        println!("cargo::metadata=include={}", output.folder.display());
        println!("cargo::metadata=header={}", output.header.display());
        if !docs_rs() {
            compile::library(name, &output, &self.hooks)?;
        }
        Ok(output)
    }

    /// Translates the module to C in a folder below `OUT_DIR`, and needs no C compiler.
    pub fn translate(&self, name: &str) -> Result<Output, Error> {
        let out = env::var_os("OUT_DIR").ok_or(Error::Variable("OUT_DIR"))?;
        if self.watched {
            println!("cargo::rerun-if-changed={}", self.input.display());
        }
        let folder = Path::new(&out).join("wardian").join(name);
        let stamp = files::Stamp::new(&folder, || self.ingredients(name));
        let names = match stamp.files() {
            Some(names) => names,
            None => {
                let files = self.files(name)?;
                files::write(&folder, &files)?;
                stamp.keep(&files);
                files.into_keys().collect()
            }
        };
        publish(&folder, name)?;
        Ok(output(folder, name, names.iter()))
    }

    /// Fails if the C in `folder` is not what the module becomes today: for a test.
    pub fn verify(&self, name: &str, folder: impl AsRef<Path>) -> Result<(), Error> {
        let folder = folder.as_ref();
        let mut files = self.sandboxed(name)?;
        if !folder.join(format!("{name}.rs")).exists() {
            // The command line makes C without bindings.
            files.retain(|file, _| !is_binding(file, name));
        }
        let stale = files::differing(folder, &files)?;
        if stale.is_empty() { Ok(()) } else { Err(Error::Stale(stale)) }
    }

    /// Of what the C is made: the module, how, and the translator, which is in this program.
    /// `None` if that is not known.
    fn ingredients(&self, name: &str) -> Option<impl Hash + use<>> {
        let (wasm, options) = self.read(name).ok()?;
        let program = fs::metadata(env::current_exe().ok()?).ok()?;
        let how = format!("{options:?} {:?}", self.bound);
        Some((wasm, how, program.len(), program.modified().ok()?))
    }

    /// What is to be compiled.
    fn files(&self, name: &str) -> Result<wardian::Files, Error> {
        if self.bound.native.is_none() {
            return self.sandboxed(name);
        }
        let (wasm, options) = self.read(name)?;
        let bindings = self.bindings(&wasm, &options, &self.bound)?;
        let (rust, c) = (format!("{name}.rs"), format!("{name}_rs.cc"));
        Ok([(rust, bindings.rust), (c, bindings.c)].into())
    }

    fn sandboxed(&self, name: &str) -> Result<wardian::Files, Error> {
        let (wasm, options) = self.read(name)?;
        let mut files = wardian::translate(&wasm, &options)
            .map_err(|error| Error::Module(self.input.clone(), error))?;
        let settings = Settings { native: None, ..self.bound.clone() };
        let bindings = self.bindings(&wasm, &options, &settings)?;
        files.insert(format!("{name}.rs"), bindings.rust);
        files.insert(format!("{name}_rs.c"), bindings.c);
        Ok(files)
    }

    fn bindings(
        &self,
        wasm: &[u8],
        options: &Options,
        settings: &Settings,
    ) -> Result<bindings::Bindings, Error> {
        let interface = wardian::interface::describe(wasm, options)
            .map_err(|error| Error::Module(self.input.clone(), error))?;
        known(options, &interface)?;
        let one = options.instances == wardian::Instances::One;
        Ok(bindings::generate(&interface, &Settings { one, ..settings.clone() }))
    }

    /// The module, in the binary format, and how it is translated.
    fn read(&self, name: &str) -> Result<(Vec<u8>, Options), Error> {
        let fine = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && Options::name_from(name) == name;
        if !fine {
            return Err(Error::Name(name.to_string()));
        }
        let bytes = fs::read(&self.input).map_err(|error| Error::file(&self.input, error))?;
        let wasm = match self.input.extension() {
            Some(extension) if extension == "wat" => wat::parse_bytes(&bytes)
                .map_err(|error| Error::Text(self.input.clone(), error.to_string()))?
                .into_owned(),
            _ => bytes,
        };
        let memory = self.memory.unwrap_or_else(default_memory);
        Ok((wasm, Options { name: name.to_string(), memory, ..self.options.clone() }))
    }
}

/// Fails for a name that is to be an exported function's and is not.
fn known(options: &Options, interface: &Interface) -> Result<(), Error> {
    let functions = || interface.exports.iter().filter(|it| matches!(it.ty, Extern::Func(_)));
    let is = |name: &str| functions().any(|it| it.name == name);
    match options.exports.iter().flatten().find(|name| !is(name)) {
        None => Ok(()),
        Some(name) => Err(Error::Export(name.clone())),
    }
}

/// Is it one of the files that hosts in Rust need?
fn is_binding(file: &str, name: &str) -> bool {
    file.strip_prefix(name).is_some_and(|rest| [".rs", "_rs.c", "_rs.cc"].contains(&rest))
}

/// Puts `NAME.rs`, if there is one, where the package includes it from.
fn publish(folder: &Path, name: &str) -> Result<(), Error> {
    let out = env::var_os("OUT_DIR").ok_or(Error::Variable("OUT_DIR"))?;
    let file = format!("{name}.rs");
    let Ok(text) = fs::read_to_string(folder.join(&file)) else { return Ok(()) };
    files::update(&Path::new(&out).join(file), &text)
}

/// Is only documentation to be made, where there may be no C compiler?
fn docs_rs() -> bool {
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    env::var_os("DOCS_RS").is_some()
}

/// What suits the target that cargo builds for.
fn default_memory() -> Memory {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    let wide = is("CARGO_CFG_TARGET_POINTER_WIDTH", "64");
    let system = env::var_os("CARGO_CFG_UNIX").is_some() || is("CARGO_CFG_TARGET_OS", "windows");
    if wide && system { Memory::Guard } else { Memory::Bounds }
}

fn output<'a>(folder: PathBuf, name: &str, files: impl Iterator<Item = &'a String>) -> Output {
    let sources = files
        .filter(|file| file.ends_with(".c") || file.ends_with(".cc"))
        .map(|file| folder.join(file))
        .collect();
    Output { header: folder.join(format!("{name}.h")), folder, sources }
}

/// The files of `name` in a folder of the package.
fn vendored(folder: &Path, name: &str) -> Result<Output, Error> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let folder = root.join(folder);
    let files = files::of_module(&folder, name)?;
    if !files.iter().any(|file| *file == format!("{name}.c")) {
        return Err(Error::NotVendored(folder, name.to_string()));
    }
    Ok(output(folder, name, files.iter()))
}
