//! Closures of the host that a guest can call like its own function pointers: each has an
//! element of the guest's table.
//!
//! A guest may copy the element, and call the copy whenever it likes. So what C calls, a
//! [`Slot`], lives as long as the guest, and is used again only for a closure of the same
//! type. Whether the closure may still be called is in a flag that it shares with the
//! [`Callback`].

use super::caller::Caller;
use super::raw::{Module, RawSlot, State, import};
use super::{Stop, Trap, TrapCode};
use crate::{Argument, GuestPtr, Tainted};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ffi::c_void;
use core::fmt;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, Ordering};

/// A closure of the host in a guest's table. Pass `&callback` where the guest wants a
/// function pointer. When it is dropped the guest can no longer call the closure; what the
/// closure owns is dropped with it or, at the latest, when the next callback is made or the
/// instance is reset or dropped.
#[must_use = "the guest cannot call it once it is dropped"]
pub struct Callback {
    index: u32,
    live: Arc<AtomicBool>,
}

impl Callback {
    /// The function pointer, as a number.
    pub fn index(&self) -> u32 {
        self.index
    }
}

impl Drop for Callback {
    fn drop(&mut self) {
        self.live.store(false, Ordering::Release);
    }
}

impl crate::argument::sealed::Sealed for &Callback {}

impl Argument<u32> for &Callback {
    fn lower(self) -> u32 {
        self.index
    }
}

/// Why a closure cannot be called by a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackError {
    /// All the elements that the build script reserved are in use, or it reserved none.
    NoSlot,
    /// The module has no function type like that, so it could not call the closure.
    Type,
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CallbackError::NoSlot => "no element of the guest's table is free for a callback",
            CallbackError::Type => "the module has no function type like the callback's",
        })
    }
}

impl core::error::Error for CallbackError {}

/// A closure that has forgotten its type.
type Closure<M> = Rc<dyn Fn(&mut Caller<'_, M>, *mut u64) -> Result<(), Stop>>;

/// What C calls.
#[repr(C)]
struct Slot<M: Module> {
    raw: RawSlot,
    types: &'static [u8],
    closure: Option<Closure<M>>,
    live: Arc<AtomicBool>,
}

/// An element of the table, and every slot that was ever in it: one for each type.
type Element<M> = Vec<NonNull<Slot<M>>>;

/// The elements of the table.
pub(crate) struct Slots<M: Module>(Vec<Element<M>>);

impl<M: Module> Slots<M> {
    pub(crate) fn new() -> Slots<M> {
        Slots(Vec::new())
    }
}

impl<M: Module> Drop for Slots<M> {
    fn drop(&mut self) {
        for slot in self.0.drain(..).flatten() {
            // SAFETY: made by `slot_for`. The guest is gone.
            drop(unsafe { Box::from_raw(slot.as_ptr()) });
        }
    }
}

/// Puts a closure into the table.
///
/// # Safety
/// The state is a live instance's, whose guest does not run but for those that wait for the
/// caller of this.
pub(crate) unsafe fn register<M: Module, F: HostFunction<M, A>, A>(
    state: NonNull<State<M>>,
    function: F,
) -> Result<Callback, CallbackError> {
    let (set, range) = (M::DESCRIPTION.set.ok_or(CallbackError::NoSlot)?, M::DESCRIPTION.slots);
    // SAFETY: the caller's promise. A closure that runs is kept by its call.
    let slots = unsafe { &mut (*state.as_ptr()).slots.0 };
    slots.resize_with(range.len(), Vec::new);
    let free = sweep(slots).ok_or(CallbackError::NoSlot)?;
    // SAFETY: the state is alive.
    let guest = unsafe { (*state.as_ptr()).head.guest };
    let slot = slot_for(&mut slots[free], F::TYPES, guest);
    let index = range.start + free as u32;
    let (params, results) = (F::PARAMS as u32, (F::TYPES.len() - F::PARAMS) as u32);
    // SAFETY: the module's own function, of a live instance; the slot lives as long.
    if !unsafe { set(guest, index, F::TYPES.as_ptr(), params, results, slot.as_ptr().cast()) } {
        return Err(CallbackError::Type);
    }
    let live = Arc::new(AtomicBool::new(true));
    // SAFETY: the slot is free, so nobody uses it.
    let slot = unsafe { &mut *slot.as_ptr() };
    slot.live = live.clone();
    slot.closure = Some(Rc::new(move |caller: &mut Caller<'_, M>, values| {
        // SAFETY: C called with values of the types that it was told.
        unsafe { function.run(caller, values) }
    }));
    Ok(Callback { index, live })
}

/// Drops the closures whose callbacks are gone. Gives an element that is free, if one is.
fn sweep<M: Module>(slots: &mut [Element<M>]) -> Option<usize> {
    let mut free = None;
    for (i, element) in slots.iter_mut().enumerate() {
        let mut used = false;
        for slot in element.iter() {
            // SAFETY: the slots live as long as the element.
            let slot = unsafe { &mut *slot.as_ptr() };
            if slot.live.load(Ordering::Acquire) {
                used = true;
            } else {
                slot.closure = None;
            }
        }
        if !used {
            free = free.or(Some(i));
        }
    }
    free
}

/// The slot of this type in a free element.
fn slot_for<M: Module>(
    element: &mut Element<M>,
    types: &'static [u8],
    guest: *mut c_void,
) -> NonNull<Slot<M>> {
    // SAFETY: the slots live as long as the element.
    if let Some(slot) = element.iter().find(|it| unsafe { it.as_ref() }.types == types) {
        return *slot;
    }
    let raw = RawSlot { instance: guest, call: call::<M> };
    let live = Arc::new(AtomicBool::new(false));
    let slot = NonNull::from(Box::leak(Box::new(Slot { raw, types, closure: None, live })));
    element.push(slot);
    slot
}

