//! Size of the machine code in an object file: the executable sections of a
//! 64-bit little-endian ELF. Zero for anything else.

const EXECUTABLE: u64 = 4;

/// Bytes in executable sections.
pub(crate) fn text_size(file: &[u8]) -> u64 {
    sections(file).unwrap_or(0)
}

fn sections(file: &[u8]) -> Option<u64> {
    if !file.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let start = number(file, 0x28, 8)? as usize;
    let entry_size = number(file, 0x3a, 2)? as usize;
    let count = number(file, 0x3c, 2)? as usize;
    let mut total = 0;
    for i in 0..count {
        let at = start + i * entry_size;
        if number(file, at + 8, 8)? & EXECUTABLE != 0 {
            total += number(file, at + 0x20, 8)?;
        }
    }
    Some(total)
}

fn number(file: &[u8], at: usize, size: usize) -> Option<u64> {
    let bytes = file.get(at..at.checked_add(size)?)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}
