//! What the guest says is no number before it was checked.

use misuse::{Host, app};

fn main() {
    let mut instance = app::Instance::new(Host::default()).unwrap();
    let size: u32 = instance.call().twice(1_u32).unwrap();
    println!("{}", [0_u8; 10][size as usize]);
}
