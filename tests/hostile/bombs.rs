//! Modules whose size or shape is the weapon. Each kind is translated at a size
//! and at half of it: time and memory must grow with the module, no faster. A
//! smaller one must be digestible for C compilers, which have limits of their own.

use std::fmt::Write;
use std::time::Duration;

use libtest_mimic::{Completion, Failed, Trial};
use wardian::{Error, Options};
use wardian_tests::{c, tools};

use crate::measure::{Cost, Turn, turn};
use crate::variants;

/// Double the work may take this much more time or memory.
const GROWTH: f64 = 3.0;
/// Below this, the clock says nothing.
const TRIVIAL: Duration = Duration::from_millis(60);
/// The same for memory.
const TRIVIAL_BYTES: usize = 32 << 20;
/// A test must end.
const LIMIT: Duration = Duration::from_secs(20);

/// A kind of module, by size.
struct Bomb {
    name: &'static str,
    size: usize,
    /// The size at which it is compiled.
    compiled: usize,
    /// Is it to be refused, with a limit?
    refused: bool,
    text: fn(usize) -> String,
}

const fn bomb(name: &'static str, size: usize, compiled: usize, text: fn(usize) -> String) -> Bomb {
    Bomb { name, size, compiled, refused: false, text }
}

const fn refused(name: &'static str, size: usize, text: fn(usize) -> String) -> Bomb {
    Bomb { name, size, compiled: 0, refused: true, text }
}

const BOMBS: &[Bomb] = &[
    bomb("nested-blocks", 50_000, 600, nested_blocks),
    bomb("nested-loops", 50_000, 600, nested_loops),
    bomb("nested-ifs", 50_000, 600, nested_ifs),
    bomb("nested-if-elses", 50_000, 600, nested_if_elses),
    bomb("nested-blocks-with-results", 50_000, 400, nested_results),
    bomb("blocks-in-a-row", 50_000, 400, blocks_in_a_row),
    bomb("unreachable-code", 100_000, 400, unreachable_code),
    bomb("deep-expression", 50_000, 600, deep_expression),
    bomb("deep-stack-of-loads", 100_000, 400, deep_stack_of_loads),
    bomb("deep-stack-of-calls", 50_000, 400, deep_stack_of_calls),
    bomb("tees", 100_000, 400, tees),
    bomb("straight-line-of-loads", 100_000, 400, straight_line),
    bomb("branches-to-one-label", 100_000, 600, branches),
    bomb("branches-with-a-value", 100_000, 600, branches_with_value),
    bomb("returns", 100_000, 600, returns),
    bomb("table-of-branches", 65_000, 600, table_of_branches),
    bomb("table-of-branches-to-each-block", 20_000, 500, table_to_each_block),
    bomb("many-tables-of-branches", 2_000, 200, many_tables_of_branches),
    bomb("locals-in-each-function", 500, 2, locals_in_each),
    refused("more-locals-than-modules-have", 1_001, locals_in_each),
    bomb("locals-used", 49_000, 400, locals_used),
    bomb("locals-and-loops", 20_000, 500, locals_and_loops),
    refused("too-many-locals", 65_000, too_many_locals),
    refused("too-many-parameters", 10_000, too_many_parameters),
    bomb("parameters", 1_000, 100, parameters),
    bomb("results", 1_000, 100, results),
    bomb("functions", 100_000, 400, functions),
    bomb("types", 50_000, 500, types),
    bomb("exports", 10_000, 500, exports),
    bomb("exports-of-one-name", 10_000, 500, exports_of_one_name),
    bomb("imports", 10_000, 900, imports),
    bomb("imports-and-functions", 40_000, 500, imports_and_functions),
    bomb("globals", 50_000, 500, globals),
    bomb("constant-expression", 100_000, 1_000, constant_expression),
    refused("constant-expression-of-globals", 100_000, expression_of_globals),
    bomb("constant-expressions-of-globals", 190, 190, expression_of_globals),
    bomb("data-segments", 100_000, 600, data_segments),
    bomb("data-segments-at-globals", 50_000, 500, data_at_globals),
    bomb("element-segments", 50_000, 500, element_segments),
    bomb("element-segment-used-often", 20_000, 500, element_used_often),
    bomb("empty-tables", 100, 4, empty_tables),
    bomb("long-names", 90_000, 10_000, long_names),
    refused("longer-names", 1_000_000, long_names),
    bomb("names-of-locals", 50_000, 500, names_of_locals),
    bomb("custom-sections", 100_000, 100, custom_sections),
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for bomb in BOMBS {
        trials.push(Trial::test(format!("size::{}", bomb.name), || bomb.translates()));
        if bomb.compiled == 0 {
            continue;
        }
        for compiler in ["gcc -O0 -std=c99", "clang -O0 -std=c99", "tcc"] {
            let program = compiler.split(' ').next().unwrap_or_default();
            trials.push(Trial::ignorable_test(
                format!("size::{}::{program}", bomb.name),
                move || bomb.compiles(program, compiler),
            ));
        }
    }
    trials
}

