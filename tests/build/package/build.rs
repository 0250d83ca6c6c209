fn main() {
    let output = wardian_build::Module::new("app.wat").compile("app");
    // Functions that C offers to Rust: a trap must not pass through Rust.
    println!("cargo::rerun-if-changed=shim.c");
    let runtime = std::env::var_os("DEP_WARDIAN_INCLUDE").expect("the runtime's headers");
    cc::Build::new().file("shim.c").include(output.folder).include(runtime).compile("shim");
}
