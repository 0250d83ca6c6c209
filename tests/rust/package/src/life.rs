//! Instances beside each other, over threads, and their ends.

use crate::{Guest, Host, alone, answering, raw, starting};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use wardian_rt::{Stop, Tainted, TrapCode};

struct Calm;

impl starting::Imports for Calm {
    fn env_started(_: &mut starting::Caller<'_, Calm>, _: Tainted<u32>) -> Result<u32, Stop> {
        Ok(0)
    }
}

pub(crate) fn several() {
    let mut guests: Vec<Guest> = (0..50).map(|_| alone()).collect();
    for (i, guest) in guests.iter_mut().enumerate() {
        guest.call().store(64, i as u32).unwrap();
    }
    assert!(guests[7].call().unreachable().is_err());
    let mut other = starting::Instance::new(Calm).unwrap();
    for (i, guest) in guests.iter_mut().enumerate().filter(|(i, _)| *i != 7) {
        assert_eq!(raw(guest.call().load(64).unwrap()), i as u32);
        assert_eq!(raw(other.call().id().unwrap()), 2);
    }
    // One guest's host calls another, whose trap is its own.
    let inner = alone();
    let mut outer = answering(|_, n| Ok(n));
    let callback = outer.callback(move |_: &mut crate::Caller<'_>, n: Tainted<u32>| {
        Ok(inner.memory().len() as u32 + raw(n))
    });
    assert_eq!(raw(outer.call().call(&callback.unwrap(), 1).unwrap()), (2 << 16) + 1);
    let mut outer = answering(|_, _| {
        let mut inner = alone();
        let trap = inner.call().load(u32::MAX).expect_err("the inner one's");
        assert_eq!(trap.code, TrapCode::MemoryOutOfBounds);
        Ok(3)
    });
    assert_eq!(raw(outer.call().call_back(0).unwrap()), 3);
}

pub(crate) fn threads() {
    thread::scope(|scope| {
        for number in 0..8 {
            scope.spawn(move || {
                let mut guest = answering(|caller, n| Ok(raw(caller.call().i32(n)?)));
                for round in 0..50 {
                    guest.call().store(64, number * 1000 + round).unwrap();
                    assert_eq!(raw(guest.call().call_back(round).unwrap()), round + 1);
                    assert_eq!(raw(guest.call().load(64).unwrap()), number * 1000 + round);
                    assert!(guest.call().load(u32::MAX - round).is_err());
                    guest.reset().unwrap();
                }
            });
        }
    });
}

pub(crate) fn moved() {
    let mut guest = alone();
    for i in 0..8 {
        guest = thread::spawn(move || {
            assert_eq!(raw(guest.call().count().unwrap()), 101 + i);
            assert_eq!(raw(guest.call().recurse(1000).unwrap()), 1000);
            guest
        })
        .join()
        .unwrap();
    }
    let guest = Mutex::new(guest);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| raw(guest.lock().unwrap().call().count().unwrap()));
        }
    });
    assert_eq!(raw(guest.lock().unwrap().call().count().unwrap()), 113);
}

pub(crate) fn drop_order() {
    static ORDER: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    struct Noted(&'static str);
    impl Drop for Noted {
        fn drop(&mut self) {
            ORDER.lock().unwrap().push(self.0);
        }
    }
    struct Noting(#[allow(dead_code)] Noted);
    impl starting::Imports for Noting {
        fn env_started(_: &mut starting::Caller<'_, Noting>, _: Tainted<u32>) -> Result<u32, Stop> {
            Ok(0)
        }
    }
    drop(starting::Instance::new(Noting(Noted("host"))).unwrap());
    assert_eq!(*ORDER.lock().unwrap(), ["host"]);
    // Closures before the host's state; handles outlive both and do no harm.
    let mut guest = alone();
    let noted = Noted("closure");
    let callback = guest.callback(move |_: &mut crate::Caller<'_>| {
        let _ = &noted;
        Ok(())
    });
    let (callback, kill) = (callback.unwrap(), guest.kill_handle());
    drop(guest);
    assert_eq!(*ORDER.lock().unwrap(), ["host", "closure"]);
    kill.kill();
    drop(callback);
    // An instance that cannot be made drops its host.
    struct Failing(#[allow(dead_code)] Noted);
    impl starting::Imports for Failing {
        fn env_started(
            _: &mut starting::Caller<'_, Failing>,
            _: Tainted<u32>,
        ) -> Result<u32, Stop> {
            Err(Stop::new(1))
        }
    }
    assert!(starting::Instance::new(Failing(Noted("failed"))).is_err());
    assert_eq!(*ORDER.lock().unwrap(), ["host", "closure", "failed"]);
}

pub(crate) fn killed() {
    let mut guest = answering(|_, n| Ok(n));
    let kill = guest.kill_handle();
    for _ in 0..3 {
        let kill = kill.clone();
        let killer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            kill.kill();
        });
        let begin = Instant::now();
        let trap = guest.call().spin().expect_err("killed");
        assert_eq!(trap.code, TrapCode::Interrupted);
        assert!(begin.elapsed() < Duration::from_secs(20));
        killer.join().unwrap();
        guest.reset().unwrap();
        assert_eq!(raw(guest.call().call_back(5).unwrap()), 5);
    }
}

pub(crate) fn killed_before() {
    let mut guest = Guest::new(Host { answer: |_, n| Ok(n), calls: 0 }).unwrap();
    let kill = Arc::new(guest.kill_handle());
    kill.kill();
    let trap = guest.call().spin().expect_err("killed");
    assert_eq!(trap.code, TrapCode::Interrupted);
    assert_eq!(guest.call().count().map(raw).expect_err("poisoned").code, TrapCode::Poisoned);
    guest.reset().unwrap();
    assert_eq!(raw(guest.call().count().unwrap()), 101);
}
