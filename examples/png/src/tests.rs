//! Images come out as another decoder sees them; everything else is an error.

mod images;
mod mutate;

use super::{Decoder, Error, decode};
use images::{chunk, file, samples};

#[test]
fn another_decoder_sees_the_same() {
    let mut decoder = Decoder::new().expect("a sandbox");
    for (name, sample) in samples() {
        let mut other = other::Decoder::new(std::io::Cursor::new(&sample));
        other.set_transformations(other::Transformations::ALPHA | other::Transformations::STRIP_16);
        let mut reader = other.read_info().expect("it is an image");
        let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
        let info = reader.next_frame(&mut pixels).expect("it is an image");
        if info.color_type == other::ColorType::GrayscaleAlpha {
            pixels = pixels.chunks(2).flat_map(|it| [it[0], it[0], it[0], it[1]]).collect();
        }
        let image = decoder.decode(&sample).expect("it is an image");
        assert_eq!((image.width, image.height), (info.width, info.height), "{name}");
        // One cuts off the lower half of 16 bits, the other rounds.
        let differs = |(a, b): (&u8, &u8)| a.abs_diff(*b) > u8::from(name.ends_with("16"));
        assert_eq!(image.rgba.len(), pixels.len(), "{name}");
        assert!(!image.rgba.iter().zip(&pixels).any(differs), "{name}");
    }
}

#[test]
fn errors_have_reasons() {
    let refused = |file: &[u8]| match decode(file) {
        Err(Error::Refused(reason)) => reason,
        other => panic!("{other:?}"),
    };
    let good = file(2, 1, 8, 6, 0, &[0, 255, 0, 0, 255, 0, 0, 255, 128]);
    assert!(decode(&good).is_ok());
    assert_eq!(refused(b""), "the file is too short");
    assert_eq!(refused(b"GIF89a.."), "Not a PNG file");
    assert_eq!(refused(&good[..good.len() - 20]), "the file is too short");
    let mut damaged = good.clone();
    damaged[18] ^= 1;
    assert_eq!(refused(&damaged), "IHDR: CRC error");
    let wide = file(0x7fff_ffff, 1, 8, 6, 0, &[]);
    assert_eq!(refused(&wide), "Invalid IHDR data");
    let large = file(1_000_000, 1_000_000, 8, 6, 0, &[]);
    assert_eq!(refused(&large), "the image is too large");
    let mut decoder = Decoder::with_max_pixels(1).expect("a sandbox");
    assert_eq!(decoder.decode(&good), Err(Error::Refused("the image is too large".into())));
    // It can be used again.
    assert!(decoder.decode(&file(1, 1, 8, 0, 0, &[0, 7])).is_ok());
}

/// A small file that wants a lot: the sandbox ends before the system's memory does.
#[test]
fn a_bomb_stays_inside() {
    let mut bomb = file(20_000, 3_000, 8, 6, 0, &[0; 1000]);
    assert!(matches!(decode(&bomb), Err(Error::Refused(_))));
    bomb.truncate(8 + 25);
    // A text that is said to have 2 GB.
    bomb.extend(0x7fff_fff0_u32.to_be_bytes());
    bomb.extend(b"tEXt");
    assert!(matches!(decode(&bomb), Err(Error::Refused(_))));
}

/// As if a bug of libpng had let an image write wherever it likes: its memory is full of
/// noise when it decodes.
#[test]
fn broken_memory_stays_inside() {
    mutate::with_broken_memory(400);
}

/// 10,000 files, made of good ones, by eight threads that have decoders of their own. Every
/// one becomes an image, an error or a trap, and the decoders next to it notice nothing.
#[test]
fn ten_thousand_mutations_stay_inside() {
    mutate::in_threads(10_000);
}

/// What the test's own writer makes is right, so that what it breaks is.
#[test]
fn chunks_have_checksums() {
    assert_eq!(chunk(b"IEND", b"")[8..], 0xae42_6082_u32.to_be_bytes());
}
