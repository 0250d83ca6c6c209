//! Arguments, environment, time, sleep, hashing with random keys, standard
//! streams and the exit code, by the Rust standard library.

use std::collections::HashMap;
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::time::{Duration, Instant, SystemTime};
use std::{env, process, thread};

fn main() {
    for (i, argument) in env::args().enumerate().skip(1) {
        println!("argument {i}: {argument:?}");
    }
    println!("{:?} {}", env::var("GREETING"), env::var_os("HOME").is_none());

    let start = Instant::now();
    thread::sleep(Duration::from_millis(30));
    let slept = start.elapsed();
    println!("{}", slept >= Duration::from_millis(30) && slept < Duration::from_secs(5));
    println!("{}", SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() > 1_600_000_000);

    let words: HashMap<_, _> = ["one", "two", "three"].iter().map(|w| (*w, w.len())).collect();
    let mut sorted: Vec<_> = words.into_iter().collect();
    sorted.sort();
    println!("{sorted:?}");

    let mut first = String::new();
    println!("{}", io::stdin().lock().read_line(&mut first).unwrap());
    let mut rest = Vec::new();
    println!("{} {first:?}", io::stdin().lock().read_to_end(&mut rest).unwrap());
    println!("{}", String::from_utf8_lossy(&rest).to_uppercase());

    eprintln!("this is an error");
    println!("{}", io::stdout().is_terminal());
    let mut out = io::stdout().lock();
    for i in 0..20_000 {
        writeln!(out, "{i:08}").unwrap();
    }
    out.flush().unwrap();
    process::exit(41);
}
