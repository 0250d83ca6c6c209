//! Compiles expat and the few functions of `c/parse.c` to a module, and sandboxes it.

use std::{env, path};
use wardian_build::{Library, Module, package};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Where there is no clang: a module that was made elsewhere.
    println!("cargo::rerun-if-env-changed=XML_WASM");
    let module = match env::var_os("XML_WASM") {
        Some(path) => Module::new(path),
        None => library()?.module()?,
    };
    println!("cargo::rustc-env=XML_MODULE={}", path::absolute(module.path())?.display());
    module.compile("xml");
    Ok(())
}

fn library() -> Result<Library, wardian_build::Error> {
    let expat = package("expat-sys")?.join("expat/lib");
    let library = Library::new("xml").c_files(["c/parse.c"]);
    Ok(library
        .c_files(["xmlparse.c", "xmlrole.c", "xmltok.c"].map(|it| expat.join(it)))
        .include("c")
        .include(expat)
        .define("HAVE_EXPAT_CONFIG_H", "1")
        .define("NDEBUG", "1")
        .exports(["begin", "buffer", "feed"]))
}
