//! Addresses of a native library, where it stands in for a sandboxed one: as 32-bit numbers,
//! so that hosts need not change. The address space is seen through 32 windows of 128 MiB, of
//! which the first is at 0 and the others are where the library's pointers turn out to point.

use crate::GuestPtr;
use core::ffi::CStr;
use core::sync::atomic::{AtomicUsize, Ordering};

/// Bits of an address within its window.
const BITS: u32 = 27;

/// Where the windows are, in units of their size; 0 is one that is not in use yet.
static WINDOWS: [AtomicUsize; 32] = [const { AtomicUsize::new(0) }; 32];

/// The number of an address; 0, which is nobody's, once there are too many windows.
#[unsafe(no_mangle)]
extern "C" fn wdn_rs_to_guest(pointer: *const u8) -> u32 {
    let (window, rest) = (pointer.addr() >> BITS, pointer.addr() as u32 & ((1 << BITS) - 1));
    pointer.expose_provenance();
    if window == 0 {
        return rest;
    }
    for (i, slot) in WINDOWS.iter().enumerate().skip(1) {
        let free = slot.compare_exchange(0, window, Ordering::Relaxed, Ordering::Relaxed);
        if free.map_or_else(|there| there == window, |_| true) {
            return (i as u32) << BITS | rest;
        }
    }
    0
}

/// The address of a number.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn wdn_rs_from_guest(address: u32) -> *mut u8 {
    let (window, rest) = ((address >> BITS) as usize, address & ((1 << BITS) - 1));
    let window = WINDOWS[window].load(Ordering::Relaxed);
    core::ptr::with_exposed_provenance_mut(window << BITS | rest as usize)
}

/// Ends the program, since a function of the host was called in a thread of the library's own:
/// no instance is being called there.
#[unsafe(no_mangle)]
extern "C" fn wdn_rs_nobody() -> ! {
    std::process::abort()
}

/// The address in the program for one of a native library's, which its structs contain.
pub fn native_address<T>(pointer: GuestPtr<T>) -> u64 {
    wdn_rs_from_guest(pointer.address()).addr() as u64
}

/// What views of a native library's memory have in place of the bytes.
static MARK: u8 = 0;

/// No bytes, at the address of the mark.
pub(crate) fn memory<'a>() -> &'a mut [u8] {
    // SAFETY: there are none, so nothing is ever read or written through it.
    unsafe { core::slice::from_raw_parts_mut((&raw const MARK).cast_mut(), 0) }
}

/// Is it that?
pub(crate) fn is(bytes: &[u8]) -> bool {
    bytes.is_empty() && core::ptr::eq(bytes.as_ptr(), &raw const MARK)
}

/// Bytes of the program. Whether they are the library's, nobody knows: that is what a
/// sandbox is for.
pub(crate) fn bytes<'a>(address: u32, count: u32) -> Option<&'a [u8]> {
    bytes_mut(address, count).map(|it| &*it)
}

/// The same, to be written.
pub(crate) fn bytes_mut<'a>(address: u32, count: u32) -> Option<&'a mut [u8]> {
    if count == 0 {
        return Some(&mut []);
    }
    let data = wdn_rs_from_guest(address);
    // SAFETY: none but the native library's word, as in any program that is linked with it.
    (!data.is_null()).then(|| unsafe { core::slice::from_raw_parts_mut(data, count as usize) })
}

/// A C string of the program.
pub(crate) fn c_str<'a>(address: u32, cap: u32) -> Option<&'a CStr> {
    let data = wdn_rs_from_guest(address);
    // SAFETY: as above; nothing behind the NUL is read.
    let ends = |size: &u32| unsafe { *data.add(*size as usize) } == 0;
    let size = if data.is_null() { None } else { (0..cap).find(ends) };
    CStr::from_bytes_with_nul(bytes(address, size? + 1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{wdn_rs_from_guest, wdn_rs_to_guest};

    #[test]
    fn addresses_come_back() {
        let (stack, heap) = (5_u8, std::boxed::Box::new(6_u8));
        for pointer in [&raw const stack, &raw const *heap, core::ptr::null(), 9 as *const u8] {
            let address = wdn_rs_to_guest(pointer);
            assert_eq!(wdn_rs_from_guest(address).cast_const(), pointer);
        }
        assert_eq!(wdn_rs_to_guest(core::ptr::null()), 0);
    }
}
