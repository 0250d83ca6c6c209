//! Single-use values become operands.
//!
//! One forward scan. A value that is assigned once and read once waits in
//! `pending` instead of being assigned. Whoever reads it takes its tree; whatever
//! would change what the tree computes, or must not happen before it traps, first
//! makes it a real assignment. All order of effects is reasoned about here.

use super::prune;
use crate::ir::*;
use crate::ops::Op;

/// Trees stay shallow, so that C compilers and recursion over them are safe.
const MAX_DEPTH: u8 = 12;
/// And small, so that lines stay readable.
const MAX_NODES: u8 = 28;
/// More waiting values than any real program has at once.
const MAX_PENDING: usize = 48;

/// What a tree depends on or may do.
#[derive(Clone, Copy, Default)]
struct Facts {
    memory: bool,
    global: bool,
    traps: bool,
    depth: u8,
    nodes: u8,
    /// A bit for each variable that is read, by its number modulo 32.
    reads: u32,
}

#[derive(Clone, Copy)]
struct Pending {
    var: Var,
    id: Id,
    facts: Facts,
}

struct Fold<'f> {
    func: &'f mut Func,
    /// Of trees that are complete; without nodes where not known.
    known: Vec<Facts>,
    single: Vec<bool>,
    /// Which pending value a variable is, plus one.
    place: Vec<u8>,
    pending: Vec<Pending>,
    /// The first of these are the result: one at most for each that was taken.
    stmts: Vec<Stmt>,
    written: usize,
    /// Was a division found that cannot trap?
    tamed: bool,
}

/// Runs the pass, knowing how often each variable is read. Tells whether there is something
/// that could trap before, and cannot any more.
pub(super) fn run(func: &mut Func, uses: &[u32]) -> bool {
    let single = single(func, uses);
    let vars = func.vars.len();
    let stmts = std::mem::take(&mut func.stmts);
    let mut fold = Fold {
        known: vec![Facts::default(); func.exprs.len()],
        func,
        single,
        place: vec![0; vars],
        pending: Vec::new(),
        stmts,
        written: 0,
        tamed: false,
    };
    for i in 0..fold.stmts.len() {
        fold.stmt(fold.stmts[i]);
    }
    fold.flush(|_| true);
    fold.stmts.truncate(fold.written);
    fold.func.stmts = fold.stmts;
    fold.tamed
}

/// The variables that are assigned once and read once.
fn single(func: &Func, uses: &[u32]) -> Vec<bool> {
    let mut sets = vec![0u32; func.vars.len()];
    for var in &mut sets[..func.params as usize] {
        *var = 1; // by the caller
    }
    for stmt in &func.stmts {
        func.assigned(stmt, |var| sets[var.0 as usize] += 1);
    }
    uses.iter().zip(&sets).map(|(uses, sets)| *uses == 1 && *sets == 1).collect()
}

