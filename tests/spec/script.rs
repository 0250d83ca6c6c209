//! Reads a `.wast` file into modules and commands: names are resolved to
//! numbers, values are written as the runner reads them. What a script asks for
//! and this runner cannot express (vectors, threads) is a gap, never left out
//! in silence.

use std::collections::HashMap;

use wast::core::{AbstractHeapType, HeapType, NanPattern, WastArgCore, WastRetCore};
use wast::parser::{self, ParseBuffer};
use wast::token::{Id, Span};
use wast::{QuoteWat, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, Wat};

/// A script: its modules in the binary format, and what to do with them.
#[derive(Default)]
pub(crate) struct Script {
    /// Every module, also those that must be rejected.
    pub modules: Vec<Module>,
    /// In the script's order.
    pub commands: Vec<Command>,
    /// How many instances the commands name.
    pub instances: usize,
    /// Directives that became no command.
    pub gaps: Vec<Gap>,
}

/// A module of a script.
pub(crate) struct Module {
    /// Its bytes, or the text parser's complaint.
    pub wasm: Result<Vec<u8>, String>,
}

/// A directive that needs a feature which Wardian lacks.
#[derive(Clone, Debug)]
pub(crate) struct Gap {
    /// Of the directive.
    pub line: usize,
    pub feature: String,
}

/// What a directive is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A module that must be translated and, mostly, instantiated.
    Module,
    /// `register`, and an `invoke` without an assertion.
    Action,
    Return,
    Trap,
    Exhaustion,
    Unlinkable,
    Invalid,
    Malformed,
}

impl Kind {
    pub(crate) const ALL: [Kind; 8] = [
        Kind::Module,
        Kind::Action,
        Kind::Return,
        Kind::Trap,
        Kind::Exhaustion,
        Kind::Unlinkable,
        Kind::Invalid,
        Kind::Malformed,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Module => "module",
            Kind::Action => "action",
            Kind::Return => "return",
            Kind::Trap => "trap",
            Kind::Exhaustion => "exhaustion",
            Kind::Unlinkable => "unlinkable",
            Kind::Invalid => "invalid",
            Kind::Malformed => "malformed",
        }
    }
}

/// One directive.
pub(crate) struct Command {
    pub line: usize,
    pub kind: Kind,
    pub step: Step,
}

/// What to do. Modules and instances are numbers.
pub(crate) enum Step {
    /// Translate, and do not instantiate.
    Define {
        module: usize,
    },
    /// The translator must refuse it; the message is the specification's.
    Reject {
        module: usize,
        message: String,
    },
    Instantiate {
        module: usize,
        instance: usize,
    },
    /// Instantiation must fail with this message: a trap, or unlinkable.
    Fail {
        module: usize,
        message: String,
    },
    Register {
        instance: usize,
        name: String,
    },
    /// Call, and compare the results, or the message of the trap.
    Invoke {
        instance: usize,
        name: String,
        args: Vec<String>,
        expect: Expect,
    },
    /// Read a global.
    Get {
        instance: usize,
        name: String,
        expect: String,
    },
}

pub(crate) enum Expect {
    Results(Vec<String>),
    Trap(String),
}

/// Reads the text of a script; an error says in which line it cannot be read.
pub(crate) fn read(text: &str) -> Result<Script, String> {
    let lines = Lines::new(text);
    let located =
        |error: wast::Error| format!("line {}: {}", lines.of(error.span()), error.message());
    let mut lexer = wast::lexer::Lexer::new(text);
    // names.wast exports names that read from right to left, among others.
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(located)?;
    let wast = parser::parse::<Wast<'_>>(&buffer).map_err(located)?;
    let mut reader = Reader { script: Script::default(), names: Names::default() };
    for directive in wast.directives {
        let line = lines.of(directive.span());
        reader.directive(line, directive).map_err(|error| format!("line {line}: {error}"))?;
    }
    Ok(reader.script)
}

/// Where lines begin, because scripts have thousands of directives.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Lines {
        Lines(text.match_indices('\n').map(|(at, _)| at + 1).collect())
    }

    fn of(&self, span: Span) -> usize {
        self.0.partition_point(|&start| start <= span.offset()) + 1
    }
}

/// What the script's identifiers stand for.
#[derive(Default)]
struct Names {
    current_instance: Option<usize>,
    instances: HashMap<String, usize>,
    current_definition: Option<usize>,
    definitions: HashMap<String, usize>,
}

struct Reader {
    script: Script,
    names: Names,
}

/// Why a directive is no command: a gap, or an error of the script.
enum Stop {
    Gap(&'static str),
    Error(String),
}

impl From<&'static str> for Stop {
    fn from(feature: &'static str) -> Stop {
        Stop::Gap(feature)
    }
}

