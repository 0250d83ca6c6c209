//! The text form of a function's IR, for `--emit=ir` and tests of passes.

use super::*;
use std::fmt::Write;

/// Prints a function.
pub fn print(func: &Func) -> String {
    let mut text = String::new();
    let mut depth = 1;
    let _ = writeln!(text, "func {} params={} locals={}", func.index, func.params, func.locals);
    for stmt in &func.stmts {
        if matches!(stmt, Stmt::End | Stmt::Else) {
            depth -= 1;
        }
        text.push_str(&"  ".repeat(depth));
        self::stmt(func, stmt, &mut text);
        text.push('\n');
        if matches!(stmt, Stmt::Block(_) | Stmt::Loop(_) | Stmt::If(..) | Stmt::Else) {
            depth += 1;
        }
    }
    text
}

fn stmt(func: &Func, stmt: &Stmt, text: &mut String) {
    let list = |args: Slice| {
        let args: Vec<String> = func.args[args.range()].iter().map(|id| expr(func, *id)).collect();
        args.join(", ")
    };
    let vars = |results: Slice| {
        let vars: Vec<String> = func.results[results.range()]
            .iter()
            .map(|var| ["v", &var.0.to_string()].concat())
            .collect();
        vars.join(", ")
    };
    let e = |id: Id| expr(func, id);
    let _ = match *stmt {
        Stmt::Set(var, id) => write!(text, "v{} = {}", var.0, e(id)),
        Stmt::Eval(id) => write!(text, "eval {}", e(id)),
        Stmt::GlobalSet(global, id) => write!(text, "global {global} = {}", e(id)),
        Stmt::Store { access, check, addr, offset, value, .. } => {
            write!(text, "{access:?} {check:?} [{} + {offset}] = {}", e(addr), e(value))
        }
        Stmt::Check { addr, end, .. } => write!(text, "check {} + {end}", e(addr)),
        Stmt::Call { func, args, results, .. } => {
            write!(text, "({}) = call {func}({})", vars(results), list(args))
        }
        Stmt::CallIndirect { table, ty, args, results, .. } => {
            let (args, index) = args.split_last();
            let index = e(func.args[index]);
            write!(
                text,
                "({}) = call table {table}[{index}] type {ty}({})",
                vars(results),
                list(args)
            )
        }
        Stmt::Runtime { what, args, result, .. } => {
            let result =
                result.map_or(String::new(), |var| ["v", &var.0.to_string(), " = "].concat());
            write!(text, "{result}{what:?}({})", list(args))
        }
        Stmt::Block(label) => write!(text, "block L{}", label.0),
        Stmt::Loop(label) => write!(text, "loop L{}", label.0),
        Stmt::If(cond, label) => write!(text, "if {} L{}", e(cond), label.0),
        Stmt::Else => write!(text, "else"),
        Stmt::End => write!(text, "end"),
        Stmt::Br(label) => write!(text, "br L{}", label.0),
        Stmt::BrIf(cond, label) => write!(text, "br_if {} L{}", e(cond), label.0),
        Stmt::BrTable { index, targets } => {
            let labels = &func.targets[targets.range()];
            let labels: Vec<String> =
                labels.iter().map(|it| ["L", &it.0.to_string()].concat()).collect();
            write!(text, "br_table {} {}", e(index), labels.join(" "))
        }
        Stmt::Return(args) => write!(text, "return {}", list(args)),
        Stmt::Unreachable { .. } => write!(text, "unreachable"),
    };
}

fn expr(func: &Func, id: Id) -> String {
    let e = |id: Id| expr(func, id);
    match func.exprs[id.0 as usize] {
        Expr::Get(var) => format!("v{}", var.0),
        Expr::I32(value) => format!("{value}"),
        Expr::I64(value) => format!("{value}L"),
        Expr::F32(bits) => format!("{:?}f", f32::from_bits(bits)),
        Expr::F64(bits) => format!("{:?}", f64::from_bits(bits)),
        Expr::Unary(op, a) => format!("{op:?}({})", e(a)),
        Expr::Binary(op, a, b) => format!("{op:?}({}, {})", e(a), e(b)),
        Expr::TrappingUnary(op, a, _) => format!("{op:?}!({})", e(a)),
        Expr::TrappingBinary(op, a, b, _) => format!("{op:?}!({}, {})", e(a), e(b)),
        Expr::Select { cond, then, other } => {
            format!("select({}, {}, {})", e(cond), e(then), e(other))
        }
        Expr::Load { access, check, addr, offset, .. } => {
            format!("{access:?} {check:?} [{} + {offset}]", e(addr))
        }
        Expr::GlobalGet(global) => format!("global {global}"),
        Expr::MemorySize(memory) => format!("memory.size {memory}"),
        Expr::TableSize(table) => format!("table.size {table}"),
        Expr::RefNull(ty) => format!("null {ty:?}"),
        Expr::RefFunc(func) => format!("ref.func {func}"),
        Expr::RefIsNull { value, .. } => format!("is_null({})", e(value)),
    }
}
