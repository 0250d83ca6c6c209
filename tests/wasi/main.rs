//! The WASI suite. `native/*.c` call the functions from C, with a memory and no
//! module; `launch/*.c` are programs with a launcher and a module made by hand;
//! `guests/` are programs in C and Rust that run through the whole pipeline.

mod cc;
mod native;

use libtest_mimic::Arguments;

fn main() {
    let args = Arguments::from_args();
    libtest_mimic::run(&args, native::trials()).exit();
}