impl Reader {
    fn directive(&mut self, line: usize, directive: WastDirective<'_>) -> Result<(), String> {
        let kind = kind_of(&directive);
        match self.step(directive) {
            Ok(step) => self.script.commands.push(Command { line, kind, step }),
            Err(Stop::Gap(feature)) => {
                self.script.gaps.push(Gap { line, feature: feature.to_string() });
            }
            Err(Stop::Error(error)) => return Err(error),
        }
        Ok(())
    }

    fn step(&mut self, directive: WastDirective<'_>) -> Result<Step, Stop> {
        match directive {
            WastDirective::Module(wat) => {
                let name = wat.name();
                let module = self.define(name, wat)?;
                Ok(Step::Instantiate { module, instance: self.new_instance(name) })
            }
            WastDirective::ModuleDefinition(wat) => {
                Ok(Step::Define { module: self.define(wat.name(), wat)? })
            }
            WastDirective::ModuleInstance { instance, module, .. } => {
                let module =
                    resolve(module, self.names.current_definition, &self.names.definitions)?;
                Ok(Step::Instantiate { module, instance: self.new_instance(instance) })
            }
            WastDirective::AssertMalformed { module, message, .. }
            | WastDirective::AssertInvalid { module, message, .. } => {
                Ok(Step::Reject { module: self.module(module)?, message: message.to_string() })
            }
            WastDirective::AssertUnlinkable { module, message, .. } => {
                let module = self.module(QuoteWat::Wat(module))?;
                Ok(Step::Fail { module, message: message.to_string() })
            }
            WastDirective::Register { name, module, .. } => {
                Ok(Step::Register { instance: self.instance(module)?, name: name.to_string() })
            }
            WastDirective::Invoke(invoke) => self.invoke(invoke, Expect::Results(Vec::new())),
            WastDirective::AssertReturn { exec, results, .. } => {
                self.execute(exec, Expect::Results(patterns(results)?))
            }
            WastDirective::AssertTrap { exec, message, .. } => {
                self.execute(exec, Expect::Trap(message.to_string()))
            }
            WastDirective::AssertExhaustion { call, message, .. } => {
                self.invoke(call, Expect::Trap(message.to_string()))
            }
            WastDirective::AssertException { .. } => Err(Stop::Gap("exceptions")),
            WastDirective::AssertSuspension { .. } => Err(Stop::Gap("stack-switching")),
            WastDirective::Thread(_) | WastDirective::Wait { .. } => Err(Stop::Gap("threads")),
            WastDirective::AssertInvalidCustom { .. }
            | WastDirective::AssertMalformedCustom { .. } => {
                Err(Stop::Gap("custom-section-annotations"))
            }
        }
    }

    fn execute(&mut self, exec: WastExecute<'_>, expect: Expect) -> Result<Step, Stop> {
        match (exec, expect) {
            (WastExecute::Invoke(invoke), expect) => self.invoke(invoke, expect),
            (WastExecute::Wat(wat), Expect::Trap(message)) => {
                Ok(Step::Fail { module: self.module(QuoteWat::Wat(wat))?, message })
            }
            (WastExecute::Get { module, global, .. }, Expect::Results(results)) => {
                let [expect] = <[String; 1]>::try_from(results)
                    .map_err(|_| Stop::Error("a global has one value".to_string()))?;
                let instance = self.instance(module)?;
                Ok(Step::Get { instance, name: global.to_string(), expect })
            }
            (WastExecute::Wat(_), Expect::Results(_)) => {
                Err(Stop::Error("a module returns nothing".to_string()))
            }
            (WastExecute::Get { .. }, Expect::Trap(_)) => {
                Err(Stop::Error("reading a global cannot trap".to_string()))
            }
        }
    }

    fn invoke(&mut self, invoke: WastInvoke<'_>, expect: Expect) -> Result<Step, Stop> {
        let instance = self.instance(invoke.module)?;
        let args = invoke.args.iter().map(argument).collect::<Result<_, _>>()?;
        Ok(Step::Invoke { instance, name: invoke.name.to_string(), args, expect })
    }

    /// Encodes a module; text that cannot be parsed is kept as such, because
    /// that is what `assert_malformed` asks for.
    fn module(&mut self, mut wat: QuoteWat<'_>) -> Result<usize, Stop> {
        if let QuoteWat::QuoteComponent(..) | QuoteWat::Wat(Wat::Component(_)) = wat {
            return Err(Stop::Gap("component-model"));
        }
        let wasm = wat.encode().map_err(|error| error.message());
        self.script.modules.push(Module { wasm });
        Ok(self.script.modules.len() - 1)
    }

    fn define(&mut self, name: Option<Id<'_>>, wat: QuoteWat<'_>) -> Result<usize, Stop> {
        let module = self.module(wat)?;
        self.names.current_definition = Some(module);
        if let Some(id) = name {
            self.names.definitions.insert(id.name().to_string(), module);
        }
        Ok(module)
    }

    fn new_instance(&mut self, name: Option<Id<'_>>) -> usize {
        let instance = self.script.instances;
        self.script.instances += 1;
        self.names.current_instance = Some(instance);
        if let Some(id) = name {
            self.names.instances.insert(id.name().to_string(), instance);
        }
        instance
    }

