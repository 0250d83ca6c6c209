//! The intermediate representation: the contract between `read`, `opt` and `emit`.
//!
//! A [`Module`] is what the sections say, checked and with indices resolved. A
//! [`Func`] is one function's body. Functions are read, optimised and printed one
//! at a time, so that a module of 50,000 functions needs the memory of one.
//!
//! # Statements and expressions
//!
//! Effects are statements, in order. An expression changes nothing: it
//! computes, reads variables, globals and memory, and may trap by an
//! out-of-bounds load. It is a tree, and each of its nodes has one user. A value
//! used twice has a variable. So a printer may write an expression wherever it
//! stands, and only `opt::fold` reasons about moving one.
//!
//! When is an expression evaluated? Where its statement stands, once. The order
//! among the parts of one tree is not defined, as in C. That is sound because
//! the only trap a tree may contain is the out-of-bounds load, and which of two
//! such loads traps first cannot be told apart. Instructions that trap otherwise
//! (division, conversion, `table.get`) are the root of a [`Stmt::Set`] or
//! [`Stmt::Eval`]; nothing else in their tree may trap after them.
//!
//! # Structure
//!
//! Statements are one flat list in which `Block`, `Loop`, `If`, `Else` and `End`
//! bracket each other, as in the binary format: hostile modules nest tens of
//! thousands deep, and a list needs no recursion to walk or to drop. The nesting
//! keeps its meaning: a statement dominates what follows it up to the end of the
//! construct it stands in, and a loop is everything between its brackets. A
//! branch to a `Block` or `If` continues after its `End`, a branch to a `Loop` at
//! its start.
//!
//! # Variables
//!
//! Parameters and locals of the function, then temporaries. All are mutable and
//! start as zero, as locals do. Block results and loop parameters are variables
//! that the branch assigns.

pub mod print;

use crate::access::Access;
use crate::ops::Op;
use std::collections::HashMap;
use std::ops::Range;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Type {
    I32,
    I64,
    F32,
    F64,
    FuncRef,
    ExternRef,
}

impl Type {
    /// Its name in the text format.
    pub fn name(self) -> &'static str {
        match self {
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
            Type::FuncRef => "funcref",
            Type::ExternRef => "externref",
        }
    }
}

/// A function type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct FuncType {
    pub params: Vec<Type>,
    pub results: Vec<Type>,
}

/// A byte string of the module: names are any bytes that are UTF-8.
pub type Name = String;

/// What the sections say. Every index is valid; types are numbered so that two
/// equal function types have the same number.
#[derive(Debug)]
pub struct Module<'a> {
    /// The whole `.wasm`.
    pub wasm: &'a [u8],
    /// Its SHA-256.
    pub hash: [u8; 32],
    /// Distinct function types.
    pub types: Vec<FuncType>,
    /// The number in `types` of each entry of the type section.
    pub type_numbers: Vec<u32>,
    /// In the order of the import section.
    pub imports: Vec<Import>,
    /// Imported, then defined.
    pub funcs: Vec<FuncDecl>,
    /// Imported, then defined.
    pub tables: Vec<Table>,
    /// Imported, then defined.
    pub memories: Vec<Memory>,
    /// Imported, then defined.
    pub globals: Vec<Global>,
    /// In the order of the export section.
    pub exports: Vec<Export>,
    /// The start function.
    pub start: Option<u32>,
    /// The element section.
    pub elements: Vec<Element>,
    /// The data section.
    pub data: Vec<Data<'a>>,
    /// The module's own name, from the name section.
    pub name: Option<String>,
    /// The names of local variables, by function and index, where known.
    pub local_names: HashMap<u32, Vec<(u32, String)>>,
    /// Elements of table 0 that are left to functions of the host.
    pub host_slots: Range<u32>,
    /// Facts about all function bodies.
    pub uses: Uses,
}

