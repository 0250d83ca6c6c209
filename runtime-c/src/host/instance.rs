//! Instances: a module with a memory and tables of its own.

use super::Trap;
use super::callback::{Callback, CallbackError, HostFunction, Slots};
use super::caller::{AllocError, Caller, view, view_mut};
use super::kill::{KillHandle, Store};
use super::raw::{Head, Module, NOT_OPEN, RawError, RawLimits, State, resume, text, wdn_destroy};
use crate::{GuestPtr, View, ViewMut};
use alloc::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::ffi::c_void;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// What an instance may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    memory: u64,
    stack: u64,
    table: u32,
}

impl Limits {
    /// What the module's types and the thread's stack allow.
    pub const fn new() -> Limits {
        Limits { memory: 0, stack: 0, table: 0 }
    }

    /// Bytes of memory. A part of a page of 64 KiB counts as none, and a module that needs
    /// more at once cannot be instantiated.
    pub const fn memory(mut self, bytes: u64) -> Limits {
        // 0 would mean that there is no limit.
        self.memory = if bytes < PAGE { 1 } else { bytes / PAGE };
        self
    }

    /// Bytes of the thread's stack that a call may use.
    pub const fn stack(mut self, bytes: u64) -> Limits {
        self.stack = if bytes == 0 { 1 } else { bytes };
        self
    }

    /// Elements of a table.
    pub const fn table(mut self, elements: u32) -> Limits {
        self.table = if elements == 0 { 1 } else { elements };
        self
    }

    fn raw(self) -> RawLimits {
        RawLimits {
            max_memory_pages: self.memory,
            max_stack: self.stack,
            max_table_size: self.table,
        }
    }
}

/// Bytes of a page.
const PAGE: u64 = 1 << 16;

/// Why there is no instance.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The C code and the runtime are of different versions.
    Version,
    /// An import has another type than the module wants.
    Import,
    /// A limit or the system refuses a memory or table.
    Memory(&'static str),
    /// What the host grants the guest, such as a directory, is not there.
    System(&'static str),
    /// The module's own initialisation ended early.
    Trap(Trap),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Version => f.write_str("the module was translated for another runtime"),
            Error::Import => f.write_str("an import has another type"),
            Error::Memory(message) | Error::System(message) => f.write_str(message),
            Error::Trap(trap) => write!(f, "while it was initialised: {trap}"),
        }
    }
}

impl core::error::Error for Error {}

/// A module with a memory and tables of its own, and the host's state for it.
///
/// It can be sent to another thread but is used by one at a time. Calling it, or writing to
/// its memory, needs it as `&mut`; so nothing that borrows from it survives a call.
pub struct Instance<M: Module> {
    state: NonNull<State<M>>,
    store: Arc<Store>,
    limits: Limits,
    layout: Layout,
    owned: PhantomData<State<M>>,
}

// SAFETY: everything it points to is its own, C's part is bound to no thread between calls,
// and the host's state may be sent.
unsafe impl<M: Module> Send for Instance<M> where M::Host: Send {}

impl<M: Module> Instance<M> {
    /// An instance without limits but those of its types.
    pub fn new(host: M::Host) -> Result<Instance<M>, Error> {
        Instance::with_limits(host, Limits::new())
    }

    /// An instance. The module's start function and `_initialize` run at once.
    pub fn with_limits(host: M::Host, limits: Limits) -> Result<Instance<M>, Error> {
        // SAFETY: a function without conditions.
        let size = unsafe { (M::DESCRIPTION.size)() };
        // The members of C's struct are pointers and numbers.
        let layout = Layout::from_size_align(size, 16).map_err(|_| Error::Version)?;
        // SAFETY: the struct of an instance is not empty.
        let guest = unsafe { alloc_zeroed(layout) };
        if guest.is_null() {
            handle_alloc_error(layout);
        }
        let head = Head {
            functions: M::DESCRIPTION.functions,
            guest: guest.cast(),
            depth: 0,
            trap: None,
            panic: None,
        };
        let (slots, extra) = (Slots::new(), M::Extra::default());
        let state = NonNull::from(Box::leak(Box::new(State { head, slots, extra, host })));
        // From here on, dropping it frees everything.
        let mut instance =
            Instance { state, store: Store::new(), limits, layout, owned: PhantomData };
        instance.instantiate()?;
        Ok(instance)
    }

