//! Types of C headers for hosts: structs and enums with the layout that they have in the
//! guest. bindgen reads the headers as clang does for WebAssembly, and `types/print.rs`
//! says in Rust what it found.

mod print;

use crate::{Error, clang, files};
use bindgen::callbacks::ParseCallbacks;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Headers, whose structs, enums and constants a host is to know.
///
/// ```no_run
/// wardian_build::Types::new("c/shapes.h").include("c").generate("shapes_types");
/// ```
///
/// What it makes is for `wardian_rt::include_module!("shapes_types")`: structs are those of
/// `wardian_rt::guest_struct!`, so that a view of the guest's memory reads and writes them,
/// pointers are `GuestPtr`s, pointers to functions are numbers, `bool` and `char` are `u8`,
/// and enums are numbers with constants, for a guest may store others. Structs that cannot be
/// said like that, such as those with bit-fields, are left out with a reason; pointers to
/// them are pointers all the same. That the host computes the layout that clang has is
/// checked here, and again when the program is compiled.
///
/// It needs libclang when the build script runs, which on Debian is part of the package
/// `clang`; `LIBCLANG_PATH` says where it is if it is elsewhere.
pub struct Types {
    headers: Vec<PathBuf>,
    flags: Vec<OsString>,
}

impl Types {
    /// What a header says itself, and what it needs of those that it includes.
    pub fn new(header: impl Into<PathBuf>) -> Types {
        Types { headers: vec![header.into()], flags: Vec::new() }
    }

    /// Another header, which is read after the others.
    pub fn header(mut self, header: impl Into<PathBuf>) -> Types {
        self.headers.push(header.into());
        self
    }

    /// A folder to look for headers in.
    pub fn include(mut self, folder: impl Into<PathBuf>) -> Types {
        self.flags.extend(["-I".into(), folder.into().into_os_string()]);
        self
    }

    /// A macro, such as `("NDEBUG", "1")`.
    pub fn define(mut self, name: &str, value: &str) -> Types {
        self.flags.push(format!("-D{name}={value}").into());
        self
    }

    /// An argument for clang, such as `-fshort-enums`.
    pub fn flag(mut self, flag: impl Into<OsString>) -> Types {
        self.flags.push(flag.into());
        self
    }

    /// Writes `OUT_DIR/NAME.rs`. If that fails, says why and ends the build script.
    pub fn generate(&self, name: &str) -> PathBuf {
        self.try_generate(name).unwrap_or_else(|error| error.report())
    }

    /// The same, for those who want the error.
    pub fn try_generate(&self, name: &str) -> Result<PathBuf, Error> {
        println!("cargo::rerun-if-env-changed={}", clang::FLAGS);
        let out = env::var_os("OUT_DIR").ok_or(Error::Variable("OUT_DIR"))?;
        // bindgen would panic.
        clang_sys::load().map_err(Error::Types)?;
        let mut builder = bindgen::Builder::default();
        for header in &self.headers {
            // What bindgen is to list is known by its name, which may have a path before it.
            let path = text(header)?;
            builder = builder.header(path).allowlist_file(format!("(.*/)?{}", literally(path)));
        }
        let flags = env::var(clang::FLAGS).unwrap_or_default();
        for flag in flags.split_whitespace() {
            builder = builder.clang_arg(flag);
        }
        for flag in &self.flags {
            builder = builder.clang_arg(text(Path::new(flag))?);
        }
        let made = builder
            .clang_arg("--target=wasm32-wasi")
            .ignore_functions()
            .ignore_methods()
            .layout_tests(true)
            .default_enum_style(bindgen::EnumVariation::Consts)
            .prepend_enum_name(false)
            .generate_comments(false)
            .formatter(bindgen::Formatter::None)
            .parse_callbacks(Box::new(Watch(out.clone().into())))
            .generate()
            .map_err(|error| Error::Types(error.to_string()))?;
        let syntax =
            syn::parse_file(&made.to_string()).map_err(|error| Error::Types(error.to_string()))?;
        let headers: Vec<&str> = self.headers.iter().filter_map(|it| it.to_str()).collect();
        let file = Path::new(&out).join(format!("{name}.rs"));
        files::update(&file, &print::file(&syntax, &headers.join(", ")))?;
        Ok(file)
    }
}

/// Cargo watches what bindgen reads. Not what this build script made.
#[derive(Debug)]
struct Watch(PathBuf);

impl ParseCallbacks for Watch {
    fn header_file(&self, name: &str) {
        self.include_file(name);
    }

    fn include_file(&self, name: &str) {
        if !Path::new(name).starts_with(&self.0) {
            println!("cargo::rerun-if-changed={name}");
        }
    }

    fn read_env_var(&self, name: &str) {
        println!("cargo::rerun-if-env-changed={name}");
    }
}

fn text(path: &Path) -> Result<&str, Error> {
    path.to_str().ok_or_else(|| Error::Types(format!("`{}` is not Unicode", path.display())))
}

/// A regular expression for this text.
fn literally(text: &str) -> String {
    text.chars()
        .flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]))
        .collect()
}
