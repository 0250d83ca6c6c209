//! The reference: runs a module in an interpreter and writes down what it does,
//! in the words of `runner.c`, with which this file is kept in step.

use std::fmt::Write;

use wardian_tests::random::Random;
use wasmi::{
    Caller, Config, Engine, Error, Extern, ExternRef, F32, F64, Func, Global, Linker, Memory,
    MemoryType, Module, Mutability, Ref, Store, Table, TableType, TrapCode, Val, ValType,
};

const ROUNDS: usize = 3;
const MAX_VALUES: usize = 32;
/// A module that needs more is none for this suite.
const FUEL: u64 = 20_000_000;

/// What the module can reach of the host.
struct Host {
    told: u64,
    memory: Option<Memory>,
    count: Option<Global>,
    ratio: Option<Global>,
    thing: Option<ExternRef>,
}

/// What the module does; `None` if it takes too long. `exports` are the names in
/// the module's order.
pub(crate) fn run(wasm: &[u8], number: usize, exports: &[String]) -> Option<String> {
    let mut config = Config::default();
    config.consume_fuel(true).set_max_recursion_depth(20_000).set_max_stack_height(64 << 20);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, wasm).expect("the module is valid");
    let host = Host { told: 1, memory: None, count: None, ratio: None, thing: None };
    let mut store = Store::new(&engine, host);
    store.set_fuel(FUEL).expect("fuel is on");
    let mut run = Run { random: Random(number as u64), text: String::new(), things: Vec::new() };
    let linker = run.host(&engine, &mut store);
    let instance = match linker.instantiate_and_start(&mut store, &module) {
        Ok(instance) => instance,
        Err(error) if error.as_trap_code() == Some(TrapCode::OutOfFuel) => return None,
        Err(error) => {
            let _ = writeln!(run.text, "instantiate: {}", trap(&error)?);
            run.state(&store);
            return Some(run.text);
        }
    };
    run.text.push_str("instantiated\n");
    let items: Vec<Extern> =
        exports.iter().map(|name| instance.get_export(&store, name).expect("it is one")).collect();
    run.things.extend(items.iter().filter(|item| !matches!(item, Extern::Func(_))));
    run.state(&store);
    for _ in 0..ROUNDS {
        for (i, item) in items.iter().enumerate() {
            if let Extern::Func(func) = item {
                run.call(&mut store, i, *func)?;
                run.state(&store);
            }
        }
    }
    Some(run.text)
}

struct Run {
    random: Random,
    text: String,
    /// What the state is made of: the host's things, then the exports.
    things: Vec<Extern>,
}

impl Run {
    /// The host module.
    fn host(&mut self, engine: &Engine, store: &mut Store<Host>) -> Linker<Host> {
        let memory = Memory::new(&mut *store, MemoryType::new(1, Some(3))).expect("it is small");
        let null = Val::FuncRef(Ref::Null);
        let table = Table::new(&mut *store, TableType::new(ValType::FuncRef, 8, Some(16)), null)
            .expect("it is small");
        let thing = ExternRef::new(&mut *store, 5);
        let mut global = |value: Val, mutability| Global::new(&mut *store, value, mutability);
        let base = global(Val::I32(8), Mutability::Const);
        let wide = global(Val::I64(0x1234_5678_9abc_def0), Mutability::Const);
        let count = global(Val::I64(5), Mutability::Var);
        let ratio = global(Val::F32(F32::from(1.5)), Mutability::Var);
        let thing_cell = global(Val::ExternRef(thing.into()), Mutability::Const);
        let callee = global(Val::FuncRef(Ref::Null), Mutability::Var);
        *store.data_mut() = Host {
            told: 1,
            memory: Some(memory),
            count: Some(count),
            ratio: Some(ratio),
            thing: Some(thing),
        };
        self.things = vec![memory.into(), table.into(), count.into(), ratio.into(), callee.into()];
        let mut linker = functions(engine);
        let things: [(&str, Extern); 8] = [
            ("memory", memory.into()),
            ("table", table.into()),
            ("base", base.into()),
            ("wide", wide.into()),
            ("count", count.into()),
            ("ratio", ratio.into()),
            ("thing", thing_cell.into()),
            ("callee", callee.into()),
        ];
        for (name, thing) in things {
            linker.define("host", name, thing).expect("each name once");
        }
        linker
    }

