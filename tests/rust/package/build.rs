//! Four modules in one program, each translated in its own way.

use wardian_build::{Interrupt, Memory, Module};

fn main() {
    println!("cargo::rerun-if-env-changed=WARDIAN_TEST_BOUNDS");
    println!("cargo::rerun-if-env-changed=WARDIAN_TEST_SANITIZE");
    let module = |path: &str| {
        let mut module = Module::new(path).interrupt(Interrupt::Flag);
        if std::env::var_os("WARDIAN_TEST_SANITIZE").is_some() {
            module = module.cc(|build| {
                build.flag("-fsanitize=address,undefined").flag("-fno-sanitize-recover=all");
            });
        }
        if std::env::var_os("WARDIAN_TEST_BOUNDS").is_some() {
            module.memory(Memory::Bounds)
        } else {
            module
        }
    };
    module("guest.wat").host_slots(3).deny("wasi_snapshot_preview1").compile("guest");
    // As the documentation of wardian-rt has it.
    Module::new("../../../runtime-c/doc/adler.wat").compile("adler");
    module("starting.wat").compile("starting");
    module("ending.wat").abort_on_trap().compile("ending");
}
