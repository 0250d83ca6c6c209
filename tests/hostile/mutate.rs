//! Forty thousand broken modules: valid ones with bits flipped, bytes and sections
//! taken away, added and exchanged. Most are invalid, and must be refused; those
//! that are not must translate, and a sample of the C must compile.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use arbitrary::Unstructured;
use libtest_mimic::{Completion, Failed, Trial};
use wardian::{Error, Options};
use wardian_tests::random::Random;
use wardian_tests::{c, tools};

use crate::measure::{Turn, turn};
use crate::variants;

const ROUNDS: usize = 40_000;
/// Trials that share the rounds, each with seeds of its own.
const PARTS: usize = 4;
/// For one module of a few kilobytes.
const TIME: Duration = Duration::from_millis(500);
/// Bytes that any module may take.
const BASE: usize = 8 << 20;
/// Every so many of the modules that stay valid are compiled.
const SAMPLE: usize = 80;

pub(crate) fn trials() -> Vec<Trial> {
    let part =
        |number| Trial::ignorable_test(format!("mutations::{number}"), move || run(number as u64));
    (0..PARTS).map(part).collect()
}

fn run(number: u64) -> Result<Completion, Failed> {
    let turn = turn();
    let seeds = seeds(number)?;
    let mut random = Random(number << 32);
    let mut tally = Tally::default();
    let variants = variants();
    for round in 0..ROUNDS / PARTS {
        let wasm = mutated(&seeds, &mut random);
        tally
            .check(&turn, &wasm, &variants, round)
            .map_err(|error| format!("round {round}: {error}\n{}", dump(&wasm)))?;
    }
    // Mutations that never leave a module valid, or never break it, test nothing.
    let (valid, refused) = (tally.valid, tally.refused);
    if valid < 200 || refused < 200 {
        return Err(format!("{valid} modules stayed valid, {refused} were refused").into());
    }
    if tools::find("gcc").is_none() {
        return tools::skip("gcc");
    }
    drop(turn);
    tally.compile()?;
    Ok(Completion::Completed)
}

/// A module that failed, to try again: as text that a shell can make bytes of.
fn dump(wasm: &[u8]) -> String {
    let hex: String = wasm.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("xxd -r -p <<< {hex}")
}

/// What the parser knows too, and this translator does not.
const COMPONENT: &str = r#"(component
    (core module $m (func (export "f") (result i32) i32.const 1))
    (core instance $i (instantiate $m))
    (func (export "f") (result u32) (canon lift (core func $i "f"))))"#;

/// Valid modules: those of the folder, and some made up.
fn seeds(number: u64) -> Result<Vec<Vec<u8>>, Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile/wat");
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(|file| file.path());
    let mut seeds = Vec::new();
    for file in files {
        seeds.push(wat::parse_file(file.path())?);
    }
    seeds.push(wat::parse_str(COMPONENT)?);
    let mut random = Random(number);
    while seeds.len() < 40 {
        let entropy: Vec<u8> = (0..512).flat_map(|_| random.bits().to_le_bytes()).collect();
        let config = wasm_smith::Config {
            max_instructions: 60,
            max_funcs: 8,
            max_types: 8,
            max_data_segments: 4,
            max_element_segments: 4,
            generate_custom_sections: true,
            // Half of the made up ones are supported and half use any proposal.
            simd_enabled: seeds.len() % 2 == 0,
            gc_enabled: seeds.len() % 2 == 0,
            exceptions_enabled: seeds.len() % 2 == 0,
            threads_enabled: seeds.len() % 2 == 0,
            tail_call_enabled: seeds.len() % 2 == 0,
            memory64_enabled: seeds.len() % 2 == 0,
            wide_arithmetic_enabled: seeds.len() % 2 == 0,
            ..wasm_smith::Config::default()
        };
        let module = wasm_smith::Module::new(config, &mut Unstructured::new(&entropy))
            .map_err(|error| error.to_string())?;
        seeds.push(module.to_bytes());
    }
    Ok(seeds)
}

