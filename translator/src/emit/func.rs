//! Functions: signatures, variables, statements.
//!
//! Blocks are labels, not braces, and a loop that ends with a branch back is a C
//! loop. Braces nest only so deep, because C compilers give up at some depth: below
//! that, `if` and loops are labels too. Temporaries are declared where they get
//! their value, if every use is in sight of it; everything else at the top.

use super::Emit;
use super::out::{Hex, Out, line, put};
use super::plan::{Needs, Plan, before_calls};
use crate::ir::*;
use crate::options::{Interrupt, Stack, TrapInfo};

/// How deep braces may nest.
const MAX_BRACES: u32 = 24;

/// A construct that is open in the output.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    /// A block, or a loop without braces.
    Label(Option<Label>),
    /// An `if` with braces.
    Braces(Label),
    /// An `if` without: the number of its label.
    Jump { number: u32, label: Label, other: bool },
    /// `for (;;)`, whose last statement is left out, or `do ... while`, whose
    /// last statement is its condition.
    Loop { label: Label, forever: bool },
}

/// Prints one function.
pub(crate) struct Printer<'e, 'a> {
    pub(super) emit: &'e Emit<'a>,
    pub(super) func: &'e Func,
    pub(super) out: Out,
    names: Vec<Option<String>>,
    pub(super) at_top: Vec<bool>,
    /// Is the variable's value ever used?
    pub(super) read: Vec<bool>,
    /// How many branches to each label have become a `goto`.
    gotos: Vec<u32>,
    ends: Vec<usize>,
    open: Vec<Open>,
    /// The label right after each open loop, the innermost last.
    exits: Vec<Option<Label>>,
    braces: u32,
    jumps: u32,
    pub(super) needs: Needs,
    /// The statement before which the stack is checked.
    check_at: Option<usize>,
}

impl<'e, 'a> Printer<'e, 'a> {
    /// The text of a defined function.
    pub(crate) fn print(emit: &'e Emit<'a>, func: &'e Func, out: Out) -> Out {
        let Plan { needs, at_top, read, ends } = Plan::of(func, emit);
        let mut printer = Printer {
            emit,
            func,
            out,
            names: local_names(emit.module, func),
            at_top,
            read,
            gotos: vec![0; func.branches.len()],
            ends,
            open: Vec::new(),
            exits: Vec::new(),
            braces: 0,
            jumps: 0,
            needs,
            check_at: None,
        };
        printer.definition();
        printer.out
    }

    fn definition(&mut self) {
        put!(self.out, self.emit.linkage());
        let ty = self.emit.module.funcs[self.func.index as usize].ty;
        let names = std::mem::take(&mut self.names);
        self.emit.signature(
            &mut self.out,
            &self.emit.names.funcs[self.func.index as usize],
            ty,
            |out, i| {
                put_var(out, &names, Var(i));
            },
        );
        self.names = names;
        put!(self.out, " {\n");
        self.out.deeper();
        self.prologue();
        self.variables();
        if self.needs.interrupt {
            self.interrupt_check();
        }
        let stmts = &self.func.stmts;
        for (i, stmt) in stmts.iter().enumerate() {
            if self.check_at == Some(i) {
                self.stack_check();
            }
            self.stmt(i, stmt, stmts.get(i + 1));
        }
        self.out.shallower();
        line!(self.out, "}\n");
    }

    fn prologue(&mut self) {
        if self.emit.is_one() {
            self.check_at = self.stack_place();
            return;
        }
        if self.needs.instance {
            line!(self.out, self.emit.names.prefix, "_t *const I = self;");
        } else if !self.needs.itself {
            line!(self.out, "(void)self;");
        }
        if self.needs.memory {
            let moves = self.emit.moves && self.needs.grows;
            let kind = if moves { "u8 *mem = " } else { "u8 *const mem = " };
            line!(self.out, kind, self.memory_ref(0), "data;");
        }
        if self.needs.size {
            let kind =
                if self.needs.grows { "wdn_size_t size = " } else { "const wdn_size_t size = " };
            line!(self.out, kind, "(wdn_size_t)", self.memory_ref(0), "size;");
            self.assume_size();
        }
        self.check_at = self.stack_place();
    }

    fn stack_place(&self) -> Option<usize> {
        match (self.needs.stack, self.emit.options.stack) {
            (false, _) | (_, Stack::None) => None,
            (true, Stack::Address(_)) if !self.needs.large => Some(before_calls(self.func)),
            (true, _) => Some(0),
        }
    }

    /// An offset in the `.wasm`, as a trap tells it.
    pub(super) fn at(&self, at: u32) -> Hex {
        Hex(u64::from(match self.emit.options.trap_info {
            TrapInfo::Offset => at,
            TrapInfo::Function => self.func.at,
            TrapInfo::None => 0,
        }))
    }

