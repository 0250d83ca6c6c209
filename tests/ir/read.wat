;; no-opt
;; As it is read: a fresh variable for each value, results assigned by branches.
(module
  (memory 1)
  (func (param i32) (result i32)
    (block $b (result i32)
      (br_if $b (i32.load (local.get 0)) (local.get 0))
      (drop)
      (loop $l (result i32)
        (br_if $l (i32.eqz (local.get 0)))
        (i32.const 3)))))
