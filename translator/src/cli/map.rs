//! `wardian translate --emit=map`: the map of calls as JSON. docs/stack.md describes it.

use serde_json::{Value, json};
use wardian::map::{Function, Map};

/// Goes up when something that is there changes its meaning.
const SCHEMA: u32 = 1;

/// The text of the map.
pub(crate) fn text(map: &Map) -> String {
    let functions: Vec<Value> = map.functions.iter().map(function).collect();
    let all = json!({
        "schema": SCHEMA,
        "module": map.name,
        "types": types(map),
        "open_tables": map.open_tables,
        "functions": functions,
    });
    serde_json::to_string_pretty(&all).expect("plain data") + "\n"
}

fn function(it: &Function) -> Value {
    let mut all = json!({
        "index": it.index,
        "name": it.name,
        "type": it.ty,
        "exports": it.exports,
        "indirect": it.indirect,
    });
    if let Some([module, name]) = &it.import {
        all["import"] = json!({"module": module, "name": name});
        return all;
    }
    all["symbol"] = json!(it.symbol);
    all["calls"] = json!(it.body.calls);
    all["indirect_calls"] = json!(it.body.indirect_calls);
    all["runtime"] = json!(it.body.runtime);
    all["loops"] = json!(it.body.loops);
    all["locals"] = json!(it.body.locals);
    all
}

/// The types, each with the functions that a call of it through a table may reach.
fn types(map: &Map) -> Vec<Value> {
    let mut indirect = vec![Vec::new(); map.types.len()];
    for function in map.functions.iter().filter(|it| it.indirect) {
        indirect[function.ty as usize].push(function.index);
    }
    let types = map.types.iter().zip(indirect);
    types.map(|(ty, indirect)| json!({"type": ty, "indirect": indirect})).collect()
}
