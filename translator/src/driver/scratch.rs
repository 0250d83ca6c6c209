//! Folders for work in progress. They vanish with their owner, and also when
//! the process is interrupted: nothing half-made stays behind.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};
use std::{fs, io, mem, process, thread, time};

use tempfile::{Builder, TempDir};

/// Those that an interrupt has to remove.
static LIVE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Folders that are in nobody's way start with this.
pub(crate) const PREFIX: &str = ".wardian-";

/// A folder that is removed when its owner is done with it.
#[derive(Debug)]
pub(crate) struct Scratch {
    dir: Option<TempDir>,
}

impl Scratch {
    /// Makes one where temporary files belong.
    pub(crate) fn new() -> io::Result<Scratch> {
        Scratch::new_in(&std::env::temp_dir())
    }

    /// Makes one in `parent`, so that its content can be renamed to a place nearby.
    pub(crate) fn new_in(parent: &Path) -> io::Result<Scratch> {
        watch_for_interrupts();
        let dir = Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        live().push(dir.path().to_path_buf());
        Ok(Scratch { dir: Some(dir) })
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.as_ref().expect("only `keep_as` and `drop` take it").path()
    }

    /// Gives the folder its final name; fails if that exists and is not empty.
    pub(crate) fn keep_as(mut self, path: &Path) -> io::Result<()> {
        fs::rename(self.path(), path)?;
        if let Some(dir) = self.dir.take() {
            forget(&dir.keep());
        }
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(dir) = self.dir.take() {
            forget(dir.path());
        }
    }
}

fn live() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    LIVE.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn forget(path: &Path) {
    live().retain(|it| it != path);
}

/// On an interrupt: no folders left behind, and the usual exit code.
fn watch_for_interrupts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without a handler an interrupt merely leaves a folder behind.
        let _ = ctrlc::set_handler(|| {
            mem::take(&mut *live()).iter().for_each(|it| remove(it));
            process::exit(130);
        });
    });
}

/// Removes a folder in which others may still be creating files.
fn remove(folder: &Path) {
    for _ in 0..10 {
        if fs::remove_dir_all(folder).is_ok() || !folder.exists() {
            return;
        }
        thread::sleep(time::Duration::from_millis(10));
    }
}
