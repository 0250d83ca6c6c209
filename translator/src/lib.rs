//! Translates WebAssembly modules into portable C.
//!
//! ```
//! let wasm = wat::parse_str(r#"(module (func (export "answer") (result i32) i32.const 42))"#)?;
//! let options = wardian::Options { name: "deep".to_string(), ..Default::default() };
//! let files = wardian::translate(&wasm, &options)?;
//! assert!(files["deep.h"].contains("deep_answer"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod access;
mod emit;
mod error;
pub mod interface;
pub mod ir;
pub mod map;
mod name;
mod ops;
mod opt;
mod options;
mod read;

pub use error::{Error, Place, Unsupported};
pub use options::{
    Instances, Interrupt, Memory, Options, Refuse, Stack, StaticSize, Trap, TrapInfo,
};
pub use read::{inspect, needs};

/// The files of a translation: names and contents, in a fixed order. The
/// header is `NAME.h`; everything that ends in `.c` is to be compiled.
pub type Files = indexmap::IndexMap<String, String>;

/// Translates a module in the binary format.
pub fn translate(wasm: &[u8], options: &Options) -> Result<Files, Error> {
    let mut files = Files::new();
    translate_to(wasm, options, &mut |name, text| {
        match files.last_mut() {
            Some((last, file)) if last == name => file.push_str(text),
            _ => drop(files.insert(name.to_string(), text.to_string())),
        }
        Ok(())
    })
    .map_err(|failure| match failure {
        Failure::Module(error) => error,
        Failure::Sink(_) => unreachable!("the sink above does not fail"),
    })?;
    Ok(files)
}

/// Why [`translate_to`] stopped.
#[derive(Debug)]
pub enum Failure {
    /// The module's fault; nothing was given to the sink.
    Module(Error),
    /// The sink's.
    Sink(std::io::Error),
}

/// Takes the files of a translation, name and text, in order and as they are ready. A
/// large file comes in pieces: calls that name the same file as the one before continue it.
pub type Sink<'a> = dyn FnMut(&str, &str) -> std::io::Result<()> + 'a;

/// Translates a module, handing over each piece of text as soon as it is ready, so
/// that no more than that is in memory.
pub fn translate_to(wasm: &[u8], options: &Options, sink: &mut Sink<'_>) -> Result<(), Failure> {
    let options = Options { name: Options::name_from(&options.name), ..options.clone() };
    let module = read::seen(wasm, &options).map_err(Failure::Module)?;
    map::frames(&module, &options).map_err(Failure::Module)?;
    emit::files(&module, &options, sink).map_err(Failure::Sink)
}

/// The text form of every defined function's IR, as it is after the passes or,
/// with [`Options::optimize`] off, as it is read.
pub fn dump_ir(wasm: &[u8], options: &Options) -> Result<String, Error> {
    let module = read::seen(wasm, options)?;
    let mut text = String::new();
    for index in module.imported_funcs()..module.funcs.len() {
        if !module.uses.live[index] {
            continue;
        }
        let mut func = read::func(&module, index as u32, options.memory);
        if options.optimize {
            opt::run(&mut func, &module, options.memory);
        }
        text.push_str(&ir::print::print(&func));
    }
    Ok(text)
}
