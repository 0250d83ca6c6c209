//! The border to C: `include/wdn_rust.h`, and what generated bindings implement and call.
//! Nothing here is for hosts. Rust's part of an instance is a `State` in a box of its
//! own, which C knows as the instance's `host`; it begins with the `Head`.

use super::callback::Slots;
use super::{Caller, Stop, Trap, TrapCode};
use alloc::boxed::Box;
use core::any::Any;
use core::ffi::{CStr, c_char, c_void};
use core::marker::PhantomData;
use core::ops::Range;
use core::ptr::NonNull;

/// What generated bindings say about a module. They implement it; nobody else does.
///
/// # Safety
/// The functions of `DESCRIPTION` must be those of the module's C code.
pub unsafe trait Module: Sized {
    /// The host's state, which imported functions and callbacks see.
    type Host;
    /// The functions that the module exports.
    type Exports<'a>;
    /// What the bindings keep beside the host's state.
    #[doc(hidden)]
    type Extra: Default + Send;
    #[doc(hidden)]
    const DESCRIPTION: Description;
    #[doc(hidden)]
    fn exports(entry: Entry<'_>) -> Self::Exports<'_>;
}

/// Modules that are native libraries in disguise need the feature `noop`.
#[doc(hidden)]
#[cfg(feature = "noop")]
pub const NOOP: bool = true;

/// A function of C that calls the guest's `malloc`.
type Allocate = unsafe extern "C" fn(*mut c_void, u32, *mut u32) -> u32;

/// The C functions that a module has besides its exports.
#[doc(hidden)]
pub struct Description {
    pub size: unsafe extern "C" fn() -> usize,
    pub instantiate: Instantiate,
    pub memory: Option<unsafe extern "C" fn(*const c_void, *mut u64) -> *mut u8>,
    pub malloc: Option<Allocate>,
    pub free: Option<unsafe extern "C" fn(*mut c_void, u32) -> u32>,
    /// A table of functions, for the imports.
    pub functions: *const c_void,
    pub set: Option<Set>,
    /// Is it a native library in disguise?
    pub native: bool,
    /// The elements of the table that `set` can set.
    pub slots: Range<u32>,
}

/// The instance's C struct, our state, the store, and the rest.
type Instantiate = unsafe extern "C" fn(
    *mut c_void,
    *mut c_void,
    *mut c_void,
    *const RawLimits,
    *mut RawError,
) -> u32;

/// Sets an element of the table: its index, types, number of parameters and results.
type Set = unsafe extern "C" fn(*mut c_void, u32, *const u8, u32, u32, *mut RawSlot) -> bool;

/// What C calls for an element of the table.
#[doc(hidden)]
#[repr(C)]
pub struct RawSlot {
    pub(crate) instance: *mut c_void,
    pub(crate) call: unsafe extern "C" fn(*mut c_void, *mut RawSlot, *mut u64) -> u32,
}

#[doc(hidden)]
#[repr(C)]
pub struct RawLimits {
    pub(crate) max_memory_pages: u64,
    pub(crate) max_stack: u64,
    pub(crate) max_table_size: u32,
}

#[doc(hidden)]
#[repr(C)]
pub struct RawTrap {
    name: *const c_char,
    code: u32,
    function: u32,
    offset: u32,
    exit_code: i32,
}

#[doc(hidden)]
#[repr(C)]
pub struct RawError {
    pub(crate) message: *const c_char,
    pub(crate) trap: RawTrap,
    pub(crate) import: u32,
}

unsafe extern "C" {
    pub(crate) fn wdn_destroy(instance: *mut c_void);
    fn wdn_rs_last_trap(instance: *mut c_void, trap: *mut RawTrap);
    pub(crate) fn wdn_rs_store_size() -> usize;
    pub(crate) fn wdn_rs_interrupt(store: *mut c_void, stop: bool);
}

impl RawTrap {
    const EMPTY: RawTrap =
        RawTrap { name: core::ptr::null(), code: 0, function: !0, offset: !0, exit_code: 0 };

    pub(crate) fn read(&self) -> Trap {
        let known = |number: u32| (number != u32::MAX).then_some(number);
        Trap {
            function: known(self.function),
            offset: known(self.offset),
            // SAFETY: NULL, or a string constant of the generated code.
            name: unsafe { text(self.name) },
            ..Trap::new(TrapCode::of(self.code), self.exit_code)
        }
    }
}

impl RawError {
    pub(crate) const EMPTY: RawError =
        RawError { message: core::ptr::null(), trap: RawTrap::EMPTY, import: !0 };
}

/// # Safety
/// `text` is NULL or a C string that is never freed or changed.
pub(crate) unsafe fn text(text: *const c_char) -> Option<&'static str> {
    // SAFETY: the caller's promise.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })?.to_str().ok()
}

/// What a panic carries.
type Payload = Box<dyn Any + Send>;

/// The part of a [`State`] that is the same for all modules.
#[doc(hidden)]
#[repr(C)]
pub struct Head {
    /// First, because C reads it.
    pub(crate) functions: *const c_void,
    /// The instance's C struct.
    pub(crate) guest: *mut c_void,
    /// Functions of the host that the guest is calling.
    pub(crate) depth: u32,
    /// Why the calls in progress are to end.
    pub(crate) trap: Option<Trap>,
    /// The panic that the host's outermost call is to continue.
    pub(crate) panic: Option<Payload>,
}

