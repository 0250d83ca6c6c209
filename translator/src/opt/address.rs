//! Addresses: folds constants into offsets and, in `bounds` mode, makes one check
//! do for many accesses.
//!
//! Every variable has a *value*: a number for something unknown, plus a constant.
//! `q = p + 8` gives `q` the number of `p`, so an access of `q` tells something
//! about `p`. A *fact* says that a range of addresses around a number is in
//! bounds; an access that did not trap, or a check, establishes it. It holds in
//! everything that is dominated by it, since a value never changes and a memory
//! never shrinks.
//!
//! A 32-bit memory never reaches the last [`HEADROOM`] bytes of the address space.
//! So if `p` is in bounds, `p + 8` does not wrap, and `load (p + 8)` is `load p`
//! with offset 8. What the emitted C may touch is bounded by arithmetic all the
//! same: it is a 32-bit value plus a constant below 2 GiB.
//!
//! In `bounds` mode a check may look ahead: up to the next effect, everything that
//! is accessed around the same number is checked at once, from its lowest address.
//! This is exact. If the check fails without wrapping, the highest access would
//! trap; if the sum wrapped, the lowest one is in the headroom and would trap. And
//! which of several accesses traps cannot be told apart while nothing happens
//! between them.

use crate::ir::*;
use crate::ops::Op;
use crate::options;

/// Bytes below 4 GiB that no memory reaches: `WDN_MAX_PAGES` in `wdn.h` agrees.
const HEADROOM: i64 = 1 << 24;
/// The offsets that a guarded reservation covers.
const MAX_OFFSET: i64 = 1 << 31;
/// How many statements are looked at ahead.
const AHEAD: usize = 24;
/// How many facts and anchors are kept: the latest.
const MAX_KEPT: usize = 32;
/// How deep loops nest before it is no longer known what they assign.
const MAX_LOOPS: usize = 12;
/// Nesting beyond which everything is forgotten instead of tracked.
const MAX_DEPTH: usize = 48;

/// A number plus a constant.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Value {
    number: u32,
    plus: i64,
}

/// The addresses `low..high` around a number are in bounds, up to this depth.
struct Fact {
    number: u32,
    low: i64,
    high: i64,
    depth: usize,
}

/// A variable that holds a value for good.
struct Anchor {
    var: Var,
    value: Value,
    depth: usize,
}

/// An access: of `end` bytes from `var + plus`.
#[derive(Clone, Copy)]
struct Access {
    var: Var,
    plus: i64,
    value: Value,
    end: i64,
    at: u32,
}

struct Pass<'f> {
    func: &'f mut Func,
    min_size: u64,
    bounds: bool,
    values: Vec<Value>,
    numbers: u32,
    /// Values below this number are forgotten.
    known_from: u32,
    facts: Vec<Fact>,
    anchors: Vec<Anchor>,
    depth: usize,
    /// Variables assigned since each open construct began.
    assigned: Vec<Var>,
    marks: Vec<usize>,
    loops: Vec<Option<Vec<Var>>>,
    next_loop: usize,
    /// Space for the loads of a statement.
    nodes: Vec<Id>,
    out: Vec<Stmt>,
}

/// Runs the pass.
pub(super) fn run(func: &mut Func, module: &Module<'_>, memory: options::Memory) {
    let stmts = std::mem::take(&mut func.stmts);
    let loops = loops(func, &stmts);
    let mut pass = Pass {
        min_size: module.memories.first().map_or(0, |memory| memory.limits.min << 16),
        bounds: memory == options::Memory::Bounds,
        values: vec![Value::default(); func.vars.len()],
        numbers: 1,
        known_from: 1,
        facts: Vec::new(),
        anchors: Vec::new(),
        depth: 0,
        assigned: Vec::new(),
        marks: Vec::new(),
        loops,
        next_loop: 0,
        nodes: Vec::new(),
        out: Vec::with_capacity(stmts.len()),
        func,
    };
    for i in 0..stmts.len() {
        pass.stmt(&stmts[i..]);
    }
    pass.func.stmts = pass.out;
}

