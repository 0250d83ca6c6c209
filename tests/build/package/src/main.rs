//! Calls functions of a module that its build script translated.

use std::ffi::{CStr, c_char, c_void};

extern crate package; // for the module and the runtime that it links

type Function = unsafe extern "C" fn(*mut c_void, u32) -> u32;

unsafe extern "C" {
    fn app_twice(app: *mut c_void, x: u32) -> u32;
    fn app_get(app: *mut c_void, address: u32) -> u32;
    fn shim_call(function: Function, argument: u32, result: *mut u32) -> *const c_char;
}

fn call(function: Function, argument: u32) -> Result<u32, String> {
    let mut result = 0;
    let message = unsafe { shim_call(function, argument, &mut result) };
    if message.is_null() {
        return Ok(result);
    }
    Err(unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned())
}

fn main() {
    println!("21 twice is {}", call(app_twice, 21).expect("no trap"));
    println!("{}", call(app_get, 65536).expect_err("a trap"));
}
