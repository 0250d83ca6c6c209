//! Which features are translated, and which name the others go by.

use crate::ir::Type;
use wasmparser::{
    AbstractHeapType, CompositeInnerType, GlobalType, HeapType, MemArg, MemArgTarget, MemoryType,
    Operator, RefType, SubType, TableType, ValType, WasmFeatures,
};

/// What is translated, as far as the validator tells features apart.
pub(crate) fn supported() -> WasmFeatures {
    WasmFeatures::WASM2
        .difference(WasmFeatures::SIMD)
        .union(WasmFeatures::EXTENDED_CONST)
        .union(WasmFeatures::CUSTOM_PAGE_SIZES)
}

/// Everything the validator knows.
pub(crate) fn known() -> WasmFeatures {
    WasmFeatures::all()
}

/// A feature and what needs it.
pub(crate) type Missing = (&'static str, String);

macro_rules! proposals {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// The proposal that brought an instruction, and the instruction's name.
        pub(super) fn proposal(operator: &Operator<'_>) -> (&'static str, &'static str) {
            match operator {
                $(Operator::$op { .. } => (stringify!($proposal), stringify!($visit)),)*
                _ => ("unknown", "visit_unknown"),
            }
        }
    };
}
wasmparser::for_each_operator!(proposals);

/// The feature that an instruction needs and that is not translated, if any.
pub(crate) fn operator(operator: &Operator<'_>) -> Option<Missing> {
    let (proposal, name) = proposal(operator);
    let missing = match proposal {
        "mvp"
        | "sign_extension"
        | "saturating_float_to_int"
        | "bulk_memory"
        | "reference_types" => return operand(operator),
        "legacy_exceptions" => "legacy-exceptions",
        "tail_call" => "tail-call",
        "relaxed_simd" => "relaxed-simd",
        "function_references" => "function-references",
        "shared_everything_threads" => "shared-everything-threads",
        "stack_switching" => "stack-switching",
        "wide_arithmetic" => "wide-arithmetic",
        "memory_control" => "memory-control",
        "custom_descriptors" => "custom-descriptors",
        other => other,
    };
    Some((missing, instruction(name)))
}

/// `visit_i32_load8_s` as the text format writes it: what stands before the
/// first underscore is a namespace if it is one of these.
pub(super) fn instruction(visit: &str) -> String {
    let name = visit.trim_start_matches("visit_");
    let spaces = [
        "i32", "i64", "f32", "f64", "v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2",
        "memory", "table", "global", "local", "ref", "struct", "array", "i31", "data", "elem",
        "any", "extern", "atomic", "cont",
    ];
    match name.split_once('_') {
        Some((space, rest)) if spaces.contains(&space) => [space, ".", rest].concat(),
        _ => name.to_string(),
    }
}

/// The same for an instruction that is translated, but not with every operand.
fn operand(operator: &Operator<'_>) -> Option<Missing> {
    match operator {
        Operator::RefNull { hty } => RefType::new(true, *hty).and_then(reference),
        Operator::TypedSelect { ty } => value(*ty),
        Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
            match blockty {
                wasmparser::BlockType::Type(ty) => value(*ty),
                _ => None,
            }
        }
        Operator::MemorySize { mem }
        | Operator::MemoryGrow { mem }
        | Operator::MemoryFill { mem } => memory_index(*mem),
        Operator::MemoryInit { mem, .. } => memory_index(*mem),
        Operator::MemoryCopy { dst_mem, src_mem } => memory_index(*dst_mem | *src_mem),
        _ => None,
    }
}

fn memory_index(index: u32) -> Option<Missing> {
    (index != 0).then(|| ("multi-memory", format!("memory {index}")))
}

/// The same for the operand of a load or store.
pub(crate) fn memarg(memarg: &MemArg) -> Option<Missing> {
    match memarg.target {
        MemArgTarget::Memory(index) => memory_index(index),
        _ => Some(("gc", "an access of an array".to_string())),
    }
}

/// Our type for one of the validator's.
pub(crate) fn value_type(ty: ValType) -> Option<Type> {
    match ty {
        ValType::I32 => Some(Type::I32),
        ValType::I64 => Some(Type::I64),
        ValType::F32 => Some(Type::F32),
        ValType::F64 => Some(Type::F64),
        ValType::V128 => None,
        ValType::Ref(RefType::FUNCREF) => Some(Type::FuncRef),
        ValType::Ref(RefType::EXTERNREF) => Some(Type::ExternRef),
        ValType::Ref(_) => None,
    }
}

/// The feature that a value type needs and that is not translated, if any.
pub(crate) fn value(ty: ValType) -> Option<Missing> {
    match ty {
        ValType::V128 => Some(("simd", "v128".to_string())),
        ValType::Ref(ty) => reference(ty),
        _ => None,
    }
}

/// The same for a reference type.
pub(crate) fn reference(ty: RefType) -> Option<Missing> {
    if ty == RefType::FUNCREF || ty == RefType::EXTERNREF {
        return None;
    }
    let feature = match ty.heap_type() {
        HeapType::Abstract { shared: true, .. } => "shared-everything-threads",
        HeapType::Abstract { ty: AbstractHeapType::Exn | AbstractHeapType::NoExn, .. } => {
            "exceptions"
        }
        HeapType::Abstract { ty: AbstractHeapType::Func | AbstractHeapType::Extern, .. } => {
            "function-references"
        }
        HeapType::Concrete(_) => "function-references",
        _ => "gc",
    };
    Some((feature, ty.to_string()))
}

/// The same for an entry of the type section.
pub(crate) fn sub_type(ty: &SubType, in_group: bool) -> Option<Missing> {
    let CompositeInnerType::Func(func) = &ty.composite_type.inner else {
        return Some(("gc", "a struct or array type".to_string()));
    };
    if in_group || !ty.is_final || !ty.supertype_idxs.is_empty() {
        return Some(("gc", "a recursive or derived type".to_string()));
    }
    if ty.composite_type.shared {
        return Some(("shared-everything-threads", "a shared type".to_string()));
    }
    func.params().iter().chain(func.results()).copied().find_map(value)
}

/// The same for a memory.
pub(crate) fn memory(ty: &MemoryType) -> Option<Missing> {
    if ty.memory64 {
        Some(("memory64", "a 64-bit memory".to_string()))
    } else if ty.shared {
        Some(("threads", "a shared memory".to_string()))
    } else {
        None
    }
}

/// The same for a table.
pub(crate) fn table(ty: &TableType, initialized: bool) -> Option<Missing> {
    if ty.table64 {
        Some(("memory64", "a 64-bit table".to_string()))
    } else if ty.shared {
        Some(("shared-everything-threads", "a shared table".to_string()))
    } else if initialized {
        Some(("function-references", "a table with an initial value".to_string()))
    } else {
        reference(ty.element_type)
    }
}

/// The same for a global.
pub(crate) fn global(ty: &GlobalType) -> Option<Missing> {
    if ty.shared {
        return Some(("shared-everything-threads", "a shared global".to_string()));
    }
    value(ty.content_type)
}
