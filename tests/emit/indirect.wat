;; A table that nothing can change is constant; another is looked up.
(module
  (type $t (func (param i32) (result i32)))
  (table $fixed 2 funcref)
  (table $open (export "open") 2 funcref)
  (elem (table $fixed) (i32.const 0) func $f)
  (func $f (type $t) (local.get 0))
  (func (param i32) (result i32)
    (call_indirect $fixed (type $t) (i32.const 1) (local.get 0)))
  (func (param i32) (result i32)
    (call_indirect $open (type $t) (i32.const 1) (local.get 0))))
