;; Several accesses at addresses that depend on each other: what passes that merge,
;; move or leave out checks must get right. `walks.c` has a model of each function.
;; All take a, b and n, and give one number.
(module
  (memory (export "memory") 2 5)

  ;; Reads n words, from a, b bytes apart.
  (func (export "sum32") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (local $sum i32)
    (loop $next
      (local.set $sum
        (i32.add (i32.mul (local.get $sum) (i32.const 31)) (i32.load (local.get $a))))
      (local.set $a (i32.add (local.get $a) (local.get $b)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.extend_i32_u (local.get $sum)))

  ;; Reads n bytes upwards.
  (func (export "sum8") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (local $sum i64)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $sum
          (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load8_u (local.get $a))))
        (local.set $a (i32.add (local.get $a) (i32.const 1)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $sum))

  ;; Reads n double words downwards.
  (func (export "sum64_down") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (local $sum i64)
    (loop $next
      (local.set $sum
        (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load (local.get $a))))
      (local.set $a (i32.sub (local.get $a) (i32.const 8)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; The same address in every iteration of a loop that does nothing else.
  (func (export "again") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (local $sum i64)
    (loop $next
      (local.set $sum (i64.add (local.get $sum) (i64.load32_s offset=131068 (local.get $a))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))

  ;; Element i + b of an array at a, for i below n.
  (func (export "index16") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (local $i i32) (local $sum i64)
    (loop $next
      (local.set $sum
        (i64.add (i64.mul (local.get $sum) (i64.const 31))
          (i64.load16_s offset=2
            (i32.add (local.get $a)
              (i32.shl (i32.add (local.get $i) (local.get $b)) (i32.const 1))))))
      (br_if $next
        (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $sum))

  ;; Writes n bytes upwards.
  (func (export "fill8") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (loop $next
      (i32.store8 (local.get $a) (local.get $n))
      (local.set $a (i32.add (local.get $a) (i32.const 1)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.const 1))

  ;; Writes n pairs of words, b bytes apart.
  (func (export "fill_pairs") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (loop $next
      (i32.store offset=4 (local.get $a) (local.get $n))
      (i32.store (local.get $a) (local.get $b))
      (local.set $a (i32.add (local.get $a) (local.get $b)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.const 1))

  ;; Copies n bytes from b to a, upwards.
  (func (export "copy8") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (loop $next
      (i32.store8 (local.get $a) (i32.load8_u (local.get $b)))
      (local.set $a (i32.add (local.get $a) (i32.const 1)))
      (local.set $b (i32.add (local.get $b) (i32.const 1)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64.const 1))

  ;; Copies n words from b to a, downwards.
  (func (export "copy32_down") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (loop $next
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (i32.store
        (i32.add (local.get $a) (i32.shl (local.get $n) (i32.const 2)))
        (i32.load (i32.add (local.get $b) (i32.shl (local.get $n) (i32.const 2)))))
      (br_if $next (local.get $n)))
    (i64.const 1))

  ;; Reads around an address.
  (func (export "around") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (i64.add
      (i64.add
        (i64.load (local.get $a))
        (i64.load (i32.sub (local.get $a) (i32.const 8))))
      (i64.add
        (i64.load offset=8 (local.get $a))
        (i64.load offset=8 (i32.add (local.get $a) (i32.const -16))))))

  ;; Writes around an address, the highest first.
  (func (export "down") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (i32.store offset=8 (local.get $a) (local.get $b))
    (i32.store offset=4 (local.get $a) (local.get $n))
    (i32.store (local.get $a) (local.get $b))
    (i64.const 1))

  ;; Writes around an address, the lowest first.
  (func (export "up") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (i32.store (local.get $a) (local.get $b))
    (i32.store offset=4 (local.get $a) (local.get $n))
    (i32.store16 offset=65535 (local.get $a) (local.get $b))
    (i64.const 1))

  ;; Reads, writes what was read, reads on.
  (func (export "mixed") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (local $x i64)
    (local.set $x (i64.load32_u (local.get $a)))
    (i64.store8 (local.get $b) (local.get $x))
    (i64.add (local.get $x) (i64.load16_u offset=4 (local.get $a))))

  ;; Both values of a select are computed.
  (func (export "select") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (select
      (i64.load8_s (local.get $a))
      (i64.load8_s (local.get $b))
      (i32.and (local.get $n) (i32.const 1))))

  ;; One arm of an if is not.
  (func (export "arms") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (i64.add
      (if (result i64) (i32.and (local.get $n) (i32.const 1))
        (then (i64.load (local.get $a)))
        (else (i64.load (local.get $b))))
      (i64.load8_u (local.get $b))))

  ;; A pointer that a call may change the memory under.
  (func (export "grow") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (i64.add
      (i64.load (local.get $a))
      (block (result i64)
        (drop (memory.grow (i32.const 0)))
        (i64.load offset=65536 (local.get $a)))))

  ;; A walk in two dimensions: n rows of 3, b bytes apart.
  (func (export "rows") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (local $p i32) (local $i i32) (local $sum i64)
    (loop $row
      (local.set $p (local.get $a))
      (local.set $i (i32.const 3))
      (loop $column
        (local.set $sum
          (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load32_u (local.get $p))))
        (i32.store offset=4 (local.get $p) (local.get $i))
        (local.set $p (i32.add (local.get $p) (i32.const 4)))
        (br_if $column (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
      (local.set $a (i32.add (local.get $a) (local.get $b)))
      (br_if $row (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
