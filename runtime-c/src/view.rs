//! The bytes of a guest's memory, by guest address. An address can be wrong but never
//! unsafe: every access is checked against the memory's size before it touches anything.
//! No foreign code is needed, so this part can be tested by itself.

#[cfg(feature = "noop")]
use crate::native;
use crate::{Argument, Tainted};
use core::ffi::CStr;
use core::fmt;
use core::marker::PhantomData;
use core::slice::ChunksExact;

/// A 32-bit address in a guest's memory, of a `T`; it need not be valid or aligned.
pub struct GuestPtr<T> {
    address: u32,
    target: PhantomData<fn() -> T>,
}

impl<T> Clone for GuestPtr<T> {
    fn clone(&self) -> GuestPtr<T> {
        *self
    }
}

impl<T> Copy for GuestPtr<T> {}

impl<T> PartialEq for GuestPtr<T> {
    fn eq(&self, other: &GuestPtr<T>) -> bool {
        self.address == other.address
    }
}

impl<T> Eq for GuestPtr<T> {}

impl<T> fmt::Debug for GuestPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.address)
    }
}

impl<T> GuestPtr<T> {
    /// Any number is an address.
    pub const fn new(address: u32) -> GuestPtr<T> {
        GuestPtr { address, target: PhantomData }
    }

    /// The number.
    pub const fn address(self) -> u32 {
        self.address
    }

    /// The same address, of something else.
    pub const fn cast<U>(self) -> GuestPtr<U> {
        GuestPtr::new(self.address)
    }

    /// The address `count` values further; the address space is a ring.
    pub const fn add(self, count: u32) -> GuestPtr<T>
    where
        T: Value,
    {
        GuestPtr::new(self.address.wrapping_add(count.wrapping_mul(T::SIZE)))
    }

    /// Whether C in the guest calls it a null pointer.
    pub const fn is_null(self) -> bool {
        self.address == 0
    }
}

/// A value as a guest stores it: little-endian, with the layout that C for WebAssembly gives
/// it. Any bytes are one. See [`guest_struct!`](crate::guest_struct) for structs.
pub trait Value: Copy {
    /// How many bytes it takes.
    const SIZE: u32;
    /// What its address is a multiple of in C. Accesses of the host need no alignment.
    const ALIGN: u32;
    /// The value of exactly [`SIZE`](Value::SIZE) bytes.
    fn load(bytes: &[u8]) -> Option<Self>;
    /// Writes it to exactly [`SIZE`](Value::SIZE) bytes.
    fn store(self, bytes: &mut [u8]) -> Option<()>;
}

macro_rules! values {
    ($($number:ty)*) => {$(
        impl Value for $number {
            const SIZE: u32 = size_of::<$number>() as u32;
            const ALIGN: u32 = Self::SIZE;
            fn load(bytes: &[u8]) -> Option<$number> {
                bytes.try_into().ok().map(<$number>::from_le_bytes)
            }
            fn store(self, bytes: &mut [u8]) -> Option<()> {
                *bytes.as_mut_array_of()? = self.to_le_bytes();
                Some(())
            }
        }
    )*};
}

/// A slice as an array, for [`Value::store`].
trait AsMutArray {
    fn as_mut_array_of<const N: usize>(&mut self) -> Option<&mut [u8; N]>;
}

impl AsMutArray for [u8] {
    fn as_mut_array_of<const N: usize>(&mut self) -> Option<&mut [u8; N]> {
        self.try_into().ok()
    }
}

values!(u8 i8 u16 i16 u32 i32 u64 i64 f32 f64);

impl<T> Value for GuestPtr<T> {
    const SIZE: u32 = 4;
    const ALIGN: u32 = 4;
    fn load(bytes: &[u8]) -> Option<GuestPtr<T>> {
        u32::load(bytes).map(GuestPtr::new)
    }
    fn store(self, bytes: &mut [u8]) -> Option<()> {
        self.address.store(bytes)
    }
}

impl<T: Value, const N: usize> Value for [T; N] {
    const SIZE: u32 = T::SIZE * N as u32;
    const ALIGN: u32 = T::ALIGN;
    fn load(bytes: &[u8]) -> Option<[T; N]> {
        (bytes.len() == Self::SIZE as usize).then_some(())?;
        let mut chunks = bytes.chunks_exact(T::SIZE.max(1) as usize);
        // All of them, or the first that is missing.
        let first = chunks.next().and_then(T::load)?;
        let mut all = [first; N];
        for slot in &mut all[1..] {
            *slot = T::load(chunks.next()?)?;
        }
        Some(all)
    }
    fn store(self, bytes: &mut [u8]) -> Option<()> {
        (bytes.len() == Self::SIZE as usize).then_some(())?;
        let mut chunks = bytes.chunks_exact_mut(T::SIZE.max(1) as usize);
        self.into_iter().try_for_each(|value| value.store(chunks.next()?))
    }
}

/// A guest's memory, to be read.
///
/// ```
/// use wardian_rt::{GuestPtr, View};
/// let memory = View::new(&[0, 0, 0, 0, 1, 2, 0, 0]);
/// let size = memory.read::<u32>(GuestPtr::new(4)).and_then(|n| n.in_range(0..=1000));
/// assert_eq!(size, Some(0x201));
/// assert!(memory.read::<u32>(GuestPtr::new(5)).is_none());
/// ```
#[derive(Clone, Copy)]
pub struct View<'a>(&'a [u8]);

