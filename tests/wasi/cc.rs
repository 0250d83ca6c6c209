//! The compilers that the suite's C goes through, and how its programs are run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use wardian_tests::tools;

/// One way to compile and run, with the library as it compiles it.
pub(crate) struct Config {
    pub(crate) name: &'static str,
    pub(crate) program: &'static str,
    pub(crate) flags: &'static [&'static str],
    pub(crate) emulator: Option<&'static str>,
    library: OnceLock<Result<Vec<PathBuf>, String>>,
}

const GNU: &[&str] = &["-std=c99", "-O2", "-Wall", "-Wextra", "-pedantic", "-Werror"];
const SANITIZED: &[&str] = &[
    "-std=c99",
    "-O1",
    "-g1",
    "-Wall",
    "-Wextra",
    "-pedantic",
    "-Werror",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];
/// With `-static`, because the emulated system has no libraries.
const I386: &[&str] = &["-static", "-std=c99", "-O2", "-msse2", "-mfpmath=sse", "-Wall", "-Werror"];
const S390X: &[&str] = &["-static", "-std=gnu99", "-O2", "-Wall", "-Wextra", "-Werror"];

pub(crate) static CONFIGS: [Config; 7] = [
    Config::new("gcc", "gcc", GNU, None),
    Config::new("clang", "clang", GNU, None),
    Config::new("tcc", "tcc", &[], None),
    Config::new("gcc-san", "gcc", SANITIZED, None),
    Config::new("clang-san", "clang", SANITIZED, None),
    Config::new("i386", "i686-linux-gnu-gcc", I386, Some("qemu-i386")),
    Config::new("s390x", "s390x-linux-gnu-gcc", S390X, Some("qemu-s390x")),
];

/// The folder of this repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests have a parent folder")
}

/// A folder for what is compiled, kept between runs of one build.
pub(crate) fn out_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wasi")
}

impl Config {
    const fn new(
        name: &'static str,
        program: &'static str,
        flags: &'static [&'static str],
        emulator: Option<&'static str>,
    ) -> Config {
        Config { name, program, flags, emulator, library: OnceLock::new() }
    }

    /// What it needs and this machine lacks.
    pub(crate) fn missing(&self) -> Vec<String> {
        tools::missing([self.program].into_iter().chain(self.emulator))
    }

    fn cc(&self) -> Command {
        let mut cc = Command::new(self.program);
        cc.args(self.flags);
        for folder in ["runtime-c/include", "wasi-c/include", "wasi-c/src"] {
            cc.arg("-I").arg(root().join(folder));
        }
        cc
    }

    /// The library's files as objects, compiled once.
    fn library(&self) -> Result<&[PathBuf], String> {
        let objects = self.library.get_or_init(|| {
            std::fs::create_dir_all(out_dir()).map_err(|e| e.to_string())?;
            let compile = |stem: &str| {
                let object = out_dir().join(format!("{stem}-{}.o", self.name));
                let source = root().join("wasi-c/src").join(stem).with_extension("c");
                run(self.cc().arg("-c").arg(source).arg("-o").arg(&object)).map(|()| object)
            };
            ["wdn_wasi", "memfs"].into_iter().map(compile).collect()
        });
        objects.as_deref().map_err(String::clone)
    }

    /// Compiles a program of the suite, with the library and `more` sources.
    pub(crate) fn build(&self, source: &Path, more: &[PathBuf]) -> Result<PathBuf, String> {
        let library = self.library()?;
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let exe = out_dir().join(format!("{stem}-{}", self.name));
        let mut cc = self.cc();
        cc.arg(source).args(more).args(library).args(["-lpthread", "-lm", "-o"]).arg(&exe);
        run(&mut cc)?;
        Ok(exe)
    }

    /// A command that runs what [`Config::build`] made.
    pub(crate) fn command(&self, exe: &Path) -> Command {
        match self.emulator {
            Some(emulator) => {
                let mut command = Command::new(emulator);
                command.arg(exe);
                command
            }
            None => Command::new(exe),
        }
    }
}

/// Runs a compiler; its own words if it fails.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr)))
}
