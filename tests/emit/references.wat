;; References are values; tables that code writes are the runtime's.
(module
  (table $t 4 externref)
  (func (param i32 externref) (table.set $t (local.get 0) (local.get 1)))
  (func (param i32) (result externref) (table.get $t (local.get 0)))
  (func (param externref) (result i32) (ref.is_null (local.get 0)))
  (func (result i32) (table.grow $t (ref.null extern) (table.size $t))))
