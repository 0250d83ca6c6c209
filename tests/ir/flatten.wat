;; A block that a condition leaves early is an if; labels that nobody needs go.
(module
  (func (param i32) (result i32)
    (block (block (br_if 0 (local.get 0)) (local.set 0 (i32.const 1))) (nop))
    (block (br_if 0 (i32.lt_s (local.get 0) (i32.const 3))) (br_if 0 (local.get 0))
      (local.set 0 (i32.const 2)))
    (loop (local.set 0 (i32.const 4)))
    (local.get 0)))
