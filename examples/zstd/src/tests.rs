//! Data comes back as it was, and damaged frames end in errors.

use super::{Error, Zstd, compress, decompress};

/// Text and noise, `size` bytes of it.
fn sample(size: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut bytes = Vec::with_capacity(size + 64);
    while bytes.len() < size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match state >> 30 {
            0 => bytes.extend(state.to_le_bytes()),
            _ => bytes.extend(format!("{{\"id\": {}, \"on\": true}}, ", state >> 20).bytes()),
        }
    }
    bytes.truncate(size);
    bytes
}

#[test]
fn data_comes_back() {
    let mut zstd = Zstd::new().expect("a sandbox");
    for size in [0, 1, 1000, 128 << 10, 1 << 20, 3_000_001] {
        let data = sample(size);
        for level in [1, 3, 9] {
            let (mut frame, mut back) = (Vec::new(), Vec::new());
            zstd.compress(&data[..], &mut frame, level).expect("it compresses");
            assert!(size < 1000 || frame.len() < size / 2, "{size} {level}: {}", frame.len());
            zstd.decompress(&frame[..], &mut back, size as u64).expect("it decompresses");
            assert!(back == data, "{size} {level}");
        }
    }
}

/// A reader that gives little at a time.
struct Slow<'a>(&'a [u8]);

impl std::io::Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.0.len().min(buffer.len()).min(7);
        let (now, later) = self.0.split_at(size);
        buffer[..size].copy_from_slice(now);
        self.0 = later;
        Ok(size)
    }
}

#[test]
fn streams_may_be_slow_or_fail() {
    let data = sample(10_000);
    let mut zstd = Zstd::new().expect("a sandbox");
    let mut frame = Vec::new();
    zstd.compress(Slow(&data), &mut frame, 3).expect("it compresses");
    let mut back = Vec::new();
    zstd.decompress(Slow(&frame), &mut back, 10_000).expect("it decompresses");
    assert!(back == data);
    let mut small = [0_u8; 10];
    let result = zstd.decompress(&frame[..], &mut small[..], 10_000);
    assert!(matches!(result, Err(Error::Io(_))), "{result:?}");
    // And nothing of it is left.
    back.clear();
    zstd.decompress(&frame[..], &mut back, 10_000).expect("it decompresses");
    assert!(back == data);
}

#[test]
fn limits_hold() {
    let frame = compress(&sample(100_000), 3).expect("it compresses");
    assert!(matches!(decompress(&frame, 99_999), Err(Error::TooLarge)));
    assert!(decompress(&frame, 100_000).is_ok());
}

#[test]
fn damage_is_an_error() {
    let data = sample(20_000);
    let frame = compress(&data, 3).expect("it compresses");
    assert!(matches!(decompress(&frame[..frame.len() - 1], 1 << 20), Err(Error::Truncated)));
    assert!(matches!(decompress(b"no frame at all", 1 << 20), Err(Error::Refused(_))));
    assert!(matches!(decompress(b"", 1 << 20), Err(Error::Truncated)));
    let mut zstd = Zstd::new().expect("a sandbox");
    for bit in (0..frame.len() * 8).step_by(frame.len() / 40) {
        let mut damaged = frame.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let mut out = Vec::new();
        // The checksum tells; only a few bits of the header mean nothing.
        let result = zstd.decompress(&damaged[..], &mut out, 1 << 20);
        assert!(result.is_err() || out == data, "bit {bit}");
    }
}
