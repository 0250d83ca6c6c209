;; What C's operators get right, and what they do not.
(module
  (func (param f64 f64) (result f64) (f64.sub (f64.mul (local.get 0) (local.get 1)) (local.get 1)))
  (func (param f64 f64) (result f64) (f64.div (local.get 0) (f64.add (local.get 0) (local.get 1))))
  (func (param f32 f32) (result f32) (f32.min (f32.abs (local.get 0)) (f32.neg (local.get 1))))
  (func (param f64) (result i32) (i32.eqz (f64.lt (local.get 0) (f64.const 1))))
  (func (param f64) (result f64) (f64.sub (local.get 0) (f64.const 0)))
  (func (param f64) (result f64) (f64.add (f64.const -0) (local.get 0)))
  (func (param f64) (result f64) (f64.mul (local.get 0) (f64.const nan)))
  (func (result f64) (f64.add (f64.const 0.1) (f64.const 0.2)))
  (func (param f32) (result f32) (f32.demote_f64 (f64.promote_f32 (local.get 0))))
  (func (param f32) (result f32) (f32.reinterpret_i32 (i32.reinterpret_f32 (local.get 0))))
  (func (param i32) (result f64) (f64.convert_i32_u (i32.lt_s (local.get 0) (i32.const 3)))))
