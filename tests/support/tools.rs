//! Which programs this machine has. A test whose tools are missing is reported
//! as ignored, with their names; with `WARDIAN_REQUIRE_ALL=1` it fails instead.

use std::env;
use std::path::{Path, PathBuf};

use libtest_mimic::{Completion, Failed};

/// Looks for a program in `PATH`; a name with a slash is taken as it is.
pub fn find(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return is_program(Path::new(program)).then(|| PathBuf::from(program));
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// Those of `programs` that this machine lacks.
pub fn missing<'a>(programs: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    programs.into_iter().filter(|it| find(it).is_none()).map(str::to_string).collect()
}

/// Is there a libclang where it usually is?
pub fn has_libclang() -> bool {
    let named = env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let lists = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let llvm = lists(Path::new("/usr/lib")).map(|entry| entry.path().join("lib"));
    let system = ["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from);
    let here = format!("/usr/lib/{}-linux-gnu", env::consts::ARCH);
    named.into_iter().chain(llvm).chain(system).chain([here.into()]).any(|folder| {
        lists(&folder).any(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name.starts_with("libclang.so") || name.starts_with("libclang-"))
                && !name.contains("cpp")
        })
    })
}

/// Must everything run, as in continuous integration?
pub fn require_all() -> bool {
    env::var_os("WARDIAN_REQUIRE_ALL").is_some_and(|value| value == "1")
}

/// The end of a trial that cannot run for lack of `what`.
pub fn skip(what: &str) -> Result<Completion, Failed> {
    if require_all() {
        return Err(format!("needs {what}, and WARDIAN_REQUIRE_ALL is set").into());
    }
    Ok(Completion::ignored_with(format!("needs {what}")))
}
