//! From bindgen's Rust, which describes the guest's types as if they were the host's, to
//! `guest_struct!`. What bindgen tests about a layout says what clang thinks of it: a struct
//! whose fields would not be there is left out.

use std::collections::HashMap;
use std::fmt::Write;
use syn::{Expr, Fields, GenericArgument, Item, ItemStruct, Lit, PathArguments, Stmt, Type};

/// The text of the file.
pub(super) fn file(syntax: &syn::File, headers: &str) -> String {
    let reader = Reader::new(syntax);
    let mut out = format!(
        "// Made by wardian-build; do not edit. Types of {headers}, as guests lay them out.\n\n\
         const _: () = ::wardian_rt::requires(\"{}\");\n\n\
         #[allow(unused_imports)]\npub use types::*;\n\n\
         #[allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals)]\n\
         mod types {{\n",
        env!("CARGO_PKG_VERSION")
    );
    for item in &syntax.items {
        match item {
            Item::Struct(it) if it.ident.to_string().starts_with("__Bindgen") => {}
            Item::Struct(it) if it.ident == "__IncompleteArrayField" => {}
            Item::Struct(it) => structure(&mut out, &reader, it),
            Item::Union(it) => left_out(&mut out, &it.ident.to_string(), "it is a union"),
            Item::Type(it) => alias(&mut out, &reader, it),
            Item::Const(it) => constant(&mut out, &reader, it),
            _ => {}
        }
    }
    out.push_str("}\n");
    out
}

fn structure(out: &mut String, reader: &Reader<'_>, it: &ItemStruct) {
    let name = it.ident.to_string();
    let (fields, layout) = match reader.fields(it) {
        Ok(found) => found,
        Err(reason) => return left_out(out, &name, &reason),
    };
    let _ = writeln!(out, "    ::wardian_rt::guest_struct! {{");
    let _ = writeln!(out, "        /// {} bytes.\n        pub struct {name} {{", layout.size);
    for (field, value) in &fields {
        let _ = writeln!(out, "            pub {field}: {},", value.text);
    }
    let _ = writeln!(out, "        }}\n    }}\n    const _: () = {{");
    let value = format!("<{name} as ::wardian_rt::Value>");
    let _ = writeln!(out, "        assert!({value}::SIZE == {});", layout.size);
    let _ = writeln!(out, "        assert!({value}::ALIGN == {});", layout.align);
    let there = |name: &String| fields.iter().any(|(field, _)| field == name);
    for (field, at) in layout.offsets.iter().filter(|(name, _)| there(name)) {
        let _ = writeln!(
            out,
            "        assert!({name}::{field}(::wardian_rt::GuestPtr::new(0)).address() == {at});"
        );
    }
    out.push_str("    };\n\n");
}

/// A type of which there are no values, but pointers.
fn left_out(out: &mut String, name: &str, reason: &str) {
    let _ = writeln!(
        out,
        "    /// Left out: {reason}.\n    #[derive(Clone, Copy, Debug, PartialEq)]\n    \
             pub enum {name} {{}}\n"
    );
}

fn alias(out: &mut String, reader: &Reader<'_>, it: &syn::ItemType) {
    let name = it.ident.to_string();
    // Rust has these.
    if number(&name).is_some() {
        return;
    }
    match reader.target(&it.ty) {
        Ok(text) => drop(writeln!(out, "    pub type {name} = {text};\n")),
        Err(reason) => left_out(out, &name, &reason),
    }
}

/// Those that are numbers.
fn constant(out: &mut String, reader: &Reader<'_>, it: &syn::ItemConst) {
    let (Ok(value), Some(text)) = (reader.value(&it.ty), literal(&it.expr)) else { return };
    if it.ident != "_" {
        let _ = writeln!(out, "    pub const {}: {} = {text};\n", it.ident, value.text);
    }
}

fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Unary(it) if matches!(it.op, syn::UnOp::Neg(_)) => {
            Some(format!("-{}", literal(&it.expr)?))
        }
        Expr::Lit(it) => match &it.lit {
            Lit::Int(it) => Some(it.base10_digits().to_string()),
            Lit::Float(it) => Some(it.base10_digits().to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// How clang lays out a struct.
#[derive(Default)]
struct Layout {
    size: u32,
    align: u32,
    offsets: Vec<(String, u32)>,
}

/// A type that a guest's memory can be read as.
struct Value {
    text: String,
    size: u32,
    align: u32,
}

impl Value {
    fn number(text: &str, size: u32) -> Value {
        Value { text: text.to_string(), size, align: size }
    }
}

/// What bindgen found, by name.
struct Reader<'a> {
    items: HashMap<String, &'a Item>,
    layouts: HashMap<String, Layout>,
}

/// Or why not.
type Found<T> = Result<T, String>;

impl<'a> Reader<'a> {
    fn new(syntax: &'a syn::File) -> Reader<'a> {
        let mut reader = Reader { items: HashMap::new(), layouts: HashMap::new() };
        for item in &syntax.items {
            match item {
                Item::Struct(it) => drop(reader.items.insert(it.ident.to_string(), item)),
                Item::Union(it) => drop(reader.items.insert(it.ident.to_string(), item)),
                Item::Type(it) => drop(reader.items.insert(it.ident.to_string(), item)),
                Item::Const(it) if it.ident == "_" => reader.tests(&it.expr),
                _ => {}
            }
        }
        reader
    }

    /// `["Offset of field: entry::next"][offset_of!(..) - 4usize];` and the like.
    fn tests(&mut self, block: &Expr) {
        let Expr::Block(block) = block else { return };
        for statement in &block.block.stmts {
            let Stmt::Expr(Expr::Index(test), _) = statement else { continue };
            let Some((words, number)) = test_of(test) else { continue };
            let Some((what, of)) = words.rsplit_once(' ') else { continue };
            let (name, field) = of.split_once("::").unwrap_or((of, ""));
            let layout = self.layouts.entry(name.to_string()).or_default();
            match what {
                "Size of" => layout.size = number,
                "Alignment of" => layout.align = number,
                _ => layout.offsets.push((field.to_string(), number)),
            }
        }
    }

    /// The fields of a struct, if they are where `guest_struct!` puts them.
    fn fields(&self, it: &ItemStruct) -> Found<(Vec<(String, Value)>, &Layout)> {
        let Fields::Named(named) = &it.fields else { return Err("it has no fields".into()) };
        let layout = self.layouts.get(&it.ident.to_string());
        let layout = layout.ok_or("the header does not say what is in it")?;
        let (mut fields, mut end, mut align) = (Vec::new(), 0_u32, 1);
        for field in &named.named {
            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            if name.starts_with("_bitfield") {
                return Err("it has bit-fields".into());
            }
            if is_flexible(&field.ty) {
                // What follows the struct is no part of it.
                continue;
            }
            let value = self.value(&field.ty).map_err(|why| format!("`{name}`: {why}"))?;
            let at = end.next_multiple_of(value.align);
            let known = layout.offsets.iter().find(|(field, _)| *field == name);
            if known.is_none_or(|(_, known)| *known != at) {
                return Err(format!("`{name}` is at an unusual place"));
            }
            (end, align) = (at + value.size, align.max(value.align));
            fields.push((name, value));
        }
        if fields.is_empty() {
            return Err("it has no fields".into());
        }
        if (end.next_multiple_of(align), align) != (layout.size, layout.align) {
            return Err("its size or alignment is unusual".into());
        }
        Ok((fields, layout))
    }

    /// A type of values, such as fields have.
    fn value(&self, ty: &Type) -> Found<Value> {
        match ty {
            Type::Ptr(it) => {
                let text = format!("::wardian_rt::GuestPtr<{}>", self.target(&it.elem)?);
                Ok(Value { text, size: 4, align: 4 })
            }
            Type::Array(it) => {
                let element = self.value(&it.elem)?;
                let count = literal(&it.len).and_then(|it| it.parse::<u32>().ok());
                let count = count.filter(|it| *it > 0).ok_or("an array of unusual length")?;
                let size = element.size.checked_mul(count).ok_or("it is too large")?;
                let text = format!("[{}; {count}]", element.text);
                Ok(Value { text, size, align: element.align })
            }
            Type::Path(it) => self.named(&it.path),
            _ => Err("it is of an unusual type".into()),
        }
    }

    fn named(&self, path: &syn::Path) -> Found<Value> {
        let last = path.segments.last().ok_or("it has no type")?;
        let name = last.ident.to_string();
        if name == "Option" {
            // A function, which for the guest is an element of a table.
            return Ok(Value::number("u32", 4));
        }
        match self.items.get(&name) {
            _ if number(&name).is_some() => number(&name).ok_or_else(String::new),
            Some(Item::Struct(it)) => match self.fields(it) {
                Ok((_, layout)) => Ok(Value { text: name, size: layout.size, align: layout.align }),
                Err(_) => Err(format!("`{name}` is left out")),
            },
            Some(Item::Union(_)) => Err(format!("`{name}` is left out")),
            Some(Item::Type(it)) => Ok(Value { text: name, ..self.value(&it.ty)? }),
            _ => Err(format!("`{name}` has no counterpart")),
        }
    }

    /// What a pointer points to, which need not be a type of values.
    fn target(&self, ty: &Type) -> Found<String> {
        let Type::Path(it) = ty else { return Ok(self.value(ty)?.text) };
        let last = it.path.segments.last().ok_or("it has no type")?;
        let name = last.ident.to_string();
        match self.items.get(&name) {
            _ if name == "c_void" => Ok("u8".to_string()),
            Some(_) if number(&name).is_none() => Ok(name),
            _ => Ok(self.named(&it.path)?.text),
        }
    }
}

/// A number of the guest's, by the name that bindgen has for it.
fn number(name: &str) -> Option<Value> {
    let (text, size) = match name {
        "bool" | "c_char" | "c_uchar" | "u8" | "uint8_t" => ("u8", 1),
        "c_schar" | "i8" | "int8_t" => ("i8", 1),
        "c_ushort" | "u16" | "uint16_t" => ("u16", 2),
        "c_short" | "i16" | "int16_t" => ("i16", 2),
        "c_uint" | "c_ulong" | "usize" | "u32" | "uint32_t" | "size_t" => ("u32", 4),
        "c_int" | "c_long" | "isize" | "i32" | "int32_t" => ("i32", 4),
        "c_ulonglong" | "u64" | "uint64_t" => ("u64", 8),
        "c_longlong" | "i64" | "int64_t" => ("i64", 8),
        "f32" | "c_float" => ("f32", 4),
        "f64" | "c_double" => ("f64", 8),
        _ => return None,
    };
    Some(Value::number(text, size))
}

/// `items[]`, the last member of a struct.
fn is_flexible(ty: &Type) -> bool {
    let Type::Path(it) = ty else { return false };
    it.path.segments.last().is_some_and(|it| {
        let generic = matches!(&it.arguments, PathArguments::AngleBracketed(list)
            if matches!(list.args.first(), Some(GenericArgument::Type(_))));
        it.ident == "__IncompleteArrayField" && generic
    })
}

/// The words of a test, and the number that it expects.
fn test_of(test: &syn::ExprIndex) -> Option<(String, u32)> {
    let Expr::Array(words) = &*test.expr else { return None };
    let Some(Expr::Lit(words)) = words.elems.first() else { return None };
    let (Lit::Str(words), Expr::Binary(difference)) = (&words.lit, &*test.index) else {
        return None;
    };
    Some((words.value(), literal(&difference.right)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::file;

    /// What is printed for what bindgen says.
    fn printed(rust: &str) -> String {
        file(&syn::parse_file(rust).expect("it is Rust"), "a.h")
    }

    /// A struct, with tests as bindgen writes them.
    fn structure(name: &str, fields: &str, size: u32, align: u32, offsets: &[u32]) -> String {
        let mut tests = format!(
            "[\"Size of {name}\"][size_of::<{name}>() - {size}usize];\n\
             [\"Alignment of {name}\"][align_of::<{name}>() - {align}usize];\n"
        );
        for (field, at) in fields.split(", ").zip(offsets) {
            let field = field.split(':').next().unwrap_or_default();
            tests += &format!(
                "[\"Offset of field: {name}::{field}\"][offset_of!({name}, {field}) - {at}usize];\n"
            );
        }
        let fields = fields.replace(", ", ",\npub ");
        format!("pub struct {name} {{ pub {fields} }}\nconst _: () = {{ {tests} }};\n")
    }

    #[test]
    fn fields_have_the_guests_types() {
        let fields = "a: ::std::os::raw::c_long, b: *mut *const ::std::os::raw::c_char, \
                      c: [u16; 3usize], d: ::std::option::Option<unsafe extern \"C\" fn()>";
        let text = printed(&structure("entry", fields, 20, 4, &[0, 4, 8, 16]));
        for line in [
            "pub a: i32,",
            "pub b: ::wardian_rt::GuestPtr<::wardian_rt::GuestPtr<u8>>,",
            "pub c: [u16; 3],",
            "pub d: u32,",
            "assert!(<entry as ::wardian_rt::Value>::SIZE == 20);",
            "assert!(entry::d(::wardian_rt::GuestPtr::new(0)).address() == 16);",
        ] {
            assert!(text.contains(line), "no `{line}` in {text}");
        }
    }

    #[test]
    fn what_has_no_counterpart_is_left_out() {
        let packed = structure("packed", "a: u8, b: u32", 5, 1, &[0, 1]);
        let aligned = structure("aligned", "a: u32", 16, 16, &[0]);
        let large = structure("large", "a: u128", 16, 16, &[0]);
        let bits = structure("bits", "_bitfield_1: __BindgenBitfieldUnit<[u8; 1usize]>", 4, 4, &[]);
        let holder = structure("holder", "it: packed", 5, 1, &[0]);
        let pointer = structure("pointer", "it: *mut packed", 4, 4, &[0]);
        let all = [packed, aligned, large, bits, holder, pointer].concat();
        let text = printed(&(all + "pub struct opaque { _unused: [u8; 0] }\npub union either {}"));
        for line in [
            "`b` is at an unusual place.",
            "its size or alignment is unusual.",
            "`a`: `u128` has no counterpart.",
            "it has bit-fields.",
            "`it`: `packed` is left out.",
            "the header does not say what is in it.",
            "it is a union.",
            "pub it: ::wardian_rt::GuestPtr<packed>,",
        ] {
            assert!(text.contains(line), "no `{line}` in {text}");
        }
    }

    #[test]
    fn enums_are_numbers_with_constants() {
        let text = printed(
            "pub const RED: color = 7; pub const MINUS: sign = -1; pub const TEXT: &[u8; 1] = b\"\";
             pub type color = ::std::os::raw::c_uint; pub type sign = ::std::os::raw::c_int;",
        );
        for line in [
            "pub const RED: color = 7;",
            "pub const MINUS: sign = -1;",
            "pub type color = u32;",
            "pub type sign = i32;",
        ] {
            assert!(text.contains(line), "no `{line}` in {text}");
        }
        assert!(!text.contains("TEXT"), "{text}");
    }

    #[test]
    fn arrays_at_the_end_are_no_part_of_a_struct() {
        let fields = "count: u32, items: __IncompleteArrayField<u16>";
        let text = printed(&structure("tail", fields, 4, 4, &[0, 4]));
        assert!(text.contains("pub count: u32,") && !text.contains("pub items"), "{text}");
        let fields = "count: u8, items: __IncompleteArrayField<f64>";
        let text = printed(&structure("tail", fields, 8, 8, &[0, 8]));
        assert!(text.contains("pub enum tail {}"), "{text}");
    }
}
