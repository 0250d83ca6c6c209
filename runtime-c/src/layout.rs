//! Structs of the guest: where their fields are, which is where C for WebAssembly puts them
//! and not where the host's compiler would.

/// Size and alignment of each field.
type Fields = [(u32, u32)];

/// Where field number `index` is or, behind the last, where the struct ends but for padding.
#[doc(hidden)]
pub const fn offset(fields: &Fields, index: usize) -> u32 {
    let mut at = 0;
    let mut i = 0;
    while i < fields.len() && i <= index {
        let (size, align) = fields[i];
        at = up(at, align);
        if i < index {
            at += size;
        }
        i += 1;
    }
    at
}

/// The alignment of a struct.
#[doc(hidden)]
pub const fn align(fields: &Fields) -> u32 {
    let mut most = 1;
    let mut i = 0;
    while i < fields.len() {
        most = if fields[i].1 > most { fields[i].1 } else { most };
        i += 1;
    }
    most
}

/// Its size.
#[doc(hidden)]
pub const fn size(fields: &Fields) -> u32 {
    up(offset(fields, fields.len()), align(fields))
}

const fn up(at: u32, align: u32) -> u32 {
    at.div_ceil(align) * align
}

/// Defines a struct that has, in the guest's memory, the layout that C for WebAssembly gives
/// it: little-endian, pointers of 32 bits, `long` and `size_t` too. It is a
/// [`Value`](crate::Value), to be read and written as a whole, and for each field there is a
/// function from the struct's address to the field's. Types of fields are numbers,
/// [`GuestPtr`](crate::GuestPtr)s, arrays of such, and other structs.
///
/// ```
/// use wardian_rt::{GuestPtr, View, guest_struct};
/// guest_struct! {
///     /// `struct entry { char kind; double weight; struct entry *next; };`
///     pub struct Entry {
///         pub kind: u8,
///         pub weight: f64,
///         pub next: GuestPtr<Entry>,
///     }
/// }
/// let memory = [0; 48];
/// let entry = GuestPtr::<Entry>::new(24);
/// assert_eq!(Entry::weight(entry).address(), 32);
/// assert_eq!(View::new(&memory).read(Entry::next(entry)).map(|it| it.verify(|it| it.is_null())), Some(true));
/// assert!(View::new(&memory).read(entry).is_some());
/// assert!(View::new(&memory).read(GuestPtr::<Entry>::new(25)).is_none());
/// ```
#[macro_export]
macro_rules! guest_struct {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $ty:ty),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq)]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $ty,)+
        }

        #[allow(dead_code)]
        impl $name {
            const FIELDS: &'static [(u32, u32)] =
                &[$((<$ty as $crate::Value>::SIZE, <$ty as $crate::Value>::ALIGN)),+];

            $(
                /// Where the field of that name is in a struct at this address.
                $field_vis const fn $field(at: $crate::GuestPtr<$name>) -> $crate::GuestPtr<$ty> {
                    $crate::GuestPtr::new(at.address().wrapping_add(Self::offset_of(stringify!($field))))
                }
            )+

            const fn offset_of(field: &str) -> u32 {
                const NAMES: &[&str] = &[$(stringify!($field)),+];
                let mut i = 0;
                while i < NAMES.len() && !$crate::layout::same(NAMES[i], field) {
                    i += 1;
                }
                $crate::layout::offset(Self::FIELDS, i)
            }
        }

        impl $crate::Value for $name {
            const SIZE: u32 = $crate::layout::size(Self::FIELDS);
            const ALIGN: u32 = $crate::layout::align(Self::FIELDS);

            fn load(bytes: &[u8]) -> Option<$name> {
                (bytes.len() == Self::SIZE as usize).then_some(())?;
                Some($name {
                    $($field: $crate::layout::load(bytes, Self::offset_of(stringify!($field)))?,)+
                })
            }

            fn store(self, bytes: &mut [u8]) -> Option<()> {
                (bytes.len() == Self::SIZE as usize).then_some(())?;
                $($crate::layout::store(bytes, Self::offset_of(stringify!($field)), self.$field)?;)+
                Some(())
            }
        }
    };
}

/// Are the two strings the same? For constants.
#[doc(hidden)]
pub const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// The value at an offset.
#[doc(hidden)]
pub fn load<T: crate::Value>(bytes: &[u8], at: u32) -> Option<T> {
    T::load(bytes.get(at as usize..)?.get(..T::SIZE as usize)?)
}

/// Puts a value at an offset.
#[doc(hidden)]
pub fn store<T: crate::Value>(bytes: &mut [u8], at: u32, value: T) -> Option<()> {
    value.store(bytes.get_mut(at as usize..)?.get_mut(..T::SIZE as usize)?)
}

#[cfg(test)]
mod tests {
    use crate::{GuestPtr, Value, View, ViewMut};

    crate::guest_struct! {
        struct Inner { a: u8, b: u16 }
    }

    crate::guest_struct! {
        struct Outer { x: u8, y: u64, z: [u16; 3], inner: [Inner; 2], p: GuestPtr<Outer>, last: i8 }
    }

    #[test]
    fn fields_are_where_c_puts_them() {
        assert_eq!((Inner::SIZE, Inner::ALIGN), (4, 2));
        let at = GuestPtr::new(100);
        let offsets = [
            Outer::x(at).address(),
            Outer::y(at).address(),
            Outer::z(at).address(),
            Outer::inner(at).address(),
            Outer::p(at).address(),
            Outer::last(at).address(),
        ];
        assert_eq!(offsets.map(|it| it - 100), [0, 8, 16, 22, 32, 36]);
        assert_eq!((Outer::SIZE, Outer::ALIGN), (40, 8));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let inner = [Inner { a: 1, b: 0x0203 }, Inner { a: 4, b: 5 }];
        let p = GuestPtr::new(0x1234_5678);
        let value = Outer { x: 6, y: 7 << 40, z: [8, 9, 10], inner, p, last: -11 };
        let mut memory = [0xee; 50];
        let at = GuestPtr::new(3);
        assert_eq!(ViewMut::new(&mut memory).write(at, value), Some(()));
        // Padding is as it was.
        assert_eq!(memory[3..12], [6, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0]);
        assert_eq!(memory[35..39], [0x78, 0x56, 0x34, 0x12]);
        assert_eq!(View::new(&memory).read(at).map(|it| it.verify(|it| it)), Some(value));
        assert_eq!(ViewMut::new(&mut memory).write(GuestPtr::new(11), value), None);
    }
}
