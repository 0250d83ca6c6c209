//! Translation for build scripts.
//!
//! This crate will become the one-line `build.rs` interface. For now it only
//! re-exports the translator, so that build scripts can already depend on it.

pub use wardian::{Error, Files, Memory, Options, translate};
