;; bounds
;; Loops that count between constants need no checks of what is in bounds throughout.
(module
  (memory 1)
  (func (local $i i32)
    (local.set $i (i32.const -800))
    (loop $next
      (i32.store (i32.add (local.get $i) (i32.const 1824)) (i32.const 7))
      (br_if $next (local.tee $i (i32.add (local.get $i) (i32.const 4))))))
  ;; To the last byte.
  (func (local $i i32)
    (local.set $i (i32.const 16))
    (loop $next
      (i64.store offset=8 (local.get $i) (i64.const 1))
      (br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 65536)))))
  ;; Beyond it.
  (func (local $i i32)
    (local.set $i (i32.const 16))
    (loop $next
      (i64.store offset=9 (local.get $i) (i64.const 1))
      (br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 16))) (i32.const 65536)))))
  ;; It steps over the end.
  (func (local $i i32)
    (local.set $i (i32.const 0))
    (loop $next
      (i32.store8 (local.get $i) (i32.const 1))
      (br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 24))) (i32.const 100)))))
  ;; There is another way back.
  (func (param $p i32) (local $i i32)
    (local.set $i (i32.const 0))
    (loop $next
      (i32.store8 (local.get $i) (i32.const 1))
      (local.set $i (i32.add (local.get $i) (i32.const 64)))
      (br_if $next (local.get $p))
      (br_if $next (i32.ne (local.get $i) (i32.const 1024))))))
