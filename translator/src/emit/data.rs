//! Data segments as string literals.
//!
//! Active segments at constant addresses become one string and a table that says
//! which part of it goes where: a hundred thousand of them are one loop.

use super::out::{Escaped, Out, line, put};
use super::{Emit, at};
use crate::ir::*;

/// Bytes of data on a line of C.
const LINE: usize = 64;

/// Bytes of data that are printed at once, if so many follow each other.
const PART: usize = 256 * LINE;

/// What is printed at once, so that nobody needs memory for all of it.
pub(super) enum Part<'m> {
    /// What stands before or after a string, or both.
    Text(String),
    /// Lines of the string.
    Bytes(&'m [u8]),
}

impl Part<'_> {
    /// Bytes of C, about.
    pub(super) fn size(&self) -> usize {
        match self {
            Part::Text(text) => text.len(),
            Part::Bytes(bytes) => 2 * bytes.len(),
        }
    }

    pub(super) fn print(&self, out: &mut Out) {
        match self {
            Part::Text(text) => put!(out, text),
            Part::Bytes(bytes) => {
                for chunk in bytes.chunks(LINE) {
                    put!(out, "\n  \"", Escaped(chunk), "\"");
                }
            }
        }
    }
}

/// The data that functions and the initialisation refer to.
pub(super) fn parts<'m>(emit: &Emit<'m>) -> Vec<Part<'m>> {
    let prefix = &emit.names.prefix;
    let mut parts = Vec::new();
    for (i, data) in emit.module.data.iter().enumerate() {
        if emit.module.uses.data[i] || constant_address(data).is_none() && is_active(data) {
            let mut out = Out::default();
            put!(out, emit.linkage(), "const char ", prefix, "_data", i, "[] =");
            string(&mut parts, out, std::iter::once(data.bytes));
        }
    }
    for (number, group) in groups(emit.module).iter().enumerate() {
        if let Group::Constant(segments) = group {
            constant_group(emit, &mut parts, number, segments);
        }
    }
    parts
}

/// Active segments that follow each other, as the initialisation handles them.
pub(super) enum Group<'m> {
    /// At constant addresses.
    Constant(Vec<(u32, &'m Data<'m>)>),
    /// At an address that is only known then: the segment's number.
    Computed(u32, &'m Data<'m>),
}

fn is_active(data: &Data<'_>) -> bool {
    matches!(data.mode, Mode::Active { .. })
}

fn constant_address(data: &Data<'_>) -> Option<u32> {
    match &data.mode {
        Mode::Active { offset, .. } => match offset[..] {
            [ConstOp::I32(address)] => Some(address),
            _ => None,
        },
        _ => None,
    }
}

/// The active segments in order.
pub(super) fn groups<'m>(module: &'m Module<'_>) -> Vec<Group<'m>> {
    let mut groups: Vec<Group<'m>> = Vec::new();
    for (i, data) in module.data.iter().enumerate() {
        if !is_active(data) {
            continue;
        }
        match (constant_address(data), groups.last_mut()) {
            (Some(address), Some(Group::Constant(segments))) => segments.push((address, data)),
            (Some(address), _) => groups.push(Group::Constant(vec![(address, data)])),
            (None, _) => groups.push(Group::Computed(i as u32, data)),
        }
    }
    groups
}

fn constant_group<'m>(
    emit: &Emit<'_>,
    parts: &mut Vec<Part<'m>>,
    number: usize,
    segments: &[(u32, &Data<'m>)],
) {
    let prefix = &emit.names.prefix;
    let mut out = Out::default();
    put!(out, "static const char ", prefix, "_segments", number, "_bytes[] =");
    string(parts, out, segments.iter().map(|(_, data)| data.bytes));
    if emit.is_one() && !super::one::has_loop(segments) {
        return;
    }
    let mut out = Out::default();
    line!(out, "/* to, size, offset in the .wasm */");
    line!(out, "static const u32 ", prefix, "_segments", number, "[][3] = {");
    for (address, size, offset) in merged(segments) {
        line!(out, "  {", address, "u, ", size, "u, ", at(offset), "},");
    }
    line!(out, "};\n");
    parts.push(Part::Text(out.finish()));
}

/// Joins segments that follow each other in memory too.
pub(super) fn merged(segments: &[(u32, &Data<'_>)]) -> Vec<(u32, u32, u32)> {
    let mut merged: Vec<(u32, u32, u32)> = Vec::new();
    for (address, data) in segments {
        let size = data.bytes.len() as u32;
        match merged.last_mut() {
            Some((to, sum, _)) if to.checked_add(*sum) == Some(*address) && size > 0 => {
                *sum += size
            }
            _ => merged.push((*address, size, data.at)),
        }
    }
    merged
}

/// Prints the loop that copies a group.
pub(super) fn copy_group(emit: &Emit<'_>, out: &mut Out, number: usize, memory: &str) {
    let prefix = &emit.names.prefix;
    let name = [prefix, "_segments", &number.to_string()].concat();
    line!(out, "for (i = 0, from = 0; i < sizeof ", name, " / sizeof ", name, "[0]; i++) {");
    line!(out, "  const u32 *const segment = ", name, "[i];");
    line!(
        out,
        "  memory_init(self, ",
        memory,
        ", ",
        name,
        "_bytes + from, segment[1], segment[0], 0,"
    );
    line!(out, "              segment[1], segment[2]);");
    line!(out, "  from += segment[1];");
    line!(out, "}");
}

/// Bytes as adjacent string literals, after what is in `out`, and a semicolon.
fn string<'m>(parts: &mut Vec<Part<'m>>, out: Out, bytes: impl Iterator<Item = &'m [u8]>) {
    parts.push(Part::Text(out.finish()));
    let before = parts.len();
    parts.extend(bytes.flat_map(|it| it.chunks(PART)).map(Part::Bytes));
    let any = parts.len() > before;
    parts.push(Part::Text(if any { ";\n\n" } else { " \"\";\n\n" }.to_string()));
}
