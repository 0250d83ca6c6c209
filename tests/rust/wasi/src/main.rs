//! Grants a guest streams, variables and directories, and no more than that.

mod tool {
    wardian_rt::include_module!("tool");
}

mod pure {
    wardian_rt::include_module!("pure");
}

use std::fs;
use std::path::PathBuf;
use wardian_rt::{Error, Stop, Tainted, TrapCode, because};
use wardian_wasi::{Output, Wasi};

struct Host {
    output: Output,
    errors: Output,
    folder: PathBuf,
    read_only: bool,
    opened: usize,
}

impl wardian_wasi::Host for Host {
    fn wasi(&mut self) -> Wasi {
        self.opened += 1;
        let wasi = Wasi::new().env("NAME", "Ada").stdin("1 20\n300").max_written(100);
        let wasi = wasi.stdout(&self.output).stderr(&self.errors);
        match self.read_only {
            true => wasi.dir_read_only(&self.folder, "/data"),
            false => wasi.dir(&self.folder, "/data"),
        }
    }
}

impl tool::Imports for Host {
    fn host_level(caller: &mut tool::Caller<'_, Host>) -> Result<u32, Stop> {
        Ok(caller.host().opened as u32)
    }
}

fn raw<T>(value: Tainted<T>) -> T {
    value.unverified(because!("the library is ours"))
}

/// WASI's numbers of errors, which are the C library's.
const NO_SPACE: u32 = 51;
const NOT_PERMITTED: u32 = 63;
const NOT_GRANTED: u32 = 76;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let (output, errors) = (Output::new(1000), Output::new(1000));
    let path = folder.path().to_path_buf();
    let host = Host {
        output: output.clone(),
        errors: errors.clone(),
        folder: path,
        read_only: false,
        opened: 0,
    };
    let mut tool = tool::Instance::new(host)?;
    tool.call().greet()?;
    assert_eq!(output.take(), b"hello, Ada, on level 1\n");
    assert_eq!(errors.take(), b"greeted\n");
    assert_eq!(raw(tool.call().total()?), 321);
    assert_eq!(store(&mut tool, c"/data/new.txt", c"from the guest"), 0);
    assert_eq!(fs::read(folder.path().join("new.txt"))?, b"from the guest");
    assert_ne!(store(&mut tool, c"/data/../outside.txt", c""), 0);
    assert_eq!(store(&mut tool, c"/etc/passwd", c""), NOT_GRANTED);
    let trap = tool.call().leave(7).expect_err("it has ended");
    assert_eq!((trap.code, trap.exit_code), (TrapCode::Exit, 7));
    // What was read is there again, and the directory is another one.
    tool.host_mut().read_only = true;
    tool.reset()?;
    assert_eq!(raw(tool.call().total()?), 321);
    assert_eq!(store(&mut tool, c"/data/new.txt", c"changed"), NOT_PERMITTED);
    tool.call().greet()?;
    assert_eq!(output.take(), b"hello, Ada, on level 2\n");
    let trap = tool.call().unknown().expect_err("there is no such function");
    assert_eq!(trap.code, TrapCode::UnresolvedImport);
    limits(&mut tool)?;
    denied(tool)?;
    assert_eq!(raw(pure::Instance::new(())?.call().two()?), 2);
    println!("all is well");
    Ok(())
}

fn store(tool: &mut tool::Instance<Host>, path: &std::ffi::CStr, text: &std::ffi::CStr) -> u32 {
    let path = tool.caller().alloc_c_str(path).expect("memory");
    let text = tool.caller().alloc_c_str(text).expect("memory");
    raw(tool.call().store(path, text).expect("no trap"))
}

/// More than it may write.
fn limits(tool: &mut tool::Instance<Host>) -> Result<(), Error> {
    tool.host_mut().read_only = false;
    tool.reset()?;
    let long = std::ffi::CString::new("x".repeat(101)).expect("no NUL");
    assert_eq!(store(tool, c"/data/long.txt", &long), NO_SPACE);
    Ok(())
}

/// What the host has not got it cannot grant.
fn denied(mut tool: tool::Instance<Host>) -> Result<(), Error> {
    let folder = std::mem::take(&mut tool.host_mut().folder);
    tool.host_mut().folder = folder.join("none");
    let error = tool.reset().expect_err("no such directory");
    assert!(matches!(error, Error::System(_)), "{error:?}");
    assert!(tool.call().greet().is_err());
    tool.host_mut().folder = folder;
    tool.reset()?;
    assert!(tool.call().greet().is_ok());
    // A panic of the host goes on in the host.
    let panics = std::panic::catch_unwind(|| drop(tool::Instance::new(Panics)));
    assert!(panics.is_err());
    Ok(())
}

struct Panics;

impl wardian_wasi::Host for Panics {
    fn wasi(&mut self) -> Wasi {
        std::panic::resume_unwind(Box::new("on purpose"))
    }
}

impl tool::Imports for Panics {
    fn host_level(_: &mut tool::Caller<'_, Panics>) -> Result<u32, Stop> {
        Err(Stop::new(1))
    }
}
