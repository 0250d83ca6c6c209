//! Stopping a guest from another thread. The flag is in the C store, which an instance and
//! those who may stop it own together: so it is there as long as anybody can set it.

use super::raw::{wdn_rs_interrupt, wdn_rs_store_size};
use alloc::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use alloc::sync::Arc;
use core::ffi::c_void;
use core::ptr::NonNull;

/// The C store of an instance.
pub(crate) struct Store {
    store: NonNull<u8>,
    layout: Layout,
}

// SAFETY: all that is done through a shared reference is to set the flag, which any thread
// may at any time.
unsafe impl Send for Store {}
unsafe impl Sync for Store {}

impl Store {
    pub(crate) fn new() -> Arc<Store> {
        // SAFETY: a function without conditions.
        let size = unsafe { wdn_rs_store_size() };
        let layout = Layout::from_size_align(size, 16).unwrap_or(Layout::new::<u128>());
        // SAFETY: the size is not 0. All zeros is an empty store.
        let store = NonNull::new(unsafe { alloc_zeroed(layout) });
        Arc::new(Store { store: store.unwrap_or_else(|| handle_alloc_error(layout)), layout })
    }

    pub(crate) fn as_ptr(&self) -> *mut c_void {
        self.store.as_ptr().cast()
    }

    pub(crate) fn interrupt(&self, stop: bool) {
        // SAFETY: the store is alive, and any thread may call this.
        unsafe { wdn_rs_interrupt(self.as_ptr(), stop) }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // SAFETY: made by `new`. The last owner is no instance, or one that was destroyed.
        unsafe { dealloc(self.store.as_ptr(), self.layout) }
    }
}

/// Stops the guest of one instance, from any thread. The module has to be translated for
/// it: `Interrupt::Flag` in its build script.
#[derive(Clone)]
pub struct KillHandle(pub(crate) Arc<Store>);

impl KillHandle {
    /// Ends what the guest does, now or when it is called next, with
    /// [`TrapCode::Interrupted`](super::TrapCode::Interrupted). It stays so until the
    /// instance is reset. Functions of the host are not interrupted.
    pub fn kill(&self) {
        self.0.interrupt(true);
    }
}
