//! Finds the loads that a C compiler cannot leave out, in `guard` mode.
//!
//! A load whose value nobody needs must trap all the same, so `read` marks every
//! load as forced: a volatile access, which compilers neither delete nor
//! optimise. Here the mark is taken off where the value is needed anyway: on
//! every path from the load it reaches a store, a call, a branch or a result.
//! Paths that end in a trap do not count: which trap comes first when a program
//! is about to trap anyway is left to the compiler.
//!
//! A backward analysis over the bracketed list. `needed` holds the variables whose
//! value is needed on every path from here on; loops start from "all of them", and
//! those that are in no other are repeated until nothing changes.

use super::demand;
use crate::ir::*;

/// Repetitions of a loop after which a function is given up: its loads stay forced.
const MAX_ROUNDS: usize = 12;
/// Words of bit sets that a function may cost in one round.
const MAX_WORK: usize = 1 << 22;
/// The number of a variable that nothing reads.
const UNREAD: u32 = u32::MAX;

/// Sets of one size, one after the other, so that making one costs no allocation.
struct Sets {
    words: usize,
    bits: Vec<u64>,
}

impl Sets {
    fn get(&self, i: usize) -> &[u64] {
        &self.bits[i * self.words..][..self.words]
    }

    fn set(&mut self, i: usize, set: &[u64]) {
        self.bits[i * self.words..][..self.words].copy_from_slice(set);
    }

    fn push(&mut self, set: &[u64]) {
        self.bits.extend_from_slice(set);
    }

    fn pop(&mut self) {
        self.bits.truncate(self.bits.len() - self.words);
    }

    fn last(&self) -> &[u64] {
        &self.bits[self.bits.len() - self.words..]
    }

    fn last_mut(&mut self) -> &mut [u64] {
        let start = self.bits.len() - self.words;
        &mut self.bits[start..]
    }
}

struct Dead<'f> {
    func: &'f mut Func,
    /// The bit of each variable.
    bits: Vec<u32>,
    /// The bits of each variable of which one must matter; see `loaded`.
    loaded: Vec<u64>,
    /// What is needed where a branch to each label goes: everything, as long as
    /// nothing is known of a loop.
    targets: Sets,
    /// The construct that each `End` closes, if it is not a loop.
    ends: Vec<Option<Label>>,
    /// How many of `ends` are still to come, going backwards.
    ends_left: usize,
    needed: Vec<u64>,
    /// Of each open construct, what is needed if its condition does not hold: after
    /// its end or, once past it, in its `else` arm.
    open: Sets,
    changed: bool,
    /// Loads whose value is needed, if this round was the last.
    found: Vec<Id>,
}

/// What was known at the end of a loop, to begin there again.
struct Again {
    at: usize,
    rounds: usize,
    needed: Vec<u64>,
    open: usize,
    ends_left: usize,
    found: usize,
}

/// Runs the pass.
pub(super) fn run(func: &mut Func) {
    if !func.exprs.iter().any(|expr| matches!(expr, Expr::Load { .. })) {
        return;
    }
    let (bits, count) = bits(func);
    let words = count.div_ceil(64);
    let constructs = func.branches.len() + 1;
    let branches: usize = func.branches.iter().map(|uses| *uses as usize).sum();
    if words * (constructs + branches) > MAX_WORK {
        return;
    }
    let mut dead = Dead {
        bits,
        loaded: loaded(func),
        targets: Sets { words, bits: vec![u64::MAX; words * constructs] },
        ends: ends(func),
        ends_left: 0,
        needed: vec![0; words],
        open: Sets { words, bits: Vec::new() },
        changed: false,
        found: Vec::new(),
        func,
    };
    let stmts = std::mem::take(&mut dead.func.stmts);
    if dead.all(&stmts) {
        dead.unforce();
    }
    dead.func.stmts = stmts;
}

