//! What runs sandboxed modules in a program: the C runtime, compiled and linked by the feature
//! `link`, and what a host in Rust needs to use modules that `wardian-build` translated.
//!
#![cfg_attr(all(feature = "alloc", feature = "link"), doc = "```no_run")]
#![cfg_attr(not(all(feature = "alloc", feature = "link")), doc = "```ignore")]
//! use wardian_rt::{Limits, because};
//!
//! # #[cfg(any())]
//! mod adler {
//!     wardian_rt::include_module!("adler"); // made by build.rs
//! }
//! # mod adler { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/adler.rs")); }
//!
//! fn checksum(data: &[u8]) -> Result<u32, Box<dyn std::error::Error>> {
//!     let mut adler = adler::Instance::with_limits((), Limits::new().memory(1 << 20))?;
//!     let input = adler.alloc_bytes(data)?;
//!     let sum = adler.call().adler32(input, data.len() as u32)?;
//!     adler.free(input)?;
//!     Ok(sum.unverified(because!("any number is a checksum")))
//! }
//! # assert_eq!(checksum(b"abc").unwrap(), 0x024d_0127);
//! ```
//!
//! A bug in the module's code can make such a function return nonsense or an error, and
//! nothing else:
//!
//! - An `Instance` is lent, as `&mut`, to every call, and views of its memory borrow it; so
//!   no reference into the memory survives a call, which could change what it refers to.
//! - What a guest returns is [`Tainted`] until somebody says what makes it fit for use. A
//!   [`GuestPtr`] may be wrong, but every access through one is checked.
//! - A call that traps is an `Err` with a `Trap`, and the instance refuses calls until
//!   `reset`. Neither a trap nor a panic passes through a frame of the
//!   other language: a function of the host that panics is caught, the guest's frames are
//!   dropped, and the panic goes on in the host that made the outermost call.
//! - `Limits` bound memory, tables and stack, and a `KillHandle` time.
//!
//! Functions that the module imports are those of a trait that the bindings declare and the
//! host implements; closures can be among the guest's function pointers by
//! `Instance::callback`.
//!
//! # Features
//!
//! - `link` compiles the C runtime and links it. Without it the crate is the runtime's source
//!   text, for tools, and the types that need no guest.
//! - `noop` is for modules that are native libraries in disguise, and not sandboxed.
//! - `alloc` has instances; `std`, which is on by default, lets panics pass and implies it.

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
#[cfg(feature = "noop")]
mod native;
mod tainted;
mod view;

pub use argument::Argument;
#[cfg(all(feature = "alloc", feature = "link"))]
pub use host::*;
#[cfg(feature = "noop")]
pub use native::native_address;
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
    ("include/wdn_native.h", include_str!("../include/wdn_native.h")),
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
    ("src/message.c", include_str!("message.c")),
    ("src/wdn_bytes.c", include_str!("wdn_bytes.c")),
    ("port/bare.c", include_str!("../port/bare.c")),
    ("port/elf.c", include_str!("../port/elf.c")),
    ("port/posix.c", include_str!("../port/posix.c")),
    ("port/windows.c", include_str!("../port/windows.c")),
    ("port/coff.c", include_str!("../port/coff.c")),
];