/// What C calls for any slot.
unsafe extern "C" fn call<M: Module>(
    host: *mut c_void,
    slot: *mut RawSlot,
    values: *mut u64,
) -> u32 {
    // SAFETY: the slot is one of ours, and lives as long as the guest that calls.
    let slot = unsafe { &*slot.cast::<Slot<M>>() };
    let closure = slot.closure.clone().filter(|_| slot.live.load(Ordering::Acquire));
    let run = |caller: &mut Caller<'_, M>| match closure {
        Some(closure) => closure(caller, values),
        None => Err(Stop(Trap::new(TrapCode::UninitializedElement, 0))),
    };
    // SAFETY: C calls this for a running guest.
    unsafe { import(host, run, |()| ()) }
}

/// A parameter of a callback: a [`Tainted`] number, or a [`GuestPtr`].
pub trait Parameter: sealed::Sealed {
    #[doc(hidden)]
    const TYPE: u8;
    #[doc(hidden)]
    fn from_bits(bits: u64) -> Self;
}

/// A result of a callback: nothing, a number, or a [`GuestPtr`].
pub trait Outcome: sealed::Sealed {
    #[doc(hidden)]
    const TYPE: Option<u8>;
    #[doc(hidden)]
    fn to_bits(self) -> u64;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! numbers {
    ($($number:ty, $code:literal, $bits:ident => $from:expr, $value:ident => $to:expr;)*) => {$(
        impl sealed::Sealed for $number {}
        impl sealed::Sealed for Tainted<$number> {}
        impl Parameter for Tainted<$number> {
            const TYPE: u8 = $code;
            fn from_bits($bits: u64) -> Self {
                Tainted::new($from)
            }
        }
        impl Outcome for $number {
            const TYPE: Option<u8> = Some($code);
            fn to_bits(self) -> u64 {
                let $value = self;
                $to
            }
        }
    )*};
}

// The codes are those of the binary format.
numbers! {
    u32, 0x7f, bits => bits as u32, value => u64::from(value);
    i32, 0x7f, bits => bits as i32, value => u64::from(value as u32);
    u64, 0x7e, bits => bits, value => value;
    i64, 0x7e, bits => bits as i64, value => value as u64;
    f32, 0x7d, bits => f32::from_bits(bits as u32), value => u64::from(value.to_bits());
    f64, 0x7c, bits => f64::from_bits(bits), value => value.to_bits();
}

impl<T> sealed::Sealed for GuestPtr<T> {}

impl<T> Parameter for GuestPtr<T> {
    const TYPE: u8 = 0x7f;
    fn from_bits(bits: u64) -> GuestPtr<T> {
        GuestPtr::new(bits as u32)
    }
}

impl<T> Outcome for GuestPtr<T> {
    const TYPE: Option<u8> = Some(0x7f);
    fn to_bits(self) -> u64 {
        u64::from(self.address())
    }
}

impl sealed::Sealed for () {}

impl Outcome for () {
    const TYPE: Option<u8> = None;
    fn to_bits(self) -> u64 {
        0
    }
}

/// A closure that a guest can call: its first parameter is `&mut Caller`, up to ten more are
/// [`Parameter`]s, and it gives a `Result<impl Outcome, Stop>`. Others that it needs it
/// captures, and it may be called while it runs, so it is `Fn`.
pub trait HostFunction<M: Module, Parameters>: Send + 'static {
    #[doc(hidden)]
    const PARAMS: usize;
    #[doc(hidden)]
    const TYPES: &'static [u8];
    /// # Safety
    /// `values` are as many words as there are parameters, or results if those are more.
    #[doc(hidden)]
    unsafe fn run(&self, caller: &mut Caller<'_, M>, values: *mut u64) -> Result<(), Stop>;
}

macro_rules! functions {
    ($($count:literal: $($parameter:ident $i:literal)*;)*) => {$(
        impl<M: Module, F, R: Outcome, $($parameter: Parameter),*>
            HostFunction<M, (R, $($parameter,)*)> for F
        where
            F: Fn(&mut Caller<'_, M>, $($parameter),*) -> Result<R, Stop> + Send + 'static,
        {
            const PARAMS: usize = $count;
            const TYPES: &'static [u8] = match R::TYPE {
                Some(result) => &[$($parameter::TYPE,)* result],
                None => &[$($parameter::TYPE),*],
            };
            unsafe fn run(
                &self,
                caller: &mut Caller<'_, M>,
                values: *mut u64,
            ) -> Result<(), Stop> {
                // SAFETY: the caller's promise.
                let result = self(caller, $($parameter::from_bits(unsafe { *values.add($i) })),*)?;
                if R::TYPE.is_some() {
                    // SAFETY: the same.
                    unsafe { *values = result.to_bits() };
                }
                Ok(())
            }
        }
    )*};
}

functions! {
    0:;
    1: A 0;
    2: A 0 B 1;
    3: A 0 B 1 C 2;
    4: A 0 B 1 C 2 D 3;
    5: A 0 B 1 C 2 D 3 E 4;
    6: A 0 B 1 C 2 D 3 E 4 G 5;
    7: A 0 B 1 C 2 D 3 E 4 G 5 H 6;
    8: A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7;
    9: A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7 J 8;
    10: A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7 J 8 K 9;
}
