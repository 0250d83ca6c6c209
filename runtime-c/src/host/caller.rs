//! A guest that may be called: what an [`Instance`](crate::Instance) lends, and what a
//! function of the host gets from the guest that calls it.

use super::Trap;
use super::callback::{Callback, CallbackError, HostFunction, register};
use super::raw::{Entry, Module, State};
use crate::{GuestPtr, Value, View, ViewMut};
use core::ffi::CStr;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// A guest that may be called: its functions, its memory, and the host's state.
pub struct Caller<'a, M: Module> {
    state: NonNull<State<M>>,
    instance: PhantomData<&'a mut State<M>>,
}

/// Why a guest gave no memory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AllocError {
    /// The module exports no `malloc` of the usual type.
    NoAllocator,
    /// The guest has none left.
    OutOfMemory,
    /// What its `malloc` returned is not in its memory.
    OutOfBounds,
    /// Its `malloc` trapped.
    Trap(Trap),
}

impl fmt::Display for AllocError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AllocError::NoAllocator => f.write_str("the module exports no `malloc`"),
            AllocError::OutOfMemory => f.write_str("the guest is out of memory"),
            AllocError::OutOfBounds => f.write_str("the guest's `malloc` returned a bad address"),
            AllocError::Trap(trap) => write!(f, "the guest's `malloc` trapped: {trap}"),
        }
    }
}

impl core::error::Error for AllocError {}

impl From<Trap> for AllocError {
    fn from(trap: Trap) -> AllocError {
        AllocError::Trap(trap)
    }
}

impl<'a, M: Module> Caller<'a, M> {
    /// # Safety
    /// The state is a live instance's, and nobody else uses it for `'a`.
    pub(crate) unsafe fn new(state: NonNull<State<M>>) -> Caller<'a, M> {
        Caller { state, instance: PhantomData }
    }

    /// The functions of the guest.
    pub fn call(&mut self) -> M::Exports<'_> {
        // SAFETY: the instance is lent for as long as the result borrows `self`.
        M::exports(unsafe { Entry::new(self.state.cast()) })
    }

    /// The host's state.
    pub fn host(&mut self) -> &mut M::Host {
        // SAFETY: as above; so no call is made while the state is borrowed.
        unsafe { &mut (*self.state.as_ptr()).host }
    }

    /// The guest's memory, which is empty if the module has none.
    pub fn memory(&self) -> View<'_> {
        // SAFETY: the guest does not run while `self` is borrowed.
        unsafe { view::<M>(self.state) }
    }

    /// The guest's memory, to be written.
    pub fn memory_mut(&mut self) -> ViewMut<'_> {
        // SAFETY: as above, and nobody else reads it.
        unsafe { view_mut::<M>(self.state) }
    }

    /// The host's state and the guest's memory, for use at the same time.
    pub fn parts(&mut self) -> (&mut M::Host, View<'_>) {
        // SAFETY: as above; the guest's memory is no part of the host's state.
        unsafe { (&mut (*self.state.as_ptr()).host, view::<M>(self.state)) }
    }

    /// Lets the guest call a closure as it calls its own function pointers.
    ///
    /// ```ignore
    /// let compare = caller.callback(|_: &mut app::Caller<'_, Host>, a: Tainted<u32>, b: Tainted<u32>| {
    ///     Ok(a.verify(|a| b.verify(|b| a.cmp(&b) as i32)))
    /// })?;
    /// caller.call().sort(list, &compare)?;
    /// ```
    pub fn callback<F: HostFunction<M, A>, A>(
        &mut self,
        function: F,
    ) -> Result<Callback, CallbackError> {
        // SAFETY: the instance is lent to us.
        unsafe { register(self.state, function) }
    }

    /// `size` bytes that the guest's `malloc` gives. They are in its memory, but what it
    /// uses them for is its business.
    pub fn alloc(&mut self, size: u32) -> Result<GuestPtr<u8>, AllocError> {
        let malloc = M::DESCRIPTION.malloc.ok_or(AllocError::NoAllocator)?;
        let mut address = 0;
        // SAFETY: the instance is lent to us, and the function is its module's.
        unsafe {
            let mut entry = Entry::new(self.state.cast());
            entry.call(|guest| malloc(guest, size, &mut address))?;
        }
        let pointer = GuestPtr::new(address);
        match self.memory().bytes(pointer, size) {
            _ if pointer.is_null() => Err(AllocError::OutOfMemory),
            None => Err(AllocError::OutOfBounds),
            Some(_) => Ok(pointer),
        }
    }

    /// A copy of `bytes` in memory that the guest's `malloc` gives.
    pub fn alloc_bytes(&mut self, bytes: &[u8]) -> Result<GuestPtr<u8>, AllocError> {
        let size = u32::try_from(bytes.len()).map_err(|_| AllocError::OutOfMemory)?;
        let pointer = self.alloc(size)?;
        let mut memory = self.memory_mut();
        memory.bytes(pointer, size).ok_or(AllocError::OutOfBounds)?.copy_from_slice(bytes);
        Ok(pointer)
    }

    /// A copy of a C string, with its NUL.
    pub fn alloc_c_str(&mut self, text: &CStr) -> Result<GuestPtr<u8>, AllocError> {
        self.alloc_bytes(text.to_bytes_with_nul())
    }

    /// A copy of one value, aligned as `malloc` aligns.
    pub fn alloc_value<T: Value>(&mut self, value: T) -> Result<GuestPtr<T>, AllocError> {
        let pointer = self.alloc(T::SIZE)?.cast();
        self.memory_mut().write(pointer, value).ok_or(AllocError::OutOfBounds)?;
        Ok(pointer)
    }

    /// Copies of values, one after the other.
    pub fn alloc_values<T: Value>(&mut self, values: &[T]) -> Result<GuestPtr<T>, AllocError> {
        let count = u32::try_from(values.len()).ok().and_then(|it| it.checked_mul(T::SIZE));
        let pointer = self.alloc(count.ok_or(AllocError::OutOfMemory)?)?.cast();
        self.memory_mut().write_all(pointer, values).ok_or(AllocError::OutOfBounds)?;
        Ok(pointer)
    }

    /// Gives memory back to the guest's `free`. A wrong address harms only the guest.
    pub fn free<T>(&mut self, pointer: GuestPtr<T>) -> Result<(), AllocError> {
        let free = M::DESCRIPTION.free.ok_or(AllocError::NoAllocator)?;
        // SAFETY: the instance is lent to us, and the function is its module's.
        unsafe {
            let mut entry = Entry::new(self.state.cast());
            Ok(entry.call(|guest| free(guest, pointer.address()))?)
        }
    }
}

