/* The function of a fault, from the program's symbols.
 *
 * not on: 32-bit (has no guarded memories), tcc (writes no symbol table) */
#include "check.h"
#include "toy.h"

static toy_t toy;

/* Not static and called through pointers, so that they stay what they are. */
u32 toy_f3(void *self, u32 address);
u32 toy_f5_read_it(void *self, u32 address);
u32 toy_f77(void *self, u32 address);
u32 toy_f(void *self, u32 address);
u32 stranger_f1(void *self, u32 address);
u32 toy_f3(void *self, u32 address) {
  return i32_load_forced(((toy_t *)self)->m0.data, address, 0) + 3;
}
u32 toy_f5_read_it(void *self, u32 address) {
  return i32_load_forced(((toy_t *)self)->m0.data, address, 0) + 5;
}
u32 toy_f77(void *self, u32 address) {
  return i32_load_forced(((toy_t *)self)->m0.data, address, 0) + 77;
}
u32 toy_f(void *self, u32 address) {
  return i32_load_forced(((toy_t *)self)->m0.data, address, 0) + 1;
}
u32 stranger_f1(void *self, u32 address) {
  return i32_load_forced(((toy_t *)self)->m0.data, address, 0) + 2;
}

static void expect_function(u32 (*code)(void *, u32), u32 function) {
  u32 (*volatile opaque)(void *, u32) = code;
  const wdn_trap_info_t *info = &toy.wdn.store->trap;
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, &toy, sink = opaque(&toy, 1 << 20));
  EXPECT_EQUAL(outcome, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  EXPECT_EQUAL(info->function, WDN_NO_FUNCTION);
  EXPECT(info->module == NULL);
  EXPECT_EQUAL(wdn_trap_locate(&toy), function != WDN_NO_FUNCTION);
  EXPECT_EQUAL(info->function, function);
  EXPECT(info->module == (function != WDN_NO_FUNCTION ? &toy_guard : NULL));
  wdn_unpoison(&toy);
}

int main(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  EXPECT_EQUAL(toy_make(&toy, &toy_guard, toy_double, NULL, NULL), WDN_DONE);
  expect_function(toy_f3, 3);
  expect_function(toy_f5_read_it, 5);
  expect_function(toy_f77, WDN_NO_FUNCTION);
  expect_function(toy_f, WDN_NO_FUNCTION);
  expect_function(stranger_f1, WDN_NO_FUNCTION);
  WDN_TRY(outcome, &toy, sink = toy_divide(&toy, 1, 0));
  EXPECT_EQUAL(outcome, WDN_TRAP_DIVISION_BY_ZERO);
  EXPECT(wdn_trap_locate(&toy)); /* known before */
  EXPECT_EQUAL(toy.wdn.store->trap.function, 2);
  wdn_destroy(&toy);
  EXPECT(!wdn_trap_locate(&toy));
  return check_result();
}