    /// The place is that of the function: a loop has none of its own.
    fn interrupt_check(&mut self) {
        let fuel = matches!(self.emit.options.interrupt, Interrupt::Fuel(_));
        let at = self.at(self.func.at);
        line!(self.out, if fuel { "FUEL_CHECK(" } else { "INTERRUPT_CHECK(" }, at, ");");
    }

    /// Where recursion is possible, compares the stack pointer with its limit.
    fn stack_check(&mut self) {
        let at = self.at(self.func.at);
        if let Stack::Depth(_) = self.emit.options.stack {
            return line!(self.out, "DEPTH_ENTER(", at, ");");
        }
        line!(
            self.out,
            "STACK_CHECK(",
            self.needs.words,
            ", ",
            self.func.exprs.len(),
            ", ",
            at,
            ");"
        );
    }

    /// Undoes what the check of the stack has done, where the function returns.
    fn leave(&mut self) {
        match (self.check_at, self.emit.options.stack) {
            (Some(_), Stack::Depth(_)) => line!(self.out, "DEPTH_LEAVE();"),
            (Some(_), Stack::Address(_)) if self.emit.is_one() => {
                line!(self.out, "STACK_LEAVE();")
            }
            _ => {}
        }
    }

    /// Declares locals and those temporaries that cannot be declared in place.
    fn variables(&mut self) {
        for ty in [Type::I32, Type::I64, Type::F32, Type::F64, Type::FuncRef, Type::ExternRef] {
            let vars = (self.func.params..self.func.vars.len() as u32).map(Var);
            let vars = vars.filter(|var| self.at_top[var.0 as usize] && self.ty(*var) == ty);
            let vars: Vec<Var> = vars.collect();
            for chunk in vars.chunks(12) {
                self.out.begin();
                put!(self.out, self.emit.c_type(ty), if ty == Type::ExternRef { "" } else { " " });
                for (i, var) in chunk.iter().enumerate() {
                    if i > 0 {
                        put!(self.out, ", ", if ty == Type::ExternRef { "*" } else { "" });
                    }
                    self.var(*var);
                    put!(
                        self.out,
                        match ty {
                            Type::FuncRef if self.emit.is_one() => " = {0, 0}",
                            Type::FuncRef => " = {0, 0, 0}",
                            _ => " = 0",
                        }
                    );
                }
                put!(self.out, ";\n");
            }
        }
    }

    pub(super) fn ty(&self, var: Var) -> Type {
        self.func.vars[var.0 as usize]
    }

    pub(super) fn var(&mut self, var: Var) {
        put_var(&mut self.out, &self.names, var);
    }

