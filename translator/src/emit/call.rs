//! Calls, and the instructions that a function of the runtime carries out.

use super::func::Printer;
use super::out::{Hex, line, put};
use crate::ir::*;

impl Printer<'_, '_> {
    /// Arguments after the instance.
    pub(super) fn args(&mut self, args: Slice) {
        for (number, i) in args.range().enumerate() {
            put!(self.out, if number > 0 || !self.emit.is_one() { ", " } else { "" });
            self.expr(self.func.args[i]);
        }
    }

    pub(super) fn call(&mut self, func: u32, args: Slice, results: Slice) {
        let emit = self.emit;
        self.results(emit.module.funcs[func as usize].ty, results, |it| {
            put!(it.out, emit.names.funcs[func as usize], "(", emit.pass());
            it.args(args);
            put!(it.out, ")");
        });
        if emit.module.uses.may_grow[func as usize] {
            self.reload();
        }
    }

    /// Prints a call and the assignments of its results.
    fn results(&mut self, ty: u32, results: Slice, call: impl FnOnce(&mut Self)) {
        let emit = self.emit;
        let vars = &self.func.results[results.range()];
        let kept = |it: &Self, var: Var| it.at_top[var.0 as usize] || it.read[var.0 as usize];
        match vars {
            vars if !vars.iter().any(|var| kept(self, *var)) => {
                self.begin();
                call(self);
                put!(self.out, ";\n");
            }
            [var] => {
                self.target_if_read(*var);
                call(self);
                put!(self.out, ";\n");
            }
            _ => {
                for var in vars {
                    if !self.at_top[var.0 as usize] && kept(self, *var) {
                        let ty = emit.c_type(self.ty(*var));
                        self.begin();
                        put!(self.out, ty, if ty.ends_with('*') { "" } else { " " });
                        self.var(*var);
                        put!(self.out, ";\n");
                    }
                }
                line!(self.out, "{");
                self.out.deeper();
                self.begin();
                emit.result_type(&mut self.out, ty);
                put!(self.out, "results = ");
                call(self);
                put!(self.out, ";\n");
                for (i, var) in vars.iter().enumerate() {
                    if !kept(self, *var) {
                        continue;
                    }
                    self.begin();
                    self.var(*var);
                    put!(self.out, " = results.r", i, ";\n");
                }
                self.out.shallower();
                line!(self.out, "}");
            }
        }
    }

    /// A memory may have grown during a call, and moved if it has no guards.
    fn reload(&mut self) {
        if self.emit.is_one() {
            return;
        }
        if self.emit.moves && self.needs.memory {
            line!(self.out, "mem = ", self.memory_ref(0), "data;");
        }
        if self.needs.size {
            line!(self.out, "size = (wdn_size_t)", self.memory_ref(0), "size;");
            self.assume_size();
        }
    }

    /// Tells the C compiler what the memory has at least, so that it sees which
    /// comparisons always hold.
    pub(super) fn assume_size(&mut self) {
        if (1..=u64::from(u32::MAX)).contains(&self.emit.min_size) {
            line!(self.out, "WDN_ASSUME(size >= ", self.emit.min_size, "u);");
        }
    }

