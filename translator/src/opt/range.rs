//! Numbers that are known to be small need no masks.
//!
//! What C writes as `c >= '0' && c <= '9'` of a byte arrives as `((c - 58) & 255) > 245`,
//! which neither people nor C compilers see through. Where `c` is known to be at most
//! 255, it becomes `c - 48 <= 9`.
//!
//! The pass follows the largest value of each variable forwards. Where paths meet, it
//! is the largest of what the branches to there and the end of the part before bring.
//! At the start of a loop nothing is known the first time of what the loop assigns.
//! But what is known at its branches back then holds for any start: the second time,
//! that and what comes from above is known at the start.

use super::loops;
use crate::access::Access;
use crate::ir::*;
use crate::ops::Op;

/// Functions that nest deeper stay as they are.
const MAX_DEPTH: usize = 48;
/// Where more assignments are between a construct's start and a branch to its end, what
/// they assigned is unknown there.
const MAX_CHANGES: usize = 64;
/// The same where branches bring more than this together.
const MAX_BROUGHT: usize = 4096;
/// Of loops that assign more variables nothing is known at their start.
const MAX_LOOP_VARS: usize = 256;
/// Of a number of which nothing is known.
const ANY: u32 = u32::MAX;

/// An assignment, and what was known of the variable before.
#[derive(Clone, Copy)]
struct Change {
    var: Var,
    before: u32,
}

/// A construct that is open.
struct Open {
    /// How many changes there were before.
    start: usize,
    kind: Kind,
    /// Can its start be reached?
    reachable: bool,
    /// What branches to its end bring, of what changed before them.
    brought: Vec<(Var, u32)>,
    /// The fewest changes before such a branch, if there is one.
    first: Option<usize>,
    /// Too much changed before some branch.
    unknown: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Block,
    /// Without an `else` so far.
    If,
    /// The number of the loop.
    Loop(usize),
}

struct Pass<'f> {
    func: &'f mut Func,
    /// The largest value of each variable.
    most: Vec<u32>,
    changes: Vec<Change>,
    open: Vec<Open>,
    /// Where in `open` the construct of each label is.
    place: Vec<u32>,
    reachable: bool,
    /// What each loop assigns, and the largest value at its branches back.
    loops: Vec<Vec<(Var, u32)>>,
    next_loop: usize,
    /// For each variable, the last number of a walk over changes that came by it.
    seen: Vec<u32>,
    walks: u32,
}

/// Runs the pass.
pub(super) fn run(func: &mut Func) {
    if !has_masks(func) || depth(func) > MAX_DEPTH {
        return;
    }
    let mut stmts = std::mem::take(&mut func.stmts);
    let loops: Option<Vec<_>> = loops::assigned(func, &stmts).into_iter().collect();
    if let Some(loops) = loops {
        let vars = func.vars.len();
        let with_any = |vars: Vec<Var>| vars.into_iter().map(|var| (var, ANY)).collect();
        let mut pass = Pass {
            most: Vec::new(),
            changes: Vec::new(),
            open: Vec::new(),
            place: vec![0; func.branches.len()],
            reachable: true,
            loops: loops.into_iter().map(with_any).collect(),
            next_loop: 0,
            seen: vec![0; vars],
            walks: 0,
            func,
        };
        pass.all(&stmts);
        if pass.loops.iter().flatten().any(|it| it.1 < ANY) {
            pass.all(&stmts);
        }
    }
    let same = |var, id: Id| func.exprs[id.0 as usize] == Expr::Get(var);
    stmts.retain(|stmt| !matches!(*stmt, Stmt::Set(var, id) if same(var, id)));
    func.stmts = stmts;
}

/// Is there a mask of bits of a variable, or of its sum with a constant?
fn has_masks(func: &Func) -> bool {
    func.exprs.iter().any(|expr| {
        let Expr::Binary(Op::I32And, a, mask) = *expr else { return false };
        if !matches!(func.exprs[mask.0 as usize], Expr::I32(0xff | 0xffff)) {
            return false;
        }
        match func.exprs[a.0 as usize] {
            Expr::Get(_) | Expr::Load { .. } => true,
            Expr::Binary(Op::I32Add | Op::I32Sub, _, b) => {
                matches!(func.exprs[b.0 as usize], Expr::I32(_))
            }
            _ => false,
        }
    })
}

