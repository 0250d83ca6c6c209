//! Every C identifier of a module.
//!
//! Everything at file scope begins with the module's name, here `app`:
//!
//! | what                     | name                                            |
//! |--------------------------|-------------------------------------------------|
//! | instance, descriptor     | `app_t`, `app_module`                           |
//! | imports, instantiation   | `app_imports_t`, `app_instantiate`              |
//! | export `parse.xml`       | `app_parse_xml`                                 |
//! | function 12 `strlen`     | `app_f12_strlen`, `app_f12` without a name      |
//! | type 3, its C type       | `app_type3`, `app_sig3_t`                       |
//! | import `env` `log`       | member `env_log`; `env` is the context          |
//! | global 0 `__stack_pointer` | member `g0___stack_pointer`                   |
//!
//! Any character that an identifier cannot have becomes `_`. A name that a rule
//! above could produce, or that means something to C, gets `x_` in front; one that
//! is taken gets `_2`, `_3` and so on, in the order of the module's sections: so
//! names never collide.

use crate::ir::{Item, Module};
use indexmap::IndexMap;
use std::collections::{HashMap, HashSet};

/// Longer names are cut; the number in front keeps them apart.
const MAX_DEBUG_NAME: usize = 40;
/// The same for exports and imports.
const MAX_NAME: usize = 120;

/// The identifiers that need thought; the others are printed from their parts.
pub(crate) struct Names {
    /// The module's.
    pub(crate) prefix: String,
    /// Of functions, by index.
    pub(crate) funcs: Vec<String>,
    /// Of globals, by index: the member of the instance.
    pub(crate) globals: Vec<String>,
    /// Of exports, in their order.
    pub(crate) exports: Vec<String>,
    /// Of imports, in their order: the member of the imports struct.
    pub(crate) imports: Vec<String>,
    /// Of the contexts of imported modules: the member, by the module's name.
    pub(crate) contexts: IndexMap<String, String>,
}

impl Names {
    /// Names everything.
    pub(crate) fn new(module: &Module<'_>, prefix: &str, one: bool) -> Names {
        let numbered = |letter: &str, index: usize, name: &Option<String>| {
            let mut text = String::from(letter);
            text.push_str(&index.to_string());
            if let Some(name) = name.as_deref().filter(|name| !name.is_empty()) {
                text.push('_');
                text.push_str(&identifier(name, MAX_DEBUG_NAME));
            }
            text
        };
        let funcs = module.funcs.iter().enumerate();
        let globals = module.globals.iter().enumerate();
        let mut names = Names {
            prefix: prefix.to_string(),
            funcs: funcs
                .map(|(i, func)| [prefix, "_", &numbered("f", i, &func.name)].concat())
                .collect(),
            globals: globals.map(|(i, global)| numbered("g", i, &global.name)).collect(),
            exports: Vec::new(),
            imports: Vec::new(),
            contexts: IndexMap::new(),
        };
        let mut taken = Taken::default();
        names.name_exports(module, one, &mut taken);
        if one {
            names.name_host(module, taken);
        } else {
            names.name_imports(module);
        }
        names
    }

    fn name_exports(&mut self, module: &Module<'_>, one: bool, taken: &mut Taken) {
        for reserved in ["t", "module", "imports_t", "instantiate", "imports", "exports"] {
            taken.unique(reserved.to_string());
        }
        for export in &module.exports {
            let mut name = identifier(&export.name, MAX_NAME);
            if is_internal(&name) || one && is_internal_to_one(&name) {
                name.insert_str(0, "x_");
            }
            let name = taken.unique(name);
            self.exports.push([&self.prefix, "_", &name].concat());
        }
    }

    /// What a module of one instance imports: functions and variables of the program.
    fn name_host(&mut self, module: &Module<'_>, mut taken: Taken) {
        for import in &module.imports {
            let mut name = identifier(&[&import.module[..], "_", &import.name].concat(), MAX_NAME);
            if is_internal(&name) || is_internal_to_one(&name) {
                name.insert_str(0, "x_");
            }
            let name = [&self.prefix, "_", &taken.unique(name)].concat();
            match import.item {
                Item::Func(func) => self.funcs[func as usize] = name.clone(),
                Item::Global(global) => self.globals[global as usize] = name.clone(),
                Item::Memory(_) | Item::Table(_) => {}
            }
            self.imports.push(name);
        }
    }

