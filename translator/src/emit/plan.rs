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
            Expr::TrappingUnary(..) | Expr::TrappingBinary(..) | Expr::RefFunc(_) => {
                self.itself = true;
            }
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

/// All of it.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) needs: Needs,
    /// Which variables must be declared at the top: those that are assigned more than
    /// once or used out of sight of the assignment. Only operands qualify for a
    /// declaration in place: a local may be read without having been assigned.
    pub(super) at_top: Vec<bool>,
    /// Which variables are read at all.
    pub(super) read: Vec<bool>,
    /// Where each construct ends, by the place where it begins.
    pub(super) ends: Vec<usize>,
}

impl Plan {
    /// Of a function, by one walk over it.
    pub(super) fn of(func: &Func, emit: &Emit<'_>) -> Plan {
        let vars = func.vars.len();
        let mut walk = Walk {
            func,
            emit,
            plan: Plan {
                needs: Needs::default(),
                at_top: vec![false; vars],
                read: vec![false; vars],
                ends: vec![0; func.stmts.len()],
            },
            assigned: vec![None; vars],
            is_open: vec![true],
            scopes: vec![0],
            begins: Vec::new(),
            closes: false,
            funcs: 0,
            most_args: FEW_ARGS,
            results: 0,
        };
        for (at, stmt) in func.stmts.iter().enumerate() {
            walk.stmt(at, stmt);
        }
        walk.finish()
    }
}

/// The number of a list of statements in which others may be nested.
type Scope = u32;

struct Walk<'f, 'e, 'a> {
    func: &'f Func,
    emit: &'e Emit<'a>,
    plan: Plan,
    /// Where each variable was last assigned.
    assigned: Vec<Option<Scope>>,
    is_open: Vec<bool>,
    /// Those that are open, the innermost last.
    scopes: Vec<Scope>,
    begins: Vec<usize>,
    /// Is this the condition of a `do`? That is outside of its braces.
    closes: bool,
    /// Function values among the operands.
    funcs: usize,
    most_args: usize,
    results: usize,
}

impl Walk<'_, '_, '_> {
    fn stmt(&mut self, at: usize, stmt: &Stmt) {
        let func = self.func;
        self.closes = matches!(stmt, Stmt::BrIf(..)) && func.stmts.get(at + 1) == Some(&Stmt::End);
        func.roots(stmt, |root| self.tree(root));
        self.plan.needs.stmt(stmt, self.emit);
        match *stmt {
            Stmt::Call { args, results, .. } => self.passed(args, results),
            Stmt::CallIndirect { args, results, .. } => self.passed(args.split_last().0, results),
            _ => {}
        }
        // A call through a changing table is in braces of its own.
        let braces = matches!(stmt, Stmt::CallIndirect { table, .. }
            if self.emit.const_tables[*table as usize].is_none());
        let scope = self.scope();
        func.assigned(stmt, |var| {
            let before = self.assigned[var.0 as usize].replace(scope);
            self.plan.at_top[var.0 as usize] |= before.is_some() || braces;
        });
        self.brackets(at, stmt);
    }

    fn brackets(&mut self, at: usize, stmt: &Stmt) {
        let scope = self.scope();
        match stmt {
            Stmt::Block(_) | Stmt::Loop(_) | Stmt::If(..) => {
                self.begins.push(at);
                self.scopes.push(self.is_open.len() as Scope);
                self.is_open.push(true);
            }
            Stmt::Else => {
                self.is_open[scope as usize] = false;
                *self.scopes.last_mut().expect("bracketed") = self.is_open.len() as Scope;
                self.is_open.push(true);
            }
            Stmt::End => {
                self.plan.ends[self.begins.pop().expect("bracketed")] = at;
                self.is_open[scope as usize] = false;
                self.scopes.pop();
            }
            _ => {}
        }
    }

    fn scope(&self) -> Scope {
        *self.scopes.last().expect("the function's own")
    }

    fn tree(&mut self, id: Id) {
        let func = self.func;
        match &func.exprs[id.0 as usize] {
            Expr::Get(var) => self.get(*var),
            Expr::I32(_) | Expr::I64(_) => {}
            Expr::Unary(_, a) => self.tree(*a),
            Expr::Binary(_, a, b) => {
                self.tree(*a);
                self.tree(*b);
            }
            other => {
                self.plan.needs.expr(other, self.emit);
                let is_func = matches!(other, Expr::RefNull(Type::FuncRef) | Expr::RefFunc(_));
                self.funcs += usize::from(is_func);
                func.operands(id, |operand| self.tree(operand));
            }
        }
    }

    fn get(&mut self, var: Var) {
        let assigned = self.assigned[var.0 as usize];
        let in_sight = assigned.is_some_and(|it| self.is_open[it as usize]);
        let outside = self.closes && assigned == Some(self.scope());
        self.plan.read[var.0 as usize] = true;
        self.plan.at_top[var.0 as usize] |= !in_sight || outside;
        self.funcs += usize::from(self.func.vars[var.0 as usize] == Type::FuncRef);
    }

    /// What a call passes in memory: many arguments, several results.
    fn passed(&mut self, args: Slice, results: Slice) {
        let is_func = |arg: &&Id| match self.func.exprs[arg.0 as usize] {
            Expr::Get(var) => self.func.vars[var.0 as usize] == Type::FuncRef,
            Expr::RefNull(ty) => ty == Type::FuncRef,
            Expr::RefFunc(_) => true,
            _ => false,
        };
        let funcs = self.func.args[args.range()].iter().filter(is_func).count();
        self.most_args = self.most_args.max(args.len as usize + 3 * funcs);
        if results.len > 1 {
            let results = self.func.results[results.range()].iter();
            self.results += results.map(|var| self.words(*var)).sum::<usize>();
        }
    }

    fn words(&self, var: Var) -> usize {
        if self.func.vars[var.0 as usize] == Type::FuncRef { 4 } else { 1 }
    }

    /// The words of a function's variables and of what is passed in memory, which a
    /// function value always is, copy by copy.
    fn frame_words(&self) -> usize {
        let params = self.func.params;
        let live = |var: &Var| var.0 < params || self.assigned[var.0 as usize].is_some();
        let vars = (0..self.func.vars.len() as u32).map(Var).filter(live);
        let words: usize = vars.map(|var| self.words(var)).sum();
        words + 4 * self.funcs + self.results + self.most_args - FEW_ARGS
    }

    fn finish(mut self) -> Plan {
        let words = self.frame_words();
        let Plan { needs, at_top, read, .. } = &mut self.plan;
        for (var, at_top) in at_top.iter_mut().enumerate() {
            let local = var < self.func.locals as usize;
            let used = self.assigned[var].is_some() || read[var];
            // Parameters are declared by the signature.
            *at_top = var < self.func.params as usize || used && (*at_top || local);
        }
        needs.words = words;
        needs.large = words > LARGE_FRAME.0 || self.func.exprs.len() > LARGE_FRAME.1;
        needs.stack |= needs.large;
        needs.interrupt = self.emit.interruptible() && needs.calls;
        needs.itself |= needs.stack || needs.size || needs.interrupt;
        needs.instance |= needs.memory || needs.size;
        self.plan
    }
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
