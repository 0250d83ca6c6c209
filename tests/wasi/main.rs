//! The WASI suite. `native/*.c` call the functions from C, with a memory and no
//! module; `guests/` are programs in C and Rust that go through the whole pipeline, and so are
//! the official tests, where they are.

mod cc;
mod guests;
mod native;
mod official;
mod sizes;

use libtest_mimic::Arguments;

fn main() {
    let args = Arguments::from_args();
    let mut trials = native::trials();
    trials.extend(guests::trials());
    trials.extend(official::trials());
    trials.extend(sizes::trials());
    libtest_mimic::run(&args, trials).exit();
}
