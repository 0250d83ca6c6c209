//! Puts generated files into the user's folder: all of them or none.
//!
//! They are written to a temporary folder nearby first. Then those that
//! differ are moved over, so that an unchanged file keeps its time stamp and no
//! build system compiles it again. A manifest remembers which files are ours:
//! those of an earlier run that are no longer wanted are removed, and nothing
//! that somebody else wrote is overwritten.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::diagnostic::{Code, Diagnostic, Doing, Result};
use super::scratch::Scratch;

/// Files on their way into a folder.
pub(crate) struct Staging {
    target: PathBuf,
    scratch: Scratch,
    sets: Vec<(String, Manifest)>,
    /// The file that is being written.
    open: Option<Growing>,
}

struct Growing {
    path: String,
    file: fs::File,
    digest: Sha256,
}

/// What was done in the target folder. Paths are relative to it.
#[derive(Default)]
pub(crate) struct Placed {
    /// All files that are there now, the manifests excepted.
    pub(crate) files: Vec<String>,
    /// How many of them were there before, byte for byte.
    pub(crate) unchanged: usize,
    /// Files of an earlier run, no longer needed.
    pub(crate) removed: Vec<String>,
    /// The same, but somebody has changed them, so they are still there.
    pub(crate) left: Vec<String>,
}

/// Lists the files that belong together, with the SHA-256 of each.
#[derive(Serialize, Deserialize, Default)]
pub(crate) struct Manifest {
    wardian: String,
    /// How the files came to be.
    #[serde(flatten)]
    pub(crate) about: BTreeMap<String, Value>,
    pub(crate) files: BTreeMap<String, String>,
}

impl Staging {
    /// Prepares to fill `target`, which need not exist.
    pub(crate) fn new(target: &Path) -> Result<Staging> {
        let target = std::path::absolute(target).doing("find", target)?;
        if target.exists() && !target.is_dir() {
            let message = format!("`{}` is not a folder", target.display());
            return Err(Diagnostic::new(Code::Io, message));
        }
        // In the folder itself if it is there, because a mount may begin with it.
        let nearby = target.ancestors().find(|it| it.is_dir()).unwrap_or(&target);
        let scratch = Scratch::new_in(nearby).doing("write to", nearby)?;
        Ok(Staging { target, scratch, sets: Vec::new(), open: None })
    }

    /// Begins a set of files with a manifest called `NAME.manifest.json`, in
    /// which `about` says how they came to be.
    pub(crate) fn begin(&mut self, name: &str, about: BTreeMap<String, Value>) {
        self.close();
        let wardian = env!("CARGO_PKG_VERSION").to_string();
        let manifest = Manifest { wardian, about, files: BTreeMap::new() };
        self.sets.push((format!("{name}.manifest.json"), manifest));
    }

    /// Adds a file to the latest set, or continues it if it is the one that was added
    /// to last. `path` is relative and uses slashes.
    pub(crate) fn add(&mut self, path: &str, text: &[u8]) -> std::io::Result<()> {
        let mut open = match self.open.take() {
            Some(open) if open.path == path => open,
            other => {
                self.open = other;
                self.close();
                let file = create(&self.scratch.path().join(path))?;
                Growing { path: path.to_string(), file, digest: Sha256::new() }
            }
        };
        open.file.write_all(text)?;
        open.digest.update(text);
        self.open = Some(open);
        Ok(())
    }

    /// Notes the file that is complete.
    fn close(&mut self) {
        if let Some(Growing { path, digest, .. }) = self.open.take() {
            let (_, manifest) = self.sets.last_mut().expect("`begin` comes first");
            manifest.files.insert(path, hex(&digest.finalize()));
        }
    }

