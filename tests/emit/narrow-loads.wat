;; A load is forced if a compiler could make it too short to trap, or drop it.
(module
  (memory 1)
  (func (param i32) (result i32) (i32.wrap_i64 (i64.load (local.get 0))))
  (func (param i32) (result i32) (i32.and (i32.load (local.get 0)) (i32.const 255)))
  (func (param i32) (result i32) (i32.and (i32.load (local.get 0)) (i32.const 0x7f000000)))
  (func (param i32) (result i32) (i32.and (i32.load8_u (local.get 0)) (i32.const 15)))
  (func (param i32) (i32.store8 (local.get 0) (i32.load (local.get 0))))
  (func (param i32) (if (i32.load (local.get 0)) (then)))
  (func (param i32) (result i32) (local $x i32)
    (local.set $x (i32.load (local.get 0)))
    (i32.xor (local.get $x) (local.get $x))))