fn depth(func: &Func) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    for stmt in &func.stmts {
        match stmt {
            Stmt::Block(_) | Stmt::Loop(_) | Stmt::If(..) => depth += 1,
            Stmt::End => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

impl Pass<'_> {
    fn all(&mut self, stmts: &[Stmt]) {
        self.most = vec![ANY; self.func.vars.len()];
        self.changes.clear();
        self.next_loop = 0;
        self.reachable = true;
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let mut roots = [None; 2];
        let mut count = 0;
        let args = match *stmt {
            Stmt::Call { args, .. }
            | Stmt::CallIndirect { args, .. }
            | Stmt::Runtime { args, .. }
            | Stmt::Return(args) => args,
            _ => {
                self.func.roots(stmt, |root| {
                    roots[count] = Some(root);
                    count += 1;
                });
                Slice::default()
            }
        };
        let mut most = ANY;
        for i in args.range() {
            self.simplify(self.func.args[i]);
        }
        for root in roots.into_iter().flatten() {
            most = self.simplify(root);
        }
        if let Stmt::Set(var, _) = *stmt {
            self.set(var, most);
        } else {
            let mut results = Vec::new();
            self.func.assigned(stmt, |var| results.push(var));
            results.into_iter().for_each(|var| self.set(var, ANY));
        }
        self.control(stmt);
    }

    fn set(&mut self, var: Var, most: u32) {
        let before = std::mem::replace(&mut self.most[var.0 as usize], most);
        self.changes.push(Change { var, before });
    }

    fn control(&mut self, stmt: &Stmt) {
        match *stmt {
            Stmt::Block(label) => self.enter(label, Kind::Block),
            Stmt::If(_, label) => self.enter(label, Kind::If),
            Stmt::Loop(label) => {
                let number = self.next_loop;
                self.next_loop += 1;
                self.enter(label, Kind::Loop(number));
                self.start_loop(number);
            }
            Stmt::Else => {
                let place = self.open.len() - 1;
                self.branch(place);
                let open = &mut self.open[place];
                open.kind = Kind::Block;
                self.reachable = open.reachable;
                let start = open.start;
                for change in self.changes[start..].iter().rev() {
                    self.most[change.var.0 as usize] = change.before;
                }
            }
            Stmt::End => self.end(),
            Stmt::BrIf(_, label) => self.branch(self.place[label.0 as usize] as usize),
            Stmt::Br(label) => {
                self.branch(self.place[label.0 as usize] as usize);
                self.reachable = false;
            }
            Stmt::BrTable { targets, .. } => {
                for i in targets.range() {
                    let label = self.func.targets[i];
                    self.branch(self.place[label.0 as usize] as usize);
                }
                self.reachable = false;
            }
            Stmt::Return(_) | Stmt::Unreachable { .. } => self.reachable = false,
            _ => {}
        }
    }

    fn enter(&mut self, label: Label, kind: Kind) {
        self.place[label.0 as usize] = self.open.len() as u32;
        self.open.push(Open {
            start: self.changes.len(),
            kind,
            reachable: self.reachable,
            brought: Vec::new(),
            first: None,
            unknown: false,
        });
    }

    /// What the loop assigns is what comes from above or from a branch back.
    fn start_loop(&mut self, number: usize) {
        let mut vars = std::mem::take(&mut self.loops[number]);
        let large = vars.len() > MAX_LOOP_VARS;
        for (var, back) in &mut vars {
            let above = self.most[var.0 as usize];
            self.set(*var, if large { ANY } else { above.max(*back) });
            *back = if large { ANY } else { 0 };
        }
        self.loops[number] = vars;
    }

    /// A branch from here to a construct that is open.
    fn branch(&mut self, place: usize) {
        if !self.reachable {
            return;
        }
        let open = &mut self.open[place];
        if let Kind::Loop(number) = open.kind {
            let vars = &mut self.loops[number];
            let few = if vars.len() > MAX_LOOP_VARS { 0 } else { vars.len() };
            for (var, back) in &mut vars[..few] {
                *back = self.most[var.0 as usize].max(*back);
            }
            return;
        }
        open.first = Some(open.first.unwrap_or(usize::MAX).min(self.changes.len()));
        let changes = self.changes.len() - open.start;
        if open.unknown || changes > MAX_CHANGES || open.brought.len() > MAX_BROUGHT {
            open.unknown = true;
            return;
        }
        self.walks += 1;
        for change in &self.changes[open.start..] {
            let var = change.var.0 as usize;
            if std::mem::replace(&mut self.seen[var], self.walks) != self.walks {
                open.brought.push((change.var, self.most[var]));
            }
        }
    }

    fn end(&mut self) {
        let Some(mut open) = self.open.pop() else { return };
        if matches!(open.kind, Kind::Loop(_)) {
            return;
        }
        if open.kind == Kind::If && open.reachable {
            open.first = Some(open.start); // where the condition does not hold
        }
        let Some(first) = open.first else { return };
        // Of each variable, what the branches bring that come before it changes; then
        // of those after that.
        self.walks += 1;
        for at in open.start..self.changes.len() {
            let Change { var, before } = self.changes[at];
            let most = &mut self.most[var.0 as usize];
            if std::mem::replace(&mut self.seen[var.0 as usize], self.walks) != self.walks {
                let passed = if self.reachable { *most } else { 0 };
                *most = if at >= first { passed.max(before) } else { passed };
            }
            if open.unknown {
                *most = ANY;
            }
        }
        for (var, brought) in open.brought {
            let most = &mut self.most[var.0 as usize];
            *most = (*most).max(brought);
        }
        self.reachable = true;
    }
}

// ---- Expressions ------------------------------------------------------------------

impl Pass<'_> {
    /// Simplifies a tree and gives back the largest value that it can have.
    fn simplify(&mut self, id: Id) -> u32 {
        match self.func.exprs[id.0 as usize] {
            Expr::Get(var) => self.most[var.0 as usize],
            Expr::I32(value) => value,
            Expr::Load { access, addr, .. } => {
                self.simplify(addr);
                loaded(access)
            }
            Expr::Select { cond, then, other } => {
                self.simplify(cond);
                self.simplify(then).max(self.simplify(other))
            }
            Expr::Binary(op, a, b) => {
                self.between(op, id, a, b);
                let (most_a, most_b) = (self.simplify(a), self.simplify(b));
                self.unmask(op, id, most_a, a, b);
                binary(self.func, op, b, most_a, most_b)
            }
            Expr::Unary(op, a) => {
                self.simplify(a);
                if op == Op::I32Eqz { 1 } else { ANY }
            }
            Expr::TrappingUnary(_, a, _) => {
                self.simplify(a);
                ANY
            }
            Expr::TrappingBinary(_, a, b, _) => {
                self.simplify(a);
                self.simplify(b);
                ANY
            }
            _ => ANY,
        }
    }

    fn constant(&self, id: Id) -> Option<u32> {
        constant(self.func, id)
    }

    /// `a & 255` is `a` if that has no other bits.
    fn unmask(&mut self, op: Op, id: Id, most: u32, a: Id, b: Id) {
        let mask = self.constant(b).filter(|mask| mask & mask.wrapping_add(1) == 0);
        if op == Op::I32And && mask.is_some_and(|mask| most <= mask) {
            self.func.exprs[id.0 as usize] = self.func.exprs[a.0 as usize];
        }
    }

    /// `((x + c) & 255) <= k` asks if `x` is in a range, if it is at most 255.
    fn between(&mut self, op: Op, id: Id, a: Id, b: Id) {
        let Some((sum, x, c, mask)) = masked_sum(self.func, a) else { return };
        let Some(k) = self.constant(b).filter(|k| *k <= mask) else { return };
        let (low, high) = match op {
            Op::I32LeU => (0, k),
            Op::I32GtU if k < mask => (k + 1, mask),
            Op::I32LtU if k > 0 => (0, k - 1),
            Op::I32GeU => (k, mask),
            _ => return,
        };
        if high - low == mask || self.simplify(x) > mask {
            return;
        }
        // What `x` is then: from here on so many more, and on from 0 after `mask`.
        let plus = match self.func.exprs[sum.0 as usize] {
            Expr::Binary(Op::I32Sub, ..) => self.constant(c).unwrap_or(0).wrapping_neg(),
            _ => self.constant(c).unwrap_or(0),
        };
        let (first, more) = (low.wrapping_sub(plus) & mask, high - low);
        let (op, first, more) = if more <= mask - first {
            (Op::I32LeU, first, more)
        } else {
            (Op::I32GtU, (first + more + 1) & mask, mask - more - 1)
        };
        let exprs = &mut self.func.exprs;
        exprs[c.0 as usize] = Expr::I32(first);
        exprs[sum.0 as usize] = Expr::Binary(Op::I32Sub, x, c);
        exprs[b.0 as usize] = Expr::I32(more);
        exprs[id.0 as usize] = Expr::Binary(op, if first > 0 { sum } else { x }, b);
    }
}