/// What happened to the modules so far.
#[derive(Default)]
struct Tally {
    valid: usize,
    refused: usize,
    sample: Vec<wardian::Files>,
}

impl Tally {
    fn check(
        &mut self,
        turn: &Turn,
        wasm: &[u8],
        variants: &[(String, Options)],
        round: usize,
    ) -> Result<(), String> {
        inspect(wasm)?;
        for (i, (name, options)) in variants.iter().enumerate() {
            let options = Options { name: format!("m{round}_{i}"), ..options.clone() };
            let files =
                attempt(turn, wasm, &options).map_err(|error| format!("{name}: {error}"))?;
            match files {
                // Options make no difference to what is valid.
                Err(_) if i == 0 => {
                    self.refused += 1;
                    return Ok(());
                }
                Err(error) => return Err(format!("{name}: {error}, after it was accepted")),
                Ok(files) => {
                    if self.valid % SAMPLE == i {
                        again(wasm, &options, &files)
                            .map_err(|error| format!("{name}: {error}"))?;
                        self.sample.push(files);
                    }
                }
            }
        }
        self.valid += 1;
        Ok(())
    }

    /// Compiles the sample in one go: every symbol has its module's name.
    fn compile(&self) -> Result<(), String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut text = String::new();
        for files in &self.sample {
            for source in c::write(folder.path(), files).map_err(|error| error.to_string())? {
                text.push_str(&format!("#include \"{}\"\n", source.display()));
            }
        }
        let source = folder.path().join("sample.c");
        fs::write(&source, text).map_err(|error| error.to_string())?;
        let mut cc = c::cc("gcc -std=c99 -Wall -Wextra -pedantic -Werror -fsyntax-only");
        c::compile(cc.arg(source), Duration::from_secs(60))
    }
}

/// What else reads modules must not panic either.
fn inspect(wasm: &[u8]) -> Result<(), String> {
    let work = || {
        let _ = wardian::inspect::inspect(wasm);
        let _ = wardian::inspect::imports(wasm);
    };
    catch_unwind(work).map_err(|_| "inspecting it panics".to_string())
}

/// The output is the same every time, and in pieces; its other form exists too.
fn again(wasm: &[u8], options: &Options, files: &wardian::Files) -> Result<(), String> {
    let translate = |options: &Options| {
        wardian::translate(wasm, options).map_err(|error| format!("{error}, now and then"))
    };
    if translate(options)? != *files {
        return Err("the output differs from one time to the next".to_string());
    }
    let pieces = Options { shard_size: 1000, ..options.clone() };
    if translate(&pieces)? != translate(&pieces)? {
        return Err("the output in pieces differs from one time to the next".to_string());
    }
    wardian::dump_ir(wasm, options).map_err(|error| error.to_string()).map(drop)
}

/// Translates, and judges what that took.
fn attempt(
    turn: &Turn,
    wasm: &[u8],
    options: &Options,
) -> Result<Result<wardian::Files, Error>, String> {
    for last in [false, false, true] {
        let work = || catch_unwind(AssertUnwindSafe(|| wardian::translate(wasm, options)));
        let (result, cost) = turn.measure(work);
        let result = result.map_err(|_| "panics".to_string())?;
        let output: usize = result.iter().flat_map(|files| files.values()).map(String::len).sum();
        let fair = BASE + 500 * wasm.len() + 3 * output;
        if cost.peak > fair && cost.peak > fair + validation(turn, wasm) {
            return Err(format!("takes {} bytes of memory", cost.peak));
        }
        if output > (1 << 20) + 500 * wasm.len() {
            return Err(format!("gives {output} bytes of C"));
        }
        if cost.time < TIME {
            return Ok(result);
        }
        // A machine that is busy may be slow once.
        if last {
            return Err(format!("takes {:?}", cost.time));
        }
    }
    unreachable!("the last attempt decides")
}

