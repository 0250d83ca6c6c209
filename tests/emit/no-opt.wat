;; no-opt
;; Without passes, every value has a variable.
(module
  (memory 1)
  (func (param $p i32) (result i32)
    (block $out
      (br_if $out (i32.eqz (local.get $p)))
      (drop (i32.load (local.get $p))))
    (i32.add (local.get $p) (i32.const 1))))
