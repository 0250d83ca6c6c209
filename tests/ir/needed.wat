;; A load is forced unless its value is needed on every path.
(module
  (memory 1)
  (func (param i32 i32) (result i32) (local $both i32) (local $one i32)
    (local.set $both (i32.load (local.get 0)))
    (local.set $one (i32.load offset=4 (local.get 0)))
    (if (local.get 1) (then (return (local.get $both))))
    (i32.add (local.get $both) (local.get $one)))
  (func (param i32 i32) (local $first i32)
    (local.set $first (i32.load (local.get 0)))
    (loop
      (i32.store (local.get 1) (i32.load offset=8 (local.get 1)))
      (br_if 0 (i32.load8_u (local.get 1))))
    (i32.store (local.get 0) (local.get $first)))
  (func (param i32) (result i32) (i32.shr_u (i32.load8_u (local.get 0)) (i32.const 8))))
