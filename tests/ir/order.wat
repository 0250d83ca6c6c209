;; A load stays before the store, a global before its change; a call is alone, and
;; an instruction that traps does not overtake a load.
(module
  (memory 1)
  (global $g (mut i32) (i32.const 0))
  (func $f (param i32) (result i32) local.get 0)
  (func (param i32) (result i32)
    (i32.load (local.get 0))
    (i32.store (local.get 0) (i32.const 1))
    (i32.add (i32.load (local.get 0)))
    (global.get $g)
    (global.set $g (i32.const 2))
    i32.add
    (call $f (local.get 0))
    i32.sub)
  (func (param i32 i32) (result i32)
    (i32.load (local.get 0))
    (i32.div_u (local.get 0) (local.get 1))
    (i32.load offset=4 (local.get 0))
    i32.add
    i32.add))
