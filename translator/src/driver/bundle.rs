//! Folders that become part of a program: reads them, and writes their contents as C.
//!
//! Files are the bytes of string literals, many in one array of a shard of C, because
//! every compiler reads those quickly, and leaves them where the system can share them.
//! The order is that of the names and nothing else is kept of a file, so the program
//! depends on names and contents alone.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::cache::Key;
use super::diagnostic::{Code, Diagnostic, Doing, Result};
use super::glue::literal;

/// Bytes of contents in a file of C, about; a larger file has one to itself.
const SHARD: usize = 4 << 20;
/// Of one file: compilers need about 15 times as much memory.
const FILE_LIMIT: u64 = 256 << 20;
/// Of all files together: what is linked into a program has to be near its code.
const LIMIT: u64 = 1 << 30;
/// Bytes of a name in a folder, as the C library has it.
const NAME_LIMIT: usize = 255;
/// Symbolic links to follow before it is a circle.
const LINKS: usize = 40;

/// A folder, and its name for the guest, as typed.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(crate) host: PathBuf,
    pub(crate) guest: String,
}

/// A folder as it was when it was read.
pub(crate) struct Bundle {
    guest: String,
    /// By path below the folder, with slashes.
    entries: BTreeMap<String, Entry>,
}

enum Entry {
    Directory,
    File(Vec<u8>),
    Link(String),
}

impl Folder {
    /// `DIR::GUEST`.
    pub(crate) fn parse(text: &str) -> std::result::Result<Folder, String> {
        match text.split_once("::") {
            Some((host, guest)) if host.is_empty() || guest.is_empty() || guest.contains("::") => {
                Err("a folder has a name here and a name for the program".to_string())
            }
            // The library's limit for paths.
            Some((_, guest)) if guest.len() > 1000 => Err("the name is too long".to_string()),
            Some((host, guest)) => Ok(Folder { host: host.into(), guest: guest.to_string() }),
            None => Err("expected `DIR::GUEST`".to_string()),
        }
    }
}

/// Reads the folders. Fails for what a guest could not see as it is here.
pub(crate) fn read(folders: &[Folder]) -> Result<Vec<Bundle>> {
    let mut left = LIMIT;
    folders.iter().map(|folder| read_one(folder, &mut left)).collect()
}

fn read_one(folder: &Folder, left: &mut u64) -> Result<Bundle> {
    let mut entries = BTreeMap::new();
    let mut folders = vec![(folder.host.clone(), String::new())];
    while let Some((path, below)) = folders.pop() {
        for child in fs::read_dir(&path).doing("read", &path)? {
            let path = child.doing("read", &path)?.path();
            let name = path.file_name().and_then(|it| it.to_str());
            let name = name.ok_or_else(|| refuse(&path, "has a name that is not UTF-8"))?;
            if name.len() > NAME_LIMIT {
                return Err(refuse(&path, "has a long name"));
            }
            let name = format!("{below}{name}");
            let entry = read_entry(&path, left)?;
            if matches!(entry, Entry::Directory) {
                folders.push((path, format!("{name}/")));
            }
            entries.insert(name, entry);
        }
    }
    let bundle = Bundle { guest: folder.guest.clone(), entries };
    bundle.check_links(&folder.host)?;
    Ok(bundle)
}

fn read_entry(path: &Path, left: &mut u64) -> Result<Entry> {
    let meta = fs::symlink_metadata(path).doing("read", path)?;
    if meta.is_dir() {
        return Ok(Entry::Directory);
    }
    if meta.is_symlink() {
        let target = fs::read_link(path).doing("read", path)?;
        let target = target.to_str().ok_or_else(|| refuse(path, "has a target that is not UTF-8"));
        return target.map(|it| Entry::Link(it.to_string()));
    }
    if !meta.is_file() {
        return Err(refuse(path, "is neither a file nor a folder nor a link"));
    }
    if meta.len() > FILE_LIMIT {
        return Err(limit(path, "is larger than 256 MiB, too large to be bundled"));
    }
    let bytes = fs::read(path).doing("read", path)?;
    let rest = left.checked_sub(bytes.len() as u64);
    *left = rest.ok_or_else(|| limit(path, "would make the bundles larger than 1 GiB"))?;
    Ok(Entry::File(bytes))
}

fn refuse(path: &Path, why: &str) -> Box<Diagnostic> {
    let message = format!("`{}` {why}: it cannot be bundled", path.display());
    Diagnostic::new(Code::Io, message)
}

