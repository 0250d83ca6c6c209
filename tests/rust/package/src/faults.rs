//! Guests and hosts that fail.

use crate::{Guest, alone, answering, caught, ending, limited, raw, starting};
use wardian_rt::{Error, Limits, Stop, Tainted, Trap, TrapCode};

pub(crate) fn traps() {
    let trap = |call: fn(&mut Guest) -> Result<(), Trap>| {
        let mut guest = alone();
        let trap = call(&mut guest).expect_err("a trap");
        (trap.code, trap)
    };
    let (code, trap_) = trap(|guest| guest.call().unreachable());
    assert_eq!(code, TrapCode::Unreachable);
    assert!(trap_.function.is_some() && trap_.offset.is_some_and(|it| it > 100), "{trap_:?}");
    let (code, trap_) = trap(|guest| guest.call().divide(1, 0).map(drop_it));
    assert_eq!((code, trap_.name), (TrapCode::DivisionByZero, Some("divide")));
    assert!(trap_.to_string().starts_with("integer divide by zero in `divide` at 0x"), "{trap_}");
    let cases: [(TrapCode, fn(&mut Guest) -> Result<(), Trap>); 9] = [
        (TrapCode::IntegerOverflow, |guest| guest.call().divide(i32::MIN, -1).map(drop_it)),
        (TrapCode::IntegerOverflow, |guest| guest.call().truncate(1e99).map(drop_it)),
        (TrapCode::InvalidConversion, |guest| guest.call().truncate(f64::NAN).map(drop_it)),
        (TrapCode::MemoryOutOfBounds, |guest| guest.call().load(u32::MAX).map(drop_it)),
        (TrapCode::MemoryOutOfBounds, |guest| guest.call().store(2 << 16, 1)),
        (TrapCode::UndefinedElement, |guest| guest.call().call(99, 1).map(drop_it)),
        (TrapCode::UninitializedElement, |guest| guest.call().call(0, 1).map(drop_it)),
        (TrapCode::IndirectCallType, |guest| guest.call().call(2, 1).map(drop_it)),
        (TrapCode::StackExhausted, |guest| guest.call().recurse(u32::MAX).map(drop_it)),
    ];
    for (expected, call) in cases {
        assert_eq!(trap(call).0, expected);
    }
}

fn drop_it<T>(_: Tainted<T>) {}

pub(crate) fn poison() {
    let mut guest = alone();
    // `_initialize` made it 100.
    assert_eq!(raw(guest.call().count().unwrap()), 101);
    guest.call().store(64, 5).unwrap();
    assert!(guest.call().unreachable().is_err());
    let trap = guest.call().count().expect_err("poisoned");
    assert_eq!((trap.code, trap.function), (TrapCode::Poisoned, None));
    // Its memory can still be looked at.
    assert_eq!(guest.memory().bytes(guest_ptr(64), 1), Some(&[5][..]));
    guest.reset().unwrap();
    assert_eq!(raw(guest.call().count().unwrap()), 101);
    assert_eq!(guest.memory().bytes(guest_ptr(64), 1), Some(&[0][..]));
    for _ in 0..100 {
        assert!(guest.call().unreachable().is_err());
        guest.reset().unwrap();
    }
}

fn guest_ptr(address: u32) -> wardian_rt::GuestPtr<u8> {
    wardian_rt::GuestPtr::new(address)
}

pub(crate) fn panics() {
    let mut other = alone();
    let mut guest = answering(|_, _| panic!("on purpose"));
    assert_eq!(caught(|| guest.call().call_back(1)), "on purpose");
    let trap = guest.call().count().expect_err("poisoned");
    assert_eq!(trap.code, TrapCode::Poisoned);
    assert_eq!(raw(other.call().count().unwrap()), 101);
    guest.reset().unwrap();
    assert_eq!(raw(guest.call().count().unwrap()), 101);
    assert_eq!(guest.host().calls, 1);
}

pub(crate) fn deep_panics() {
    struct Unwound<'a>(&'a std::cell::Cell<u32>);
    impl Drop for Unwound<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    thread_local!(static UNWOUND: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
    let mut guest = answering(|caller, n| {
        UNWOUND.with(|count| {
            let _unwound = Unwound(count);
            match n {
                0 => panic!("at the bottom"),
                n => Ok(raw(caller.call().call_back(n - 1)?)),
            }
        })
    });
    assert_eq!(caught(|| guest.call().call_back(3)), "at the bottom");
    // Every frame of Rust was unwound by Rust.
    assert_eq!(UNWOUND.get(), 4);
    assert_eq!(guest.call().count().map(raw).expect_err("poisoned").code, TrapCode::Poisoned);
}

