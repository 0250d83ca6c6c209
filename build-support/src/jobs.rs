//! Runs commands, as many at a time as cargo has room for.
//!
//! Cargo's jobserver hands out tokens; a process always has one. More are asked for, and
//! every one that comes runs commands until none are left, so nothing ever waits for a
//! token that does not come.

use std::env;
use std::process::Command;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use jobserver::Client;

/// Runs one command, and says what went wrong.
pub(crate) type Runner<E> = fn(&mut Command) -> Result<(), E>;

/// Commands that wait, the last first, and the first that failed, by its number.
struct Queue<E> {
    waiting: Mutex<Vec<(usize, Command)>>,
    failed: Mutex<Option<(usize, E)>>,
    run: Runner<E>,
}

/// Runs all commands; if some fail, no more are begun, and the error is that of the first.
pub(crate) fn run<E: Send + 'static>(commands: Vec<Command>, run: Runner<E>) -> Result<(), E> {
    let most = env::var("NUM_JOBS").ok().and_then(|it| it.parse().ok());
    let most = most.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let more = most.min(commands.len()).saturating_sub(1);
    let waiting = commands.into_iter().enumerate().rev().collect();
    let queue = Queue { waiting: Mutex::new(waiting), failed: Mutex::new(None), run };
    let queue = Arc::new(queue);
    // SAFETY: nobody has closed the descriptors that cargo names, for a build script has
    // no other use for them; that they are a jobserver's is checked.
    match unsafe { Client::from_env_ext(true) }.client {
        Ok(client) => with_tokens(&queue, client, more),
        Err(_) => thread::scope(|scope| {
            (0..more).for_each(|_| drop(scope.spawn(|| queue.work())));
            queue.work();
        }),
    }
    let failed = queue.failed.lock().unwrap_or_else(PoisonError::into_inner).take();
    failed.map_or(Ok(()), |(_, error)| Err(error))
}

fn with_tokens<E: Send + 'static>(queue: &Arc<Queue<E>>, client: Client, more: usize) {
    let (started, threads) = mpsc::channel();
    let theirs = Arc::clone(queue);
    let helper = client.into_helper_thread(move |token| {
        let Ok(token) = token else { return };
        let queue = Arc::clone(&theirs);
        let work = move || {
            queue.work();
            drop(token);
        };
        // If nobody listens, all is done.
        let _ = started.send(thread::spawn(work));
    });
    if let Ok(helper) = &helper {
        (0..more).for_each(|_| helper.request_token());
    }
    queue.work();
    // Takes back what was asked for and did not come.
    drop(helper);
    for thread in threads {
        // One that panicked leaves its commands to nobody; there is none that does.
        let _ = thread.join();
    }
}

impl<E> Queue<E> {
    fn work(&self) {
        let lock = |it: &Self| it.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
        while let Some((number, mut command)) = lock(self) {
            let Err(error) = (self.run)(&mut command) else { continue };
            self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            if failed.as_ref().is_none_or(|(first, _)| number < *first) {
                *failed = Some((number, error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::run;
    use std::process::Command;

    /// Fails with the name of what was to be run, if it begins like that.
    fn pretend(command: &mut Command) -> Result<(), String> {
        let name = command.get_program().to_string_lossy().into_owned();
        if name.starts_with("bad") { Err(name) } else { Ok(()) }
    }

    #[test]
    fn the_first_failure_counts() {
        let commands = |names: &[&str]| names.iter().map(Command::new).collect();
        assert_eq!(run(commands(&["a", "b", "c"]), pretend), Ok(()));
        assert_eq!(run(commands(&[]), pretend), Ok(()));
        assert_eq!(run(commands(&["a", "bad"]), pretend), Err("bad".to_string()));
        let said = run(commands(&["bad 1", "a", "b", "bad 2"]), pretend);
        assert!(said.is_err_and(|it| it.starts_with("bad")));
    }
}
