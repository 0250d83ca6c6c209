/* Traps come back to the entry with code and place, and leave nothing behind. */
#include "child.h"

#include "check.h"
#include "toy.h"

#include <string.h>

static toy_t toy;

/* Ends the guest in a way that `x` chooses. */
static u32 stop(void *context, u32 x) {
  (void)context;
  if (x == 1)
    wdn_trap_host(&toy, 17);
  if (x == 2)
    wdn_exit(&toy, -3);
  if (x == 3)
    wdn_trap(&toy, WDN_TRAP_UNRESOLVED_IMPORT, WDN_NO_OFFSET);
  return x;
}

static void expect_trap(wdn_trap_t actual, wdn_trap_t code, u32 function, u32 offset) {
  const wdn_trap_info_t *info = &toy.wdn.store->trap;
  EXPECT_EQUAL(actual, code);
  EXPECT_EQUAL(info->code, code);
  EXPECT_EQUAL(info->function, function);
  EXPECT_EQUAL(info->offset, offset);
  EXPECT(info->module == &toy_bounds);
  EXPECT_EQUAL(info->pc, 0);
  EXPECT_EQUAL(toy.wdn.state, WDN_POISONED);
  EXPECT_EQUAL(toy.wdn.store->stack_limit, UINTPTR_MAX);
  EXPECT_EQUAL(toy.wdn.store->in_guest, 0);
  EXPECT(toy.wdn.store->entry == NULL);
  wdn_unpoison(&toy);
}

static void check_places(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, &toy, sink = toy_divide(&toy, 1, 0));
  expect_trap(outcome, WDN_TRAP_DIVISION_BY_ZERO, 2, TOY_DIVIDE);
  WDN_TRY(outcome, &toy, sink = toy_divide(&toy, 0x80000000, 0xffffffff));
  expect_trap(outcome, WDN_TRAP_INTEGER_OVERFLOW, 2, TOY_DIVIDE);
  WDN_TRY(outcome, &toy, sink = toy_load(&toy, 65533));
  expect_trap(outcome, WDN_TRAP_MEMORY_OUT_OF_BOUNDS, 1, TOY_LOAD + 10);
  WDN_TRY(outcome, &toy, sink = toy_recurse(&toy, UINT32_MAX));
  expect_trap(outcome, WDN_TRAP_STACK_EXHAUSTED, 3, TOY_RECURSE + 99);
  WDN_TRY(outcome, &toy, sink = toy_indirect(&toy, 5, 0));
  expect_trap(outcome, WDN_TRAP_UNDEFINED_ELEMENT, 5, TOY_INDIRECT);
  WDN_TRY(outcome, &toy, sink = toy_indirect(&toy, 4, 0));
  expect_trap(outcome, WDN_TRAP_UNINITIALIZED_ELEMENT, 5, TOY_INDIRECT);
  WDN_TRY(outcome, &toy, sink = toy_indirect(&toy, 1, 0));
  expect_trap(outcome, WDN_TRAP_INDIRECT_CALL_TYPE, 5, TOY_INDIRECT);
  WDN_TRY(outcome, &toy, wdn_trap(&toy, WDN_TRAP_UNREACHABLE, TOY_LOAD - 1));
  expect_trap(outcome, WDN_TRAP_UNREACHABLE, WDN_NO_FUNCTION, TOY_LOAD - 1);
  WDN_TRY(outcome, &toy, wdn_trap(&toy, WDN_TRAP_UNREACHABLE, TOY_LOAD));
  expect_trap(outcome, WDN_TRAP_UNREACHABLE, 1, TOY_LOAD);
  WDN_TRY(outcome, &toy, wdn_trap(&toy, WDN_TRAP_UNREACHABLE, TOY_DIVIDE - 1));
  expect_trap(outcome, WDN_TRAP_UNREACHABLE, 1, TOY_DIVIDE - 1);
  WDN_TRY(outcome, &toy, wdn_trap(&toy, WDN_TRAP_UNREACHABLE, 1000000));
  expect_trap(outcome, WDN_TRAP_UNREACHABLE, 5, 1000000);
  WDN_TRY(outcome, &toy, sink = toy_load(&toy, 0));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(sink, 0x04030201);
  WDN_TRY(outcome, &toy, sink = toy_indirect(&toy, 0, 0));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(sink, 0x04030201);
}

