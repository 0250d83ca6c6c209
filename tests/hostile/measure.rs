//! What a piece of work costs: time, and memory by an allocator that counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static TURN: Mutex<()> = Mutex::new(());

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn grown(bytes: usize) {
    let live = LIVE.fetch_add(bytes, Relaxed) + bytes;
    PEAK.fetch_max(live, Relaxed);
}

// Safety: forwards to the system's allocator; counting touches no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new may exist at the same time.
        grown(size);
        let moved = unsafe { System.realloc(memory, layout, size) };
        LIVE.fetch_sub(layout.size(), Relaxed);
        moved
    }
}

/// The cost of some work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) time: Duration,
    /// Bytes allocated at the same time, beyond those before.
    pub(crate) peak: usize,
}

/// The right to allocate much: the counters are the process's, so a trial that
/// makes or translates modules waits until no other does.
pub(crate) struct Turn(#[allow(dead_code)] MutexGuard<'static, ()>);

/// Waits for it.
pub(crate) fn turn() -> Turn {
    Turn(TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

impl Turn {
    /// Does some work and measures it.
    pub(crate) fn measure<T>(&self, work: impl FnOnce() -> T) -> (T, Cost) {
        let before = LIVE.load(Relaxed);
        PEAK.store(before, Relaxed);
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        (result, Cost { time, peak: PEAK.load(Relaxed).saturating_sub(before) })
    }
}
