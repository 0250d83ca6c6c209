//! What loops assign. A variable that a loop assigns anywhere is unknown at its start,
//! unless it counts.

use crate::ir::*;
use crate::ops::Op;

/// How deep loops nest before it is no longer known what they assign.
const MAX_LOOPS: usize = 12;
/// How many statements a loop may have to be seen to count.
const MAX_BODY: usize = 256;

/// What each loop assigns, in order of the loops; `None` where that is too much.
pub(super) fn assigned(func: &Func, stmts: &[Stmt]) -> Vec<Option<Vec<Var>>> {
    let mut all: Vec<Option<Vec<Var>>> = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    let mut inside: Vec<usize> = Vec::new();
    let mut last_in = vec![usize::MAX; func.vars.len()];
    for stmt in stmts {
        if let Some(innermost) = inside.last()
            && let Some(vars) = &mut all[*innermost]
        {
            func.assigned(stmt, |var| {
                if std::mem::replace(&mut last_in[var.0 as usize], *innermost) != *innermost {
                    vars.push(var);
                }
            });
        }
        match stmt {
            Stmt::Loop(_) => {
                open.push(true);
                inside.push(all.len());
                all.push((inside.len() <= MAX_LOOPS).then(Vec::new));
            }
            Stmt::Block(_) | Stmt::If(..) => open.push(false),
            Stmt::End if open.pop() == Some(true) => {
                let done = inside.pop().expect("bracketed");
                if let Some(outer) = inside.last() {
                    let inner = all[done].clone();
                    let joined = all[*outer].take().zip(inner);
                    all[*outer] = joined.map(|(mut vars, inner)| {
                        vars.extend(inner);
                        vars
                    });
                }
            }
            _ => {}
        }
    }
    all
}

/// A variable that a loop assigns once each time, adding `step`, just before it starts
/// again, only if the sum is not `end`.
#[derive(Clone, Copy)]
pub(super) struct Counter {
    pub(super) var: Var,
    pub(super) step: u32,
    pub(super) end: u32,
}

/// The counter of each loop, in order of the loops.
pub(super) fn counters(func: &Func) -> Vec<Option<Counter>> {
    let mut all = Vec::new();
    // What is open: its place, and the number of the loop that it is.
    let mut open: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, stmt) in func.stmts.iter().enumerate() {
        match *stmt {
            Stmt::Loop(_) => {
                open.push((at, Some(all.len())));
                all.push(None);
            }
            Stmt::Block(_) | Stmt::If(..) => open.push((at, None)),
            Stmt::End => _ = open.pop(),
            Stmt::BrIf(cond, label) if func.branches[label.0 as usize] == 1 => {
                // The only branch back, which stands in the loop itself.
                if let Some(&(start, Some(number))) = open.last()
                    && func.stmts[start] == Stmt::Loop(label)
                    && at - start <= MAX_BODY
                {
                    all[number] = counter(func, &func.stmts[start + 1..at], cond);
                }
            }
            _ => {}
        }
    }
    all
}

/// The counter of a loop with this body before the branch back.
fn counter(func: &Func, body: &[Stmt], cond: Id) -> Option<Counter> {
    let node = |id: Id| func.exprs[id.0 as usize];
    let (var, end) = match node(cond) {
        Expr::Get(var) => (var, 0),
        Expr::Binary(Op::I32Ne, a, b) => match (node(a), node(b)) {
            (Expr::Get(var), Expr::I32(end)) => (var, end),
            _ => return None,
        },
        _ => return None,
    };
    let mut step = None;
    let mut depth = 0;
    for stmt in body {
        match stmt {
            Stmt::Block(_) | Stmt::Loop(_) | Stmt::If(..) => depth += 1,
            Stmt::End => depth -= 1,
            _ => {}
        }
        let mut assigns = false;
        func.assigned(stmt, |assigned| assigns |= assigned == var);
        if !assigns {
            continue;
        }
        let Stmt::Set(_, id) = *stmt else { return None };
        let Expr::Binary(Op::I32Add, a, b) = node(id) else { return None };
        match (node(a), node(b)) {
            (Expr::Get(of), Expr::I32(by)) if of == var && depth == 0 && step.is_none() => {
                step = Some(by);
            }
            _ => return None,
        }
    }
    step.map(|step| Counter { var, step, end })
}
