//! Modules of which there is one instance. They have no descriptors, and what they import
//! is linked by name: so the program of a script is written for it, with a table of what
//! its modules export, and with a function for each import that calls what is registered.
//!
//! What only several instances can do is left out, each time for a reason that is counted.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wardian::interface::{self, Export, Extern, Import, Interface};
use wardian::ir::{FuncType, Type};
use wardian::{Error, Instances, Memory, Options, StaticSize};
use wasmparser::{Operator, Parser, Payload};

use crate::prepare::Translation;
use crate::script::{Command, Kind, Script, Step};

/// Bytes that a machine has for memories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// For one that grows, at most.
    pub one: u32,
    /// For those of all modules of a script.
    pub all: u64,
}

/// Why a memory is left out, or what grows one.
pub(crate) const TOO_LARGE: &str = "more memory than the machine has";

/// Of a module that is refused because it could not be instantiated.
pub(crate) const TRAPS: &str = "data that is not inside of the memory as declared";

/// Tables of more elements grow no further than they are: the translator's `MAX_TABLE_ROOM`.
const MAX_TABLE: u64 = 4096;

/// Translates the modules of a script; what became of each, and what is to be compiled.
pub(crate) fn translate(
    script: &Script,
    options: &Options,
    room: Room,
    folder: &Path,
) -> io::Result<(Vec<Translation>, Vec<PathBuf>)> {
    let mut program = Program {
        script,
        options,
        room,
        folder,
        left: room.all,
        translations: (0..script.modules.len()).map(|_| None).collect(),
        interfaces: HashMap::new(),
        modules: HashMap::new(),
        registered: HashMap::new(),
        sources: Vec::new(),
        glue: "#include \"one.h\"\n".to_string(),
    };
    for command in &script.commands {
        program.command(command)?;
    }
    program.finish()
}

/// The program of a script, as it grows.
struct Program<'s> {
    script: &'s Script,
    options: &'s Options,
    room: Room,
    folder: &'s Path,
    /// Bytes that memories may still have.
    left: u64,
    translations: Vec<Option<Translation>>,
    interfaces: HashMap<usize, Interface>,
    /// The module of each instance.
    modules: HashMap<usize, usize>,
    /// The modules that names stand for.
    registered: HashMap<String, usize>,
    sources: Vec<PathBuf>,
    /// What defines the modules' imports, and lists their exports.
    glue: String,
}

