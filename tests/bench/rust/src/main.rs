//! Prints what calls between a host in Rust and its library take: a line for each kind, with
//! the nanoseconds of a call in each of several rounds.

use std::time::Instant;
use wardian_rt::{Tainted, because};

mod calls {
    wardian_rt::include_module!("calls");
}

type Caller<'a> = calls::Caller<'a, Host>;

const ROUNDS: usize = 21;
const CALLS: u32 = 300_000;

struct Host;

#[cfg(not(feature = "noop"))]
impl calls::Imports for Host {
    fn host_step(_: &mut Caller<'_>, x: Tainted<u32>) -> Result<u32, wardian_rt::Stop> {
        Ok(raw(x) + 1)
    }
}

fn raw<T>(value: Tainted<T>) -> T {
    value.unverified(because!("it is only counted"))
}

/// What each of `CALLS` calls takes, which `body` makes and counts.
fn measure(name: &str, mut body: impl FnMut() -> u32) {
    print!("{name}");
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let count = body();
        print!(" {:.3}", start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
        assert_eq!(count, CALLS, "{name}");
    }
    println!();
}

fn main() {
    let mut instance = calls::Instance::new(Host).expect("an instance");
    measure("call", || {
        (0..CALLS).fold(0, |x, _| raw(instance.call().nothing(x).expect("no trap")))
    });
    let step = instance.callback(|_: &mut Caller<'_>, x: Tainted<u32>| Ok(raw(x) + 1));
    let step = step.expect("an element of the table");
    measure("callback", || raw(instance.call().repeat(CALLS, &step).expect("no trap")));
    #[cfg(not(feature = "noop"))]
    measure("import", || raw(instance.call().repeat_import(CALLS).expect("no trap")));
}
