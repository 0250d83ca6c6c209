//! Reads texts below a directory, counts what the rules in `rules.json` match, and
//! writes a report beside them: files, collections, formatting, hashing, sorting,
//! regular expressions, JSON, panics and exit codes, as programs in Rust use them.

use regex::Regex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};
use std::{env, process};

#[derive(Deserialize)]
struct Rule {
    name: String,
    pattern: String,
    #[serde(default)]
    weight: Option<f64>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Text {
    file: String,
    bytes: u64,
    lines: usize,
    words: usize,
    longest: String,
    common: Vec<(String, usize)>,
    matches: BTreeMap<String, usize>,
    score: f64,
    checksum: String,
}

fn main() {
    let started = Instant::now();
    let mut arguments = env::args_os().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("usage: report FOLDER");
        process::exit(2);
    };
    match run(&folder) {
        Ok(texts) => println!("{texts} texts, {} of them large", large(&folder)),
        Err(error) => {
            // Systems number their errors differently.
            println!("error: {}", error.to_string().split(" (os error").next().unwrap_or(""));
            process::exit(3);
        }
    }
    assert!(started.elapsed().as_secs() < 600, "time stands still or flies");
    assert!(SystemTime::now() > SystemTime::UNIX_EPOCH);
    println!("{}", numbers());
    if env::var("REPORT_END").is_ok_and(|end| end == "panic") {
        let empty: Vec<u32> = Vec::new();
        println!("{}", empty[arguments.count()]);
    }
}

fn run(folder: &Path) -> Result<usize, Box<dyn Error>> {
    let rules: Vec<Rule> = serde_json::from_reader(File::open(folder.join("rules.json"))?)?;
    let rules = rules
        .into_iter()
        .map(|rule| Ok((Regex::new(&rule.pattern)?, rule)))
        .collect::<Result<Vec<_>, regex::Error>>()?;
    let mut queue = VecDeque::from([folder.to_path_buf()]);
    let mut texts = Vec::new();
    while let Some(next) = queue.pop_front() {
        let mut entries = fs::read_dir(&next)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(|entry| entry.file_name());
        for entry in entries {
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                queue.push_back(path);
            } else if path.extension().is_some_and(|it| it == "txt") {
                texts.push(read(folder, &path, &rules)?);
            }
        }
    }
    texts.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.file.cmp(&b.file)));
    write(folder, &texts)?;
    for text in &texts {
        println!("{text:?}");
    }
    Ok(texts.len())
}

fn read(folder: &Path, path: &Path, rules: &[(Regex, Rule)]) -> Result<Text, Box<dyn Error>> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut matches = BTreeMap::new();
    let (mut lines, mut words, mut longest, mut score) = (0, 0, String::new(), 0.0);
    let mut file = File::open(path)?;
    for line in BufReader::new(&file).lines() {
        let line = line?;
        lines += 1;
        for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            words += 1;
            if word.chars().count() > longest.chars().count() {
                longest = word.to_string();
            }
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
        for (regex, rule) in rules {
            let found = regex.find_iter(&line).count();
            *matches.entry(rule.name.clone()).or_insert(0) += found;
            score += found as f64 * rule.weight.unwrap_or(1.0).sqrt();
        }
    }
    let mut common: Vec<(String, usize)> = counts.into_iter().collect();
    common.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    common.truncate(5);
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let mut hasher = DefaultHasher::new(); // SipHash with fixed keys
    hasher.write(&bytes);
    Ok(Text {
        file: path.strip_prefix(folder)?.display().to_string(),
        bytes: file.metadata()?.len(),
        lines,
        words,
        longest,
        common,
        matches,
        score,
        checksum: format!("{:016x}", hasher.finish()),
    })
}

/// Writes the report, appends to it, renames it and reads it again.
fn write(folder: &Path, texts: &[Text]) -> Result<(), Box<dyn Error>> {
    let (first, last) = (folder.join("report.new"), folder.join("report.json"));
    fs::write(&first, serde_json::to_string_pretty(texts)?)?;
    writeln!(OpenOptions::new().append(true).open(&first)?)?;
    fs::rename(&first, &last)?;
    let again: Vec<Text> = serde_json::from_str(&fs::read_to_string(&last)?)?;
    if again != texts {
        return Err("the report was not read as it was written".into());
    }
    fs::create_dir(folder.join("empty"))?;
    fs::remove_dir(folder.join("empty"))?;
    match File::open(folder.join("missing")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => Err(format!("a missing file: {other:?}").into()),
    }
}

fn large(folder: &Path) -> usize {
    let sizes = fs::read_dir(folder).into_iter().flatten().flatten();
    sizes.filter(|entry| entry.metadata().is_ok_and(|it| it.len() > 50_000)).count()
}

/// Arithmetic of all sizes, and its text.
fn numbers() -> String {
    let factorial = (1..=34).product::<u128>();
    let mut primes: HashSet<u32> = (2..2000).collect();
    for n in 2..45 {
        primes.retain(|prime| prime % n != 0 || *prime == n);
    }
    let harmonic: f64 = (1..=100_000).map(|n| 1.0 / f64::from(n)).sum();
    let roots: f32 = (0..1000).map(|n| (n as f32 * 0.01).sqrt().mul_add(1.5, -0.25)).sum();
    let wrapped = i64::MIN.wrapping_sub(1).rotate_left(13).leading_zeros();
    let parsed: Result<i8, _> = "-129".parse::<i8>();
    format!(
        "{factorial} {} {harmonic:?} {roots:?} {wrapped} {parsed:?} {:e} {:?}",
        primes.iter().sum::<u32>(),
        f64::MIN_POSITIVE,
        "0.1e-3".parse::<f64>().map(|it| it * it * it)
    )
}
