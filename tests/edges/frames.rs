//! A module of functions with large frames, which are called wherever the stack is
//! almost at its end. `frames.c` looks at what is below the stack.

use std::fmt::Write;

/// Statements of which some compiler, at some level, gives each a place of its own
/// in the frame. They may use the parameter, `$a`, and `$l`, `$x`, `$d` and `$f`.
const STATEMENTS: &[&str] = &[
    "(local.set $d (f64.ceil (local.get $d)))",
    "(local.set $x (f32.nearest (local.get $x)))",
    "(local.set $a (i32.trunc_sat_f64_s (local.get $d)))",
    "(local.set $l (i64.div_s (local.get $l) (i64.const 3)))",
    "(local.set $l (i64.load offset=8 (i32.const 16)))",
    "(i32.store offset=3000 (local.get $a) (i32.load8_s (local.get $a)))",
    "(local.set $f (table.get $t (i32.const 1)))",
    "(local.set $a (ref.is_null (table.get $t (i32.const 1))))",
    "(table.set $t (i32.const 1) (ref.func $nothing))",
    "(table.set $t (i32.const 1) (local.get $f))",
    "(local.set $f (select (result funcref) (local.get $f) (ref.null func) (local.get $a)))",
    "(global.set $kept (local.get $f))",
    "(local.set $f (call $host_func (local.get $f)))",
    "(call $host_many) (local.set $a) (local.set $l) (local.set $x) (local.set $f)",
    "(call $host_args (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
       (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10))",
    "(call_indirect $t (type $nothing) (i32.const 0))",
    "(call_indirect $fixed (type $nothing) (i32.const 0))",
    "(if (local.get $a) (then (local.set $a (i32.const 1))))",
    "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))",
];

const LOCALS: &str = "(local $l i64) (local $x f32) (local $d f64) (local $f funcref)";

/// How often each is repeated: for a frame that fits into what the stack's limit
/// leaves, and for one that does not.
const FEW: usize = 95;
const MANY: usize = 300;

/// The module's text.
pub(crate) fn module() -> String {
    let mut wat = String::from(
        "(module\n\
         (import \"env\" \"func\" (func $host_func (param funcref) (result funcref)))\n\
         (import \"env\" \"many\" (func $host_many (result funcref f32 i64 i32)))\n\
         (import \"env\" \"args\" (func $host_args\n\
           (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)))\n\
         (type $shape (func (param i32) (result i32)))\n\
         (type $nothing (func))\n\
         (memory 1)\n\
         (table $t 2 funcref) (elem (table $t) (i32.const 0) func $nothing)\n\
         (table $fixed 1 funcref) (elem (table $fixed) (i32.const 0) func $nothing)\n\
         (global $kept (mut funcref) (ref.null func))\n\
         (func $nothing)\n",
    );
    let mut names = String::new();
    let mut shape = |body: &str, locals: &str| {
        let name = format!("$shape{}", names.split_whitespace().count());
        let _ = writeln!(wat, "(func {name} (type $shape) (local $a i32) {locals} {body}");
        let _ = writeln!(wat, "(i32.add (local.get 0) (local.get $a)))");
        let _ = write!(names, " {name}");
    };
    for statement in STATEMENTS {
        shape(&repeated(statement, FEW), LOCALS);
    }
    for ty in ["i64", "funcref"] {
        let (locals, body) = alive(ty, 300);
        shape(&body, &locals);
    }
    let small = STATEMENTS.len() + 2;
    for statement in STATEMENTS {
        shape(&repeated(statement, MANY), LOCALS);
    }
    shape(&format!("(call $wide_numbers {})", "(i64.const 7) ".repeat(900)), "");
    shape(&format!("(call $wide_funcs {})", "(ref.null func) ".repeat(900)), "");
    shape(&format!("(call $wide_results) {}", "(drop) ".repeat(900)), "");
    let list = |ty: &str| format!("{ty} ").repeat(900);
    let (numbers, funcs) = (list("i64"), list("funcref"));
    let count = names.split_whitespace().count();
    let _ = writeln!(
        wat,
        "(func $wide_numbers (param {numbers}))\n\
         (func $wide_funcs (param {funcs}))\n\
         (func $wide_results (result {funcs}) {})\n\
         (table $shapes {count} funcref) (elem (table $shapes) (i32.const 0) func{names})\n\
         (global (export \"shapes\") i32 (i32.const {count}))\n\
         (global (export \"small_shapes\") i32 (i32.const {small}))\n\
         (func $dive (export \"dive\") (param i32) (result i32)\n\
           (drop (call_indirect $shapes (type $shape) (i32.const 1) (local.get 0)))\n\
           (i32.add (call $dive (local.get 0)) (local.get 0)))\n\
         (global $depth (export \"depth\") (mut i32) (i32.const 0))\n\
         (func $jump (export \"jump\") (param i32 i32) (result i32)\n\
           (global.set $depth (i32.add (global.get $depth) (i32.const 1)))\n\
           (if (result i32) (local.get 1)\n\
             (then (i32.add (local.get 0)\n\
               (call $jump (local.get 0) (i32.sub (local.get 1) (i32.const 1)))))\n\
             (else (call_indirect $shapes (type $shape) (i32.const 1) (local.get 0))))))",
        "(ref.null func) ".repeat(900)
    );
    wat
}

/// A statement many times, and a use of all that it may compute.
fn repeated(statement: &str, times: usize) -> String {
    statement.repeat(times)
        + "(local.set $a (i32.add (local.get $a) (i32.trunc_sat_f64_s (local.get $d))))
           (local.set $a (i32.add (local.get $a) (i32.trunc_sat_f32_s (local.get $x))))
           (local.set $a (i32.add (local.get $a) (i32.wrap_i64 (local.get $l))))
           (table.set $t (i32.const 1) (local.get $f))"
}

/// Locals that all live across a call.
fn alive(ty: &str, count: usize) -> (String, String) {
    let (mut locals, mut before, mut after) = (String::new(), String::new(), String::new());
    for i in 0..count {
        let _ = write!(locals, "(local $v{i} {ty})");
        let (load, store) = match ty {
            "funcref" => (
                "(table.get $t (i32.const 0))".to_string(),
                format!("(table.set $t (i32.const 1) (local.get $v{i}))"),
            ),
            _ => (
                format!("(i64.load (i32.const {}))", 8 * i),
                format!("(i64.store (i32.const {}) (local.get $v{i}))", 8 * i),
            ),
        };
        let _ = write!(before, "(local.set $v{i} {load})");
        let _ = write!(after, "{store}");
    }
    (locals, format!("{before} (call_indirect $t (type $nothing) (i32.const 0)) {after}"))
}
