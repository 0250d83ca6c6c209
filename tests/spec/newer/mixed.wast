;; unsupported: exceptions (4), gc (1), memory64 (1), simd (7), threads (1)
;; A script of a newer suite: what Wardian lacks is left out and counted, with
;; what depends on it; the rest runs.
(module $vectors
  (memory (export "memory") 1)
  (func (export "splat") (param i32) (result v128) (i32x4.splat (local.get 0))))
(assert_return (invoke "splat" (i32.const 1)) (v128.const i32x4 1 1 1 1))
(register "vectors" $vectors)
(module $plain
  (memory (export "memory") 1)
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "one") (result i32) (i32.const 1)))
(register "plain" $plain)
(assert_return (invoke $plain "one") (i32.const 1))
(assert_return (invoke $plain "load" (i32.const 0)) (i32.const 0))
;; imports from a module that is not there
(module (import "vectors" "memory" (memory 1)) (func (export "one") (result i32) (i32.const 1)))
(assert_return (invoke "one") (i32.const 1))
(assert_unlinkable (module (import "vectors" "memory" (memory 2))) "incompatible import type")
;; invalid in old versions only: that it is refused proves nothing
(assert_invalid (module (memory i64 1) (func (result i32) (i32.load (i64.const 0)))) "type mismatch")
;; a value that cannot even be written
(module $other (func (export "one") (result i32) (i32.const 1)))
(assert_return (invoke $other "one") (i32.const 1))
(assert_return (invoke $other "one" (v128.const i32x4 1 1 1 1)) (i32.const 1))
(assert_return (invoke $other "one") (ref.struct))
(thread $t (invoke "one"))
;; writes to another module's memory, which is no longer what it would have been
(module $writer
  (import "plain" "memory" (memory 1))
  (tag $e)
  (data (i32.const 0) "\01")
  (func (export "throw") (throw $e)))
(assert_exception (invoke $writer "throw"))
(assert_return (invoke $plain "load" (i32.const 0)) (i32.const 1))
(assert_trap (invoke $plain "load" (i32.const 65536)) "out of bounds memory access")
;; the name can be used again
(register "vectors" $other)
(module (import "vectors" "one" (func $one (result i32))) (func (export "two") (result i32)
  (i32.add (call $one) (call $one))))
(assert_return (invoke "two") (i32.const 2))
