//! Files that are nearly good, and a libpng that is no longer what it was.

use super::images::{chunk, chunks, samples, stored, zlib};
use crate::{Decoder, Error, Image};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;
use wardian_rt::GuestPtr;

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((self.0 >> 33) as usize) % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        // Those at which something changes are as frequent as all others.
        match self.below(2) {
            0 => [0, 1, 2, 7, 8, 16, 127, 128, 254, 255][self.below(10)],
            _ => self.below(256) as u8,
        }
    }
}

/// Breaks bytes in the middle, or inserts, removes or repeats some.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        let size = random.below(9).min(bytes.len() - at);
        match random.below(6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            1 if !bytes.is_empty() => bytes[at] = random.byte(),
            2 => bytes.insert(at, random.byte()),
            3 => drop(bytes.drain(at..at + size)),
            4 => bytes.extend_from_within(at..at + size),
            _ => bytes[at..at + size].fill_with(|| random.byte()),
        }
    }
}

/// A file made of a good one. Mostly its checksums are right, so that more than the first
/// check sees the damage.
fn mutate(files: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut file = files[random.below(files.len())].clone();
    if random.below(5) == 0 {
        damage(&mut file, random);
        return file;
    }
    let mut parts = chunks(&file);
    for _ in 0..=random.below(2) {
        let at = random.below(parts.len());
        let other = random.below(parts.len());
        match random.below(8) {
            0 => parts.swap(at, other),
            1 => parts.insert(at, parts[other].clone()),
            2 => drop(parts.remove(at)),
            3 => parts[at].0 = parts[other].0,
            // The rows, behind the compression and its checksum.
            4 if parts[at].0 == *b"IDAT" && parts[at].1.len() > 11 => {
                let end = parts[at].1.len() - 4;
                let mut rows = parts[at].1[7..end].to_vec();
                damage(&mut rows, random);
                parts[at].1 = zlib(&rows);
            }
            _ => damage(&mut parts[at].1, random),
        }
        if parts.is_empty() {
            break;
        }
    }
    let chunks = parts.iter().flat_map(|(kind, data)| chunk(kind, data));
    file[..8].iter().copied().chain(chunks).collect()
}

/// How often something ended in which way.
#[derive(Debug, Default)]
struct Count {
    images: usize,
    refused: usize,
    trapped: usize,
}

impl Count {
    fn add(&mut self, result: &Result<Image, Error>) {
        match result {
            Ok(image) => {
                assert_eq!(image.rgba.len() as u32, image.width * image.height * 4);
                self.images += 1;
            }
            Err(Error::Trap(_)) => self.trapped += 1,
            Err(_) => self.refused += 1,
        }
    }
}

/// Decodes `total` mutations, in eight threads. Each thread has a second decoder, which
/// always decodes the same.
pub(super) fn in_threads(total: usize) {
    let files: Vec<_> = samples().into_iter().map(|(_, file)| file).chain(stored()).collect();
    let known: Vec<_> = files.iter().map(|file| crate::decode(file).expect("good")).collect();
    let one = |seed: usize| {
        let mut random = Random(seed as u64);
        let (mut decoder, mut witness) = (new(), new());
        let mut count = Count::default();
        for i in 0..total / 8 {
            let file = mutate(&files, &mut random);
            count.add(&decoder.decode(&file));
            if i % 64 == 0 {
                let which = random.below(files.len());
                let image = witness.decode(&files[which]).expect("good");
                assert!(image == known[which], "a decoder next to it changed");
            }
        }
        count
    };
    let counts: Vec<Count> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|seed| scope.spawn(move || one(seed))).collect();
        threads.into_iter().map(|it| it.join().expect("no panic")).collect()
    });
    let sum = |of: fn(&Count) -> usize| counts.iter().map(of).sum::<usize>();
    let (images, refused, trapped) =
        (sum(|it| it.images), sum(|it| it.refused), sum(|it| it.trapped));
    println!("{images} images, {refused} refused, {trapped} trapped");
    assert_eq!(images + refused + trapped, total / 8 * 8);
    assert!(images > total / 20 && refused > total / 20, "{images} {refused} {trapped}");
}

fn new() -> Decoder {
    Decoder::new().expect("a sandbox")
}

/// Decodes good files while the decoder's memory is full of noise, `total` times. What
/// takes long is killed: a list that the noise made a ring would keep it for ever.
pub(super) fn with_broken_memory(total: u32) {
    let files = stored();
    let good = crate::decode(&files[0]).expect("good");
    let (mut decoder, mut witness) = (new(), new());
    let (turn, done) = (AtomicU32::new(0), AtomicBool::new(false));
    let kill = decoder.kill_handle();
    let watch = || {
        let mut seen = u32::MAX;
        while !done.load(Ordering::Acquire) {
            let now = turn.load(Ordering::Acquire);
            if now == seen {
                kill.kill();
            }
            seen = now;
            thread::sleep(Duration::from_millis(100));
        }
    };
    let mut count = Count::default();
    thread::scope(|scope| {
        scope.spawn(watch);
        let _end = End(&done);
        let mut random = Random(1);
        for i in 0..total {
            turn.store(i, Ordering::Release);
            let file = &files[random.below(files.len())];
            count.add(&decoder.decode(file));
            make_noise(&mut decoder, &mut random);
            count.add(&decoder.decode(file));
            // Noise that was not noticed is not for the next one.
            while decoder.sandbox.reset().is_err() {} // killed at this very moment
            assert!(witness.decode(&files[0]).expect("good") == good);
        }
    });
    println!("{count:?}");
    assert!(count.trapped > 0 && count.images > total as usize / 2, "{count:?}");
}

/// Ends the watch, also if the test fails.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Overwrites words here and there, from the constants to the end of the heap.
fn make_noise(decoder: &mut Decoder, random: &mut Random) {
    let mut memory = decoder.sandbox.memory_mut();
    for _ in 0..1 << random.below(14) {
        let at = GuestPtr::new(random.below(200_000) as u32);
        let Some(bytes) = memory.bytes(at, 4_u32) else { continue };
        bytes.fill_with(|| random.byte());
    }
}
