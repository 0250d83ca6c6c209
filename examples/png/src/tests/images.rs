//! PNG files of all kinds, compressed by another library, and others whose data is stored
//! as it is, so that what is in it can be broken without breaking its compression.

/// Pixels that are neither even nor noise.
fn pixels(size: usize) -> Vec<u8> {
    (0..size).map(|i| (i * i / 7 + i % 5 * 3) as u8).collect()
}

/// A file for each type of pixels that the format has.
pub(super) fn samples() -> Vec<(String, Vec<u8>)> {
    use other::{BitDepth, ColorType};
    let mut samples = Vec::new();
    let colors = [
        (ColorType::Grayscale, 1, &[1_u8, 2, 4, 8, 16][..]),
        (ColorType::Rgb, 3, &[8, 16]),
        (ColorType::Indexed, 1, &[1, 2, 4, 8]),
        (ColorType::GrayscaleAlpha, 2, &[8, 16]),
        (ColorType::Rgba, 4, &[8, 16]),
    ];
    for (color, channels, depths) in colors {
        for depth in depths {
            let (width, height) = (37, 29);
            let mut file = Vec::new();
            let mut encoder = other::Encoder::new(&mut file, width, height);
            encoder.set_color(color);
            encoder.set_depth(BitDepth::from_u8(*depth).expect("one that exists"));
            if color == ColorType::Indexed {
                encoder.set_palette(pixels(3 << depth));
                encoder.set_trns(pixels(1 << (depth - 1)));
            }
            let row = (width as usize * channels * usize::from(*depth)).div_ceil(8);
            let mut writer = encoder.write_header().expect("it is written to memory");
            writer.write_image_data(&pixels(row * height as usize)).expect("so many bytes");
            writer.finish().expect("it is complete");
            samples.push((format!("{color:?}{depth}"), file));
        }
    }
    samples
}

/// Files with every kind of row and interlacing, and with chunks that say more.
pub(super) fn stored() -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for (depth, color, interlaced) in
        [(8, 6, 0), (8, 2, 1), (16, 6, 1), (4, 0, 1), (8, 4, 0), (2, 3, 1)]
    {
        // More than any of them needs. Every byte could be a row's filter, of which there
        // are five.
        let rows: Vec<u8> = pixels(6_000).iter().map(|byte| byte % 5).collect();
        let file = file(24, 24, depth, color, interlaced, &rows);
        let mut extra = file[..33].to_vec();
        if color == 3 {
            extra.extend(chunk(b"PLTE", &pixels(12)));
            extra.extend(chunk(b"tRNS", &[1, 2, 3]));
        }
        extra.extend(chunk(b"gAMA", &45_455_u32.to_be_bytes()));
        extra.extend(chunk(b"tEXt", b"Title\0of the image"));
        extra.extend(chunk(b"zTXt", &[&b"Notes\0\0"[..], &zlib(b"compressed")].concat()));
        extra.extend(chunk(b"iCCP", &[&b"name\0\0"[..], &zlib(&pixels(200))].concat()));
        extra.extend(chunk(b"sPLT", b"palette\0\x08abcdefghijkl"));
        extra.extend(chunk(b"pHYs", &[0, 0, 1, 0, 0, 0, 1, 0, 1]));
        extra.extend(&file[33..]);
        files.push(extra);
    }
    files
}

/// A file of one IDAT chunk with these rows, each after its filter.
pub(super) fn file(
    width: u32,
    height: u32,
    depth: u8,
    color: u8,
    interlaced: u8,
    rows: &[u8],
) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([depth, color, 0, 0, interlaced]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(chunk(b"IHDR", &header));
    file.extend(chunk(b"IDAT", &zlib(rows)));
    file.extend(chunk(b"IEND", b""));
    file
}

/// Bytes in zlib's format, not compressed.
pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let count = bytes.chunks(65_535).len().max(1);
    for i in 0..count {
        let part = bytes.chunks(65_535).nth(i).unwrap_or_default();
        let size = part.len() as u16;
        out.push(u8::from(i + 1 == count));
        out.extend(size.to_le_bytes());
        out.extend((!size).to_le_bytes());
        out.extend(part);
    }
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// A chunk with its checksum.
pub(super) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    let mut crc = u32::MAX;
    for byte in &body {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    [&(data.len() as u32).to_be_bytes(), &body[..], &(!crc).to_be_bytes()].concat()
}

/// The chunks of a file: kind and data.
pub(super) fn chunks(file: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    let mut chunks = Vec::new();
    let mut rest = &file[8..];
    while let Some((head, after)) = rest.split_at_checked(8) {
        let size = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let kind = [head[4], head[5], head[6], head[7]];
        chunks.push((kind, after[..size].to_vec()));
        rest = &after[size + 4..];
    }
    chunks
}
