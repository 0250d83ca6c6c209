//! From one function's operators to statements, one fresh variable per value.
//!
//! Little cleverness here: a value that an instruction computes becomes a
//! temporary that is assigned once, and whoever pops it reads the temporary.
//! `opt::fold` turns that into expressions. Only constants and reads of locals,
//! half of all values, wait on the stack as they are. The module is valid, so stack
//! and types need no checking.

use super::control::Frame;
use super::decode::Operators;
use crate::access::Access;
use crate::ir::*;
use crate::ops::{Effect, Op};
use crate::options;
use wasmparser::{BinaryReader, FunctionBody, MemArg, MemArgTarget, Operator};

pub(super) struct Reader<'m, 'a> {
    pub(super) module: &'m Module<'a>,
    pub(super) func: Func,
    pub(super) stack: Vec<Value>,
    /// Values below are variables.
    settled: usize,
    pub(super) frames: Vec<Frame>,
    /// After a branch that is always taken: how many constructs have been opened since.
    pub(super) dead: Option<u32>,
    memory: options::Memory,
    pub(super) at: u32,
}

/// An operand on the stack.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// A variable that is assigned once.
    Var(Var),
    /// A constant or a local variable, which nothing has assigned since.
    Waiting(Type, Expr),
}

/// How many values may wait: setting a local looks at all of them.
const MAX_WAITING: usize = 64;

/// An offset that a guarded reservation does not cover.
const FAR: u64 = 1 << 31;

/// Reads the body of the function `index`, which is not imported.
pub(crate) fn func(module: &Module<'_>, index: u32, memory: options::Memory) -> Func {
    func_after(module, index, memory, Func::default())
}

/// The same, into the memory of a function that is no longer needed.
pub(crate) fn func_after(
    module: &Module<'_>,
    index: u32,
    memory: options::Memory,
    spent: Func,
) -> Func {
    let decl = &module.funcs[index as usize];
    let bytes = &module.wasm[decl.body.clone()];
    let reader = BinaryReader::new(bytes, decl.body.start as u64);
    let body = FunctionBody::new(reader);
    let ty = module.func_type(index);
    let at = decl.body.start as u32;
    let mut func = Func { index, params: ty.params.len() as u32, at, ..spent.cleared() };
    func.vars.extend(&ty.params);
    for local in body.get_locals_reader().expect("validated") {
        let (count, ty) = local.expect("validated");
        let ty = super::features::value_type(ty).expect("supported");
        func.vars.extend(std::iter::repeat_n(ty, count as usize));
    }
    func.locals = func.vars.len() as u32;
    // An instruction has two or three bytes; most make a value, or a statement, or both.
    let size = decl.body.len().min(1 << 16);
    func.exprs.reserve(size / 2);
    func.stmts.reserve(size / 3);
    func.vars.reserve(size / 2);
    let mut reader = Reader {
        module,
        func,
        stack: Vec::new(),
        settled: 0,
        frames: Vec::new(),
        dead: None,
        memory,
        at: 0,
    };
    reader.begin();
    let mut operators = Operators::new(module.wasm, &body);
    while let Some((operator, at)) = operators.next() {
        reader.at = at;
        reader.operator(&operator);
    }
    reader.func
}

impl Reader<'_, '_> {
    pub(super) fn emit(&mut self, stmt: Stmt) {
        self.func.stmts.push(stmt);
    }

    fn pop(&mut self) -> Value {
        let value = self.stack.pop().expect("validated");
        self.settled = self.settled.min(self.stack.len());
        value
    }

    /// Pops a value as an operand.
    pub(super) fn operand(&mut self) -> Id {
        let value = self.pop();
        self.get(value)
    }

    pub(super) fn get(&mut self, value: Value) -> Id {
        self.func.expr(match value {
            Value::Var(var) => Expr::Get(var),
            Value::Waiting(_, expr) => expr,
        })
    }

    /// Pops `count` operands, the first pushed first.
    pub(super) fn operands(&mut self, count: usize) -> Slice {
        let height = self.stack.len() - count;
        let start = self.func.args.len() as u32;
        for i in height..self.stack.len() {
            let id = self.get(self.stack[i]);
            self.func.args.push(id);
        }
        self.truncate(height);
        Slice { start, len: count as u32 }
    }

    /// Drops operands.
    pub(super) fn truncate(&mut self, height: usize) {
        self.stack.truncate(height);
        self.settled = self.settled.min(height);
    }

    /// Assigns the values that wait, and are chosen, to variables.
    fn settle_some(&mut self, chosen: impl Fn(Expr) -> bool) {
        for i in self.settled..self.stack.len() {
            let Value::Waiting(ty, expr) = self.stack[i] else { continue };
            if chosen(expr) {
                let id = self.func.expr(expr);
                let var = self.func.temp(ty);
                self.emit(Stmt::Set(var, id));
                self.stack[i] = Value::Var(var);
            }
        }
    }