/// What function bodies do to things that could otherwise be constant.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// Tables that some instruction other than `call_indirect`, `table.get` and
    /// `table.size` names.
    pub written_tables: Vec<bool>,
    /// Tables read by `table.get`, which gives their entries a life of their own.
    pub got_tables: Vec<bool>,
    /// Does any instruction grow a memory?
    pub memory_grow: bool,
    /// May a memory grow while the function runs, by itself or by what it calls?
    pub may_grow: Vec<bool>,
    /// May one grow during a `call_indirect`?
    pub indirect_may_grow: bool,
    /// Functions that something can still call, where the host sees only some exports.
    pub live: Vec<bool>,
    /// Data segments that `memory.init` or `data.drop` names.
    pub data: Vec<bool>,
    /// Element segments that `table.init` or `elem.drop` names.
    pub elements: Vec<bool>,
}

/// An import: its two names and what it brings.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Import {
    pub module: Name,
    pub name: Name,
    pub item: Item,
    /// Offset in the `.wasm`.
    pub at: u32,
}

/// Names one thing by kind and index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Item {
    Func(u32),
    Table(u32),
    Memory(u32),
    Global(u32),
}

/// A function, imported or defined.
#[derive(Clone, Debug)]
pub struct FuncDecl {
    /// Its type's number in [`Module::types`].
    pub ty: u32,
    /// Its body in the `.wasm`: locals and code. Empty for an import.
    pub body: Range<usize>,
    /// From the name section.
    pub name: Option<String>,
}

/// Limits in pages or elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Limits {
    pub min: u64,
    pub max: Option<u64>,
}

/// A table.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Table {
    pub imported: bool,
    pub element: Type,
    pub limits: Limits,
    /// What its elements are at first, if not null.
    pub init: Option<Const>,
}

/// A linear memory.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Memory {
    pub imported: bool,
    /// In pages.
    pub limits: Limits,
    /// A page has two to the power of this bytes.
    pub page_log2: u32,
    /// Of a memory that is an array: its bytes.
    pub array: Option<u32>,
    /// Offset in the `.wasm`.
    pub at: u32,
}

impl Memory {
    /// Bytes that it has at least, whatever happens.
    pub fn min_size(&self) -> u64 {
        let declared = self.limits.min << self.page_log2;
        self.array.map_or(declared, |bytes| declared.min(u64::from(bytes)))
    }
}

/// A global.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Global {
    pub imported: bool,
    pub ty: Type,
    pub mutable: bool,
    /// Of a defined global.
    pub init: Option<Const>,
    /// From the name section.
    pub name: Option<String>,
    /// Offset in the `.wasm`.
    pub at: u32,
}

/// An export.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Export {
    pub name: Name,
    pub item: Item,
}

/// A constant expression, in postfix order.
pub type Const = Vec<ConstOp>;

/// One instruction of a constant expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ConstOp {
    I32(u32),
    I64(u64),
    F32(u32),
    F64(u64),
    Global(u32),
    Func(u32),
    Null(Type),
    Binary(Op),
}

/// Where a segment goes, and when.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Mode {
    /// At instantiation, to this table or memory and this offset.
    Active { target: u32, offset: Const },
    /// When an instruction asks for it.
    Passive,
    /// Never: it only declares that functions are referenced.
    Declared,
}

/// An element segment.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Element {
    pub mode: Mode,
    pub ty: Type,
    pub items: Vec<Const>,
    /// Offset of the segment in the `.wasm`.
    pub at: u32,
}

/// A data segment.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Data<'a> {
    pub mode: Mode,
    pub bytes: &'a [u8],
    /// Offset of the segment in the `.wasm`.
    pub at: u32,
}

/// A variable of a function, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Var(pub u32);

/// An expression of a function, by number in [`Func::exprs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(pub u32);

/// A label: the number of the construct that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label(pub u32);

/// Part of one of a function's pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Slice {
    pub start: u32,
    pub len: u32,
}

impl Slice {
    /// The indices.
    pub fn range(self) -> Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }

    /// All but the last, and the index of that.
    pub fn split_last(self) -> (Slice, usize) {
        let len = self.len - 1;
        (Slice { len, ..self }, (self.start + len) as usize)
    }
}

/// How an access of memory is kept in bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// By the reservation around a guarded memory.
    Guard,
    /// By the same, and the load has to be carried out: nobody may need its value.
    Forced,
    /// By its own comparison.
    Own,
    /// By a [`Stmt::Check`] that dominates it, or because the address is constant.
    Covered,
}

