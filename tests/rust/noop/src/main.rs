//! Uses a library, and does not know whether it is sandboxed. Structs are the library's, so
//! only what hands them on unseen is the same for both: here the host builds lists by calls.

mod words {
    wardian_rt::include_module!("words");
}

use std::sync::{Arc, Mutex};
use wardian_rt::{GuestPtr, Stop, Tainted, TrapCode, because};

type Caller<'a> = words::Caller<'a, ()>;

fn raw<T>(value: Tainted<T>) -> T {
    value.unverified(because!("the library is ours"))
}

/// A list of one word, of the layout that the library has.
fn word(words: &mut words::Instance, text: &str, weight: f64, next: GuestPtr<u8>) -> GuestPtr<u8> {
    let size = if cfg!(feature = "noop") { size_of::<*const u8>() as u32 } else { 8 };
    let at = words.alloc(size + 24).expect("memory");
    let mut memory = words.memory_mut();
    if cfg!(feature = "noop") {
        memory.write(at.cast(), native(next)).expect("there");
    } else {
        memory.write(at.cast(), next).expect("there");
    }
    memory.write(at.add(size).cast(), weight).expect("there");
    let place = memory.bytes(at.add(size + 8), 16).expect("there");
    place.fill(0);
    place[..text.len()].copy_from_slice(text.as_bytes());
    at
}

/// The address that the native library has for one of ours.
#[cfg(feature = "noop")]
fn native(pointer: GuestPtr<u8>) -> u64 {
    wardian_rt::native_address(pointer)
}

#[cfg(not(feature = "noop"))]
fn native(pointer: GuestPtr<u8>) -> u64 {
    u64::from(pointer.address())
}

fn main() {
    let mut words = words::Instance::new(()).expect("an instance");
    let list = word(&mut words, "one", 1.0, GuestPtr::new(0));
    let list = word(&mut words, "seventeen", 17.0, list);
    let list = word(&mut words, "two", 3.0, list);
    assert_eq!(raw(words.call().mean(list).unwrap()), 7.0);
    let text = words.call().version().unwrap().ptr();
    assert_eq!(words.memory().c_str(text, 100), Some(c"words 1.0"));
    assert_eq!(raw(words.call().shift(-3_i64, 40).unwrap()) as i64, -3 << 40);
    let longest = words.call().longest(list).unwrap().ptr::<u8>();
    assert_eq!(raw(words.call().mean(longest).unwrap()), 9.0);
    sorted(&mut words);
    visited(&mut words, list);
    two_instances();
    println!("all is well");
}

fn sorted(words: &mut words::Instance) {
    let descending =
        |_: &mut Caller<'_>, a: Tainted<i32>, b: Tainted<i32>| Ok(raw(b).wrapping_sub(raw(a)));
    let descending = words.callback(descending).unwrap();
    assert_eq!(by(words, &descending), [30, 5, 2, -7, -7]);
}

fn visited(words: &mut words::Instance, list: GuestPtr<u8>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seeing = seen.clone();
    let visit = words.callback(
        move |caller: &mut Caller<'_>,
              context: Tainted<u32>,
              text: GuestPtr<u8>,
              _: Tainted<f64>| {
            let text = caller.memory().c_str(text, 16).ok_or(Stop::new(1))?.to_owned();
            seeing.lock().unwrap().push(text.clone());
            // Through the guest again.
            let zero = raw(caller.call().shift(0, 1)?) as i32;
            Ok(if *text == *c"seventeen" { -(raw(context) as i32) } else { zero })
        },
    );
    let visit = visit.unwrap();
    assert_eq!(raw(words.call().each(list, &visit, 12).unwrap()) as i32, -12);
    assert_eq!(*seen.lock().unwrap(), [c"two".to_owned(), c"seventeen".to_owned()]);
    let stop = |_: &mut Caller<'_>, _: Tainted<u32>, _: GuestPtr<u8>, _: Tainted<f64>| {
        Err::<u32, _>(Stop::new(4))
    };
    let stop = words.callback(stop).unwrap();
    let trap = words.call().each(list, &stop, 0).expect_err("stopped");
    assert_eq!((trap.code, trap.exit_code), (TrapCode::Host, 4));
    assert!(words.call().mean(list).is_err(), "poisoned");
}

/// Each has functions of its own, also when one calls the other.
fn two_instances() {
    let mut inner = words::Instance::new(()).expect("an instance");
    let mut outer = words::Instance::new(()).expect("an instance");
    let up = |_: &mut Caller<'_>, a: Tainted<i32>, b: Tainted<i32>| Ok(raw(a).wrapping_sub(raw(b)));
    let up = inner.callback(up).unwrap();
    let calls = Mutex::new(inner);
    let down = move |_: &mut Caller<'_>, a: Tainted<i32>, b: Tainted<i32>| {
        let inner = &mut *calls.lock().map_err(|_| Stop::new(1))?;
        assert_eq!(by(inner, &up), [-7, -7, 2, 5, 30]);
        Ok(raw(b).wrapping_sub(raw(a)))
    };
    let down = outer.callback(down).unwrap();
    assert_eq!(by(&mut outer, &down), [30, 5, 2, -7, -7]);
}

/// Numbers in this order.
fn by(words: &mut words::Instance, order: &wardian_rt::Callback) -> Vec<i32> {
    let numbers = words.caller().alloc_values(&[5, -7, 30, 2, -7]).unwrap();
    words.call().sort(numbers, 5, order).unwrap();
    let sorted = words.memory().values(numbers, 5).unwrap().map(raw).collect();
    words.free(numbers).unwrap();
    sorted
}
