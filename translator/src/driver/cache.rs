//! Results of compiling, kept for the next time: programs and object files, by
//! the hash of everything they were made from.
//!
//! An entry is a folder. It is made elsewhere in the cache and renamed into
//! place, so that others see all of it or nothing; who comes second throws his
//! own work away. Nothing is ever changed in place. When the entries exceed the
//! cache's size, those that were not used for longest go first.
//!
//! ```text
//! CACHE/entries/HASH/...   complete entries; the time stamp is that of the last use
//! CACHE/compilers/...      what compilers said about themselves
//! CACHE/work/...           unfinished; what a killed process left is removed later
//! ```

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::diagnostic::{Code, Diagnostic, Doing, Result};
use super::scratch::{self, Scratch};
use super::staging::hex;

const DEFAULT_SIZE: u64 = 1 << 30;

/// Nobody works this long without creating a file in his folder.
const ABANDONED: Duration = Duration::from_secs(60 * 60);

pub(crate) struct Cache {
    root: PathBuf,
    limit: u64,
}

/// Collects what a result depends on.
#[derive(Default)]
pub(crate) struct Key(Sha256);

impl Key {
    /// Adds one thing. Its length is added too, so that no two lists are alike.
    pub(crate) fn add(mut self, part: impl AsRef<[u8]>) -> Key {
        let part = part.as_ref();
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
        self
    }

    fn name(self) -> String {
        hex(&self.0.finalize())
    }
}

impl Cache {
    /// Opens the user's cache: `WARDIAN_CACHE_DIR`, or `wardian` in the folder
    /// that the system has for caches.
    pub(crate) fn open() -> Result<Cache> {
        let limit = match env::var("WARDIAN_CACHE_SIZE") {
            Ok(text) => parse_size(&text).ok_or_else(|| {
                let message = format!("`WARDIAN_CACHE_SIZE` is not a size: `{text}`");
                Diagnostic::new(Code::Usage, message).help("write bytes, or `100M`, or `2G`")
            })?,
            Err(_) => DEFAULT_SIZE,
        };
        let root = folder().ok_or_else(|| {
            Diagnostic::new(Code::Io, "there is no folder for the cache")
                .help("set `WARDIAN_CACHE_DIR`, or pass `--no-cache`")
        })?;
        let root = std::path::absolute(&root).doing("find", &root)?;
        let cache = Cache { root, limit };
        for folder in [cache.entries(), cache.work()] {
            create_private(&folder).map_err(|error| {
                Diagnostic::io(format!("create `{}`", folder.display()), &error)
                    .help("set `WARDIAN_CACHE_DIR` to another folder, or pass `--no-cache`")
            })?;
        }
        Ok(cache)
    }

    fn entries(&self) -> PathBuf {
        self.root.join("entries")
    }

    fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// Where to keep what compilers say about themselves.
    pub(crate) fn compilers(&self) -> PathBuf {
        self.root.join("compilers")
    }

    /// A folder to work in, from which results can become entries.
    pub(crate) fn scratch(&self) -> Result<Scratch> {
        let work = self.work();
        Scratch::new_in(&work).doing("write to", &work)
    }

    /// The folder of an entry, if there is one.
    pub(crate) fn get(&self, key: Key) -> Option<PathBuf> {
        let entry = self.entries().join(key.name());
        entry.is_dir().then(|| {
            mark_used(&entry);
            entry
        })
    }

    /// The folder of an entry, made by `make` if there is none yet.
    pub(crate) fn get_or(
        &self,
        key: Key,
        make: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let entry = self.entries().join(key.name());
        if entry.is_dir() {
            mark_used(&entry);
            return Ok(entry);
        }
        self.sweep();
        let new = self.scratch()?;
        make(new.path())?;
        settle(new.path()).doing("write", new.path())?;
        if let Err(error) = new.keep_as(&entry)
            && !entry.is_dir()
        {
            return Err(Diagnostic::io(format!("write `{}`", entry.display()), &error));
        }
        self.evict(&entry);
        Ok(entry)
    }

    /// Drops an entry that turned out to be of no use.
    pub(crate) fn discard(&self, entry: &Path) {
        // Renamed first: nobody may find half an entry.
        if let Ok(bin) = self.scratch() {
            let _ = fs::rename(entry, bin.path().join("entry"));
        }
    }

    /// Brings the cache back to its size; `keep` stays in any case.
    fn evict(&self, keep: &Path) {
        let mut entries: Vec<(SystemTime, u64, PathBuf)> = children(&self.entries())
            .filter_map(|path| Some((modified(&path)?, size(&path), path)))
            .collect();
        entries.sort();
        let mut total: u64 = entries.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in entries {
            if total > self.limit && path != keep {
                self.discard(&path);
                total -= size;
            }
        }
    }

    /// Removes what killed processes left.
    fn sweep(&self) {
        for path in children(&self.work()) {
            let ours = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(scratch::PREFIX));
            let age = modified(&path).and_then(|it| it.elapsed().ok());
            if ours && age.is_some_and(|it| it > ABANDONED) {
                let _ = fs::remove_dir_all(&path);
            }
        }
    }
}

