//! Parses XML by expat, which runs in a sandbox and calls a handler on this side.
//!
//! ```
//! use sandboxed_xml::{Handler, parse};
//! use std::ops::ControlFlow;
//!
//! #[derive(Default)]
//! struct Titles(Vec<String>);
//!
//! impl Handler for Titles {
//!     fn start(&mut self, name: &str, attributes: &[(&str, &str)]) -> ControlFlow<()> {
//!         let titles = attributes.iter().filter(|(key, _)| name == "book" && *key == "title");
//!         self.0.extend(titles.map(|(_, title)| title.to_string()));
//!         ControlFlow::Continue(())
//!     }
//! }
//!
//! # fn main() -> Result<(), sandboxed_xml::Error> {
//! let document = b"<books><book title='Flatland'/><book title='&lt;p&gt;'/></books>";
//! assert_eq!(parse(document, Titles::default())?.0, ["Flatland", "<p>"]);
//! assert!(parse(b"<books>", Titles::default()).is_err());
//! # Ok(())
//! # }
//! ```

mod error;
#[cfg(test)]
mod tests;

pub use error::Error;
use std::hash::{BuildHasher, RandomState};
use std::ops::ControlFlow;
use wardian_rt::{GuestPtr, Limits, Stop, Tainted, View};

mod xml {
    wardian_rt::include_module!("xml");
}

/// Hears what a document contains, in order. If it breaks, that is the end of it. Text
/// comes in pieces, as the parser finds it.
#[allow(unused_variables)]
pub trait Handler {
    /// An element begins.
    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// An element ends.
    fn end(&mut self, name: &str) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Text between elements.
    fn text(&mut self, text: &str) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Parses a whole document and gives the handler back. If the handler panics, the panic
/// goes on here.
pub fn parse<H: Handler>(document: &[u8], handler: H) -> Result<H, Error> {
    let mut parser = Parser::new(handler)?;
    parser.feed(document)?;
    parser.finish()
}

/// A sandbox with expat in it, for a document that comes in pieces.
pub struct Parser<H: Handler> {
    sandbox: xml::Instance<Host<H>>,
}

/// What expat can reach of this side.
struct Host<H> {
    handler: Option<H>,
    stopped: bool,
}

const MEMORY: u64 = 64 << 20;
/// Bytes that are handed over at once.
const PIECE: usize = 64 << 10;
/// How long a name or an attribute may be, in bytes, and how many of them there may be.
const MAX_STRING: u32 = 1 << 20;
const MAX_ATTRIBUTES: usize = 1000;

impl<H: Handler> xml::Imports for Host<H> {
    fn host_start_element(
        caller: &mut xml::Caller<'_, Host<H>>,
        name: Tainted<u32>,
        attributes: Tainted<u32>,
    ) -> Result<u32, Stop> {
        let (host, memory) = caller.parts();
        let name = string(memory, name.ptr()).ok_or_else(nonsense)?;
        let attributes = pairs(memory, attributes.ptr()).ok_or_else(nonsense)?;
        Ok(host.tell(|handler| handler.start(name, &attributes)))
    }

    fn host_end_element(
        caller: &mut xml::Caller<'_, Host<H>>,
        name: Tainted<u32>,
    ) -> Result<u32, Stop> {
        let (host, memory) = caller.parts();
        let name = string(memory, name.ptr()).ok_or_else(nonsense)?;
        Ok(host.tell(|handler| handler.end(name)))
    }

