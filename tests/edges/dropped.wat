;; Loads that trap although nobody needs what they load. Each function takes an
;; address: it traps if that is out of bounds, and gives 1 otherwise.
;;
;; A `~` marks loads whose value is used, though it makes no difference. In `guard`
;; mode, optimised, such a load has no barrier, and a C compiler that sees through
;; the use leaves it out or moves it behind what does not depend on it. Where there
;; are two, the barrier that unoptimised code has does not help either.
(module
  (import "env" "reached" (func $reached))
  (memory (export "memory") 1)
  (global $global (mut i32) (i32.const 0))
  (table funcref (elem $get))
  (type $get (func (param i32) (result i32)))

  (func (export "drop") (param i32) (result i32)
    (drop (i32.load (local.get 0)))
    (i32.const 1))

  (func (export "local never read") (param i32) (result i32)
    (local i64)
    (local.set 1 (i64.load (local.get 0)))
    (i32.const 1))

  (func (export "local overwritten") (param i32) (result i32)
    (local f64)
    (local.set 1 (f64.load (local.get 0)))
    (local.set 1 (f64.const 1))
    (i32.trunc_f64_u (local.get 1)))

  (func (export "local read on one path") (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load16_u (local.get 0)))
    (if (i32.gt_u (i32.const 65536) (local.get 0))
      (then (global.set $global (local.get 1))))
    (i32.const 1))

  (func (export "block result") (param i32) (result i32)
    (drop (block (result i32) (i32.load8_s (local.get 0))))
    (i32.const 1))

  (func (export "operand of a dropped sum") (param i32) (result i32)
    (drop (i64.add (i64.load (local.get 0)) (i64.const 5)))
    (i32.const 1))

  (func (export "address of a dropped load") (param i32) (result i32)
    (drop (i32.load8_u (i32.and (i32.load (local.get 0)) (i32.const 255))))
    (i32.const 1))

  (func (export "select, not taken") (param i32) (result i32)
    (select
      (i32.load (local.get 0))
      (i32.const 1)
      (i32.const 0)))

  (func (export "select, one of two") (param i32) (result i32)
    (local i32)
    (local.set 1
      (select
        (i32.load (local.get 0))
        (i32.const 1)
        (i32.eqz (local.get 0))))
    (i32.const 1))

  (func (export "and 0") (param i32) (result i32)
    (i32.or (i32.and (i32.load (local.get 0)) (i32.const 0)) (i32.const 1)))

  (func (export "or -1") (param i32) (result i32)
    (i32.sub (i32.const 0) (i32.or (i32.load (local.get 0)) (i32.const -1))))

  (func (export "times 0") (param i32) (result i32)
    (i32.add (i32.mul (i32.load (local.get 0)) (i32.const 0)) (i32.const 1)))

  (func (export "~equal to itself") (param i32) (result i32)
    (local i64)
    (local.set 1 (i64.load (local.get 0)))
    (i64.eq (local.get 1) (local.get 1)))

  (func (export "~minus itself") (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (i32.sub (i32.const 1) (i32.sub (local.get 1) (local.get 1))))

  (func (export "~not below 0") (param i32) (result i32)
    (i32.ge_u (i32.load (local.get 0)) (i32.const 0)))

  (func (export "~a byte below 256") (param i32) (result i32)
    (i32.lt_u (i32.load8_u (local.get 0)) (i32.const 256)))

  (func (export "~masked away") (param i32) (result i32)
    (i32.eqz (i32.and (i32.load8_u (local.get 0)) (i32.const 0xff00))))

  (func (export "~shifted away") (param i32) (result i32)
    (i32.eqz (i32.shr_u (i32.load16_u (local.get 0)) (i32.const 16))))

  (func (export "~rest by 1") (param i32) (result i32)
    (i32.eqz (i32.rem_u (i32.load (local.get 0)) (i32.const 1))))

  (func (export "~condition of nothing") (param i32) (result i32)
    (if (i32.load (local.get 0)) (then))
    (i32.const 1))

  (func (export "~condition of the same") (param i32) (result i32)
    (if (result i32) (i32.load (local.get 0)) (then (i32.const 1)) (else (i32.const 1))))

  (func (export "~branch to the next place") (param i32) (result i32)
    (block (br_if 0 (i32.load (local.get 0))))
    (i32.const 1))

  (func (export "~table of one branch") (param i32) (result i32)
    (block (br_table 0 0 0 (i32.load (local.get 0))))
    (i32.const 1))

  (func (export "~global overwritten") (param i32) (result i32)
    (global.set $global (i32.load (local.get 0)))
    (global.set $global (i32.const 0))
    (i32.const 1))

  (func (export "~stored and overwritten") (param i32) (result i32)
    (i64.store (i32.const 8) (i64.load (local.get 0)))
    (i64.store (i32.const 8) (i64.const 0))
    (i32.const 1))

  ;; gcc 12 removes both accesses, even if the load is volatile.
  (func (export "~~stored where it came from") (param i32) (result i32)
    (i32.store (local.get 0) (i32.load (local.get 0)))
    (i32.const 1))

  (func (export "loop that reads and forgets") (param i32) (result i32)
    (local i32 i32)
    (local.set 1 (i32.const 5))
    (loop
      (local.set 2 (i32.load (local.get 0)))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
    (i32.const 1))

  (func (export "only the last one counts") (param i32) (result i32)
    (local i32 i32)
    (local.set 1 (i32.const 3))
    (loop
      (local.set 2 (i32.load (local.get 0)))
      (local.set 0 (i32.const 16))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
    (i32.or (local.get 2) (i32.const 1)))

  (func $get (type $get)
    (i32.load (local.get 0)))
  (func $ignore (param i32) (result i32)
    (i32.const 1))
  (func $two (param i32) (result i32 i64)
    (i32.const 1)
    (i64.load (local.get 0)))

  (func (export "~result of a call") (param i32) (result i32)
    (drop (call $get (local.get 0)))
    (i32.const 1))

  (func (export "~argument of a call") (param i32) (result i32)
    (call $ignore (i32.load (local.get 0))))

  (func (export "~one result of two") (param i32) (result i32)
    (call $two (local.get 0))
    (drop))

  (func (export "~result of an indirect call") (param i32) (result i32)
    (drop (call_indirect (type $get) (local.get 0) (i32.const 0)))
    (i32.const 1))

  ;; The trap comes first, or the host would hear of what never happens.
  (func (export "before a call") (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (call $reached)
    (i32.or (local.get 1) (i32.const 1)))

  (func (export "~before a call that never returns") (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (if (i32.ge_u (local.get 0) (i32.const 65533))
      (then (call $reached) (unreachable)))
    (i32.or (local.get 1) (i32.const 1)))

  (func (export "~before another trap") (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (if (i32.ge_u (local.get 0) (i32.const 65533))
      (then (unreachable)))
    (i32.or (local.get 1) (i32.const 1)))

  (func (export "~before a division by zero") (param i32) (result i32)
    (i32.or (i32.const 1)
      (i32.div_u
        (i32.load (local.get 0))
        (i32.lt_u (local.get 0) (i32.const 65533)))))

  (func (export "store overwritten") (param i32) (result i32)
    (i64.store (local.get 0) (i64.const 5))
    (i32.store8 (i32.const 0) (i32.const 5))
    (i32.const 1))

  (func (export "store partly overwritten") (param i32) (result i32)
    (i32.store (local.get 0) (i32.const 5))
    (i32.store16 (local.get 0) (i32.const 5))
    (i32.const 1))

  (func (export "store before a return of nothing") (param i32) (result i32)
    (i32.store8 offset=3 (local.get 0) (i32.const 5))
    (i32.const 1))

  (func (export "~before an endless loop") (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (if (i32.ge_u (local.get 0) (i32.const 65533))
      (then (loop (br 0))))
    (i32.or (local.get 1) (i32.const 1)))

  (func (export "store before an endless loop") (param i32) (result i32)
    (i32.store (local.get 0) (i32.const 5))
    (if (i32.ge_u (local.get 0) (i32.const 65533))
      (then (loop (br 0))))
    (i32.const 1)))
