;; A value used once becomes an operand. One that may trap keeps its place.
(module
  (func (export "pure") (param i32 i32) (result i32)
    (i32.mul (i32.add (local.get 0) (local.get 1)) (i32.const 3)))
  (func (export "traps") (param i32 i32) (result i32)
    (i32.add (i32.div_u (i32.const 1) (local.get 0)) (i32.div_u (i32.const 2) (local.get 1)))))
