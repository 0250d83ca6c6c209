fn main() {
    wardian_build::Library::new("tool")
        .c_files(["tool.c"])
        .exports(["greet", "total", "store", "leave", "unknown", "malloc", "free"])
        .with(|module| module.wasi())
        .compile();
    // One that imports nothing of WASI's needs nothing.
    wardian_build::Module::new("pure.wat").wasi().compile("pure");
}
