//! What may be passed to a guest where it wants a number.

use crate::{GuestPtr, Tainted};

/// A value that can be passed for a parameter of type `T`, which is `u32`, `u64`, `f32`
/// or `f64`. Integers are sign-extended or zero-extended as in C; what a guest chose goes
/// back unchecked.
pub trait Argument<T>: sealed::Sealed {
    /// The number.
    fn lower(self) -> T;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

macro_rules! arguments {
    ($($from:ty => $to:ty,)*) => {$(
        impl Argument<$to> for $from {
            fn lower(self) -> $to {
                self as $to
            }
        }
    )*};
}

macro_rules! sealed {
    ($($ty:ty)*) => {$(impl sealed::Sealed for $ty {})*};
}

sealed!(bool u8 i8 u16 i16 u32 i32 u64 i64 f32 f64);

arguments! {
    bool => u32, u8 => u32, i8 => u32, u16 => u32, i16 => u32, u32 => u32, i32 => u32,
    bool => u64, u8 => u64, i8 => u64, u16 => u64, i16 => u64, u32 => u64, i32 => u64,
    u64 => u64, i64 => u64, f32 => f32, f32 => f64, f64 => f64,
}

impl<T> sealed::Sealed for GuestPtr<T> {}

impl<T> Argument<u32> for GuestPtr<T> {
    fn lower(self) -> u32 {
        self.address()
    }
}

impl<T> sealed::Sealed for Tainted<T> {}

impl<T: Argument<U>, U> Argument<U> for Tainted<T> {
    fn lower(self) -> U {
        self.verify(T::lower)
    }
}

#[cfg(test)]
mod tests {
    use super::Argument;
    use crate::{GuestPtr, Tainted};

    #[test]
    fn integers_are_extended_as_in_c() {
        assert_eq!(Argument::<u64>::lower(-1_i32), u64::MAX);
        assert_eq!(Argument::<u64>::lower(u32::MAX), 0xffff_ffff);
        assert_eq!(Argument::<u32>::lower(-2_i8), 0xffff_fffe);
        assert_eq!(Argument::<u32>::lower(true), 1);
        assert_eq!(Argument::<u32>::lower(Tainted::new(GuestPtr::<u8>::new(9))), 9);
    }
}