impl Program<'_> {
    fn command(&mut self, command: &Command) -> io::Result<()> {
        match &command.step {
            Step::Define { module } => self.module(*module)?,
            Step::Instantiate { module, instance } => {
                self.modules.insert(*instance, *module);
                self.module(*module)?;
            }
            Step::Fail { module, .. } if command.kind == Kind::Unlinkable => {
                // Which C compilers and linkers would do, with the header's declarations.
                let why = "links that C refuses".to_string();
                self.translations[*module] = Some(Translation::Unsupported(why));
            }
            Step::Fail { module, .. } => self.module(*module)?,
            Step::Reject { module, .. } => self.rejected(*module),
            Step::Register { instance, name } => {
                if let Some(module) = self.modules.get(instance) {
                    self.registered.insert(name.clone(), *module);
                }
            }
            Step::Invoke { .. } | Step::Get { .. } => {}
        }
        Ok(())
    }

    fn options(&self, number: usize) -> Options {
        Options { name: format!("m{number}"), instances: Instances::One, ..self.options.clone() }
    }

    /// Nothing that can be refused for want of instances or memory is invalid.
    fn rejected(&mut self, number: usize) {
        let Ok(wasm) = &self.script.modules[number].wasm else {
            let why = "it cannot be parsed".to_string();
            self.translations[number] = Some(Translation::Failed(why));
            return;
        };
        self.translations[number] = Some(match wardian::translate(wasm, &self.options(number)) {
            Ok(_) | Err(Error::Refused { .. }) => Translation::Done,
            Err(error) => Translation::Failed(error.to_string()),
        });
    }

    fn module(&mut self, number: usize) -> io::Result<()> {
        if self.translations[number].is_none() {
            let translation = match self.translate(number)? {
                Ok(()) => Translation::Done,
                Err(Error::Refused { message, .. }) => Translation::Unsupported(message),
                Err(Error::Unsupported(features)) => {
                    let mut names: Vec<&str> = features.iter().map(|it| it.feature).collect();
                    names.sort_unstable();
                    names.dedup();
                    Translation::Unsupported(names.join(", "))
                }
                Err(error) => Translation::Failed(error.to_string()),
            };
            self.translations[number] = Some(translation);
        }
        Ok(())
    }

    fn translate(&mut self, number: usize) -> io::Result<Result<(), Error>> {
        let script = self.script;
        let wasm = match &script.modules[number].wasm {
            Ok(wasm) => wasm,
            Err(message) => return Ok(refuse(message)),
        };
        let mut options = self.options(number);
        let room = self.room_for_one();
        options.memory = Memory::Static(StaticSize::Bytes(room));
        let interface = match interface::describe(wasm, &options) {
            Ok(interface) => interface,
            Err(Error::Refused { message, .. }) => return Ok(refuse(reason(&message))),
            Err(error) => return Ok(Err(error)),
        };
        let size = match self.size(wasm, &interface, room) {
            Ok(size) => size,
            Err(why) => return Ok(refuse(why)),
        };
        if grows_without_end(wasm) {
            return Ok(refuse("a table that grows without a limit"));
        }
        let mut glue = format!("\n#include \"m{number}.h\"\n");
        let mut begin = String::new();
        if let Err(why) = self.imports(&interface, grows(wasm), &mut glue, &mut begin) {
            return Ok(refuse(why));
        }
        let files = match wardian::translate(wasm, &options) {
            Ok(files) => files,
            Err(error) => return Ok(Err(error)),
        };
        exports(number, &interface, &begin, &mut glue);
        self.left -= size;
        self.glue += &glue;
        self.interfaces.insert(number, interface);
        self.write(&files)?;
        Ok(Ok(()))
    }

    fn write(&mut self, files: &wardian::Files) -> io::Result<()> {
        for (name, text) in files {
            let path = self.folder.join(name);
            fs::write(&path, text)?;
            if name.ends_with("_memory.c") {
                let _ = writeln!(self.glue, "#include \"{name}\"");
            } else if name.ends_with(".c") {
                self.sources.push(path);
            }
        }
        Ok(())
    }

    /// Half of what is left, so that there is something for every module.
    fn room_for_one(&self) -> u32 {
        self.room.one.min(u32::try_from(self.left / 2).unwrap_or(u32::MAX))
    }

    /// Bytes of the module's memory, if there is room for them.
    fn size(&self, wasm: &[u8], interface: &Interface, room: u32) -> Result<u64, &'static str> {
        let Some(memory) = interface.memories.first() else { return Ok(0) };
        let bytes = |pages: u64| pages.saturating_mul(memory.page_size.into());
        let declared = bytes(memory.limits.min);
        let most = memory.limits.max.map_or(u64::from(room), bytes);
        let size = if grows(wasm) { most.min(room.into()).max(declared) } else { declared };
        if declared > u64::from(room) || size > self.left {
            return Err(TOO_LARGE);
        }
        Ok(size)
    }

    /// Defines what a module imports; `begin` is what to do before it is initialised.
    fn imports(
        &self,
        interface: &Interface,
        grows: bool,
        glue: &mut String,
        begin: &mut String,
    ) -> Result<(), &'static str> {
        let mut defined: Vec<&str> = Vec::new();
        for import in &interface.imports {
            if defined.contains(&import.c_name.as_str()) {
                continue;
            }
            defined.push(&import.c_name);
            match self.registered.get(&import.module) {
                Some(module) => self.linked(import, *module, interface, glue, begin)?,
                None if import.module == "spectest" => spectest(import, interface, grows, glue)?,
                None => return Err("imports of what is left out"),
            }
        }
        Ok(())
    }

    /// An import that another module's export is.
    fn linked(
        &self,
        import: &Import,
        module: usize,
        interface: &Interface,
        glue: &mut String,
        begin: &mut String,
    ) -> Result<(), &'static str> {
        let Some(provider) = self.interfaces.get(&module) else {
            return Err("imports of what is left out");
        };
        let Some(export) = provider.exports.iter().find(|it| it.name == import.name) else {
            return Err("imports of what is left out");
        };
        let name = &import.c_name;
        match (&import.ty, &export.ty) {
            (Extern::Func(ty), Extern::Func(_)) => {
                if ty.params.iter().chain(&ty.results).any(|it| *it == Type::FuncRef) {
                    return Err("references to functions of another module");
                }
                forward(import, ty, interface, provider, export, glue);
                Ok(())
            }
            (Extern::Global(Type::FuncRef, _), _) => {
                Err("references to functions of another module")
            }
            (Extern::Global(ty, false), Extern::Global(..)) => {
                let _ = writeln!(glue, "{} {name};", c_type(*ty));
                let _ = writeln!(begin, "  {name} = *{}();", export.c_name);
                Ok(())
            }
            (Extern::Global(..), _) => Err("a global that modules share"),
            (Extern::Memory, _) => Err("a memory that modules share"),
            _ => Err("a table that modules share"),
        }
    }

    fn finish(mut self) -> io::Result<(Vec<Translation>, Vec<PathBuf>)> {
        let count = self.script.modules.len();
        let mut table = String::new();
        for number in 0..count {
            let _ = match self.interfaces.contains_key(&number) {
                true => writeln!(table, "  &m{number}_module,"),
                false => writeln!(table, "  0,"),
            };
        }
        let _ = write!(
            self.glue,
            "\nconst one_module_t *const one_modules[] = {{\n{table}  0\n}};\n\
             const size_t one_module_count = {count};\n"
        );
        let path = self.folder.join("modules.c");
        fs::write(&path, &self.glue)?;
        self.sources.push(path);
        let undone = || Translation::Unsupported("nothing needs it".to_string());
        let translations = self.translations.into_iter().map(|it| it.unwrap_or_else(undone));
        Ok((translations.collect(), self.sources))
    }
}