impl Bomb {
    fn wasm(&self, size: usize) -> Result<Vec<u8>, String> {
        wat::parse_str((self.text)(size)).map_err(|error| error.to_string())
    }

    fn translates(&self) -> Result<(), Failed> {
        let turn = &turn();
        let whole = self.wasm(self.size)?;
        if self.refused {
            self.cost(turn, &whole, &Options::default())?;
            return Ok(());
        }
        let half = self.wasm(self.size / 2)?;
        // Without passes, the memory makes no difference.
        for (name, options) in variants().into_iter().filter(|(name, _)| name != "guard-noopt") {
            let mut failure = None;
            // A machine that is busy may be wrong once.
            for _ in 0..3 {
                failure = self.attempt(turn, &half, &whole, &options).err();
                if failure.is_none() {
                    break;
                }
            }
            if let Some(failure) = failure {
                return Err(format!("{name}: {failure}").into());
            }
        }
        Ok(())
    }

    fn attempt(
        &self,
        turn: &Turn,
        half: &[u8],
        whole: &[u8],
        options: &Options,
    ) -> Result<(), String> {
        let (large, output) = self.cost(turn, whole, options)?;
        let said = format!("{large:?}, {output} bytes of C, from {} bytes", whole.len());
        if large.time > LIMIT {
            return Err(format!("takes too long: {said}"));
        }
        if large.peak > TRIVIAL_BYTES + 400 * whole.len() + 3 * output {
            return Err(format!("memory out of proportion: {said}"));
        }
        if output > (1 << 20) + 200 * whole.len() {
            return Err(format!("output out of proportion: {said}"));
        }
        if large.time < TRIVIAL && large.peak < TRIVIAL_BYTES {
            return Ok(());
        }
        let (small, _) = self.cost(turn, half, options)?;
        let ratio = large.time.as_secs_f64() / small.time.as_secs_f64();
        if large.time > TRIVIAL && ratio > GROWTH {
            return Err(format!("time grows by {ratio:.1}, from {small:?}: {said}"));
        }
        let ratio = large.peak as f64 / small.peak.max(1) as f64;
        if large.peak > TRIVIAL_BYTES && ratio > GROWTH {
            return Err(format!("memory grows by {ratio:.1}, from {small:?}: {said}"));
        }
        Ok(())
    }

    /// What translating costs, and the size of the output.
    fn cost(&self, turn: &Turn, wasm: &[u8], options: &Options) -> Result<(Cost, usize), String> {
        let mut output = 0;
        let (result, cost) = turn.measure(|| {
            wardian::translate_to(wasm, options, &mut |_, text| {
                output += text.len();
                Ok(())
            })
        });
        match result {
            Ok(()) if !self.refused => Ok((cost, output)),
            Ok(()) => Err("is accepted".to_string()),
            Err(wardian::Failure::Module(Error::Limit { .. })) if self.refused => Ok((cost, 0)),
            Err(error) => Err(format!("{error:?}")),
        }
    }

