;; A load that nobody needs is forced; others are not.
(module
  (memory 1)
  (func $dropped (param i32) (drop (i32.load (local.get 0))))
  (func $unused (param i32) (result i32) (local $x i32)
    (local.set $x (i32.load (local.get 0)))
    (i32.const 1))
  (func $sometimes (param i32) (param i32) (result i32) (local $x i32)
    (local.set $x (i32.load (local.get 0)))
    (if (local.get 1) (then (return (i32.const 0))))
    (local.get $x))
  (func $sum (param $p i32) (param $n i32) (result i32) (local $s i32)
    (loop
      (local.set $s (i32.add (local.get $s) (i32.load (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $s)))
