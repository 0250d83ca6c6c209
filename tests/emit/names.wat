;; Names of people stay readable, whatever they are.
(module
  (import "env" "std::io::print" (func $std::io::print (param i32)))
  (global $__stack_pointer (mut i32) (i32.const 8))
  (func $core::fmt::Write::write_str (param $self i32) (param $b (@name "café") i32) (result i32) (local $for i32)
    (local.set $for (i32.add (local.get $self) (local.get $b)))
    (call $std::io::print (local.get $for))
    (i32.sub (local.get $for) (global.get $__stack_pointer)))
  (func (@name "*/ int x; /*") (param (@name "\"") i32) (result i32) (local.get 0))
  (func $a_function_whose_name_is_much_longer_than_anyone_wants_to_read))
