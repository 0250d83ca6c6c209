//! What the test suites share: finding compilers, building C, comparing files.

pub mod process;
pub mod tools;
