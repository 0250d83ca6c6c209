//! Where the sources of another package are, for C that a registry package carries.
//!
//! Cargo knows: it downloads, checks and unpacks the version that `Cargo.lock` pins, and a
//! folder that `cargo vendor` made or a `[patch]` counts like everywhere else.

use crate::Error;
use serde_json::Value;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The folder of a package that this one depends on, in whatever way.
///
/// A dependency that is only wanted for its C sources need not be compiled, or its build
/// script run. This one is downloaded, and pinned with a checksum, and that is all:
///
/// ```toml
/// [target.'cfg(any())'.build-dependencies]
/// libz-sys = { version = "=1.1.31", default-features = false }
/// ```
///
/// ```no_run
/// # fn main() -> Result<(), wardian_build::Error> {
/// let zlib = wardian_build::package("libz-sys")?.join("src/zlib");
/// wardian_build::Library::new("adler")
///     .c_files([zlib.join("adler32.c")])
///     .exports(["adler32"])
///     .compile();
/// # Ok(())
/// # }
/// ```
///
/// It needs the network once, for what was not downloaded yet; `cargo fetch` does that
/// beforehand. The package that asks must have a `Cargo.lock`, its own or its workspace's.
pub fn package(name: &str) -> Result<PathBuf, Error> {
    let root = env::var_os("CARGO_MANIFEST_DIR").ok_or(Error::Variable("CARGO_MANIFEST_DIR"))?;
    println!("cargo::rerun-if-changed={}", Path::new(&root).join("Cargo.toml").display());
    // It says the same to all who ask.
    static JSON: OnceLock<Value> = OnceLock::new();
    let json = match JSON.get() {
        Some(json) => json,
        None => {
            let json = metadata(&["--offline"]).or_else(|_| metadata(&[]))?;
            JSON.get_or_init(|| json)
        }
    };
    let found = folders(json, name);
    match found.as_slice() {
        [folder] => Ok(folder.clone()),
        _ => Err(Error::Package(name.to_string(), found.len())),
    }
}

/// What `cargo metadata` says about the package that is being built.
fn metadata(more: &[&str]) -> Result<Value, Error> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version=1", "--locked"]).args(more);
    let output = command.output().map_err(|error| Error::Cargo(error.to_string()))?;
    if !output.status.success() {
        return Err(Error::Cargo(String::from_utf8_lossy(&output.stderr).trim_end().to_string()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| Error::Cargo(error.to_string()))
}

/// The folders of all packages of that name.
fn folders(metadata: &Value, name: &str) -> Vec<PathBuf> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_name = packages.iter().filter(|it| it["name"] == name);
    let manifests = of_name.filter_map(|it| it["manifest_path"].as_str());
    manifests.filter_map(|it| Path::new(it).parent()).map(Path::to_path_buf).collect()
}

#[cfg(test)]
mod tests {
    use super::folders;
    use serde_json::json;
    use std::path::PathBuf;

    #[test]
    fn packages_are_found_by_name() {
        let text = json!({"packages": [
            {"name": "a", "manifest_path": "/x/a-1/Cargo.toml"},
            {"name": "ab", "manifest_path": "/x/ab/Cargo.toml"},
            {"name": "a", "manifest_path": "/x/a-2/Cargo.toml"},
        ]});
        assert_eq!(folders(&text, "ab"), [PathBuf::from("/x/ab")]);
        assert_eq!(folders(&text, "a").len(), 2);
        assert!(folders(&text, "b").is_empty() && folders(&json!([]), "a").is_empty());
    }
}