/// # Safety
/// The state is a live instance's, whose guest does not run or get written to for `'a`.
pub(crate) unsafe fn view<'a, M: Module>(state: NonNull<State<M>>) -> View<'a> {
    // SAFETY: the caller's promise.
    let (data, size) = unsafe { bytes(state) };
    #[cfg(feature = "noop")]
    if M::DESCRIPTION.native {
        return View::new(crate::native::memory());
    }
    // SAFETY: these bytes are the guest's.
    View::new(unsafe { core::slice::from_raw_parts(data, size) })
}

/// # Safety
/// The same, and nobody reads it, either.
pub(crate) unsafe fn view_mut<'a, M: Module>(state: NonNull<State<M>>) -> ViewMut<'a> {
    // SAFETY: the caller's promise.
    let (data, size) = unsafe { bytes(state) };
    #[cfg(feature = "noop")]
    if M::DESCRIPTION.native {
        return ViewMut::new(crate::native::memory());
    }
    // SAFETY: these bytes are the guest's.
    ViewMut::new(unsafe { core::slice::from_raw_parts_mut(data, size) })
}

/// # Safety
/// The state is a live instance's.
unsafe fn bytes<M: Module>(state: NonNull<State<M>>) -> (*mut u8, usize) {
    let none = (NonNull::dangling().as_ptr(), 0);
    let Some(memory) = M::DESCRIPTION.memory else { return none };
    let mut size = 0;
    // SAFETY: the module's own function, of a live instance.
    let data = unsafe { memory((*state.as_ptr()).head.guest, &mut size) };
    // A slice is never larger; a guest's memory could be, where addresses have 32 bits.
    match usize::try_from(size).unwrap_or(usize::MAX).min(isize::MAX as usize) {
        0 => none,
        size => (data, size),
    }
}
