//! Refuses what the user does not want in a module, where it is first used.

use crate::access::Access;
use crate::error::{Error, Place};
use crate::ir::{FuncDecl, Item, Module, Type};
use crate::ops::Op;
use crate::options::Refuse;
use wasmparser::{BinaryReader, FunctionBody, Operator};

/// Looks for what is refused.
pub(super) fn refuse(module: &Module<'_>, refuse: Refuse) -> Result<(), Error> {
    if !(refuse.grow || refuse.float || refuse.indirect) {
        return Ok(());
    }
    if refuse.float {
        types(module)?;
    }
    for index in module.imported_funcs()..module.funcs.len() {
        body(module, index as u32, refuse)?;
    }
    Ok(())
}

fn is_float(ty: Type) -> bool {
    matches!(ty, Type::F32 | Type::F64)
}

/// Of imported functions and of globals: those of others show in their bodies.
fn types(module: &Module<'_>) -> Result<(), Error> {
    let place = |offset, function| Place { offset, function };
    for (index, global) in module.globals.iter().enumerate() {
        if is_float(global.ty) {
            let what = format!("global {index} is a floating-point number");
            return Err(refused(what, place(global.at as usize, None), FLOAT));
        }
    }
    let has_floats = |func: &FuncDecl| {
        let ty = &module.types[func.ty as usize];
        ty.params.iter().chain(&ty.results).any(|ty| is_float(*ty))
    };
    for import in &module.imports {
        let Item::Func(func) = import.item else { continue };
        if has_floats(&module.funcs[func as usize]) {
            let (from, name) = (import.module.escape_debug(), import.name.escape_debug());
            let what = format!("the type of `{name}` of `{from}` has floating-point numbers");
            return Err(refused(what, place(import.at as usize, None), FLOAT));
        }
    }
    for (index, func) in module.funcs.iter().enumerate() {
        if has_floats(func) {
            let function = Some((index as u32, func.name.clone()));
            let what = "the function's type has floating-point numbers".to_string();
            return Err(refused(what, place(func.body.start, function), FLOAT));
        }
    }
    Ok(())
}

const FLOAT: &str = "`--no-float`";
const GROW: &str = "`--no-grow`";
const INDIRECT: &str = "`--no-indirect`";

fn body(module: &Module<'_>, index: u32, refuse: Refuse) -> Result<(), Error> {
    let decl = &module.funcs[index as usize];
    let reader = BinaryReader::new(&module.wasm[decl.body.clone()], decl.body.start as u64);
    let body = FunctionBody::new(reader);
    let at = |offset: usize| Place { offset, function: Some((index, decl.name.clone())) };
    for local in body.get_locals_reader().expect("validated") {
        let (_, ty) = local.expect("validated");
        let ty = super::features::value_type(ty).expect("supported");
        if refuse.float && is_float(ty) {
            let what = "a local variable is a floating-point number".to_string();
            return Err(refused(what, at(decl.body.start), FLOAT));
        }
    }
    for item in body.get_operators_reader().expect("validated").into_iter_with_offsets() {
        let (operator, offset) = item.expect("validated");
        let option = match &operator {
            Operator::MemoryGrow { .. } if refuse.grow => GROW,
            Operator::CallIndirect { .. } if refuse.indirect => INDIRECT,
            other if refuse.float && computes_floats(other) => FLOAT,
            _ => continue,
        };
        let (_, name) = super::features::proposal(&operator);
        let what = format!("uses `{}`", super::features::instruction(name));
        return Err(refused(what, at(offset as usize), option));
    }
    Ok(())
}

fn computes_floats(operator: &Operator<'_>) -> bool {
    if let Some(op) = Op::from_wasm(operator) {
        let info = op.info();
        return is_float(info.result) || info.params.iter().any(|ty| is_float(*ty));
    }
    let access = Access::load(operator).or_else(|| Access::store(operator));
    match operator {
        Operator::F32Const { .. } | Operator::F64Const { .. } => true,
        _ => access.is_some_and(|(access, _)| is_float(access.ty())),
    }
}

fn refused(what: String, place: Place, option: &str) -> Error {
    Error::Refused {
        message: format!("refused by {option}: {what}"),
        place,
        help: format!("without {option} the module can be translated"),
    }
}
