//! How fast libpng decodes inside the sandbox and outside of it: the same C, by the same
//! compiler with the same optimisation.
//!
//! `cargo run --release --features compare --example throughput [IMAGE.png]`

use sandboxed_png::{Decoder, decode};
use std::time::{Duration, Instant};

/// `image_t` of `c/decode.c`.
#[repr(C)]
struct Image {
    width: u32,
    height: u32,
    pixels: *mut u8,
}

unsafe extern "C" {
    fn native_decode(data: *const u8, size: u32, max_pixels: u32) -> *const Image;
    fn free(block: *mut u8);
}

/// Only good images are decoded here.
#[unsafe(no_mangle)]
extern "C" fn native_refuse() -> ! {
    std::process::abort()
}

/// Decodes outside of the sandbox, and copies the pixels as the decoder inside does.
fn native(file: &[u8]) -> Vec<u8> {
    // SAFETY: the image is a good one, and if libpng has no bug, this is right.
    unsafe {
        let image = &*native_decode(file.as_ptr(), file.len() as u32, u32::MAX);
        let size = image.width as usize * image.height as usize * 4;
        let rgba = std::slice::from_raw_parts(image.pixels, size).to_vec();
        free(image.pixels);
        rgba
    }
}

/// Colours that change slowly, with a little noise, as in a photo.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut rgb = Vec::new();
    let mut noise = 1_u32;
    for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let wave = (f64::from(x) / 60.0).sin() * (f64::from(y) / 45.0).cos() * 100.0 + 120.0;
        let noise = (noise >> 30) as u8;
        rgb.extend([wave as u8 + noise, (x * 250 / width) as u8 + noise, (y * 250 / height) as u8]);
    }
    let mut file = Vec::new();
    let mut encoder = other::Encoder::new(&mut file, width, height);
    encoder.set_color(other::ColorType::Rgb);
    encoder.set_compression(other::Compression::Balanced);
    let mut writer = encoder.write_header().expect("written to memory");
    writer.write_image_data(&rgb).expect("so many bytes");
    writer.finish().expect("complete");
    file
}

/// Keeps the shortest of the times that `body` takes.
fn time(best: &mut Duration, body: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    let start = Instant::now();
    let pixels = body();
    *best = start.elapsed().min(*best);
    pixels
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = match std::env::args_os().nth(1) {
        Some(path) => std::fs::read(path)?,
        None => photo(1024, 768),
    };
    let mut decoder = Decoder::new()?;
    let pixels = decoder.decode(&file)?.rgba;
    let (mut outside, mut inside, mut fresh) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..40 {
        // In turns, so that whatever else the machine does disturbs all of them.
        assert!(time(&mut outside, || native(&file)) == pixels);
        assert!(time(&mut inside, || decoder.decode(&file).expect("good").rgba) == pixels);
        assert!(time(&mut fresh, || decode(&file).expect("good").rgba) == pixels);
    }
    let memory = if cfg!(feature = "bounds") { "bounds" } else { "guard" };
    println!("{} KB of PNG, {} KB of pixels: shortest of 40", file.len() >> 10, pixels.len() >> 10);
    for (name, time) in [("native", outside), (memory, inside), ("new sandbox", fresh)] {
        let (ms, ratio) = (time.as_secs_f64() * 1e3, time.as_secs_f64() / outside.as_secs_f64());
        println!("{name:12} {ms:8.3} ms {:7.1} MB/s {ratio:6.3}x", pixels.len() as f64 / ms / 1e3);
    }
    Ok(())
}
