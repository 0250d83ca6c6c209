//! Blocks, branches and code that cannot be reached.
//!
//! What leaves a block through a branch or its end is assigned to the block's
//! result variables; what a branch brings to a loop, to the loop's parameter
//! variables. A loop begins by copying its parameters, so that assigning them for
//! the next iteration cannot disturb this one.

use super::func::{Reader, Value};
use crate::ir::*;
use std::collections::HashSet;
use wasmparser::{BlockType, BrTable, Operator};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Func,
    Block,
    Loop,
    If,
    Else,
}

/// A construct that is open.
pub(super) struct Frame {
    kind: Kind,
    label: Label,
    /// What a branch to it assigns: results, or parameters of a loop.
    branch: Vec<Var>,
    results: Vec<Var>,
    /// The parameters of an `if`, for its other arm.
    params: Vec<Value>,
    /// Operands below it.
    height: usize,
    /// Does a `br_table` go to the end of the function?
    used: bool,
}

impl Reader<'_, '_> {
    /// Opens the function itself, which is a block that returns its results.
    pub(super) fn begin(&mut self) {
        let types = &self.module.func_type(self.func.index).results;
        let results: Vec<Var> = types.iter().map(|ty| self.func.temp(*ty)).collect();
        self.open(Kind::Func, results.clone(), results, Vec::new());
    }

    fn open(
        &mut self,
        kind: Kind,
        branch: Vec<Var>,
        results: Vec<Var>,
        params: Vec<Value>,
    ) -> Label {
        let label = self.func.label();
        match kind {
            Kind::Func | Kind::Block => self.emit(Stmt::Block(label)),
            Kind::Loop => self.emit(Stmt::Loop(label)),
            Kind::If | Kind::Else => {} // its caller has the condition
        }
        let height = self.stack.len();
        self.frames.push(Frame { kind, label, branch, results, params, height, used: false });
        label
    }

    /// Reads a control instruction. Of unreachable code it only counts the nesting.
    pub(super) fn control(&mut self, operator: &Operator<'_>) -> bool {
        if let Some(depth) = self.dead {
            return self.skip(operator, depth);
        }
        match *operator {
            Operator::Block { blockty } => self.block(Kind::Block, blockty),
            Operator::Loop { blockty } => self.block(Kind::Loop, blockty),
            Operator::If { blockty } => self.block(Kind::If, blockty),
            Operator::Else => self.otherwise(true),
            Operator::End => self.end(true),
            Operator::Br { relative_depth } => self.br(relative_depth),
            Operator::BrIf { relative_depth } => self.br_if(relative_depth),
            Operator::BrTable { ref targets } => self.br_table(targets),
            Operator::Return => self.br(self.frames.len() as u32 - 1),
            Operator::Unreachable => {
                self.emit(Stmt::Unreachable { at: self.at });
                self.dead = Some(0);
            }
            _ => return false,
        }
        true
    }