fn limit(path: &Path, why: &str) -> Box<Diagnostic> {
    Diagnostic::new(Code::Io, format!("`{}` {why}", path.display()))
        .help("give the program the folder with `--dir` when it runs")
}

impl Bundle {
    /// Links stay links, so they must not name what is not bundled. One that names
    /// nothing is as good as here.
    fn check_links(&self, host: &Path) -> Result<()> {
        let outside = self.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::Link(target) if self.leads_out(path, target) => Some((path, target)),
            _ => None,
        });
        let notes: Vec<String> = outside
            .map(|(path, target)| format!("`{}` -> `{target}`", host.join(path).display()))
            .collect();
        if notes.is_empty() {
            return Ok(());
        }
        let message = match notes.len() {
            1 => "a link leads out of the bundled folder".to_string(),
            many => format!("{many} links lead out of the bundled folder"),
        };
        let it = Diagnostic::new(Code::Io, message);
        let it = notes.into_iter().take(10).fold(it, |it, note| it.note(note));
        Err(it.help("put copies of what they name in their place"))
    }

    /// Follows a link as the guest will.
    fn leads_out(&self, link: &str, target: &str) -> bool {
        let mut at: Vec<&str> = link.split('/').collect();
        let mut rest: Vec<&str> = Vec::new();
        let mut next = Some(target);
        for _ in 0..LINKS {
            let Some(target) = next.take() else { return false };
            if target.starts_with('/') {
                return true;
            }
            at.pop();
            rest.extend(target.split('/').rev());
            while let Some(part) = rest.pop() {
                match part {
                    "" | "." => {}
                    ".." if at.pop().is_none() => return true,
                    ".." => {}
                    name => {
                        at.push(name);
                        if let Some(Entry::Link(target)) = self.entries.get(&at.join("/")) {
                            next = Some(target);
                            break;
                        }
                    }
                }
            }
        }
        false
    }

    /// Adds all that the program depends on.
    pub(crate) fn add_to(&self, key: Key) -> Key {
        let key = key.add("bundle").add(&self.guest).add(self.entries.len().to_le_bytes());
        self.entries.iter().fold(key, |key, (path, entry)| match entry {
            Entry::Directory => key.add(path).add("directory"),
            Entry::File(bytes) => key.add(path).add("file").add(bytes),
            Entry::Link(target) => key.add(path).add("link").add(target),
        })
    }
}

/// Where the contents of a file are: the number of an array, and the place in it.
type Place = (usize, usize);

/// Writes C files for what is in the bundles to `work`. Returns them, and the text that
/// tells `main` about it, in which `bundles` is an array of `wdn_bundle_t`, unless there
/// are none.
pub(crate) fn write(bundles: &[Bundle], work: &Path) -> Result<(Vec<PathBuf>, String)> {
    let mut shards = Shards { work, sources: Vec::new(), text: Vec::new(), bytes: 0 };
    let mut places: HashMap<[u8; 32], Place> = HashMap::new();
    let mut lists = String::new();
    for (number, bundle) in bundles.iter().enumerate() {
        lists.push_str(&format!("static const wdn_bundled_t bundle_{number}[] = {{\n"));
        for (path, entry) in &bundle.entries {
            let path = literal(path);
            lists.push_str(&match entry {
                Entry::Directory => format!("    {{WDN_BUNDLED_DIRECTORY, {path}, \"\", 0}},\n"),
                Entry::Link(target) => {
                    format!("    {{WDN_BUNDLED_LINK, {path}, {}, 0}},\n", literal(target))
                }
                Entry::File(bytes) => {
                    let place = places.entry(Sha256::digest(bytes).into());
                    let (shard, at) = match place {
                        std::collections::hash_map::Entry::Occupied(it) => *it.get(),
                        std::collections::hash_map::Entry::Vacant(it) => {
                            *it.insert(shards.add(bytes)?)
                        }
                    };
                    let size = bytes.len();
                    format!(
                        "    {{WDN_BUNDLED_FILE, {path}, wdn_bundled_{shard} + {at}, {size}}},\n"
                    )
                }
            });
        }
        // C has no empty arrays.
        lists.push_str("    {WDN_BUNDLED_DIRECTORY, \"\", \"\", 0},\n};\n\n");
    }
    let sources = shards.finish()?;
    if bundles.is_empty() {
        return Ok((sources, lists));
    }
    let mut text = String::new();
    for shard in 0..sources.len() {
        text.push_str(&format!("extern const char wdn_bundled_{shard}[];\n"));
    }
    text.push_str(&lists);
    text.push_str("static const wdn_bundle_t bundles[] = {\n");
    for (number, bundle) in bundles.iter().enumerate() {
        let (guest, count) = (literal(&bundle.guest), bundle.entries.len());
        text.push_str(&format!("    {{{guest}, bundle_{number}, {count}}},\n"));
    }
    text.push_str("};\n\n");
    Ok((sources, text))
}

