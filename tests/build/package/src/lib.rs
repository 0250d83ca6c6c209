//! What other packages depend on: the module's C, and the runtime.

extern crate wardian_rt; // for the runtime that it links