    fn skip(&mut self, operator: &Operator<'_>, depth: u32) -> bool {
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                self.dead = Some(depth + 1);
            }
            Operator::Else if depth == 0 => self.otherwise(false),
            Operator::End if depth == 0 => self.end(false),
            Operator::End => self.dead = Some(depth - 1),
            _ => {}
        }
        true
    }

    fn block_type(&self, ty: BlockType) -> (Vec<Type>, Vec<Type>) {
        match ty {
            BlockType::Empty => (Vec::new(), Vec::new()),
            BlockType::Type(ty) => {
                (Vec::new(), vec![super::features::value_type(ty).expect("supported")])
            }
            BlockType::FuncType(index) => {
                let number = self.module.type_numbers[index as usize];
                let ty = &self.module.types[number as usize];
                (ty.params.clone(), ty.results.clone())
            }
        }
    }

    fn block(&mut self, kind: Kind, ty: BlockType) {
        let (params, results) = self.block_type(ty);
        let cond = (kind == Kind::If).then(|| self.operand());
        self.settle();
        let results: Vec<Var> = results.iter().map(|ty| self.func.temp(*ty)).collect();
        let given = self.top(params.len());
        self.truncate(self.stack.len() - params.len());
        match kind {
            Kind::Loop => {
                let vars: Vec<Var> = params.iter().map(|ty| self.func.temp(*ty)).collect();
                self.assign(&vars, &given);
                self.open(kind, vars.clone(), results, Vec::new());
                for (var, ty) in vars.into_iter().zip(params) {
                    self.push(ty, Expr::Get(var));
                }
            }
            Kind::If => {
                let label = self.open(kind, results.clone(), results, given.clone());
                self.emit(Stmt::If(cond.expect("an if has a condition"), label));
                self.stack.extend(given);
            }
            _ => {
                self.open(kind, results.clone(), results, Vec::new());
                self.stack.extend(given);
            }
        }
    }

    fn assign(&mut self, vars: &[Var], values: &[Value]) {
        for (var, value) in vars.iter().zip(values) {
            let value = self.get(*value);
            self.emit(Stmt::Set(*var, value));
        }
    }

    /// The topmost `count` operands, which stay.
    fn top(&self, count: usize) -> Vec<Value> {
        self.stack[self.stack.len() - count..].to_vec()
    }

    /// Leaves the innermost construct by reaching its end.
    fn fall(&mut self) {
        let results = std::mem::take(&mut self.frames.last_mut().expect("open").results);
        let values = self.top(results.len());
        self.assign(&results, &values);
        self.frames.last_mut().expect("open").results = results;
    }

    fn otherwise(&mut self, reachable: bool) {
        if reachable {
            self.fall();
        }
        self.dead = None;
        self.emit(Stmt::Else);
        let frame = self.frames.last_mut().expect("open");
        frame.kind = Kind::Else;
        let (height, params) = (frame.height, frame.params.clone());
        self.truncate(height);
        self.stack.extend(params);
    }

    fn end(&mut self, reachable: bool) {
        let kind = self.frames.last().expect("open").kind;
        if kind == Kind::Func {
            return self.end_func(reachable);
        }
        if reachable {
            self.fall();
        }
        self.dead = None;
        let frame = self.frames.pop().expect("open");
        if kind == Kind::If && !frame.results.is_empty() {
            // The missing arm passes the parameters on.
            self.emit(Stmt::Else);
            self.assign(&frame.results, &frame.params);
        }
        self.emit(Stmt::End);
        self.truncate(frame.height);
        self.stack.extend(frame.results.into_iter().map(Value::Var));
    }

    fn end_func(&mut self, reachable: bool) {
        let used = self.frames.last().expect("open").used;
        if used {
            if reachable {
                self.fall();
            }
            let frame = self.frames.pop().expect("open");
            self.emit(Stmt::End);
            self.truncate(0);
            self.stack.extend(frame.results.into_iter().map(Value::Var));
            let values = self.operands(self.stack.len());
            self.emit(Stmt::Return(values));
        } else {
            let frame = self.frames.pop().expect("open");
            if reachable {
                let values = self.operands(frame.results.len());
                self.emit(Stmt::Return(values));
            }
            self.emit(Stmt::End);
        }
    }

    fn frame(&self, depth: u32) -> &Frame {
        &self.frames[self.frames.len() - 1 - depth as usize]
    }

    fn br(&mut self, depth: u32) {
        let frame = self.frame(depth);
        if frame.kind == Kind::Func {
            let values = self.operands(frame.results.len());
            self.emit(Stmt::Return(values));
        } else {
            let label = frame.label;
            let vars = frame.branch.clone();
            let values = self.top(vars.len());
            self.assign(&vars, &values);
            self.emit(Stmt::Br(label));
            self.func.branches[label.0 as usize] += 1;
        }
        self.dead = Some(0);
    }

    fn br_if(&mut self, depth: u32) {
        let cond = self.operand();
        let frame = self.frame(depth);
        let label = frame.label;
        let vars = frame.branch.clone();
        let values = self.top(vars.len());
        if frame.kind == Kind::Func {
            let label = self.func.label();
            self.emit(Stmt::If(cond, label));
            let returned = self.operands(values.len());
            self.emit(Stmt::Return(returned));
            self.emit(Stmt::End);
            self.stack.extend(values);
        } else {
            self.assign(&vars, &values);
            self.emit(Stmt::BrIf(cond, label));
            self.func.branches[label.0 as usize] += 1;
        }
    }

    fn br_table(&mut self, table: &BrTable<'_>) {
        let index = self.operand();
        let default = table.default();
        if table.targets().all(|depth| depth.expect("validated") == default) {
            // No choice: the index matters only if computing it traps.
            self.emit(Stmt::Eval(index));
            return self.br(default);
        }
        let start = self.func.targets.len() as u32;
        let mut assigned = HashSet::new();
        let depths = table.targets().map(|depth| depth.expect("validated"));
        for depth in depths.chain([default]) {
            let place = self.frames.len() - 1 - depth as usize;
            let frame = &mut self.frames[place];
            frame.used = true;
            let label = frame.label;
            self.func.targets.push(label);
            self.func.branches[label.0 as usize] += 1;
            if !frame.branch.is_empty() && assigned.insert(label) {
                let vars = frame.branch.clone();
                let values = self.top(vars.len());
                self.assign(&vars, &values);
            }
        }
        let targets = Slice { start, len: self.func.targets.len() as u32 - start };
        self.emit(Stmt::BrTable { index, targets });
        self.dead = Some(0);
    }
}
