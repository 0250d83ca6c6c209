//! The C runtime: as source text, for tools that compile it and, with the feature `link`,
//! compiled and linked. Also what a host in Rust needs to treat a guest's values and memory
//! with care: [`Tainted`], [`GuestPtr`] and the views. It does not call guests yet.

#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod argument;
pub mod flags;
#[cfg(all(feature = "alloc", feature = "link"))]
mod host;
#[doc(hidden)]
pub mod layout;
mod tainted;
mod view;

pub use argument::Argument;
#[cfg(all(feature = "alloc", feature = "link"))]
pub use host::*;
pub use tainted::{Because, Tainted};
pub use view::{GuestPtr, Value, Values, View, ViewMut};

/// Fails to compile unless this is the version that generated bindings are for.
#[doc(hidden)]
pub const fn requires(version: &str) {
    let (wanted, ours) = (version.as_bytes(), env!("CARGO_PKG_VERSION").as_bytes());
    let mut i = 0;
    while i < wanted.len() || i < ours.len() {
        assert!(
            i < wanted.len() && i < ours.len() && wanted[i] == ours[i],
            "wardian-build and wardian-rt have different versions: use the same for both"
        );
        i += 1;
    }
}

/// The bindings that `wardian-build` made for the module of this name: to be put into a
/// module of its own.
#[macro_export]
macro_rules! include_module {
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, ".rs"));
    };
}

/// Every file of the runtime: its path below the runtime's folder, and its text.
pub static FILES: &[(&str, &str)] = &[
    ("include/wdn.h", include_str!("../include/wdn.h")),
    ("include/wdn_abi.h", include_str!("../include/wdn_abi.h")),
    ("include/wdn_try.h", include_str!("../include/wdn_try.h")),
    ("include/wdn_gen.h", include_str!("../include/wdn_gen.h")),
    ("include/wdn_mem.h", include_str!("../include/wdn_mem.h")),
    ("include/wdn_ops.h", include_str!("../include/wdn_ops.h")),
    ("include/wdn_cc.h", include_str!("../include/wdn_cc.h")),
    ("include/wdn_rust.h", include_str!("../include/wdn_rust.h")),
    ("include/wdn_quiet.h", include_str!("../include/wdn_quiet.h")),
    ("include/wdn_types.h", include_str!("../include/wdn_types.h")),
    ("include/wdn_jump.h", include_str!("../include/wdn_jump.h")),
    ("include/wdn_one.h", include_str!("../include/wdn_one.h")),
    ("include/wdn_one_gen.h", include_str!("../include/wdn_one_gen.h")),
    ("src/wdn.c", include_str!("wdn.c")),
    ("src/wdn_port.h", include_str!("wdn_port.h")),
    ("src/entry.c", include_str!("entry.c")),
    ("src/trap.c", include_str!("trap.c")),
    ("src/memory.c", include_str!("memory.c")),
    ("src/table.c", include_str!("table.c")),
    ("src/import.c", include_str!("import.c")),
    ("src/instance.c", include_str!("instance.c")),
    ("src/locate.c", include_str!("locate.c")),
    ("src/rust.c", include_str!("rust.c")),
    ("src/float.c", include_str!("float.c")),
    ("src/wdn_one.c", include_str!("wdn_one.c")),
    ("src/one.c", include_str!("one.c")),
    ("src/wdn_bytes.c", include_str!("wdn_bytes.c")),
    ("port/bare.c", include_str!("../port/bare.c")),
    ("port/elf.c", include_str!("../port/elf.c")),
    ("port/posix.c", include_str!("../port/posix.c")),
    ("port/windows.c", include_str!("../port/windows.c")),
    ("port/coff.c", include_str!("../port/coff.c")),
];
