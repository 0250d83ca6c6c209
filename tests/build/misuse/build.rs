fn main() {
    wardian_build::Module::new("app.wat").compile("app");
}
