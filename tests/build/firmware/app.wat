(module
  (memory (export "memory") 1 1)
  (func (export "twice") (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))
  (func (export "get") (param i32) (result i32) (i32.load (local.get 0))))
