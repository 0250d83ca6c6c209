//! Calls in both directions.

use crate::{adler, alone, answering, raw};
use wardian_rt::Limits;

pub(crate) fn values() {
    let mut guest = alone();
    assert_eq!(raw(guest.call().i32(-1).unwrap()), 0);
    assert_eq!(raw(guest.call().i32(u32::MAX).unwrap()), 0);
    assert_eq!(raw(guest.call().i64(u64::MAX - 1).unwrap()), u64::MAX);
    assert_eq!(raw(guest.call().i64(-3).unwrap()), u64::MAX - 1);
    assert_eq!(raw(guest.call().f32(1.25).unwrap()), 1.75);
    assert_eq!(raw(guest.call().f64(-1.0).unwrap()), -0.5);
    let (x, n) = guest.call().swap(7, 2.5).unwrap();
    assert_eq!((raw(x), raw(n)), (2.5, 7));
    // What the guest said can be handed back without a look.
    let n = guest.call().i32(1).unwrap();
    assert_eq!(raw(guest.call().i32(n).unwrap()), 3);
}

pub(crate) fn names() {
    let mut guest = alone();
    assert_eq!(raw(guest.call().type_().unwrap()), 1);
    assert_eq!(raw(guest.call().odd_name_().unwrap()), 2);
}

pub(crate) fn imports() {
    let mut guest = answering(|_, n| Ok(n + 1));
    assert_eq!(raw(guest.call().call_back(41).unwrap()), 42);
    assert_eq!(raw(guest.call().call_mixed().unwrap()), 0.75);
    let (n, x) = guest.call().call_pair(5).unwrap();
    assert_eq!((raw(n), raw(x)), (5 << 32, 2.5));
    assert_eq!(guest.host().calls, 1);
    guest.host_mut().calls = 9;
    let _ = guest.call().call_back(0).unwrap();
    assert_eq!(guest.host().calls, 10);
}

pub(crate) fn reentry() {
    let mut guest = answering(|caller, n| {
        // The memory is the same on every level, and may be larger after a call.
        let pages = caller.memory().len() >> 16;
        let _ = caller.call().grow(1)?;
        assert_eq!(caller.memory().len() >> 16, pages + 1);
        caller.memory_mut().write(wardian_rt::GuestPtr::<u32>::new(100 + 4 * n), n).unwrap();
        Ok(if n == 0 { 1000 } else { raw(caller.call().call_back(n - 1)?) + n })
    });
    assert_eq!(raw(guest.call().call_back(3).unwrap()), 1006);
    assert_eq!(guest.host().calls, 4);
    assert_eq!(guest.memory().len(), 6 << 16);
    assert_eq!(raw(guest.call().sum(100, 4).unwrap()), 6);
}

pub(crate) fn documentation() {
    // The bindings that it is compiled with are those that are made today.
    let made = include_str!(concat!(env!("OUT_DIR"), "/adler.rs"));
    let committed = include_str!("../../../../runtime-c/doc/adler.rs");
    assert!(made == committed, "runtime-c/doc/adler.rs is to be\n{made}");
    let mut adler = adler::Instance::with_limits((), Limits::new().memory(1 << 20)).unwrap();
    let input = adler.alloc_bytes(b"abc").unwrap();
    assert_eq!(raw(adler.call().adler32(input, 3).unwrap()), 0x024d_0127);
    adler.free(input).unwrap();
}
