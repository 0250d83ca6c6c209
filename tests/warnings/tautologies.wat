;; Comparisons and arithmetic whose outcome a compiler knows.
(module
  (func (export "always") (param i32 i64 f32 f64) (result i32)
    (i32.ge_u (local.get 0) (i32.const 0))
    (i32.lt_u (local.get 0) (i32.const 0)) i32.add
    (i32.le_u (local.get 0) (i32.const -1)) i32.add
    (i32.gt_s (local.get 0) (i32.const 0x7fffffff)) i32.add
    (i32.lt_s (local.get 0) (i32.const 0x80000000)) i32.add
    (i32.eq (local.get 0) (local.get 0)) i32.add
    (i64.ge_u (local.get 1) (i64.const 0)) i32.add
    (i64.lt_s (local.get 1) (i64.const 0x8000000000000000)) i32.add
    (i64.ne (local.get 1) (local.get 1)) i32.add
    (f32.eq (local.get 2) (local.get 2)) i32.add
    (f64.ne (local.get 3) (local.get 3)) i32.add
    (f64.lt (local.get 3) (f64.const nan)) i32.add
    (i32.lt_u (i32.load8_u (i32.const 0)) (i32.const 256)) i32.add
    (i32.gt_s (i32.load8_s (i32.const 0)) (i32.const 127)) i32.add
    (i32.eq (i32.eqz (local.get 0)) (i32.const 2)) i32.add
    (i32.eqz (i32.eqz (i32.eqz (local.get 0)))) i32.add
    (i32.lt_s (i32.lt_s (local.get 0) (i32.const 3)) (i32.lt_u (local.get 0) (i32.const 4))) i32.add)
  (memory 1)
  (func (export "bits") (param i32 i64) (result i32)
    (i32.sub (local.get 0) (local.get 0))
    (i32.xor (local.get 0) (local.get 0)) i32.or
    (i32.and (local.get 0) (local.get 0)) i32.or
    (i32.shl (local.get 0) (i32.const 32)) i32.or
    (i32.shr_u (local.get 0) (i32.const 95)) i32.or
    (i32.and (i32.or (local.get 0) (i32.const 1)) (i32.xor (local.get 0) (i32.const 2))) i32.or
    (i32.add (i32.shl (local.get 0) (i32.const 1)) (i32.shl (local.get 0) (i32.const 2))) i32.or
    (i32.wrap_i64 (i64.shl (local.get 1) (i64.const 64))) i32.or
    (i32.eq (i32.and (local.get 0) (i32.const 1)) (i32.const 1)) i32.or
    (i32.lt_u (i32.shl (local.get 0) (i32.const 1)) (i32.const 8)) i32.or)
  (func (export "constants") (result i64)
    (i64.add (i64.const 0x7fffffffffffffff) (i64.const 1))
    (i64.mul (i64.const -1) (i64.const 0x8000000000000000)) i64.add
    (i64.div_s (i64.const 0x8000000000000000) (i64.const 2)) i64.add
    (i64.rem_s (i64.const 0x8000000000000000) (i64.const -1)) i64.add
    (i64.extend_i32_u (i32.div_u (i32.const 5) (i32.const 7))) i64.add
    (i64.shl (i64.const 1) (i64.const 63)) i64.add
    (i64.extend_i32_u (i32.shl (i32.const -1) (i32.const 31))) i64.add
    (i64.extend_i32_s (i32.add (i32.const 0x7fffffff) (i32.const 0x7fffffff))) i64.add)
  (func (export "zero") (param i32) (result i32)
    (i32.div_s (local.get 0) (i32.const 0))
    (i32.rem_u (i32.const 1) (i32.const 0)) i32.add
    (i32.div_s (i32.const 0x80000000) (i32.const -1)) i32.add)
  (func (export "floats") (param f32 f64) (result f64)
    (f64.mul (local.get 1) (f64.const 1))
    (f64.add (local.get 1) (f64.const -0)) f64.add
    (f64.sub (f64.const inf) (f64.const inf)) f64.add
    (f64.div (f64.const 0) (f64.const 0)) f64.add
    (f64.promote_f32 (f32.demote_f64 (f64.const 1e300))) f64.add
    (f64.convert_i64_u (i64.const -1)) f64.add
    (f64.const 1e-320) f64.add)
  (func (export "select") (param i32 f32) (result f32)
    (select (local.get 1) (local.get 1) (local.get 0))
    (select (f32.const 1) (f32.const 2) (i32.and (local.get 0) (i32.const 1))) f32.add
    (select (f32.const 1) (f32.const 2) (i32.const 0)) f32.add
    (select (f32.const 1) (f32.const 2) (i32.shl (local.get 0) (i32.const 3))) f32.add)
  (func (export "conditions") (param i32 i64)
    (if (i32.shl (local.get 0) (i32.const 2)) (then (return)))
    (if (i32.mul (local.get 0) (i32.const 3)) (then (return)))
    (if (i32.const 1) (then (nop)))
    (if (i32.wrap_i64 (local.get 1)) (then (return)))
    (if (i32.eq (i32.const 1) (i32.const 1)) (then (nop)))
    (block (br_if 0 (select (i32.const 1) (i32.const 2) (local.get 0))))
    (block (block (br_table 0 1 (i32.lt_u (local.get 0) (i32.const 5)))) (return))
    (block (br_if 0 (i32.or (i64.eqz (local.get 1)) (i32.eqz (local.get 0)))))))
