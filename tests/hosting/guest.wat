;; A guest with a bit of everything: the module that most hosts here use.
(module $guest
  (import "env" "ask" (func $ask (param i32) (result i32)))
  (memory (export "memory") 1 4)
  (global $count (export "count") (mut i32) (i32.const 0))
  (data (i32.const 8) "hello")
  (type $number (func (param i32) (result i32)))
  (table $functions (export "functions") 4 8 funcref)
  (elem (i32.const 1) func $double $ask)

  (func $double (export "double") (param i32) (result i32)
    (i32.shl (local.get 0) (i32.const 1)))

  ;; Counts, asks the host, counts again.
  (func (export "ask") (param i32) (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (call $ask (local.get 0))
    (global.set $count (i32.add (global.get $count) (i32.const 100))))

  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "divide") (param i32 i32) (result i32)
    (i32.div_s (local.get 0) (local.get 1)))
  (func (export "fail") unreachable)
  (func (export "call") (param i32 i32) (result i32)
    (call_indirect $functions (type $number) (local.get 1) (local.get 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "grow_table") (param i32) (result i32)
    (table.grow $functions (ref.null func) (local.get 0)))

  ;; Never ends by itself.
  (func $deeper (export "deeper") (param i32) (result i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (i32.add (local.get 0) (call $deeper (i32.add (local.get 0) (i32.const 1))))))
