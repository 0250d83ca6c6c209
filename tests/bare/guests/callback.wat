;; For a firmware that is only told of a trap.
(module
  (memory (export "memory") 1 3)
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "fail") (unreachable)))
