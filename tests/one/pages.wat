(module
  (memory (export "memory") 1000 1500 (pagesize 1))
  (data (i32.const 990) "0123456789")
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
)
