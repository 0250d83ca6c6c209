//! Expressions and constants.
//!
//! Values are unsigned in C. A comparison is an `int` there, which is harmless
//! wherever C converts it at once; as an operand of arithmetic it gets a cast.

use super::func::Printer;
use super::out::{Hex, Put, put};
use crate::ir::*;
use crate::ops::{Op, Spelling};

/// How tightly the outermost operator of some C text binds.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Bond {
    Loose,
    Compare,
    Add,
    Multiply,
    Cast,
    Atom,
}

/// Offsets that processors add for nothing. Where the memory is an array, larger ones are
/// added to its address, which is constant, too.
const NEAR: u32 = 124;

/// A floating-point or integer constant.
pub(super) struct Constant(pub(super) Type, pub(super) u64);

impl Put for Constant {
    fn put(&self, out: &mut super::out::Out) {
        match self.0 {
            Type::I32 if self.1 < 0x1000_0000 => put!(out, self.1, "u"),
            Type::I32 => put!(out, Hex(self.1), "u"),
            Type::I64 if self.1 < 0x1000_0000 => put!(out, self.1, "ull"),
            Type::I64 => put!(out, Hex(self.1), "ull"),
            Type::F32 => {
                let value = f32::from_bits(self.1 as u32);
                if value.is_finite() {
                    put!(out, decimal(f64::from(value), &value, "f"));
                } else {
                    put!(out, "f32_reinterpret_i32(", Hex(self.1), "u)");
                }
            }
            Type::F64 => {
                let value = f64::from_bits(self.1);
                if value.is_finite() {
                    put!(out, decimal(value, &value, ""));
                } else {
                    put!(out, "f64_reinterpret_i64(", Hex(self.1), "ull)");
                }
            }
            Type::FuncRef => put!(out, "NULL_FUNC"),
            Type::ExternRef => put!(out, "(void *)0"),
        }
    }
}

/// The shortest digits that are read back as the same number, and a suffix.
fn decimal(value: f64, shortest: &dyn std::fmt::Debug, suffix: &str) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let (open, close) = if value.is_sign_negative() { ("(", ")") } else { ("", "") };
    let _ = write!(text, "{open}{shortest:?}{suffix}{close}");
    text
}

impl Printer<'_, '_> {
    pub(super) fn node(&self, id: Id) -> Expr {
        self.func.exprs[id.0 as usize]
    }

    /// Prints an expression where any operator may stand.
    pub(super) fn expr(&mut self, id: Id) {
        self.operand(id, Bond::Loose);
    }

    /// Prints a condition: what matters is whether it is zero.
    pub(super) fn condition(&mut self, id: Id) {
        match self.node(id) {
            Expr::Unary(Op::I32Eqz, inner) => {
                self.compared(inner);
                put!(self.out, " == 0");
            }
            Expr::Binary(op, ..) if !is_comparison(op) => {
                self.compared(id);
                put!(self.out, " != 0");
            }
            Expr::Select { .. } => {
                self.compared(id);
                put!(self.out, " != 0");
            }
            _ => self.expr(id),
        }
    }

    /// Prints something that is compared with zero.
    fn compared(&mut self, id: Id) {
        self.number(id, Bond::Add);
    }

    /// Prints an operand of an arithmetic operator.
    fn number(&mut self, id: Id, least: Bond) {
        if self.is_bool(id) {
            put!(self.out, "(u32)");
            self.operand(id, Bond::Cast);
        } else {
            self.operand(id, least);
        }
    }

    /// Is it an `int` that is 0 or 1?
    fn is_bool(&self, id: Id) -> bool {
        match self.node(id) {
            Expr::Binary(op, ..) => is_comparison(op),
            Expr::Unary(Op::I32Eqz | Op::I64Eqz, _) | Expr::RefIsNull { .. } => true,
            _ => false,
        }
    }

    /// Prints an expression, in parentheses if it binds less than `least`.
    fn operand(&mut self, id: Id, least: Bond) {
        let loose = self.bond(id) < least;
        if loose {
            put!(self.out, "(");
        }
        self.bare(id);
        if loose {
            put!(self.out, ")");
        }
    }

    fn bond(&self, id: Id) -> Bond {
        match self.node(id) {
            Expr::Unary(op, _) => match op.info().spelling {
                Spelling::Call(_) => Bond::Atom,
                _ => Bond::Cast,
            },
            Expr::Binary(op, a, b) => self.bond_binary(op, a, b),
            Expr::Select { .. } => Bond::Loose,
            Expr::RefIsNull { .. } => Bond::Cast,
            _ => Bond::Atom,
        }
    }

    fn bond_binary(&self, op: Op, a: Id, b: Id) -> Bond {
        if self.by_function(op, a, b) {
            return Bond::Atom;
        }
        match op.info().spelling {
            Spelling::Infix("+" | "-") => Bond::Add,
            Spelling::Infix("*") => Bond::Multiply,
            Spelling::SignedBack(_) => Bond::Cast,
            Spelling::Call(_) => Bond::Atom,
            _ if is_comparison(op) => Bond::Compare,
            _ => Bond::Loose,
        }
    }