impl Dead<'_> {
    /// Goes through the statements; gives up if a loop takes too long.
    fn all(&mut self, stmts: &[Stmt]) -> bool {
        self.ends_left = self.ends.len();
        let mut again: Option<Again> = None;
        let mut loops = 0;
        let mut at = stmts.len();
        while at > 0 {
            at -= 1;
            if matches!(stmts[at], Stmt::End) && self.ends[self.ends_left - 1].is_none() {
                loops += 1;
                if loops == 1 {
                    again = Some(self.again(at + 1));
                }
            }
            self.stmt(&stmts[at], &stmts[at + 1..]);
            if let Stmt::Loop(_) = stmts[at] {
                loops -= 1;
                if loops == 0 && std::mem::take(&mut self.changed) {
                    let Some(again) = &mut again else { return false };
                    at = self.go_back(again);
                    if again.rounds == MAX_ROUNDS {
                        return false;
                    }
                }
            }
        }
        true
    }

    fn again(&self, at: usize) -> Again {
        Again {
            at,
            rounds: 0,
            needed: self.needed.clone(),
            open: self.open.bits.len(),
            ends_left: self.ends_left,
            found: self.found.len(),
        }
    }

    fn go_back(&mut self, again: &mut Again) -> usize {
        again.rounds += 1;
        self.needed.copy_from_slice(&again.needed);
        self.open.bits.truncate(again.open);
        self.ends_left = again.ends_left;
        self.found.truncate(again.found);
        again.at
    }

    /// A statement and what follows it.
    fn stmt(&mut self, stmt: &Stmt, rest: &[Stmt]) {
        match *stmt {
            Stmt::End => self.end(),
            Stmt::Else => {
                self.open.last_mut().swap_with_slice(&mut self.needed);
            }
            Stmt::Block(_) => self.open.pop(),
            Stmt::Loop(label) => self.begin_loop(label),
            Stmt::If(cond, _) => self.begin_if(cond, rest),
            Stmt::Br(label) => self.needed.copy_from_slice(self.targets.get(label.0 as usize)),
            Stmt::BrIf(cond, label) => {
                self.intersect(label);
                if !self.is_next(label, rest) {
                    self.need(cond);
                }
            }
            Stmt::BrTable { index, targets } => {
                self.needed.fill(u64::MAX);
                for i in targets.range() {
                    self.intersect(self.func.targets[i]);
                }
                self.need(index);
            }
            Stmt::Return(args) => {
                self.needed.fill(0);
                self.need_all(args);
            }
            Stmt::Unreachable { .. } => self.needed.fill(u64::MAX),
            Stmt::Set(var, id) => self.set(var, id),
            Stmt::Eval(id) => self.need_operands(id),
            Stmt::GlobalSet(_, id) => self.need(id),
            Stmt::Store { access, addr, value, .. } => {
                self.need(addr);
                self.need_bits(value, demand::ALL >> (64 - 8 * access.bytes()));
            }
            Stmt::Call { args, results, .. } | Stmt::CallIndirect { args, results, .. } => {
                self.remove_all(results);
                self.need_all(args);
            }
            Stmt::Runtime { args, result, .. } => {
                result.into_iter().for_each(|var| self.remove(var));
                self.need_all(args);
            }
            Stmt::Check { addr, .. } => self.need(addr),
        }
    }

    fn remove_all(&mut self, results: Slice) {
        for i in results.range() {
            self.remove(self.func.results[i]);
        }
    }

    fn set(&mut self, var: Var, id: Id) {
        let needed = self.has(var);
        self.remove(var);
        if needed {
            self.need(id);
        } else {
            self.need_operands(id);
        }
    }

    /// What a tree needs whose own value is not needed: the operands of an
    /// instruction that may trap.
    fn need_operands(&mut self, id: Id) {
        // Of a division, the divisor decides.
        if let Expr::TrappingUnary(_, last, _) | Expr::TrappingBinary(_, _, last, _) =
            self.func.exprs[id.0 as usize]
        {
            self.need(last);
        }
    }

    /// The value of the tree is needed; so is what it is certain to evaluate.
    fn need(&mut self, id: Id) {
        self.need_bits(id, demand::ALL);
    }

    /// Of the tree's value, these bits are needed.
    fn need_bits(&mut self, id: Id, mask: u64) {
        match self.func.exprs[id.0 as usize] {
            Expr::Get(var) => self.need_var(var, mask),
            Expr::Select { cond, then, other } if !demand::is_same(self.func, then, other) => {
                self.need(cond);
            }
            Expr::Load { access, addr, .. } => {
                if mask & demand::last_byte(access) != 0 {
                    self.found.push(id);
                }
                self.need(addr);
            }
            Expr::Unary(op, a) if mask != 0 => self.need_bits(a, demand::unary(op, mask)),
            Expr::RefIsNull { value, .. } => self.need(value),
            Expr::Binary(op, a, b) if mask != 0 => {
                let (mask_a, mask_b) = demand::binary(self.func, op, a, b, mask);
                self.need_bits(a, mask_a);
                self.need_bits(b, mask_b);
            }
            Expr::TrappingUnary(_, a, _) => self.need(a),
            Expr::TrappingBinary(_, a, b, _) => {
                self.need(a);
                self.need(b);
            }
            _ => {}
        }
    }

    fn unforce(&mut self) {
        for id in &self.found {
            if let Expr::Load { check: check @ Check::Forced, .. } =
                &mut self.func.exprs[id.0 as usize]
            {
                *check = Check::Guard;
            }
        }
    }

    fn need_var(&mut self, var: Var, mask: u64) {
        let all = match self.func.vars[var.0 as usize] {
            Type::I32 => u64::from(u32::MAX),
            _ => demand::ALL,
        };
        if mask & self.loaded[var.0 as usize] != 0 || mask & all == all {
            let bit = self.bits[var.0 as usize];
            self.needed[bit as usize / 64] |= 1 << (bit % 64);
        }
    }

    fn need_all(&mut self, args: Slice) {
        for i in args.range() {
            self.need(self.func.args[i]);
        }
    }

    /// At the end of a construct, which is met first.
    fn end(&mut self) {
        self.ends_left -= 1;
        if let Some(label) = self.ends[self.ends_left] {
            self.targets.set(label.0 as usize, &self.needed);
        }
        self.open.push(&self.needed);
    }

    fn begin_loop(&mut self, label: Label) {
        self.open.pop();
        if self.targets.get(label.0 as usize) != self.needed {
            self.targets.set(label.0 as usize, &self.needed);
            self.changed = true;
        }
    }

    /// Does what follows only close constructs, up to the one with this label?
    fn is_next(&self, label: Label, rest: &[Stmt]) -> bool {
        let ends = rest.iter().take_while(|stmt| **stmt == Stmt::End).count();
        let closed = &self.ends[self.ends_left..][..ends];
        closed.contains(&Some(label))
    }

    fn begin_if(&mut self, cond: Id, rest: &[Stmt]) {
        and(&mut self.needed, self.open.last());
        self.open.pop();
        if !matches!(rest, [Stmt::End, ..] | [Stmt::Else, Stmt::End, ..]) {
            self.need(cond);
        }
    }

    /// A branch may go to the label.
    fn intersect(&mut self, label: Label) {
        and(&mut self.needed, self.targets.get(label.0 as usize));
    }

    fn has(&self, var: Var) -> bool {
        let bit = self.bits[var.0 as usize];
        bit != UNREAD && self.needed[bit as usize / 64] & 1 << (bit % 64) != 0
    }

    fn remove(&mut self, var: Var) {
        let bit = self.bits[var.0 as usize];
        if bit != UNREAD {
            self.needed[bit as usize / 64] &= !(1 << (bit % 64));
        }
    }
}

