//! Calls, through C of its own, the module that another package sandboxed.

extern crate package; // for what it links

unsafe extern "C" {
    safe fn user_twice(x: u32) -> u32;
}

fn main() {
    println!("21 twice is {}", user_twice(21));
}
