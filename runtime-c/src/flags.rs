//! How C is compiled: the one list of flags, for whoever compiles the runtime or what the
//! translator emits. `build.rs` has this file, too, so it uses nothing but `core`.

/// What makes emitted C mean what WebAssembly means, for gcc and clang: the aliasing of its
/// memory is arbitrary, its floats are exact.
pub const SEMANTICS: &[&str] = &["-fno-strict-aliasing", "-ffp-contract=off", "-fno-math-errno"];

/// What gcc needs with `-O2` to vectorize loops that other levels do anyway.
pub const GCC_O2: &[&str] = &["-fvect-cost-model=dynamic"];

/// What gcc should leave alone on x86-64. Every access has the memory's base in a register:
/// what these passes do with what is left of the registers is no gain, and it takes a seventh
/// of the time to compile. By `cargo bench-table` the code is as fast in guard mode without
/// them, and 5 % faster in bounds mode.
pub const GCC_X86_64: &[&str] =
    &["-fno-thread-jumps", "-fno-schedule-insns2", "-fno-tree-pre", "-fira-region=one"];

/// What 32-bit x86 needs so that floats are not wider than they say.
pub const X86: &[&str] = &["-msse2", "-mfpmath=sse"];

/// What machines without an operating system need: no C library, and the runtime's port
/// `bare`.
pub const BARE: &[&str] = &["-ffreestanding"];

/// The flags that only gcc knows, for a level of optimization and an architecture as cargo
/// names it.
pub fn for_gcc(level: &str, arch: &str) -> impl Iterator<Item = &'static str> {
    let measured = arch == "x86_64" && matches!(level, "2" | "3");
    [only(level == "2", GCC_O2), only(measured, GCC_X86_64)].into_iter().flatten().copied()
}

/// The flags that a target needs, as cargo describes it to build scripts. They belong
/// together: one alone may be refused.
pub fn for_target(arch: &str, os: &str, env: &str) -> impl Iterator<Item = &'static str> {
    let lists = [only(arch == "x86" && env != "msvc", X86), only(os == "none", BARE)];
    lists.into_iter().flatten().copied()
}

fn only(needed: bool, flags: &'static [&'static str]) -> &'static [&'static str] {
    if needed { flags } else { &[] }
}

/// The level of optimization to use where cargo says `level`. C that is not optimised is
/// several times slower, and there is nothing in it to debug.
pub fn at_least(level: &str) -> &str {
    if level == "0" { "1" } else { level }
}