    fn compiles(&self, program: &str, compiler: &str) -> Result<Completion, Failed> {
        if tools::find(program).is_none() {
            return tools::skip(program);
        }
        let folder = tempfile::tempdir()?;
        let mut units = Vec::new();
        {
            let _turn = turn();
            let wasm = self.wasm(self.compiled)?;
            // What differs between the others has been compiled with either of these.
            for (name, options) in [0, 3].map(|i| variants().swap_remove(i)) {
                let options = Options { name: name.replace('-', "_"), ..options };
                let files =
                    wardian::translate(&wasm, &options).map_err(|error| error.to_string())?;
                units.extend(c::write(folder.path(), &files)?);
            }
        }
        for source in units {
            let mut cc = c::cc(compiler);
            cc.arg("-c").arg(source).arg("-o").arg(folder.path().join("object.o"));
            c::compile(&mut cc, LIMIT)?;
        }
        Ok(Completion::Completed)
    }
}

// ---- Control ---------------------------------------------------------------------

/// A module with one function of type `(func (param i32) (result i32))`.
fn one(body: &str) -> String {
    format!(
        "(module (memory 1) (func $f (export \"f\") (param i32) (result i32) {body} i32.const 7))"
    )
}

fn nested_blocks(n: usize) -> String {
    let inside = "local.get 0 br_if 0 ";
    one(&["block ".repeat(n).as_str(), inside, &"end ".repeat(n)].concat())
}

fn nested_loops(n: usize) -> String {
    one(&["loop ".repeat(n).as_str(), &"local.get 0 br_if 0 end ".repeat(n)].concat())
}

fn nested_ifs(n: usize) -> String {
    one(&["local.get 0 if ".repeat(n).as_str(), &"end ".repeat(n)].concat())
}

fn nested_if_elses(n: usize) -> String {
    let begin = "local.get 0 if ".repeat(n);
    let inside = "local.get 0 i32.load drop ";
    one(&[begin.as_str(), inside, &"else local.get 0 i32.load drop end ".repeat(n)].concat())
}

fn nested_results(n: usize) -> String {
    let inside = "local.get 0 local.get 0 br_if 0 ";
    let end = "local.get 0 i32.add local.get 0 br_if 0 end ";
    let body =
        ["block (result i32) ".repeat(n).as_str(), inside, &end.repeat(n - 1), "end drop"].concat();
    one(&body)
}

fn blocks_in_a_row(n: usize) -> String {
    one(&"block local.get 0 br_if 0 local.get 0 i32.load drop end ".repeat(n))
}

fn unreachable_code(n: usize) -> String {
    one(&["unreachable ", &"block local.get 0 br_if 0 end i32.add ".repeat(n), "drop "].concat())
}

fn branches(n: usize) -> String {
    one(&["block ", &"local.get 0 i32.load br_if 0 ".repeat(n), "end "].concat())
}

fn branches_with_value(n: usize) -> String {
    let branch = "local.get 0 i32.load br_if 0 ";
    one(&["block (result i32) local.get 0 ", &branch.repeat(n), "end drop "].concat())
}

fn returns(n: usize) -> String {
    one(&["local.get 0 ", &"local.get 0 i32.load br_if 0 ".repeat(n), "drop "].concat())
}

fn table_of_branches(n: usize) -> String {
    let targets: String = (0..n).map(|i| if i % 3 == 0 { "1 " } else { "0 " }).collect();
    one(&["block block block local.get 0 br_table ", &targets, " 2 end end end "].concat())
}

fn table_to_each_block(n: usize) -> String {
    let mut targets = String::new();
    for i in 0..n {
        let _ = write!(targets, "{i} ");
    }
    let begin = "block (result i32) ".repeat(n);
    let inside = ["i32.const 5 local.get 0 br_table ", &targets, " end "].concat();
    one(&[begin.as_str(), &inside, &"i32.const 1 i32.add end ".repeat(n - 1), "drop "].concat())
}

fn many_tables_of_branches(n: usize) -> String {
    let table = "block local.get 0 br_table 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 10 end ";
    let begin = "block ".repeat(10);
    one(&[begin.as_str(), &table.repeat(n), &"end ".repeat(10)].concat())
}

// ---- Expressions and variables ------------------------------------------------------

fn deep_expression(n: usize) -> String {
    one(&["local.get 0 ".repeat(n).as_str(), &"i32.add ".repeat(n - 1), "drop "].concat())
}

fn deep_stack_of_loads(n: usize) -> String {
    let store = "i32.const 0 local.get 0 i32.store ";
    let loads = "local.get 0 i32.load offset=4 ".repeat(n);
    one(&[loads.as_str(), store, &"i32.xor ".repeat(n - 1), "local.set 0 "].concat())
}