fn folder() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    set("WARDIAN_CACHE_DIR").or_else(|| {
        let caches = set("XDG_CACHE_HOME")
            .filter(|it| it.is_absolute())
            .or_else(|| if cfg!(windows) { set("LOCALAPPDATA") } else { None })
            .or_else(|| Some(env::home_dir()?.join(".cache")))?;
        Some(caches.join("wardian"))
    })
}

/// Programs are run from here: nobody else may write to it.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Bytes, with K, M or G for powers of 1024.
fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let (digits, shift) = match text.chars().last()?.to_ascii_uppercase() {
        'K' => (&text[..text.len() - 1], 10),
        'M' => (&text[..text.len() - 1], 20),
        'G' => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// Asks the system to write the files before their folder gets its name, so
/// that not even a power failure leaves an entry with empty files.
fn settle(folder: &Path) -> std::io::Result<()> {
    children(folder).try_for_each(|path| File::open(path)?.sync_all())
}

fn mark_used(entry: &Path) {
    let _ = File::open(entry).and_then(|it| it.set_modified(SystemTime::now()));
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|it| it.modified()).ok()
}

/// Of an entry: its files. Entries have no folders of their own.
fn size(entry: &Path) -> u64 {
    children(entry).filter_map(|it| Some(it.metadata().ok()?.len())).sum()
}

fn children(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(limit: u64) -> (tempfile::TempDir, Cache) {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache { root: dir.path().to_path_buf(), limit };
        fs::create_dir_all(cache.entries()).unwrap();
        fs::create_dir_all(cache.work()).unwrap();
        (dir, cache)
    }

    fn put(cache: &Cache, key: &str, bytes: usize) -> PathBuf {
        let make = |new: &Path| {
            fs::write(new.join("file"), vec![0; bytes]).unwrap();
            Ok(())
        };
        cache.get_or(Key::default().add(key), make).unwrap()
    }

    fn set_age(path: &Path, seconds: u64) {
        let then = SystemTime::now() - Duration::from_secs(seconds);
        File::open(path).unwrap().set_modified(then).unwrap();
    }

    #[test]
    fn the_least_recently_used_go_first() {
        let (_dir, cache) = cache(25);
        let (a, b) = (put(&cache, "a", 10), put(&cache, "b", 10));
        set_age(&a, 20);
        set_age(&b, 30);
        put(&cache, "b", 10);
        let c = put(&cache, "c", 10);
        assert_eq!([a.exists(), b.exists(), c.exists()], [false, true, true]);
    }

    #[test]
    fn an_entry_larger_than_the_cache_stays_until_the_next() {
        let (_dir, cache) = cache(5);
        let a = put(&cache, "a", 10);
        assert!(a.exists());
        set_age(&a, 10);
        let b = put(&cache, "b", 10);
        assert_eq!([a.exists(), b.exists()], [false, true]);
    }

    #[test]
    fn failures_leave_nothing() {
        let (_dir, cache) = cache(100);
        let make = |new: &Path| {
            fs::write(new.join("file"), "half").unwrap();
            Err(Diagnostic::new(Code::Compiler, "failed"))
        };
        cache.get_or(Key::default().add("a"), make).unwrap_err();
        assert_eq!(children(&cache.entries()).count() + children(&cache.work()).count(), 0);
    }

    #[test]
    fn the_second_of_two_makers_yields() {
        let (_dir, cache) = cache(100);
        let entry = cache.get_or(Key::default().add("a"), |new| {
            put(&cache, "a", 10);
            fs::write(new.join("file"), "late").unwrap();
            Ok(())
        });
        assert_eq!(fs::read(entry.unwrap().join("file")).unwrap(), vec![0; 10]);
        assert_eq!(children(&cache.work()).count(), 0);
    }

    #[test]
    fn abandoned_work_is_swept_and_recent_work_is_not() {
        let (_dir, cache) = cache(100);
        let [old, new] = [".wardian-old", ".wardian-new"].map(|it| cache.work().join(it));
        fs::create_dir(&old).unwrap();
        fs::create_dir(&new).unwrap();
        set_age(&old, 2 * 60 * 60);
        put(&cache, "a", 10);
        assert_eq!([old.exists(), new.exists()], [false, true]);
    }

    #[test]
    fn keys_tell_lists_apart() {
        let name = |parts: &[&str]| parts.iter().fold(Key::default(), |key, it| key.add(it)).name();
        assert_ne!(name(&["ab", "c"]), name(&["a", "bc"]));
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size("12"), Some(12));
        assert_eq!(parse_size("3k"), Some(3 << 10));
        assert_eq!(parse_size("2G"), Some(2 << 30));
        assert_eq!(parse_size("99999999999G"), None);
        assert_eq!(parse_size("many"), None);
        assert_eq!(parse_size(""), None);
    }
}