fn refuse(why: &str) -> Result<(), Error> {
    let (message, help) = (why.to_string(), String::new());
    let place = wardian::Place { offset: 0, function: None };
    Err(Error::Refused { message, place, help })
}

/// Why the translator refuses a module, without its names and numbers.
fn reason(message: &str) -> &'static str {
    if message.contains("imports the table") {
        "a table that modules share"
    } else if message.contains("has data up to") {
        TRAPS
    } else if message.contains("needs a memory of") {
        TOO_LARGE
    } else {
        "a module that is refused"
    }
}

fn operators(wasm: &[u8], any: impl Fn(&Operator<'_>) -> bool) -> bool {
    let bodies = Parser::new(0).parse_all(wasm).filter_map(|it| match it {
        Ok(Payload::CodeSectionEntry(body)) => body.get_operators_reader().ok(),
        _ => None,
    });
    bodies.flatten().any(|it| it.is_ok_and(|it| any(&it)))
}

fn grows(wasm: &[u8]) -> bool {
    operators(wasm, |it| matches!(it, Operator::MemoryGrow { .. }))
}

/// Does the module grow a table that says nothing of how many elements it may have?
fn grows_without_end(wasm: &[u8]) -> bool {
    let tables = Parser::new(0).parse_all(wasm).filter_map(|it| match it {
        Ok(Payload::TableSection(section)) => Some(section),
        _ => None,
    });
    let endless = tables
        .flatten()
        .map(|it| it.is_ok_and(|it| it.ty.maximum.is_none_or(|most| most > MAX_TABLE)));
    let endless: Vec<bool> = endless.collect();
    operators(wasm, |it| match it {
        Operator::TableGrow { table } => endless.get(*table as usize).is_none_or(|it| *it),
        _ => false,
    })
}

// ---- C ------------------------------------------------------------------------

/// Something of the module `spectest`, which every script may import from.
fn spectest(
    import: &Import,
    interface: &Interface,
    grows: bool,
    glue: &mut String,
) -> Result<(), &'static str> {
    let (name, prefix) = (&import.c_name, &interface.name);
    let _ = match &import.ty {
        Extern::Func(ty) => {
            let unused: String = (0..ty.params.len()).map(|i| format!(" (void)a{i};")).collect();
            writeln!(glue, "{} {{{unused} }}", declarator(name, ty))
        }
        Extern::Global(ty @ (Type::F32 | Type::F64), false) => {
            let suffix = if *ty == Type::F32 { "f" } else { "" };
            writeln!(glue, "{} {name} = 666.6{suffix};", c_type(*ty))
        }
        Extern::Global(ty, false) => writeln!(glue, "{} {name} = 666;", c_type(*ty)),
        // It has a page, of two that it could have: an array has what is declared, and may
        // get no more than that.
        Extern::Memory if interface.memories[0].limits.min != 1 || grows => {
            return Err("a memory of the host's with another size than declared");
        }
        Extern::Memory => {
            // C has no empty arrays.
            let size = format!("{prefix}_memory_size");
            writeln!(glue, "WDN_ALIGNED uint8_t {prefix}_memory[{size} + ({size} == 0)];")
        }
        Extern::Global(..) => return Err("a global that modules share"),
        Extern::Table => return Err("a table that modules share"),
    };
    Ok(())
}