/// Bytes that the validator alone takes: it reserves what a count promises.
fn validation(turn: &Turn, wasm: &[u8]) -> usize {
    let features = wasmparser::WasmFeatures::all();
    let mut validator = wasmparser::Validator::new_with_features(features);
    turn.measure(|| validator.validate_all(wasm).is_ok()).1.peak
}

// ---- Mutations --------------------------------------------------------------------

fn mutated(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut wasm = random.pick(seeds).clone();
    for _ in 0..=random.below(3) {
        mutate(&mut wasm, seeds, random);
    }
    wasm
}

fn mutate(wasm: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let len = wasm.len().max(1);
    // Past the header, mostly: a wrong magic number is found at once.
    let at = if random.one_in(50) { random.below(len) } else { 8 + random.below(len) };
    let at = at.min(wasm.len());
    match random.below(12) {
        0 => wasm.truncate(at),
        1..=3 => {
            if let Some(byte) = wasm.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        4 => {
            if let Some(byte) = wasm.get_mut(at) {
                *byte = *random.pick(&[0, 1, 0x40, 0x41, 0x7f, 0x80, 0xfe, 0xff]);
            }
        }
        5 => {
            let end = (at + 1 + random.below(8)).min(wasm.len());
            drop(wasm.drain(at..end));
        }
        6 => {
            let bytes: Vec<u8> = (0..=random.below(6)).map(|_| random.bits() as u8).collect();
            drop(wasm.splice(at..at, bytes));
        }
        7 => {
            let end = (at + 1 + random.below(30)).min(wasm.len());
            let copy = wasm[at..end].to_vec();
            drop(wasm.splice(at..at, copy));
        }
        8 => extreme(wasm, at, random),
        _ => exchange(wasm, seeds, random),
    }
}

/// A number at the edge of what its encoding can hold, or past it.
fn extreme(wasm: &mut Vec<u8>, at: usize, random: &mut Random) {
    const NUMBERS: [&[u8]; 7] = [
        &[0xff, 0xff, 0xff, 0xff, 0x0f],
        &[0xff, 0xff, 0xff, 0xff, 0x7f],
        &[0x80, 0x80, 0x80, 0x80, 0x78],
        &[0xff, 0xff, 0xff, 0xff, 0x07],
        &[0x80, 0x80, 0x80, 0x80, 0x00],
        &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        &[0x80, 0x80, 0x04],
    ];
    let end = (at + random.below(2)).min(wasm.len());
    drop(wasm.splice(at..end, random.pick(&NUMBERS).to_vec()));
}

/// Changes a module section by section: sizes stay right, contents do not.
fn exchange(wasm: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let mut own = sections(wasm);
    let donor: &Vec<u8> = random.pick(seeds);
    let other = sections(donor);
    if own.is_empty() || other.is_empty() {
        return;
    }
    let (i, j) = (random.below(own.len()), random.below(own.len()));
    match random.below(5) {
        0 => own.swap(i, j),
        1 => drop(own.remove(i)),
        2 => own.insert(i, own[j].clone()),
        3 => {
            // The other module's section of the same kind.
            if let Some(theirs) = other.iter().find(|it| it[0] == own[i][0]) {
                own[i] = theirs.clone();
            }
        }
        _ => {
            // A byte inside, with the section's size kept right.
            let place = own[i].len() - 1;
            own[i][place] ^= 1 << random.below(8);
        }
    }
    wasm.truncate(8);
    own.iter().for_each(|section| wasm.extend(section));
}

/// The sections, ids and sizes included, as far as they can be told apart.
fn sections(wasm: &[u8]) -> Vec<Vec<u8>> {
    let mut sections = Vec::new();
    let mut at = 8;
    while at < wasm.len() {
        let (mut size, mut shift, mut body) = (0usize, 0, at + 1);
        while let Some(byte) = wasm.get(body) {
            size |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            body += 1;
            if byte & 0x80 == 0 || shift > 28 {
                break;
            }
        }
        let end = body.saturating_add(size).min(wasm.len());
        sections.push(wasm[at..end].to_vec());
        at = end;
    }
    sections
}
