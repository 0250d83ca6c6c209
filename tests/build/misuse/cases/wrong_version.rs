//! Bindings and runtime are of one version.

const _: () = wardian_rt::requires("0.0.9");

fn main() {}
