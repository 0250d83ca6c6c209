;; A function for each way to fail, and some that work.
(module
  (import "host" "again" (func $again (param i32) (result i32)))
  (memory (export "memory") 1 20000)
  (table 3 3 funcref)
  (elem (i32.const 0) func $work $divide)
  (type $wanted (func (param i32 i32) (result i32)))

  ;; Sums squares by way of memory, with a root at the end: 19 for 10.
  (func $work (export "work") (param $n i32) (result i32)
    (local $sum i32)
    (loop $next
      (i32.store (i32.mul (local.get $n) (i32.const 4)) (i32.mul (local.get $n) (local.get $n)))
      (local.set $sum
        (i32.add (local.get $sum) (i32.load (i32.mul (local.get $n) (i32.const 4)))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.trunc_f64_u (f64.sqrt (f64.convert_i32_u (local.get $sum)))))

  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "store") (param i32) (i64.store offset=8 (local.get 0) (i64.const -1)))
  (func $divide (export "divide") (param i32) (result i32)
    (i32.div_s (i32.const 7) (local.get 0)))
  (func (export "call") (param i32) (result i32)
    (call_indirect (type $wanted) (i32.const 1) (i32.const 2) (local.get 0)))
  (func $endless (export "endless") (result i32)
    (i32.add (call $endless) (i32.const 1)))
  (func (export "convert") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))

  ;; Through the host and back; too deep a call fails, and the ones above it do not.
  (func (export "nest") (param $depth i32) (result i32)
    (if (i32.eqz (local.get $depth)) (then (return (i32.const 5))))
    (if (i32.eq (local.get $depth) (i32.const 97)) (then (unreachable)))
    (i32.add (call $again (i32.sub (local.get $depth) (i32.const 1))) (i32.const 1))))