/// An import that calls another module's export: its traps end the caller, too.
fn forward(
    import: &Import,
    ty: &FuncType,
    interface: &Interface,
    provider: &Interface,
    export: &Export,
    glue: &mut String,
) {
    let mut args: Vec<String> = (0..ty.params.len()).map(|i| format!("a{i}")).collect();
    let (result, back) = match &ty.results[..] {
        [] => (String::new(), ""),
        _ => {
            args.push("&result".to_string());
            (format!("  {} result;\n", result_type(&ty.results)), "  return result;\n")
        }
    };
    let (call, from, to) = (try_name(provider, export), &provider.name, &interface.name);
    let _ = write!(
        glue,
        "{} {{\n{result}  wdn_trap_t trap = {call}({});\n  if (trap != WDN_OK)\n    \
         wdn_one_trap(&{to}_one, trap, {from}_one.at);\n{back}}}\n",
        declarator(&import.c_name, ty),
        args.join(", ")
    );
}

fn try_name(interface: &Interface, export: &Export) -> String {
    let prefix = format!("{}_", interface.name);
    format!("{prefix}try_{}", export.c_name.strip_prefix(&prefix).unwrap_or(&export.c_name))
}

/// Lists what a module exports, for the runner.
fn exports(number: usize, interface: &Interface, begin: &str, glue: &mut String) {
    let (mut funcs, mut globals) = (String::new(), String::new());
    for (i, export) in interface.exports.iter().enumerate() {
        let (name, size) = (escaped(&export.name), export.name.len());
        match &export.ty {
            Extern::Func(ty) => {
                call(number, i, &try_name(interface, export), ty, glue);
                let (params, results) = (ty.params.len(), ty.results.len());
                let ty = format!("{{{params}, {results}, m{number}_types{i}, NULL}}");
                let _ = writeln!(funcs, "  {{\"{name}\", {size}, {ty}, m{number}_call{i}}},");
            }
            Extern::Global(ty, _) => {
                let get = put("value->", *ty, &format!("*{}()", export.c_name));
                let _ =
                    writeln!(glue, "static void m{number}_get{i}(wdn_value_t *value) {{ {get}; }}");
                let code = code(*ty);
                let _ = writeln!(globals, "  {{\"{name}\", {size}, {code}, m{number}_get{i}}},");
            }
            Extern::Table | Extern::Memory => {}
        }
    }
    let _ = write!(
        glue,
        "static wdn_trap_t m{number}_begin(void) {{\n{begin}  return m{number}_init();\n}}\n\
         static const one_func_t m{number}_funcs[] = {{\n{funcs}  {{0, 0, {{0, 0, 0, 0}}, 0}}\n}};\n\
         static const one_global_t m{number}_globals[] = {{\n{globals}  {{0, 0, 0, 0}}\n}};\n\
         static const one_module_t m{number}_module = {{\n  &m{number}_one, m{number}_begin, \
         m{number}_funcs, {}, m{number}_globals, {}\n}};\n",
        funcs.lines().count(),
        globals.lines().count()
    );
}

