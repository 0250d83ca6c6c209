(module
  (elem declare func $three)
  (func $three (result i32) (i32.const 3))
  (func (export "all") (param externref) (result i32 i64 f32 f64 funcref externref)
    (i32.const 1) (i64.const 2) (f32.const 3.5) (f64.const 4.5) (ref.func $three) (local.get 0))
  (func (export "none") (result funcref funcref)
    (ref.null func) (ref.func $three))
)
