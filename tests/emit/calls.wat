;; Direct calls, several results, imports.
(module
  (import "env" "log" (func $log (param i32 f64)))
  (func $pair (param i32) (result i32 i64)
    (local.get 0) (i64.extend_i32_s (local.get 0)))
  (func $use (result i64) (local i64)
    (call $log (i32.const 1) (f64.const 2.5))
    (call $pair (i32.const 3))
    (local.set 0)
    (drop)
    (local.get 0)))