/// An instance's part in Rust.
#[repr(C)]
pub(crate) struct State<M: Module> {
    pub(crate) head: Head,
    pub(crate) slots: Slots<M>,
    pub(crate) extra: M::Extra,
    pub(crate) host: M::Host,
}

/// For generated code that is making an instance: lets the host `open` what the guest will
/// use. If it cannot, says why, for C to return.
///
/// # Safety
/// `host` is the state of an instance of `M` that is being made, and `error` C's.
pub unsafe fn open<M: Module, R>(
    host: *mut c_void,
    error: *mut RawError,
    open: impl FnOnce(&mut M::Host, &mut M::Extra) -> Result<R, &'static CStr>,
) -> Result<R, u32> {
    // SAFETY: the caller's promise: no guest runs yet that could reach the state.
    let state = unsafe { &mut *host.cast::<State<M>>() };
    match guarded(|| open(&mut state.host, &mut state.extra)) {
        Ok(Ok(opened)) => return Ok(opened),
        // SAFETY: the caller's promise.
        Ok(Err(message)) => unsafe { (*error).message = message.as_ptr() },
        Err(payload) => state.head.panic = Some(payload),
    }
    Err(NOT_OPEN)
}

/// What [`open`] makes of an error, beside C's `wdn_status_t`.
pub(crate) const NOT_OPEN: u32 = 100;

/// An instance that may be called for as long as `'a`; generated code has it.
#[doc(hidden)]
pub struct Entry<'a> {
    head: NonNull<Head>,
    instance: PhantomData<&'a mut Head>,
}

impl<'a> Entry<'a> {
    /// # Safety
    /// `head` is a live instance's, and nobody else uses it for `'a`.
    pub(crate) unsafe fn new(head: NonNull<Head>) -> Entry<'a> {
        Entry { head, instance: PhantomData }
    }

    /// Lets `call` call the guest and give a trap's number.
    ///
    /// # Safety
    /// `call` passes its argument to a C function of the instance's own module.
    #[inline]
    pub unsafe fn call(&mut self, call: impl FnOnce(*mut c_void) -> u32) -> Result<(), Trap> {
        // SAFETY: the instance is alive, and ours alone until the call gets it.
        let guest = unsafe { (*self.head.as_ptr()).guest };
        if call(guest) == 0 { Ok(()) } else { Err(self.failed()) }
    }

    /// Why a call did not come back. Continues the host's panic if it was one.
    #[cold]
    fn failed(&mut self) -> Trap {
        let mut raw = RawTrap::EMPTY;
        // SAFETY: as in `call`, which is over. Nothing else borrows the head: what C calls
        // has returned.
        let head = unsafe { &mut *self.head.as_ptr() };
        // SAFETY: the instance is alive.
        unsafe { wdn_rs_last_trap(head.guest, &mut raw) };
        resume(head.panic.take());
        let trap = head.trap.take().unwrap_or_else(|| raw.read());
        if head.depth > 0 {
            // The guest that is still running on this stack ends, too.
            head.trap = Some(trap.clone());
        }
        trap
    }
}

/// Continues a panic, if there is one.
pub(crate) fn resume(panic: Option<Payload>) {
    #[cfg(feature = "std")]
    if let Some(payload) = panic {
        std::panic::resume_unwind(payload)
    }
    #[cfg(not(feature = "std"))]
    drop(panic);
}

/// For generated code: runs a function of the host that the guest calls. Gives 0, or
/// another number if the guest has to stop.
///
/// # Safety
/// `host` is the state of an instance of `M` whose guest is calling.
pub unsafe fn import<M: Module, R>(
    host: *mut c_void,
    function: impl FnOnce(&mut Caller<'_, M>) -> Result<R, Stop>,
    give: impl FnOnce(R),
) -> u32 {
    let state = host.cast::<State<M>>();
    // SAFETY: the state is alive. The host's call that is in progress lent the instance
    // to C, which lends it to us; so nothing else uses it until we return.
    let mut caller = unsafe { Caller::new(NonNull::new_unchecked(state)) };
    // SAFETY: the same, here and below. No reference lives while the function runs.
    unsafe { (*state).head.depth += 1 };
    let result = guarded(|| function(&mut caller));
    let head = unsafe { &mut (*state).head };
    head.depth -= 1;
    match result {
        Ok(Ok(value)) if head.trap.is_none() => {
            give(value);
            return 0;
        }
        Ok(Ok(_)) => {}
        // A trap of an earlier call is the reason of all that follows.
        Ok(Err(Stop(trap))) => drop(head.trap.get_or_insert(trap)),
        Err(payload) => head.panic = Some(payload),
    }
    1
}

/// Stops a panic, which must not reach C.
fn guarded<R>(body: impl FnOnce() -> R) -> Result<R, Payload> {
    #[cfg(feature = "std")]
    return std::panic::catch_unwind(std::panic::AssertUnwindSafe(body));
    // Without a way to stop it, it ends the program where Rust would return to C.
    #[cfg(not(feature = "std"))]
    Ok(body())
}
