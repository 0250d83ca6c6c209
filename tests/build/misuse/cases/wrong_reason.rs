//! Who uses a value as it is says why.

use misuse::{Host, app};
use wardian_rt::because;

fn main() {
    let mut instance = app::Instance::new(Host::default()).unwrap();
    instance.call().twice(1_u32).unwrap().unverified(because!(""));
}
