;; Every load and store, with offsets at the edges; growing, filling, copying.
(module
  (memory (export "memory") 1 4)
  (data (i32.const 16) "\00\01\02\03hello?? world\ff\80")
  (data (i32.const 40) "next to it")
  (data (i32.const 50) " and next to that")
  (data $late "passive")
  (func (export "loads") (param i32) (result i64)
    i64.const 0
    local.get 0 i32.load i64.extend_i32_u i64.add
    local.get 0 i32.load8_s offset=1 i64.extend_i32_s i64.add
    local.get 0 i32.load8_u offset=2 i64.extend_i32_s i64.add
    local.get 0 i32.load16_s offset=3 i64.extend_i32_s i64.add
    local.get 0 i32.load16_u offset=65535 i64.extend_i32_u i64.add
    local.get 0 i64.load offset=65536 i64.add
    local.get 0 i64.load8_s offset=0x7fffffff i64.add
    local.get 0 i64.load8_u offset=0x80000000 i64.add
    local.get 0 i64.load16_s offset=0xffffffff i64.add
    local.get 0 i64.load16_u i64.add
    local.get 0 i64.load32_s i64.add
    local.get 0 i64.load32_u i64.add
    local.get 0 f64.load i64.reinterpret_f64 i64.add
    local.get 0 f32.load offset=2 i32.reinterpret_f32 i64.extend_i32_u i64.add
    i32.const 16 i64.load i64.xor)
  (func (export "stores") (param i32 i64)
    (i32.store (local.get 0) (i32.wrap_i64 (local.get 1)))
    (i32.store8 offset=4 (local.get 0) (i32.wrap_i64 (local.get 1)))
    (i32.store16 offset=5 (local.get 0) (i32.wrap_i64 (local.get 1)))
    (i64.store offset=8 (local.get 0) (local.get 1))
    (i64.store8 offset=16 (local.get 0) (local.get 1))
    (i64.store16 offset=0xfffffffe (local.get 0) (local.get 1))
    (i64.store32 offset=20 (local.get 0) (local.get 1))
    (f32.store (i32.const 65532) (f32.const nan:0x200001))
    (f64.store (i32.const 65528) (f64.const -inf)))
  (func (export "dead") (param i32)
    (drop (i32.load (local.get 0)))
    (drop (i32.add (i64.eqz (i64.load (local.get 0))) (i32.const 5))))
  (func (export "grow") (param i32) (result i32)
    (i32.store (i32.const 0) (memory.size))
    (i32.add (memory.grow (local.get 0)) (i32.add (memory.size) (i32.load (i32.const 0)))))
  (func (export "bulk") (param i32 i32 i32)
    (memory.fill (local.get 0) (local.get 1) (local.get 2))
    (memory.copy (local.get 0) (local.get 1) (local.get 2))
    (memory.init $late (local.get 0) (i32.const 1) (local.get 2))
    (data.drop $late)))
