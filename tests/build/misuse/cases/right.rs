//! What the other cases do wrong, done right.

use misuse::{Host, app};
use wardian_rt::{Error, GuestPtr, because};

fn send<T: Send>(_: &T) {}

fn main() -> Result<(), Error> {
    let mut instance = app::Instance::new(Host::default())?;
    send(&instance);
    let number = instance.call().twice(21_u32).map_err(Error::Trap)?;
    assert_eq!(number.in_range(0..=100), Some(42));
    let number: u64 = instance.call().log(1_u32).map_err(Error::Trap)?.unverified(because!("ours"));
    assert_eq!(number, instance.host().calls);
    let bytes = instance.memory().bytes(GuestPtr::new(0), 4_u32);
    assert_eq!(bytes, Some(&[0; 4][..]));
    Ok(())
}
