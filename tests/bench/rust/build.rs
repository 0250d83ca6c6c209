//! A library of a few lines, sandboxed or not.

use wardian_build::{Library, Memory};

fn main() {
    let mut exports = vec!["malloc", "free", "nothing", "repeat"];
    if cfg!(not(feature = "noop")) {
        exports.push("repeat_import");
    }
    let library = Library::new("calls").c_files(["calls.c"]).exports(exports).with(|module| {
        let mut module = module.host_slots(1);
        if cfg!(feature = "bounds") {
            module = module.memory(Memory::Bounds);
        }
        if cfg!(feature = "abort") {
            module = module.abort_on_trap();
        }
        #[cfg(feature = "noop")]
        let module = module.noop("calls.h").cc(|build| {
            build.include(".");
        });
        module
    });
    #[cfg(feature = "noop")]
    let library = library.define("NATIVE", "1");
    library.compile();
    #[cfg(feature = "noop")]
    cc::Build::new().file("calls.c").define("NATIVE", "1").compile("calls");
}
