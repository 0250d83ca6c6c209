//! The C runtime as source text, for tools that compile it.

/// Every file of the runtime: its path below the runtime's folder, and its text.
pub static FILES: &[(&str, &str)] = &[
    ("include/wdn.h", include_str!("../include/wdn.h")),
    ("include/wdn_try.h", include_str!("../include/wdn_try.h")),
    ("include/wdn_gen.h", include_str!("../include/wdn_gen.h")),
    ("include/wdn_mem.h", include_str!("../include/wdn_mem.h")),
    ("include/wdn_ops.h", include_str!("../include/wdn_ops.h")),
    ("include/wdn_cc.h", include_str!("../include/wdn_cc.h")),
];