    fn name_imports(&mut self, module: &Module<'_>) {
        let mut taken = Taken::default();
        let mut member = |text: &str| {
            let mut name = identifier(text, MAX_NAME);
            if is_reserved(&name) {
                name.insert_str(0, "x_");
            }
            taken.unique(name)
        };
        for import in &module.imports {
            let is_func = matches!(import.item, Item::Func(_));
            if is_func && !self.contexts.contains_key(&import.module) {
                self.contexts.insert(import.module.clone(), member(&import.module));
            }
        }
        for import in &module.imports {
            self.imports.push(member(&[&import.module[..], "_", &import.name].concat()));
        }
    }

    /// The context of an imported module's functions.
    pub(crate) fn context(&self, module: &str) -> &str {
        self.contexts.get(module).map_or("", |member| member)
    }
}

/// The names that are in use, and how often each was asked for.
#[derive(Default)]
struct Taken {
    names: HashSet<String>,
    last: HashMap<String, u32>,
}

impl Taken {
    /// The name itself, or the first numbered form of it that is free.
    fn unique(&mut self, name: String) -> String {
        if self.names.insert(name.clone()) {
            return name;
        }
        let last = self.last.entry(name.clone()).or_insert(1);
        loop {
            *last += 1;
            let candidate = [&name, "_", &last.to_string()].concat();
            if self.names.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

/// Turns any text into the rest of an identifier.
fn identifier(text: &str, max: usize) -> String {
    text.chars().take(max).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// Could the name, after the prefix, be one that a numbered or unique thing has?
fn is_internal(name: &str) -> bool {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '_');
    let word = &name[..name.len() - rest.len()];
    let numbered = rest.starts_with(|c: char| c.is_ascii_digit());
    if numbered { NUMBERED.contains(&word) } else { UNIQUE.contains(&name) }
}

/// The same for what only a module of one instance has.
fn is_internal_to_one(name: &str) -> bool {
    const UNIQUE: &[&str] = &["one", "trap", "trapped", "contents"];
    let rest = name.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let word = &name[..name.len() - rest.len()];
    let numbered = rest.starts_with(|c: char| c.is_ascii_digit());
    numbered && ["g", "t", "m", "call"].contains(&word)
        || UNIQUE.contains(&name)
        || name == "memory"
        || name.starts_with("memory_")
        || name.starts_with("try_")
}

/// The first words of numbered things: `f12_strlen`, `memories_0_type`.
const NUMBERED: &[&str] = &[
    "f",
    "type",
    "types",
    "sig",
    "invoke",
    "data",
    "element",
    "table",
    "segments",
    "import",
    "export",
    "memories_",
    "tables_",
];

/// The things that a module has once.
const UNIQUE: &[&str] = &["init", "memories", "tables", "names", "offsets"];

/// Is it a keyword of C or C++, a type, or could it be a macro that compilers or
/// headers define? Those have no small letter, most of them.
fn is_reserved(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit() || c == '_')
        || name.starts_with("wdn_")
        || name.ends_with("_t")
        || !name.contains(|c: char| c.is_ascii_lowercase())
        || KEYWORDS.contains(&name)
}

#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
    "case", "catch", "char", "class", "compl", "complex", "const", "const_cast", "constexpr",
    "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "errno", "explicit", "export", "extern", "false", "far", "float", "for", "friend", "goto",
    "huge", "i386", "if", "imaginary", "inline", "int", "interface", "linux", "long", "mutable",
    "namespace", "near", "new", "noexcept", "noreturn", "not", "not_eq", "nullptr", "offsetof",
    "operator", "or", "or_eq", "pascal", "private", "protected", "public", "register",
    "reinterpret_cast", "restrict", "return", "setjmp", "short", "signed", "sizeof", "small",
    "static", "static_assert", "static_cast", "stderr", "stdin", "stdout", "struct", "sun",
    "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid",
    "typename", "typeof", "union", "unix", "unsigned", "using", "virtual", "void", "volatile",
    "wchar_t", "while", "xor", "xor_eq", "vax", "mips", "arm", "sparc", "char8_t", "char16_t",
    "char32_t", "concept", "consteval", "constinit", "co_await", "co_return", "co_yield",
    "requires",
];
