//! How large the bare parts are on a Cortex-M4.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian_tests::{process, tools};

use crate::{cc, compile, wasi};

pub(crate) const FLAGS: &str = "-std=c99 -ffreestanding -ffunction-sections -fdata-sections \
                     -Wall -Wextra -pedantic -Werror";

const STDIO: &[&str] = &[
    "args_get",
    "args_sizes_get",
    "environ_get",
    "environ_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "fd_read",
    "fd_write",
    "fd_close",
    "fd_fdstat_get",
    "fd_prestat_get",
    "fd_prestat_dir_name",
    "poll_oneoff",
    "proc_exit",
    "random_get",
    "sched_yield",
];

const FILES: &[&str] = &[
    "fd_seek",
    "fd_tell",
    "fd_pread",
    "fd_filestat_get",
    "fd_readdir",
    "path_open",
    "path_filestat_get",
];

const STDIO_LIMIT: u64 = 1536;
const FILES_LIMIT: u64 = 3584;

pub(crate) fn trials(folder: &Path) -> Vec<Trial> {
    vec![
        size("size/stdio", folder, "-DWDN_WASI_BARE_NO_FILES", STDIO.to_vec(), STDIO_LIMIT),
        size("size/files", folder, "", [STDIO, FILES].concat(), FILES_LIMIT),
    ]
}

/// Text on a Cortex-M4 of what guests import, with everything else left out.
fn size(
    name: &'static str,
    folder: &Path,
    flag: &'static str,
    functions: Vec<&'static str>,
    limit: u64,
) -> Trial {
    let object = folder.join(name.replace('/', "-")).with_extension("o");
    Trial::ignorable_test(name, move || {
        let missing = tools::missing(["arm-none-eabi-gcc", "arm-none-eabi-size"]);
        if !missing.is_empty() {
            return tools::skip(&missing.join(", "));
        }
        let line = format!("arm-none-eabi-gcc -mthumb -mcpu=cortex-m4 -Os {FLAGS} {flag}");
        let mut cc = cc(&line);
        cc.args(["-nostdlib", "-r", "-Wl,--gc-sections", "-Wl,-u,wdn_wasi_bare_init"]);
        cc.args(functions.iter().map(|it| format!("-Wl,-u,wdn_wasi_{it}")));
        compile(cc.arg(wasi()).arg("-o").arg(&object))?;
        let text = output(Command::new("arm-none-eabi-size").arg(&object))?;
        let size = text.lines().nth(1).and_then(|it| it.split_whitespace().next()?.parse().ok());
        match size {
            Some(0) | None => Err(format!("no size in:\n{text}").into()),
            Some(size) if size > limit => Err(format!("{size} bytes, more than {limit}").into()),
            Some(size) => {
                println!("{name}: {size} bytes of {limit}");
                Ok(Completion::Completed)
            }
        }
    })
}

pub(crate) fn output(command: &mut Command) -> Result<String, Failed> {
    let outcome = process::run(command, Duration::from_secs(60))?;
    if outcome.success() {
        return Ok(String::from_utf8_lossy(&outcome.stdout).into_owned());
    }
    Err(format!("{command:?}: {}", outcome.describe()).into())
}