/// The C files while they are written.
struct Shards<'a> {
    work: &'a Path,
    sources: Vec<PathBuf>,
    text: Vec<u8>,
    /// Of contents in `text`.
    bytes: usize,
}

impl Shards<'_> {
    fn add(&mut self, bytes: &[u8]) -> Result<Place> {
        if self.bytes > 0 && self.bytes + bytes.len() > SHARD {
            self.end()?;
        }
        let place = (self.sources.len(), self.bytes);
        if self.text.is_empty() {
            let name = format!("wdn_bundled_{}", place.0);
            self.text = format!("extern const char {name}[];\nconst char {name}[] =\n").into();
        }
        print_bytes(&mut self.text, bytes);
        self.bytes += bytes.len();
        Ok(place)
    }

    fn end(&mut self) -> Result<()> {
        self.text.extend_from_slice(b"    \"\";\n");
        // Like no file of a module, whatever its name.
        let path = self.work.join(format!("wardian-bundle-{}.c", self.sources.len()));
        let file = fs::File::create(&path);
        file.and_then(|mut it| it.write_all(&self.text)).doing("write", &path)?;
        self.sources.push(path);
        self.text.clear();
        self.bytes = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<PathBuf>> {
        if !self.text.is_empty() {
            self.end()?;
        }
        Ok(self.sources)
    }
}

/// Prints adjacent string literals: no line is long, and nothing in them is a trigraph.
fn print_bytes(text: &mut Vec<u8>, bytes: &[u8]) {
    for line in bytes.chunks(64) {
        text.extend_from_slice(b"    \"");
        for (i, &byte) in line.iter().enumerate() {
            let digit_follows = line.get(i + 1).is_some_and(u8::is_ascii_digit);
            match byte {
                b'"' | b'\\' | b'?' | 0..b' ' | 0x7f.. => print_octal(text, byte, digit_follows),
                _ => text.push(byte),
            }
        }
        text.extend_from_slice(b"\"\n");
    }
}

/// With as few digits as can be told apart from what follows.
fn print_octal(text: &mut Vec<u8>, byte: u8, all: bool) {
    text.push(b'\\');
    for (shift, least) in [(6, 0o100), (3, 0o10), (0, 0)] {
        if all || byte >= least {
            text.push(b'0' + (byte >> shift & 7));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(entries: &[(&str, &str)]) -> Bundle {
        let entry = |target: &str| match target {
            "" => Entry::Directory,
            _ => Entry::Link(target.to_string()),
        };
        let entries = entries.iter().map(|(path, target)| (path.to_string(), entry(target)));
        Bundle { guest: "/".to_string(), entries: entries.collect() }
    }

    #[test]
    fn links_that_lead_out() {
        let inside = [
            ("a", ""),
            ("a/b", ""),
            ("a/b/up", "../.."),
            ("a/in", "b/./../b/up/a/"),
            ("a/nothing", "none/such"),
            ("circle", "circle"),
            ("self", "."),
        ];
        assert!(bundle(&inside).check_links(Path::new("x")).is_ok());
        for (path, target) in [
            ("a/b/l", "/etc"),
            ("a/b/l", "../../../x"),
            ("a/b/l", "up/.."),
            ("a/b/l", "../../none/../.."),
            ("a/b/l", "../in/../.."),
        ] {
            let mut entries = inside.to_vec();
            entries.push((path, target));
            assert!(bundle(&entries).check_links(Path::new("x")).is_err(), "{path} -> {target}");
        }
    }

    #[test]
    fn bytes_as_text() {
        let mut text = Vec::new();
        print_bytes(&mut text, b"a?\"\\\0\x001\xff8\n");
        assert_eq!(
            text,
            br#"    "a\77\42\134\0\0001\3778\12"
"#
        );
    }

    #[test]
    fn folders_as_typed() {
        let folder = Folder::parse("a::b").unwrap();
        assert_eq!((folder.host, folder.guest), (PathBuf::from("a"), "b".to_string()));
        for text in ["", "a", "::", "a::", "::b", "a::b::ro"] {
            assert!(Folder::parse(text).is_err(), "{text}");
        }
    }
}
