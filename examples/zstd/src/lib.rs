//! Compresses and decompresses by zstd, which runs in a sandbox: whatever the data makes it
//! do, the worst that happens is an error.
//!
//! ```
//! # fn main() -> Result<(), sandboxed_zstd::Error> {
//! let text = "what has been said, has been said. ".repeat(1000);
//! let small = sandboxed_zstd::compress(text.as_bytes(), 3)?;
//! assert!(small.len() < 100);
//! assert_eq!(sandboxed_zstd::decompress(&small, 1 << 20)?, text.as_bytes());
//! // No more than was allowed:
//! assert!(sandboxed_zstd::decompress(&small, 1000).is_err());
//! # Ok(())
//! # }
//! ```

mod error;
#[cfg(test)]
mod tests;

pub use error::Error;
use std::io::{Read, Write};
use wardian_rt::{GuestPtr, Limits, Tainted};

mod zstd {
    wardian_rt::include_module!("zstd");
}

/// Compresses `data` to one frame. Levels are 1, the fastest, to 12, and 3 is usual.
pub fn compress(data: &[u8], level: i32) -> Result<Vec<u8>, Error> {
    let mut frame = Vec::new();
    Zstd::new()?.compress(data, &mut frame, level)?;
    Ok(frame)
}

/// Decompresses one frame of at most `limit` bytes.
pub fn decompress(frame: &[u8], limit: u64) -> Result<Vec<u8>, Error> {
    let mut data = Vec::new();
    Zstd::new()?.decompress(frame, &mut data, limit)?;
    Ok(data)
}

/// A sandbox with zstd in it, for streams of any length, one after the other.
pub struct Zstd {
    sandbox: zstd::Instance<()>,
}

/// The largest window that a frame may have takes 128 MiB.
const MEMORY: u64 = 192 << 20;

impl Zstd {
    /// A new sandbox.
    pub fn new() -> Result<Zstd, Error> {
        Ok(Zstd { sandbox: zstd::Instance::with_limits((), Limits::new().memory(MEMORY))? })
    }

    /// Compresses all that `input` has.
    pub fn compress(
        &mut self,
        input: impl Read,
        output: impl Write,
        level: i32,
    ) -> Result<(), Error> {
        let result = self.run(input, output, Direction::Compress(level));
        self.settle(result)
    }

    /// Decompresses the frame that `input` begins with. If it has more than `limit` bytes,
    /// that is an error, and a part of it was written.
    pub fn decompress(
        &mut self,
        input: impl Read,
        output: impl Write,
        limit: u64,
    ) -> Result<(), Error> {
        let result = self.run(input, output, Direction::Decompress(limit));
        self.settle(result)
    }

    /// After an error nobody knows in which state zstd is.
    fn settle(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        if result.is_err() {
            self.sandbox.reset()?;
        }
        result
    }

    fn run(
        &mut self,
        mut input: impl Read,
        mut output: impl Write,
        direction: Direction,
    ) -> Result<(), Error> {
        let begun = match direction {
            Direction::Compress(level) => self.sandbox.call().begin_compression(level)?,
            Direction::Decompress(_) => self.sandbox.call().begin_decompression()?,
        };
        let mut step = self.step(begun.ptr())?;
        // The part of the input buffer that was not consumed yet.
        let (mut start, mut end, mut last) = (0, 0, false);
        let (mut read, mut written) = (0_u64, 0_u64);
        loop {
            if start == end && !last {
                let mut memory = self.sandbox.memory_mut();
                let buffer = memory.bytes(step.input, step.capacity).ok_or(Error::Nonsense)?;
                // No more than the buffer has, whatever the reader claims.
                let size = input.read(buffer)?.min(buffer.len());
                (start, end, last) = (0, size as u32, size == 0);
                read += size as u64;
            }
            step = self.advance(direction, start, end, last)?;
            let consumed = step.consumed.in_range(0..=end - start).ok_or(Error::Nonsense)?;
            let bytes = self.sandbox.memory().bytes(step.output, step.produced);
            let bytes = bytes.ok_or(Error::Nonsense)?;
            written += bytes.len() as u64;
            if written > direction.limit(read) {
                return Err(Error::TooLarge);
            }
            output.write_all(bytes)?;
            start += consumed;
            if !step.more && (last || direction.ends_itself()) {
                return Ok(());
            }
            if consumed == 0 && bytes.is_empty() && (last || start < end) {
                return Err(Error::Truncated);
            }
        }
    }

    fn advance(
        &mut self,
        direction: Direction,
        start: u32,
        end: u32,
        last: bool,
    ) -> Result<Step, Error> {
        let done = match direction {
            Direction::Compress(_) => self.sandbox.call().compress(start, end, last)?,
            Direction::Decompress(_) => self.sandbox.call().decompress(start, end)?,
        };
        self.step(done.ptr())
    }

    /// Reads what zstd says it did.
    fn step(&self, at: GuestPtr<u8>) -> Result<Step, Error> {
        let memory = self.sandbox.memory();
        let field = |index: u32| {
            let at = GuestPtr::new(at.address().wrapping_add(4 * index));
            memory.read::<u32>(at).ok_or(Error::Nonsense)
        };
        let error = field(6)?.ptr();
        if !error.is_null() {
            let words = memory.c_str(error, 200).ok_or(Error::Nonsense)?;
            return Err(Error::Refused(words.to_string_lossy().into_owned()));
        }
        Ok(Step {
            input: field(0)?.ptr(),
            output: field(1)?.ptr(),
            capacity: field(2)?.in_range(1..=1 << 20).ok_or(Error::Nonsense)?,
            consumed: field(3)?,
            produced: field(4)?,
            more: field(5)?.verify(|more| more != 0),
        })
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Compress(i32),
    Decompress(u64),
}

impl Direction {
    /// How much may come of so many bytes of input.
    fn limit(self, read: u64) -> u64 {
        match self {
            Direction::Compress(_) => read + read / 64 + (1 << 20),
            Direction::Decompress(limit) => limit,
        }
    }

    /// Whether the end of the frame shows in the input.
    fn ends_itself(self) -> bool {
        matches!(self, Direction::Decompress(_))
    }
}

/// What zstd says it did, and where: `stream_t` of `c/stream.c`.
struct Step {
    input: GuestPtr<u8>,
    output: GuestPtr<u8>,
    capacity: u32,
    consumed: Tainted<u32>,
    produced: Tainted<u32>,
    more: bool,
}