    fn call(&mut self, store: &mut Store<Host>, number: usize, func: Func) -> Option<()> {
        let ty = func.ty(&*store);
        if ty.params().len() > MAX_VALUES || ty.results().len() > MAX_VALUES {
            return Some(());
        }
        let args: Vec<Val> = ty.params().iter().map(|ty| argument(*ty, &mut self.random)).collect();
        let mut results: Vec<Val> = ty.results().iter().map(|ty| Val::default(*ty)).collect();
        let outcome = func.call(&mut *store, &args, &mut results);
        let _ = write!(self.text, "call {number}:");
        match outcome {
            Ok(()) => {
                for result in &results {
                    let _ = write!(self.text, " {:x}", raw(result));
                }
            }
            Err(error) => {
                let _ = write!(self.text, " {}", trap(&error)?);
            }
        }
        self.text.push('\n');
        Some(())
    }

    fn state(&mut self, store: &Store<Host>) {
        let mut hash = store.data().told;
        for thing in &self.things {
            match thing {
                Extern::Memory(memory) => mix_memory(&mut hash, memory.data(store)),
                Extern::Table(table) => {
                    mix(&mut hash, table.size(store));
                    for i in 0..table.size(store) {
                        let item = table.get(store, i).expect("it is in the table");
                        mix(&mut hash, raw(&item));
                    }
                }
                Extern::Global(global) => mix(&mut hash, raw(&global.get(store))),
                Extern::Func(_) => {}
            }
        }
        let _ = writeln!(self.text, "state {hash:016x}");
    }
}

/// What the functions of the host do.
fn functions(engine: &Engine) -> Linker<Host> {
    let mut linker = Linker::new(engine);
    let mut add = |name: &str, func: fn(&mut Linker<Host>, &str)| func(&mut linker, name);
    macro_rules! host {
        ($name:literal, $func:expr) => {
            add($name, |linker, name| {
                linker.func_wrap("host", name, $func).expect("each name once");
            })
        };
    }
    host!("note_i32", |mut it: Caller<'_, Host>, a: u32| tell(&mut it, a.into()));
    host!("note_i64", |mut it: Caller<'_, Host>, a: u64| tell(&mut it, a));
    host!("note_f64", |mut it: Caller<'_, Host>, a: F64| tell(&mut it, a.to_bits()));
    host!("ask", |mut it: Caller<'_, Host>, a: u32, b: u64| -> u32 {
        tell(&mut it, a.into());
        tell(&mut it, b);
        it.data().told as u32 & 0xffff
    });
    host!("ask_f32", |mut it: Caller<'_, Host>, a: F32| -> F32 {
        tell(&mut it, a.to_bits().into());
        a
    });
    host!("pair", |mut it: Caller<'_, Host>| -> (u32, u64) {
        tell(&mut it, 7);
        (it.data().told as u32 & 0xff, it.data().told)
    });
    host!("refs", |mut it: Caller<'_, Host>, a: Ref<ExternRef>, b: Ref<Func>| -> Ref<ExternRef> {
        tell(&mut it, u64::from(!a.is_null()) + 2 * u64::from(!b.is_null()));
        it.data().thing.expect("it is there").into()
    });
    host!("stop", |mut it: Caller<'_, Host>, a: u32| -> Result<(), Error> {
        tell(&mut it, a.into());
        if a % 64 == 63 { Err(Error::i32_exit(1)) } else { Ok(()) }
    });
    host!("disturb", disturb);
    linker
}

fn disturb(mut it: Caller<'_, Host>, a: u32) -> u32 {
    tell(&mut it, a.into());
    let Host { memory: Some(memory), count: Some(count), ratio: Some(ratio), .. } = *it.data()
    else {
        unreachable!("the host is complete before a module is");
    };
    let (Val::I64(old), Val::F32(old_ratio)) = (count.get(&it), ratio.get(&it)) else {
        unreachable!("the types are fixed");
    };
    let sum = Val::I64(old.wrapping_add(i64::from(a)));
    count.set(&mut it, sum).expect("it is mutable");
    let next = Val::F32(F32::from(old_ratio.to_float() + 1.0));
    ratio.set(&mut it, next).expect("it is mutable");
    memory.data_mut(&mut it)[a as usize % 64] ^= a as u8;
    if a % 8 == 7 {
        return memory.grow(&mut it, 1).map_or(u32::MAX, |old| old as u32);
    }
    a
}

fn tell(it: &mut Caller<'_, Host>, value: u64) {
    mix(&mut it.data_mut().told, value);
}

fn mix(hash: &mut u64, value: u64) {
    *hash = (*hash ^ value).wrapping_mul(0x100_0000_01b3);
    *hash ^= *hash >> 29;
}

