//! The numeric instructions, one line each.
//!
//! A line says everything the translator knows about an instruction: its type,
//! how C spells it and how it can trap. The meaning of a `Call` is C code in
//! `runtime-c/include/wdn_ops.h`. To add an instruction, add a line here and, if
//! it needs one, a function there.

use crate::ir::Type;
use wasmparser::Operator;

/// How an instruction is written in C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `a + b`, on the operands as they are.
    Infix(&'static str),
    /// `(i32)a < (i32)b`: both operands reinterpreted as signed.
    Signed(&'static str),
    /// `(u32)((i32)a / (i32)b)`: the same, and the result back again.
    SignedBack(&'static str),
    /// `!a` or `(u32)a`: before the operand.
    Prefix(&'static str),
    /// `a << (b & 31)`: a shift by a count modulo the width.
    Shift(&'static str),
    /// `f(a, b)`: a function of `wdn_ops.h`.
    Call(&'static str),
}

/// Can it trap? Then its C function takes the instance and the offset too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only computes.
    Pure,
    /// It may trap, and not by touching memory.
    Traps,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// The types of its operands.
    pub params: &'static [Type],
    /// The type of its result.
    pub result: Type,
    /// How C spells it.
    pub spelling: Spelling,
    /// What else it may do.
    pub effect: Effect,
}

macro_rules! ops {
    ($($name:ident ($($param:ident),+) -> $result:ident, $spelling:ident $text:literal, $effect:ident;)*
     --- $($own:ident ($($own_param:ident),+) -> $own_result:ident, $own_spelling:ident $own_text:literal;)*) => {
        /// A numeric instruction.
        #[allow(missing_docs)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Op { $($name,)* $($own,)* }

        static TABLE: &[Info] = &[
            $(Info {
                params: &[$(Type::$param),+],
                result: Type::$result,
                spelling: Spelling::$spelling($text),
                effect: Effect::$effect,
            },)*
            $(Info {
                params: &[$(Type::$own_param),+],
                result: Type::$own_result,
                spelling: Spelling::$own_spelling($own_text),
                effect: Effect::Pure,
            },)*
        ];

        impl Op {
            /// The numeric instruction that `operator` is, if it is one.
            pub fn from_wasm(operator: &Operator<'_>) -> Option<Op> {
                match operator {
                    $(Operator::$name => Some(Op::$name),)*
                    _ => None,
                }
            }
        }
    };
}

impl Op {
    /// Everything the table says.
    pub fn info(self) -> &'static Info {
        &TABLE[self as usize]
    }
}

ops! {
    I32Eqz (I32) -> I32, Prefix "!", Pure;
    I32Eq (I32, I32) -> I32, Infix "==", Pure;
    I32Ne (I32, I32) -> I32, Infix "!=", Pure;
    I32LtS (I32, I32) -> I32, Signed "<", Pure;
    I32LtU (I32, I32) -> I32, Infix "<", Pure;
    I32GtS (I32, I32) -> I32, Signed ">", Pure;
    I32GtU (I32, I32) -> I32, Infix ">", Pure;
    I32LeS (I32, I32) -> I32, Signed "<=", Pure;
    I32LeU (I32, I32) -> I32, Infix "<=", Pure;
    I32GeS (I32, I32) -> I32, Signed ">=", Pure;
    I32GeU (I32, I32) -> I32, Infix ">=", Pure;
    I64Eqz (I64) -> I32, Prefix "!", Pure;
    I64Eq (I64, I64) -> I32, Infix "==", Pure;
    I64Ne (I64, I64) -> I32, Infix "!=", Pure;
    I64LtS (I64, I64) -> I32, Signed "<", Pure;
    I64LtU (I64, I64) -> I32, Infix "<", Pure;
    I64GtS (I64, I64) -> I32, Signed ">", Pure;
    I64GtU (I64, I64) -> I32, Infix ">", Pure;
    I64LeS (I64, I64) -> I32, Signed "<=", Pure;
    I64LeU (I64, I64) -> I32, Infix "<=", Pure;
    I64GeS (I64, I64) -> I32, Signed ">=", Pure;
    I64GeU (I64, I64) -> I32, Infix ">=", Pure;
    F32Eq (F32, F32) -> I32, Infix "==", Pure;
    F32Ne (F32, F32) -> I32, Infix "!=", Pure;
    F32Lt (F32, F32) -> I32, Infix "<", Pure;
    F32Gt (F32, F32) -> I32, Infix ">", Pure;
    F32Le (F32, F32) -> I32, Infix "<=", Pure;
    F32Ge (F32, F32) -> I32, Infix ">=", Pure;
    F64Eq (F64, F64) -> I32, Infix "==", Pure;
    F64Ne (F64, F64) -> I32, Infix "!=", Pure;
    F64Lt (F64, F64) -> I32, Infix "<", Pure;
    F64Gt (F64, F64) -> I32, Infix ">", Pure;
    F64Le (F64, F64) -> I32, Infix "<=", Pure;
    F64Ge (F64, F64) -> I32, Infix ">=", Pure;
    I32Clz (I32) -> I32, Call "i32_clz", Pure;
    I32Ctz (I32) -> I32, Call "i32_ctz", Pure;
    I32Popcnt (I32) -> I32, Call "i32_popcnt", Pure;
    I32Add (I32, I32) -> I32, Infix "+", Pure;
    I32Sub (I32, I32) -> I32, Infix "-", Pure;
    I32Mul (I32, I32) -> I32, Infix "*", Pure;
    I32DivS (I32, I32) -> I32, Call "i32_div_s", Traps;
    I32DivU (I32, I32) -> I32, Call "i32_div_u", Traps;
    I32RemS (I32, I32) -> I32, Call "i32_rem_s", Traps;
    I32RemU (I32, I32) -> I32, Call "i32_rem_u", Traps;
    I32And (I32, I32) -> I32, Infix "&", Pure;
    I32Or (I32, I32) -> I32, Infix "|", Pure;
    I32Xor (I32, I32) -> I32, Infix "^", Pure;
    I32Shl (I32, I32) -> I32, Shift "<<", Pure;
    I32ShrS (I32, I32) -> I32, Call "i32_shr_s", Pure;
    I32ShrU (I32, I32) -> I32, Shift ">>", Pure;
    I32Rotl (I32, I32) -> I32, Call "i32_rotl", Pure;
    I32Rotr (I32, I32) -> I32, Call "i32_rotr", Pure;
    I64Clz (I64) -> I64, Call "i64_clz", Pure;
    I64Ctz (I64) -> I64, Call "i64_ctz", Pure;
    I64Popcnt (I64) -> I64, Call "i64_popcnt", Pure;
    I64Add (I64, I64) -> I64, Infix "+", Pure;
    I64Sub (I64, I64) -> I64, Infix "-", Pure;
    I64Mul (I64, I64) -> I64, Infix "*", Pure;
    I64DivS (I64, I64) -> I64, Call "i64_div_s", Traps;
    I64DivU (I64, I64) -> I64, Call "i64_div_u", Traps;
    I64RemS (I64, I64) -> I64, Call "i64_rem_s", Traps;
    I64RemU (I64, I64) -> I64, Call "i64_rem_u", Traps;
    I64And (I64, I64) -> I64, Infix "&", Pure;
    I64Or (I64, I64) -> I64, Infix "|", Pure;
    I64Xor (I64, I64) -> I64, Infix "^", Pure;
    I64Shl (I64, I64) -> I64, Shift "<<", Pure;
    I64ShrS (I64, I64) -> I64, Call "i64_shr_s", Pure;
    I64ShrU (I64, I64) -> I64, Shift ">>", Pure;
    I64Rotl (I64, I64) -> I64, Call "i64_rotl", Pure;
    I64Rotr (I64, I64) -> I64, Call "i64_rotr", Pure;
    F32Abs (F32) -> F32, Call "f32_abs", Pure;
    F32Neg (F32) -> F32, Call "f32_neg", Pure;
    F32Ceil (F32) -> F32, Call "f32_ceil", Pure;
    F32Floor (F32) -> F32, Call "f32_floor", Pure;
    F32Trunc (F32) -> F32, Call "f32_trunc", Pure;
    F32Nearest (F32) -> F32, Call "f32_nearest", Pure;
    F32Sqrt (F32) -> F32, Call "f32_sqrt", Pure;
    F32Add (F32, F32) -> F32, Infix "+", Pure;
    F32Sub (F32, F32) -> F32, Infix "-", Pure;
    F32Mul (F32, F32) -> F32, Infix "*", Pure;
    F32Div (F32, F32) -> F32, Infix "/", Pure;
    F32Min (F32, F32) -> F32, Call "f32_min", Pure;
    F32Max (F32, F32) -> F32, Call "f32_max", Pure;
    F32Copysign (F32, F32) -> F32, Call "f32_copysign", Pure;
    F64Abs (F64) -> F64, Call "f64_abs", Pure;
    F64Neg (F64) -> F64, Call "f64_neg", Pure;
    F64Ceil (F64) -> F64, Call "f64_ceil", Pure;
    F64Floor (F64) -> F64, Call "f64_floor", Pure;
    F64Trunc (F64) -> F64, Call "f64_trunc", Pure;
    F64Nearest (F64) -> F64, Call "f64_nearest", Pure;
    F64Sqrt (F64) -> F64, Call "f64_sqrt", Pure;
    F64Add (F64, F64) -> F64, Infix "+", Pure;
    F64Sub (F64, F64) -> F64, Infix "-", Pure;
    F64Mul (F64, F64) -> F64, Infix "*", Pure;
    F64Div (F64, F64) -> F64, Infix "/", Pure;
    F64Min (F64, F64) -> F64, Call "f64_min", Pure;
    F64Max (F64, F64) -> F64, Call "f64_max", Pure;
    F64Copysign (F64, F64) -> F64, Call "f64_copysign", Pure;
    I32WrapI64 (I64) -> I32, Prefix "(u32)", Pure;
    I32TruncF32S (F32) -> I32, Call "i32_trunc_f32_s", Traps;
    I32TruncF32U (F32) -> I32, Call "i32_trunc_f32_u", Traps;
    I32TruncF64S (F64) -> I32, Call "i32_trunc_f64_s", Traps;
    I32TruncF64U (F64) -> I32, Call "i32_trunc_f64_u", Traps;
    I64ExtendI32S (I32) -> I64, Prefix "(u64)(i64)(i32)", Pure;
    I64ExtendI32U (I32) -> I64, Prefix "(u64)", Pure;
    I64TruncF32S (F32) -> I64, Call "i64_trunc_f32_s", Traps;
    I64TruncF32U (F32) -> I64, Call "i64_trunc_f32_u", Traps;
    I64TruncF64S (F64) -> I64, Call "i64_trunc_f64_s", Traps;
    I64TruncF64U (F64) -> I64, Call "i64_trunc_f64_u", Traps;
    F32ConvertI32S (I32) -> F32, Call "f32_convert_i32_s", Pure;
    F32ConvertI32U (I32) -> F32, Call "f32_convert_i32_u", Pure;
    F32ConvertI64S (I64) -> F32, Call "f32_convert_i64_s", Pure;
    F32ConvertI64U (I64) -> F32, Call "f32_convert_i64_u", Pure;
    F32DemoteF64 (F64) -> F32, Call "f32_demote_f64", Pure;
    F64ConvertI32S (I32) -> F64, Call "f64_convert_i32_s", Pure;
    F64ConvertI32U (I32) -> F64, Call "f64_convert_i32_u", Pure;
    F64ConvertI64S (I64) -> F64, Call "f64_convert_i64_s", Pure;
    F64ConvertI64U (I64) -> F64, Call "f64_convert_i64_u", Pure;
    F64PromoteF32 (F32) -> F64, Call "f64_promote_f32", Pure;
    I32ReinterpretF32 (F32) -> I32, Call "i32_reinterpret_f32", Pure;
    I64ReinterpretF64 (F64) -> I64, Call "i64_reinterpret_f64", Pure;
    F32ReinterpretI32 (I32) -> F32, Call "f32_reinterpret_i32", Pure;
    F64ReinterpretI64 (I64) -> F64, Call "f64_reinterpret_i64", Pure;
    I32Extend8S (I32) -> I32, Prefix "(u32)(i32)(i8)", Pure;
    I32Extend16S (I32) -> I32, Prefix "(u32)(i32)(i16)", Pure;
    I64Extend8S (I64) -> I64, Prefix "(u64)(i64)(i8)", Pure;
    I64Extend16S (I64) -> I64, Prefix "(u64)(i64)(i16)", Pure;
    I64Extend32S (I64) -> I64, Prefix "(u64)(i64)(i32)", Pure;
    I32TruncSatF32S (F32) -> I32, Call "i32_trunc_sat_f32_s", Pure;
    I32TruncSatF32U (F32) -> I32, Call "i32_trunc_sat_f32_u", Pure;
    I32TruncSatF64S (F64) -> I32, Call "i32_trunc_sat_f64_s", Pure;
    I32TruncSatF64U (F64) -> I32, Call "i32_trunc_sat_f64_u", Pure;
    I64TruncSatF32S (F32) -> I64, Call "i64_trunc_sat_f32_s", Pure;
    I64TruncSatF32U (F32) -> I64, Call "i64_trunc_sat_f32_u", Pure;
    I64TruncSatF64S (F64) -> I64, Call "i64_trunc_sat_f64_s", Pure;
    I64TruncSatF64U (F64) -> I64, Call "i64_trunc_sat_f64_u", Pure;
    ---
    // Not instructions: divisions whose divisor is known to be neither 0 nor -1.
    I32DivSSafe (I32, I32) -> I32, SignedBack "/";
    I32DivUSafe (I32, I32) -> I32, Infix "/";
    I32RemSSafe (I32, I32) -> I32, SignedBack "%";
    I32RemUSafe (I32, I32) -> I32, Infix "%";
    I64DivSSafe (I64, I64) -> I64, SignedBack "/";
    I64DivUSafe (I64, I64) -> I64, Infix "/";
    I64RemSSafe (I64, I64) -> I64, SignedBack "%";
    I64RemUSafe (I64, I64) -> I64, Infix "%";
}