impl<'a> View<'a> {
    /// All of a memory.
    pub const fn new(memory: &'a [u8]) -> View<'a> {
        View(memory)
    }

    /// Bytes of the whole memory.
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Has the guest no memory?
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// `count` bytes, or `None` if they are not all in the memory.
    pub fn bytes(self, at: GuestPtr<u8>, count: impl Argument<u32>) -> Option<&'a [u8]> {
        #[cfg(feature = "noop")]
        if native::is(self.0) {
            return native::bytes(at.address, count.lower());
        }
        self.0.get(at.address as usize..)?.get(..count.lower() as usize)
    }

    /// One number, or `None` if it is not in the memory.
    pub fn read<T: Value>(self, at: GuestPtr<T>) -> Option<Tainted<T>> {
        T::load(self.bytes(GuestPtr::new(at.address), T::SIZE)?).map(Tainted::new)
    }

    /// `count` values, one after the other, or `None` if they are not all in the memory.
    pub fn values<T: Value>(
        self,
        at: GuestPtr<T>,
        count: impl Argument<u32>,
    ) -> Option<Values<'a, T>> {
        let size = T::SIZE.checked_mul(count.lower())?;
        let chunks = self.bytes(at.cast(), size)?.chunks_exact(T::SIZE.max(1) as usize);
        Some(Values { chunks, values: PhantomData })
    }

    /// A C string, or `None` if no NUL is among its first `cap` bytes in the memory.
    pub fn c_str(self, at: GuestPtr<u8>, cap: u32) -> Option<&'a CStr> {
        #[cfg(feature = "noop")]
        if native::is(self.0) {
            return native::c_str(at.address, cap);
        }
        let rest = self.0.get(at.address as usize..)?;
        CStr::from_bytes_until_nul(&rest[..rest.len().min(cap as usize)]).ok()
    }
}

/// Values in a guest's memory, one after the other; [`View::values`] makes it.
#[derive(Clone, Debug)]
pub struct Values<'a, T> {
    chunks: ChunksExact<'a, u8>,
    values: PhantomData<fn() -> T>,
}

impl<T: Value> Iterator for Values<'_, T> {
    type Item = Tainted<T>;

    fn next(&mut self) -> Option<Tainted<T>> {
        // Every chunk has the size of a value.
        self.chunks.next().and_then(T::load).map(Tainted::new)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.chunks.size_hint()
    }
}

impl<T: Value> ExactSizeIterator for Values<'_, T> {}

/// A guest's memory, to be written.
pub struct ViewMut<'a>(&'a mut [u8]);

impl<'a> ViewMut<'a> {
    /// All of a memory.
    pub fn new(memory: &'a mut [u8]) -> ViewMut<'a> {
        ViewMut(memory)
    }

    /// `count` bytes, or `None` if they are not all in the memory.
    pub fn bytes(&mut self, at: GuestPtr<u8>, count: impl Argument<u32>) -> Option<&mut [u8]> {
        #[cfg(feature = "noop")]
        if native::is(self.0) {
            return native::bytes_mut(at.address, count.lower());
        }
        self.0.get_mut(at.address as usize..)?.get_mut(..count.lower() as usize)
    }

    /// The same, to be read.
    pub fn view(&self) -> View<'_> {
        View(self.0)
    }

    /// Writes values, one after the other; `None`, and nothing was written, if they would
    /// not all be in the memory.
    pub fn write_all<T: Value>(&mut self, at: GuestPtr<T>, values: &[T]) -> Option<()> {
        let size = T::SIZE.checked_mul(u32::try_from(values.len()).ok()?)?;
        let chunks = self.bytes(at.cast(), size)?.chunks_exact_mut(T::SIZE.max(1) as usize);
        chunks.zip(values).try_for_each(|(bytes, value)| value.store(bytes))
    }

    /// Writes one number; `None`, and nothing was written, if it would not be in the memory.
    pub fn write<T: Value>(&mut self, at: GuestPtr<T>, value: T) -> Option<()> {
        value.store(self.bytes(GuestPtr::new(at.address), T::SIZE)?)
    }
}

#[cfg(test)]
mod tests {
    use super::{GuestPtr, View, ViewMut};

    #[test]
    fn numbers_are_little_endian_and_need_no_alignment() {
        let mut memory = [0; 6];
        assert_eq!(ViewMut::new(&mut memory).write(GuestPtr::new(1), 0x0102_0304_u32), Some(()));
        assert_eq!(memory, [0, 4, 3, 2, 1, 0]);
        let read = View::new(&memory).read::<u16>(GuestPtr::new(3)).map(|n| n.verify(|n| n));
        assert_eq!(read, Some(0x0102));
    }

    #[test]
    fn nothing_reaches_past_the_end() {
        let mut memory = [7; 4];
        for (at, count, inside) in
            [(0, 4, true), (4, 0, true), (1, 4, false), (5, 0, false), (u32::MAX, u32::MAX, false)]
        {
            let view = View::new(&memory);
            assert_eq!(view.bytes(GuestPtr::new(at), count).is_some(), inside, "{at} {count}");
        }
        assert_eq!(ViewMut::new(&mut memory).write(GuestPtr::new(1), 0_u32), None);
        assert_eq!(memory, [7; 4]);
    }

    #[test]
    fn a_string_ends_within_its_cap_and_the_memory() {
        let view = View::new(b"ab\0cd");
        assert_eq!(view.c_str(GuestPtr::new(0), 3), Some(c"ab"));
        assert_eq!(view.c_str(GuestPtr::new(0), 2), None);
        assert_eq!(view.c_str(GuestPtr::new(3), 100), None);
        assert_eq!(view.c_str(GuestPtr::new(6), 1), None);
    }
}
