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
//!
//! If the memory is an array, the address of a constant offset in it is constant, too.
//! So where a number is known to be small, an access is one of the number itself, with
//! the offset of what is added to it: elements of an array in C, by a masked index.

use super::loops::{self, Counter};
use super::places::{OTHER, Place, Places, STORE, linear, places};
use super::range;
use crate::ir::*;
use crate::ops::Op;
use crate::options;

/// Bytes below 4 GiB that no memory reaches: `WDN_MAX_PAGES` in `wdn.h` agrees.
pub(super) const HEADROOM: i32 = 1 << 24;
/// The offsets that a guarded reservation covers.
const MAX_OFFSET: i64 = 1 << 31;
/// How many statements are looked at ahead.
const AHEAD: usize = 24;
/// How many facts and anchors are kept: the latest.
const MAX_KEPT: usize = 32;
/// Nesting beyond which everything is forgotten instead of tracked.
const MAX_DEPTH: usize = 48;

/// A number plus a constant, which is nearer to zero than [`HEADROOM`].
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Value {
    number: u32,
    plus: i32,
}

/// The addresses `low..high` around a number are in bounds, up to this depth.
struct Fact {
    number: u32,
    low: i32,
    high: i32,
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
    plus: i32,
    value: Value,
    end: i32,
    at: u32,
}

struct Pass<'f> {
    func: &'f mut Func,
    min_size: u64,
    bounds: bool,
    /// Is the memory an array?
    array: bool,
    values: Vec<Value>,
    numbers: u32,
    /// The largest value that each number can have; only if the memory is an array.
    most: Vec<u32>,
    /// The numbers that are constant; in `bounds` mode.
    constants: Vec<Option<u32>>,
    /// Values below this number are forgotten.
    known_from: u32,
    facts: Vec<Fact>,
    anchors: Vec<Anchor>,
    depth: usize,
    /// Variables assigned since each open construct began.
    assigned: Vec<Var>,
    marks: Vec<usize>,
    loops: Vec<Option<Vec<Var>>>,
    counters: Vec<Option<Counter>>,
    next_loop: usize,
    stmts: Vec<Stmt>,
    places: &'f Places,
    /// New statements, in order, each with the number of the one that it precedes.
    inserted: Vec<(usize, Stmt)>,
    /// The number of the present one.
    at: usize,
}

/// Runs the pass.
pub(super) fn run(func: &mut Func, module: &Module<'_>, memory: options::Memory) {
    let bounds = memory != options::Memory::Guard;
    let counters = if bounds { loops::counters(func) } else { Vec::new() };
    let stmts = std::mem::take(&mut func.stmts);
    let loops = loops::assigned(func, &stmts);
    let places = places(func, &stmts);
    let mut pass = Pass {
        min_size: module.memories.first().map_or(0, Memory::min_size),
        bounds,
        array: matches!(memory, options::Memory::Static(_)),
        values: vec![Value::default(); func.vars.len()],
        numbers: 1,
        most: vec![u32::MAX],
        constants: vec![None],
        known_from: 1,
        facts: Vec::new(),
        anchors: Vec::new(),
        depth: 0,
        assigned: Vec::new(),
        marks: Vec::new(),
        loops,
        counters,
        next_loop: 0,
        inserted: Vec::new(),
        at: 0,
        stmts,
        places: &places,
        func,
    };
    for at in 0..pass.stmts.len() {
        pass.at = at;
        pass.stmt(at);
    }
    let Pass { mut stmts, inserted, .. } = pass;
    insert(&mut stmts, &inserted);
    func.stmts = stmts;
}

/// Puts statements before those with these numbers.
fn insert(stmts: &mut Vec<Stmt>, inserted: &[(usize, Stmt)]) {
    let mut end = stmts.len();
    stmts.resize(end + inserted.len(), Stmt::End);
    for (i, (at, stmt)) in inserted.iter().enumerate().rev() {
        stmts.copy_within(*at..end, at + i + 1);
        stmts[at + i] = *stmt;
        end = *at;
    }
}