    fn host_text(
        caller: &mut xml::Caller<'_, Host<H>>,
        text: Tainted<u32>,
        size: Tainted<u32>,
    ) -> Result<u32, Stop> {
        let (host, memory) = caller.parts();
        let bytes = memory.bytes(text.ptr(), size).ok_or_else(nonsense)?;
        let text = str::from_utf8(bytes).map_err(|_| nonsense())?;
        Ok(host.tell(|handler| handler.text(text)))
    }
}

/// Ends the call: expat has told what cannot be.
fn nonsense() -> Stop {
    Stop::new(1)
}

impl<H: Handler> Host<H> {
    /// Whether expat is to go on, as a number.
    fn tell(&mut self, event: impl FnOnce(&mut H) -> ControlFlow<()>) -> u32 {
        // After the last word expat may still end the element that it was about.
        if let (false, Some(handler)) = (self.stopped, &mut self.handler) {
            self.stopped = event(handler).is_break();
        }
        u32::from(!self.stopped)
    }
}

/// A C string in UTF-8.
fn string(memory: View<'_>, at: GuestPtr<u8>) -> Option<&str> {
    memory.c_str(at, MAX_STRING)?.to_str().ok()
}

/// Pairs of strings, until there is a null pointer.
fn pairs(memory: View<'_>, at: GuestPtr<u32>) -> Option<Vec<(&str, &str)>> {
    let pointer = |index: usize| {
        let offset = u32::try_from(index * 4).ok()?;
        let at = GuestPtr::<u32>::new(at.address().checked_add(offset)?);
        Some(memory.read(at)?.ptr())
    };
    let mut pairs = Vec::new();
    while !pointer(2 * pairs.len())?.is_null() {
        if pairs.len() == MAX_ATTRIBUTES {
            return None;
        }
        let name = string(memory, pointer(2 * pairs.len())?)?;
        let value = string(memory, pointer(2 * pairs.len() + 1)?)?;
        pairs.push((name, value));
    }
    Some(pairs)
}

impl<H: Handler> Parser<H> {
    /// A new sandbox, at the beginning of a document.
    pub fn new(handler: H) -> Result<Parser<H>, Error> {
        let host = Host { handler: Some(handler), stopped: false };
        let mut sandbox = xml::Instance::with_limits(host, Limits::new().memory(MEMORY))?;
        // Nobody outside can foresee it.
        let salt = RandomState::new().hash_one(MEMORY) as u32;
        let begun = sandbox.call().begin(salt)?;
        match begun.verify(|begun| begun != 0) {
            true => Ok(Parser { sandbox }),
            false => Err(Error::NoMemory),
        }
    }

    /// Parses more of the document. After an error, every other call is one, too.
    pub fn feed(&mut self, document: &[u8]) -> Result<(), Error> {
        document.chunks(PIECE).try_for_each(|piece| self.step(piece, false))
    }

    /// Says that this was all, and gives the handler back.
    pub fn finish(mut self) -> Result<H, Error> {
        self.step(&[], true)?;
        self.sandbox.host_mut().handler.take().ok_or(Error::Nonsense)
    }

    fn step(&mut self, piece: &[u8], last: bool) -> Result<(), Error> {
        let size = piece.len() as u32;
        let buffer = self.sandbox.call().buffer(size)?.ptr();
        if buffer.is_null() && size != 0 {
            return Err(Error::NoMemory);
        }
        let mut memory = self.sandbox.memory_mut();
        memory.bytes(buffer, size).ok_or(Error::Nonsense)?.copy_from_slice(piece);
        let position = self.sandbox.call().feed(size, last)?.ptr();
        self.check(position)
    }

    /// Reads where expat says it is, and what is wrong there: `position_t` of `c/parse.c`.
    fn check(&self, at: GuestPtr<u32>) -> Result<(), Error> {
        let memory = self.sandbox.memory();
        let field = |offset| {
            let at = GuestPtr::<u32>::new(at.address().wrapping_add(offset));
            memory.read(at).ok_or(Error::Nonsense)
        };
        let (line, column, error) = (field(0)?, field(4)?, field(8)?.ptr());
        if error.is_null() {
            return Ok(());
        }
        if self.sandbox.host().stopped {
            return Err(Error::Stopped);
        }
        let reason = memory.c_str(error, 200).ok_or(Error::Nonsense)?;
        let why = wardian_rt::because!("it is only told to people");
        Err(Error::Malformed {
            line: line.unverified(why),
            column: column.unverified(why),
            reason: reason.to_string_lossy().into_owned(),
        })
    }
}
