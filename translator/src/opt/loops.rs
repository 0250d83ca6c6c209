//! What loops assign. A variable that a loop assigns anywhere is unknown at its start.

use crate::ir::*;

/// How deep loops nest before it is no longer known what they assign.
const MAX_LOOPS: usize = 12;

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
