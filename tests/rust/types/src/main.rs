//! Reads and writes the guest's structs, whose types were made of its header.

mod shapes {
    wardian_rt::include_module!("shapes");
}

mod types {
    wardian_rt::include_module!("shapes_types");
}

use types::{BLUE, GREEN, LIMIT, MINUS, PLUS, WIDTH, bits, color, packed, point_t, shape, tail};
use wardian_rt::{GuestPtr, Tainted, Value, because};

fn raw<T>(value: Tainted<T>) -> T {
    value.unverified(because!("the library is ours"))
}

fn main() {
    let mut guest = shapes::Instance::new(()).expect("an instance");
    assert_eq!(raw(guest.call().size().unwrap()), shape::SIZE);
    let at: GuestPtr<shape> = guest.alloc(shape::SIZE).unwrap().cast();
    guest.call().fill(at).unwrap();
    let filled = raw(guest.memory().read(at).unwrap());
    read(&guest, at, &filled);
    let written = shape {
        kind: b'h',
        id: 1 << 40,
        color: GREEN,
        sign: PLUS,
        next: GuestPtr::new(0),
        context: at.cast(),
        size: 8,
        count: 9,
        flag: 0,
        weight: -2.5,
        inner: types::shape__bindgen_ty_1 { b: 11, ..filled.inner },
        grid: [[1.0; 3], [12.0; 3]],
        type_: 13,
        last: -14,
        corners: [point_t { x: 1, y: -3 }; 3],
        ..filled
    };
    guest.memory_mut().write(at, written).unwrap();
    assert_eq!(raw(guest.call().check(at).unwrap()), 1);
    // One field alone.
    guest.memory_mut().write(shape::color(at), BLUE).unwrap();
    assert_eq!(raw(guest.call().check(at).unwrap()), 0);
    others();
    println!("all is well");
}

fn read(guest: &shapes::Instance, at: GuestPtr<shape>, it: &shape) {
    assert_eq!((it.kind, it.id), (b'k', -5_000_000_000));
    assert_eq!((LIMIT, WIDTH), (-16, 1 << 32));
    let corners = it.corners.map(|point| (point.x, point.y));
    assert_eq!(corners, [(0, 1), (-100, 2), (-200, 3)]);
    let (color, sign): (color, i32) = (it.color, it.sign);
    assert_eq!((color, sign), (BLUE, MINUS));
    assert_eq!((it.next, it.context), (at, shape::weight(at).cast()));
    assert!(it.hidden.is_null() && it.visit != 0 && it.act == 0);
    assert_eq!((it.size, it.count, it.flag), (-7, shape::SIZE, 1));
    assert_eq!((it.weight, it.inner.a, it.inner.b), (0.5, 200, 1 << 63));
    assert_eq!(it.grid, [[0.25, 1.25, 2.25], [3.25, 4.25, 5.25]]);
    assert_eq!((it.type_, it.last), (0xffff_fff0, -1));
    let second = raw(guest.memory().read(it.names.add(1)).unwrap());
    assert_eq!(guest.memory().c_str(second, 10), Some(c"two"));
}

/// What has no counterpart is only pointed to.
fn others() {
    assert_eq!((tail::SIZE, tail::ALIGN), (12, 4));
    let at = GuestPtr::new(16);
    assert_eq!(tail::packed(at).address(), 24);
    let _: GuestPtr<GuestPtr<packed>> = tail::packed(at);
    let _: Option<GuestPtr<bits>> = None;
}
