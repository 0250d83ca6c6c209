// Made by wardian-build; do not edit. The sandboxed module `adler`, for hosts in Rust.
// SHA-256 of the module: f1881b219719cca77b2d36745d9f0b3447e60659fb987dabf71e7dde5a9286b4

const _: () = ::wardian_rt::requires("0.1.0");

/// An instance of the module. `H` is the host's state for it.
#[allow(dead_code)]
pub type Instance<H = ()> = ::wardian_rt::Instance<Module<H>>;

/// A guest that calls the host.
#[allow(dead_code)]
pub type Caller<'a, H = ()> = ::wardian_rt::Caller<'a, Module<H>>;

/// The module `adler`, as a type.
pub struct Module<H = ()>(::core::marker::PhantomData<H>);

// SAFETY: the functions are those of the module, as C knows them.
#[allow(unsafe_code)]
unsafe impl<H> ::wardian_rt::Module for Module<H> {
    type Host = H;
    type Exports<'a> = Exports<'a>;
    type Extra = ();
    const DESCRIPTION: ::wardian_rt::raw::Description = ::wardian_rt::raw::Description {
        size: wdn_rsm_adler_size,
        instantiate: wdn_rsm_adler_instantiate,
        memory: Some(wdn_rsm_adler_memory),
        malloc: Some(wdn_rsx_adler_malloc),
        free: Some(wdn_rsx_adler_free),
        functions: ::core::ptr::null(),
        set: None,
        native: false,
        slots: 0..0,
    };
    fn exports(entry: ::wardian_rt::raw::Entry<'_>) -> Exports<'_> {
        Exports(entry)
    }
}

/// The functions of the guest.
pub struct Exports<'a>(::wardian_rt::raw::Entry<'a>);

#[allow(dead_code, non_snake_case, unsafe_code, clippy::too_many_arguments)]
impl Exports<'_> {
    /// `malloc` `(i32) -> i32`
    pub fn malloc(&mut self, a0: impl ::wardian_rt::Argument<u32>) -> Result<::wardian_rt::Tainted<u32>, ::wardian_rt::Trap> {
        let a0 = a0.lower();
        let mut r0: u32 = 0;
        // SAFETY: the function is the instance's own.
        unsafe { self.0.call(|guest| wdn_rsx_adler_malloc(guest, a0, &mut r0)) }?;
        Ok(::wardian_rt::Tainted::new(r0))
    }

    /// `free` `(i32)`
    pub fn free(&mut self, a0: impl ::wardian_rt::Argument<u32>) -> Result<(), ::wardian_rt::Trap> {
        let a0 = a0.lower();
        // SAFETY: the function is the instance's own.
        unsafe { self.0.call(|guest| wdn_rsx_adler_free(guest, a0)) }?;
        Ok(())
    }

    /// `adler32` `(i32, i32) -> i32`
    pub fn adler32(&mut self, a0: impl ::wardian_rt::Argument<u32>, a1: impl ::wardian_rt::Argument<u32>) -> Result<::wardian_rt::Tainted<u32>, ::wardian_rt::Trap> {
        let a0 = a0.lower();
        let a1 = a1.lower();
        let mut r0: u32 = 0;
        // SAFETY: the function is the instance's own.
        unsafe { self.0.call(|guest| wdn_rsx_adler_adler32(guest, a0, a1, &mut r0)) }?;
        Ok(::wardian_rt::Tainted::new(r0))
    }

}

#[allow(unsafe_code)]
unsafe extern "C" {
    fn wdn_rsm_adler_size() -> usize;
    fn wdn_rsm_adler_instantiate(guest: *mut ::core::ffi::c_void, host: *mut ::core::ffi::c_void, store: *mut ::core::ffi::c_void, limits: *const ::wardian_rt::raw::RawLimits, error: *mut ::wardian_rt::raw::RawError) -> u32;
    fn wdn_rsm_adler_memory(guest: *const ::core::ffi::c_void, size: *mut u64) -> *mut u8;
    fn wdn_rsx_adler_malloc(guest: *mut ::core::ffi::c_void, a0: u32, r0: *mut u32) -> u32;
    fn wdn_rsx_adler_free(guest: *mut ::core::ffi::c_void, a0: u32) -> u32;
    fn wdn_rsx_adler_adler32(guest: *mut ::core::ffi::c_void, a0: u32, a1: u32, r0: *mut u32) -> u32;
}