fn deep_stack_of_calls(n: usize) -> String {
    one(&["local.get 0 call $f ".repeat(n).as_str(), &"i32.sub ".repeat(n - 1), "drop "].concat())
}

fn tees(n: usize) -> String {
    let tee = "local.tee 0 local.get 0 i32.mul i32.load ";
    one(&["local.get 0 ", &tee.repeat(n), "local.set 0 "].concat())
}

fn straight_line(n: usize) -> String {
    let mut body = String::new();
    for i in 0..n {
        let _ = write!(body, "local.get 0 local.get 0 i32.load offset={i} i32.store offset={i} ");
    }
    one(&body)
}

/// In the binary format, where a count and a type are all that 50,000 locals take.
fn locals_in_each(n: usize) -> String {
    let leb = |n: usize| [n as u8 | 0x80, (n >> 7) as u8 | 0x80, (n >> 14) as u8];
    let bytes = |bytes: &[u8]| bytes.iter().map(|it| format!("\\{it:02x}")).collect::<String>();
    let body = bytes(
        &[&[12, 1], &leb(50_000)[..], &[0x7f, 0x41, 1, 0x21], &leb(49_999), &[0x0b]].concat(),
    );
    let section = |id: u8, size: usize| bytes(&[&[id], &leb(size + 3)[..], &leb(n)].concat());
    format!(
        "(module binary \"\\00asm\\01\\00\\00\\00\\01\\04\\01\\60\\00\\00{}{}{}{}\")",
        section(3, n),
        "\\00".repeat(n),
        section(10, 13 * n),
        body.repeat(n)
    )
}

fn locals_used(n: usize) -> String {
    let mut body = ["(local ", &"i32 ".repeat(n), ") "].concat();
    for i in 1..n {
        let _ = write!(body, "local.get {} i32.load local.get 0 i32.add local.set {i} ", i - 1);
    }
    one(&body)
}

fn locals_and_loops(n: usize) -> String {
    let mut body = ["(local ", &"i32 ".repeat(n), ") "].concat();
    for i in 1..n {
        let _ = write!(body, "loop local.get {} i32.load local.tee {i} br_if 0 end ", i - 1);
    }
    one(&body)
}

fn too_many_locals(n: usize) -> String {
    ["(module (func (local ", &"i64 ".repeat(n), ")))"].concat()
}

fn too_many_parameters(n: usize) -> String {
    ["(module (func (param ", &"i64 ".repeat(n), ")))"].concat()
}

// ---- Sections --------------------------------------------------------------------------