    fn bare(&mut self, id: Id) {
        match self.node(id) {
            Expr::Get(var) => self.var(var),
            Expr::I32(value) => put!(self.out, Constant(Type::I32, u64::from(value))),
            Expr::I64(value) => put!(self.out, Constant(Type::I64, value)),
            Expr::F32(bits) => put!(self.out, Constant(Type::F32, u64::from(bits))),
            Expr::F64(bits) => put!(self.out, Constant(Type::F64, bits)),
            Expr::Unary(op, arg) => self.unary(op, arg),
            Expr::Binary(op, a, b) => self.binary(op, a, b),
            Expr::TrappingUnary(op, a, at) => self.trapping(op, &[a], at),
            Expr::TrappingBinary(op, a, b, at) => self.trapping(op, &[a, b], at),
            Expr::Select { cond, then, other } => {
                self.condition_atom(cond);
                put!(self.out, " ? ");
                self.number(then, Bond::Compare);
                put!(self.out, " : ");
                self.number(other, Bond::Compare);
            }
            Expr::Load { access, check, memory: _, addr, offset, at } => {
                let name = if check == Check::Forced { access.c_forced() } else { access.c() };
                put!(self.out, name, "(");
                self.address(addr, check, offset, access.bytes(), at);
                put!(self.out, ")");
            }
            Expr::GlobalGet(global) => self.global_value(global),
            Expr::MemorySize(memory) => {
                if self.emit.is_one() {
                    return super::one::pages(self.emit, &mut self.out);
                }
                put!(self.out, "(u32)(", self.memory_ref(memory), "size >> 16)");
            }
            Expr::TableSize(table) => self.table_size(table),
            Expr::RefNull(ty) => put!(self.out, Constant(ty, 0)),
            Expr::RefFunc(func) => self.func_value(func),
            Expr::RefIsNull { ty, value } => {
                // The value of an imported global is `*I->g0`.
                let loose = ty == Type::FuncRef && matches!(self.node(value), Expr::GlobalGet(_));
                put!(self.out, if loose { "!(" } else { "!" });
                self.operand(value, Bond::Atom);
                put!(self.out, if loose { ")" } else { "" });
                put!(self.out, if ty == Type::FuncRef { ".code" } else { "" });
            }
        }
    }

    fn condition_atom(&mut self, id: Id) {
        let plain = matches!(self.node(id), Expr::Get(_)) || self.is_bool(id);
        if plain {
            self.operand(id, Bond::Cast);
        } else {
            put!(self.out, "(");
            self.condition(id);
            put!(self.out, ")");
        }
    }

    /// Prints the memory, the address and the offset of an access, the arguments of its
    /// C function before a stored value.
    pub(super) fn address(&mut self, addr: Id, check: Check, offset: u32, bytes: u32, at: u32) {
        let end = u64::from(offset) + u64::from(bytes);
        let known = matches!(self.node(addr), Expr::I32(_));
        let inside = end <= u64::from(self.emit.array());
        let far = inside && !known && offset > NEAR && offset.is_multiple_of(bytes);
        let from = if far { offset } else { 0 };
        if far {
            put!(self.out, "mem + ", from, ", ");
        } else {
            put!(self.out, "mem, ");
        }
        if check == Check::Own {
            put!(self.out, self.in_bounds(end), "(");
            self.expr(addr);
            put!(self.out, ", ", end, "u, ", self.at(at), ")");
        } else {
            self.expr(addr);
        }
        put!(self.out, ", ", offset - from);
    }

    fn unary(&mut self, op: Op, arg: Id) {
        match op.info().spelling {
            Spelling::Prefix("!") => {
                put!(self.out, "!");
                self.operand(arg, Bond::Cast);
            }
            Spelling::Prefix(text) => {
                put!(self.out, text);
                self.number(arg, Bond::Cast);
            }
            Spelling::Call(name) => {
                put!(self.out, name, "(");
                self.expr(arg);
                put!(self.out, ")");
            }
            _ => unreachable!("the table has no other spelling of one operand"),
        }
    }

    /// Arithmetic of floats that a compiler may take for something else.
    fn by_function(&self, op: Op, a: Id, b: Id) -> bool {
        let bits = |id| match self.node(id) {
            Expr::F32(bits) => Some(f64::from(f32::from_bits(bits))),
            Expr::F64(bits) => Some(f64::from_bits(bits)),
            _ => None,
        };
        let neutral = match op {
            Op::F32Add | Op::F64Add | Op::F32Sub | Op::F64Sub => 0.0,
            Op::F32Mul | Op::F64Mul | Op::F32Div | Op::F64Div => 1.0,
            _ => return false,
        };
        match (bits(a), bits(b)) {
            // Without passes, constants are in variables, where a compiler finds them.
            (None, None) => !self.emit.options.optimize,
            // Computed at compile time, perhaps with another precision.
            (Some(_), Some(_)) => true,
            // `x * 1.0` would be `x`, which leaves a signalling NaN as it is.
            (Some(value), _) | (_, Some(value)) => value.is_nan() || value.abs() == neutral,
        }
    }

