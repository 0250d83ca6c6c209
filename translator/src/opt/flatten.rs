//! Removes labels that nobody branches to, and turns a block that a condition
//! leaves early into an `if`.
//!
//! `block ... br_if 0 (c) ... end` runs its rest only if not `c`.

use crate::ir::*;
use crate::ops::Op;

/// A construct that is open, and where it begins.
struct Open {
    label: Option<Label>,
    begin: usize,
    removed: bool,
}

/// Runs the pass.
pub(super) fn run(func: &mut Func) {
    let mut stmts = std::mem::take(&mut func.stmts);
    let mut removed = vec![false; stmts.len()];
    let mut open: Vec<Open> = Vec::new();
    for at in 0..stmts.len() {
        match stmts[at] {
            Stmt::Block(label) | Stmt::Loop(label) => {
                removed[at] = func.branches[label.0 as usize] == 0;
                let label = matches!(stmts[at], Stmt::Block(_)).then_some(label);
                open.push(Open { label, begin: at, removed: removed[at] });
            }
            Stmt::If(..) => open.push(Open { label: None, begin: at, removed: false }),
            Stmt::End => removed[at] = open.pop().is_some_and(|it| it.removed),
            Stmt::BrIf(cond, label)
                if leaves(&open, label) && func.branches[label.0 as usize] == 1 =>
            {
                let block = open.last_mut().expect("just looked at");
                block.label = None;
                removed[block.begin] = true;
                func.branches[label.0 as usize] = 0;
                stmts[at] = Stmt::If(negate(func, cond), label);
            }
            _ => {}
        }
    }
    let mut removed = removed.into_iter();
    stmts.retain(|_| !removed.next().unwrap_or(false));
    func.stmts = stmts;
}

/// Is `label` that of the innermost construct, a block?
fn leaves(open: &[Open], label: Label) -> bool {
    open.last().is_some_and(|it| it.label == Some(label))
}

/// A condition that holds when `cond` does not.
fn negate(func: &mut Func, cond: Id) -> Id {
    match func.exprs[cond.0 as usize] {
        Expr::Unary(Op::I32Eqz, inner) => inner,
        Expr::Binary(op, a, b) if let Some(inverse) = super::fold::inverse(op) => {
            func.expr(Expr::Binary(inverse, a, b))
        }
        _ => func.expr(Expr::Unary(Op::I32Eqz, cond)),
    }
}
