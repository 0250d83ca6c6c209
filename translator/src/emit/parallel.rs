//! Work in many threads whose results are taken in order, as they are ready.
//!
//! Only so many results wait at a time, so that memory stays bounded however many
//! there are, and the thread that takes them does nothing else: writing files and
//! translating functions overlap.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// Results that each thread may be ahead of what is taken.
const AHEAD: usize = 2;

/// Calls `work` with every number below `count`, in the threads of the pool, and
/// `take` with each result in this thread, in order. Ends with the first error.
pub(super) fn in_order<T: Send>(
    count: usize,
    work: &(dyn Fn(usize) -> T + Sync),
    take: &mut dyn FnMut(usize, T) -> io::Result<()>,
) -> io::Result<()> {
    if count == 1 {
        return take(0, work(0)); // not worth a thread
    }
    rayon::in_place_scope(|scope| {
        let (sender, results) = channel();
        let start = |i: usize| {
            let sender = sender.clone();
            scope.spawn(move |_| {
                let result = catch_unwind(AssertUnwindSafe(|| work(i)));
                // If nobody receives it any more, an error has ended this.
                let _ = sender.send((i, result));
            });
        };
        let window = count.min(rayon::current_num_threads() * AHEAD);
        (0..window).for_each(&start);
        let mut early = BTreeMap::new();
        for i in 0..count {
            let result = loop {
                if let Some(result) = early.remove(&i) {
                    break result;
                }
                let (number, result) = wait(&results);
                early.insert(number, result);
            };
            take(i, result.unwrap_or_else(|panic| resume_unwind(panic)))?;
            if i + window < count {
                start(i + window);
            }
        }
        Ok(())
    })
}

/// The next result of any. A thread of the pool itself works on meanwhile: there may
/// be no other.
fn wait<T>(results: &Receiver<T>) -> T {
    loop {
        match results.try_recv() {
            Ok(result) => return result,
            Err(TryRecvError::Disconnected) => unreachable!("this thread holds a sender"),
            Err(TryRecvError::Empty) => {}
        }
        match rayon::yield_now() {
            Some(rayon::Yield::Executed) => {}
            Some(rayon::Yield::Idle) => std::thread::yield_now(),
            None => return results.recv().expect("this thread holds a sender"),
        }
    }
}
