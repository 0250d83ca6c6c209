fn main() {
    let module = wardian_build::Library::new("words")
        .c_files(["words.c"])
        .exports(["malloc", "free", "longest", "sort", "each", "mean", "version", "shift"])
        .with(|module| {
            let module = module.host_slots(4);
            #[cfg(feature = "noop")]
            let module = module.noop("words.h").cc(|build| {
                build.include(".");
            });
            module
        });
    module.compile();
    #[cfg(feature = "noop")]
    cc::Build::new().file("words.c").compile("words");
}
