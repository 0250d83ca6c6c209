//! From bytes to [`Module`] and [`Func`]: the only stage that can fail.
//!
//! A module is validated as a whole, function bodies in parallel, before anything
//! is made of it. After that, reading a function again cannot fail, which is why
//! only the words of this file and `bodies.rs` speak of errors.

mod bodies;
mod calls;
mod control;
mod decode;
mod features;
mod fit;
mod func;
pub mod inspect;
pub mod needs;
mod refuse;
mod sections;

pub(crate) use func::{func, func_after};

use crate::error::{Error, Place, Unsupported};
use crate::ir::Module;
use crate::options::Options;
use features::Missing;
use sha2::{Digest, Sha256};
use wasmparser::{BinaryReaderError, Parser, ValidPayload, Validator, WasmFeatures};

/// Validates and reads a module.
///
/// What counts as valid depends on the features, and not only by adding to it: an
/// encoding that WebAssembly 2.0 calls malformed can mean something later. So a
/// module is first held against what is translated. One that fails is held
/// against everything the validator knows, to tell the unsupported from the invalid.
pub(crate) fn module(wasm: &[u8]) -> Result<Module<'_>, Error> {
    read(wasm, None)
}

/// The same, as far as the host is to see the module, and fit for what the options
/// ask of it.
pub(crate) fn seen<'a>(wasm: &'a [u8], options: &Options) -> Result<Module<'a>, Error> {
    let mut module = read(wasm, Some(options))?;
    refuse::refuse(&module, options.refuse)?;
    if options.is_one() {
        fit::fit(&mut module, options)?;
    } else {
        fit::pages(&module)?;
    }
    Ok(module)
}

fn read<'a>(wasm: &'a [u8], options: Option<&Options>) -> Result<Module<'a>, Error> {
    match with(wasm, features::supported(), options) {
        Err(refused @ Error::Invalid { .. }) => match with(wasm, features::known(), options) {
            Ok(_) => Err(refused),
            Err(error) => Err(error),
        },
        result => result,
    }
}

fn with<'a>(
    wasm: &'a [u8],
    features: WasmFeatures,
    options: Option<&Options>,
) -> Result<Module<'a>, Error> {
    let mut parser = Parser::new(0);
    parser.set_features(features);
    let mut sections = sections::Sections::new(wasm);
    let mut validator = Validator::new_with_features(features);
    let mut bodies = Vec::new();
    for payload in parser.parse_all(wasm) {
        let payload = payload.map_err(invalid)?;
        if let ValidPayload::Func(func, body) = validator.payload(&payload).map_err(invalid)? {
            sections.body(&body);
            bodies.push((func, body));
        } else {
            sections.payload(payload).map_err(invalid)?;
        }
    }
    let (mut module, mut missing, too_large) = sections.finish();
    // What the validator lets through by then needs no second look.
    let search = features != features::supported();
    let (facts, hash) =
        rayon::join(|| bodies::check(&module, bodies, search), || Sha256::digest(wasm));
    let facts = facts?;
    module.hash = hash.into();
    missing.0.extend(facts.missing);
    if !missing.0.is_empty() {
        return Err(missing.into_error());
    }
    if let Some(error) = too_large {
        return Err(error);
    }
    module.uses = facts.uses;
    let mut calls = facts.calls;
    module.uses.live = vec![true; module.funcs.len()];
    if let Some(exports) = options.and_then(|it| it.exports.as_ref()) {
        calls.prune(&mut module, exports);
    }
    sections::reserve(&mut module, options.map_or(0, |it| it.host_slots));
    calls.resolve(&mut module);
    Ok(module)
}

/// The unsupported features met so far.
#[derive(Default)]
struct Features(Vec<Unsupported>);

impl Features {
    /// Notes a feature, if there is one.
    fn note(&mut self, missing: Option<Missing>, place: impl FnOnce() -> Place) {
        if let Some((feature, what)) = missing
            && !self.0.iter().any(|it| it.feature == feature)
        {
            self.0.push(Unsupported { feature, what, place: place() });
        }
    }

    /// One error: each feature once, at its first use, in order.
    fn into_error(mut self) -> Error {
        self.0.sort_by_key(|it| it.place.offset);
        let mut seen = std::collections::HashSet::new();
        self.0.retain(|it| seen.insert(it.feature));
        Error::Unsupported(self.0)
    }
}

/// An error of the parser or validator, outside of function bodies.
fn invalid(error: BinaryReaderError) -> Error {
    explain(error, None)
}

/// An error of the parser or validator. Its own limits are told apart by their
/// words: it has no kinds of error.
fn explain(error: BinaryReaderError, function: Option<(u32, Option<String>)>) -> Error {
    let place = Place { offset: error.offset() as usize, function };
    let message = error.message().to_string();
    let limits =
        ["exceeds limit", "locals exceed maximum", "size is out of bounds", "size out of bounds"];
    if limits.iter().any(|words| message.contains(words)) {
        Error::Limit { message: format!("module is too large: {message}"), place }
    } else {
        Error::Invalid { message, place }
    }
}