/// The sum, its operands and the mask of `(x + c) & mask` with a constant `c` and
/// the lowest bits.
fn masked_sum(func: &Func, id: Id) -> Option<(Id, Id, Id, u32)> {
    let Expr::Binary(Op::I32And, sum, mask) = func.exprs[id.0 as usize] else {
        return None;
    };
    let mask = constant(func, mask).filter(|mask| mask & mask.wrapping_add(1) == 0)?;
    match func.exprs[sum.0 as usize] {
        Expr::Binary(Op::I32Add | Op::I32Sub, x, c) if constant(func, c).is_some() => {
            Some((sum, x, c, mask))
        }
        _ => None,
    }
}

/// The largest value that a tree can have, where `of` gives those of variables.
pub(super) fn most(func: &Func, id: Id, of: &impl Fn(Var) -> u32) -> u32 {
    match func.exprs[id.0 as usize] {
        Expr::Get(var) if func.vars[var.0 as usize] == Type::I32 => of(var),
        Expr::I32(value) => value,
        Expr::Load { access, .. } => loaded(access),
        Expr::Select { then, other, .. } => most(func, then, of).max(most(func, other, of)),
        Expr::Binary(op, a, b) => {
            let (most_a, most_b) = (most(func, a, of), most(func, b, of));
            binary(func, op, b, most_a, most_b)
        }
        Expr::Unary(Op::I32Eqz, _) => 1,
        _ => ANY,
    }
}

