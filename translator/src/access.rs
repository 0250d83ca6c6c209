//! The loads and stores of linear memory, one line each.
//!
//! The C functions are in `runtime-c/include/wdn_mem.h`.

use crate::ir::Type;
use wasmparser::{MemArg, Operator};

macro_rules! accesses {
    ($($name:ident $type:ident $bytes:literal $c:literal $forced:literal;)*
     --- $($store:ident $store_type:ident $store_bytes:literal $store_c:literal;)*) => {
        /// A load or a store.
        #[allow(missing_docs)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Access { $($name,)* $($store,)* }

        impl Access {
            /// The type of the value that is loaded or stored.
            pub fn ty(self) -> Type {
                match self {
                    $(Access::$name => Type::$type,)*
                    $(Access::$store => Type::$store_type,)*
                }
            }

            /// How many bytes of memory it touches.
            pub fn bytes(self) -> u32 {
                match self {
                    $(Access::$name => $bytes,)*
                    $(Access::$store => $store_bytes,)*
                }
            }

            /// The C function.
            pub fn c(self) -> &'static str {
                match self {
                    $(Access::$name => $c,)*
                    $(Access::$store => $store_c,)*
                }
            }

            /// The C function that no compiler may remove; of loads only.
            pub fn c_forced(self) -> &'static str {
                match self {
                    $(Access::$name => $forced,)*
                    _ => self.c(),
                }
            }

            /// The load that `operator` is, if it is one.
            pub fn load(operator: &Operator<'_>) -> Option<(Access, MemArg)> {
                match operator {
                    $(Operator::$name { memarg } => Some((Access::$name, *memarg)),)*
                    _ => None,
                }
            }

            /// The store that `operator` is, if it is one.
            pub fn store(operator: &Operator<'_>) -> Option<(Access, MemArg)> {
                match operator {
                    $(Operator::$store { memarg } => Some((Access::$store, *memarg)),)*
                    _ => None,
                }
            }
        }
    };
}

accesses! {
    I32Load I32 4 "i32_load" "i32_load_forced";
    I32Load8S I32 1 "i32_load8_s" "i32_load8_s_forced";
    I32Load8U I32 1 "i32_load8_u" "i32_load8_u_forced";
    I32Load16S I32 2 "i32_load16_s" "i32_load16_s_forced";
    I32Load16U I32 2 "i32_load16_u" "i32_load16_u_forced";
    I64Load I64 8 "i64_load" "i64_load_forced";
    I64Load8S I64 1 "i64_load8_s" "i64_load8_s_forced";
    I64Load8U I64 1 "i64_load8_u" "i64_load8_u_forced";
    I64Load16S I64 2 "i64_load16_s" "i64_load16_s_forced";
    I64Load16U I64 2 "i64_load16_u" "i64_load16_u_forced";
    I64Load32S I64 4 "i64_load32_s" "i64_load32_s_forced";
    I64Load32U I64 4 "i64_load32_u" "i64_load32_u_forced";
    F32Load F32 4 "f32_load" "f32_load_forced";
    F64Load F64 8 "f64_load" "f64_load_forced";
    ---
    I32Store I32 4 "i32_store";
    I32Store8 I32 1 "i32_store8";
    I32Store16 I32 2 "i32_store16";
    I64Store I64 8 "i64_store";
    I64Store8 I64 1 "i64_store8";
    I64Store16 I64 2 "i64_store16";
    I64Store32 I64 4 "i64_store32";
    F32Store F32 4 "f32_store";
    F64Store F64 8 "f64_store";
}