fn and(set: &mut [u64], other: &[u64]) {
    set.iter_mut().zip(other).for_each(|(a, b)| *a &= b);
}

/// A variable that only loads of one kind are assigned to matters if their last
/// byte does. In any other case all of its bits must matter: this gives 0.
fn loaded(func: &Func) -> Vec<u64> {
    let mut loaded = vec![demand::ALL; func.vars.len()];
    for stmt in &func.stmts {
        let Stmt::Set(var, id) = *stmt else { continue };
        let bits = match func.exprs[id.0 as usize] {
            Expr::Load { access, .. } => demand::last_byte(access),
            Expr::I32(_) | Expr::I64(_) => continue,
            _ => 0,
        };
        let known = &mut loaded[var.0 as usize];
        *known = if *known == demand::ALL || *known == bits { bits } else { 0 };
    }
    loaded
}

/// Numbers the variables that are read: few, once single uses are folded. What no
/// statement uses any more may count, too: looking at the trees would take longer.
fn bits(func: &Func) -> (Vec<u32>, usize) {
    let mut bits = vec![UNREAD; func.vars.len()];
    let mut count = 0;
    for expr in &func.exprs {
        if let Expr::Get(var) = *expr
            && bits[var.0 as usize] == UNREAD
        {
            bits[var.0 as usize] = count;
            count += 1;
        }
    }
    (bits, count as usize)
}

/// The label of the construct that each `End` closes; none for a loop.
fn ends(func: &Func) -> Vec<Option<Label>> {
    let mut open = Vec::new();
    let mut ends = Vec::new();
    for stmt in &func.stmts {
        match *stmt {
            Stmt::Block(label) | Stmt::If(_, label) => open.push(Some(label)),
            Stmt::Loop(_) => open.push(None),
            Stmt::End => ends.push(open.pop().expect("bracketed")),
            _ => {}
        }
    }
    ends
}
