//! Makes up modules, as text that a person can read when one of them fails.
//!
//! They are made to catch a translator that moves things: operands with effects
//! beside operands that see them, accesses next to the end of memory and to each
//! other, traps between effects, values that leave blocks in every way. Each
//! terminates, because loops and calls consume a common fuel. NaNs are made
//! canonical before anything can tell them apart.

use std::collections::BTreeSet;
use std::fmt::Write;

use wardian_tests::random::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ty {
    I32,
    I64,
    F32,
    F64,
}

use Ty::{F32, F64, I32, I64};

const TYPES: [Ty; 4] = [I32, I64, F32, F64];

impl Ty {
    fn name(self) -> &'static str {
        match self {
            I32 => "i32",
            I64 => "i64",
            F32 => "f32",
            F64 => "f64",
        }
    }
}

/// A function's type.
#[derive(Clone, Debug)]
struct Sig {
    params: Vec<Ty>,
    results: Vec<Ty>,
}

/// A label in sight: what a branch to it takes.
#[derive(Clone)]
struct Label {
    name: String,
    values: Vec<Ty>,
}

struct Maker {
    random: Random,
    sigs: Vec<Sig>,
    /// Which functions the table that never changes has.
    fixed: Vec<usize>,
    /// Of the function being made: its type and its locals, by type.
    own: Sig,
    labels: Vec<Label>,
    next_label: usize,
    /// Expressions that the function may still have.
    budget: usize,
}

/// Locals that each function has after its parameters, of each type.
const LOCALS: usize = 3;

/// The text of a module.
pub(crate) fn module(seed: u64) -> String {
    let mut random = Random(seed);
    let count = 2 + random.below(4);
    let sigs = (0..count).map(|_| sig(&mut random)).collect();
    let fixed = (0..6).map(|_| random.below(count)).collect();
    let own = Sig { params: Vec::new(), results: Vec::new() };
    let mut maker =
        Maker { random, sigs, fixed, own, labels: Vec::new(), next_label: 0, budget: 0 };
    let mut text = maker.head();
    for i in 0..count {
        maker.function(i, &mut text);
    }
    // What `ref.func` names must occur outside of functions.
    let names: Vec<String> = (0..count).map(|i| format!("$f{i}")).collect();
    let _ = writeln!(text, "  (elem declare func {}))", names.join(" "));
    text
}

/// The same module, but for loads: outside of memory they give `value`. What is
/// the same for any value does not depend on the load.
pub(crate) fn lenient(text: &str, value: i32) -> String {
    let mut changed = String::new();
    let mut helpers = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find(".load") {
        let begin = rest[..at].rfind('(').expect("every load is in parentheses");
        let (op, tail) = rest[begin + 1..].split_once(" offset=").expect("as this file writes it");
        let (offset, tail) = tail.split_once(' ').expect("as this file writes it");
        let _ = write!(changed, "{}(call $lenient_{op}_{offset} ", &rest[..begin]);
        helpers.insert((op, offset));
        rest = tail;
    }
    let end = rest.rfind(')').expect("the module's own");
    changed.push_str(&rest[..end]);
    for (op, offset) in helpers {
        let ty = &op[..3];
        let width = op[3..].trim_start_matches(".load").trim_end_matches(['_', 's', 'u']);
        let bytes = match width {
            "" => u64::from(ty.ends_with("64")) * 4 + 4,
            bits => bits.parse::<u64>().expect("a width") / 8,
        };
        let end = offset.parse::<u64>().expect("a number") + bytes;
        let _ = writeln!(
            changed,
            "  (func $lenient_{op}_{offset} (param i32) (result {ty})
    (if (i64.gt_u (i64.add (i64.extend_i32_u (local.get 0)) (i64.const {end}))
        (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))
      (then (return ({ty}.const {value}))))
    ({op} offset={offset} (local.get 0)))"
        );
    }
    changed + ")\n"
}

fn sig(random: &mut Random) -> Sig {
    let mut types = |max: usize| (0..random.below(max + 1)).map(|_| *random.pick(&TYPES)).collect();
    Sig { params: types(4), results: types(2) }
}

impl Sig {
    fn text(&self) -> String {
        let list = |word: &str, types: &[Ty]| {
            let names: Vec<&str> = types.iter().map(|ty| ty.name()).collect();
            if names.is_empty() { String::new() } else { format!("({word} {})", names.join(" ")) }
        };
        format!("{}{}", list("param", &self.params), list("result", &self.results))
    }
}

