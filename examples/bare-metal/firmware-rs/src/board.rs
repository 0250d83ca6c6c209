//! What the firmware needs of the board, of which `boards/*.c` knows more, and what Rust
//! needs of a firmware: memory, and a way to end.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ffi::{CStr, c_char};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

unsafe extern "C" {
    fn board_print(text: *const c_char);
    safe fn board_print_number(number: i32);
    safe fn board_ticks(tick: extern "C" fn());
    safe fn board_exit(code: u32);
}

pub(crate) fn print(text: &CStr) {
    // SAFETY: C reads it up to its end.
    unsafe { board_print(text.as_ptr()) }
}

pub(crate) fn print_number(number: i32) {
    board_print_number(number);
}

/// Has `tick` called from an interrupt, a hundred times a second.
pub(crate) fn ticks(tick: extern "C" fn()) {
    board_ticks(tick);
}

/// Hands out the bytes of an array, and takes none back: an instance is made once, and
/// started anew in the same memory.
#[repr(C, align(16))]
struct Arena {
    bytes: UnsafeCell<[u8; Arena::SIZE]>,
    used: AtomicUsize,
}

impl Arena {
    const SIZE: usize = 4096;
}

// SAFETY: there is one thread, and interrupts do not allocate.
unsafe impl Sync for Arena {}

// SAFETY: every byte is handed out once, aligned up to the array's own alignment.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.used.load(Relaxed).next_multiple_of(layout.align());
        let end = start.saturating_add(layout.size());
        if layout.align() > 16 || end > Arena::SIZE {
            return core::ptr::null_mut();
        }
        self.used.store(end, Relaxed);
        // SAFETY: it is inside of the array.
        unsafe { self.bytes.get().cast::<u8>().add(start) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ARENA: Arena = Arena { bytes: UnsafeCell::new([0; Arena::SIZE]), used: AtomicUsize::new(0) };

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    print(c"the firmware panicked\n");
    loop {
        board_exit(98);
    }
}
