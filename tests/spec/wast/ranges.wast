;; Comparisons of bytes in a range, as C compilers write them, for every byte; and values
;; that are small on one path only. `$masked` is what nothing is known about.
(module
  (memory 1)
  (func $masked (param $x i32) (param $c i32) (param $mask i32) (result i32)
    (i32.and (i32.add (local.get $x) (local.get $c)) (local.get $mask)))

  ;; How many comparisons of `$from` and the next 255 numbers are wrong?
  (func (export "wrong") (param $from i32) (result i32) (local $wrong i32) (local $x i32) (local $to i32)
    (local.set $to (i32.add (local.get $from) (i32.const 256)))
    (loop $next
      (i32.store (i32.const 0) (local.get $from))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (i32.lt_u (call $masked (local.get $x) (i32.const -58) (i32.const 255)) (i32.const 245)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (i32.gt_u (call $masked (local.get $x) (i32.const -58) (i32.const 255)) (i32.const 245)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (i32.le_u (call $masked (local.get $x) (i32.const -58) (i32.const 255)) (i32.const 245)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (i32.ge_u (call $masked (local.get $x) (i32.const -58) (i32.const 255)) (i32.const 245)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const -65)) (i32.const 255)) (i32.const 25))
        (i32.lt_u (call $masked (local.get $x) (i32.const -65) (i32.const 255)) (i32.const 25)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const -65)) (i32.const 255)) (i32.const 25))
        (i32.gt_u (call $masked (local.get $x) (i32.const -65) (i32.const 255)) (i32.const 25)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const -65)) (i32.const 255)) (i32.const 25))
        (i32.le_u (call $masked (local.get $x) (i32.const -65) (i32.const 255)) (i32.const 25)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const -65)) (i32.const 255)) (i32.const 25))
        (i32.ge_u (call $masked (local.get $x) (i32.const -65) (i32.const 255)) (i32.const 25)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const 0)) (i32.const 255)) (i32.const 100))
        (i32.lt_u (call $masked (local.get $x) (i32.const 0) (i32.const 255)) (i32.const 100)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const 0)) (i32.const 255)) (i32.const 100))
        (i32.gt_u (call $masked (local.get $x) (i32.const 0) (i32.const 255)) (i32.const 100)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const 0)) (i32.const 255)) (i32.const 100))
        (i32.le_u (call $masked (local.get $x) (i32.const 0) (i32.const 255)) (i32.const 100)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const 0)) (i32.const 255)) (i32.const 100))
        (i32.ge_u (call $masked (local.get $x) (i32.const 0) (i32.const 255)) (i32.const 100)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 10))
        (i32.lt_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 10)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 10))
        (i32.gt_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 10)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 10))
        (i32.le_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 10)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 10))
        (i32.ge_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 10)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const -200)) (i32.const 255)) (i32.const 55))
        (i32.lt_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 55)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const -200)) (i32.const 255)) (i32.const 55))
        (i32.gt_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 55)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const -200)) (i32.const 255)) (i32.const 55))
        (i32.le_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 55)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const -200)) (i32.const 255)) (i32.const 55))
        (i32.ge_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 55)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 56))
        (i32.lt_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 56)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 56))
        (i32.gt_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 56)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 56))
        (i32.le_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 56)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 56))
        (i32.ge_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 56)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 200))
        (i32.lt_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 200)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 200))
        (i32.gt_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 200)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 200))
        (i32.le_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 200)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const 200)) (i32.const 255)) (i32.const 200))
        (i32.ge_u (call $masked (local.get $x) (i32.const 200) (i32.const 255)) (i32.const 200)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const 1)) (i32.const 255)) (i32.const 254))
        (i32.lt_u (call $masked (local.get $x) (i32.const -1) (i32.const 255)) (i32.const 254)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 1)) (i32.const 255)) (i32.const 254))
        (i32.gt_u (call $masked (local.get $x) (i32.const -1) (i32.const 255)) (i32.const 254)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const 1)) (i32.const 255)) (i32.const 254))
        (i32.le_u (call $masked (local.get $x) (i32.const -1) (i32.const 255)) (i32.const 254)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const 1)) (i32.const 255)) (i32.const 254))
        (i32.ge_u (call $masked (local.get $x) (i32.const -1) (i32.const 255)) (i32.const 254)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const -1)) (i32.const 255)) (i32.const 0))
        (i32.lt_u (call $masked (local.get $x) (i32.const 1) (i32.const 255)) (i32.const 0)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const -1)) (i32.const 255)) (i32.const 0))
        (i32.gt_u (call $masked (local.get $x) (i32.const 1) (i32.const 255)) (i32.const 0)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const -1)) (i32.const 255)) (i32.const 0))
        (i32.le_u (call $masked (local.get $x) (i32.const 1) (i32.const 255)) (i32.const 0)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const -1)) (i32.const 255)) (i32.const 0))
        (i32.ge_u (call $masked (local.get $x) (i32.const 1) (i32.const 255)) (i32.const 0)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const -255)) (i32.const 255)) (i32.const 7))
        (i32.lt_u (call $masked (local.get $x) (i32.const -255) (i32.const 255)) (i32.const 7)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const -255)) (i32.const 255)) (i32.const 7))
        (i32.gt_u (call $masked (local.get $x) (i32.const -255) (i32.const 255)) (i32.const 7)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const -255)) (i32.const 255)) (i32.const 7))
        (i32.le_u (call $masked (local.get $x) (i32.const -255) (i32.const 255)) (i32.const 7)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const -255)) (i32.const 255)) (i32.const 7))
        (i32.ge_u (call $masked (local.get $x) (i32.const -255) (i32.const 255)) (i32.const 7)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const 255)) (i32.const 255)) (i32.const 255))
        (i32.lt_u (call $masked (local.get $x) (i32.const 255) (i32.const 255)) (i32.const 255)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const 255)) (i32.const 255)) (i32.const 255))
        (i32.gt_u (call $masked (local.get $x) (i32.const 255) (i32.const 255)) (i32.const 255)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const 255)) (i32.const 255)) (i32.const 255))
        (i32.le_u (call $masked (local.get $x) (i32.const 255) (i32.const 255)) (i32.const 255)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const 255)) (i32.const 255)) (i32.const 255))
        (i32.ge_u (call $masked (local.get $x) (i32.const 255) (i32.const 255)) (i32.const 255)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const 128)) (i32.const 255)) (i32.const 127))
        (i32.lt_u (call $masked (local.get $x) (i32.const -128) (i32.const 255)) (i32.const 127)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 128)) (i32.const 255)) (i32.const 127))
        (i32.gt_u (call $masked (local.get $x) (i32.const -128) (i32.const 255)) (i32.const 127)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const 128)) (i32.const 255)) (i32.const 127))
        (i32.le_u (call $masked (local.get $x) (i32.const -128) (i32.const 255)) (i32.const 127)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const 128)) (i32.const 255)) (i32.const 127))
        (i32.ge_u (call $masked (local.get $x) (i32.const -128) (i32.const 255)) (i32.const 127)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const 300)) (i32.const 255)) (i32.const 20))
        (i32.lt_u (call $masked (local.get $x) (i32.const 300) (i32.const 255)) (i32.const 20)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const 300)) (i32.const 255)) (i32.const 20))
        (i32.gt_u (call $masked (local.get $x) (i32.const 300) (i32.const 255)) (i32.const 20)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const 300)) (i32.const 255)) (i32.const 20))
        (i32.le_u (call $masked (local.get $x) (i32.const 300) (i32.const 255)) (i32.const 20)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const 300)) (i32.const 255)) (i32.const 20))
        (i32.ge_u (call $masked (local.get $x) (i32.const 300) (i32.const 255)) (i32.const 20)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const -5)) (i32.const 255)) (i32.const 300))
        (i32.lt_u (call $masked (local.get $x) (i32.const 5) (i32.const 255)) (i32.const 300)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const -5)) (i32.const 255)) (i32.const 300))
        (i32.gt_u (call $masked (local.get $x) (i32.const 5) (i32.const 255)) (i32.const 300)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const -5)) (i32.const 255)) (i32.const 300))
        (i32.le_u (call $masked (local.get $x) (i32.const 5) (i32.const 255)) (i32.const 300)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const -5)) (i32.const 255)) (i32.const 300))
        (i32.ge_u (call $masked (local.get $x) (i32.const 5) (i32.const 255)) (i32.const 300)))))
      (local.set $x (i32.load16_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const 70)) (i32.const 65535)) (i32.const 9))
        (i32.lt_u (call $masked (local.get $x) (i32.const -70) (i32.const 65535)) (i32.const 9)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 70)) (i32.const 65535)) (i32.const 9))
        (i32.gt_u (call $masked (local.get $x) (i32.const -70) (i32.const 65535)) (i32.const 9)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const 70)) (i32.const 65535)) (i32.const 9))
        (i32.le_u (call $masked (local.get $x) (i32.const -70) (i32.const 65535)) (i32.const 9)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const 70)) (i32.const 65535)) (i32.const 9))
        (i32.ge_u (call $masked (local.get $x) (i32.const -70) (i32.const 65535)) (i32.const 9)))))
      (local.set $x (i32.load16_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.add (local.get $x) (i32.const 65000)) (i32.const 65535)) (i32.const 600))
        (i32.lt_u (call $masked (local.get $x) (i32.const 65000) (i32.const 65535)) (i32.const 600)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.add (local.get $x) (i32.const 65000)) (i32.const 65535)) (i32.const 600))
        (i32.gt_u (call $masked (local.get $x) (i32.const 65000) (i32.const 65535)) (i32.const 600)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.add (local.get $x) (i32.const 65000)) (i32.const 65535)) (i32.const 600))
        (i32.le_u (call $masked (local.get $x) (i32.const 65000) (i32.const 65535)) (i32.const 600)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.add (local.get $x) (i32.const 65000)) (i32.const 65535)) (i32.const 600))
        (i32.ge_u (call $masked (local.get $x) (i32.const 65000) (i32.const 65535)) (i32.const 600)))))
      (local.set $x (i32.load16_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const -65000)) (i32.const 65535)) (i32.const 535))
        (i32.lt_u (call $masked (local.get $x) (i32.const 65000) (i32.const 65535)) (i32.const 535)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const -65000)) (i32.const 65535)) (i32.const 535))
        (i32.gt_u (call $masked (local.get $x) (i32.const 65000) (i32.const 65535)) (i32.const 535)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const -65000)) (i32.const 65535)) (i32.const 535))
        (i32.le_u (call $masked (local.get $x) (i32.const 65000) (i32.const 65535)) (i32.const 535)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const -65000)) (i32.const 65535)) (i32.const 535))
        (i32.ge_u (call $masked (local.get $x) (i32.const 65000) (i32.const 65535)) (i32.const 535)))))
      (local.set $x (i32.load16_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const 1)) (i32.const 65535)) (i32.const 65534))
        (i32.lt_u (call $masked (local.get $x) (i32.const -1) (i32.const 65535)) (i32.const 65534)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 1)) (i32.const 65535)) (i32.const 65534))
        (i32.gt_u (call $masked (local.get $x) (i32.const -1) (i32.const 65535)) (i32.const 65534)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const 1)) (i32.const 65535)) (i32.const 65534))
        (i32.le_u (call $masked (local.get $x) (i32.const -1) (i32.const 65535)) (i32.const 65534)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const 1)) (i32.const 65535)) (i32.const 65534))
        (i32.ge_u (call $masked (local.get $x) (i32.const -1) (i32.const 65535)) (i32.const 65534)))))
      (local.set $x (i32.load16_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (i32.lt_u (call $masked (local.get $x) (i32.const -58) (i32.const 255)) (i32.const 245)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (i32.gt_u (call $masked (local.get $x) (i32.const -58) (i32.const 255)) (i32.const 245)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (i32.le_u (call $masked (local.get $x) (i32.const -58) (i32.const 255)) (i32.const 245)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (i32.ge_u (call $masked (local.get $x) (i32.const -58) (i32.const 255)) (i32.const 245)))))
      (local.set $x (i32.load8_u (i32.const 0)))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.lt_u (i32.and (i32.sub (local.get $x) (i32.const 3)) (i32.const 15)) (i32.const 4))
        (i32.lt_u (call $masked (local.get $x) (i32.const -3) (i32.const 15)) (i32.const 4)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 3)) (i32.const 15)) (i32.const 4))
        (i32.gt_u (call $masked (local.get $x) (i32.const -3) (i32.const 15)) (i32.const 4)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.le_u (i32.and (i32.sub (local.get $x) (i32.const 3)) (i32.const 15)) (i32.const 4))
        (i32.le_u (call $masked (local.get $x) (i32.const -3) (i32.const 15)) (i32.const 4)))))
      (local.set $wrong (i32.add (local.get $wrong) (i32.ne
        (i32.ge_u (i32.and (i32.sub (local.get $x) (i32.const 3)) (i32.const 15)) (i32.const 4))
        (i32.ge_u (call $masked (local.get $x) (i32.const -3) (i32.const 15)) (i32.const 4)))))
      (br_if $next (i32.ne (local.tee $from (i32.add (local.get $from) (i32.const 1))) (local.get $to))))
    (local.get $wrong))

  ;; Is it a digit, modulo 256? On some path the number has more bits.
  (func (export "if") (param $x i32) (param $way i32) (result i32)
    (local.set $x (i32.and (local.get $x) (i32.const 255)))
    (if (local.get $way) (then (local.set $x (i32.add (local.get $x) (i32.const 256)))))
    (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245)))
  (func (export "else") (param $x i32) (param $way i32) (result i32)
    (if (local.get $way)
      (then (local.set $x (i32.and (local.get $x) (i32.const 255))))
      (else
        (if (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245))
          (then (return (i32.const 2))))))
    (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245)))
  (func (export "leave") (param $x i32) (param $way i32) (result i32)
    (block $out
      (block $in
        (local.set $x (i32.or (local.get $x) (i32.const 256)))
        (br_if $in (local.get $way))
        (br_if $out (i32.const 1))
        (local.set $x (i32.const 0)))
      (local.set $x (i32.and (local.get $x) (i32.const 255))))
    (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245)))
  (func (export "table") (param $x i32) (param $way i32) (result i32)
    (block $c (block $b (block $a
      (local.set $x (i32.and (local.get $x) (i32.const 255)))
      (br_table $a $b $c (local.get $way)))
      (local.set $x (i32.add (local.get $x) (i32.const 512)))
      (br $c)))
    (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245)))
  (func (export "loop") (param $x i32) (param $way i32) (result i32) (local $found i32)
    (local.set $x (i32.and (local.get $x) (i32.const 255)))
    (loop $again
      (local.set $found (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245)))
      (local.set $x (i32.add (local.get $x) (i32.const 256)))
      (br_if $again (i32.ge_s (local.tee $way (i32.sub (local.get $way) (i32.const 1))) (i32.const 0))))
    (local.get $found))
  (func (export "inner") (param $x i32) (param $way i32) (result i32) (local $found i32)
    (local.set $x (i32.and (local.get $x) (i32.const 255)))
    (loop $outer
      (loop $inner
        (local.set $found (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245)))
        (if (i32.eqz (local.get $way)) (then (return (local.get $found))))
        (local.set $way (i32.sub (local.get $way) (i32.const 1)))
        (br_if $inner (i32.eqz (local.get $way))))
      (local.set $x (i32.add (local.get $x) (i32.const 256)))
      (br $outer))
    (unreachable))
  (func (export "call") (param $x i32) (param $way i32) (result i32)
    (local.set $x (i32.and (local.get $x) (i32.const 255)))
    (local.set $x (call $masked (local.get $x) (i32.shl (local.get $way) (i32.const 8)) (i32.const -1)))
    (i32.gt_u (i32.and (i32.sub (local.get $x) (i32.const 58)) (i32.const 255)) (i32.const 245)))
)
(assert_return (invoke "wrong" (i32.const 0)) (i32.const 0))
(assert_return (invoke "wrong" (i32.const 8064)) (i32.const 0))
(assert_return (invoke "wrong" (i32.const 65280)) (i32.const 0))
(assert_return (invoke "wrong" (i32.const 2147483520)) (i32.const 0))
(assert_return (invoke "if" (i32.const 48) (i32.const 0)) (i32.const 1))
(assert_return (invoke "if" (i32.const 57) (i32.const 0)) (i32.const 1))
(assert_return (invoke "if" (i32.const 47) (i32.const 0)) (i32.const 0))
(assert_return (invoke "if" (i32.const 58) (i32.const 0)) (i32.const 0))
(assert_return (invoke "if" (i32.const 308) (i32.const 0)) (i32.const 1))
(assert_return (invoke "if" (i32.const 48) (i32.const 1)) (i32.const 1))
(assert_return (invoke "if" (i32.const 57) (i32.const 1)) (i32.const 1))
(assert_return (invoke "if" (i32.const 47) (i32.const 1)) (i32.const 0))
(assert_return (invoke "if" (i32.const 58) (i32.const 1)) (i32.const 0))
(assert_return (invoke "if" (i32.const 308) (i32.const 1)) (i32.const 1))
(assert_return (invoke "if" (i32.const 48) (i32.const 2)) (i32.const 1))
(assert_return (invoke "if" (i32.const 57) (i32.const 2)) (i32.const 1))
(assert_return (invoke "if" (i32.const 47) (i32.const 2)) (i32.const 0))
(assert_return (invoke "if" (i32.const 58) (i32.const 2)) (i32.const 0))
(assert_return (invoke "if" (i32.const 308) (i32.const 2)) (i32.const 1))
(assert_return (invoke "else" (i32.const 48) (i32.const 0)) (i32.const 2))
(assert_return (invoke "else" (i32.const 57) (i32.const 0)) (i32.const 2))
(assert_return (invoke "else" (i32.const 47) (i32.const 0)) (i32.const 0))
(assert_return (invoke "else" (i32.const 58) (i32.const 0)) (i32.const 0))
(assert_return (invoke "else" (i32.const 308) (i32.const 0)) (i32.const 2))
(assert_return (invoke "else" (i32.const 48) (i32.const 1)) (i32.const 1))
(assert_return (invoke "else" (i32.const 57) (i32.const 1)) (i32.const 1))
(assert_return (invoke "else" (i32.const 47) (i32.const 1)) (i32.const 0))
(assert_return (invoke "else" (i32.const 58) (i32.const 1)) (i32.const 0))
(assert_return (invoke "else" (i32.const 308) (i32.const 1)) (i32.const 1))
(assert_return (invoke "else" (i32.const 48) (i32.const 2)) (i32.const 1))
(assert_return (invoke "else" (i32.const 57) (i32.const 2)) (i32.const 1))
(assert_return (invoke "else" (i32.const 47) (i32.const 2)) (i32.const 0))
(assert_return (invoke "else" (i32.const 58) (i32.const 2)) (i32.const 0))
(assert_return (invoke "else" (i32.const 308) (i32.const 2)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 48) (i32.const 0)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 57) (i32.const 0)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 47) (i32.const 0)) (i32.const 0))
(assert_return (invoke "leave" (i32.const 58) (i32.const 0)) (i32.const 0))
(assert_return (invoke "leave" (i32.const 308) (i32.const 0)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 48) (i32.const 1)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 57) (i32.const 1)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 47) (i32.const 1)) (i32.const 0))
(assert_return (invoke "leave" (i32.const 58) (i32.const 1)) (i32.const 0))
(assert_return (invoke "leave" (i32.const 308) (i32.const 1)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 48) (i32.const 2)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 57) (i32.const 2)) (i32.const 1))
(assert_return (invoke "leave" (i32.const 47) (i32.const 2)) (i32.const 0))
(assert_return (invoke "leave" (i32.const 58) (i32.const 2)) (i32.const 0))
(assert_return (invoke "leave" (i32.const 308) (i32.const 2)) (i32.const 1))
(assert_return (invoke "table" (i32.const 48) (i32.const 0)) (i32.const 1))
(assert_return (invoke "table" (i32.const 57) (i32.const 0)) (i32.const 1))
(assert_return (invoke "table" (i32.const 47) (i32.const 0)) (i32.const 0))
(assert_return (invoke "table" (i32.const 58) (i32.const 0)) (i32.const 0))
(assert_return (invoke "table" (i32.const 308) (i32.const 0)) (i32.const 1))
(assert_return (invoke "table" (i32.const 48) (i32.const 1)) (i32.const 1))
(assert_return (invoke "table" (i32.const 57) (i32.const 1)) (i32.const 1))
(assert_return (invoke "table" (i32.const 47) (i32.const 1)) (i32.const 0))
(assert_return (invoke "table" (i32.const 58) (i32.const 1)) (i32.const 0))
(assert_return (invoke "table" (i32.const 308) (i32.const 1)) (i32.const 1))
(assert_return (invoke "table" (i32.const 48) (i32.const 2)) (i32.const 1))
(assert_return (invoke "table" (i32.const 57) (i32.const 2)) (i32.const 1))
(assert_return (invoke "table" (i32.const 47) (i32.const 2)) (i32.const 0))
(assert_return (invoke "table" (i32.const 58) (i32.const 2)) (i32.const 0))
(assert_return (invoke "table" (i32.const 308) (i32.const 2)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 48) (i32.const 0)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 57) (i32.const 0)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 47) (i32.const 0)) (i32.const 0))
(assert_return (invoke "loop" (i32.const 58) (i32.const 0)) (i32.const 0))
(assert_return (invoke "loop" (i32.const 308) (i32.const 0)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 48) (i32.const 1)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 57) (i32.const 1)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 47) (i32.const 1)) (i32.const 0))
(assert_return (invoke "loop" (i32.const 58) (i32.const 1)) (i32.const 0))
(assert_return (invoke "loop" (i32.const 308) (i32.const 1)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 48) (i32.const 2)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 57) (i32.const 2)) (i32.const 1))
(assert_return (invoke "loop" (i32.const 47) (i32.const 2)) (i32.const 0))
(assert_return (invoke "loop" (i32.const 58) (i32.const 2)) (i32.const 0))
(assert_return (invoke "loop" (i32.const 308) (i32.const 2)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 48) (i32.const 0)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 57) (i32.const 0)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 47) (i32.const 0)) (i32.const 0))
(assert_return (invoke "inner" (i32.const 58) (i32.const 0)) (i32.const 0))
(assert_return (invoke "inner" (i32.const 308) (i32.const 0)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 48) (i32.const 1)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 57) (i32.const 1)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 47) (i32.const 1)) (i32.const 0))
(assert_return (invoke "inner" (i32.const 58) (i32.const 1)) (i32.const 0))
(assert_return (invoke "inner" (i32.const 308) (i32.const 1)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 48) (i32.const 2)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 57) (i32.const 2)) (i32.const 1))
(assert_return (invoke "inner" (i32.const 47) (i32.const 2)) (i32.const 0))
(assert_return (invoke "inner" (i32.const 58) (i32.const 2)) (i32.const 0))
(assert_return (invoke "inner" (i32.const 308) (i32.const 2)) (i32.const 1))
(assert_return (invoke "call" (i32.const 48) (i32.const 0)) (i32.const 1))
(assert_return (invoke "call" (i32.const 57) (i32.const 0)) (i32.const 1))
(assert_return (invoke "call" (i32.const 47) (i32.const 0)) (i32.const 0))
(assert_return (invoke "call" (i32.const 58) (i32.const 0)) (i32.const 0))
(assert_return (invoke "call" (i32.const 308) (i32.const 0)) (i32.const 1))
(assert_return (invoke "call" (i32.const 48) (i32.const 1)) (i32.const 1))
(assert_return (invoke "call" (i32.const 57) (i32.const 1)) (i32.const 1))
(assert_return (invoke "call" (i32.const 47) (i32.const 1)) (i32.const 0))
(assert_return (invoke "call" (i32.const 58) (i32.const 1)) (i32.const 0))
(assert_return (invoke "call" (i32.const 308) (i32.const 1)) (i32.const 1))
(assert_return (invoke "call" (i32.const 48) (i32.const 2)) (i32.const 1))
(assert_return (invoke "call" (i32.const 57) (i32.const 2)) (i32.const 1))
(assert_return (invoke "call" (i32.const 47) (i32.const 2)) (i32.const 0))
(assert_return (invoke "call" (i32.const 58) (i32.const 2)) (i32.const 0))
(assert_return (invoke "call" (i32.const 308) (i32.const 2)) (i32.const 1))
