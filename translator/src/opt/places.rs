//! Where a function accesses memory, and which addresses are a variable plus a constant.

use super::address::HEADROOM;
use crate::ir::*;
use crate::ops::Op;

/// An access as it stands in a statement.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The load; it is the statement's own store if this is [`STORE`].
    pub(super) load: Id,
    /// It is of `end` bytes from `var + plus`; or `var` is [`OTHER`].
    pub(super) var: Var,
    pub(super) plus: i32,
    pub(super) end: i32,
    pub(super) at: u32,
}

pub(super) const STORE: Id = Id(u32::MAX);
/// The address is something else, or far from every variable.
pub(super) const OTHER: Var = Var(u32::MAX);

impl Place {
    fn new(func: &Func, load: Id, addr: Id, end: u64, at: u32) -> Place {
        let near = end < HEADROOM as u64;
        let linear = if near { linear(func, addr) } else { None };
        let (var, plus) = linear.unwrap_or((OTHER, 0));
        Place { load, var, plus, end: if near { end as i32 } else { 0 }, at }
    }
}

/// The accesses of all statements as they are before the pass.
pub(super) struct Places {
    all: Vec<Place>,
    /// Where those of each statement begin, and the end.
    starts: Vec<u32>,
}

impl Places {
    /// Those that the statement with this number makes, loads first.
    pub(super) fn of(&self, stmt: usize) -> &[Place] {
        &self.all[self.starts[stmt] as usize..self.starts[stmt + 1] as usize]
    }
}

/// Finds every access.
pub(super) fn places(func: &Func, stmts: &[Stmt]) -> Places {
    let mut places = Places {
        all: Vec::with_capacity(stmts.len() / 2),
        starts: Vec::with_capacity(stmts.len() + 1),
    };
    places.starts.push(0);
    for stmt in stmts {
        func.roots(stmt, |root| loads(func, root, &mut places.all));
        if let Stmt::Store { access, addr, offset, at, .. } = *stmt {
            let end = u64::from(offset) + u64::from(access.bytes());
            places.all.push(Place::new(func, STORE, addr, end, at));
        }
        places.starts.push(places.all.len() as u32);
    }
    places
}

/// Finds the loads of a tree, parents first.
fn loads(func: &Func, id: Id, all: &mut Vec<Place>) {
    match func.exprs[id.0 as usize] {
        Expr::Load { access, addr, offset, at, .. } => {
            let end = u64::from(offset) + u64::from(access.bytes());
            all.push(Place::new(func, id, addr, end, at));
            loads(func, addr, all);
        }
        Expr::Binary(_, a, b) => {
            loads(func, a, all);
            loads(func, b, all);
        }
        Expr::Get(_) | Expr::I32(_) | Expr::I64(_) => {}
        _ => func.operands(id, |operand| loads(func, operand, all)),
    }
}

/// A tree as a variable plus a constant, if it is that.
pub(super) fn linear(func: &Func, id: Id) -> Option<(Var, i32)> {
    match func.exprs[id.0 as usize] {
        Expr::Get(var) => Some((var, 0)),
        Expr::Binary(op @ (Op::I32Add | Op::I32Sub), a, b) => {
            let Expr::I32(constant) = func.exprs[b.0 as usize] else { return None };
            let constant = i64::from(constant as i32);
            let (var, plus) = linear(func, a)?;
            let plus = i64::from(plus) + if op == Op::I32Add { constant } else { -constant };
            (plus.abs() < i64::from(HEADROOM)).then_some((var, plus as i32))
        }
        _ => None,
    }
}
