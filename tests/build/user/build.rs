use std::env;
use std::path::Path;

fn main() {
    let header = env::var_os("DEP_PACKAGE_HEADER").expect("the header");
    let include = env::var_os("DEP_PACKAGE_INCLUDE").expect("its folder");
    assert_eq!(Path::new(&header).parent(), Some(Path::new(&include)));
    let runtime = env::var_os("DEP_WARDIAN_INCLUDE").expect("the runtime's headers");
    println!("cargo::rerun-if-changed=user.c");
    cc::Build::new().file("user.c").include(include).include(runtime).compile("user");
}