    /// Moves everything to its place. `force` overwrites what is not ours, too.
    pub(crate) fn place(mut self, force: bool) -> Result<Placed> {
        self.close();
        let old: BTreeMap<String, String> =
            self.sets.iter().flat_map(|(name, _)| read_manifest(&self.target.join(name))).collect();
        let mut placed = Placed::default();
        for (_, manifest) in &self.sets {
            placed.files.extend(manifest.files.keys().cloned());
        }
        if !force {
            self.refuse_to_overwrite(&old)?;
        }
        for (name, manifest) in &self.sets {
            // To compare large files is most of the work.
            let installed = manifest.files.par_iter().map(|(file, _)| self.install(file));
            for new in installed.collect::<Vec<Result<bool>>>() {
                placed.unchanged += usize::from(!new?);
            }
            // Last, so that an interrupted run leaves the manifest of the files it replaces.
            let text = serde_json::to_string_pretty(manifest).expect("plain data") + "\n";
            let staged = self.scratch.path().join(name);
            write(&staged, text.as_bytes()).doing("write", &staged)?;
            self.install(name)?;
        }
        self.remove_stale(old, &mut placed);
        Ok(placed)
    }

    fn refuse_to_overwrite(&self, old: &BTreeMap<String, String>) -> Result<()> {
        let files = self.sets.iter().flat_map(|(_, manifest)| manifest.files.iter());
        for (file, digest_of_new) in files {
            let path = self.target.join(file);
            if old.contains_key(file) || !path.exists() {
                continue;
            }
            let there = fs::read(&path).doing("read", &path)?;
            if digest(&there) != *digest_of_new {
                let message = format!("`{}` exists, and wardian did not write it", path.display());
                return Err(Diagnostic::new(Code::Io, message)
                    .help("choose another folder or `--name`, or overwrite it with `--force`"));
            }
        }
        Ok(())
    }

    /// False if the file was there already.
    fn install(&self, file: &str) -> Result<bool> {
        let from = self.scratch.path().join(file);
        let to = self.target.join(file);
        if same(&from, &to) {
            return Ok(false);
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).doing("create", folder)?;
        }
        fs::rename(&from, &to).doing("write", &to)?;
        Ok(true)
    }

    fn remove_stale(&self, old: BTreeMap<String, String>, placed: &mut Placed) {
        let ours = |file: &String| self.sets.iter().any(|(_, it)| it.files.contains_key(file));
        for (file, was) in old.into_iter().filter(|(file, _)| !ours(file)) {
            let path = self.target.join(&file);
            match fs::read(&path) {
                Ok(bytes) if digest(&bytes) == was && fs::remove_file(&path).is_ok() => {
                    remove_empty_folders(&self.target, &path);
                    placed.removed.push(file);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                _ => placed.left.push(file),
            }
        }
    }
}

/// Those between `target` and a file that was removed from it.
fn remove_empty_folders(target: &Path, removed: &Path) {
    let mut folders = removed.ancestors().skip(1).take_while(|it| *it != target);
    // Ends at the first that is not empty.
    let _ = folders.try_for_each(fs::remove_dir);
}

/// The files of an earlier run. A manifest that does not make sense claims none;
/// one that somebody has tampered with claims none outside its folder.
fn read_manifest(path: &Path) -> BTreeMap<String, String> {
    let text = fs::read(path).unwrap_or_default();
    let mut files = serde_json::from_slice::<Manifest>(&text).unwrap_or_default().files;
    files.retain(|file, _| {
        Path::new(file).components().all(|it| matches!(it, Component::Normal(_)))
    });
    files
}

fn write(path: &Path, text: &[u8]) -> std::io::Result<()> {
    create(path)?.write_all(text)
}

fn create(path: &Path) -> std::io::Result<fs::File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create(path)
}

fn same(a: &Path, b: &Path) -> bool {
    let size = |path: &Path| fs::metadata(path).map(|it| it.len()).ok();
    size(a).is_some()
        && size(a) == size(b)
        && fs::read(a).is_ok_and(|bytes| fs::read(b).is_ok_and(|other| bytes == other))
}

/// The SHA-256 of a file's content, as manifests have it.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as people write them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
