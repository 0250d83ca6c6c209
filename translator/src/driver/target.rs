//! Names of targets, and of the compilers that serve them.

use std::env::consts;
use std::ffi::OsString;
use std::path::Path;

/// The commands to try, best first.
pub(crate) fn compilers(target: Option<&str>) -> Vec<Vec<OsString>> {
    let native = ["cc", "gcc", "clang", "tcc"].map(|it| vec![it.into()]);
    let Some(target) = target else { return native.into() };
    let gnu = gnu(target);
    let mut commands: Vec<Vec<OsString>> = Vec::new();
    for prefix in [gnu.as_str(), multilib(&gnu), target] {
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
    commands.push(zig(target, &gnu));
    commands
}

/// Of compilers without an operating system, that of 64 bits makes code of 32, too.
fn multilib(gnu: &str) -> &str {
    if gnu == "riscv32-unknown-elf" { "riscv64-unknown-elf" } else { gnu }
}

/// Zig's compiler, which has names of its own.
fn zig(target: &str, gnu: &str) -> Vec<OsString> {
    let (arch, rest) = gnu.split_once('-').unwrap_or((gnu, ""));
    let arch = match (arch, target.starts_with("thumb")) {
        ("arm", true) => "thumb",
        ("i686", _) => "x86",
        (arch, _) => arch,
    };
    let system = match rest {
        "w64-mingw32" => "windows-gnu",
        "unknown-elf" | "none-elf" | "none" => "freestanding-none",
        "none-eabi" if target.ends_with("hf") => "freestanding-eabihf",
        "none-eabi" => "freestanding-eabi",
        "apple-darwin" => "macos",
        other => other,
    };
    let mut words: Vec<OsString> = ["zig", "cc", "-target"].map(OsString::from).into();
    words.push(format!("{arch}-{system}").into());
    let cpu = match target.split('-').next().unwrap_or_default() {
        "thumbv6m" => "cortex_m0",
        "thumbv7m" => "cortex_m3",
        "thumbv7em" => "cortex_m4",
        "thumbv8m.base" => "cortex_m23",
        "thumbv8m.main" => "cortex_m33",
        "riscv32i" => "generic_rv32",
        "riscv32imc" => "generic_rv32+m+c",
        "riscv32imac" => "generic_rv32+m+a+c",
        "riscv32imafc" => "generic_rv32+m+a+f+c",
        _ => return words,
    };
    words.push(format!("-mcpu={cpu}").into());
    words
}

/// Is the command Zig's, which [`flags`] are not for?
pub(crate) fn is_zig(words: &[OsString]) -> bool {
    words.iter().take(3).any(|it| {
        let name = Path::new(it).file_stem().unwrap_or_default();
        name == "zig" || name == "ziglang"
    })
}

/// What a GNU compiler or clang must be told of a processor that the target's name names.
pub(crate) fn flags(target: &str) -> &'static [&'static str] {
    match target {
        "thumbv6m-none-eabi" => &["-mthumb", "-mcpu=cortex-m0"],
        "thumbv7m-none-eabi" => &["-mthumb", "-mcpu=cortex-m3"],
        "thumbv7em-none-eabi" => &["-mthumb", "-mcpu=cortex-m4", "-mfloat-abi=soft"],
        "thumbv7em-none-eabihf" => {
            &["-mthumb", "-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
        }
        "thumbv8m.base-none-eabi" => &["-mthumb", "-mcpu=cortex-m23"],
        "thumbv8m.main-none-eabi" => &["-mthumb", "-mcpu=cortex-m33", "-mfloat-abi=soft"],
        "thumbv8m.main-none-eabihf" => {
            &["-mthumb", "-mcpu=cortex-m33", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"]
        }
        "riscv32i-unknown-none-elf" => &["-march=rv32i", "-mabi=ilp32", "-mcmodel=medany"],
        "riscv32imc-unknown-none-elf" => &["-march=rv32imc", "-mabi=ilp32", "-mcmodel=medany"],
        "riscv32imac-unknown-none-elf" => &["-march=rv32imac", "-mabi=ilp32", "-mcmodel=medany"],
        "riscv32imafc-unknown-none-elf" => &["-march=rv32imafc", "-mabi=ilp32f", "-mcmodel=medany"],
        "riscv64imac-unknown-none-elf" => &["-march=rv64imac", "-mabi=lp64", "-mcmodel=medany"],
        "riscv64gc-unknown-none-elf" => &["-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany"],
        _ => &[],
    }
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
        wide if wide.starts_with("riscv64") => "riscv64",
        narrow if narrow.starts_with("riscv32") => "riscv32",
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
        "none-eabihf" => format!("{arch}-none-eabi"),
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
            ("thumbv7em-none-eabihf", "arm-none-eabi"),
            ("thumbv8m.main-none-eabi", "arm-none-eabi"),
            ("riscv32imac-unknown-none-elf", "riscv32-unknown-elf"),
            ("riscv64gc-unknown-none-elf", "riscv64-unknown-elf"),
            ("powerpc-unknown-linux-gnu", "powerpc-linux-gnu"),
            ("mips-unknown-linux-gnu", "mips-linux-gnu"),
            ("aarch64-apple-darwin", "aarch64-apple-darwin"),
            ("avr", "avr"),
        ] {
            assert_eq!(gnu(target), name, "{target}");
        }
    }

    #[test]
    fn zig_names() {
        for (target, name) in [
            ("aarch64-unknown-linux-gnu", "zig cc -target aarch64-linux-gnu"),
            ("i686-unknown-linux-gnu", "zig cc -target x86-linux-gnu"),
            ("x86_64-pc-windows-gnu", "zig cc -target x86_64-windows-gnu"),
            ("aarch64-apple-darwin", "zig cc -target aarch64-macos"),
            ("thumbv7m-none-eabi", "zig cc -target thumb-freestanding-eabi -mcpu=cortex_m3"),
            (
                "riscv32imac-unknown-none-elf",
                "zig cc -target riscv32-freestanding-none -mcpu=generic_rv32+m+a+c",
            ),
        ] {
            let words = zig(target, &gnu(target));
            let words: Vec<_> = words.iter().map(|it| it.to_string_lossy()).collect();
            assert_eq!(words.join(" "), name, "{target}");
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
