//! The Rust standard library's files and directories, below the working
//! directory. Errors are printed by kind, and entries in order.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, IoSlice, IoSliceMut, Read, Seek, SeekFrom, Write};
use std::path::Path;

fn say<T>(what: &str, result: io::Result<T>) -> Option<T> {
    match result {
        Ok(value) => {
            println!("{what}: ok");
            Some(value)
        }
        Err(error) => {
            println!("{what}: {:?}", error.kind());
            None
        }
    }
}

fn list(path: &str) {
    let Some(entries) = say(path, fs::read_dir(path)) else { return };
    let mut names: Vec<_> = entries
        .map(|entry| {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            format!("{:?} {} {}", entry.file_name(), kind.is_dir(), kind.is_symlink())
        })
        .collect();
    names.sort();
    println!("{names:#?}");
}

fn whole_files() -> io::Result<()> {
    fs::create_dir_all("a/b/c")?;
    fs::write("a/b/text", "first\nsecond\nthird")?;
    println!("{:?}", fs::read_to_string("a/b/text")?);
    println!("{}", fs::copy("a/b/text", "a/copy")?);
    fs::rename("a/copy", "a/b/c/renamed")?;
    println!("{:?}", fs::read("a/b/c/renamed")?.len());
    for line in BufReader::new(File::open("a/b/text")?).lines() {
        println!("line {}", line?);
    }
    let data = fs::metadata("a/b/text")?;
    println!("{} {}", data.len(), data.is_file());
    println!("{}", data.modified()?.elapsed().is_ok_and(|age| age.as_secs() < 3600));
    println!("{} {}", Path::new("a/b").is_dir(), Path::new("a/x").exists());
    Ok(())
}

fn open_files() -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).create_new(true).open("data")?;
    println!("{}", file.write_vectored(&[IoSlice::new(b"0123"), IoSlice::new(b"456789")])?);
    println!("{}", file.seek(SeekFrom::Start(2))?);
    let (mut a, mut b) = ([0; 3], [0; 3]);
    println!("{}", file.read_vectored(&mut [IoSliceMut::new(&mut a), IoSliceMut::new(&mut b)])?);
    println!("{a:?} {b:?} {}", file.stream_position()?);
    println!("{}", file.seek(SeekFrom::End(-1))?);
    println!("{:?}", file.seek(SeekFrom::Current(-100)).map_err(|e| e.kind()));
    file.set_len(20)?;
    println!("{}", file.metadata()?.len());
    file.sync_all()?;
    drop(file);
    let mut log = OpenOptions::new().append(true).open("data")?;
    log.write_all(b"end")?;
    println!("{:?}", fs::read("data")?);
    let mut text = String::new();
    OpenOptions::new().read(true).open("a/b/text")?.take(7).read_to_string(&mut text)?;
    println!("{text:?}");
    OpenOptions::new().write(true).truncate(true).open("data")?.write_all(b"new")?;
    println!("{:?}", fs::read_to_string("data")?);
    Ok(())
}

fn failures() {
    say("missing", File::open("missing"));
    say("missing folder", File::create("missing/file"));
    say("create_new", File::create_new("data"));
    say("directory exists", fs::create_dir("a"));
    say("file is no folder", File::open("data/x"));
    say("read a folder", fs::read("a"));
    say("write a folder", File::create("a"));
    println!("{}", fs::remove_dir("a").is_err());
    say("remove a folder as a file", fs::remove_file("a"));
    say("remove a file as a folder", fs::remove_dir("data"));
    say("list a file", fs::read_dir("data").map(|_| ()));
    say("nul", File::open("da\0ta"));
    let written = File::open("data").and_then(|mut file| file.write(b"x"));
    println!("{}", written.is_err_and(|e| e.kind() != ErrorKind::Interrupted));
}

fn main() {
    whole_files().unwrap();
    open_files().unwrap();
    failures();
    list("a");
    list("a/b");
    list("missing");
    for i in 0..1000 {
        fs::write(format!("a/b/c/file-{i}"), i.to_string()).unwrap();
    }
    println!("{}", fs::read_dir("a/b/c").unwrap().count());
    say("remove_dir_all", fs::remove_dir_all("a/b"));
    list("a");
}
