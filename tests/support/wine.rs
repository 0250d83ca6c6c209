//! Runs Windows programs, without a screen and without touching what the user has of
//! wine. Its folder takes seconds to make, so it is kept beside what was built.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use crate::{process, tools};

/// The compiler of Windows programs.
pub const CC: &str = "x86_64-w64-mingw32-gcc";

/// More than wine needs to make its folder.
const LIMIT: Duration = Duration::from_secs(180);

/// Not the script `wine`, which asks for 32-bit programs first.
const LOADERS: [&str; 3] = ["wine64", "/usr/lib/wine/wine64", "/usr/lib64/wine/wine64"];

fn loader() -> Option<PathBuf> {
    LOADERS.iter().find_map(|name| tools::find(name))
}

/// What this machine lacks to compile and run Windows programs.
pub fn missing() -> Vec<String> {
    let mut missing = tools::missing([CC]);
    if loader().is_none() {
        missing.push("wine64".to_string());
    }
    missing
}

/// A command that runs a program.
pub fn command(program: &Path) -> Result<Command, String> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let folder = || folder().inspect(|it| serve(it));
    let folder = FOLDER.get_or_init(folder).as_ref().map_err(String::clone)?;
    let mut command = wine(folder)?;
    command.arg(program);
    Ok(command)
}

/// The name that programs know a file of this machine by.
pub fn path(file: &Path) -> String {
    format!("Z:{}", file.display())
}

fn wine(folder: &Path) -> Result<Command, String> {
    Ok(in_folder(&loader().ok_or("no wine64")?, folder))
}

fn in_folder(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("WINEPREFIX", folder).env("WINEDEBUG", "-all").env_remove("DISPLAY");
    // No browser, no .NET, no entries in menus.
    command.env("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe=d");
    command
}

/// Has wine's server wait for a minute until it ends. By itself it does so after three
/// seconds without programs, and takes those along that begin at that very moment.
fn serve(folder: &Path) {
    let beside = |name| Some(loader()?.with_file_name(name).to_string_lossy().into_owned());
    let names = [beside("wineserver64"), beside("wineserver"), Some("wineserver".to_string())];
    if let Some(server) = names.iter().flatten().find_map(|name| tools::find(name)) {
        // If there is one already, it stays.
        let _ = process::run(in_folder(&server, folder).arg("-p60"), LIMIT);
    }
}

/// Makes the folder once. It gets its name when it is complete, so that suites that
/// run at the same time do not meet in it.
fn folder() -> Result<PathBuf, String> {
    let test = env::current_exe().map_err(|error| error.to_string())?;
    // .../target/PROFILE/deps/test-hash
    let parent = test.ancestors().nth(3).ok_or("not cargo's layout")?.join("tmp");
    let folder = parent.join("wine");
    if folder.is_dir() {
        return Ok(folder);
    }
    fs::create_dir_all(&parent).map_err(|error| error.to_string())?;
    let new = tempfile::tempdir_in(&parent).map_err(|error| error.to_string())?;
    serve(new.path());
    let outcome = process::run(wine(new.path())?.args(["wineboot", "--init"]), LIMIT)
        .map_err(|error| error.to_string())?;
    if !outcome.success() {
        let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
        return Err(format!("wineboot: {}\n{said}", outcome.describe()));
    }
    if fs::rename(new.path(), &folder).is_ok() {
        let _ = new.keep();
    }
    Ok(folder)
}
