//! What `firmware/main.c` does, in Rust: filters readings with a guest, outlives each of
//! its mistakes, and goes on with it. A timer stops what takes too long. There is no
//! operating system and no standard library.

#![no_std]
#![no_main]

mod board;
mod filter {
    wardian_rt::include_module!("filter");
}

use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Relaxed};
use wardian_rt::{KillHandle, Stop, Tainted, Trap, TrapCode};

const READINGS: [i16; 11] = [2000, 2004, 1998, 9999, 2003, 2010, 2040, 2080, 2100, -20, 2120];

/// What the guest can reach of the firmware: nothing but a function.
struct Sensor;

impl filter::Imports for Sensor {
    fn board_outlier(
        _: &mut filter::Caller<'_, Sensor>,
        reading: Tainted<u32>,
    ) -> Result<(), Stop> {
        // Any reading can be printed.
        reading.verify(|reading| {
            board::print(c"  outlier ");
            board::print_number(reading as i32);
            board::print(c"\n");
        });
        Ok(())
    }
}

/// Ticks until the guest has to be done, and what ends it then.
static PATIENCE: AtomicU32 = AtomicU32::new(0);
static KILL: AtomicPtr<KillHandle> = AtomicPtr::new(ptr::null_mut());

/// The timer's: all that an interrupt may do with a guest.
extern "C" fn tick() {
    let left = PATIENCE.load(Relaxed);
    if left > 0 {
        PATIENCE.store(left - 1, Relaxed);
        // SAFETY: null, or what `main` has until the firmware ends.
        if let (1, Some(kill)) = (left, unsafe { KILL.load(Relaxed).as_ref() }) {
            kill.kill();
        }
    }
}

type Filter = filter::Instance<Sensor>;

fn feed(filter: &mut Filter) {
    let mut value = 0;
    board::print(c"filtered:\n");
    for (i, reading) in READINGS.into_iter().enumerate() {
        match filter.call().feed(i32::from(reading) as u32) {
            // A sensor of this kind measures no more than that.
            Ok(filtered) => value = filtered.in_range(0..=9999).unwrap_or(value),
            Err(_) => board::print(c"  trapped\n"),
        }
        if i % 5 == 0 {
            board::print(c"  ");
            board::print_number(value as i32);
            board::print(c"\n");
        }
    }
}

fn describe(result: &Result<Tainted<u32>, Trap>) -> &'static core::ffi::CStr {
    match result.as_ref().map_err(|trap| trap.code) {
        Ok(_) => c"no trap",
        Err(TrapCode::MemoryOutOfBounds) => c"out of bounds memory access",
        Err(TrapCode::IndirectCallType) => c"indirect call type mismatch",
        Err(TrapCode::StackExhausted) => c"call stack exhausted",
        Err(TrapCode::Interrupted) => c"interrupted",
        Err(_) => c"another trap",
    }
}

/// Calls the guest, which fails, and starts it anew.
fn fail(filter: &mut Filter, how: u32) {
    PATIENCE.store(3, Relaxed);
    let result = filter.call().fail(how);
    PATIENCE.store(0, Relaxed);
    board::print(c"failure: ");
    board::print(describe(&result));
    board::print(c"\n");
    if !filter.call().fail(9_u32).is_err_and(|trap| trap.code == TrapCode::Poisoned) {
        board::print(c"it could go on as if nothing had happened\n");
    }
    if filter.reset().is_err() {
        board::print(c"it cannot be started again\n");
    }
}

/// Called by the board.
#[unsafe(no_mangle)]
extern "C" fn main() -> i32 {
    let Ok(mut filter) = filter::Instance::new(Sensor) else { return 1 };
    let mut kill = filter.kill_handle();
    KILL.store(&raw mut kill, Relaxed);
    board::ticks(tick);
    feed(&mut filter);
    for how in 0..4 {
        fail(&mut filter, how);
    }
    feed(&mut filter);
    KILL.store(ptr::null_mut(), Relaxed);
    42
}
