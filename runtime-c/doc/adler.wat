(module
  (memory (export "memory") 2)
  (func (export "malloc") (param i32) (result i32)
    (select (i32.const 1024) (i32.const 0) (i32.lt_u (local.get 0) (i32.const 100000))))
  (func (export "free") (param i32))
  (func (export "adler32") (param $at i32) (param $size i32) (result i32)
    (local $a i32) (local $b i32)
    (local.set $a (i32.const 1))
    (block (loop
      (br_if 1 (i32.eqz (local.get $size)))
      (local.set $a
        (i32.rem_u (i32.add (local.get $a) (i32.load8_u (local.get $at))) (i32.const 65521)))
      (local.set $b (i32.rem_u (i32.add (local.get $b) (local.get $a)) (i32.const 65521)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $size (i32.sub (local.get $size) (i32.const 1)))
      (br 0)))
    (i32.or (i32.shl (local.get $b) (i32.const 16)) (local.get $a))))