impl Maker {
    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        self.random.pick(items)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.random.one_in(n)
    }

    // ---- The module ------------------------------------------------------------------

    fn head(&mut self) -> String {
        let memory = *self.pick(&[
            "(memory (export \"memory\") 1 3)",
            "(memory (export \"memory\") 1 1)",
            "(memory 1 2)",
            "(import \"host\" \"memory\" (memory 1 3))",
        ]);
        let mut text = String::from("(module\n");
        let functions = [
            ("note_i32", "(param i32)"),
            ("note_i64", "(param i64)"),
            ("note_f64", "(param f64)"),
            ("ask", "(param i32 i64) (result i32)"),
            ("ask_f32", "(param f32) (result f32)"),
            ("pair", "(result i32 i64)"),
            ("stop", "(param i32)"),
            ("disturb", "(param i32) (result i32)"),
        ];
        for (name, ty) in functions {
            let _ = writeln!(text, "  (import \"host\" \"{name}\" (func ${name} {ty}))");
        }
        let things = [
            "(import \"host\" \"count\" (global $count (mut i64)))",
            "(import \"host\" \"base\" (global $base i32))",
        ];
        for thing in things {
            let _ = writeln!(text, "  {thing}");
        }
        let _ = writeln!(text, "  {memory}");
        for (i, ty) in TYPES.iter().enumerate() {
            let name = ty.name();
            let _ = writeln!(text, "  (global ${name} (mut {name}) ({name}.const {}))", i * 3);
            let _ = writeln!(text, "  (global $k_{name} {name} ({name}.const {}))", i * 1000 + 7);
        }
        text.push_str("  (global $fuel (mut i32) (i32.const 0))\n");
        let funcs: String = self.fixed.iter().map(|func| format!(" $f{func}")).collect();
        let _ = writeln!(
            text,
            "  (table $fixed 8 funcref) (elem (table $fixed) (i32.const 0) func{funcs})"
        );
        let _ =
            writeln!(text, "  (table $open 6 funcref) (elem (table $open) (i32.const 1) func $f0)");
        let _ = writeln!(text, "  (elem $spare func{funcs} $note_i32)");
        text.push_str("  (data (i32.const 0) \"\\01\\02\\03\\04\\05\\06\\07\\08some text\")\n");
        text.push_str(
            "  (data (i32.const 65510) \"\\ff\\fe\\fd\\fc\\fb\\fa\\f9\\f8 at the end\")\n",
        );
        text.push_str("  (data $late \"bytes that come later\")\n");
        text
    }

    fn function(&mut self, index: usize, text: &mut String) {
        self.own = self.sigs[index].clone();
        self.budget = 120;
        self.labels.clear();
        let ty = self.own.text();
        let _ = writeln!(text, "  (func $f{index} {ty}");
        for ty in TYPES {
            let _ = writeln!(text, "    (local{})", format!(" {}", ty.name()).repeat(LOCALS));
        }
        // For canonical NaNs, and two that are good addresses.
        text.push_str("    (local $c32 f32) (local $c64 f64) (local $p i32) (local $q i32)\n");
        let zeros: String =
            self.own.results.iter().map(|ty| format!(" ({}.const 0)", ty.name())).collect();
        let _ = writeln!(
            text,
            "    (if (i32.le_s (global.get $fuel) (i32.const 0)) (then (return{zeros})))"
        );
        text.push_str("    (global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))\n");
        let statements = self.statements(4);
        let _ = write!(text, "    {statements}\n   ");
        for ty in self.own.results.clone() {
            let _ = write!(text, " {}", self.expr(ty, 3));
        }
        text.push_str(")\n");
        self.export(index, text);
    }

    /// An exported function that calls this one with fuel and hides what NaNs it gives.
    fn export(&self, index: usize, text: &mut String) {
        let ty = self.own.text();
        let count = self.own.params.len();
        let args: String = (0..count).map(|i| format!(" (local.get {i})")).collect();
        let _ = writeln!(text, "  (func (export \"e{index}\") {ty}");
        for ty in &self.own.results {
            let _ = write!(text, " (local {})", ty.name());
        }
        let _ = write!(text, " (global.set $fuel (i32.const 60)) (call $f{index}{args})");
        for i in (0..self.own.results.len()).rev() {
            let _ = write!(text, " (local.set {})", count + i);
        }
        for (i, ty) in self.own.results.iter().enumerate() {
            let (name, get) = (ty.name(), format!("(local.get {})", count + i));
            let _ = match ty {
                I32 | I64 => write!(text, " {get}"),
                _ => write!(text, " (select {get} ({name}.const nan) ({name}.eq {get} {get}))"),
            };
        }
        text.push_str(")\n");
    }

    // ---- Statements -------------------------------------------------------------------

    fn statements(&mut self, depth: usize) -> String {
        let count = 1 + self.random.below(5);
        let list: Vec<String> = (0..count).map(|_| self.statement(depth)).collect();
        list.join("\n    ")
    }

    fn statement(&mut self, depth: usize) -> String {
        if self.budget == 0 {
            return "(nop)".to_string();
        }
        self.budget -= 1;
        let choice = if depth == 0 { self.random.below(17) } else { self.random.below(26) };
        match choice {
            0..=3 => {
                let (local, ty) = self.local();
                format!("(local.set {local} {})", self.expr(ty, depth))
            }
            4 => {
                let ty = *self.pick(&TYPES);
                format!("(global.set ${} {})", ty.name(), self.expr(ty, depth))
            }
            5..=8 => self.store(depth),
            9..=10 => self.pointer(depth),
            11 => {
                let ty = *self.pick(&TYPES);
                format!("(drop {})", self.expr(ty, depth))
            }
            12 => format!("(call $note_i32 {})", self.expr(I32, depth)),
            13 => format!("(call $note_i64 {})", self.expr(I64, depth)),
            14 => format!("(call $note_f64 {})", self.canonical(F64, depth)),
            15 => self.rare(depth),
            16 => self.call_statement(depth),
            17..=18 => self.if_statement(depth),
            19..=20 => self.block(depth),
            21..=22 => self.loop_(depth),
            23 => self.switch(depth),
            _ => self.branch(depth),
        }
    }

    /// Sets one of the locals that are good addresses, mostly; also ones next to
    /// the end of memory and of what an address can be.
    fn pointer(&mut self, depth: usize) -> String {
        let name = *self.pick(&["$p", "$q"]);
        let value = match self.random.below(12) {
            0..=3 => self.moved(),
            4 if self.one_in(3) => {
                let mask = *self.pick(&[0xffff_fff0u32, 0xffff_0000, 0xfff8, 0x1_0000]);
                format!("(i32.or {} (i32.const {mask}))", self.expr(I32, depth.min(1)))
            }
            5 => format!("(i32.const {})", self.pick(&[0, 8, 64, 65528, 65532, -8])),
            6 if self.one_in(3) => self.expr(I32, depth),
            _ => {
                let mask = *self.pick(&[0xff, 0xff8, 0xffff, 0xfff0]);
                format!("(i32.and {} (i32.const {mask}))", self.expr(I32, depth))
            }
        };
        format!("(local.set {name} {value})")
    }

    /// One of those locals plus or minus something.
    fn moved(&mut self) -> String {
        let name = *self.pick(&["$p", "$p", "$q"]);
        let far = [-0x8000_0000i64, 0x7fff_ffff, -65536, 65532, -16, -1];
        let by = if self.one_in(12) {
            *self.pick(&far)
        } else {
            *self.pick(&[1, 4, 4, 8, 8, 12, 16, 24, -4, -8])
        };
        match self.random.below(5) {
            0 => format!("(i32.sub (local.get {name}) (i32.const {by}))"),
            1 => format!("(i32.add (i32.const {by}) (local.get {name}))"),
            2 if self.one_in(4) => {
                let index = self.local_of(I32);
                format!("(i32.add (local.get {name}) (i32.shl (local.get {index}) (i32.const 2)))")
            }
            _ => format!("(i32.add (local.get {name}) (i32.const {by}))"),
        }
    }

    fn store(&mut self, depth: usize) -> String {
        let (op, ty) = *self.pick(&[
            ("i32.store", I32),
            ("i32.store8", I32),
            ("i32.store16", I32),
            ("i64.store", I64),
            ("i64.store8", I64),
            ("i64.store16", I64),
            ("i64.store32", I64),
            ("f32.store", F32),
            ("f64.store", F64),
        ]);
        let (offset, address) = self.address(depth);
        let value = match ty {
            F32 | F64 => self.canonical(ty, depth),
            _ => self.expr(ty, depth),
        };
        format!("({op} offset={offset} {address} {value})")
    }

    fn rare(&mut self, depth: usize) -> String {
        let depth = depth.min(1);
        match self.random.below(10) {
            0 => format!("(call $stop {})", self.expr(I32, depth)),
            1 => {
                let (to, size) = (self.near(), self.random.below(40));
                format!("(memory.fill {to} {} (i32.const {size}))", self.expr(I32, depth))
            }
            2 => {
                let (to, from, size) = (self.near(), self.near(), self.random.below(40));
                format!("(memory.copy {to} {from} (i32.const {size}))")
            }
            3 => {
                let (to, size) = (self.near(), self.random.below(23));
                format!("(memory.init $late {to} (i32.const 0) (i32.const {size}))")
            }
            4 => "(data.drop $late)".to_string(),
            5 => {
                let (to, func) = (self.random.below(7), self.random.below(self.sigs.len()));
                format!("(table.set $open (i32.const {to}) (ref.func $f{func}))")
            }
            6 => {
                let (to, size) = (self.random.below(6), self.random.below(4));
                format!(
                    "(table.init $open $spare (i32.const {to}) (i32.const 0) (i32.const {size}))"
                )
            }
            7 => {
                let (to, from) = (self.random.below(5), self.random.below(5));
                format!(
                    "(table.copy $open $open (i32.const {to}) (i32.const {from}) (i32.const 2))"
                )
            }
            8 => "(global.set $count (i64.add (global.get $count) (i64.const 3)))".to_string(),
            _ => format!("(if {} (then (unreachable)))", self.condition(depth)),
        }
    }

    /// A constant address that is mostly in memory.
    fn near(&mut self) -> String {
        let address = *self.pick(&[0, 4, 20, 100, 65500, 65535, 65536, 131_000]);
        format!("(i32.const {address})")
    }

    fn args(&mut self, params: &[Ty], depth: usize) -> String {
        params.iter().map(|ty| format!(" {}", self.expr(*ty, depth.saturating_sub(1)))).collect()
    }

    /// A call whose results become locals.
    fn call_statement(&mut self, depth: usize) -> String {
        let mut text = self.any_call(depth);
        for ty in text.1.iter().rev() {
            let local = self.local_of(*ty);
            let _ = write!(text.0, " (local.set {local})");
        }
        text.0
    }

    fn any_call(&mut self, depth: usize) -> (String, Vec<Ty>) {
        if self.one_in(8) {
            return ("(call $pair)".to_string(), vec![I32, I64]);
        }
        let index = self.random.below(self.sigs.len());
        let sig = self.sigs[index].clone();
        let args = self.args(&sig.params, depth);
        let text = match self.random.below(5) {
            0..=1 => return self.indirect_call(depth),
            2 if index == 0 => {
                format!("(call_indirect $open {}{args} (i32.const 1))", sig.text())
            }
            _ => format!("(call $f{index}{args})"),
        };
        (text, sig.results)
    }

    /// A call through the table that never changes, of the right type mostly.
    fn indirect_call(&mut self, depth: usize) -> (String, Vec<Ty>) {
        let at = self.random.below(self.fixed.len());
        let index =
            if self.one_in(12) { self.random.below(self.sigs.len()) } else { self.fixed[at] };
        let sig = self.sigs[index].clone();
        let args = self.args(&sig.params, depth);
        let at = match self.random.below(12) {
            0 => format!("(i32.and {} (i32.const 7))", self.expr(I32, depth.min(1))),
            1..=3 => format!("(i32.sub (i32.const {}) (global.get $k_i32))", at + 7),
            _ => format!("(i32.const {at})"),
        };
        (format!("(call_indirect $fixed {}{args} {at})", sig.text()), sig.results)
    }

    fn if_statement(&mut self, depth: usize) -> String {
        let cond = self.condition(depth - 1);
        let then = self.statements(depth - 1);
        if self.one_in(2) {
            return format!("(if {cond} (then {then}))");
        }
        format!("(if {cond} (then {then}) (else {}))", self.statements(depth - 1))
    }

    fn open(&mut self, values: Vec<Ty>) -> String {
        let name = format!("$l{}", self.next_label);
        self.next_label += 1;
        self.labels.push(Label { name: name.clone(), values });
        name
    }

    fn block(&mut self, depth: usize) -> String {
        let name = self.open(Vec::new());
        let inside = self.statements(depth - 1);
        self.labels.pop();
        format!("(block {name} {inside})")
    }

    fn loop_(&mut self, depth: usize) -> String {
        let name = self.open(Vec::new());
        let inside = self.statements(depth - 1);
        let cond = self.condition(depth - 1);
        self.labels.pop();
        // A branch back costs fuel, and is not taken without: see `branch`.
        let _ = &name;
        let again = self.again(&name, &cond);
        format!("(loop {name} {inside} {again})")
    }

    fn again(&mut self, label: &str, cond: &str) -> String {
        format!(
            "(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))
    (br_if {label} (i32.and (i32.gt_s (global.get $fuel) (i32.const 0)) (i32.ne (i32.const 0) {cond})))"
        )
    }

    /// Blocks in each other and a table of branches that leave them.
    fn switch(&mut self, depth: usize) -> String {
        let names: Vec<String> = (0..3).map(|_| self.open(Vec::new())).collect();
        let index = self.expr(I32, depth - 1);
        let targets: String =
            (0..self.random.below(6)).map(|_| format!(" {}", self.random.pick(&names))).collect();
        let default = self.random.pick(&names).clone();
        let mut text = format!("(br_table{targets} {default} (i32.and {index} (i32.const 7)))");
        for name in names.iter().rev() {
            self.labels.pop();
            text = format!("(block {name} {text}) {}", self.statement(depth - 1));
        }
        text
    }

    /// A branch or return. A label that a loop has cannot be told from others, so
    /// every branch costs fuel and needs some.
    fn branch(&mut self, depth: usize) -> String {
        let cond = self.condition(depth.min(2));
        if self.one_in(4) || self.labels.is_empty() {
            let results = self.own.results.clone();
            let values = self.args(&results, 2);
            return match self.random.below(3) {
                0 => format!("(if {cond} (then (return{values})))"),
                _ if results.len() == 1 => {
                    // The value stays on the stack if the branch is not taken.
                    let depth = self.labels.len();
                    let _ = depth;
                    format!("(if {cond} (then (return{values})))")
                }
                _ => "(nop)".to_string(),
            };
        }
        let label = self.random.pick(&self.labels).clone();
        let values = self.args(&label.values, 2);
        let cost = "(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))";
        let allowed = "(i32.gt_s (global.get $fuel) (i32.const 0))";
        let name = &label.name;
        if label.values.is_empty() && self.one_in(2) {
            return format!("{cost} (br_if {name} (i32.and {allowed} {cond}))");
        }
        if !label.values.is_empty() && self.one_in(2) {
            let drops = "(drop)".repeat(label.values.len());
            return format!("{cost} (br_if {name}{values} (i32.and {allowed} {cond})) {drops}");
        }
        format!("{cost} (if (i32.and {allowed} {cond}) (then (br {name}{values})))")
    }

    // ---- Expressions -------------------------------------------------------------------

    /// A local and its type.
    fn local(&mut self) -> (usize, Ty) {
        let params = self.own.params.len();
        let index = self.random.below(params + TYPES.len() * LOCALS);
        let ty =
            if index < params { self.own.params[index] } else { TYPES[(index - params) / LOCALS] };
        (index, ty)
    }

    fn local_of(&mut self, ty: Ty) -> usize {
        loop {
            let (index, found) = self.local();
            if found == ty {
                return index;
            }
        }
    }

    fn address(&mut self, depth: usize) -> (u32, String) {
        let small = *self.pick(&[0, 0, 1, 4, 8, 12, 16, 20, 60]);
        match self.random.below(15) {
            12..=14 => (small, self.moved()),
            0..=5 => (small, format!("(local.get {})", self.pick(&["$p", "$p", "$q"]))),
            6..=7 => {
                (small, format!("(i32.and {} (i32.const 0xfff))", self.expr(I32, depth.min(2))))
            }
            8 => (small, self.near()),
            9 => (*self.pick(&[65528, 65532, 65535, 70_000]), "(local.get $p)".to_string()),
            10 => {
                let offset = *self.pick(&[0x7fff_ffff, 0x8000_0000, u32::MAX]);
                // Rare even here: it always traps.
                let offset = if self.one_in(6) { offset } else { small };
                (offset, "(local.get $q)".to_string())
            }
            _ if self.one_in(3) => (small, self.expr(I32, depth.min(1))),
            _ => (small, "(i32.const 64)".to_string()),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        let text = self.expr(I32, depth);
        if self.one_in(3) { format!("(i32.and {text} (i32.const 1))") } else { text }
    }

    /// A float whose NaN has no secrets.
    fn canonical(&mut self, ty: Ty, depth: usize) -> String {
        let value = self.expr(ty, depth);
        let (name, local) = if ty == F32 { ("f32", "$c32") } else { ("f64", "$c64") };
        format!(
            "(select (local.tee {local} {value}) ({name}.const nan) ({name}.eq (local.get {local}) (local.get {local})))"
        )
    }

    fn expr(&mut self, ty: Ty, depth: usize) -> String {
        if depth == 0 || self.budget == 0 {
            return self.leaf(ty);
        }
        self.budget -= 1;
        let depth = depth - 1;
        match self.random.below(20) {
            0..=3 => self.leaf(ty),
            4..=9 => self.operation(ty, depth),
            10..=12 => self.load(ty, depth),
            13 => {
                let local = self.local_of(ty);
                format!("(local.tee {local} {})", self.expr(ty, depth))
            }
            14 => {
                let (a, b, c) = (self.expr(ty, depth), self.expr(ty, depth), self.condition(depth));
                format!("(select {a} {b} {c})")
            }
            15 => self.value_if(ty, depth),
            16 => self.value_block(ty, depth),
            17..=18 => self.value_call(ty, depth),
            _ => {
                // An effect between the operands around this expression.
                let statement = self.statement(0);
                let value = self.leaf(ty);
                format!("(block (result {}) {statement} {value})", ty.name())
            }
        }
    }

    fn leaf(&mut self, ty: Ty) -> String {
        let name = ty.name();
        match self.random.below(8) {
            0..=2 => format!("(local.get {})", self.local_of(ty)),
            3 => format!("(global.get ${name})"),
            4 if ty == I32 => format!("(local.get {})", self.pick(&["$p", "$q"])),
            4 if ty == I64 => "(global.get $count)".to_string(),
            4 => format!("(global.get $k_{name})"),
            5 if ty == I32 => {
                (*self.pick(&["(memory.size)", "(global.get $base)", "(table.size $open)"]))
                    .to_string()
            }
            _ => {
                let constants: &[&str] = match ty {
                    I32 => &[
                        "0",
                        "1",
                        "-1",
                        "2",
                        "7",
                        "31",
                        "255",
                        "65535",
                        "0x7fffffff",
                        "0x80000000",
                    ],
                    I64 => &[
                        "0",
                        "1",
                        "-1",
                        "3",
                        "63",
                        "0xffffffff",
                        "0x7fffffffffffffff",
                        "0x8000000000000000",
                    ],
                    F32 | F64 => &[
                        "0", "-0", "1", "-1", "0.5", "1e9", "-3e10", "inf", "-inf", "nan", "1e-30",
                    ],
                };
                format!("({name}.const {})", self.pick(constants))
            }
        }
    }

    fn load(&mut self, ty: Ty, depth: usize) -> String {
        let ops: &[&str] = match ty {
            I32 => &["i32.load", "i32.load8_s", "i32.load8_u", "i32.load16_s", "i32.load16_u"],
            I64 => &["i64.load", "i64.load8_u", "i64.load16_s", "i64.load32_s", "i64.load32_u"],
            F32 => &["f32.load"],
            F64 => &["f64.load"],
        };
        let op = *self.pick(ops);
        let (offset, address) = self.address(depth);
        let value = format!("({op} offset={offset} {address})");
        // What memory holds may be a NaN with a payload, which arithmetic may change.
        match ty {
            F32 => format!(
                "(select (local.tee $c32 {value}) (f32.const nan) (f32.eq (local.get $c32) (local.get $c32)))"
            ),
            F64 => format!(
                "(select (local.tee $c64 {value}) (f64.const nan) (f64.eq (local.get $c64) (local.get $c64)))"
            ),
            _ => value,
        }
    }

    fn operation(&mut self, ty: Ty, depth: usize) -> String {
        let unary: &[(&str, Ty)] = match ty {
            I32 => &[
                ("i32.eqz", I32),
                ("i64.eqz", I64),
                ("i32.clz", I32),
                ("i32.popcnt", I32),
                ("i32.wrap_i64", I64),
                ("i32.extend8_s", I32),
                ("i32.extend16_s", I32),
                ("i32.trunc_sat_f32_s", F32),
                ("i32.trunc_sat_f64_u", F64),
                ("i32.trunc_f64_s", F64),
            ],
            I64 => &[
                ("i64.extend_i32_s", I32),
                ("i64.extend_i32_u", I32),
                ("i64.ctz", I64),
                ("i64.extend32_s", I64),
                ("i64.trunc_sat_f64_s", F64),
                ("i64.trunc_f32_u", F32),
            ],
            F32 => &[
                ("f32.abs", F32),
                ("f32.neg", F32),
                ("f32.sqrt", F32),
                ("f32.floor", F32),
                ("f32.convert_i32_u", I32),
                ("f32.convert_i64_s", I64),
                ("f32.demote_f64", F64),
            ],
            F64 => &[
                ("f64.abs", F64),
                ("f64.neg", F64),
                ("f64.ceil", F64),
                ("f64.nearest", F64),
                ("f64.convert_i32_s", I32),
                ("f64.convert_i64_u", I64),
                ("f64.promote_f32", F32),
            ],
        };
        if self.one_in(3) {
            let (op, from) = *self.pick(unary);
            return format!("({op} {})", self.expr(from, depth));
        }
        if ty == I32 && self.one_in(3) {
            return self.comparison(depth);
        }
        let binary: &[&str] = match ty {
            I32 | I64 => &[
                "add", "add", "add", "sub", "sub", "mul", "and", "or", "xor", "shl", "shr_s",
                "shr_u", "rotl", "rotr", "div_s", "div_u", "rem_s", "rem_u",
            ],
            F32 | F64 => &["add", "sub", "mul", "div", "min", "max"],
        };
        let op = *self.pick(binary);
        let name = ty.name();
        let (a, b) = (self.expr(ty, depth), self.expr(ty, depth));
        if (op.starts_with("div_") || op.starts_with("rem_")) && !self.one_in(4) {
            return format!("({name}.{op} {a} ({name}.or {b} ({name}.const 1)))");
        }
        format!("({name}.{op} {a} {b})")
    }

    fn comparison(&mut self, depth: usize) -> String {
        let ty = *self.pick(&TYPES);
        let ops: &[&str] = match ty {
            I32 | I64 => {
                &["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"]
            }
            F32 | F64 => &["eq", "ne", "lt", "gt", "le", "ge"],
        };
        let op = *self.pick(ops);
        format!("({}.{op} {} {})", ty.name(), self.expr(ty, depth), self.expr(ty, depth))
    }

    fn value_if(&mut self, ty: Ty, depth: usize) -> String {
        let cond = self.condition(depth);
        let (then, other) = (self.statement(0), self.statement(0));
        let (a, b) = (self.expr(ty, depth), self.expr(ty, depth));
        format!("(if (result {}) {cond} (then {then} {a}) (else {other} {b}))", ty.name())
    }

    fn value_block(&mut self, ty: Ty, depth: usize) -> String {
        let label = self.open(vec![ty]);
        let early = self.expr(ty, depth);
        let cond = self.condition(depth);
        let inside = self.statement(depth);
        let value = self.expr(ty, depth);
        self.labels.pop();
        format!(
            "(block {label} (result {}) (drop (br_if {label} {early} {cond})) {inside} {value})",
            ty.name()
        )
    }

    fn value_call(&mut self, ty: Ty, depth: usize) -> String {
        match (self.random.below(5), ty) {
            (0, I32) => {
                let (a, b) = (self.expr(I32, depth), self.expr(I64, depth));
                format!("(call $ask {a} {b})")
            }
            (1, I32) => format!("(call $disturb {})", self.expr(I32, depth)),
            (0, F32) => format!("(call $ask_f32 {})", self.canonical(F32, depth)),
            (2, I32) if self.one_in(4) => "(memory.grow (i32.const 1))".to_string(),
            _ => {
                let (mut text, results) = self.any_call(depth);
                // The others go away, the first of this type stays.
                let Some(keep) = results.iter().rposition(|it| *it == ty) else {
                    let drops = "(drop)".repeat(results.len());
                    let value = self.leaf(ty);
                    return format!("(block (result {}) {text} {drops} {value})", ty.name());
                };
                text.push_str(&"(drop)".repeat(results.len() - 1 - keep));
                if keep == 0 {
                    return format!("(block (result {}) {text})", ty.name());
                }
                let local = self.local_of(ty);
                let drops = "(drop)".repeat(keep);
                format!(
                    "(block (result {}) {text} (local.set {local}) {drops} (local.get {local}))",
                    ty.name()
                )
            }
        }
    }
}