    /// Has no value wait: what comes next may be left or repeated.
    pub(super) fn settle(&mut self) {
        self.settle_some(|_| true);
        self.settled = self.stack.len();
    }

    /// Pushes a constant or a local.
    fn wait(&mut self, ty: Type, expr: Expr) {
        if self.stack.len() - self.settled == MAX_WAITING {
            self.settle();
        }
        self.stack.push(Value::Waiting(ty, expr));
    }

    /// Pushes fresh variables for results.
    fn results(&mut self, types: &[Type]) -> Slice {
        let start = self.func.results.len() as u32;
        for ty in types {
            let var = self.func.temp(*ty);
            self.func.results.push(var);
            self.stack.push(Value::Var(var));
        }
        Slice { start, len: types.len() as u32 }
    }

    fn ty(&self, value: Value) -> Type {
        match value {
            Value::Var(var) => self.func.vars[var.0 as usize],
            Value::Waiting(ty, _) => ty,
        }
    }

    /// Pushes the value of an expression.
    pub(super) fn push(&mut self, ty: Type, expr: Expr) {
        let id = self.func.expr(expr);
        let var = self.func.temp(ty);
        self.emit(Stmt::Set(var, id));
        self.stack.push(Value::Var(var));
    }

    fn operator(&mut self, operator: &Operator<'_>) {
        // Half of all instructions, and none of them is control.
        if self.dead.is_none() && self.variable(operator) {
            return;
        }
        if self.control(operator) || self.dead.is_some() {
            return;
        }
        if let Some(op) = Op::from_wasm(operator) {
            self.numeric(op);
        } else if let Some((access, memarg)) = Access::load(operator) {
            self.load(access, memarg);
        } else if let Some((access, memarg)) = Access::store(operator) {
            self.store(access, memarg);
        } else if !self.call(operator) && !self.table(operator) {
            self.memory(operator);
        }
    }

    fn numeric(&mut self, op: Op) {
        let info = op.info();
        let second = (info.params.len() == 2).then(|| self.operand());
        let first = self.operand();
        let expr = match (info.effect, second) {
            (Effect::Traps, Some(second)) => Expr::TrappingBinary(op, first, second, self.at),
            (Effect::Traps, None) => Expr::TrappingUnary(op, first, self.at),
            (Effect::Pure, Some(second)) => Expr::Binary(op, first, second),
            (Effect::Pure, None) => Expr::Unary(op, first),
        };
        self.push(info.result, expr);
    }

    fn check(&self, offset: u64) -> Check {
        if self.memory == options::Memory::Guard && offset < FAR {
            Check::Guard
        } else {
            Check::Own
        }
    }

    fn load(&mut self, access: Access, memarg: MemArg) {
        let addr = self.operand();
        let check = match self.check(memarg.offset) {
            Check::Guard => Check::Forced,
            check => check,
        };
        self.push(
            access.ty(),
            Expr::Load {
                access,
                check,
                memory: memory_of(memarg),
                addr,
                offset: memarg.offset as u32,
                at: self.at,
            },
        );
    }

    fn store(&mut self, access: Access, memarg: MemArg) {
        let value = self.operand();
        let addr = self.operand();
        self.emit(Stmt::Store {
            access,
            check: self.check(memarg.offset),
            memory: memory_of(memarg),
            addr,
            offset: memarg.offset as u32,
            value,
            at: self.at,
        });
    }

    fn local_set(&mut self, var: Var) {
        let value = self.operand();
        if self.func.exprs[value.0 as usize] == Expr::Get(var) {
            return; // nothing changes, and C compilers wonder why anybody writes that
        }
        self.settle_some(|expr| expr == Expr::Get(var));
        self.emit(Stmt::Set(var, value));
    }

    fn variable(&mut self, operator: &Operator<'_>) -> bool {
        match *operator {
            Operator::LocalGet { local_index } => {
                let var = Var(local_index);
                self.wait(self.func.vars[local_index as usize], Expr::Get(var));
            }
            Operator::LocalSet { local_index } => self.local_set(Var(local_index)),
            Operator::LocalTee { local_index } => {
                let var = Var(local_index);
                self.local_set(var);
                self.wait(self.func.vars[local_index as usize], Expr::Get(var));
            }
            Operator::GlobalGet { global_index } => {
                let ty = self.module.globals[global_index as usize].ty;
                self.push(ty, Expr::GlobalGet(global_index));
            }
            Operator::GlobalSet { global_index } => {
                let value = self.operand();
                self.emit(Stmt::GlobalSet(global_index, value));
            }
            Operator::I32Const { value } => self.wait(Type::I32, Expr::I32(value as u32)),
            Operator::I64Const { value } => self.wait(Type::I64, Expr::I64(value as u64)),
            Operator::F32Const { value } => self.wait(Type::F32, Expr::F32(value.bits())),
            Operator::F64Const { value } => self.wait(Type::F64, Expr::F64(value.bits())),
            Operator::Drop => {
                let value = self.operand();
                self.emit(Stmt::Eval(value));
            }
            Operator::Select | Operator::TypedSelect { .. } => {
                let cond = self.operand();
                let other = self.operand();
                let then = self.pop();
                let ty = self.ty(then);
                let then = self.get(then);
                self.push(ty, Expr::Select { cond, then, other });
            }
            Operator::Nop => {}
            _ => return false,
        }
        true
    }