impl Fold<'_> {
    fn stmt(&mut self, stmt: Stmt) {
        let mut roots = [Id(0); 2];
        let mut count = 0;
        match stmt {
            Stmt::Call { args, .. } | Stmt::Runtime { args, .. } | Stmt::Return(args) => {
                self.args(args);
            }
            Stmt::CallIndirect { args, .. } => {
                // In C the check of the callee may come before or after the
                // arguments, so those may not trap.
                let (args, index) = args.split_last();
                args.range().for_each(|i| self.take(self.func.args[i], false));
                self.take(self.func.args[index], true);
            }
            _ => self.func.roots(&stmt, |root| {
                roots[count] = root;
                count += 1;
            }),
        }
        for root in &roots[..count] {
            self.take(*root, true);
        }
        self.effects(stmt);
    }

    fn put(&mut self, stmt: Stmt) {
        self.stmts[self.written] = stmt;
        self.written += 1;
    }

    fn args(&mut self, args: Slice) {
        for i in args.range() {
            self.take(self.func.args[i], true);
        }
    }

    /// Replaces reads of pending values in a tree by their trees. Where it is not
    /// certain that the operand is evaluated, one that traps may not go.
    fn take(&mut self, id: Id, evaluated: bool) {
        match self.func.exprs[id.0 as usize] {
            Expr::Get(var) => self.take_leaf(id, var, evaluated),
            Expr::Select { cond, then, other } => {
                self.take(cond, evaluated);
                self.take(then, false);
                self.take(other, false);
            }
            Expr::TrappingUnary(_, arg, _) => self.take(arg, evaluated),
            Expr::TrappingBinary(op, a, b, _) => {
                self.take(a, evaluated);
                self.take(b, evaluated);
                if self.is_safe_divisor(b)
                    && let Some(op) = safe_division(op)
                {
                    self.func.exprs[id.0 as usize] = Expr::Binary(op, a, b);
                    self.tamed = true;
                }
            }
            Expr::Unary(op, arg) => {
                self.take(arg, evaluated);
                self.func.exprs[id.0 as usize] = self.simplify_not(op, arg);
            }
            Expr::Binary(_, a, b) => {
                self.take(a, evaluated);
                self.take(b, evaluated);
            }
            Expr::Load { addr, .. } => self.take(addr, evaluated),
            Expr::RefIsNull { value, .. } => self.take(value, evaluated),
            _ => {}
        }
    }

    fn take_leaf(&mut self, id: Id, var: Var, evaluated: bool) {
        let place = self.place[var.0 as usize];
        if place == 0 {
            return;
        }
        let pending = self.remove(place as usize - 1);
        let fits = pending.facts.depth < MAX_DEPTH && pending.facts.nodes < MAX_NODES;
        if fits && (evaluated || !pending.facts.traps) {
            self.func.exprs[id.0 as usize] = self.func.exprs[pending.id.0 as usize];
            self.known[id.0 as usize] = pending.facts;
        } else {
            self.put(Stmt::Set(pending.var, pending.id));
        }
    }

    fn remove(&mut self, place: usize) -> Pending {
        let pending = self.pending.remove(place);
        self.place[pending.var.0 as usize] = 0;
        for (i, it) in self.pending.iter().enumerate().skip(place) {
            self.place[it.var.0 as usize] = i as u8 + 1;
        }
        pending
    }

    /// A division by such a constant cannot trap, and needs no check.
    fn is_safe_divisor(&self, id: Id) -> bool {
        match self.func.exprs[id.0 as usize] {
            Expr::I32(value) => !matches!(value, 0 | u32::MAX),
            Expr::I64(value) => !matches!(value, 0 | u64::MAX),
            _ => false,
        }
    }

    /// `!(a == b)` is `a != b`, and so for each comparison of integers.
    fn simplify_not(&self, op: Op, arg: Id) -> Expr {
        if op == Op::I32Eqz
            && let Expr::Binary(compare, a, b) = self.func.exprs[arg.0 as usize]
            && let Some(inverse) = inverse(compare)
        {
            return Expr::Binary(inverse, a, b);
        }
        Expr::Unary(op, arg)
    }

    fn facts(&self, id: Id) -> Facts {
        if self.known[id.0 as usize].nodes > 0 {
            return self.known[id.0 as usize];
        }
        let mut facts = Facts { nodes: 1, depth: 1, ..Facts::default() };
        match self.func.exprs[id.0 as usize] {
            Expr::I32(_) | Expr::I64(_) => return facts,
            Expr::Load { .. } => {
                facts.memory = true;
                facts.traps = true;
            }
            Expr::GlobalGet(_) | Expr::MemorySize(_) | Expr::TableSize(_) => facts.global = true,
            Expr::TrappingUnary(..) | Expr::TrappingBinary(..) => facts.traps = true,
            Expr::Get(var) => return Facts { reads: bit(var), ..facts },
            _ => {}
        }
        self.func.operands(id, |operand| {
            let part = self.facts(operand);
            facts.memory |= part.memory;
            facts.global |= part.global;
            facts.traps |= part.traps;
            facts.reads |= part.reads;
            facts.depth = facts.depth.max(part.depth + 1);
            facts.nodes = facts.nodes.saturating_add(part.nodes);
        });
        facts
    }

    /// Makes assignments of the pending values that the statement affects, then
    /// emits the statement, or lets its own value wait.
    fn effects(&mut self, stmt: Stmt) {
        match stmt {
            Stmt::Set(var, id) => return self.set(var, id),
            Stmt::Eval(id) => {
                if self.func.exprs[id.0 as usize].may_trap() {
                    self.flush(|facts| facts.traps);
                }
                if !prune::traps(self.func, id) {
                    return;
                }
            }
            Stmt::Store { .. } => self.flush(|facts| facts.memory || facts.traps),
            Stmt::GlobalSet(..) => self.flush(|facts| facts.global || facts.traps),
            Stmt::Check { .. } => self.flush(|facts| facts.traps),
            Stmt::Call { .. } | Stmt::CallIndirect { .. } | Stmt::Runtime { .. } => {
                self.flush(|facts| facts.memory || facts.global || facts.traps);
                self.flush_readers_of_results(&stmt);
            }
            _ => self.flush(|_| true), // control
        }
        self.put(stmt);
    }

    fn set(&mut self, var: Var, id: Id) {
        // An assignment of a variable to itself does nothing.
        if self.func.exprs[id.0 as usize] == Expr::Get(var) {
            return;
        }
        let trapping = self.func.exprs[id.0 as usize].may_trap();
        if self.single[var.0 as usize] && !trapping {
            let facts = self.facts(id);
            if self.pending.len() == MAX_PENDING {
                let oldest = self.remove(0);
                self.put(Stmt::Set(oldest.var, oldest.id));
            }
            self.pending.push(Pending { var, id, facts });
            self.place[var.0 as usize] = self.pending.len() as u8;
            return;
        }
        if trapping {
            self.flush(|facts| facts.traps);
        }
        self.flush_readers(var);
        self.put(Stmt::Set(var, id));
    }

    fn flush_readers_of_results(&mut self, stmt: &Stmt) {
        match *stmt {
            Stmt::Runtime { result, .. } => {
                result.into_iter().for_each(|it| self.flush_readers(it))
            }
            Stmt::Call { results, .. } | Stmt::CallIndirect { results, .. } => {
                for i in results.range() {
                    self.flush_readers(self.func.results[i]);
                }
            }
            _ => {}
        }
    }

    /// Assigns the pending values that read a variable about to change.
    fn flush_readers(&mut self, var: Var) {
        let mut i = 0;
        while i < self.pending.len() {
            let it = &self.pending[i];
            if it.facts.reads & bit(var) != 0 && self.reads(it.id, var) {
                let it = self.remove(i);
                self.put(Stmt::Set(it.var, it.id));
            } else {
                i += 1;
            }
        }
    }

    fn reads(&self, id: Id, var: Var) -> bool {
        let mut reads = false;
        self.func.walk(id, &mut |node| {
            reads |= self.func.exprs[node.0 as usize] == Expr::Get(var);
        });
        reads
    }

    fn flush(&mut self, affected: impl Fn(&Facts) -> bool) {
        let mut kept = 0;
        for i in 0..self.pending.len() {
            let it = self.pending[i];
            if affected(&it.facts) {
                self.place[it.var.0 as usize] = 0;
                self.put(Stmt::Set(it.var, it.id));
            } else {
                self.pending[kept] = it;
                kept += 1;
                self.place[it.var.0 as usize] = kept as u8;
            }
        }
        self.pending.truncate(kept);
    }
}

