;; Every control instruction, with and without values.
(module
  (type $two (func (param i32 i64) (result i64 i32)))
  (func $collatz (export "collatz") (param $n i64) (result i32) (local $steps i32)
    block $done
      loop $again
        local.get $n
        i64.const 1
        i64.le_u
        br_if $done
        local.get $n
        i64.const 1
        i64.and
        i32.wrap_i64
        if (result i64)
          local.get $n i64.const 3 i64.mul i64.const 1 i64.add
        else
          local.get $n i64.const 1 i64.shr_u
        end
        local.set $n
        local.get $steps i32.const 1 i32.add local.set $steps
        br $again
      end
    end
    local.get $steps)
  (func $choose (export "choose") (param i32) (result i32)
    block $d block $c block $b block $a
      local.get 0
      br_table $a $b $c $b $d
    end
      i32.const 10 return
    end
      i32.const 20 return
    end
      i32.const 30 return
    end
      i32.const 40)
  (func (export "deliver") (param i32) (result i32)
    (block $x (result i32)
      (block $y (result i32)
        (block $z (result i32)
          (i32.const 7) (local.get 0) (br_table $x $y $z))
        (i32.const 1) (i32.add))
      (i32.const 2) (i32.mul)))
  (func $swap (type $two) local.get 1 local.get 0)
  (func (export "pairs") (param i32) (result i64 i32)
    local.get 0
    i64.const 5
    loop (type $two)
      call $swap
      i32.const 1 i32.sub local.tee 0
      call $swap2
      local.get 0
      br_if 0
      block (type $two)
        call $swap
      end
    end)
  (func $swap2 (param i64 i32) (result i32 i64) local.get 1 local.get 0)
  (func (export "early") (param i32) (result f64)
    f64.const 1.5
    local.get 0
    br_if 0
    local.get 0
    if
      unreachable
    end
    drop
    f64.const -0
    return
    unreachable)
  (func (export "select") (param i32 f32 f32) (result f32)
    (select (result f32) (local.get 1) (local.get 2) (local.get 0))
    (select (local.get 2) (local.get 0)))
  (func (export "nothing") nop nop)
  (func (export "forever") (param i32)
    loop $l local.get 0 i32.eqz if return end
      local.get 0 i32.const 1 i32.sub local.set 0 br $l end))