fn loaded(access: Access) -> u32 {
    match access {
        Access::I32Load8U => 0xff,
        Access::I32Load16U => 0xffff,
        _ => ANY,
    }
}

/// The largest result of operands that are at most so large.
fn binary(func: &Func, op: Op, b: Id, most_a: u32, most_b: u32) -> u32 {
    let constant = constant(func, b);
    match op {
        Op::I32And => most_a.min(most_b),
        Op::I32Or | Op::I32Xor => ANY.checked_shr((most_a | most_b).leading_zeros()).unwrap_or(0),
        Op::I32Add => most_a.checked_add(most_b).unwrap_or(ANY),
        Op::I32Mul => most_a.checked_mul(most_b).unwrap_or(ANY),
        Op::I32ShrU => most_a >> constant.map_or(0, |count| count % 32),
        Op::I32Shl => match constant {
            Some(count) if most_a.leading_zeros() >= count % 32 => most_a << (count % 32),
            _ => ANY,
        },
        Op::I32DivUSafe => most_a / constant.unwrap_or(1).max(1),
        Op::I32RemUSafe => most_a.min(constant.unwrap_or(ANY).saturating_sub(1)),
        Op::I32Eq | Op::I32Ne | Op::I32LtU | Op::I32GtU | Op::I32LeU | Op::I32GeU => 1,
        Op::I32LtS | Op::I32GtS | Op::I32LeS | Op::I32GeS => 1,
        _ => ANY,
    }
}

fn constant(func: &Func, id: Id) -> Option<u32> {
    match func.exprs[id.0 as usize] {
        Expr::I32(value) => Some(value),
        _ => None,
    }
}
