;; static
;; Comparisons of what is known to be small.
(module
  (memory 1)
  ;; Is it a digit? A letter? Neither is a mask needed twice.
  (func (param i32) (result i32) (local $c i32)
    (local.set $c (i32.load8_u (local.get 0)))
    (if (i32.gt_u (i32.and (i32.sub (local.get $c) (i32.const 58)) (i32.const 255)) (i32.const 245))
      (then (return (i32.and (local.get $c) (i32.const 255)))))
    (i32.le_u (i32.and (i32.add (local.get $c) (i32.const -65)) (i32.const 255)) (i32.const 25)))
  ;; From 250 on and up to 4.
  (func (param i32) (result i32)
    (i32.lt_u (i32.and (i32.add (i32.load8_u (local.get 0)) (i32.const 6)) (i32.const 255)) (i32.const 11)))
  ;; Small at the start of the loop and at the branch back.
  (func (param i32) (result i32) (local $c i32)
    (local.set $c (i32.load8_u (local.get 0)))
    (loop $next
      (if (i32.gt_u (i32.and (i32.sub (local.get $c) (i32.const 58)) (i32.const 255)) (i32.const 245))
        (then
          (local.set $c (i32.load8_u offset=1 (local.get 0)))
          (br $next)))
      (local.set $c (i32.mul (local.get 0) (local.get $c))))
    (i32.and (local.get $c) (i32.const 255)))
  ;; Small on one path only.
  (func (param i32 i32) (result i32) (local $c i32)
    (local.set $c (i32.load8_u (local.get 0)))
    (if (local.get 1) (then (local.set $c (local.get 1))))
    (i32.gt_u (i32.and (i32.sub (local.get $c) (i32.const 58)) (i32.const 255)) (i32.const 245)))
  ;; What leaves early is small, and so is the rest.
  (func (param i32 i32) (result i32) (local $c i32)
    (block $out
      (local.set $c (i32.load8_u (local.get 0)))
      (br_if $out (local.get 1))
      (local.set $c (i32.const 7)))
    (i32.and (local.get $c) (i32.const 255)))
  ;; Nothing is assigned where the mask was all.
  (func (param i32) (result i32) (local $c i32)
    (local.set $c (i32.load8_u (local.get 0)))
    (i32.store8 (local.get 0) (i32.add (local.get $c) (i32.const 1)))
    (local.set $c (i32.and (local.get $c) (i32.const 255)))
    (i32.store8 (local.get 0) (i32.add (local.get $c) (i32.const 2)))
    (local.get $c)))