/// The numbers of the statements that are looked at from this one on.
fn ahead(stmts: &[Stmt], from: usize) -> std::ops::Range<usize> {
    from..stmts.len().min(from + AHEAD)
}

impl Pass<'_> {
    /// The statement with this number is next.
    fn stmt(&mut self, at: usize) {
        let mut stmt = self.stmts[at];
        let places = self.places.of(at);
        for place in places {
            let Some(access) = self.access(place, &[]) else { continue };
            if self.bounds {
                self.establish(&access, at);
            } else {
                self.anchor(&access, at);
            }
        }
        for place in places {
            self.rewrite(&mut stmt, place.load);
        }
        for place in places {
            if let Some(Access { value, end, .. }) = self.access(place, &[]) {
                self.note(value.number, value.plus, value.plus + end);
            }
        }
        self.keep(&stmt, at);
        self.stmts[at] = stmt;
        self.assign(&stmt);
        self.control(&stmt);
    }

    fn control(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Block(_) | Stmt::If(..) => self.enter(),
            Stmt::Loop(_) => {
                let counter = self.counters.get(self.next_loop).copied().flatten();
                let counter = counter.and_then(|it| Some((it, self.constant(it.var)?)));
                // What a later iteration assigns is unknown in this one.
                match self.loops[self.next_loop].take() {
                    Some(vars) => vars.into_iter().for_each(|var| self.forget(var)),
                    None => self.known_from = self.numbers,
                }
                self.next_loop += 1;
                self.enter();
                if let Some((counter, start)) = counter {
                    self.count(counter, start);
                }
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

    /// The counter of the loop that begins is `start` and all that many steps lead to
    /// before `end`. So if it is `start` plus at most `most`, what is in bounds around
    /// `start` with so much room after it is around the counter, too.
    fn count(&mut self, counter: Counter, start: u32) {
        let Counter { var, step, end } = counter;
        let away = end.wrapping_sub(start);
        if step == 0 || away == 0 || !away.is_multiple_of(step) {
            return;
        }
        let headroom = i64::from(HEADROOM);
        let most = i64::from(away - step);
        let size = self.min_size.min(HEADROOM as u64 - 1) as i64;
        // What leads from `start` to the address 0, modulo 4 GiB.
        let low = i64::from(start.wrapping_neg() as i32);
        let high = low + size - most;
        if most < size && low.abs() < headroom && high.abs() < headroom {
            let number = self.value(var).number;
            self.note(number, low as i32, high as i32);
        }
    }

    /// What a variable is, if that is constant.
    fn constant(&mut self, var: Var) -> Option<u32> {
        let Value { number, plus } = self.value(var);
        let constant = self.constants.get(number as usize).copied().flatten();
        constant.map(|it| it.wrapping_add(plus as u32))
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
        if self.bounds {
            self.constants.push(None);
        }
        if self.array {
            self.most.push(u32::MAX);
        }
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

    fn assign(&mut self, stmt: &Stmt) {
        if let Stmt::Set(var, id) = *stmt {
            let value = self.value_of(id);
            self.values[var.0 as usize] = value.unwrap_or_default();
            if value.is_none() {
                self.forget(var);
                if let (true, Expr::I32(constant)) = (self.bounds, self.func.exprs[id.0 as usize]) {
                    self.constants[self.values[var.0 as usize].number as usize] = Some(constant);
                }
                if self.array {
                    let most = range::most(self.func, id, &|var| self.most_of(var));
                    self.most[self.values[var.0 as usize].number as usize] = most;
                }
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
        let (var, plus) = linear(self.func, id)?;
        let base = self.value(var);
        let plus = base.plus + plus;
        (plus.abs() < HEADROOM).then_some(Value { number: base.number, plus })
    }

    /// An access whose address is linear. `changed` holds values of variables that
    /// differ from the present ones.
    fn access(&mut self, place: &Place, changed: &[(Var, Option<Value>)]) -> Option<Access> {
        let Place { var, plus, end, at, .. } = *place;
        if var == OTHER {
            return None;
        }
        let base = match changed.iter().rev().find(|(it, _)| *it == var) {
            Some((_, value)) => (*value)?,
            None => self.value(var),
        };
        let value = Value { number: base.number, plus: base.plus + plus };
        (value.plus.abs() < HEADROOM).then_some(Access { var, plus, value, end, at })
    }

    fn in_bounds(&self, number: u32, low: i32, high: i32) -> bool {
        let covers = |fact: &Fact| fact.number == number && fact.low <= low && high <= fact.high;
        self.facts.iter().any(covers)
    }

    /// Notes that a range is in bounds, joined with what is known around it: if both
    /// ends are in bounds, so is everything between them.
    fn note(&mut self, number: u32, mut low: i32, mut high: i32) {
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
    fn establish(&mut self, access: &Access, from: usize) {
        let Value { number, plus } = access.value;
        if self.in_bounds(number, plus, plus + access.end) {
            return;
        }
        let (mut low, mut high, mut count) = (plus, plus + access.end, 0);
        let mut changed: Vec<(Var, Option<Value>)> = Vec::new();
        for at in ahead(&self.stmts, from) {
            for place in self.places.of(at) {
                let Some(other) = self.access(place, &changed) else { continue };
                let Value { number: around, plus } = other.value;
                let (least, most) = (low.min(plus), high.max(plus + other.end));
                if around == number && most - least < HEADROOM {
                    (low, high) = (least, most);
                    count += 1;
                }
            }
            let Stmt::Set(var, id) = self.stmts[at] else {
                // An effect; its operands come before it.
                if matches!(self.stmts[at], Stmt::Eval(id) if !self.trapping(id)) {
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
        self.func.exprs[id.0 as usize].may_trap()
    }

    fn changed_value(&mut self, id: Id, changed: &[(Var, Option<Value>)]) -> Option<Value> {
        let (var, plus) = linear(self.func, id)?;
        let base = match changed.iter().rev().find(|(it, _)| *it == var) {
            Some((_, value)) => (*value)?,
            None => self.value(var),
        };
        let plus = base.plus + plus;
        (plus.abs() < HEADROOM).then_some(Value { number: base.number, plus })
    }

    /// Inserts a statement before the present one.
    fn insert(&mut self, stmt: Stmt) {
        self.inserted.push((self.at, stmt));
    }

    /// Emits a check of `low..high` around the access's number.
    fn check(&mut self, access: &Access, low: i32, high: i32) {
        let from = low - (access.value.plus - access.plus);
        let var = self.variable(access.var, from, Value { plus: low, ..access.value });
        let addr = self.func.expr(Expr::Get(var));
        self.insert(Stmt::Check { memory: 0, addr, end: (high - low) as u64, at: access.at });
        self.note(access.value.number, low, high);
    }

    /// A variable that holds `var + plus`, whose value that is: itself or a new one.
    fn variable(&mut self, var: Var, plus: i32, value: Value) -> Var {
        if plus == 0 {
            return var;
        }
        let base = self.func.expr(Expr::Get(var));
        let constant = self.func.expr(Expr::I32(plus as u32));
        let sum = self.func.expr(Expr::Binary(Op::I32Add, base, constant));
        let anchor = self.func.temp(Type::I32);
        self.values.push(value);
        self.insert(Stmt::Set(anchor, sum));
        self.push_anchor(anchor, value);
        anchor
    }

    fn push_anchor(&mut self, var: Var, value: Value) {
        if self.anchors.len() == MAX_KEPT {
            self.anchors.remove(0);
        }
        self.anchors.push(Anchor { var, value, depth: self.depth });
    }

    /// Gives the address of an access a variable if others that follow can be
    /// reached from it.
    fn anchor(&mut self, access: &Access, from: usize) {
        let Value { number, plus } = access.value;
        if access.plus == 0 || self.base(access).is_some() {
            return;
        }
        let mut others = 0;
        for at in ahead(&self.stmts, from) {
            for place in self.places.of(at) {
                let value = self.access(place, &[]).map(|it| it.value);
                others +=
                    usize::from(value.is_some_and(|it| it.number == number && it.plus >= plus));
            }
            let stmt = &self.stmts[at];
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

    /// Where a statement adds a constant to a small number to make an address, the
    /// number gets a variable of its own.
    fn keep(&mut self, stmt: &Stmt, at: usize) {
        let Stmt::Set(to, id) = *stmt else { return };
        if !self.array {
            return;
        }
        let Some((var, plus)) = linear(self.func, id).filter(|it| it.1 > 0) else { return };
        let value = self.value(var);
        let small = (0..HEADROOM).contains(&(value.plus + plus)) && self.is_small(value.number);
        if value.plus < 0 || !small || self.small(value).is_some() {
            return;
        }
        for at in ahead(&self.stmts, at + 1) {
            if self.places.of(at).iter().any(|place| place.var == to) {
                let base = self.func.expr(Expr::Get(var));
                let anchor = self.func.temp(Type::I32);
                self.values.push(value);
                self.insert(Stmt::Set(anchor, base));
                self.push_anchor(anchor, value);
                return;
            }
        }
    }

    fn is_small(&self, number: u32) -> bool {
        self.most[number as usize] < HEADROOM as u32
    }

    /// The largest value of a variable.
    fn most_of(&self, var: Var) -> u32 {
        let Value { number, plus } = self.values[var.0 as usize];
        let most = i64::from(self.most[number as usize]) + i64::from(plus);
        let known = number >= self.known_from && plus >= 0;
        if known { u32::try_from(most).unwrap_or(u32::MAX) } else { u32::MAX }
    }

    /// A variable with a small number from which the value is a constant away: so that
    /// adding it cannot wrap.
    fn small(&self, value: Value) -> Option<(Var, i32)> {
        if !self.array || !self.is_small(value.number) || value.plus >= HEADROOM {
            return None;
        }
        let of = |anchor: &&Anchor| anchor.value.number == value.number && anchor.value.plus >= 0;
        let anchor = self.anchors.iter().rev().filter(of).min_by_key(|it| it.value.plus)?;
        let away = value.plus - anchor.value.plus;
        (away >= 0).then_some((anchor.var, away))
    }

    /// A variable that is in bounds and from which the access is a constant away.
    fn base(&mut self, access: &Access) -> Option<(Var, i32)> {
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

    /// Folds the address of a statement's load or of its own store, and marks what
    /// needs no check.
    fn rewrite(&mut self, stmt: &mut Stmt, load: Id) {
        if load == STORE {
            if let Stmt::Store { access, check, addr, offset, .. } = stmt {
                self.rewrite_access(access.bytes(), check, addr, offset);
            }
            return;
        }
        let mut expr = self.func.exprs[load.0 as usize];
        if let Expr::Load { access, check, addr, offset, .. } = &mut expr {
            self.rewrite_access(access.bytes(), check, addr, offset);
            self.func.exprs[load.0 as usize] = expr;
        }
    }

    fn rewrite_access(&mut self, bytes: u32, check: &mut Check, addr: &mut Id, offset: &mut u32) {
        let end = u64::from(*offset) + u64::from(bytes);
        if let Expr::I32(constant) = self.func.exprs[addr.0 as usize] {
            if *check == Check::Own && u64::from(constant) + end <= self.min_size {
                *check = Check::Covered;
            }
            return;
        }
        let Some((var, plus)) = linear(self.func, *addr) else { return };
        let base = self.value(var);
        let value = Value { number: base.number, plus: base.plus + plus };
        if value.plus.abs() >= HEADROOM || end >= HEADROOM as u64 {
            return;
        }
        let end = end as i32;
        if *check == Check::Own && self.in_bounds(value.number, value.plus, value.plus + end) {
            *check = Check::Covered;
        }
        let access = Access { var, plus, value, end, at: 0 };
        let base = match self.small(value) {
            None if plus != 0 => self.base(&access),
            small => small,
        };
        if let Some((var, away)) = base
            && i64::from(*offset) + i64::from(away) < MAX_OFFSET
        {
            *addr = self.func.expr(Expr::Get(var));
            *offset += away as u32;
        }
    }
}
