;; What nobody reads goes, and what only that needed; what may trap stays.
(module
  (memory 1)
  (func (param i32 i32) (result i32) (local i32 i32)
    (local.set 2 (i32.mul (local.get 0) (i32.const 3)))
    (local.set 3 (i32.add (local.get 2) (i32.const 1)))
    (drop (i32.clz (local.get 3)))
    (drop (i32.rem_u (local.get 0) (local.get 1)))
    (drop (i32.add (i32.load (local.get 0)) (i32.const 1)))
    (drop (i32.div_u (local.get 0) (i32.const 5)))
    (local.get 1)))
