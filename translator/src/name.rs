//! Names for modules: identifiers that neither the C standard and its usual headers
//! nor the runtime have taken.

/// A name made from any text: other characters become `_`, and what may not stand
/// in front or is taken gets a prefix.
pub(crate) fn from(text: &str) -> String {
    let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut name: String = text.chars().take(MAX).map(clean).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'm');
        name.truncate(MAX);
    }
    if is_taken(&name) { ["wasm_", &name].concat() } else { name }
}

/// Names become names of files.
const MAX: usize = 100;

/// Would a struct of this name, a type `NAME_t`, a function `NAME_init` or a header
/// `NAME.h` be in the way of another?
fn is_taken(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name == "wdn"
        || name.starts_with("wdn_")
        || name.starts_with("WDN_")
        || KEYWORDS.contains(&name)
        || TYPES.contains(&name)
        || STRUCTS.contains(&name)
        || RUNTIME.contains(&name)
        // Some file systems do not tell `Math.h` from `math.h`.
        || HEADERS.contains(&lower.as_str())
}

/// What comes before `_` in functions of the runtime, and names of its types.
const RUNTIME: &[&str] =
    &["f32", "f64", "i16", "i32", "i64", "i8", "memory", "table", "u16", "u32", "u64", "u8"];

/// Structs of POSIX.
#[rustfmt::skip]
const STRUCTS: &[&str] = &[
    "dirent", "group", "iovec", "option", "passwd", "pollfd", "rusage", "sigaction", "sockaddr",
    "stat", "termios", "timespec", "timeval", "tm", "tms", "utsname",
];

#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
    "case", "catch", "char", "class", "compl", "concept", "const", "constexpr", "continue",
    "decltype", "default", "delete", "do", "double", "else", "enum", "explicit", "export",
    "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "linux", "long",
    "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or",
    "or_eq", "private", "protected", "public", "register", "requires", "restrict", "return",
    "short", "signed", "sizeof", "static", "struct", "switch", "template", "this", "throw", "true",
    "try", "typedef", "typeid", "typename", "typeof", "union", "unix", "unsigned", "using",
    "virtual", "void", "volatile", "while", "xor", "xor_eq",
];

/// What comes before `_t` in types of the C standard and of POSIX.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "blkcnt", "blksize", "char16", "char32", "char8", "clock", "clockid", "dev", "div", "fpos",
    "gid", "id", "imaxdiv", "ino", "int16", "int32", "int64", "int8", "int_fast16", "int_fast32",
    "int_fast64", "int_fast8", "int_least16", "int_least32", "int_least64", "int_least8", "intmax",
    "intptr", "key", "ldiv", "lldiv", "locale", "max_align", "mbstate", "mode", "nlink", "off",
    "pid", "ptrdiff", "sig_atomic", "sigset", "size", "socklen", "ssize", "stack", "suseconds",
    "time", "timer", "uid", "uint16", "uint32", "uint64", "uint8", "uint_fast16", "uint_fast32",
    "uint_fast64", "uint_fast8", "uint_least16", "uint_least32", "uint_least64", "uint_least8",
    "uintmax", "uintptr", "wchar", "wctrans", "wctype", "wint",
];

#[rustfmt::skip]
const HEADERS: &[&str] = &[
    "assert", "complex", "ctype", "dirent", "errno", "fcntl", "features", "fenv", "inttypes",
    "iso646", "limits", "locale", "malloc", "math", "memory", "poll", "pthread", "sched", "setjmp",
    "signal", "stdarg", "stdatomic", "stddef", "stdint", "stdio", "stdlib", "stdnoreturn",
    "string", "strings", "tgmath", "threads", "uchar", "unistd", "utime", "wchar", "wctype",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (stem, name) in [
            ("app", "app"),
            ("my-app.v2", "my_app_v2"),
            ("2048", "m2048"),
            ("int", "wasm_int"),
            ("Math", "wasm_Math"),
            ("size", "wasm_size"),
            ("wdn", "wasm_wdn"),
            ("table", "wasm_table"),
            ("", "m"),
        ] {
            assert_eq!(from(stem), name);
            assert_eq!(from(name), name);
        }
    }
}
