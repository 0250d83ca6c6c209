;; Every constant keeps its bits.
(module
  (func (result i32) (i32.const -2147483648))
  (func (result i64) (i64.const -1))
  (func (result f32) (f32.const -0.0))
  (func (result f32) (f32.const 0.1))
  (func (result f64) (f64.const nan:0x4000000000001))
  (func (result f64) (f64.const -inf))
  (func (result f64) (f64.const 1e300))
  (func (param i32) (result i32) (i32.add (local.get 0) (i32.const -8)))
  (func (param i32) (result i32) (i32.lt_s (local.get 0) (i32.const -8)))
  (func (param f64) (result f64) (f64.mul (local.get 0) (f64.const 1.0))))