/// A function that calls an export with its values unpacked, and its type.
fn call(number: usize, export: usize, name: &str, ty: &FuncType, glue: &mut String) {
    let types: String =
        ty.params.iter().chain(&ty.results).map(|ty| format!("{}, ", code(*ty))).collect();
    let _ = write!(
        glue,
        "static const wdn_valtype_t m{number}_types{export}[] = {{{types}0}};\n\
         static wdn_trap_t m{number}_call{export}(const wdn_value_t *args, wdn_value_t *results) {{\n"
    );
    let mut args: Vec<String> = Vec::new();
    for (i, ty) in ty.params.iter().enumerate() {
        args.push(match ty {
            Type::FuncRef => "null".to_string(),
            _ => format!("args[{i}].{}", member(*ty)),
        });
    }
    if ty.params.contains(&Type::FuncRef) {
        glue.push_str("  static const wdn_ref_t null;\n");
    }
    if !ty.results.is_empty() {
        let _ = writeln!(glue, "  {} result;\n  wdn_trap_t trap;", result_type(&ty.results));
        args.push("&result".to_string());
    }
    let call = format!("{name}({})", args.join(", "));
    glue.push_str("  (void)args;\n  (void)results;\n");
    if ty.results.is_empty() {
        let _ = writeln!(glue, "  return {call};\n}}");
        return;
    }
    let _ = writeln!(glue, "  trap = {call};\n  if (trap != WDN_OK)\n    return trap;");
    for (i, result) in ty.results.iter().enumerate() {
        let from = if ty.results.len() == 1 { String::new() } else { format!(".r{i}") };
        let _ = writeln!(
            glue,
            "  {};",
            put(&format!("results[{i}]."), *result, &format!("result{from}"))
        );
    }
    glue.push_str("  return WDN_OK;\n}\n");
}

fn put(to: &str, ty: Type, from: &str) -> String {
    match ty {
        Type::FuncRef => format!("{to}func.code = ({from}).code"),
        _ => format!("{to}{} = {from}", member(ty)),
    }
}

fn declarator(name: &str, ty: &FuncType) -> String {
    let params = ty.params.iter().enumerate().map(|(i, ty)| format!("{} a{i}", c_type(*ty)));
    let params: Vec<String> = params.collect();
    let params = if params.is_empty() { "void".to_string() } else { params.join(", ") };
    // Where floats would be returned wider than they are.
    let float = matches!(ty.results[..], [Type::F32 | Type::F64]);
    let prefix = if float { "WDN_FLOAT_RESULT " } else { "" };
    format!("{prefix}{} {name}({params})", result_type(&ty.results))
}

fn result_type(results: &[Type]) -> String {
    match results {
        [] => "void".to_string(),
        [one] => c_type(*one).to_string(),
        many => interface::results_type(many),
    }
}

fn c_type(ty: Type) -> &'static str {
    match ty {
        Type::FuncRef => "wdn_ref_t",
        other => interface::c_type(other),
    }
}

/// A member of `wdn_value_t`.
fn member(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "i32",
        Type::I64 => "i64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::FuncRef => "func",
        Type::ExternRef => "ext",
    }
}

fn code(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "WDN_I32",
        Type::I64 => "WDN_I64",
        Type::F32 => "WDN_F32",
        Type::F64 => "WDN_F64",
        Type::FuncRef => "WDN_FUNCREF",
        Type::ExternRef => "WDN_EXTERNREF",
    }
}

/// Text inside a C string literal.
fn escaped(text: &str) -> String {
    let mut literal = String::new();
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' | b'?' | 0..0x20 | 0x7f.. => {
                let _ = write!(literal, "\\{byte:03o}");
            }
            _ => literal.push(char::from(byte)),
        }
    }
    literal
}
