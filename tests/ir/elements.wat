;; static
;; Elements of arrays: a small number and constants that are added to it.
(module
  (memory 1)
  (func (param $i i32) (result i32) (local $a i32) (local $x i32)
    (local.set $x (i32.shl (i32.and (local.get $i) (i32.const 63)) (i32.const 3)))
    (local.set $a (i32.add (local.get $x) (i32.const 400)))
    (local.set $x (i32.add (local.get $x) (i32.const 404)))
    (i32.store (local.get $x) (i32.const 1))
    (i32.load (local.get $a)))
  ;; It may wrap.
  (func (param $x i32) (result i32) (local $a i32)
    (local.set $a (i32.add (local.get $x) (i32.const 400)))
    (local.set $x (i32.add (local.get $x) (i32.const 404)))
    (i32.store (local.get $x) (i32.const 1))
    (i32.load (local.get $a)))
  ;; No address.
  (func (param $x i32) (result i32) (local $a i32)
    (local.set $x (i32.and (local.get $x) (i32.const 63)))
    (local.set $a (i32.add (local.get $x) (i32.const 400)))
    (i32.mul (local.get $x) (local.get $a))))
