//! What a program in Rust does with its system and with its own library.

use std::collections::BTreeMap;
use std::{env, fs, process};

fn main() {
    let args: Vec<String> = env::args().collect();
    println!("arguments: {args:?}, BOARD: {:?}", env::var("BOARD"));
    println!("motd: {:?}", fs::read_to_string("/motd"));
    println!("none: {:?}", fs::read("/none").map_err(|error| error.kind()));
    println!("writing: {:?}", fs::write("/motd", "x").map_err(|error| error.kind()));
    let mut names: Vec<_> = fs::read_dir("/data")
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    println!("data: {names:?}");
    let mut counts = BTreeMap::new();
    for word in "the fox and the dog and the cat".split(' ') {
        *counts.entry(word).or_insert(0) += 1;
    }
    println!("words: {counts:?}");
    let sum: u64 = (1..=100_000u64).filter(|n| n % 7 == 0).sum();
    println!("sum: {sum}, root: {:.6}", (sum as f64).sqrt());
    process::exit(9);
}