    fn binary(&mut self, op: Op, a: Id, b: Id) {
        if self.by_function(op, a, b) {
            return self.float_function(op, a, b);
        }
        match op.info().spelling {
            Spelling::Infix("+") => self.add(op, a, b),
            Spelling::Infix("-") => self.infix(a, Bond::Add, "-", b, Bond::Multiply),
            Spelling::Infix("*") => self.infix(a, Bond::Multiply, "*", b, Bond::Cast),
            Spelling::Infix(sign @ ("&" | "|" | "^" | "/" | "%")) => {
                self.infix(a, Bond::Cast, sign, b, Bond::Cast);
            }
            Spelling::Infix(sign) => self.infix(a, Bond::Add, sign, b, Bond::Add),
            Spelling::Signed(sign) => self.signed(op, a, sign, b),
            Spelling::SignedBack(sign) => {
                let ty = if op.info().result == Type::I64 { "(u64)(" } else { "(u32)(" };
                put!(self.out, ty);
                self.signed(op, a, sign, b);
                put!(self.out, ")");
            }
            Spelling::Shift(sign) => self.shift(op, a, sign, b),
            Spelling::Call(name) => {
                put!(self.out, name, "(");
                self.expr(a);
                put!(self.out, ", ");
                self.expr(b);
                put!(self.out, ")");
            }
            Spelling::Prefix(_) => unreachable!("a prefix has one operand"),
        }
    }

    fn float_function(&mut self, op: Op, a: Id, b: Id) {
        let name = match op {
            Op::F32Add => "f32_add(",
            Op::F32Sub => "f32_sub(",
            Op::F32Mul => "f32_mul(",
            Op::F32Div => "f32_div(",
            Op::F64Add => "f64_add(",
            Op::F64Sub => "f64_sub(",
            Op::F64Mul => "f64_mul(",
            _ => "f64_div(",
        };
        put!(self.out, name);
        self.expr(a);
        put!(self.out, ", ");
        self.expr(b);
        put!(self.out, ")");
    }

    fn infix(&mut self, a: Id, left: Bond, sign: &str, b: Id, right: Bond) {
        self.number(a, left);
        put!(self.out, " ", sign, " ");
        self.number(b, right);
    }

    /// Adding a negative constant is subtracting.
    fn add(&mut self, op: Op, a: Id, b: Id) {
        let negative = match (op, self.node(b)) {
            (Op::I32Add, Expr::I32(value)) if (value as i32) < 0 && value != 1 << 31 => {
                Some(Constant(Type::I32, u64::from(value.wrapping_neg())))
            }
            (Op::I64Add, Expr::I64(value)) if (value as i64) < 0 && value != 1 << 63 => {
                Some(Constant(Type::I64, value.wrapping_neg()))
            }
            _ => None,
        };
        match negative {
            Some(constant) => {
                self.number(a, Bond::Add);
                put!(self.out, " - ", constant);
            }
            None => self.infix(a, Bond::Add, "+", b, Bond::Multiply),
        }
    }

    fn signed(&mut self, op: Op, a: Id, sign: &str, b: Id) {
        let ty = if op.info().params[0] == Type::I64 { "(i64)" } else { "(i32)" };
        self.signed_operand(ty, a);
        put!(self.out, " ", sign, " ");
        self.signed_operand(ty, b);
    }

    fn signed_operand(&mut self, ty: &str, id: Id) {
        match self.node(id) {
            Expr::I32(value) if value < 1 << 31 => put!(self.out, value),
            Expr::I32(value) if value > 1 << 31 => put!(self.out, "-", value.wrapping_neg()),
            Expr::I64(value) if value < 1 << 31 => put!(self.out, value),
            _ => {
                put!(self.out, ty);
                self.number(id, Bond::Cast);
            }
        }
    }

    fn shift(&mut self, op: Op, a: Id, sign: &str, b: Id) {
        let (width, suffix) = if op.info().result == Type::I64 { (64, "ull") } else { (32, "u") };
        self.number(a, Bond::Cast);
        put!(self.out, " ", sign, " ");
        match self.node(b) {
            Expr::I32(count) => put!(self.out, count % width),
            Expr::I64(count) => put!(self.out, count % u64::from(width)),
            _ => {
                put!(self.out, "(");
                self.number(b, Bond::Cast);
                put!(self.out, " & ", width - 1, suffix, ")");
            }
        }
    }

    fn trapping(&mut self, op: Op, args: &[Id], at: u32) {
        let Spelling::Call(name) = op.info().spelling else {
            unreachable!("what traps is a function");
        };
        put!(self.out, name, "(", self.emit.pass_and());
        for arg in args {
            self.expr(*arg);
            put!(self.out, ", ");
        }
        put!(self.out, self.at(at), ")");
    }
}

fn is_comparison(op: Op) -> bool {
    let info = op.info();
    matches!(
        info.spelling,
        Spelling::Infix("==" | "!=" | "<" | ">" | "<=" | ">=") | Spelling::Signed(_)
    )
}
