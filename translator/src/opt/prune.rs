//! Removes values that nobody reads, unless computing them can trap.

use crate::ir::*;

/// Runs the pass on a function as it was read. Gives back how often each variable
/// is read afterwards.
pub(super) fn run(func: &mut Func) -> Vec<u32> {
    let mut uses = uses(func);
    let mut stmts = std::mem::take(&mut func.stmts);
    // Backwards, so that what only fed a removed value goes too.
    for stmt in stmts.iter_mut().rev() {
        let id = match *stmt {
            Stmt::Set(var, id) if uses[var.0 as usize] == 0 => id,
            Stmt::Eval(id) => id,
            _ => continue,
        };
        *stmt = Stmt::Eval(id);
        if !traps(func, id) {
            func.walk(id, &mut |node| {
                if let Expr::Get(read) = func.exprs[node.0 as usize] {
                    uses[read.0 as usize] -= 1;
                }
            });
        }
    }
    stmts.retain(|stmt| !matches!(stmt, Stmt::Eval(id) if !traps(func, *id)));
    func.stmts = stmts;
    uses
}

/// Removes assignments of variables that no statement reads, once all passes have run.
pub(super) fn unread(func: &mut Func) {
    let mut read = vec![false; func.vars.len()];
    for stmt in &func.stmts {
        func.roots(stmt, |root| {
            func.walk(root, &mut |node| {
                if let Expr::Get(var) = func.exprs[node.0 as usize] {
                    read[var.0 as usize] = true;
                }
            });
        });
    }
    let mut stmts = std::mem::take(&mut func.stmts);
    stmts.retain(
        |stmt| !matches!(stmt, Stmt::Set(var, id) if !read[var.0 as usize] && !traps(func, *id)),
    );
    func.stmts = stmts;
}

/// How often each variable is read. No pass has run yet, so every expression is used.
fn uses(func: &Func) -> Vec<u32> {
    let mut uses = vec![0; func.vars.len()];
    for expr in &func.exprs {
        if let Expr::Get(var) = expr {
            uses[var.0 as usize] += 1;
        }
    }
    uses
}

/// Can evaluating the tree trap?
pub(super) fn traps(func: &Func, id: Id) -> bool {
    let mut traps = false;
    func.walk(id, &mut |node| {
        let expr = func.exprs[node.0 as usize];
        traps |= expr.may_trap() || matches!(expr, Expr::Load { .. });
    });
    traps
}
