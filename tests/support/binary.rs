//! The `wardian` program, for suites that test it from outside.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds it with the profile of the running test, and says where it is. `WARDIAN`
/// may name another one.
pub fn wardian() -> PathBuf {
    if let Some(path) = env::var_os("WARDIAN") {
        return PathBuf::from(path);
    }
    let test = env::current_exe().expect("a running program has a path");
    // .../target/PROFILE/deps/test-hash
    let folder = test.ancestors().nth(2).expect("cargo's layout");
    let profile = folder.file_name().and_then(|it| it.to_str()).expect("cargo's layout");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut build = Command::new(env!("CARGO"));
    build.current_dir(root).args(["build", "--quiet", "--bin", "wardian", "--profile"]);
    build.arg(if profile == "debug" { "dev" } else { profile });
    build.arg("--target-dir").arg(folder.parent().expect("cargo's layout"));
    let status = build.status().expect("cargo runs");
    assert!(status.success(), "cannot build wardian");
    folder.join(format!("wardian{}", env::consts::EXE_SUFFIX))
}
