//! Tells other build systems what there is to compile, and how: as a library for CMake,
//! or as a plain list. Both have the files in the translator's order, which is stable,
//! and the flags that this program would use itself.

use std::fmt::Write as _;

use wardian::{Instances, Memory, Options};
use wardian_rt::flags;

/// A translated module and what it needs.
pub(crate) struct Listing<'a> {
    pub(crate) options: &'a Options,
    /// The module's C files.
    pub(crate) sources: &'a [String],
    /// Does it import WASI?
    pub(crate) wasi: bool,
}

/// The runtime's library, and its source.
const RUNTIME: (&str, &str) = ("wardian_runtime", "runtime-c/src/wdn.c");
const ONE: (&str, &str) = ("wardian_one", "runtime-c/src/wdn_one.c");
const WASI: &str = "wasi-c/src/wdn_wasi.c";
const BARE_WASI: &str = "wasi-c/src/bare/wdn_wasi_bare.c";

impl Listing<'_> {
    /// `CMakeLists.txt`, which defines a library of the module's name. What several
    /// modules share is defined by the first.
    pub(crate) fn cmake(&self) -> String {
        let name = &self.options.name;
        let mut text = format!(
            "{}# Changes are lost with the next `wardian translate --emit=cmake`.\n\
             cmake_minimum_required(VERSION 3.13)\n\
             if(CMAKE_CURRENT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)\n  \
             project({name} C)\nendif()\n\n",
            self.heading()
        );
        if self.options.memory == Memory::Guard {
            let _ = write!(
                text,
                "if(CMAKE_SYSTEM_NAME STREQUAL \"Generic\" OR NOT CMAKE_SIZEOF_VOID_P EQUAL 8)\n  \
                 message(FATAL_ERROR \"{name} was translated with --memory=guard, which needs a \
                 64-bit system: translate it with --memory=bounds\")\nendif()\n\n",
            );
        }
        let (runtime, source) = self.runtime();
        let _ = writeln!(text, "if(NOT TARGET {runtime})");
        cmake_library(&mut text, runtime, &[source], "/runtime-c/include");
        let _ = write!(
            text,
            "if(UNIX)\n  target_link_libraries({runtime} PUBLIC m)\n\
             elseif(WIN32)\n  target_link_libraries({runtime} PUBLIC ntdll)\n\
             endif()\nendif()\n\n"
        );
        if self.wasi {
            let hosted = if self.is_one() { BARE_WASI } else { WASI };
            let _ = write!(
                text,
                "if(CMAKE_SYSTEM_NAME STREQUAL \"Generic\")\n  \
                 set(WARDIAN_WASI {BARE_WASI})\nelse()\n  set(WARDIAN_WASI {hosted})\nendif()\n\
                 if(NOT TARGET wardian_wasi)\n"
            );
            cmake_library(&mut text, "wardian_wasi", &["${WARDIAN_WASI}"], "/wasi-c/include");
            let _ =
                write!(text, "target_link_libraries(wardian_wasi PUBLIC {runtime})\nendif()\n\n");
        }
        let sources: Vec<&str> = self.sources.iter().map(String::as_str).collect();
        cmake_library(&mut text, name, &sources, "");
        let wasi = if self.wasi { " wardian_wasi" } else { "" };
        let _ = writeln!(text, "target_link_libraries({name} PUBLIC{wasi} {runtime})");
        text
    }

    /// A line for each file, folder of headers and flag. `hosted` and `bare` begin those
    /// that are only for machines with or without an operating system.
    pub(crate) fn files(&self) -> String {
        let mut text = self.heading();
        for source in self.sources.iter().map(String::as_str).chain([self.runtime().1]) {
            let _ = writeln!(text, "source {source}");
        }
        if self.wasi && self.is_one() {
            let _ = writeln!(text, "source {BARE_WASI}");
        } else if self.wasi {
            let _ = writeln!(text, "hosted source {WASI}\nbare source {BARE_WASI}");
        }
        text += "include .\ninclude runtime-c/include\n";
        if self.wasi {
            text += "include wasi-c/include\n";
        }
        for flag in flags::SEMANTICS {
            let _ = writeln!(text, "flag {flag}");
        }
        for flag in flags::BARE {
            let _ = writeln!(text, "bare flag {flag}");
        }
        text
    }

    fn is_one(&self) -> bool {
        self.options.instances == Instances::One
    }

    fn runtime(&self) -> (&'static str, &'static str) {
        if self.is_one() { ONE } else { RUNTIME }
    }

    fn heading(&self) -> String {
        let (version, options) = (env!("CARGO_PKG_VERSION"), self.options.text());
        format!("# {}, translated by wardian {version}: {options}\n", self.options.name)
    }
}

/// Defines a library. The C library is no part of what is compiled for machines without
/// an operating system.
fn cmake_library(text: &mut String, name: &str, sources: &[&str], include: &str) {
    let _ = writeln!(text, "add_library({name} STATIC");
    for source in sources {
        let _ = writeln!(text, "  \"${{CMAKE_CURRENT_LIST_DIR}}/{source}\"");
    }
    let _ = write!(
        text,
        ")\ntarget_include_directories({name} PUBLIC \"${{CMAKE_CURRENT_LIST_DIR}}{include}\")\n\
         target_compile_options({name} PRIVATE\n  {}\n  \
         $<$<STREQUAL:${{CMAKE_SYSTEM_NAME}},Generic>:{}>\n)\n",
        flags::SEMANTICS.join(" "),
        flags::BARE.join(";")
    );
}
