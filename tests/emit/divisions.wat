;; Only a division that may trap is a function; the constants 0 and -1 may.
(module
  (func (param i64) (result i64) (i64.div_u (local.get 0) (i64.const 8)))
  (func (param i32) (result i32) (i32.rem_s (local.get 0) (i32.const -7)))
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 0x80000000)))
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const -1)))
  (func (param i32) (result i32) (i32.rem_u (local.get 0) (i32.const 0)))
  (func (param i32 i32) (drop (i32.div_u (local.get 0) (local.get 1))))
  (func (param i32) (drop (i32.div_u (local.get 0) (i32.const 3)))))
