//! What printing a function must know beforehand: what its beginning provides, where
//! variables are declared, where constructs end, where the stack is checked.

use super::Emit;
use crate::ir::*;

/// How deep the check may move into the function.
const MAX_SUNK: usize = 32;

/// More words or expressions than this make a frame that is checked at once; less
/// fits into what the stack's limit leaves to functions without a check.
const LARGE_FRAME: (usize, usize) = (64, 400);
/// Words of arguments that any frame has room for.
const FEW_ARGS: usize = 16;

/// What the beginning of a function must provide.
#[derive(Default)]
pub(super) struct Needs {
    pub(super) instance: bool,
    pub(super) itself: bool,
    pub(super) memory: bool,
    pub(super) size: bool,
    pub(super) stack: bool,
    /// About how many words of stack it takes, optimised.
    pub(super) words: usize,
    pub(super) calls: bool,
    /// Is the interrupt flag looked at when it begins?
    pub(super) interrupt: bool,
    /// Must its frame be checked before anything in it is touched?
    pub(super) large: bool,
    /// Does it call something that may grow a memory?
    pub(super) grows: bool,
}

impl Needs {
    /// Of a function, by what it contains.
    pub(super) fn of(func: &Func, emit: &Emit<'_>) -> Needs {
        let mut needs = Needs::default();
        for stmt in &func.stmts {
            needs.stmt(stmt, emit);
            func.roots(stmt, |root| {
                func.walk(root, &mut |node| needs.expr(&func.exprs[node.0 as usize], emit));
            });
        }
        needs.words = frame_words(func);
        needs.large = needs.words > LARGE_FRAME.0 || func.exprs.len() > LARGE_FRAME.1;
        needs.stack |= needs.large;
        needs.interrupt = emit.interruptible() && needs.calls;
        needs.itself |= needs.stack || needs.size || needs.interrupt;
        needs.instance |= needs.memory || needs.size;
        needs
    }

