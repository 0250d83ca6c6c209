//! Writes the module that clang made of the C sources to standard output, for machines that
//! have no clang.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(include_bytes!(env!("PNG_MODULE")))
}
