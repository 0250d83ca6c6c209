//! The guest's memory, and how much of everything it gets.

use crate::{Guest, Host, alone, limited, raw};
use wardian_rt::{AllocError, Error, GuestPtr, Limits, TrapCode, guest_struct};

pub(crate) fn checked() {
    let mut guest = alone();
    let end = guest.memory().len() as u32;
    assert_eq!(end, 2 << 16);
    let last = GuestPtr::<u32>::new(end - 4);
    guest.memory_mut().write(last, 0x0102_0304).unwrap();
    assert_eq!(raw(guest.call().load(end - 4).unwrap()), 0x0102_0304);
    // Little-endian on every host.
    assert_eq!(guest.memory().bytes(GuestPtr::new(end - 4), 4), Some(&[4, 3, 2, 1][..]));
    assert!(guest.memory_mut().write(GuestPtr::<u32>::new(end - 3), 1).is_none());
    assert!(guest.memory().bytes(GuestPtr::new(end), 1).is_none());
    assert!(guest.memory().bytes(GuestPtr::new(1), u32::MAX).is_none());
    assert_eq!(raw(guest.call().grow(1).unwrap()), 2);
    assert_eq!(guest.memory().bytes(GuestPtr::new(end), 1), Some(&[0][..]));
}

pub(crate) fn allocators() {
    let mut guest = alone();
    let bytes = guest.alloc_bytes(b"some bytes").unwrap();
    assert_eq!(guest.memory().bytes(bytes, 10), Some(&b"some bytes"[..]));
    guest.free(bytes).unwrap();
    assert_eq!(raw(guest.call().load(0).unwrap()), bytes.address());
    let numbers = guest.caller().alloc_values(&[1_u32, 20, 300]).unwrap();
    assert_eq!(raw(guest.call().sum(numbers, 3).unwrap()), 321);
    assert_eq!(guest.alloc(100_000), Err(AllocError::OutOfMemory));
    assert_eq!(guest.alloc(7778), Err(AllocError::OutOfBounds));
    match guest.alloc(7777) {
        Err(AllocError::Trap(trap)) => assert_eq!(trap.code, TrapCode::Unreachable),
        other => panic!("{other:?}"),
    }
    assert!(matches!(guest.free(bytes), Err(AllocError::Trap(_))), "poisoned");
}

guest_struct! {
    struct Item { kind: u8, weight: f64, next: GuestPtr<Item> }
}

pub(crate) fn structs() {
    let mut guest = alone();
    let text = guest.call().hello().unwrap().ptr();
    assert_eq!(guest.memory().c_str(text, 100), Some(c"hello"));
    assert_eq!(guest.memory().c_str(text, 5), None);
    let mut caller = guest.caller();
    let last = Item { kind: 2, weight: 0.5, next: GuestPtr::new(0) };
    let last = caller.alloc_value(last).unwrap();
    let first = caller.alloc_value(Item { kind: 1, weight: 1.5, next: last }).unwrap();
    // A list is walked by addresses that the guest could have changed.
    let mut sum = 0.0;
    let mut at = first;
    while !at.is_null() {
        let item = raw(guest.memory().read(at).unwrap());
        sum += item.weight;
        at = item.next;
    }
    assert_eq!(sum, 2.0);
    guest.memory_mut().write(Item::next(last), GuestPtr::new(u32::MAX)).unwrap();
    let wild = raw(guest.memory().read(last).unwrap()).next;
    assert!(guest.memory().read(wild).is_none());
}

pub(crate) fn limits() {
    let none = |_: &mut crate::Caller<'_>, _| Ok(0);
    let mut guest = limited(none, Limits::new().memory(3 << 16));
    assert_eq!(raw(guest.call().grow(1).unwrap()), 2);
    assert_eq!(raw(guest.call().grow(1).unwrap()), u32::MAX);
    let small = Limits::new().memory(65536);
    let error = Guest::with_limits(Host { answer: none, calls: 0 }, small).err();
    assert!(matches!(error, Some(Error::Memory(_))), "{error:?}");
    let narrow = Limits::new().table(4);
    let error = Guest::with_limits(Host { answer: none, calls: 0 }, narrow).err();
    assert!(matches!(error, Some(Error::Memory(_))), "{error:?}");
    // The type's own limit holds without any.
    let mut guest = alone();
    assert_eq!(raw(guest.call().grow(19).unwrap()), u32::MAX);
    assert_eq!(raw(guest.call().grow(18).unwrap()), 2);
    // How deep it gets depends on how much stack it has.
    let depth = |stack: u64| {
        let mut guest = limited(none, Limits::new().stack(stack));
        let mut fits = |n: u32| {
            let fits = guest.call().recurse(n).is_ok();
            guest.reset().unwrap();
            fits
        };
        (1..24).map(|bits| 1 << bits).take_while(|n| fits(*n)).last().unwrap_or(0)
    };
    let (less, more) = (depth(16 << 10), depth(1 << 20));
    assert!(less >= 16 && more >= 16 * less && more < 1 << 20, "{less} {more}");
}
