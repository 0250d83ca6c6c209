//! What a host in Rust grants a guest by way of WASI.
//!
//! A [`Wasi`] says it; the bindings ask the host's state for one, by [`Host`], whenever an
//! instance is made or reset, and keep what they opened, a [`State`], beside the instance.

use std::boxed::Box;
use std::ffi::{CStr, CString, c_char, c_void};
use std::path::Path;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

/// A host's state that grants its guest something; see `Module::wasi` of `wardian-build`.
pub trait Host {
    /// What the guest may use. Called when an instance is made, and when it is reset.
    fn wasi(&mut self) -> Wasi;
}

/// Clocks and random numbers, as every guest has them, and nothing else.
impl Host for () {
    fn wasi(&mut self) -> Wasi {
        Wasi::new()
    }
}

/// What a guest may use. A new one grants clocks and random numbers; reads of its standard
/// input end at once, and what it prints vanishes.
///
/// ```
/// use wardian_wasi::{Output, Wasi};
/// let output = Output::new(1 << 20);
/// let wasi = Wasi::new().arg("tool").arg("-v").stdin("some text").stdout(&output);
/// ```
#[derive(Debug, Default)]
pub struct Wasi {
    args: Vec<Vec<u8>>,
    env: Vec<Vec<u8>>,
    preopens: Vec<(Vec<u8>, Vec<u8>, bool)>,
    stdio: [Stream; 3],
    max_written: u64,
    max_fds: u32,
}

/// Where bytes come from or go to.
#[derive(Debug, Default)]
enum Stream {
    #[default]
    Null,
    Inherit,
    Rust(Output),
}

/// What a guest prints, up to a limit. Clones are the same output.
#[derive(Clone, Debug)]
pub struct Output(Arc<Mutex<Bytes>>);

#[derive(Debug)]
struct Bytes {
    bytes: Vec<u8>,
    /// How many were read.
    used: usize,
    limit: usize,
}

impl Output {
    /// One that takes so many bytes; then the guest is told that there is no space.
    pub fn new(limit: usize) -> Output {
        Output(Arc::new(Mutex::new(Bytes { bytes: Vec::new(), used: 0, limit })))
    }

    /// What was printed since the last time.
    pub fn take(&self) -> Vec<u8> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut inner.bytes)
    }
}

impl Wasi {
    /// Grants clocks and random numbers.
    pub fn new() -> Wasi {
        Wasi::default()
    }

    /// One more argument. The first is the program's name.
    pub fn arg(mut self, arg: impl Into<Vec<u8>>) -> Wasi {
        self.args.push(arg.into());
        self
    }

    /// One more variable of the environment.
    pub fn env(mut self, name: &str, value: &str) -> Wasi {
        self.env.push(format!("{name}={value}").into_bytes());
        self
    }

    /// Standard input, output and error are the process's.
    pub fn inherit_stdio(mut self) -> Wasi {
        self.stdio = [Stream::Inherit, Stream::Inherit, Stream::Inherit];
        self
    }

    /// Standard input has these bytes.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Wasi {
        let bytes = Bytes { bytes: bytes.into(), used: 0, limit: 0 };
        self.stdio[0] = Stream::Rust(Output(Arc::new(Mutex::new(bytes))));
        self
    }

    /// Standard output goes here.
    pub fn stdout(mut self, output: &Output) -> Wasi {
        self.stdio[1] = Stream::Rust(output.clone());
        self
    }

    /// Standard error goes here.
    pub fn stderr(mut self, output: &Output) -> Wasi {
        self.stdio[2] = Stream::Rust(output.clone());
        self
    }

    /// The guest sees this directory under a name of its own, and can change what is in it.
    pub fn dir(self, host: impl AsRef<Path>, guest: &str) -> Wasi {
        self.directory(host.as_ref(), guest, false)
    }

    /// The same, but it can only read.
    pub fn dir_read_only(self, host: impl AsRef<Path>, guest: &str) -> Wasi {
        self.directory(host.as_ref(), guest, true)
    }

    fn directory(mut self, host: &Path, guest: &str, read_only: bool) -> Wasi {
        let host = host.as_os_str().as_encoded_bytes().to_vec();
        self.preopens.push((host, guest.as_bytes().to_vec(), read_only));
        self
    }

    /// Bytes that the guest may write to all files and streams, and by which files may grow.
    pub fn max_written(mut self, bytes: u64) -> Wasi {
        self.max_written = bytes.max(1);
        self
    }

    /// Descriptors that the guest may have open: 1024, if nothing else is said.
    pub fn max_fds(mut self, count: u32) -> Wasi {
        self.max_fds = count.max(1);
        self
    }
}

