;; bounds
;; One check for what happens before anything else does; none after an effect that
;; checked more already.
(module
  (memory 1)
  (func $sum (param $p i32) (result i32)
    (i32.add (i32.add (i32.load (local.get $p)) (i32.load offset=4 (local.get $p)))
             (i32.load offset=8 (local.get $p))))
  (func $fields (param $p i32) (result i32) (local $a i32) (local $b i32)
    (local.set $a (i32.load offset=4 (local.get $p)))
    (local.set $b (i32.load offset=12 (local.get $p)))
    (i32.sub (local.get $a) (local.get $b)))
  (func $stores (param $p i32)
    (i32.store offset=8 (local.get $p) (i32.const 1))
    (i32.store (local.get $p) (i32.const 2))
    (i32.store offset=16 (local.get $p) (i32.const 3)))
  (func $constant (result i32) (i32.load (i32.const 1024)))
  (func $next (param $p i32) (result i32) (local $q i32)
    (local.set $q (i32.add (local.get $p) (i32.const 4)))
    (i32.add (i32.load (local.get $q)) (i32.load (local.get $p)))))
