//! Decodes PNG images by libpng, which runs in a sandbox: whatever an image makes it do,
//! the worst that happens is an error.
//!
//! ```
//! # fn main() -> Result<(), sandboxed_png::Error> {
//! # let file = std::fs::read("two.png").expect("part of the package");
//! let image = sandboxed_png::decode(&file)?;
//! assert_eq!((image.width, image.height), (2, 1));
//! assert_eq!(image.rgba, [255, 0, 0, 255, 0, 0, 255, 128]);
//! assert!(sandboxed_png::decode(b"no image").is_err());
//! # Ok(())
//! # }
//! ```

mod error;
#[cfg(test)]
mod tests;

pub use error::Error;
use wardian_rt::{GuestPtr, KillHandle, Limits, Stop, Tainted};

mod png {
    wardian_rt::include_module!("boxed_png");
}

/// A decoded image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Red, green, blue and alpha of each pixel; rows from top to bottom.
    pub rgba: Vec<u8>,
}

/// Decodes one image, in a sandbox of its own.
pub fn decode(file: &[u8]) -> Result<Image, Error> {
    Decoder::new()?.decode(file)
}

/// A sandbox with libpng in it, for many images. An image that takes over libpng could
/// change what becomes of later ones; so use a decoder for images of one origin.
pub struct Decoder {
    sandbox: png::Instance<Host>,
    max_pixels: u32,
}

/// The memory of a sandbox has room for the pixels, the file, and libpng itself.
const MEMORY: u64 = 1 << 30;
const MAX_PIXELS: u32 = 64 << 20;

/// What libpng can reach of this side: the place for the reason why it refuses an image.
#[derive(Default)]
struct Host {
    refused: Option<String>,
}

impl png::Imports for Host {
    fn host_refuse(
        caller: &mut png::Caller<'_, Host>,
        message: Tainted<u32>,
        size: Tainted<u32>,
    ) -> Result<(), Stop> {
        let size = size.verify(|size| size.min(200));
        let bytes = caller.memory().bytes(message.ptr(), size).unwrap_or_default();
        let reason = String::from_utf8_lossy(bytes).into_owned();
        caller.host().refused = Some(reason);
        Err(Stop::new(1))
    }
}

impl Decoder {
    /// For images of up to 64 million pixels.
    pub fn new() -> Result<Decoder, Error> {
        Decoder::with_max_pixels(MAX_PIXELS)
    }

    /// For images of up to so many pixels, if that is less.
    pub fn with_max_pixels(max_pixels: u32) -> Result<Decoder, Error> {
        let limits = Limits::new().memory(MEMORY);
        let sandbox = png::Instance::with_limits(Host::default(), limits)?;
        Ok(Decoder { sandbox, max_pixels: max_pixels.min(MAX_PIXELS) })
    }

    /// Lets another thread end what is being decoded.
    pub fn kill_handle(&self) -> KillHandle {
        self.sandbox.kill_handle()
    }

    /// Decodes one image.
    pub fn decode(&mut self, file: &[u8]) -> Result<Image, Error> {
        let result = self.attempt(file);
        if result.is_err() {
            // Whatever libpng had allocated goes, and so does what it may have broken.
            self.sandbox.reset()?;
        }
        result
    }

    fn attempt(&mut self, file: &[u8]) -> Result<Image, Error> {
        let size = u32::try_from(file.len()).map_err(|_| Error::TooLarge)?;
        let input = self.sandbox.alloc_bytes(file)?;
        let decoded = self.sandbox.call().decode(input, size, self.max_pixels);
        let decoded = decoded.map_err(|trap| match self.sandbox.host_mut().refused.take() {
            Some(reason) => Error::Refused(reason),
            None => Error::Trap(trap),
        })?;
        let (image, pixels) = self.read(decoded).ok_or(Error::Nonsense)?;
        self.sandbox.free(pixels)?;
        self.sandbox.free(input)?;
        Ok(image)
    }

    /// Copies the image that is described at this address, with its pixels' address. All of
    /// it is the guest's claim.
    fn read(&self, at: Tainted<u32>) -> Option<(Image, GuestPtr<u8>)> {
        let memory = self.sandbox.memory();
        let field = |offset| memory.read::<u32>(at.map(|at| at.wrapping_add(offset)).ptr());
        let width = field(0)?.in_range(1..=self.max_pixels)?;
        let height = field(4)?.in_range(1..=self.max_pixels / width)?;
        let pixels = field(8)?.ptr();
        let rgba = memory.bytes(pixels, width * height * 4)?.to_vec();
        Some((Image { width, height, rgba }, pixels))
    }
}