    pub(super) fn call_indirect(
        &mut self,
        table: u32,
        ty: u32,
        args: Slice,
        results: Slice,
        at: u32,
    ) {
        let (args, index) = args.split_last();
        let index = self.func.args[index];
        let emit = self.emit;
        let prefix = &emit.names.prefix;
        if emit.is_one() {
            return self.results(ty, results, |it| {
                let first = emit.first_of_type(table, ty);
                put!(it.out, "((", prefix, "_sig", ty, "_t)wdn_indirect");
                put!(it.out, if first.is_some() { "_same(" } else { "(" });
                match emit.const_tables[table as usize] {
                    Some(_) => put!(it.out, prefix, "_table", table),
                    None => put!(it.out, emit.state, "t", table, ".funcs"),
                }
                put!(it.out, ", ");
                it.table_size(table);
                put!(it.out, ", ");
                it.expr(index);
                put!(it.out, ", ", first.unwrap_or(ty + 1), ", ", it.at(at), "))(");
                it.args(args);
                put!(it.out, ")");
            });
        }
        if emit.const_tables[table as usize].is_some() {
            self.results(ty, results, |it| {
                let first = emit.first_of_type(table, ty);
                put!(it.out, "((", prefix, "_sig", ty, "_t)wdn_const_indirect");
                put!(it.out, if first.is_some() { "_same" } else { "" });
                put!(it.out, "(self, ", prefix, "_table", table);
                put!(it.out, ", ");
                it.table_size(table);
                put!(it.out, ", ");
                it.expr(index);
                put!(it.out, ", ", first.unwrap_or(ty + 1), ", ", Hex(u64::from(at)), "))(self");
                it.args(args);
                put!(it.out, ")");
            });
        } else {
            // Declared before the braces: results are visible after them.
            let vars = &self.func.results[results.range()];
            for var in vars {
                debug_assert!(self.at_top[var.0 as usize]);
            }
            line!(self.out, "{");
            self.out.deeper();
            self.begin();
            put!(self.out, "const wdn_func_t *const callee = wdn_indirect(self, ");
            self.table_pointer(table);
            put!(self.out, ", ");
            self.expr(index);
            put!(self.out, ", &", prefix, "_type", ty, ", ", Hex(u64::from(at)), ");\n");
            self.results(ty, results, |it| {
                put!(it.out, "((", prefix, "_sig", ty, "_t)callee->code)(callee->instance");
                it.args(args);
                put!(it.out, ")");
            });
            self.out.shallower();
            line!(self.out, "}");
        }
        if emit.module.uses.indirect_may_grow {
            self.reload();
        }
    }

    fn table_pointer(&mut self, table: u32) {
        let imported = self.emit.module.tables[table as usize].imported;
        put!(self.out, if imported { "" } else { "&" }, self.emit.state, "t", table);
    }

    pub(super) fn runtime(&mut self, what: Runtime, args: Slice, result: Option<Var>, at: u32) {
        if let Runtime::DataDrop { data } = what {
            return line!(self.out, self.emit.state, "data", data, "_size = 0;");
        }
        if let Runtime::ElemDrop { element } = what {
            return line!(self.out, self.emit.state, "element", element, "_size = 0;");
        }
        match result {
            Some(var) => self.target_if_read(var),
            None => self.begin(),
        }
        let (name, with_at) = self.runtime_name(what);
        put!(self.out, name, "(", self.emit.pass());
        self.runtime_operands(what);
        for i in args.range() {
            put!(self.out, ", ");
            self.expr(self.func.args[i]);
        }
        if with_at {
            put!(self.out, ", ", self.at(at));
        }
        put!(self.out, ");\n");
        if matches!(what, Runtime::MemoryGrow { .. }) {
            self.reload();
        }
    }