    fn instance(&self, name: Option<Id<'_>>) -> Result<usize, Stop> {
        resolve(name, self.names.current_instance, &self.names.instances)
    }
}

fn resolve(
    name: Option<Id<'_>>,
    current: Option<usize>,
    named: &HashMap<String, usize>,
) -> Result<usize, Stop> {
    match name {
        Some(id) => named.get(id.name()).copied(),
        None => current,
    }
    .ok_or_else(|| Stop::Error("no such module".to_string()))
}

fn kind_of(directive: &WastDirective<'_>) -> Kind {
    match directive {
        WastDirective::Module(_)
        | WastDirective::ModuleDefinition(_)
        | WastDirective::ModuleInstance { .. } => Kind::Module,
        WastDirective::Register { .. }
        | WastDirective::Invoke(_)
        | WastDirective::Thread(_)
        | WastDirective::Wait { .. } => Kind::Action,
        WastDirective::AssertReturn { .. } => Kind::Return,
        WastDirective::AssertTrap { .. }
        | WastDirective::AssertException { .. }
        | WastDirective::AssertSuspension { .. } => Kind::Trap,
        WastDirective::AssertExhaustion { .. } => Kind::Exhaustion,
        WastDirective::AssertUnlinkable { .. } => Kind::Unlinkable,
        WastDirective::AssertInvalid { .. } | WastDirective::AssertInvalidCustom { .. } => {
            Kind::Invalid
        }
        WastDirective::AssertMalformed { .. } | WastDirective::AssertMalformedCustom { .. } => {
            Kind::Malformed
        }
    }
}

// ---- Values, as values.h reads them ------------------------------------------

fn argument(arg: &WastArg<'_>) -> Result<String, Stop> {
    let WastArg::Core(arg) = arg else { return Err(Stop::Gap("component-model")) };
    Ok(match arg {
        WastArgCore::I32(value) => format!("i32:{value:08x}"),
        WastArgCore::I64(value) => format!("i64:{value:016x}"),
        WastArgCore::F32(value) => format!("f32:{:08x}", value.bits),
        WastArgCore::F64(value) => format!("f64:{:016x}", value.bits),
        WastArgCore::V128(_) => return Err(Stop::Gap("simd")),
        WastArgCore::RefNull(heap) => format!("{}:null", reference(heap)?),
        WastArgCore::RefExtern(number) => format!("extern:{number}"),
        WastArgCore::RefHost(_) => return Err(Stop::Gap("gc")),
    })
}

fn patterns(results: Vec<WastRet<'_>>) -> Result<Vec<String>, Stop> {
    let one = |result: &WastRet<'_>| match result {
        WastRet::Core(result) => pattern(result),
        _ => Err(Stop::Gap("component-model")),
    };
    results.iter().map(one).collect()
}

fn pattern(result: &WastRetCore<'_>) -> Result<String, Stop> {
    Ok(match result {
        WastRetCore::I32(value) => format!("i32:{value:08x}"),
        WastRetCore::I64(value) => format!("i64:{value:016x}"),
        WastRetCore::F32(NanPattern::Value(value)) => format!("f32:{:08x}", value.bits),
        WastRetCore::F64(NanPattern::Value(value)) => format!("f64:{:016x}", value.bits),
        WastRetCore::F32(NanPattern::CanonicalNan) => "f32:canonical".to_string(),
        WastRetCore::F64(NanPattern::CanonicalNan) => "f64:canonical".to_string(),
        WastRetCore::F32(NanPattern::ArithmeticNan) => "f32:arithmetic".to_string(),
        WastRetCore::F64(NanPattern::ArithmeticNan) => "f64:arithmetic".to_string(),
        WastRetCore::V128(_) => return Err(Stop::Gap("simd")),
        WastRetCore::RefNull(None) => "ref:null".to_string(),
        WastRetCore::RefNull(Some(heap)) => format!("{}:null", reference(heap)?),
        WastRetCore::RefExtern(None) => "extern:any".to_string(),
        WastRetCore::RefExtern(Some(number)) => format!("extern:{number}"),
        WastRetCore::RefFunc(_) => "func:any".to_string(),
        WastRetCore::Either(cases) => {
            cases.iter().map(pattern).collect::<Result<Vec<_>, _>>()?.join("|")
        }
        _ => return Err(Stop::Gap("gc")),
    })
}

fn reference(heap: &HeapType<'_>) -> Result<&'static str, Stop> {
    use AbstractHeapType::{Extern, Func, NoExtern, NoFunc};
    match heap {
        HeapType::Abstract { shared: false, ty: Func | NoFunc } => Ok("func"),
        HeapType::Abstract { shared: false, ty: Extern | NoExtern } => Ok("extern"),
        _ => Err(Stop::Gap("gc")),
    }
}
