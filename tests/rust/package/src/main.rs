//! Hosts that do all that one can do to a guest. Each trial is a function, named by the
//! first argument; `list` names them all.

mod callbacks;
mod calls;
mod faults;
mod life;
mod memory;

/// The module that most trials use, and a host for it.
mod guest {
    wardian_rt::include_module!("guest");
}

mod adler {
    wardian_rt::include_module!("adler");
}

mod starting {
    wardian_rt::include_module!("starting");
}

mod ending {
    wardian_rt::include_module!("ending");
}

use wardian_rt::{Limits, Stop, Tainted, because};

type Guest = guest::Instance<Host>;
type Caller<'a> = guest::Caller<'a, Host>;

/// What the guest's calls of `back` are answered by.
type Answer = fn(&mut Caller<'_>, u32) -> Result<u32, Stop>;

struct Host {
    answer: Answer,
    calls: u32,
}

impl guest::Imports for Host {
    fn env_back(caller: &mut Caller<'_>, a0: Tainted<u32>) -> Result<u32, Stop> {
        caller.host().calls += 1;
        let answer = caller.host().answer;
        answer(caller, raw(a0))
    }

    fn env_mixed(
        _: &mut Caller<'_>,
        a0: Tainted<u32>,
        a1: Tainted<u64>,
        a2: Tainted<f32>,
        a3: Tainted<f64>,
    ) -> Result<f32, Stop> {
        assert_eq!((raw(a0), raw(a1), raw(a2), raw(a3)), (u32::MAX, u64::MAX - 1, 1.5, -2.5));
        Ok(0.75)
    }

    fn env_pair(_: &mut Caller<'_>, a0: Tainted<u32>) -> Result<(u64, f64), Stop> {
        Ok((u64::from(raw(a0)) << 32, f64::from(raw(a0)) / 2.0))
    }
}

/// A guest whose calls are answered like this.
fn answering(answer: Answer) -> Guest {
    limited(answer, Limits::new())
}

fn limited(answer: Answer, limits: Limits) -> Guest {
    Guest::with_limits(Host { answer, calls: 0 }, limits).expect("an instance")
}

/// A guest that calls nobody.
fn alone() -> Guest {
    answering(|_, _| panic!("nobody calls"))
}

fn raw<T>(value: Tainted<T>) -> T {
    value.unverified(because!("a trial knows what it wants"))
}

/// Runs what panics, without a message, and gives what it panicked with.
fn caught<R>(body: impl FnOnce() -> R) -> String {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body));
    let payload = caught.err().expect("a panic");
    let text = payload.downcast::<&str>().expect("the payload it was made with");
    text.to_string()
}

const TRIALS: &[(&str, fn())] = &[
    ("values_of_all_types", calls::values),
    ("names_that_rust_has_no_use_for", calls::names),
    ("the_example_of_the_documentation", calls::documentation),
    ("functions_of_the_host", calls::imports),
    ("reentry_three_deep", calls::reentry),
    ("traps_say_why_and_where", faults::traps),
    ("poisoned_until_reset", faults::poison),
    ("panics_resume_in_the_host", faults::panics),
    ("panics_three_deep", faults::deep_panics),
    ("hosts_stop_guests", faults::stops),
    ("a_trap_that_the_host_ignores_is_not_lost", faults::ignored),
    ("denied_imports_trap", faults::denied),
    ("start_functions", faults::starting),
    ("a_trap_that_ends_the_program", faults::ending),
    ("a_panic_that_ends_the_program", faults::ending_panic),
    ("calls_that_nothing_catches", faults::uncaught),
    ("memory_is_checked", memory::checked),
    ("allocators_are_not_trusted", memory::allocators),
    ("structs_and_strings", memory::structs),
    ("limits", memory::limits),
    ("callbacks", callbacks::called),
    ("callbacks_that_call_back", callbacks::reentrant),
    ("callbacks_are_gone_when_dropped", callbacks::dropped),
    ("callbacks_that_the_guest_copied", callbacks::copied),
    ("callbacks_that_panic_or_stop", callbacks::failing),
    ("several_instances_and_modules", life::several),
    ("threads", life::threads),
    ("moved_between_threads", life::moved),
    ("drop_order", life::drop_order),
    ("killed_by_another_thread", life::killed),
    ("killed_before_a_call", life::killed_before),
];

fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    if name == "list" {
        TRIALS.iter().for_each(|(name, _)| println!("{name}"));
        return;
    }
    let trial = TRIALS.iter().find(|(it, _)| *it == name).expect("the name of a trial");
    trial.1();
    println!("{name} is over");
}