/// What each loop assigns, in order of the loops; `None` where that is too much.
fn loops(func: &Func, stmts: &[Stmt]) -> Vec<Option<Vec<Var>>> {
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

impl Pass<'_> {
    /// The first of `rest` is next.
    fn stmt(&mut self, rest: &[Stmt]) {
        let mut stmt = rest[0];
        let accesses = self.accesses(&stmt, &[]);
        for access in &accesses {
            if self.bounds {
                self.establish(access, rest);
            } else {
                self.anchor(access, rest);
            }
        }
        self.rewrite(&mut stmt);
        for access in accesses {
            self.note(access.value.number, access.value.plus, access.value.plus + access.end);
        }
        self.out.push(stmt);
        self.assign(&stmt);
        self.control(&stmt);
    }

    fn control(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Block(_) | Stmt::If(..) => self.enter(),
            Stmt::Loop(_) => {
                // What a later iteration assigns is unknown in this one.
                match self.loops[self.next_loop].take() {
                    Some(vars) => vars.into_iter().for_each(|var| self.forget(var)),
                    None => self.known_from = self.numbers,
                }
                self.next_loop += 1;
                self.enter();
            }
            Stmt::Else => self.merge(),
            Stmt::End => {
                self.merge();
                self.depth -= 1;
                self.marks.pop();
            }
            _ => {}
        }
    }

    fn enter(&mut self) {
        self.depth += 1;
        self.marks.push(self.assigned.len());
    }

    /// Where paths meet, what one of them did is not known.
    fn merge(&mut self) {
        let depth = self.depth;
        self.facts.retain(|fact| fact.depth < depth);
        self.anchors.retain(|anchor| anchor.depth < depth);
        if depth > MAX_DEPTH {
            self.known_from = self.numbers;
            return;
        }
        let mark = *self.marks.last().expect("bracketed");
        for i in mark..self.assigned.len() {
            self.forget(self.assigned[i]);
        }
    }

    fn fresh(&mut self) -> Value {
        self.numbers += 1;
        Value { number: self.numbers - 1, plus: 0 }
    }

    fn forget(&mut self, var: Var) {
        self.values[var.0 as usize] = self.fresh();
    }

    fn value(&mut self, var: Var) -> Value {
        if self.values[var.0 as usize].number < self.known_from {
            self.forget(var);
        }
        self.values[var.0 as usize]
    }

    /// A tree as a variable plus a constant, if it is that.
    fn linear(&self, id: Id) -> Option<(Var, i64)> {
        match self.func.exprs[id.0 as usize] {
            Expr::Get(var) => Some((var, 0)),
            Expr::Binary(op @ (Op::I32Add | Op::I32Sub), a, b) => {
                let Expr::I32(constant) = self.func.exprs[b.0 as usize] else { return None };
                let constant = i64::from(constant as i32);
                let (var, plus) = self.linear(a)?;
                let plus = if op == Op::I32Add { plus + constant } else { plus - constant };
                (plus.abs() < HEADROOM).then_some((var, plus))
            }
            _ => None,
        }
    }

    fn assign(&mut self, stmt: &Stmt) {
        if let Stmt::Set(var, id) = *stmt {
            let value = self.value_of(id);
            self.values[var.0 as usize] = value.unwrap_or_default();
            if value.is_none() {
                self.forget(var);
            }
            self.assigned.push(var);
        } else {
            let first = self.assigned.len();
            let assigned = &mut self.assigned;
            self.func.assigned(stmt, |var| assigned.push(var));
            for i in first..self.assigned.len() {
                self.forget(self.assigned[i]);
            }
        }
    }

    fn value_of(&mut self, id: Id) -> Option<Value> {
        let (var, plus) = self.linear(id)?;
        let base = self.value(var);
        let plus = base.plus + plus;
        (plus.abs() < HEADROOM).then_some(Value { number: base.number, plus })
    }

    /// The accesses that a statement makes and whose address is linear. `changed`
    /// holds values of variables that differ from the present ones.
    fn accesses(&mut self, stmt: &Stmt, changed: &[(Var, Option<Value>)]) -> Vec<Access> {
        let mut found = Vec::new();
        self.func.roots(stmt, |root| {
            self.func.walk(root, &mut |node| {
                if let Expr::Load { access, addr, offset, at, .. } =
                    self.func.exprs[node.0 as usize]
                {
                    found.push((addr, offset, access.bytes(), at));
                }
            });
        });
        if let Stmt::Store { access, addr, offset, at, .. } = *stmt {
            found.push((addr, offset, access.bytes(), at));
        }
        let mut accesses = Vec::with_capacity(found.len());
        for (addr, offset, bytes, at) in found {
            let end = i64::from(offset) + i64::from(bytes);
            let Some((var, plus)) = self.linear(addr) else { continue };
            let base = match changed.iter().rev().find(|(it, _)| *it == var) {
                Some((_, value)) => *value,
                None => Some(self.value(var)),
            };
            let Some(base) = base else { continue };
            let value = Value { number: base.number, plus: base.plus + plus };
            if value.plus.abs() < HEADROOM && end < HEADROOM {
                accesses.push(Access { var, plus, value, end, at });
            }
        }
        accesses
    }

    fn in_bounds(&self, number: u32, low: i64, high: i64) -> bool {
        let covers = |fact: &Fact| fact.number == number && fact.low <= low && high <= fact.high;
        self.facts.iter().any(covers)
    }

    /// Notes that a range is in bounds, joined with what is known around it: if both
    /// ends are in bounds, so is everything between them.
    fn note(&mut self, number: u32, mut low: i64, mut high: i64) {
        for fact in self.facts.iter().filter(|fact| fact.number == number) {
            if high.max(fact.high) - low.min(fact.low) < HEADROOM {
                low = low.min(fact.low);
                high = high.max(fact.high);
            }
        }
        let depth = self.depth;
        if self.in_bounds(number, low, high) {
            return;
        }
        self.facts.retain(|fact| fact.number != number || fact.depth < depth);
        if self.facts.len() == MAX_KEPT {
            self.facts.remove(0);
        }
        self.facts.push(Fact { number, low, high, depth });
    }

    /// Makes a check for the access and for those around the same number that
    /// follow before anything else happens.
    fn establish(&mut self, access: &Access, rest: &[Stmt]) {
        let Value { number, plus } = access.value;
        if self.in_bounds(number, plus, plus + access.end) {
            return;
        }
        let (mut low, mut high, mut count) = (plus, plus + access.end, 0);
        let mut changed: Vec<(Var, Option<Value>)> = Vec::new();
        for stmt in rest.iter().take(AHEAD) {
            for other in self.accesses(stmt, &changed) {
                let Value { number: around, plus } = other.value;
                let (least, most) = (low.min(plus), high.max(plus + other.end));
                if around == number && most - least < HEADROOM {
                    (low, high) = (least, most);
                    count += 1;
                }
            }
            let Stmt::Set(var, id) = *stmt else {
                // An effect; its operands come before it.
                if matches!(stmt, Stmt::Eval(id) if !self.trapping(*id)) {
                    continue;
                }
                break;
            };
            if self.trapping(id) {
                break;
            }
            let value = self.changed_value(id, &changed);
            changed.push((var, value));
        }
        if count > 1 {
            self.check(access, low, high);
        }
    }

    fn trapping(&self, id: Id) -> bool {
        matches!(self.func.exprs[id.0 as usize], Expr::Trapping { .. })
    }

    fn changed_value(&mut self, id: Id, changed: &[(Var, Option<Value>)]) -> Option<Value> {
        let (var, plus) = self.linear(id)?;
        let base = match changed.iter().rev().find(|(it, _)| *it == var) {
            Some((_, value)) => (*value)?,
            None => self.value(var),
        };
        let plus = base.plus + plus;
        (plus.abs() < HEADROOM).then_some(Value { number: base.number, plus })
    }

    /// Emits a check of `low..high` around the access's number.
    fn check(&mut self, access: &Access, low: i64, high: i64) {
        let from = low - (access.value.plus - access.plus);
        let var = self.variable(access.var, from, Value { plus: low, ..access.value });
        let addr = self.func.expr(Expr::Get(var));
        self.out.push(Stmt::Check { memory: 0, addr, end: (high - low) as u64, at: access.at });
        self.note(access.value.number, low, high);
    }

    /// A variable that holds `var + plus`, whose value that is: itself or a new one.
    fn variable(&mut self, var: Var, plus: i64, value: Value) -> Var {
        if plus == 0 {
            return var;
        }
        let base = self.func.expr(Expr::Get(var));
        let constant = self.func.expr(Expr::I32(plus as i32 as u32));
        let sum = self.func.expr(Expr::Binary(Op::I32Add, base, constant));
        let anchor = self.func.temp(Type::I32);
        self.values.push(value);
        self.out.push(Stmt::Set(anchor, sum));
        if self.anchors.len() == MAX_KEPT {
            self.anchors.remove(0);
        }
        self.anchors.push(Anchor { var: anchor, value, depth: self.depth });
        anchor
    }

    /// Gives the address of an access a variable if others that follow can be
    /// reached from it.
    fn anchor(&mut self, access: &Access, rest: &[Stmt]) {
        let Value { number, plus } = access.value;
        if access.plus == 0 || self.base(access).is_some() {
            return;
        }
        let mut others = 0;
        for stmt in rest.iter().take(AHEAD) {
            let accesses = self.accesses(stmt, &[]);
            let after = |it: &&Access| it.value.number == number && it.value.plus >= plus;
            others += accesses.iter().filter(after).count();
            let mut stop = matches!(stmt, Stmt::Loop(_) | Stmt::Else | Stmt::End | Stmt::Br(_));
            self.func.assigned(stmt, |var| stop |= var == access.var);
            if stop {
                break;
            }
        }
        if others > 1 {
            self.variable(access.var, access.plus, access.value);
        }
    }

    /// A variable that is in bounds and from which the access is a constant away.
    fn base(&mut self, access: &Access) -> Option<(Var, i64)> {
        let Value { number, plus } = access.value;
        let own = plus - access.plus;
        if access.plus >= 0 && self.in_bounds(number, own, own) {
            return Some((access.var, access.plus));
        }
        let near = |anchor: &&Anchor| {
            anchor.value.number == number && (0..HEADROOM).contains(&(plus - anchor.value.plus))
        };
        let anchor = self.anchors.iter().rev().find(near)?;
        let away = plus - anchor.value.plus;
        let known = away == 0 || self.in_bounds(number, anchor.value.plus, anchor.value.plus);
        known.then_some((anchor.var, away))
    }

    /// Folds the addresses of a statement and marks what needs no check.
    fn rewrite(&mut self, stmt: &mut Stmt) {
        let mut nodes = std::mem::take(&mut self.nodes);
        nodes.clear();
        self.func.roots(stmt, |root| {
            self.func.walk(root, &mut |node| {
                if matches!(self.func.exprs[node.0 as usize], Expr::Load { .. }) {
                    nodes.push(node);
                }
            });
        });
        for node in &nodes {
            let node = *node;
            let mut expr = self.func.exprs[node.0 as usize];
            if let Expr::Load { access, check, addr, offset, .. } = &mut expr {
                self.rewrite_access(access.bytes(), check, addr, offset);
                self.func.exprs[node.0 as usize] = expr;
            }
        }
        self.nodes = nodes;
        if let Stmt::Store { access, check, addr, offset, .. } = stmt {
            self.rewrite_access(access.bytes(), check, addr, offset);
        }
    }

    fn rewrite_access(&mut self, bytes: u32, check: &mut Check, addr: &mut Id, offset: &mut u32) {
        let end = i64::from(*offset) + i64::from(bytes);
        if let Expr::I32(constant) = self.func.exprs[addr.0 as usize] {
            if *check == Check::Own && u64::from(constant) + end as u64 <= self.min_size {
                *check = Check::Covered;
            }
            return;
        }
        let Some((var, plus)) = self.linear(*addr) else { return };
        let base = self.value(var);
        let value = Value { number: base.number, plus: base.plus + plus };
        if value.plus.abs() >= HEADROOM || end >= HEADROOM {
            return;
        }
        if *check == Check::Own && self.in_bounds(value.number, value.plus, value.plus + end) {
            *check = Check::Covered;
        }
        let access = Access { var, plus, value, end, at: 0 };
        if plus != 0
            && let Some((var, away)) = self.base(&access)
            && i64::from(*offset) + away < MAX_OFFSET
        {
            *addr = self.func.expr(Expr::Get(var));
            *offset += away as u32;
        }
    }
}
