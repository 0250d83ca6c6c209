//! A view of the guest's memory does not outlive a call, which may grow the memory.

use misuse::{Host, app};
use wardian_rt::GuestPtr;

fn main() {
    let mut instance = app::Instance::new(Host::default()).unwrap();
    let bytes = instance.memory().bytes(GuestPtr::new(0), 4_u32).unwrap();
    let _ = instance.call().twice(1_u32);
    println!("{bytes:?}");
}
