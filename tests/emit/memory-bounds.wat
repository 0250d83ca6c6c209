;; bounds
;; The same with checks: loads and stores with offsets; constants added to an address in bounds become offsets.
(module
  (memory 1)
  (func $copy (param $to i32) (param $from i32)
    (i64.store (local.get $to) (i64.load (local.get $from)))
    (i64.store (i32.add (local.get $to) (i32.const 8)) (i64.load (i32.add (local.get $from) (i32.const 8)))))
  (func $bytes (param $p i32) (result i32)
    (i32.add (i32.load8_s (local.get $p)) (i32.load16_u offset=2 (local.get $p))))
  (func $far (param $p i32) (result i32)
    (i32.load offset=0x80000000 (local.get $p)))
  (func $grow (result i32)
    (i32.add (memory.grow (i32.const 1)) (memory.size))))