    fn stmt(&mut self, stmt: &Stmt, emit: &Emit<'_>) {
        match stmt {
            Stmt::GlobalSet(..) => self.instance = true,
            Stmt::Store { check, .. } => {
                self.memory = true;
                self.size |= *check == Check::Own;
            }
            Stmt::Check { .. } => self.size = true,
            Stmt::Call { func, .. } => {
                self.itself = true;
                self.stack = true;
                self.calls = true;
                self.grows |= emit.module.uses.may_grow[*func as usize];
            }
            Stmt::CallIndirect { table, .. } => {
                self.itself = true;
                self.stack = true;
                self.calls = true;
                self.grows |= emit.module.uses.indirect_may_grow;
                self.instance |= emit.const_tables[*table as usize].is_none();
            }
            Stmt::Runtime { what, .. } => {
                self.itself = true;
                self.instance = true;
                self.grows |= matches!(what, Runtime::MemoryGrow { .. });
            }
            Stmt::Loop(_) => self.itself |= emit.interruptible(),
            Stmt::Unreachable { .. } => self.itself = true,
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr, emit: &Emit<'_>) {
        match expr {
            Expr::Load { check, .. } => {
                self.memory = true;
                self.size |= *check == Check::Own;
            }
            Expr::Trapping { .. } | Expr::RefFunc(_) => self.itself = true,
            Expr::GlobalGet(global) => {
                self.instance |= emit.constant_global(*global).is_none();
            }
            Expr::MemorySize(_) => self.instance = true,
            Expr::TableSize(table) => {
                self.instance |= emit.const_tables[*table as usize].is_none();
            }
            _ => {}
        }
    }
}

/// The words of a function's variables and of what is passed in memory, which a
/// function value always is, copy by copy.
fn frame_words(func: &Func) -> usize {
    let words = |var: Var| if func.vars[var.0 as usize] == Type::FuncRef { 4 } else { 1 };
    let is_func = |expr: &Expr| match *expr {
        Expr::Get(var) => func.vars[var.0 as usize] == Type::FuncRef,
        Expr::RefNull(ty) => ty == Type::FuncRef,
        Expr::RefFunc(_) => true,
        _ => false,
    };
    let mut live = vec![false; func.vars.len()];
    live[..func.params as usize].fill(true);
    let (mut most_args, mut results) = (FEW_ARGS, 0);
    for stmt in &func.stmts {
        func.assigned(stmt, |var| live[var.0 as usize] = true);
        if let Stmt::Call { args, results: vars, .. }
        | Stmt::CallIndirect { args, results: vars, .. } = stmt
        {
            let args = func.args[args.range()].iter();
            let funcs = args.clone().filter(|arg| is_func(&func.exprs[arg.0 as usize])).count();
            most_args = most_args.max(args.len() + 3 * funcs);
            let vars = &func.results[vars.range()];
            results += if vars.len() > 1 { vars.iter().map(|var| words(*var)).sum() } else { 0 };
        }
    }
    let vars = (0..func.vars.len() as u32).map(Var).filter(|var| live[var.0 as usize]);
    let funcs = func.exprs.iter().filter(|expr| is_func(expr)).count();
    vars.map(words).sum::<usize>() + 4 * funcs + results + most_args - FEW_ARGS
}

/// The statement before which the stack must be checked: the first, in the
/// innermost list that holds all calls, that is or holds a call. Not inside a loop.
/// Nothing can go around it: branches only leave lists.
pub(super) fn before_calls(func: &Func) -> usize {
    // The constructs around a place, outermost first, and which arm of them; then
    // the place itself.
    let mut common: Option<Vec<(usize, bool)>> = None;
    let mut path: Vec<(usize, bool)> = Vec::new();
    for (i, stmt) in func.stmts.iter().enumerate() {
        match stmt {
            Stmt::Block(_) | Stmt::Loop(_) | Stmt::If(..) => path.push((i, false)),
            Stmt::Else => path.last_mut().expect("bracketed").1 = true,
            Stmt::End => drop(path.pop()),
            Stmt::Call { .. } | Stmt::CallIndirect { .. } => {
                let here = path.iter().copied().chain([(i, false)]).take(MAX_SUNK);
                let is_loop = |place: &(usize, bool)| matches!(func.stmts[place.0], Stmt::Loop(_));
                common = Some(match common {
                    None => {
                        let mut here: Vec<(usize, bool)> = here.collect();
                        let inside = here.iter().position(is_loop).map_or(here.len(), |it| it + 1);
                        here.truncate(inside);
                        here
                    }
                    Some(before) => join(before, here),
                });
            }
            _ => {}
        }
    }
    common.and_then(|path| path.last().copied()).map_or(0, |(place, _)| place)
}

/// The innermost list around two places; the place in it is that of the first.
fn join(
    mut before: Vec<(usize, bool)>,
    here: impl Iterator<Item = (usize, bool)>,
) -> Vec<(usize, bool)> {
    let same = before.iter().zip(here).take_while(|(a, b)| *a == b).count();
    before.truncate((same + 1).min(before.len()));
    before
}

/// Where each construct ends, by the place where it begins.
pub(super) fn ends(func: &Func) -> Vec<usize> {
    let mut ends = vec![0; func.stmts.len()];
    let mut open = Vec::new();
    for (i, stmt) in func.stmts.iter().enumerate() {
        match stmt {
            Stmt::Block(_) | Stmt::Loop(_) | Stmt::If(..) => open.push(i),
            Stmt::End => ends[open.pop().expect("bracketed")] = i,
            _ => {}
        }
    }
    ends
}

/// Which variables must be declared at the top: those that are assigned more than
/// once or used out of sight of the assignment. Only operands qualify for a
/// declaration in place: a local may be read without having been assigned.
///
/// Also which variables are read at all.
pub(super) fn at_top(func: &Func, emit: &Emit<'_>) -> (Vec<bool>, Vec<bool>) {
    let mut read = vec![false; func.vars.len()];
    let mut used = vec![false; func.vars.len()];
    let mut at_top = vec![false; func.vars.len()];
    let mut scope_of: Vec<Option<u32>> = vec![None; func.vars.len()];
    let mut is_open = vec![true];
    let mut scopes = vec![0u32];
    for (i, stmt) in func.stmts.iter().enumerate() {
        let scope = *scopes.last().expect("the function's own");
        // The condition of a `do` is outside of its braces.
        let closes = matches!(stmt, Stmt::BrIf(..)) && func.stmts.get(i + 1) == Some(&Stmt::End);
        func.roots(stmt, |root| {
            func.walk(root, &mut |node| {
                if let Expr::Get(var) = func.exprs[node.0 as usize] {
                    let var = var.0 as usize;
                    read[var] = true;
                    at_top[var] |= !scope_of[var].is_some_and(|it| is_open[it as usize]);
                    at_top[var] |= closes && scope_of[var] == Some(scope);
                }
            });
        });
        func.assigned(stmt, |var| {
            let var = var.0 as usize;
            used[var] = true;
            // A call through a changing table is in braces of its own.
            let braces = matches!(stmt, Stmt::CallIndirect { table, .. }
                if emit.const_tables[*table as usize].is_none());
            at_top[var] |= scope_of[var].is_some() || braces;
            scope_of[var] = Some(scope);
        });
        match stmt {
            Stmt::Block(_) | Stmt::Loop(_) | Stmt::If(..) => {
                scopes.push(is_open.len() as u32);
                is_open.push(true);
            }
            Stmt::Else => {
                is_open[scope as usize] = false;
                *scopes.last_mut().expect("bracketed") = is_open.len() as u32;
                is_open.push(true);
            }
            Stmt::End => {
                is_open[scope as usize] = false;
                scopes.pop();
            }
            _ => {}
        }
    }
    for (var, at_top) in at_top.iter_mut().enumerate() {
        let local = var < func.locals as usize;
        *at_top = (used[var] || read[var]) && (*at_top || local) && var >= func.params as usize;
    }
    // Parameters are declared by the signature.
    for at_top in &mut at_top[..func.params as usize] {
        *at_top = true;
    }
    (at_top, read)
}