pub(crate) fn stops() {
    let mut guest = answering(|_, n| Err(if n == 0 { Stop::exit(3) } else { Stop::new(-4) }));
    let trap = guest.call().call_back(0).expect_err("stopped");
    assert_eq!((trap.code, trap.exit_code), (TrapCode::Exit, 3));
    assert_eq!(trap.to_string(), "exit with code 3");
    guest.reset().unwrap();
    let trap = guest.call().call_back(1).expect_err("stopped");
    assert_eq!((trap.code, trap.exit_code), (TrapCode::Host, -4));
}

pub(crate) fn ignored() {
    let mut guest = answering(|caller, n| {
        if n == 0 {
            let code = caller.call().divide(1, 0).expect_err("a trap").code;
            assert_eq!(code, TrapCode::DivisionByZero);
        } else {
            let _ = caller.call().call_back(n - 1);
        }
        Ok(7)
    });
    for depth in 0..3 {
        let trap = guest.call().call_back(depth).expect_err("the trap of the inner call");
        assert_eq!((trap.code, trap.name), (TrapCode::DivisionByZero, Some("divide")));
        guest.reset().unwrap();
    }
    // By `?` it is the same trap.
    let mut guest = answering(|caller, _| Ok(raw(caller.call().divide(1, 0)?)));
    let trap = guest.call().call_back(0).expect_err("the same");
    assert_eq!(trap.code, TrapCode::DivisionByZero);
}

pub(crate) fn denied() {
    let mut guest = alone();
    let trap = guest.call().random().expect_err("a trap");
    assert_eq!(trap.code, TrapCode::UnresolvedImport);
}

struct Started(fn() -> Result<u32, Stop>);

impl starting::Imports for Started {
    fn env_started(
        caller: &mut starting::Caller<'_, Started>,
        a0: Tainted<u32>,
    ) -> Result<u32, Stop> {
        assert_eq!(raw(a0), 7);
        // It is ready to be called, though `new` has not returned.
        assert_eq!(raw(caller.call().id()?), 2);
        let start = caller.host().0;
        start()
    }
}

pub(crate) fn starting() {
    let start = |start| starting::Instance::new(Started(start)).err();
    let Some(Error::Trap(trap)) = start(|| Ok(1)) else { panic!("the guest's own trap") };
    assert_eq!(trap.code, TrapCode::Unreachable);
    let Some(Error::Trap(trap)) = start(|| Err(Stop::new(5))) else { panic!("the host's") };
    assert_eq!((trap.code, trap.exit_code), (TrapCode::Host, 5));
    assert_eq!(caught(|| start(|| panic!("in the start function"))), "in the start function");
}

struct Asked;

impl ending::Imports for Asked {
    fn env_host(caller: &mut ending::Caller<'_, Asked>, a0: Tainted<u32>) -> Result<u32, Stop> {
        match raw(a0) {
            0 => panic!("and that is all"),
            n if n < 10 => Ok(raw(caller.call().ask(n + 1)?) + 1),
            n => Ok(n),
        }
    }
}

/// The suite expects this to end by a signal.
pub(crate) fn ending() {
    let mut guest = ending::Instance::new(Asked).unwrap();
    let _ = guest.call().fall(u32::MAX);
}

/// This, too.
pub(crate) fn ending_panic() {
    let mut guest = ending::Instance::new(Asked).unwrap();
    let _ = guest.call().ask(0);
}

pub(crate) fn uncaught() {
    let mut guest = ending::Instance::new(Asked).unwrap();
    assert_eq!(raw(guest.call().fall(1000).unwrap()), 1000);
    assert_eq!(raw(guest.call().ask(7).unwrap()), 13);
    assert_eq!(raw(guest.call().load(0).unwrap()), 0);
    // Others on the same thread are caught as ever.
    let mut other = limited(|_, _| Ok(0), Limits::new());
    assert!(other.call().load(u32::MAX).is_err());
    let thread = std::thread::spawn(move || raw(guest.call().fall(10_000).unwrap()));
    assert_eq!(thread.join().unwrap(), 10_000);
}