fn parameters(n: usize) -> String {
    let params = "i32 i64 f32 f64 ".repeat(n / 4);
    let gets: String = (0..n / 4 * 4).map(|i| format!("local.get {i} ")).collect();
    let drop = "call $g ";
    format!(
        "(module (func $g (export \"g\") (param {params}))
           (func (export \"f\") (param {params}) {}))",
        [gets.as_str(), drop].concat().repeat(10)
    )
}

fn results(n: usize) -> String {
    let results = "i32 i64 f32 f64 ".repeat(n / 4);
    let values = "i32.const 1 i64.const 2 f32.const 3 f64.const 4 ".repeat(n / 4);
    format!(
        "(module (func $g (export \"g\") (result {results}) {values})
           (func (export \"f\") (result {results}) block (result {results}) call $g end))"
    )
}

fn functions(n: usize) -> String {
    ["(module ", &"(func nop)".repeat(n), ")"].concat()
}

/// Distinct types: a number in base 4, a digit a parameter.
fn types(n: usize) -> String {
    let mut text = String::from("(module ");
    for i in 0..n {
        text.push_str("(type (func (param");
        for digit in 0..9 {
            text.push_str([" i32", " i64", " f32", " f64"][i >> (2 * digit) & 3]);
        }
        text.push_str(")))");
    }
    text + "(func (export \"f\")))"
}

fn exports(n: usize) -> String {
    let exports: String = (0..n).map(|i| format!("(export \"{i}-name\")")).collect();
    format!("(module (memory 1) (func {exports} (param i32)))")
}

/// Different names that are the same once written in C.
fn exports_of_one_name(n: usize) -> String {
    let name = |i: usize| char::from_u32(0x4e00 + i as u32).expect("in one block");
    let exports: String = (0..n).map(|i| format!("(export \"{}\")", name(i))).collect();
    format!("(module (func {exports} (param i32)))")
}

fn imports(n: usize) -> String {
    let one = |i| format!("(import \"module {i}\" \"name\" (func (param i32)))");
    format!("(module {})", (0..n).map(one).collect::<String>())
}

fn imports_and_functions(n: usize) -> String {
    let imports = "(import \"a\" \"b\" (func (result f32)))".repeat(n);
    format!("(module {imports} {})", "(func nop)".repeat(n))
}

fn globals(n: usize) -> String {
    let globals = "(global (mut i64) (i64.const 5))".repeat(n);
    let uses: String =
        (0..n).map(|i| format!("global.get {i} i64.eqz global.set {} ", n + i)).collect();
    let more = "(global (mut i32) (i32.const 5))".repeat(n);
    format!("(module {globals}{more}(func (export \"f\") {uses}))")
}

fn constant_expression(n: usize) -> String {
    let sum = ["i32.const 1 ".repeat(n).as_str(), &"i32.add ".repeat(n - 1)].concat();
    let long = ["i64.const 3 ", &"i64.const 5 i64.mul ".repeat(n)].concat();
    format!(
        "(module (memory 2) (global (export \"g\") i32 {sum}) (data (offset {sum}) \"data\")
           (global (export \"h\") i64 {long}))"
    )
}

fn expression_of_globals(n: usize) -> String {
    let sum = ["global.get 0 ".repeat(n / 2).as_str(), &"i32.add ".repeat(n / 2 - 1)].concat();
    format!(
        "(module (import \"a\" \"b\" (global i32)) (memory 1)
           (global (export \"g\") i32 {sum}) (data (offset {sum}) \"data\"))"
    )
}

fn data_segments(n: usize) -> String {
    let segments: String = (0..n).map(|i| format!("(data (i32.const {}) \"a\")", 3 * i)).collect();
    format!("(module (memory 100) {segments})")
}

fn data_at_globals(n: usize) -> String {
    let segments = "(data (global.get 0) \"a\")(data (i32.const 0) \"b\")".repeat(n / 2);
    format!("(module (import \"a\" \"b\" (global i32)) (memory 1) {segments})")
}

fn element_segments(n: usize) -> String {
    let segments: String = (0..n).map(|i| format!("(elem (i32.const {i}) $f)")).collect();
    format!(
        "(module (func $f) (table $t {n} funcref) {segments}
           (func (export \"call\") (param i32) (call_indirect $t (local.get 0))))"
    )
}

fn element_used_often(n: usize) -> String {
    let uses = "(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1))".repeat(n);
    format!(
        "(module (func $f) (table $t 5 funcref) (elem $e func {})
           (func (export \"f\") {uses}))",
        "$f ".repeat(n)
    )
}

fn empty_tables(n: usize) -> String {
    let tables: String = (0..n).map(|_| "(table 1048576 funcref)".to_string()).collect();
    format!("(module {tables} (func (export \"f\") (call_indirect 0 (i32.const 5))))")
}

fn long_names(n: usize) -> String {
    let name = "n".repeat(n);
    format!(
        "(module ${name} (import \"{name}\" \"{name}\" (func $i{name} (param i32)))
           (memory (export \"m{name}\") 1) (global $g{name} (mut i32) (i32.const 1))
           (func $f{name} (export \"{name}\") (param $p{name} i32) (local $l{name} i32)
             local.get $p{name} call $i{name} global.get $g{name} local.set $l{name}))"
    )
}

fn names_of_locals(n: usize) -> String {
    let locals: String = (0..n).map(|i| format!("(local $local_{i} i32)")).collect();
    let uses: String = (0..n).map(|i| format!("local.get $local_{i} drop ")).collect();
    format!("(module (func $f {locals} {uses}))")
}

fn custom_sections(n: usize) -> String {
    let sections = "(@custom \"name\" \"\\01\\02\\01\\00\")(@custom \"a\" \"b\")".repeat(n / 2);
    format!("(module {sections} (func (export \"f\")))")
}
