//! Translated files in a folder: writing what changed, finding what is stale.

use crate::Error;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::path::Path;
use wardian::Files;

/// Makes the folder hold these files of the module and no others of it. What is there
/// already stays as it is, with its time stamp.
pub(crate) fn write(folder: &Path, files: &Files) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| Error::file(folder, error))?;
    for entry in fs::read_dir(folder).map_err(|error| Error::file(folder, error))? {
        let path = entry.map_err(|error| Error::file(folder, error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !files.contains_key(&*name) {
            fs::remove_file(&path).map_err(|error| Error::file(&path, error))?;
        }
    }
    for (name, text) in files {
        update(&folder.join(name), text)?;
    }
    Ok(())
}

/// Of what the files in a folder were made, in a file beside the folder.
pub(crate) struct Stamp<'a> {
    folder: &'a Path,
    /// A number that stands for it, if it is known.
    key: Option<String>,
}

impl Stamp<'_> {
    pub(crate) fn new<T: Hash>(folder: &Path, of: impl FnOnce() -> Option<T>) -> Stamp<'_> {
        let key = of().map(|it| {
            let mut hasher = DefaultHasher::new();
            it.hash(&mut hasher);
            format!("{:016x}", hasher.finish())
        });
        Stamp { folder, key }
    }

    /// The names of the files, if they are there and were made of the same. Else they are
    /// about to be written.
    pub(crate) fn files(&self) -> Option<Vec<String>> {
        let file = self.folder.with_extension("stamp");
        let text = fs::read_to_string(&file).ok()?;
        let files = self.listed(&text);
        if files.is_none() {
            let _ = fs::remove_file(file);
        }
        files
    }

    fn listed(&self, text: &str) -> Option<Vec<String>> {
        let mut lines = text.lines().map(str::to_string);
        let same = lines.next() == Some(self.key.clone()?);
        let files: Vec<String> = lines.collect();
        (same && files.iter().all(|file| self.folder.join(file).exists())).then_some(files)
    }

    /// Remembers that these were made. Without it, the next time takes longer, and that is all.
    pub(crate) fn keep(&self, files: &Files) {
        if let Some(key) = &self.key {
            let names: String = files.keys().map(|name| format!("{name}\n")).collect();
            let _ = fs::write(self.folder.with_extension("stamp"), format!("{key}\n{names}"));
        }
    }
}

/// Makes this the file's text.
pub(crate) fn update(path: &Path, text: &str) -> Result<(), Error> {
    if same(path, text)? {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| Error::file(path, error))
}

/// Is this the file's text?
fn same(path: &Path, text: &str) -> Result<bool, Error> {
    match fs::read(path) {
        Ok(there) => Ok(there == text.as_bytes()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::file(path, error)),
    }
}

/// The names of files in the folder that belong to a module, in order.
pub(crate) fn of_module(folder: &Path, name: &str) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| Error::file(folder, error))? {
        let file = entry.map_err(|error| Error::file(folder, error))?.file_name();
        let file = file.to_string_lossy().into_owned();
        if belongs(&file, name) {
            names.push(file);
        }
    }
    names.sort();
    Ok(names)
}

/// `NAME.c`, `NAME.h`, `NAME_impl.h`, `NAME.rs`, `NAME_rs.c`, or `NAME_` and a number and `.c`.
fn belongs(file: &str, name: &str) -> bool {
    let Some(rest) = file.strip_prefix(name) else { return false };
    if [".c", ".h", "_impl.h", ".rs", "_rs.c", "_rs.cc"].contains(&rest) {
        return true;
    }
    let number = rest.strip_prefix('_').and_then(|rest| rest.strip_suffix(".c"));
    number.is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Files that are missing, differ, or should not be there.
pub(crate) fn differing(folder: &Path, files: &Files) -> Result<Vec<String>, Error> {
    let mut stale = Vec::new();
    for (name, text) in files {
        if !same(&folder.join(name), text)? {
            stale.push(name.clone());
        }
    }
    let name = files.keys().next().and_then(|it| it.strip_suffix(".h")).unwrap_or_default();
    let there = of_module(folder, name)?;
    stale.extend(there.into_iter().filter(|file| !files.contains_key(file)));
    Ok(stale)
}

#[cfg(test)]
mod tests {
    use super::belongs;

    #[test]
    fn files_of_a_module() {
        for file in ["png.c", "png.h", "png_impl.h", "png.rs", "png_rs.c", "png_0.c", "png_12.c"] {
            assert!(belongs(file, "png"), "{file}");
        }
        for file in ["png2.c", "png_x.c", "png_.c", "xpng.c", "png_1.h", "png"] {
            assert!(!belongs(file, "png"), "{file}");
        }
    }
}