    /// `I->m0.` or `I->m0->`: what stands before a member of a memory.
    pub(super) fn memory_ref(&self, memory: u32) -> &'static str {
        // One memory is all that is supported.
        debug_assert!(!self.emit.is_one());
        if self.emit.module.memories[memory as usize].imported { "I->m0->" } else { "I->m0." }
    }

    pub(super) fn in_bounds(&self, end: u64) -> &'static str {
        if end <= self.emit.min_size { "IN_BOUNDS" } else { "IN_BOUNDS_FAR" }
    }

    pub(super) fn global_value(&mut self, global: u32) {
        match self.emit.constant_global(global) {
            Some(constant) => put!(self.out, constant),
            None => self.emit.global(&mut self.out, global),
        }
    }

    pub(super) fn table_size(&mut self, table: u32) {
        if self.emit.const_tables[table as usize].is_some() {
            put!(self.out, self.emit.module.tables[table as usize].limits.min, "u");
        } else {
            let arrow = if self.emit.module.tables[table as usize].imported { "->" } else { "." };
            let member = if self.emit.is_one() { "count" } else { "size" };
            put!(self.out, self.emit.state, "t", table, arrow, member);
        }
    }

    pub(super) fn func_value(&mut self, func: u32) {
        self.emit.func_value(&mut self.out, func);
    }

    pub(super) fn begin(&mut self) {
        self.out.begin();
    }

    fn stmt(&mut self, i: usize, stmt: &Stmt, next: Option<&Stmt>) {
        match *stmt {
            Stmt::Set(var, id) => self.set(var, id),
            Stmt::Eval(id) => {
                self.begin();
                put!(self.out, "(void)");
                self.atom(id);
                put!(self.out, ";\n");
            }
            // Which compilers would warn of.
            Stmt::GlobalSet(to, id) if matches!(self.node(id), Expr::GlobalGet(it) if it == to) => {
            }
            Stmt::GlobalSet(global, id) => {
                self.begin();
                self.emit.global(&mut self.out, global);
                put!(self.out, " = ");
                self.expr(id);
                put!(self.out, ";\n");
            }
            Stmt::Store { access, check, addr, offset, value, at, .. } => {
                self.begin();
                put!(self.out, access.c(), "(");
                self.address(addr, check, offset, access.bytes(), at);
                put!(self.out, ", ");
                self.expr(value);
                put!(self.out, ");\n");
            }
            Stmt::Check { addr, end, at, .. } => {
                self.begin();
                put!(self.out, if end <= self.emit.min_size { "CHECK(" } else { "CHECK_FAR(" });
                self.expr(addr);
                put!(self.out, ", ", end, "u, ", self.at(at), ");\n");
            }
            Stmt::Call { func, args, results, .. } => self.call(func, args, results),
            Stmt::CallIndirect { table, ty, args, results, at } => {
                self.call_indirect(table, ty, args, results, at);
            }
            Stmt::Runtime { what, args, result, at } => self.runtime(what, args, result, at),
            Stmt::Block(label) => self.open.push(Open::Label(Some(label))),
            Stmt::Loop(label) => self.begin_loop(i, label),
            Stmt::If(cond, label) => self.begin_if(cond, label),
            Stmt::Else => self.otherwise(),
            Stmt::End => self.end(),
            Stmt::Br(label) => self.br(label, next),
            Stmt::BrIf(cond, label) => self.br_if(cond, label, next),
            Stmt::BrTable { index, targets } => self.br_table(index, targets),
            Stmt::Return(args) => self.return_(args, i),
            Stmt::Unreachable { at } => {
                line!(self.out, "TRAP(UNREACHABLE, ", self.at(at), ");");
            }
        }
    }

    fn atom(&mut self, id: Id) {
        put!(self.out, "(");
        self.expr(id);
        put!(self.out, ")");
    }

    /// Prints the left side of an assignment, a declaration if this is the place.
    pub(super) fn target(&mut self, var: Var) {
        self.begin();
        if !self.at_top[var.0 as usize] {
            let ty = self.ty(var);
            put!(self.out, self.emit.c_type(ty), if ty == Type::ExternRef { "" } else { " " });
        }
        self.var(var);
        put!(self.out, " = ");
    }

    /// The same for a result that may be dropped.
    pub(super) fn target_if_read(&mut self, var: Var) {
        if self.read[var.0 as usize] {
            self.target(var);
        } else {
            self.begin();
        }
    }

    fn set(&mut self, var: Var, id: Id) {
        self.target(var);
        self.expr(id);
        put!(self.out, ";\n");
    }

    fn begin_loop(&mut self, i: usize, label: Label) {
        let end = self.ends[i];
        let forever = self.func.stmts[end - 1] == Stmt::Br(label);
        let while_ = matches!(self.func.stmts[end - 1], Stmt::BrIf(_, it) if it == label);
        let structured = (forever || while_) && self.braces < MAX_BRACES && end > i + 1;
        if self.func.branches[label.0 as usize] > u32::from(structured) {
            self.label("L", label.0);
        }
        if !structured {
            self.loop_check();
            return self.open.push(Open::Label(None));
        }
        self.brace(if forever { "for (;;) {" } else { "do {" });
        self.loop_check();
        let exit = match (self.open.last(), self.func.stmts.get(end + 1)) {
            (Some(Open::Label(label)), Some(Stmt::End)) => *label,
            _ => None,
        };
        self.exits.push(exit);
        self.open.push(Open::Loop { label, forever });
    }

    fn loop_check(&mut self) {
        if self.emit.interruptible() {
            self.interrupt_check();
        }
    }

    fn brace(&mut self, head: &str) {
        line!(self.out, head);
        self.out.deeper();
        self.braces += 1;
    }

    fn unbrace(&mut self) {
        self.out.shallower();
        self.braces -= 1;
    }

    fn label(&mut self, letter: &str, number: u32) {
        // The empty statement: a label cannot stand before a declaration or a brace.
        put!(self.out, letter, number, ":;\n");
    }

    fn begin_if(&mut self, cond: Id, label: Label) {
        self.begin();
        if self.braces < MAX_BRACES {
            put!(self.out, "if (");
            self.condition(cond);
            put!(self.out, ") {\n");
            self.out.deeper();
            self.braces += 1;
            self.open.push(Open::Braces(label));
        } else {
            let number = self.jumps;
            self.jumps += 1;
            put!(self.out, "if (!(");
            self.condition(cond);
            put!(self.out, "))\n");
            line!(self.out, "  goto E", number, ";");
            self.open.push(Open::Jump { number, label, other: false });
        }
    }

    fn otherwise(&mut self) {
        match self.open.last_mut() {
            Some(Open::Jump { number, other, .. }) => {
                *other = true;
                let number = *number;
                line!(self.out, "goto F", number, ";");
                self.label("E", number);
            }
            _ => {
                self.out.shallower();
                line!(self.out, "} else {");
                self.out.deeper();
            }
        }
    }

    fn end(&mut self) {
        match self.open.pop().expect("bracketed") {
            Open::Label(label) => self.end_label(label),
            Open::Braces(label) => {
                self.unbrace();
                line!(self.out, "}");
                self.end_label(Some(label));
            }
            Open::Jump { number, label, other } => {
                self.label(if other { "F" } else { "E" }, number);
                self.end_label(Some(label));
            }
            Open::Loop { forever, .. } => {
                self.exits.pop();
                if forever {
                    self.unbrace();
                    line!(self.out, "}");
                } // the other kind is closed by its condition
            }
        }
    }

    fn end_label(&mut self, label: Option<Label>) {
        if let Some(label) = label.filter(|label| self.gotos[label.0 as usize] > 0) {
            self.label("L", label.0);
        }
    }

    /// Is the statement the last of the loop it goes back to?
    fn closes(&self, target: Label, next: Option<&Stmt>) -> bool {
        let innermost = self.open.last();
        matches!(next, Some(Stmt::End))
            && matches!(innermost, Some(Open::Loop { label, .. }) if *label == target)
    }

    /// Prints a jump: out of the innermost loop, if the label is right behind it.
    fn jump(&mut self, target: Label) {
        if self.exits.last() == Some(&Some(target)) {
            line!(self.out, "break;");
        } else {
            self.gotos[target.0 as usize] += 1;
            line!(self.out, "goto L", target.0, ";");
        }
    }

    fn br(&mut self, label: Label, next: Option<&Stmt>) {
        if !self.closes(label, next) {
            self.jump(label);
        }
    }

    fn br_if(&mut self, cond: Id, label: Label, next: Option<&Stmt>) {
        let closes = self.closes(label, next);
        if closes {
            self.unbrace();
        }
        self.begin();
        put!(self.out, if closes { "} while (" } else { "if (" });
        self.condition(cond);
        if closes {
            put!(self.out, ");\n");
        } else {
            put!(self.out, ")\n");
            self.out.deeper();
            self.jump(label);
            self.out.shallower();
        }
    }

    fn br_table(&mut self, index: Id, targets: Slice) {
        let targets = &self.func.targets[targets.range()];
        let (default, cases) = targets.split_last().expect("validated");
        for label in targets {
            self.gotos[label.0 as usize] += 1;
        }
        self.begin();
        put!(self.out, "switch (");
        self.expr(index);
        put!(self.out, ") {\n");
        for (i, label) in cases.iter().enumerate() {
            if label == default {
                continue;
            }
            line!(self.out, "case ", i, ":");
            if cases.get(i + 1) != Some(label) {
                line!(self.out, "  goto L", label.0, ";");
            }
        }
        line!(self.out, "default:");
        line!(self.out, "  goto L", default.0, ";");
        line!(self.out, "}");
    }

    fn return_(&mut self, args: Slice, i: usize) {
        let args = &self.func.args[args.range()];
        self.leave();
        match args {
            [] => {
                // At the very end, C returns by itself.
                let rest = &self.func.stmts[i + 1..];
                let labelled = rest.len() > 1 || self.open.len() > rest.len();
                if labelled || rest.iter().any(|stmt| !matches!(stmt, Stmt::End)) {
                    line!(self.out, "return;");
                }
            }
            [value] => {
                self.begin();
                put!(self.out, "return ");
                self.expr(*value);
                put!(self.out, ";\n");
            }
            _ => {
                line!(self.out, "{");
                self.out.deeper();
                self.begin();
                let ty = self.emit.module.funcs[self.func.index as usize].ty;
                self.emit.result_type(&mut self.out, ty);
                put!(self.out, "results;\n");
                for (i, value) in args.iter().enumerate() {
                    self.begin();
                    put!(self.out, "results.r", i, " = ");
                    self.expr(*value);
                    put!(self.out, ";\n");
                }
                line!(self.out, "return results;");
                self.out.shallower();
                line!(self.out, "}");
            }
        }
    }
}

/// C's name of a type inside a module.
pub(super) fn c_type(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "u32",
        Type::I64 => "u64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::FuncRef => "wdn_func_t",
        Type::ExternRef => "void *",
    }
}

fn put_var(out: &mut Out, names: &[Option<String>], var: Var) {
    put!(out, "v", var.0);
    if let Some(Some(name)) = names.get(var.0 as usize) {
        put!(out, "_", name);
    }
}

/// The names of locals, as far as the name section has them.
fn local_names(module: &Module<'_>, func: &Func) -> Vec<Option<String>> {
    let Some(known) = module.local_names.get(&func.index) else { return Vec::new() };
    let mut names = vec![None; func.locals as usize];
    for (index, name) in known {
        if let Some(slot) = names.get_mut(*index as usize) {
            let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
            let name: String = name.chars().take(24).map(clean).collect();
            *slot = (!name.is_empty()).then_some(name);
        }
    }
    names
}
