//! Which bits of an operand can make a difference.
//!
//! C compilers know: of `(u32)x` they load the lower half of `x`, of `x & 255` a
//! byte, of `x ^ x` nothing. A load traps by its last byte, so it is certain to
//! trap only if a bit of that byte matters.

use crate::access::Access;
use crate::ir::*;
use crate::ops::Op;

/// All bits.
pub(super) const ALL: u64 = u64::MAX;
const LOW32: u64 = 0xffff_ffff;

/// The bits of the operands that matter if the bits `mask` of `op`'s result do.
pub(super) fn unary(op: Op, mask: u64) -> u64 {
    match op {
        Op::I32WrapI64 | Op::I64ExtendI32U => mask & LOW32,
        Op::I64ExtendI32S | Op::I64Extend32S => extended(mask, 32),
        Op::I32Extend8S | Op::I64Extend8S => extended(mask, 8),
        Op::I32Extend16S | Op::I64Extend16S => extended(mask, 16),
        Op::I32ReinterpretF32 | Op::F32ReinterpretI32 => mask & LOW32,
        Op::I64ReinterpretF64 | Op::F64ReinterpretI64 => mask,
        _ => ALL,
    }
}

/// The same for two operands, of which either may be constant.
pub(super) fn binary(func: &Func, op: Op, a: Id, b: Id, mask: u64) -> (u64, u64) {
    let (known_a, known_b) = (constant(func, a), constant(func, b));
    if is_same(func, a, b) && !matches!(op, Op::I32Add | Op::I64Add | Op::I32Mul | Op::I64Mul) {
        return match op {
            Op::I32And | Op::I64And | Op::I32Or | Op::I64Or => (mask, mask),
            _ if is_integer(op) => (0, 0),
            _ => (ALL, ALL),
        };
    }
    let (bits, low) = match op.info().result {
        Type::I64 => (64, ALL),
        _ => (32, LOW32),
    };
    let count = known_b.map(|count| count as u32 % bits);
    let mask = mask & low;
    match op {
        Op::I32And | Op::I64And => (mask & known_b.unwrap_or(ALL), mask & known_a.unwrap_or(ALL)),
        Op::I32Or | Op::I64Or => (mask & !known_b.unwrap_or(0), mask & !known_a.unwrap_or(0)),
        Op::I32Xor | Op::I64Xor => (mask, mask),
        Op::I32Add | Op::I64Add | Op::I32Sub | Op::I64Sub => (below(mask), below(mask)),
        Op::I32Mul | Op::I64Mul => (factor(mask, known_b), factor(mask, known_a)),
        Op::I32Shl | Op::I64Shl => (count.map_or(below(mask), |count| mask >> count), ALL),
        Op::I32ShrU | Op::I64ShrU => (count.map_or(ALL, |count| mask << count & low), ALL),
        Op::I32ShrS | Op::I64ShrS => {
            (count.map_or(ALL, |count| arithmetic(mask, count, bits)), ALL)
        }
        Op::I32RemUSafe | Op::I64RemUSafe | Op::I32RemSSafe | Op::I64RemSSafe
            if known_b == Some(1) =>
        {
            (0, 0)
        }
        _ => (ALL, ALL),
    }
}

/// The bits of what a load gives by which its last byte shows.
pub(super) fn last_byte(access: Access) -> u64 {
    use Access::*;
    let from = ALL << (8 * (access.bytes() - 1));
    match access {
        I32Load8S | I32Load16S | I64Load8S | I64Load16S | I64Load32S => from,
        _ => from & ALL >> (64 - 8 * access.bytes()),
    }
}

/// Of what is shifted right by `count`, of `bits` bits, with its sign.
fn arithmetic(mask: u64, count: u32, bits: u32) -> u64 {
    let sign = 1 << (bits - 1);
    let copies = ALL << (bits - 1 - count);
    mask << count & (sign - 1) | if mask & copies != 0 { sign } else { 0 }
}

/// Of a number of `bits` bits that is extended by its sign.
fn extended(mask: u64, bits: u32) -> u64 {
    let sign = 1 << (bits - 1);
    mask & (sign - 1) | if mask & !(sign - 1) != 0 { sign } else { 0 }
}

/// Bits up to the highest: carries go upwards.
fn below(mask: u64) -> u64 {
    ALL.checked_shr(mask.leading_zeros()).unwrap_or(0)
}

/// Of a factor, if the other one may be known.
fn factor(mask: u64, other: Option<u64>) -> u64 {
    below(mask).checked_shr(other.map_or(0, u64::trailing_zeros)).unwrap_or(0)
}

fn constant(func: &Func, id: Id) -> Option<u64> {
    match func.exprs[id.0 as usize] {
        Expr::I32(value) => Some(u64::from(value)),
        Expr::I64(value) => Some(value),
        _ => None,
    }
}

/// Are both the same variable?
pub(super) fn is_same(func: &Func, a: Id, b: Id) -> bool {
    let (a, b) = (func.exprs[a.0 as usize], func.exprs[b.0 as usize]);
    matches!((a, b), (Expr::Get(a), Expr::Get(b)) if a == b)
}

fn is_integer(op: Op) -> bool {
    op.info().params.iter().all(|ty| matches!(ty, Type::I32 | Type::I64))
}