static void check_const_table(void) {
  static const wdn_const_element_t table[] = {{(wdn_code_t)toy_load, 1}, {0, 0}};
  wdn_trap_t outcome;
  WDN_TRY(outcome, &toy, EXPECT(wdn_const_indirect(&toy, table, 2, 0, 1, 9) == table[0].code));
  EXPECT_EQUAL(outcome, WDN_OK);
  WDN_TRY(outcome, &toy, wdn_const_indirect(&toy, table, 2, 2, 1, TOY_LOAD));
  expect_trap(outcome, WDN_TRAP_UNDEFINED_ELEMENT, 1, TOY_LOAD);
  WDN_TRY(outcome, &toy, wdn_const_indirect(&toy, table, 2, 1, 1, TOY_LOAD));
  expect_trap(outcome, WDN_TRAP_UNINITIALIZED_ELEMENT, 1, TOY_LOAD);
  WDN_TRY(outcome, &toy, wdn_const_indirect(&toy, table, 2, 0, 2, TOY_LOAD));
  expect_trap(outcome, WDN_TRAP_INDIRECT_CALL_TYPE, 1, TOY_LOAD);
}

static void check_host(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, &toy, sink = toy_call(&toy, 1));
  EXPECT_EQUAL(toy.wdn.store->trap.exit_code, 17);
  expect_trap(outcome, WDN_TRAP_HOST, WDN_NO_FUNCTION, WDN_NO_OFFSET);
  WDN_TRY(outcome, &toy, sink = toy_call(&toy, 2));
  EXPECT_EQUAL(toy.wdn.store->trap.exit_code, -3);
  expect_trap(outcome, WDN_TRAP_EXIT, WDN_NO_FUNCTION, WDN_NO_OFFSET);
  WDN_TRY(outcome, &toy, sink = toy_call(&toy, 3));
  EXPECT_EQUAL(toy.wdn.store->trap.exit_code, 0);
  expect_trap(outcome, WDN_TRAP_UNRESOLVED_IMPORT, WDN_NO_FUNCTION, WDN_NO_OFFSET);
  WDN_TRY(outcome, &toy, sink = toy_call(&toy, 4));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(sink, 5);
}

static void check_poison(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 1;
  wdn_entry_t entry;
  WDN_TRY(outcome, &toy, sink = toy_divide(&toy, 1, 0));
  EXPECT_EQUAL(outcome, WDN_TRAP_DIVISION_BY_ZERO);
  WDN_TRY(outcome, &toy, sink = toy_divide(&toy, 6, 2));
  EXPECT_EQUAL(outcome, WDN_TRAP_POISONED);
  EXPECT_EQUAL(toy.wdn.store->trap.code, WDN_TRAP_POISONED);
  EXPECT_EQUAL(wdn_enter(&toy, &entry), WDN_TRAP_POISONED);
  EXPECT(toy.wdn.store->entry == NULL);
  EXPECT_EQUAL(sink, 1);
  wdn_unpoison(&toy);
  WDN_TRY(outcome, &toy, sink = toy_divide(&toy, 6, 2));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(sink, 3);
}

static void check_many(void) {
  int i;
  for (i = 0; i < 20000; i++) {
    wdn_trap_t outcome;
    volatile u32 sink = 0;
    WDN_TRY(outcome, &toy, sink = toy_divide(&toy, 7, (u32)i % 3));
    EXPECT_EQUAL(outcome, i % 3 == 0 ? WDN_TRAP_DIVISION_BY_ZERO : WDN_OK);
    EXPECT_EQUAL(sink, i % 3 == 0 ? 0 : 7 / (i % 3));
    wdn_unpoison(&toy);
  }
}

static void check_messages(void) {
  static const char *const words[] = {"no trap",
                                      "unreachable",
                                      "out of bounds memory access",
                                      "out of bounds table access",
                                      "integer divide by zero",
                                      "integer overflow",
                                      "invalid conversion to integer",
                                      "undefined element",
                                      "uninitialized element",
                                      "indirect call type mismatch",
                                      "call stack exhausted"};
  int i;
  for (i = WDN_OK; i <= WDN_TRAP_STACK_EXHAUSTED; i++)
    EXPECT(strcmp(wdn_trap_message((wdn_trap_t)i), words[i]) == 0);
  for (i = WDN_TRAP_UNRESOLVED_IMPORT; i <= WDN_TRAP_INTERRUPTED; i++)
    EXPECT(strcmp(wdn_trap_message((wdn_trap_t)i), "unknown trap") != 0);
}

static void trap_outside(void) {
  (void)toy_divide(&toy, 1, 0);
}
static void run_outside(void) {
  (void)toy_recurse(&toy, 1); /* no stack limit is right outside an entry */
}
static void exit_outside(void) {
  wdn_exit(&toy, 0);
}

int main(void) {
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, stop, NULL, NULL), WDN_DONE);
  check_places();
  check_const_table();
  check_host();
  check_poison();
  check_many();
  check_messages();
  EXPECT_EQUAL(child_signal(trap_outside), SIGABRT);
  EXPECT_EQUAL(child_signal(run_outside), SIGABRT);
  EXPECT_EQUAL(child_signal(exit_outside), SIGABRT);
  wdn_destroy(&toy);
  return check_result();
}