/// The bit of [`Facts::reads`] that stands for a variable, and others.
fn bit(var: Var) -> u32 {
    1 << (var.0 % 32)
}

fn safe_division(op: Op) -> Option<Op> {
    Some(match op {
        Op::I32DivS => Op::I32DivSSafe,
        Op::I32DivU => Op::I32DivUSafe,
        Op::I32RemS => Op::I32RemSSafe,
        Op::I32RemU => Op::I32RemUSafe,
        Op::I64DivS => Op::I64DivSSafe,
        Op::I64DivU => Op::I64DivUSafe,
        Op::I64RemS => Op::I64RemSSafe,
        Op::I64RemU => Op::I64RemUSafe,
        _ => return None,
    })
}

pub(super) fn inverse(op: Op) -> Option<Op> {
    Some(match op {
        Op::I32Eq => Op::I32Ne,
        Op::I32Ne => Op::I32Eq,
        Op::I32LtS => Op::I32GeS,
        Op::I32LtU => Op::I32GeU,
        Op::I32GtS => Op::I32LeS,
        Op::I32GtU => Op::I32LeU,
        Op::I32LeS => Op::I32GtS,
        Op::I32LeU => Op::I32GtU,
        Op::I32GeS => Op::I32LtS,
        Op::I32GeU => Op::I32LtU,
        Op::I64Eq => Op::I64Ne,
        Op::I64Ne => Op::I64Eq,
        Op::I64LtS => Op::I64GeS,
        Op::I64LtU => Op::I64GeU,
        Op::I64GtS => Op::I64LeS,
        Op::I64GtU => Op::I64LeU,
        Op::I64LeS => Op::I64GtS,
        Op::I64LeU => Op::I64GtU,
        Op::I64GeS => Op::I64LtS,
        Op::I64GeU => Op::I64LtU,
        _ => return None,
    })
}
