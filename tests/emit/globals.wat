;; A global that nothing can change is a literal.
(module
  (global $sp (mut i32) (i32.const 1024))
  (global $limit i32 (i32.const 99))
  (func (result i32)
    (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
    (i32.add (global.get $sp) (global.get $limit))))
