//! `wardian translate --emit=map`: the map of calls as JSON. docs/stack.md describes it.

use serde_json::{Value, json};
use wardian::map::{Function, Map};

/// Goes up when something that is there changes its meaning.
const SCHEMA: u32 = 1;

/// The text of the map.
pub(crate) fn text(map: &Map) -> String {
    let functions: Vec<Value> = map.functions.iter().map(|it| function(it, map)).collect();
    let all = json!({
        "schema": SCHEMA,
        "module": map.name,
        "types": map.types,
        "open_tables": map.open_tables,
        "functions": functions,
    });
    serde_json::to_string_pretty(&all).expect("plain data") + "\n"
}

fn function(it: &Function, map: &Map) -> Value {
    let targets = |ty: &u32| {
        let functions = map.functions.iter().filter(|it| it.indirect && it.ty == *ty);
        let functions: Vec<u32> = functions.map(|it| it.index).collect();
        json!({"type": ty, "functions": functions})
    };
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
    let indirect: Vec<Value> = it.body.indirect_calls.iter().map(targets).collect();
    all["indirect_calls"] = json!(indirect);
    all["runtime"] = json!(it.body.runtime);
    all["loops"] = json!(it.body.loops);
    all["locals"] = json!(it.body.locals);
    all
}
