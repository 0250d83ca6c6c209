;; Recursions that never end.
(module $deep
  (import "env" "step" (func $step (param i32) (result i32)))
  (global $depth (export "depth") (mut i32) (i32.const 0))
  (memory 1)
  (type $number (func (param i32) (result i32)))
  (table 2 funcref)
  (elem (i32.const 0) $indirect $even)

  (func $down (global.set $depth (i32.add (global.get $depth) (i32.const 1))))

  (func $plain (export "plain") (param i32) (result i32)
    (call $down)
    (i32.add (i32.const 1) (call $plain (i32.add (local.get 0) (i32.const 1)))))

  ;; Nothing is left to do after the call.
  (func $tail (export "tail") (param i32) (result i32)
    (call $down)
    (call $tail (i32.add (local.get 0) (i32.const 1))))

  (func $even (export "even") (param i32) (result i32)
    (call $down)
    (i32.sub (call $odd (local.get 0)) (local.get 0)))
  (func $odd (param i32) (result i32)
    (i32.xor (call $even (i32.add (local.get 0) (i32.const 1))) (local.get 0)))

  (func $indirect (export "indirect") (param i32) (result i32)
    (call $down)
    (i32.add (i32.const 1)
      (call_indirect (type $number) (local.get 0) (i32.and (local.get 0) (i32.const 0)))))

  ;; Calls the host, too, at every step.
  (func $host (export "host") (param i32) (result i32)
    (call $down)
    (i32.add (call $host (call $step (local.get 0))) (local.get 0)))

  ;; Many values live across the call.
  (func $large (export "large") (param i32) (result i32)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)
    (call $down)
    (local.set 1 (i64.load (local.get 0)))
    (local.set 2 (i64.load offset=8 (local.get 0)))
    (local.set 3 (i64.load offset=16 (local.get 0)))
    (local.set 4 (i64.load offset=24 (local.get 0)))
    (local.set 5 (i64.load offset=32 (local.get 0)))
    (local.set 6 (i64.load offset=40 (local.get 0)))
    (local.set 21 (f64.load offset=48 (local.get 0)))
    (local.set 22 (f64.load offset=56 (local.get 0)))
    (local.set 23 (f64.load offset=64 (local.get 0)))
    (local.set 24 (f64.load offset=72 (local.get 0)))
    (i32.add
      (call $large (local.get 0))
      (i32.wrap_i64
        (i64.add
          (i64.add
            (i64.add (local.get 1) (local.get 2))
            (i64.add (local.get 3) (i64.add (local.get 4) (i64.mul (local.get 5) (local.get 6)))))
          (i64.reinterpret_f64
            (f64.add
              (f64.add (local.get 21) (local.get 22))
              (f64.mul (local.get 23) (local.get 24))))))))

  (func (export "fine") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1))))
