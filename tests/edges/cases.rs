//! Modules of many functions with one access each, and the C table that tells the
//! host what each of them does.

use std::fmt::Write;

/// An instruction that accesses memory.
struct Instruction {
    name: &'static str,
    ty: &'static str,
    bytes: u32,
    signed: bool,
}

const fn of(name: &'static str, ty: &'static str, bytes: u32, signed: bool) -> Instruction {
    Instruction { name, ty, bytes, signed }
}

const INSTRUCTIONS: &[Instruction] = &[
    of("i32.load", "i32", 4, false),
    of("i64.load", "i64", 8, false),
    of("f32.load", "f32", 4, false),
    of("f64.load", "f64", 8, false),
    of("i32.load8_s", "i32", 1, true),
    of("i32.load8_u", "i32", 1, false),
    of("i32.load16_s", "i32", 2, true),
    of("i32.load16_u", "i32", 2, false),
    of("i64.load8_s", "i64", 1, true),
    of("i64.load8_u", "i64", 1, false),
    of("i64.load16_s", "i64", 2, true),
    of("i64.load16_u", "i64", 2, false),
    of("i64.load32_s", "i64", 4, true),
    of("i64.load32_u", "i64", 4, false),
    of("i32.store", "i32", 4, false),
    of("i64.store", "i64", 8, false),
    of("f32.store", "f32", 4, false),
    of("f64.store", "f64", 8, false),
    of("i32.store8", "i32", 1, false),
    of("i32.store16", "i32", 2, false),
    of("i64.store8", "i64", 1, false),
    of("i64.store16", "i64", 2, false),
    of("i64.store32", "i64", 4, false),
];

const OFFSETS: &[u32] = &[0, 1, 1 << 16, 1 << 31, u32::MAX];

/// How an index is made: `edge_index_t`, parameters, code.
#[rustfmt::skip]
const MAKINGS: &[(&str, &str, &str)] = &[
    ("ADD", "i32 i32", "(i32.add (local.get 0) (local.get 1))"),
    ("PLUS", "i32", "(i32.add (local.get 0) (i32.const 16))"),
    ("MINUS", "i32", "(i32.sub (local.get 0) (i32.const 16))"),
    ("SHIFT", "i32 i32", "(i32.add (i32.shl (local.get 0) (i32.const 3)) (local.get 1))"),
    ("WRAP", "i64", "(i32.wrap_i64 (local.get 0))"),
    ("CALL", "i32", "(call $same (local.get 0))"),
    ("HOST", "i32", "(call $host (local.get 0))"),
    ("MEMORY", "", "(i32.load (i32.const 4096))"),
];

/// What a module is to cover.
pub(crate) struct Plan {
    /// The module's name in C.
    pub name: &'static str,
    /// Limits of its memory, in pages.
    pub pages: u32,
    pub max: Option<u32>,
    /// Pages with which everything is tried once more.
    pub grown: u32,
    /// All instructions and makings, or only some.
    pub all: bool,
}

impl Plan {
    fn instructions(&self) -> impl Iterator<Item = &'static Instruction> {
        let some = ["i32.load8_u", "i64.load", "f64.load", "i32.store8", "i64.store"];
        let all = self.all;
        INSTRUCTIONS.iter().filter(move |it| all || some.contains(&it.name))
    }

    fn makings(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        if self.all { MAKINGS } else { &MAKINGS[1..2] }
    }

    /// The constant indices; others are arguments.
    fn constants(&self) -> Vec<u32> {
        let size = self.pages << 16;
        let mut constants = vec![0, size.wrapping_sub(1), size, i32::MAX as u32, 1 << 31, u32::MAX];
        constants.sort_unstable();
        constants.dedup();
        constants
    }
}

/// A module's text, its table in C, and how many checks one pass over it makes.
#[derive(Default)]
pub(crate) struct Cases {
    pub wat: String,
    pub table: String,
    pub checks: usize,
    functions: usize,
}

/// Writes the functions of a plan.
pub(crate) fn cases(plan: &Plan) -> Cases {
    let mut cases = Cases::default();
    let max = plan.max.map_or(String::new(), |max| max.to_string());
    let _ = writeln!(
        cases.wat,
        "(module (func $host (import \"env\" \"same\") (param i32) (result i32))\n\
         (memory (export \"memory\") {} {max})",
        plan.pages
    );
    let _ = writeln!(cases.table, "static const edge_case_t {}_cases[] = {{", plan.name);
    for instruction in plan.instructions() {
        for &offset in OFFSETS {
            for &(making, params, code) in plan.makings() {
                let index = Index { making, params, code, constant: 0 };
                cases.accesses(instruction, offset, &index);
            }
            for &constant in &plan.constants() {
                let code = format!("(i32.const {constant})");
                let index = Index { making: "CONSTANT", params: "", code: &code, constant };
                cases.accesses(instruction, offset, &index);
            }
        }
    }
    let functions: String = (0..cases.functions).map(|it| format!(" {}", it + 1)).collect();
    let _ = writeln!(
        cases.wat,
        "(func $same (param i32) (result i32) (local.get 0))\n\
         (table (export \"functions\") funcref (elem{functions})))"
    );
    cases.table.push_str("};\n");
    cases
}

impl Instruction {
    fn is_store(&self) -> bool {
        self.name.contains("store")
    }
}

struct Index<'c> {
    making: &'static str,
    params: &'static str,
    code: &'c str,
    constant: u32,
}

impl Cases {
    /// The function or two that access memory so.
    fn accesses(&mut self, it: &Instruction, offset: u32, index: &Index<'_>) {
        let access = format!("{} offset={offset} {}", it.name, index.code);
        let (ty, params) = (it.ty, index.params);
        let value = params.split_whitespace().count();
        if it.is_store() {
            let body = format!("(param {params} {ty}) ({access} (local.get {value}))");
            self.function(it, offset, index, &body, "");
        } else {
            let body = format!("(param {params}) (result {ty}) ({access})");
            self.function(it, offset, index, &body, "");
            let body = format!("(param {params}) (drop ({access}))");
            self.function(it, offset, index, &body, " dropped");
        }
    }

    fn function(
        &mut self,
        it: &Instruction,
        offset: u32,
        index: &Index<'_>,
        body: &str,
        dropped: &str,
    ) {
        let name = format!("{} offset={offset} {}{dropped}", it.name, index.making);
        self.functions += 1;
        self.checks += if index.making == "CONSTANT" { 1 } else { 6 };
        let _ = writeln!(self.wat, "(func {body})");
        let _ = writeln!(
            self.table,
            "  {{\"{name}\", WDN_{}, {}, {}, {}, {}, INDEX_{}, {}u, {offset}u}},",
            it.ty.to_uppercase(),
            it.bytes,
            it.is_store(),
            it.signed,
            !dropped.is_empty(),
            index.making,
            index.constant,
        );
    }
}