    /// The runtime's function, and whether it can trap.
    fn runtime_name(&self, what: Runtime) -> (&'static str, bool) {
        let by_type = |table: u32, func: &'static str, other: &'static str| {
            let element = self.emit.module.tables[table as usize].element;
            if element == Type::FuncRef { func } else { other }
        };
        match what {
            Runtime::MemoryGrow { .. } if self.emit.is_one() => {
                (if self.emit.grows() { "memory_grow" } else { "memory_stay" }, false)
            }
            Runtime::MemoryGrow { .. } => ("memory_grow", false),
            Runtime::MemoryFill { .. } => ("memory_fill", true),
            Runtime::MemoryCopy { .. } => ("memory_copy", true),
            Runtime::MemoryInit { .. } => ("memory_init", true),
            Runtime::TableGet { table } => {
                (by_type(table, "table_get_func", "table_get_extern"), true)
            }
            Runtime::TableSet { table } => {
                (by_type(table, "table_set_func", "table_set_extern"), true)
            }
            Runtime::TableGrow { table } => {
                (by_type(table, "table_grow_func", "table_grow_extern"), false)
            }
            Runtime::TableFill { table } => {
                (by_type(table, "table_fill_func", "table_fill_extern"), true)
            }
            Runtime::TableCopy { to, .. } if self.emit.is_one() => {
                (by_type(to, "table_copy_func", "table_copy_extern"), true)
            }
            Runtime::TableCopy { .. } => ("table_copy", true),
            Runtime::TableInit { table, element } => {
                if self.emit.is_one() {
                    (by_type(table, "table_init_func", "table_init_extern"), true)
                } else if self.emit.evaluated_element(element) {
                    (by_type(table, "table_init_funcs", "table_init_externs"), true)
                } else {
                    ("table_init", true)
                }
            }
            Runtime::DataDrop { .. } | Runtime::ElemDrop { .. } => ("", false),
        }
    }

    fn runtime_operands(&mut self, what: Runtime) {
        if self.emit.is_one() {
            return self.one_operands(what);
        }
        let memory = if self.emit.module.memories.first().is_some_and(|it| it.imported) {
            ", I->m0"
        } else {
            ", &I->m0"
        };
        match what {
            Runtime::MemoryGrow { .. } | Runtime::MemoryFill { .. } => put!(self.out, memory),
            Runtime::MemoryCopy { .. } => put!(self.out, memory, memory),
            Runtime::MemoryInit { data, .. } => {
                put!(self.out, memory, ", ", self.emit.names.prefix, "_data", data);
                put!(self.out, ", I->data", data, "_size");
            }
            Runtime::TableGet { table }
            | Runtime::TableSet { table }
            | Runtime::TableGrow { table }
            | Runtime::TableFill { table } => {
                put!(self.out, ", ");
                self.table_pointer(table);
            }
            Runtime::TableCopy { to, from } => {
                put!(self.out, ", ");
                self.table_pointer(to);
                put!(self.out, ", ");
                self.table_pointer(from);
            }
            Runtime::TableInit { table, element } => {
                put!(self.out, ", ");
                self.table_pointer(table);
                put!(self.out, ", ");
                self.emit.element_array(&mut self.out, element);
                put!(self.out, ", I->element", element, "_size");
            }
            Runtime::DataDrop { .. } | Runtime::ElemDrop { .. } => {}
        }
    }

    /// The operands of the same with one instance: what is variable in the others.
    fn one_operands(&mut self, what: Runtime) {
        let state = &self.emit.state;
        match what {
            Runtime::MemoryGrow { .. } if self.emit.grows() => {
                let page_log2 = self.emit.module.memories[0].page_log2;
                put!(self.out, "&", state, "m0, ", page_log2);
            }
            Runtime::MemoryGrow { .. } => super::one::pages(self.emit, &mut self.out),
            Runtime::MemoryFill { .. } | Runtime::MemoryCopy { .. } => put!(self.out, "mem, size"),
            Runtime::MemoryInit { data, .. } => {
                put!(self.out, "mem, size, ", state, "data", data, ", ");
                put!(self.out, state, "data", data, "_size");
            }
            Runtime::TableGet { table }
            | Runtime::TableSet { table }
            | Runtime::TableGrow { table }
            | Runtime::TableFill { table } => self.table_pointer(table),
            Runtime::TableCopy { to, from } => {
                self.table_pointer(to);
                put!(self.out, ", ");
                self.table_pointer(from);
            }
            Runtime::TableInit { table, element } => {
                self.table_pointer(table);
                put!(self.out, ", ");
                self.emit.element_array(&mut self.out, element);
                put!(self.out, ", ", state, "element", element, "_size");
            }
            Runtime::DataDrop { .. } | Runtime::ElemDrop { .. } => {}
        }
    }
}
