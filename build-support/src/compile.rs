//! Compiles the C of a module for the target, unless that was done before.
//!
//! The `cc` crate finds the compiler, asks cargo's jobserver for more processes, and tells
//! cargo which variables count.

use crate::{Error, Hook, Output};
use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use wardian_rt::flags;

/// Makes `libwardian_NAME.a` and has cargo link it.
pub(crate) fn library(name: &str, output: &Output, hooks: &[Hook]) -> Result<(), Error> {
    let runtime = env::var_os("DEP_WARDIAN_INCLUDE").ok_or(Error::NoRuntime)?;
    let out = env::var_os("OUT_DIR").ok_or(Error::Variable("OUT_DIR"))?;
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let level = variable("OPT_LEVEL");
    let level = flags::at_least(&level);
    let target = ["ARCH", "OS", "ENV"].map(|it| variable(&format!("CARGO_CFG_TARGET_{it}")));
    let mut build = cc::Build::new();
    build.files(&output.sources).include(&output.folder).include(&runtime).warnings(false);
    let wasi = wasi(name, output)?;
    build.includes(&wasi);
    build.flags(supported(&build, level, &target[0], Path::new(&out))?);
    build.flags(flags::for_target(&target[0], &target[1], &target[2]));
    build.opt_level_str(level);
    if output.sources.iter().any(|it| it.extension().is_some_and(|it| it == "cc")) {
        // What stands in for the C, where there is no sandbox.
        build.cpp(true).std("c++17");
    }
    hooks.iter().for_each(|hook| hook(&mut build));
    let archive = format!("wardian_{name}");
    // A hook may have added what nobody can know.
    let stamp = match hooks {
        [] => {
            let folders = [&output.folder, Path::new(&runtime)].into_iter();
            stamp(&build, folders.chain(wasi.as_deref()))?
        }
        _ => None,
    };
    let file = Path::new(&out).join(format!("{archive}.stamp"));
    let library = Path::new(&out).join(format!("lib{archive}.a"));
    if stamp.is_some() && library.exists() && fs::read_to_string(&file).ok() == stamp {
        return cc::try_emit_link_directives(&build, &library).map_err(Error::Compiler);
    }
    let _ = fs::remove_file(&file);
    build.try_compile(&archive).map_err(Error::Compiler)?;
    match stamp {
        // Without it, the next time takes longer, and that is all.
        Some(stamp) if library.exists() => drop(fs::write(file, stamp)),
        _ => {}
    }
    Ok(())
}

/// Where the headers of WASI are, if the bindings want them.
fn wasi(name: &str, output: &Output) -> Result<Option<PathBuf>, Error> {
    let bindings = fs::read_to_string(output.folder.join(format!("{name}_rs.c")));
    if !bindings.is_ok_and(|text| text.contains("#include \"wdn_wasi.h\"")) {
        return Ok(None);
    }
    env::var_os("DEP_WARDIAN_WASI_INCLUDE").map(|it| Some(it.into())).ok_or(Error::NoWasi)
}

/// The compiler and what it is told, but for the variables, many of which are different each
/// time.
fn command(build: &cc::Build) -> Result<String, Error> {
    let command = build.try_get_compiler().map_err(Error::Compiler)?.to_command();
    Ok(format!("{:?} {:?}", command.get_program(), command.get_args().collect::<Vec<_>>()))
}

/// The flags that the compiler knows. To ask it takes longer than all the rest if nothing has
/// changed, so what it said is kept.
fn supported(build: &cc::Build, level: &str, arch: &str, out: &Path) -> Result<Vec<String>, Error> {
    let for_gcc = flags::for_gcc(level, arch).collect::<Vec<_>>();
    let key = format!("{} {} {}", command(build)?, flags::SEMANTICS.join(" "), for_gcc.join(" "));
    let file = out.join("wardian_flags.stamp");
    let known = fs::read_to_string(&file).unwrap_or_default();
    let mut lines = known.lines().map(str::to_string);
    if lines.next().as_ref() == Some(&key) {
        return Ok(lines.collect());
    }
    let mut flags = Vec::new();
    for flag in flags::SEMANTICS {
        if build.is_flag_supported(flag).map_err(Error::Compiler)? {
            flags.push(flag.to_string());
        }
    }
    if build.try_get_compiler().map_err(Error::Compiler)?.is_like_gnu() {
        flags.extend(for_gcc.iter().map(ToString::to_string));
    }
    // Without it, the next time takes longer, and that is all.
    let _ = fs::write(file, format!("{key}\n{}\n", flags.join("\n")));
    Ok(flags)
}

/// Everything that the library depends on: the command, and the texts that it reads. `None`
/// if they cannot be read.
fn stamp<'a>(
    build: &cc::Build,
    folders: impl Iterator<Item = &'a Path>,
) -> Result<Option<String>, Error> {
    let command = command(build)?;
    let mut hasher = DefaultHasher::new();
    let texts = || -> io::Result<()> {
        for folder in folders {
            let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
            let mut files = entries.collect::<io::Result<Vec<_>>>()?;
            files.sort();
            for file in files.iter().filter(|it| it.is_file()) {
                (file, fs::read(file)?).hash(&mut hasher);
            }
        }
        Ok(())
    };
    let read = texts().is_ok();
    Ok(read.then(|| format!("{command}\n{:016x}\n", hasher.finish())))
}
