//! A host in Rust without an operating system: calls functions of a module that its build
//! script translated, and says by its exit code whether they did what they should.

#![no_std]
#![no_main]

mod app {
    wardian_rt::include_module!("app");
}

use core::alloc::{GlobalAlloc, Layout};
use core::arch::asm;
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering};

/// Hands out the bytes of an array, and takes none back.
#[repr(C, align(16))]
struct Arena {
    bytes: UnsafeCell<[u8; Arena::SIZE]>,
    used: AtomicUsize,
}

impl Arena {
    /// A multiple of the alignment, which is where the bytes are then, too.
    const SIZE: usize = 8192;
}

// SAFETY: there is one thread.
unsafe impl Sync for Arena {}

// SAFETY: every byte is handed out once, aligned up to the array's own alignment.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.used.load(Ordering::Relaxed).next_multiple_of(layout.align());
        let end = start.saturating_add(layout.size());
        if layout.align() > 16 || end > Arena::SIZE {
            return core::ptr::null_mut();
        }
        self.used.store(end, Ordering::Relaxed);
        unsafe { self.bytes.get().cast::<u8>().add(start) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ARENA: Arena = Arena { bytes: UnsafeCell::new([0; Arena::SIZE]), used: AtomicUsize::new(0) };

#[unsafe(no_mangle)]
extern "C" fn start() -> ! {
    exit(works().is_some())
}

fn works() -> Option<()> {
    let mut app = app::Instance::new(()).ok()?;
    app.call().twice(21_u32).ok()?.in_range(42..=42)?;
    // A trap is an error, and the instance is as new afterwards.
    app.call().get(65536_u32).err()?;
    app.reset().ok()?;
    app.call().get(0_u32).ok()?.in_range(0..=0)?;
    Some(())
}

#[unsafe(no_mangle)]
extern "C" fn fault() -> ! {
    exit(false)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(false)
}

/// Ends the emulator, by semihosting.
fn exit(works: bool) -> ! {
    let reason: u32 = if works { 0x20026 } else { 0x20023 };
    // SAFETY: the emulator takes the call, and nothing comes after it.
    unsafe { asm!("bkpt 0xab", in("r0") 0x18, in("r1") reason) };
    loop {}
}
