//! What the test suites share: finding compilers, building C, comparing files.

pub mod binary;
pub mod c;
pub mod process;
pub mod random;
pub mod tools;
pub mod wine;
