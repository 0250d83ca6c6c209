//! Leaves out bounds checks that an earlier one has made, in `bounds` mode, and
//! makes one check do for several accesses.
//!
//! A fact says: so many bytes from the value of this variable are in bounds. A
//! check establishes it; it holds in everything the check dominates until the
//! variable is assigned, since a memory never shrinks. A check may look ahead: if
//! the statements that follow, up to the next effect, access more from the same
//! variable, it covers that too. Whether the first or the second of two accesses
//! traps cannot be told apart while nothing happens between them.

use crate::ir::*;

/// How many statements a check looks ahead.
const AHEAD: usize = 24;
/// How many facts are kept: the latest.
const MAX_FACTS: usize = 32;

struct Fact {
    var: Var,
    end: u64,
    depth: usize,
}

struct Checks<'f> {
    func: &'f mut Func,
    min_size: Vec<u64>,
    facts: Vec<Fact>,
    depth: usize,
    out: Vec<Stmt>,
}

/// Runs the pass.
pub(super) fn run(func: &mut Func, module: &Module<'_>) {
    let stmts = std::mem::take(&mut func.stmts);
    let min_size = module.memories.iter().map(|memory| memory.limits.min << 16).collect();
    let out = Vec::with_capacity(stmts.len());
    let mut checks = Checks { func, min_size, facts: Vec::new(), depth: 0, out };
    for i in 0..stmts.len() {
        checks.stmt(&stmts[i..]);
    }
    checks.func.stmts = checks.out;
}

/// An access: by a variable plus a constant, by a constant, or otherwise.
#[derive(Clone, Copy)]
struct Access {
    addr: Option<Var>,
    constant: Option<u32>,
    end: u64,
    at: u32,
}

impl Checks<'_> {
    /// The first of `rest` is next.
    fn stmt(&mut self, rest: &[Stmt]) {
        let mut stmt = rest[0];
        let accesses = self.accesses(&stmt);
        for access in &accesses {
            self.establish(access, &accesses, rest);
        }
        self.cover(&mut stmt);
        self.out.push(stmt);
        let mut changed = Vec::new();
        self.func.assigned(&stmt, |var| changed.push(var));
        self.facts.retain(|fact| !changed.contains(&fact.var));
        match stmt {
            Stmt::Block(_) | Stmt::If(..) => self.depth += 1,
            Stmt::Loop(_) => {
                // What a later iteration assigns is not known yet.
                self.facts.clear();
                self.depth += 1;
            }
            Stmt::Else => self.leave(),
            Stmt::End => {
                self.leave();
                self.depth -= 1;
            }
            _ => {}
        }
    }

    fn leave(&mut self) {
        let depth = self.depth;
        self.facts.retain(|fact| fact.depth < depth);
    }

    /// The accesses that a statement makes and that need a check, in order.
    fn accesses(&self, stmt: &Stmt) -> Vec<Access> {
        let mut accesses = Vec::new();
        self.func.roots(stmt, |root| {
            self.func.walk(root, &mut |node| {
                if let Expr::Load { access, check: Check::Own, addr, offset, at, .. } =
                    self.func.exprs[node.0 as usize]
                {
                    accesses.push(self.access(addr, offset, access.bytes(), at));
                }
            });
        });
        if let Stmt::Store { access, check: Check::Own, addr, offset, at, .. } = *stmt {
            accesses.push(self.access(addr, offset, access.bytes(), at));
        }
        accesses
    }

    fn access(&self, addr: Id, offset: u32, bytes: u32, at: u32) -> Access {
        let end = u64::from(offset) + u64::from(bytes);
        let (addr, constant) = match self.func.exprs[addr.0 as usize] {
            Expr::Get(var) => (Some(var), None),
            Expr::I32(value) => (None, Some(value)),
            _ => (None, None),
        };
        Access { addr, constant, end, at }
    }

    fn known(&self, var: Var) -> u64 {
        self.facts.iter().filter(|fact| fact.var == var).map(|fact| fact.end).max().unwrap_or(0)
    }

    /// Makes a check for the access if several accesses can share it.
    fn establish(&mut self, access: &Access, same: &[Access], rest: &[Stmt]) {
        let Some(var) = access.addr else { return };
        if self.known(var) >= access.end {
            return;
        }
        let mut end = access.end;
        let mut count = 0;
        for other in same.iter().filter(|it| it.addr == Some(var)) {
            end = end.max(other.end);
            count += 1;
        }
        if !self.stops(&rest[0], var) {
            self.look_ahead(var, &rest[1..], &mut end);
        }
        if count > 1 || end > access.end {
            let addr = self.func.expr(Expr::Get(var));
            self.out.push(Stmt::Check { memory: 0, addr, end, at: access.at });
            self.note(var, end);
        }
    }

    fn note(&mut self, var: Var, end: u64) {
        if self.facts.len() == MAX_FACTS {
            self.facts.remove(0);
        }
        self.facts.push(Fact { var, end, depth: self.depth });
    }

    /// Extends `end` over the accesses that follow before anything happens. The
    /// operands of the statement that ends the search are evaluated before it.
    fn look_ahead(&self, var: Var, rest: &[Stmt], end: &mut u64) {
        for stmt in rest.iter().take(AHEAD) {
            for access in self.accesses(stmt).iter().filter(|it| it.addr == Some(var)) {
                *end = (*end).max(access.end);
            }
            if self.stops(stmt, var) {
                return;
            }
        }
    }

    /// Does the statement do more than assign variables other than `var`?
    fn stops(&self, stmt: &Stmt, var: Var) -> bool {
        let mut stops = match stmt {
            Stmt::Set(_, id) | Stmt::Eval(id) => self.trapping(*id),
            _ => true,
        };
        self.func.assigned(stmt, |it| stops |= it == var);
        stops
    }

    fn trapping(&self, id: Id) -> bool {
        matches!(self.func.exprs[id.0 as usize], Expr::Trapping { .. })
    }

    /// Marks the accesses of a statement that need no check of their own.
    fn cover(&mut self, stmt: &mut Stmt) {
        let mut checked = Vec::new();
        let mut loads = Vec::new();
        self.func.roots(stmt, |root| self.func.walk(root, &mut |node| loads.push(node)));
        for node in loads {
            let Expr::Load { access, check: Check::Own, addr, offset, at, memory, .. } =
                self.func.exprs[node.0 as usize]
            else {
                continue;
            };
            let it = self.access(addr, offset, access.bytes(), at);
            if self.covered(&it, memory) {
                if let Expr::Load { check, .. } = &mut self.func.exprs[node.0 as usize] {
                    *check = Check::Covered;
                }
            } else if let Some(var) = it.addr {
                checked.push((var, it.end));
            }
        }
        if let Stmt::Store { access, check, addr, offset, at, memory, .. } = stmt
            && *check == Check::Own
        {
            let it = self.access(*addr, *offset, access.bytes(), *at);
            if self.covered(&it, *memory) {
                *check = Check::Covered;
            } else if let Some(var) = it.addr {
                checked.push((var, it.end));
            }
        }
        // Known once the statement is done, not among its own operands.
        checked.into_iter().for_each(|(var, end)| self.note(var, end));
    }

    fn covered(&self, access: &Access, memory: u32) -> bool {
        match (access.addr, access.constant) {
            (Some(var), _) => self.known(var) >= access.end,
            (_, Some(constant)) => {
                u64::from(constant) + access.end <= self.min_size[memory as usize]
            }
            _ => false,
        }
    }
}
