//! Names of targets, and of the compilers that serve them.

use std::env::consts;
use std::ffi::OsString;

/// The commands to try, best first.
pub(crate) fn compilers(target: Option<&str>) -> Vec<Vec<OsString>> {
    let native = ["cc", "gcc", "clang", "tcc"].map(|it| vec![it.into()]);
    let Some(target) = target else { return native.into() };
    let gnu = gnu(target);
    let mut commands: Vec<Vec<OsString>> = Vec::new();
    for prefix in [gnu.as_str(), target] {
        for program in ["gcc", "cc", "clang"] {
            let command = vec![format!("{prefix}-{program}").into()];
            if !commands.contains(&command) {
                commands.push(command);
            }
        }
    }
    if is_host(&gnu) {
        commands.extend(native);
    }
    commands.push(vec!["clang".into(), format!("--target={gnu}").into()]);
    commands
}

/// The name by which GNU tools know a target: `riscv64gc-unknown-linux-gnu` is
/// `riscv64-linux-gnu`.
pub(crate) fn gnu(target: &str) -> String {
    let mut parts: Vec<&str> = target.split('-').collect();
    if parts.len() == 4 || (parts.len() == 3 && matches!(parts[1], "unknown" | "pc")) {
        parts.remove(1);
    }
    let rest = parts[1..].join("-");
    let arch = match parts[0] {
        "riscv64gc" | "riscv64imac" => "riscv64",
        "riscv32imac" | "riscv32imc" | "riscv32i" => "riscv32",
        "i586" | "i386" => "i686",
        "armv7" | "armv6" | "armv5te" | "thumbv7neon" => "arm",
        "amd64" => "x86_64",
        "arm64" if !rest.contains("apple") => "aarch64",
        thumb if thumb.starts_with("thumbv") => "arm",
        other => other,
    };
    match rest.as_str() {
        "windows-gnu" => format!("{arch}-w64-mingw32"),
        "none-elf" => format!("{arch}-unknown-elf"),
        "" => arch.to_string(),
        _ => format!("{arch}-{rest}"),
    }
}

fn is_host(gnu: &str) -> bool {
    let os = if consts::OS == "macos" { "darwin" } else { consts::OS };
    let arch = if consts::ARCH == "x86" { "i686" } else { consts::ARCH };
    gnu.split('-').next() == Some(arch) && gnu.contains(os)
}

/// Does the target's name promise what guarded memories need: 64 bits and POSIX, or
/// Windows on x86-64? None: the machine we run on.
pub(crate) fn can_guard(target: Option<&str>) -> bool {
    let Some(target) = target else {
        return cfg!(any(
            all(unix, target_pointer_width = "64"),
            all(windows, target_arch = "x86_64")
        ));
    };
    let arch = target.split('-').next().unwrap_or_default();
    let wide = arch.contains("64") || matches!(arch, "s390x" | "alpha");
    if target.contains("windows") || target.contains("mingw") {
        return matches!(arch, "x86_64" | "amd64");
    }
    let posix = ["linux", "darwin", "apple", "bsd", "android", "illumos", "solaris", "fuchsia"];
    wide && !target.contains("x32")
        && !target.contains("ilp32")
        && posix.iter().any(|it| target.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gnu_names() {
        for (target, name) in [
            ("x86_64-unknown-linux-gnu", "x86_64-linux-gnu"),
            ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu"),
            ("aarch64-linux-gnu", "aarch64-linux-gnu"),
            ("riscv64gc-unknown-linux-gnu", "riscv64-linux-gnu"),
            ("s390x-unknown-linux-gnu", "s390x-linux-gnu"),
            ("i686-unknown-linux-gnu", "i686-linux-gnu"),
            ("armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf"),
            ("x86_64-pc-windows-gnu", "x86_64-w64-mingw32"),
            ("thumbv7m-none-eabi", "arm-none-eabi"),
            ("riscv32imac-unknown-none-elf", "riscv32-unknown-elf"),
            ("aarch64-apple-darwin", "aarch64-apple-darwin"),
            ("avr", "avr"),
        ] {
            assert_eq!(gnu(target), name, "{target}");
        }
    }

    #[test]
    fn guarded_targets() {
        for (target, can) in [
            ("aarch64-unknown-linux-gnu", true),
            ("s390x-linux-gnu", true),
            ("i686-linux-gnu", false),
            ("x86_64-unknown-linux-gnux32", false),
            ("x86_64-pc-windows-gnu", true),
            ("x86_64-w64-mingw32", true),
            ("aarch64-pc-windows-gnullvm", false),
            ("i686-pc-windows-gnu", false),
            ("aarch64-unknown-none", false),
            ("thumbv7m-none-eabi", false),
        ] {
            assert_eq!(can_guard(Some(target)), can, "{target}");
        }
    }
}