/// An expression. Operands are ids into the same function.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Expr {
    Get(Var),
    I32(u32),
    I64(u64),
    /// The bits: a NaN keeps its payload.
    F32(u32),
    F64(u64),
    Unary(Op, Id),
    Binary(Op, Id, Id),
    /// An instruction that may trap, at this offset in the `.wasm`.
    TrappingUnary(Op, Id, u32),
    TrappingBinary(Op, Id, Id, u32),
    /// The condition is the first operand. Only one arm is evaluated.
    Select {
        cond: Id,
        then: Id,
        other: Id,
    },
    Load {
        access: Access,
        check: Check,
        /// Nobody validates more than a hundred memories.
        memory: u8,
        addr: Id,
        offset: u32,
        at: u32,
    },
    GlobalGet(u32),
    MemorySize(u32),
    TableSize(u32),
    RefNull(Type),
    RefFunc(u32),
    RefIsNull {
        ty: Type,
        value: Id,
    },
}

impl Expr {
    /// May the instruction itself trap, other than by an access of memory?
    pub fn may_trap(&self) -> bool {
        matches!(self, Expr::TrappingUnary(..) | Expr::TrappingBinary(..))
    }
}

// There are as many as a function has instructions, and every pass walks them.
const _: () = assert!(size_of::<Expr>() == 16);

/// Instructions that a function of the runtime carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Runtime {
    MemoryGrow { memory: u32 },
    MemoryFill { memory: u32 },
    MemoryCopy { to: u32, from: u32 },
    MemoryInit { memory: u32, data: u32 },
    DataDrop { data: u32 },
    TableGet { table: u32 },
    TableSet { table: u32 },
    TableGrow { table: u32 },
    TableFill { table: u32 },
    TableCopy { to: u32, from: u32 },
    TableInit { table: u32, element: u32 },
    ElemDrop { element: u32 },
}

/// A statement. `at` is the offset of the instruction in the `.wasm`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Stmt {
    Set(Var, Id),
    /// Evaluates for the trap alone.
    Eval(Id),
    GlobalSet(u32, Id),
    Store {
        access: Access,
        check: Check,
        memory: u8,
        addr: Id,
        offset: u32,
        value: Id,
        at: u32,
    },
    /// Traps unless `end` bytes from `addr`, which has no effect, are in bounds.
    Check {
        memory: u32,
        addr: Id,
        end: u64,
        at: u32,
    },
    /// `args` is in [`Func::args`], `results` in [`Func::results`].
    Call {
        func: u32,
        args: Slice,
        results: Slice,
        at: u32,
    },
    /// The last of `args` is the index into the table.
    CallIndirect {
        table: u32,
        ty: u32,
        args: Slice,
        results: Slice,
        at: u32,
    },
    Runtime {
        what: Runtime,
        args: Slice,
        result: Option<Var>,
        at: u32,
    },
    Block(Label),
    Loop(Label),
    If(Id, Label),
    Else,
    End,
    Br(Label),
    BrIf(Id, Label),
    /// `targets` is in [`Func::targets`]; the last is the default.
    BrTable {
        index: Id,
        targets: Slice,
    },
    Return(Slice),
    Unreachable {
        at: u32,
    },
}

const _: () = assert!(size_of::<Stmt>() == 32);

/// The body of a function.
#[derive(Debug, Default)]
pub struct Func {
    /// Its index in the module.
    pub index: u32,
    /// How many of the variables are parameters.
    pub params: u32,
    /// How many of the variables are parameters and locals; the rest are temporaries.
    pub locals: u32,
    /// The type of each variable.
    pub vars: Vec<Type>,
    /// The body.
    pub stmts: Vec<Stmt>,
    /// Every expression; some may be unused after a pass.
    pub exprs: Vec<Expr>,
    /// Pool of operands.
    pub args: Vec<Id>,
    /// Pool of results.
    pub results: Vec<Var>,
    /// Pool of branch targets.
    pub targets: Vec<Label>,
    /// How many branches name each label.
    pub branches: Vec<u32>,
    /// Offset of the body in the `.wasm`.
    pub at: u32,
}

