//! One line on the terminal while something takes longer than a second.

use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

pub(crate) struct Progress {
    bar: ProgressBar,
    /// Dropped to end the thread that shows the bar.
    done: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Silent for good unless `wanted`.
    pub(crate) fn new(wanted: bool) -> Progress {
        let bar = ProgressBar::hidden();
        if !wanted {
            return Progress { bar, done: None, thread: None };
        }
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        let (done, ended) = mpsc::channel::<()>();
        let shown = bar.clone();
        let thread = thread::spawn(move || {
            if ended.recv_timeout(Duration::from_secs(1)) == Err(mpsc::RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(100));
            }
        });
        Progress { bar, done: Some(done), thread: Some(thread) }
    }

    pub(crate) fn stage(&self, what: &'static str) {
        self.bar.set_message(what);
    }

    /// So many files are about to be compiled.
    pub(crate) fn begin(&self, count: usize) {
        self.bar.set_position(0);
        self.bar.set_length(count as u64);
        self.show();
    }

    pub(crate) fn step(&self) {
        self.bar.inc(1);
        self.show();
    }

    fn show(&self) {
        let (at, of) = (self.bar.position(), self.bar.length().unwrap_or(0));
        self.bar.set_message(if at < of {
            format!("compiling, {at} of {of} files done,")
        } else {
            "linking".to_string()
        });
    }

    /// Makes room for other text.
    pub(crate) fn hidden(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}