fn mix_memory(hash: &mut u64, data: &[u8]) {
    mix(hash, data.len() as u64);
    for (i, word) in data.chunks_exact(8).enumerate() {
        let word = u64::from_le_bytes(word.try_into().expect("chunks of 8"));
        if word != 0 {
            mix(hash, word ^ (8 * i as u64) << 20);
        }
    }
}

fn raw(value: &Val) -> u64 {
    match value {
        Val::I32(value) => u64::from(*value as u32),
        Val::I64(value) => *value as u64,
        Val::F32(value) => u64::from(value.to_bits()),
        Val::F64(value) => value.to_bits(),
        Val::FuncRef(value) => u64::from(!value.is_null()),
        Val::ExternRef(value) => u64::from(!value.is_null()),
        Val::V128(_) => unreachable!("not supported"),
    }
}

/// The runtime's words for a trap; none if the module just took too long.
fn trap(error: &Error) -> Option<String> {
    let text = match error.as_trap_code() {
        Some(TrapCode::UnreachableCodeReached) => "unreachable",
        Some(TrapCode::MemoryOutOfBounds) => "out of bounds memory access",
        // The reference does not tell a call from another access.
        Some(TrapCode::TableOutOfBounds) => "undefined element",
        Some(TrapCode::IndirectCallToNull) => "uninitialized element",
        Some(TrapCode::IntegerDivisionByZero) => "integer divide by zero",
        Some(TrapCode::IntegerOverflow) => "integer overflow",
        Some(TrapCode::BadConversionToInteger) => "invalid conversion to integer",
        Some(TrapCode::StackOverflow) => "call stack exhausted",
        Some(TrapCode::BadSignature) => "indirect call type mismatch",
        Some(TrapCode::OutOfFuel) => return None,
        _ if error.i32_exit_status().is_some() => "stopped by the host",
        // In an active segment, while the instance is made.
        _ if error.to_string().starts_with("out of bounds table access") => "undefined element",
        _ => return Some(format!("error: {error}")),
    };
    Some(format!("trap: {text}"))
}

// ---- Arguments --------------------------------------------------------------------

fn argument(ty: ValType, random: &mut Random) -> Val {
    match ty {
        ValType::I32 => Val::I32(integer(random) as i32),
        ValType::I64 => Val::I64(integer(random) as i64),
        ValType::F32 => Val::F32(F32::from_bits(f32_bits(random))),
        ValType::F64 => Val::F64(F64::from_bits(f64_bits(random))),
        other => Val::default(other),
    }
}

fn integer(random: &mut Random) -> u64 {
    const EDGES: [u64; 12] = [
        0,
        1,
        2,
        u64::MAX,
        0x7fff_ffff,
        0x8000_0000,
        0x7fff_ffff_ffff_ffff,
        0x8000_0000_0000_0000,
        65535,
        65536,
        65532,
        255,
    ];
    let (choice, value) = (random.bits() % 4, random.bits());
    match choice {
        0 => value,
        1 => value % 64,
        _ => EDGES[value as usize % EDGES.len()],
    }
}

fn f32_bits(random: &mut Random) -> u32 {
    const EDGES: [u32; 12] = [
        0,
        0x8000_0000,
        0x3f80_0000,
        0xbfc0_0000,
        0x7f80_0000,
        0xff80_0000,
        0x7fc0_0000,
        0x4f00_0000,
        0x0000_0001,
        0x7f7f_ffff,
        0x42f6_e979,
        0xcf00_0001,
    ];
    let (choice, value) = (random.bits() % 4, random.bits());
    if choice == 0 { (value % 0x7f80_0000) as u32 } else { EDGES[value as usize % EDGES.len()] }
}

fn f64_bits(random: &mut Random) -> u64 {
    const EDGES: [u64; 12] = [
        0,
        0x8000_0000_0000_0000,
        0x3ff0_0000_0000_0000,
        0xbff8_0000_0000_0000,
        0x7ff0_0000_0000_0000,
        0xfff0_0000_0000_0000,
        0x7ff8_0000_0000_0000,
        0x41e0_0000_0000_0000,
        0x0000_0000_0000_0001,
        0x7fef_ffff_ffff_ffff,
        0x43e0_0000_0000_0000,
        0xc1e0_0000_0020_0000,
    ];
    let (choice, value) = (random.bits() % 4, random.bits());
    if choice == 0 { value % 0x7ff0_0000_0000_0000 } else { EDGES[value as usize % EDGES.len()] }
}
