//! The same filter in Rust: the median of the last five readings forgets outliers, and
//! an average that forgets slowly takes what is left.
#![no_std]

use core::ptr::{read_volatile, write_volatile};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

#[link(wasm_import_module = "board")]
unsafe extern "C" {
    /// Of the firmware: told of readings that are far off.
    safe fn outlier(reading: i32);
}

const FAR: i32 = 500;

struct Filter {
    window: [i32; 5],
    count: usize,
    /// In sixteenths.
    average: i32,
}

static mut FILTER: Filter = Filter { window: [0; 5], count: 0, average: 0 };

impl Filter {
    fn feed(&mut self, reading: i32) -> i32 {
        if self.count == 0 {
            *self = Filter { window: [reading; 5], count: 0, average: reading * 16 };
        }
        let place = self.count % self.window.len();
        self.window[place] = reading;
        self.count = self.count.wrapping_add(1);
        let mut sorted = self.window;
        sorted.sort_unstable();
        let middle = sorted[sorted.len() / 2];
        if (reading - middle).abs() > FAR {
            outlier(reading);
        }
        self.average += middle - self.average / 16;
        self.average / 16
    }
}

/// Takes a reading; returns what the sensor measures.
#[unsafe(no_mangle)]
extern "C" fn feed(reading: i32) -> i32 {
    // One thread, and `outlier` does not come back here.
    let filter = unsafe { &mut *(&raw mut FILTER) };
    filter.feed(reading)
}

static mut SINK: i32 = 0;

fn endless_depth(depth: i32) -> i32 {
    let sink = unsafe { read_volatile(&raw const SINK) };
    if sink < 0 { 0 } else { endless_depth(depth.wrapping_add(1)).rotate_left(1) ^ sink }
}

fn add(a: i32, b: i32) -> i32 {
    a + b
}

static mut ANYTHING: fn(i32, i32) -> i32 = add;

/// What an update that was not tested might do.
#[unsafe(no_mangle)]
extern "C" fn fail(how: i32) -> i32 {
    match how {
        // Writes to an address outside of its memory.
        0 => unsafe { write_volatile(0x7fff_ff00 as *mut i32, how) },
        // Never ends.
        1 => loop {
            unsafe { write_volatile(&raw mut SINK, read_volatile(&raw const SINK) + 1) }
        },
        // Needs all of the stack, and more.
        2 => return endless_depth(how),
        // Calls something that is no such function.
        3 => unsafe {
            let anything: fn(i32) -> i32 = core::mem::transmute(read_volatile(&raw const ANYTHING));
            return anything(how);
        },
        _ => {}
    }
    0
}
