;; A loop that ends with a branch back is a loop of C; others are labels.
(module
  (func $while (param $n i32) (result i32) (local $s i32)
    (block $out
      (loop $top
        (br_if $out (i32.eqz (local.get $n)))
        (local.set $s (i32.add (local.get $s) (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $top)))
    (local.get $s))
  (func $do (param $n i32) (result i32) (local $s i32)
    (loop $top
      (local.set $s (i32.add (local.get $s) (local.get $n)))
      (br_if $top (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s))
  (func $continue (param $n i32)
    (loop $top
      (br_if $top (i32.and (local.get $n) (i32.const 1)))
      (local.set $n (i32.shr_u (local.get $n) (i32.const 1)))
      (br_if $top (local.get $n))))
  (func $params (param $n i32) (result i32)
    (local.get $n) (i32.const 1)
    (loop $top (param i32 i32) (result i32)
      (i32.mul)
      (br_if 1 (i32.lt_u (local.get $n) (i32.const 2)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (local.get $n)
      (br $top))))
