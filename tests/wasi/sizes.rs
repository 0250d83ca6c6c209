//! How much code the library is, on x86-64 with gcc at `-Os`: a limit that it stays
//! under.

use std::process::Command;

use libtest_mimic::{Completion, Failed, Trial};
use wardian_tests::tools;

use crate::cc::{out_dir, root};

/// A file to compile, and bytes of code that it may become.
const LIMITS: &[(&str, u64)] = &[("wdn_wasi", 24 * 1024), ("memfs", 10 * 1024)];

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |(stem, limit): &(&'static str, u64)| {
        let (stem, limit) = (*stem, *limit);
        Trial::ignorable_test(format!("size/{stem}"), move || check(stem, limit))
    };
    LIMITS.iter().map(trial).collect()
}

fn check(stem: &str, limit: u64) -> Result<Completion, Failed> {
    let missing = tools::missing(["gcc", "size"]);
    if !missing.is_empty() {
        return tools::skip(&missing.join(", "));
    }
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return tools::skip("an x86-64 machine with Linux");
    }
    std::fs::create_dir_all(out_dir())?;
    let object = out_dir().join(format!("size-{stem}.o"));
    let mut gcc = Command::new("gcc");
    gcc.args(["-std=c99", "-Os", "-fno-asynchronous-unwind-tables", "-c"]);
    for folder in ["runtime-c/include", "wasi-c/include"] {
        gcc.arg("-I").arg(root().join(folder));
    }
    gcc.arg(root().join("wasi-c/src").join(stem).with_extension("c")).arg("-o").arg(&object);
    output(&mut gcc)?;
    let sizes = output(Command::new("size").arg("-A").arg(&object))?;
    let text = |line: &str| {
        let mut words = line.split_whitespace();
        let is_text = words.next()?.starts_with(".text");
        is_text.then(|| words.next()?.parse::<u64>().ok()).flatten()
    };
    let size: u64 = sizes.lines().filter_map(text).sum();
    if size == 0 || size > limit {
        return Err(format!("{size} bytes of code, at most {limit} are allowed").into());
    }
    Ok(Completion::Completed)
}

fn output(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("{command:?}\n{}", String::from_utf8_lossy(&output.stderr)).into())
}