#[repr(C)]
struct RawPreopen {
    host: *const c_char,
    guest: *const c_char,
    read_only: bool,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct RawStream {
    kind: u32,
    context: *const c_void,
}

type Read = unsafe extern "C" fn(*mut c_void, *mut u8, usize) -> i64;
type Write = unsafe extern "C" fn(*mut c_void, *const u8, usize) -> i64;

#[repr(C)]
struct RawConfig {
    args: *const *const c_char,
    env: *const *const c_char,
    preopens: *const RawPreopen,
    read: Read,
    write: Write,
    stdio: [RawStream; 3],
    max_written: u64,
    arg_count: u32,
    env_count: u32,
    preopen_count: u32,
    max_fds: u32,
}

unsafe extern "C" {
    fn wdn_wasi_rs_size() -> usize;
    fn wdn_wasi_rs_open(wasi: *mut c_void, config: *const RawConfig) -> *const c_char;
    fn wdn_wasi_rs_close(wasi: *mut c_void);
}

/// What is open for a guest. Bindings have it.
#[doc(hidden)]
#[derive(Default)]
pub struct State(Option<Open>);

/// C's struct, and what it points to.
struct Open {
    /// Words, because C's struct consists of pointers and numbers.
    wasi: Box<[u64]>,
    _args: Strings,
    _env: Strings,
    _stdio: [Stream; 3],
}

/// An array of C strings.
struct Strings {
    _texts: Vec<CString>,
    pointers: Vec<*const c_char>,
}

// SAFETY: all that it points to is its own, and C's part is bound to no thread.
unsafe impl Send for State {}

impl Strings {
    fn new(texts: Vec<Vec<u8>>) -> Result<Strings, &'static CStr> {
        let texts: Vec<CString> =
            texts.into_iter().map(text).collect::<Result<_, &'static CStr>>()?;
        let pointers = texts.iter().map(|it| it.as_ptr()).collect();
        Ok(Strings { _texts: texts, pointers })
    }
}

fn text(bytes: Vec<u8>) -> Result<CString, &'static CStr> {
    CString::new(bytes).map_err(|_| c"a NUL in an argument, a variable or a path")
}

impl State {
    /// Opens what the guest is granted, and closes what it was granted before. Gives C's
    /// `wdn_wasi_t`, or says why not.
    pub fn open(&mut self, wasi: Wasi) -> Result<*mut c_void, &'static CStr> {
        self.close();
        let (args, env) = (Strings::new(wasi.args)?, Strings::new(wasi.env)?);
        let mut paths = Vec::new();
        for (host, guest, read_only) in wasi.preopens {
            paths.push((text(host)?, text(guest)?, read_only));
        }
        let preopen = |(host, guest, read_only): &(CString, CString, bool)| RawPreopen {
            host: host.as_ptr(),
            guest: guest.as_ptr(),
            read_only: *read_only,
        };
        let preopens: Vec<RawPreopen> = paths.iter().map(preopen).collect();
        let config = RawConfig {
            args: args.pointers.as_ptr(),
            env: env.pointers.as_ptr(),
            preopens: preopens.as_ptr(),
            read,
            write,
            stdio: [0, 1, 2].map(|i| wasi.stdio[i].raw()),
            max_written: wasi.max_written,
            arg_count: args.pointers.len() as u32,
            env_count: env.pointers.len() as u32,
            preopen_count: preopens.len() as u32,
            max_fds: wasi.max_fds,
        };
        // SAFETY: a function without conditions.
        let words = unsafe { wdn_wasi_rs_size() }.div_ceil(size_of::<u64>());
        let mut memory = vec![0; words].into_boxed_slice();
        // SAFETY: the memory is as large as C wants it, and what the configuration points to
        // is kept as long, or not used after this.
        let message = unsafe { wdn_wasi_rs_open(memory.as_mut_ptr().cast(), &config) };
        if !message.is_null() {
            // SAFETY: C's messages are constants.
            return Err(unsafe { CStr::from_ptr(message) });
        }
        let open = Open { wasi: memory, _args: args, _env: env, _stdio: wasi.stdio };
        Ok(self.0.insert(open).wasi.as_mut_ptr().cast())
    }

    fn close(&mut self) {
        if let Some(mut open) = self.0.take() {
            // SAFETY: it is open, and the guest that could use it is gone.
            unsafe { wdn_wasi_rs_close(open.wasi.as_mut_ptr().cast()) };
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.close();
    }
}

impl Stream {
    fn raw(&self) -> RawStream {
        match self {
            Stream::Null => RawStream { kind: 0, context: ptr::null() },
            Stream::Inherit => RawStream { kind: 1, context: ptr::null() },
            Stream::Rust(it) => RawStream { kind: 2, context: Arc::as_ptr(&it.0).cast() },
        }
    }
}

/// WASI's numbers of errors.
const NO_MEMORY: i64 = -48;
const NO_SPACE: i64 = -51;

/// Reads what is left of an input.
unsafe extern "C" fn read(context: *mut c_void, data: *mut u8, size: usize) -> i64 {
    // SAFETY: it is the context of a stream, which the state keeps.
    let bytes = unsafe { &*context.cast::<Mutex<Bytes>>() };
    let mut it = bytes.lock().unwrap_or_else(PoisonError::into_inner);
    let rest = &it.bytes[it.used.min(it.bytes.len())..];
    let count = rest.len().min(size);
    // SAFETY: C has room for so many.
    unsafe { ptr::copy_nonoverlapping(rest.as_ptr(), data, count) };
    it.used += count;
    count as i64
}

/// Keeps what is written, as much as there is room for.
unsafe extern "C" fn write(context: *mut c_void, data: *const u8, size: usize) -> i64 {
    // SAFETY: it is the context of a stream, which the state keeps.
    let bytes = unsafe { &*context.cast::<Mutex<Bytes>>() };
    let mut it = bytes.lock().unwrap_or_else(PoisonError::into_inner);
    let count = size.min(it.limit.saturating_sub(it.bytes.len()));
    if count == 0 && size > 0 {
        return NO_SPACE;
    }
    if it.bytes.try_reserve(count).is_err() {
        return NO_MEMORY;
    }
    if count > 0 {
        // SAFETY: C has so many.
        it.bytes.extend_from_slice(unsafe { std::slice::from_raw_parts(data, count) });
    }
    count as i64
}
