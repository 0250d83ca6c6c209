//! WASI preview 1 in C as source text, for tools that compile it.

/// Every file: its path below the folder, and its text.
pub static FILES: &[(&str, &str)] = &[];
