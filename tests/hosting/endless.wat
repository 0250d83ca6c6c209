(module
  (import "env" "tick" (func $tick))
  (table funcref (elem $down))
  (type $down (func (param i32) (result i32)))
  ;; Each of these would go on for ever, or for longer than anybody waits.
  (func (export "loop") (call $tick) (loop $again (br $again)))
  (func (export "counted") (result i32) (local $i i64) (local $sum i32)
    (call $tick)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (i32.const 3)))
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br_if $again (i64.ne (local.get $i) (i64.const -1))))
    (local.get $sum))
  (func (export "irreducible") (param i32)
    (call $tick)
    (loop $outer
      (loop $inner
        (br_table $outer $inner $outer (i32.and (local.get 0) (i32.const 1))))))
  (func $down (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then
        (i32.add
          (call_indirect (type $down) (i32.sub (local.get 0) (i32.const 1)) (i32.const 0))
          (call $down (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 1))))
  (func (export "calls") (param i32) (result i32) (call $tick) (call $down (local.get 0)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
)