    fn call(&mut self, operator: &Operator<'_>) -> bool {
        let at = self.at;
        match *operator {
            Operator::Call { function_index: func } => {
                let module = self.module;
                let ty = module.func_type(func);
                let args = self.operands(ty.params.len());
                let results = self.results(&ty.results);
                self.emit(Stmt::Call { func, args, results, at });
            }
            Operator::CallIndirect { type_index, table_index: table } => {
                let module = self.module;
                let ty = module.type_numbers[type_index as usize];
                let types = &module.types[ty as usize];
                let args = self.operands(types.params.len() + 1);
                let results = self.results(&types.results);
                self.emit(Stmt::CallIndirect { table, ty, args, results, at });
            }
            _ => return false,
        }
        true
    }

    /// An instruction that the runtime carries out: `args` operands, maybe a result.
    fn runtime(&mut self, what: Runtime, args: usize, result: Option<Type>) {
        let args = self.operands(args);
        let result = result.map(|ty| {
            let var = self.func.temp(ty);
            self.stack.push(Value::Var(var));
            var
        });
        self.emit(Stmt::Runtime { what, args, result, at: self.at });
    }

    fn element(&self, table: u32) -> Type {
        self.module.tables[table as usize].element
    }

    fn table(&mut self, operator: &Operator<'_>) -> bool {
        match *operator {
            Operator::TableGet { table } => {
                self.runtime(Runtime::TableGet { table }, 1, Some(self.element(table)));
            }
            Operator::TableSet { table } => self.runtime(Runtime::TableSet { table }, 2, None),
            Operator::TableGrow { table } => {
                self.runtime(Runtime::TableGrow { table }, 2, Some(Type::I32));
            }
            Operator::TableFill { table } => self.runtime(Runtime::TableFill { table }, 3, None),
            Operator::TableCopy { dst_table: to, src_table: from } => {
                self.runtime(Runtime::TableCopy { to, from }, 3, None);
            }
            Operator::TableInit { elem_index: element, table } => {
                self.runtime(Runtime::TableInit { table, element }, 3, None);
            }
            Operator::ElemDrop { elem_index: element } => {
                self.runtime(Runtime::ElemDrop { element }, 0, None);
            }
            Operator::TableSize { table } => self.push(Type::I32, Expr::TableSize(table)),
            Operator::RefNull { hty } => {
                let ty = wasmparser::RefType::new(true, hty).expect("validated");
                let ty = super::features::value_type(ty.into()).expect("supported");
                self.push(ty, Expr::RefNull(ty));
            }
            Operator::RefFunc { function_index } => {
                self.push(Type::FuncRef, Expr::RefFunc(function_index));
            }
            Operator::RefIsNull => {
                let value = self.pop();
                let ty = self.ty(value);
                let value = self.get(value);
                self.push(Type::I32, Expr::RefIsNull { ty, value });
            }
            _ => return false,
        }
        true
    }

    fn memory(&mut self, operator: &Operator<'_>) {
        match *operator {
            Operator::MemorySize { mem } => self.push(Type::I32, Expr::MemorySize(mem)),
            Operator::MemoryGrow { mem: memory } => {
                self.runtime(Runtime::MemoryGrow { memory }, 1, Some(Type::I32));
            }
            Operator::MemoryFill { mem: memory } => {
                self.runtime(Runtime::MemoryFill { memory }, 3, None);
            }
            Operator::MemoryCopy { dst_mem: to, src_mem: from } => {
                self.runtime(Runtime::MemoryCopy { to, from }, 3, None);
            }
            Operator::MemoryInit { data_index: data, mem: memory } => {
                self.runtime(Runtime::MemoryInit { memory, data }, 3, None);
            }
            Operator::DataDrop { data_index: data } => {
                self.runtime(Runtime::DataDrop { data }, 0, None);
            }
            _ => unreachable!("an unsupported instruction was refused before"),
        }
    }
}

fn memory_of(memarg: MemArg) -> u8 {
    match memarg.target {
        MemArgTarget::Memory(index) => index as u8,
        _ => 0, // refused before
    }
}
