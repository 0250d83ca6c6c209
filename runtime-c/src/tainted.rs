//! What came from a guest and was not checked. It can be moved, copied and handed back to
//! the guest, but a host sees the value only by saying what makes it fit for use.

use crate::GuestPtr;
use core::fmt;
use core::ops::RangeInclusive;

/// A value that a guest chose.
///
/// ```
/// let width = wardian_rt::Tainted::new(640_u32);
/// assert_eq!(width.in_range(1..=4096), Some(640));
/// assert_eq!(width.in_range(1..=100), None);
/// ```
///
/// It is not a number until it was checked:
///
/// ```compile_fail,E0308
/// let width = wardian_rt::Tainted::new(640_u32);
/// let raw: u32 = width;
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct Tainted<T>(T);

impl<T> Tainted<T> {
    /// Marks a value as the guest's.
    pub const fn new(value: T) -> Tainted<T> {
        Tainted(value)
    }

    /// Lets `check` decide what the value is good for.
    pub fn verify<U>(self, check: impl FnOnce(T) -> U) -> U {
        check(self.0)
    }

    /// Another value made of this one, which is tainted too.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Tainted<U> {
        Tainted(change(self.0))
    }

    /// The value as it is. The reason is for those who review the host.
    ///
    /// ```
    /// use wardian_rt::{because, Tainted};
    /// let checksum = Tainted::new(7_u32).unverified(because!("it is only printed"));
    /// assert_eq!(checksum, 7);
    /// ```
    ///
    /// A reason is never empty:
    ///
    /// ```compile_fail,E0080
    /// use wardian_rt::{because, Tainted};
    /// Tainted::new(7_u32).unverified(because!(""));
    /// ```
    pub fn unverified(self, _reason: Because) -> T {
        self.0
    }
}

/// Without the value, which nobody has checked.
impl<T> fmt::Debug for Tainted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tainted(_)")
    }
}

impl Tainted<u32> {
    /// The value as an address, which needs no check: every use of one is checked.
    pub const fn ptr<T>(self) -> GuestPtr<T> {
        GuestPtr::new(self.0)
    }
}

impl<T: PartialOrd> Tainted<T> {
    /// The value, if it is in `range`. A NaN is in none.
    pub fn in_range(self, range: RangeInclusive<T>) -> Option<T> {
        range.contains(&self.0).then_some(self.0)
    }
}

/// Why a value may be used without a check: made by [`because!`](crate::because).
#[derive(Clone, Copy, Debug)]
pub struct Because(());

impl Because {
    /// For the macro, which evaluates it at compile time.
    #[doc(hidden)]
    pub const fn new(reason: &str) -> Because {
        assert!(!reason.is_empty(), "say why the value needs no check");
        Because(())
    }
}

/// A reason for [`Tainted::unverified`], a string that is not empty.
#[macro_export]
macro_rules! because {
    ($reason:literal) => {
        const { $crate::Because::new($reason) }
    };
}

#[cfg(test)]
mod tests {
    use super::Tainted;

    #[test]
    fn ranges_include_their_ends() {
        for (value, inside) in [(0, false), (1, true), (9, true), (10, false)] {
            assert_eq!(Tainted::new(value).in_range(1..=9).is_some(), inside, "{value}");
        }
    }

    #[test]
    fn a_nan_is_in_no_range() {
        let all = f32::NEG_INFINITY..=f32::INFINITY;
        assert_eq!(Tainted::new(f32::NAN).in_range(all.clone()), None);
        assert_eq!(Tainted::new(1.0).in_range(all), Some(1.0));
    }

    #[test]
    fn a_check_sees_what_map_made() {
        assert_eq!(Tainted::new(20_u32).map(|n| n + 1).verify(|n| n * 2), 42);
    }
}
