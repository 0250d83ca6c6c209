//! Translating and compiling: which ways there are, and how.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use libtest_mimic::Failed;
use wardian::{Memory, Options};
use wardian_tests::process;

const COMPILE_LIMIT: Duration = Duration::from_secs(300);

/// One way to translate, compile and run.
#[derive(Clone)]
pub(crate) struct Config {
    pub memory: Memory,
    pub compiler: &'static str,
    pub level: char,
    pub optimize: bool,
    /// Watched by the address and undefined behaviour sanitizers.
    pub sanitize: bool,
}

impl Config {
    pub(crate) fn name(&self) -> String {
        let passes = if self.optimize { "opt" } else { "noopt" };
        let sanitize = if self.sanitize { "-san" } else { "" };
        format!("{}-{}-O{}-{passes}{sanitize}", self.memory.name(), self.compiler, self.level)
    }

    /// A compiler command, with the flags that generated code is to be compiled with.
    fn cc(&self, include: &Path) -> Command {
        let mut cc = Command::new(self.compiler);
        cc.arg(format!("-O{}", self.level));
        cc.args(["-fno-strict-aliasing", "-ffp-contract=off", "-fno-math-errno"]);
        if self.sanitize {
            cc.args(["-g1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
        }
        cc.arg("-I").arg(include).arg("-I").arg(here());
        cc
    }

    /// A command that runs a program.
    pub(crate) fn program(&self, exe: &Path) -> Command {
        let mut command = Command::new(exe);
        if self.sanitize {
            // The runtime's own handler must see the faults of a guarded memory.
            let options = "handle_segv=0:handle_sigbus=0:detect_stack_use_after_return=0";
            command.env("ASAN_OPTIONS", options);
        }
        command
    }
}

/// The folder of the hosts and modules.
pub(crate) fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("edges")
}

/// The headers of the runtime.
pub(crate) fn include() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-c/include")
}

type Shared<T> = Mutex<HashMap<String, Arc<OnceLock<Result<T, String>>>>>;

/// What trials share: translations and compiled hosts.
pub(crate) struct Build {
    root: PathBuf,
    translations: Shared<PathBuf>,
    hosts: Shared<PathBuf>,
}

impl Build {
    pub(crate) fn new(root: &Path) -> Build {
        Build {
            root: root.to_path_buf(),
            translations: Shared::default(),
            hosts: Shared::default(),
        }
    }

    /// A folder for a program.
    pub(crate) fn folder(&self, config: &Config, program: &str) -> Result<PathBuf, Failed> {
        let folder = self.root.join(config.name()).join(program);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Translates a module, once for all configurations that need it so: where its
    /// header and source are.
    pub(crate) fn translate(
        &self,
        config: &Config,
        name: &str,
        wasm: &[u8],
    ) -> Result<PathBuf, Failed> {
        let key = format!("{}-{}-{name}", config.memory.name(), config.optimize);
        let folder = self.root.join(&key);
        let made = once(&self.translations, &key, || {
            let options = Options {
                name: name.to_string(),
                memory: config.memory,
                optimize: config.optimize,
                shard_size: usize::MAX,
                ..Options::default()
            };
            let files = wardian::translate(wasm, &options).map_err(|error| error.to_string())?;
            fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            for (name, text) in &files {
                fs::write(folder.join(name), text).map_err(|error| error.to_string())?;
            }
            Ok(folder)
        });
        Ok(made?)
    }

    /// Compiles generated C and hosts, and links them with the runtime. `include` has
    /// the runtime's headers, or others in their place.
    pub(crate) fn link(
        &self,
        config: &Config,
        folder: &Path,
        modules: &[PathBuf],
        hosts: &[PathBuf],
        include: &Path,
    ) -> Result<PathBuf, Failed> {
        let exe = folder.join("program");
        let mut cc = config.cc(include);
        for module in modules {
            cc.arg("-I").arg(module);
            let files = fs::read_dir(module)?.collect::<Result<Vec<_>, _>>()?;
            let files = files.into_iter().map(|it| it.path());
            cc.args(files.filter(|it| it.extension().is_some_and(|it| it == "c")));
        }
        cc.args(hosts);
        cc.arg(self.host(config, "../../runtime-c/src/wdn.c")?);
        cc.arg(self.host(config, "canary.c")?);
        cc.arg(self.host(config, "report.c")?);
        compile(cc.arg("-o").arg(&exe).args(["-lm", "-lpthread"]))?;
        Ok(exe)
    }

    /// The object of a file that programs of a configuration share.
    fn host(&self, config: &Config, file: &str) -> Result<PathBuf, String> {
        let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
        let sanitize = if config.sanitize { "-san" } else { "" };
        let key = format!("{stem}-{}-O{}{sanitize}.o", config.compiler, config.level);
        let object = self.root.join(&key);
        once(&self.hosts, &key, || {
            let mut cc = config.cc(&include());
            cc.arg("-c").arg(here().join(file)).arg("-o").arg(&object);
            compile(&mut cc).map(|()| object)
        })
    }
}

/// Does something once for each key, whichever thread comes first.
fn once<T: Clone>(
    shared: &Shared<T>,
    key: &str,
    make: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    let cell = {
        let mut shared = shared.lock().map_err(|_| "an earlier trial panicked")?;
        Arc::clone(shared.entry(key.to_string()).or_default())
    };
    cell.get_or_init(make).clone()
}

fn compile(command: &mut Command) -> Result<(), String> {
    let outcome = process::run(command, COMPILE_LIMIT).map_err(|error| error.to_string())?;
    if outcome.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    let head: String = stderr.chars().take(3000).collect();
    Err(format!("{command:?}\n{}\n{head}", outcome.describe()))
}
