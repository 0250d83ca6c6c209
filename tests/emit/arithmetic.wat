;; Division by a constant needs no check; comparisons in arithmetic are converted.
(module
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 10)))
  (func (param i32) (result i32) (i32.rem_u (local.get 0) (i32.const 10)))
  (func (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32)
    (i32.sub (i32.lt_u (local.get 0) (local.get 1)) (i32.gt_u (local.get 0) (local.get 1))))
  (func (param i64 i64) (result i64) (i64.shl (local.get 0) (local.get 1)))
  (func (param i32) (result i32) (i32.shr_s (local.get 0) (i32.const 35)))
  (func (param i64) (result i32) (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32))))
  (func (param i32) (result i64) (i64.extend_i32_u (i32.eqz (local.get 0))))
  (func (param i32 i32 i32) (result i32)
    (select (local.get 1) (local.get 2) (i32.and (local.get 0) (i32.const 1))))
  (func (param f32) (result i32) (i32.trunc_f32_s (local.get 0))))