    /// Makes the instance in its memory, which is free.
    fn instantiate(&mut self) -> Result<(), Error> {
        let mut error = RawError::EMPTY;
        let host = self.state.as_ptr().cast::<c_void>();
        let limits = self.limits.raw();
        // SAFETY: the memory has the size that C asked for and holds no instance. Nothing
        // borrows the state, which functions of the host now may.
        let status = unsafe {
            (M::DESCRIPTION.instantiate)(
                self.guest(),
                host,
                self.store.as_ptr(),
                &limits,
                &mut error,
            )
        };
        // SAFETY: the call is over.
        let head = unsafe { &mut (*self.state.as_ptr()).head };
        let (panic, trap) = (head.panic.take(), head.trap.take());
        if status != 0 {
            resume(panic);
        }
        match status {
            0 => Ok(()),
            1 => Err(Error::Version),
            2 => Err(Error::Import),
            // SAFETY: C's messages are constants.
            3 => Err(Error::Memory(unsafe { text(error.message) }.unwrap_or("no memory"))),
            // SAFETY: as above.
            NOT_OPEN => Err(Error::System(unsafe { text(error.message) }.unwrap_or("closed"))),
            _ => Err(Error::Trap(trap.unwrap_or_else(|| error.trap.read()))),
        }
    }

    fn guest(&self) -> *mut c_void {
        // SAFETY: the state lives as long as we do.
        unsafe { (*self.state.as_ptr()).head.guest }
    }

    /// The instance for those who may be called by a guest or by the host itself.
    pub fn caller(&mut self) -> Caller<'_, M> {
        // SAFETY: it is lent for as long as the result lives.
        unsafe { Caller::new(self.state) }
    }

    /// The functions of the guest.
    #[inline]
    pub fn call(&mut self) -> M::Exports<'_> {
        // SAFETY: as above.
        M::exports(unsafe { super::raw::Entry::new(self.state.cast()) })
    }

    /// Makes the instance as it was when it was new, but for the host's state: the one way
    /// to use it again after a trap. If that fails, it can be tried again.
    pub fn reset(&mut self) -> Result<(), Error> {
        // SAFETY: nothing borrows the instance, and destroying it twice is allowed.
        unsafe { wdn_destroy(self.guest()) };
        // SAFETY: the guest, which could have called them, is gone.
        drop(core::mem::replace(unsafe { &mut (*self.state.as_ptr()).slots }, Slots::new()));
        self.store.interrupt(false);
        self.instantiate()
    }

    /// Lets another thread stop the guest.
    pub fn kill_handle(&self) -> KillHandle {
        KillHandle(self.store.clone())
    }

    /// Lets the guest call a closure; see [`Caller::callback`].
    pub fn callback<F: HostFunction<M, A>, A>(
        &mut self,
        function: F,
    ) -> Result<Callback, CallbackError> {
        self.caller().callback(function)
    }

    /// The host's state.
    pub fn host(&self) -> &M::Host {
        // SAFETY: the guest does not run while it is borrowed.
        unsafe { &(*self.state.as_ptr()).host }
    }

    /// The host's state, to be changed.
    pub fn host_mut(&mut self) -> &mut M::Host {
        // SAFETY: the same.
        unsafe { &mut (*self.state.as_ptr()).host }
    }

    /// The guest's memory, which is empty if the module has none.
    pub fn memory(&self) -> View<'_> {
        // SAFETY: the guest does not run while `self` is borrowed.
        unsafe { view(self.state) }
    }

    /// The guest's memory, to be written.
    pub fn memory_mut(&mut self) -> ViewMut<'_> {
        // SAFETY: as above, and nobody else reads it.
        unsafe { view_mut(self.state) }
    }

    /// See [`Caller::alloc`].
    pub fn alloc(&mut self, size: u32) -> Result<GuestPtr<u8>, AllocError> {
        self.caller().alloc(size)
    }

    /// See [`Caller::alloc_bytes`].
    pub fn alloc_bytes(&mut self, bytes: &[u8]) -> Result<GuestPtr<u8>, AllocError> {
        self.caller().alloc_bytes(bytes)
    }

    /// See [`Caller::free`].
    pub fn free<T>(&mut self, pointer: GuestPtr<T>) -> Result<(), AllocError> {
        self.caller().free(pointer)
    }
}

impl<M: Module> Drop for Instance<M> {
    fn drop(&mut self) {
        let guest = self.guest();
        // SAFETY: nothing borrows the instance any more. C's part goes first: only it points
        // to the rest. Both were made by `with_limits`.
        unsafe {
            wdn_destroy(guest);
            dealloc(guest.cast(), self.layout);
            drop(Box::from_raw(self.state.as_ptr()));
        }
    }
}
