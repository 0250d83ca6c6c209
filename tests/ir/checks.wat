;; bounds
;; A check serves all accesses until something happens, and what it dominates.
(module
  (memory 1)
  (func $f)
  (func (param $p i32) (result i32)
    (i32.add (i32.load (local.get $p)) (i32.load offset=12 (local.get $p))))
  (func (param $p i32)
    (i32.store offset=4 (local.get $p) (i32.const 1))
    (call $f)
    (i32.store offset=8 (local.get $p) (i32.const 2))
    (i32.store (local.get $p) (i32.const 3)))
  (func (param $p i32) (result i32) (local $q i32)
    (i32.store offset=8 (local.get $p) (i32.const 2))
    (if (i32.load (local.get $p)) (then (i32.store offset=4 (local.get $p) (i32.const 0))))
    (local.set $q (i32.add (local.get $p) (i32.const 4)))
    (local.set $p (i32.const 5))
    (i32.add (i32.load (local.get $q)) (i32.load (local.get $p))))
  (func (param $p i32) (param $n i32)
    (loop
      (i32.store (local.get $p) (i32.load offset=4 (local.get $p)))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
