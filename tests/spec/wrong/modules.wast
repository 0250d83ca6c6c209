;; Every assertion here is wrong, and the runner must say so.
(assert_invalid (module (func (result i32) (i32.const 1))) "type mismatch")
(assert_malformed (module quote "(func (result i32) (i32.const 1))") "unexpected token")
(assert_malformed (module binary "\00asm\01\00\00\00") "unexpected end")
(assert_unlinkable (module (import "spectest" "print" (func))) "unknown import")
(assert_unlinkable (module (import "spectest" "print" (func (param i32)))) "unknown import")
(assert_unlinkable (module (import "spectest" "nothing" (func))) "incompatible import type")
(assert_unlinkable (module (func $start (unreachable)) (start $start)) "unknown import")
(assert_trap (module (import "spectest" "nothing" (func))) "unreachable")