impl Func {
    /// Empty, with the memory that this one had.
    pub fn cleared(mut self) -> Func {
        self.vars.clear();
        self.stmts.clear();
        self.exprs.clear();
        self.args.clear();
        self.results.clear();
        self.targets.clear();
        self.branches.clear();
        self
    }

    /// Adds a label.
    pub fn label(&mut self) -> Label {
        self.branches.push(0);
        Label(self.branches.len() as u32 - 1)
    }

    /// Adds an expression.
    pub fn expr(&mut self, expr: Expr) -> Id {
        self.exprs.push(expr);
        Id(self.exprs.len() as u32 - 1)
    }

    /// Adds a temporary.
    pub fn temp(&mut self, ty: Type) -> Var {
        self.vars.push(ty);
        Var(self.vars.len() as u32 - 1)
    }

    /// Calls `f` on each operand of an expression.
    #[inline]
    pub fn operands(&self, id: Id, mut f: impl FnMut(Id)) {
        match self.exprs[id.0 as usize] {
            Expr::Unary(_, a)
            | Expr::TrappingUnary(_, a, _)
            | Expr::RefIsNull { value: a, .. }
            | Expr::Load { addr: a, .. } => f(a),
            Expr::Binary(_, a, b) | Expr::TrappingBinary(_, a, b, _) => {
                [a, b].into_iter().for_each(f);
            }
            Expr::Select { cond, then, other } => [cond, then, other].into_iter().for_each(f),
            Expr::Get(_)
            | Expr::I32(_)
            | Expr::I64(_)
            | Expr::F32(_)
            | Expr::F64(_)
            | Expr::GlobalGet(_)
            | Expr::MemorySize(_)
            | Expr::TableSize(_)
            | Expr::RefNull(_)
            | Expr::RefFunc(_) => {}
        }
    }

    /// Calls `f` on each expression that a statement evaluates itself, in order.
    #[inline]
    pub fn roots(&self, stmt: &Stmt, mut f: impl FnMut(Id)) {
        match *stmt {
            Stmt::Set(_, a)
            | Stmt::Eval(a)
            | Stmt::GlobalSet(_, a)
            | Stmt::If(a, _)
            | Stmt::BrIf(a, _)
            | Stmt::Check { addr: a, .. }
            | Stmt::BrTable { index: a, .. } => f(a),
            Stmt::Store { addr, value, .. } => {
                f(addr);
                f(value);
            }
            Stmt::Call { args, .. }
            | Stmt::CallIndirect { args, .. }
            | Stmt::Runtime { args, .. }
            | Stmt::Return(args) => self.args[args.range()].iter().copied().for_each(f),
            Stmt::Block(_)
            | Stmt::Loop(_)
            | Stmt::Else
            | Stmt::End
            | Stmt::Br(_)
            | Stmt::Unreachable { .. } => {}
        }
    }

    /// Calls `f` on every node of the tree under `id`, itself included, parents first.
    pub fn walk(&self, id: Id, f: &mut impl FnMut(Id)) {
        // Trees are shallow: `opt::fold` bounds their depth.
        f(id);
        self.operands(id, |operand| self.walk(operand, f));
    }

    /// Calls `f` on each variable that a statement assigns.
    #[inline]
    pub fn assigned(&self, stmt: &Stmt, mut f: impl FnMut(Var)) {
        match *stmt {
            Stmt::Set(var, _) => f(var),
            Stmt::Call { results, .. } | Stmt::CallIndirect { results, .. } => {
                self.results[results.range()].iter().copied().for_each(f);
            }
            Stmt::Runtime { result: Some(var), .. } => f(var),
            _ => {}
        }
    }
}

impl Module<'_> {
    /// The type of a function.
    pub fn func_type(&self, func: u32) -> &FuncType {
        &self.types[self.funcs[func as usize].ty as usize]
    }

    /// How many functions are imported.
    pub fn imported_funcs(&self) -> usize {
        self.imports.iter().filter(|it| matches!(it.item, Item::Func(_))).count()
    }
}
