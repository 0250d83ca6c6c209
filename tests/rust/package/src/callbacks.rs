//! Closures of the host among the guest's function pointers.

use crate::{Caller, alone, caught, raw};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use wardian_rt::{CallbackError, GuestPtr, Stop, Tainted, TrapCode};

pub(crate) fn called() {
    let mut guest = alone();
    let offset = 1000;
    let add = guest.callback(move |_: &mut Caller<'_>, n: Tainted<u32>| Ok(raw(n) + offset));
    let add = add.unwrap();
    // The table was 8 long; its own functions are where they were.
    assert_eq!(add.index(), 8);
    assert_eq!(raw(guest.call().call(1, 21).unwrap()), 42);
    assert_eq!(raw(guest.call().call(&add, 21).unwrap()), 1021);
    let numbers = |caller: &mut Caller<'_>,
                   a: Tainted<i64>,
                   b: Tainted<f32>,
                   c: Tainted<f64>,
                   d: Tainted<i32>| {
        caller.host().calls += 1;
        Ok(raw(a) as f64 + f64::from(raw(b)) + raw(c) + f64::from(raw(d)))
    };
    let numbers = guest.callback(numbers).unwrap();
    assert_eq!(raw(guest.call().call_numbers(&numbers).unwrap()), 0.25);
    assert_eq!(guest.host().calls, 1);
    let act = guest.callback(|caller: &mut Caller<'_>| {
        caller.host().calls = 77;
        Ok(())
    });
    let act = act.unwrap();
    guest.call().act(&act).unwrap();
    assert_eq!(guest.host().calls, 77);
    // There were three elements.
    let more = guest.callback(|_: &mut Caller<'_>| Ok(()));
    assert_eq!(more.err(), Some(CallbackError::NoSlot));
    drop(numbers);
    let more = guest.callback(|_: &mut Caller<'_>, _: Tainted<f32>| Ok(()));
    assert_eq!(more.err(), Some(CallbackError::Type));
    let more = guest.callback(|_: &mut Caller<'_>, at: GuestPtr<u8>| Ok(at.cast::<u32>()));
    assert_eq!(raw(guest.call().call(&more.unwrap(), 5).unwrap()), 5);
    // The guest checks types, as for its own functions.
    let trap = guest.call().call(&act, 1).expect_err("another type");
    assert_eq!(trap.code, TrapCode::IndirectCallType);
}

pub(crate) fn reentrant() {
    let mut guest = alone();
    let factorial = |caller: &mut Caller<'_>, n: Tainted<u32>| {
        let n = raw(n);
        // It is in the element that it is called through.
        Ok(if n < 2 { 1 } else { n * raw(caller.call().call(8, n - 1)?) })
    };
    let factorial = guest.callback(factorial).unwrap();
    assert_eq!(raw(guest.call().call(&factorial, 10).unwrap()), 3_628_800);
    // One that makes another.
    let maker = guest.callback(|caller: &mut Caller<'_>, n: Tainted<u32>| {
        let n = raw(n);
        let inner = caller.callback(move |_: &mut Caller<'_>, m: Tainted<u32>| Ok(raw(m) + n));
        let inner = inner.map_err(|_| Stop::new(1))?;
        Ok(raw(caller.call().call(&inner, 5)?))
    });
    let maker = maker.unwrap();
    for _ in 0..10 {
        assert_eq!(raw(guest.call().call(&maker, 6).unwrap()), 11);
    }
}

pub(crate) fn dropped() {
    let mut guest = alone();
    let owned = Arc::new(());
    let held = owned.clone();
    let make = move |_: &mut Caller<'_>, n: Tainted<u32>| {
        let _ = &held;
        Ok(raw(n))
    };
    let callback = guest.callback(make).unwrap();
    let index = callback.index();
    assert_eq!(raw(guest.call().call(index, 3).unwrap()), 3);
    drop(callback);
    let trap = guest.call().call(index, 3).expect_err("it is gone");
    assert_eq!(trap.code, TrapCode::UninitializedElement);
    guest.reset().unwrap();
    assert_eq!(Arc::strong_count(&owned), 1);
    // Many, one after the other, and one that ends itself while it runs.
    for i in 0..100 {
        let callback = guest.callback(move |_: &mut Caller<'_>, n: Tainted<u32>| Ok(raw(n) + i));
        assert_eq!(raw(guest.call().call(&callback.unwrap(), 1).unwrap()), 1 + i);
    }
    let itself = Arc::new(std::sync::Mutex::new(None));
    let (inside, held) = (itself.clone(), Arc::new(5));
    let callback = guest.callback(move |caller: &mut Caller<'_>, n: Tainted<u32>| {
        drop(inside.lock().unwrap().take());
        let other = caller.callback(|_: &mut Caller<'_>, _: Tainted<u32>| Ok(0_u32));
        drop(other);
        Ok(raw(n) + *held)
    });
    let callback = callback.unwrap();
    let index = callback.index();
    *itself.lock().unwrap() = Some(callback);
    assert_eq!(raw(guest.call().call(index, 1).unwrap()), 6);
    assert!(guest.call().call(index, 1).is_err());
}

pub(crate) fn copied() {
    let mut guest = alone();
    let first = guest.callback(|_: &mut Caller<'_>, n: Tainted<u32>| Ok(raw(n) + 1)).unwrap();
    guest.call().copy(0, &first).unwrap();
    assert_eq!(raw(guest.call().call(0, 1).unwrap()), 2);
    let index = first.index();
    drop(first);
    let other = guest.callback(|_: &mut Caller<'_>| Ok(())).unwrap();
    assert_eq!(other.index(), index);
    // The copy is of a function that is gone, not of the one that came after it.
    let trap = guest.call().call(0, 1).expect_err("it is gone");
    assert_eq!(trap.code, TrapCode::UninitializedElement);
    // And a handle from before a reset is nobody's.
    guest.reset().unwrap();
    assert!(guest.call().act(&other).is_err());
    guest.reset().unwrap();
    let count = Arc::new(AtomicU32::new(0));
    let counter = count.clone();
    let fresh = guest.callback(move |_: &mut Caller<'_>| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    let fresh = fresh.unwrap();
    drop(other);
    guest.call().act(&fresh).unwrap();
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

pub(crate) fn failing() {
    let mut guest = alone();
    let panics = |_: &mut Caller<'_>, _: Tainted<u32>| -> Result<u32, Stop> { panic!("within") };
    let panics = guest.callback(panics).unwrap();
    assert_eq!(caught(|| guest.call().call(&panics, 1)), "within");
    guest.reset().unwrap();
    let stops = |_: &mut Caller<'_>, n: Tainted<u32>| -> Result<u32, Stop> {
        Err(Stop::new(raw(n) as i32))
    };
    let stops = guest.callback(stops).unwrap();
    let trap = guest.call().call(&stops, 12).expect_err("stopped");
    assert_eq!((trap.code, trap.exit_code), (TrapCode::Host, 12));
}
