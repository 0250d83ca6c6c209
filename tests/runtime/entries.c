/* Entries nest: in one store, in several, and across what a trap leaves out. */
#include "check.h"
#include "toy.h"

static toy_t a, b;

static u32 depth;
static uintptr_t outermost_limit;

/* A host function that enters its own instance again, and lets it trap. */
static u32 reenter(void *context, u32 x) {
  wdn_store_t *store = a.wdn.store;
  uintptr_t limit = store->stack_limit;
  wdn_trap_t outcome;
  volatile u32 result = 0;
  (void)context;
  EXPECT_EQUAL(store->in_guest, 0);
  EXPECT(limit != UINTPTR_MAX);
  if (depth == 0)
    outermost_limit = limit;
  EXPECT_EQUAL(limit, outermost_limit);
  if (x > 0) {
    depth++;
    WDN_TRY(outcome, &a, result = toy_call(&a, x - 1));
    EXPECT_EQUAL(outcome, WDN_OK);
  } else {
    WDN_TRY(outcome, &a, EXPECT_EQUAL(store->stack_limit, limit); EXPECT_EQUAL(store->in_guest, 1);
            result = toy_divide(&a, 1, 0));
    EXPECT_EQUAL(outcome, WDN_TRAP_DIVISION_BY_ZERO);
    EXPECT_EQUAL(a.wdn.state, WDN_POISONED);
    wdn_unpoison(&a);
  }
  EXPECT_EQUAL(store->in_guest, 0);
  EXPECT_EQUAL(store->stack_limit, limit);
  return result + 1;
}

static void check_nested(void) {
  wdn_trap_t outcome;
  volatile u32 result = 0;
  wdn_config_t config = {0};
  config.max_stack = 512 << 10; /* for all of the nested entries together */
  EXPECT_EQUAL(toy_make(&a, &toy_bounds, reenter, NULL, &config), WDN_DONE);
  WDN_TRY(outcome, &a, result = toy_call(&a, 50));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(depth, 50);
  EXPECT_EQUAL(result, 102);
  EXPECT(a.wdn.store->entry == NULL);
  EXPECT_EQUAL(a.wdn.store->in_guest, 0);
  EXPECT_EQUAL(a.wdn.store->stack_limit, UINTPTR_MAX);
  wdn_destroy(&a);
}

/* From a into b, whose host function ends a: b's entry goes with it. */
static u32 end_a(void *context, u32 x) {
  (void)context;
  wdn_trap_host(&a, (int32_t)x);
  return 0;
}
static u32 enter_b(void *context, u32 x) {
  wdn_trap_t outcome;
  volatile u32 result = 0;
  (void)context;
  WDN_TRY(outcome, &b, result = toy_call(&b, x));
  EXPECT(!"returned");
  return result + outcome;
}

static void check_abandoned(void) {
  wdn_trap_t outcome;
  volatile u32 result = 0;
  EXPECT_EQUAL(toy_make(&a, &toy_bounds, enter_b, NULL, NULL), WDN_DONE);
  EXPECT_EQUAL(toy_make(&b, &toy_bounds, end_a, NULL, NULL), WDN_DONE);
  EXPECT(a.wdn.store != b.wdn.store);
  WDN_TRY(outcome, &a, result = toy_call(&a, 5));
  EXPECT_EQUAL(outcome, WDN_TRAP_HOST);
  EXPECT_EQUAL(a.wdn.store->trap.exit_code, 5);
  EXPECT_EQUAL(b.wdn.state, WDN_POISONED);
  EXPECT(b.wdn.store->entry == NULL);
  EXPECT_EQUAL(b.wdn.store->stack_limit, UINTPTR_MAX);
  EXPECT_EQUAL(b.wdn.store->in_guest, 0);
  wdn_unpoison(&b);
  WDN_TRY(outcome, &b, result = toy_divide(&b, 8, 2));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(result, 4);
  wdn_destroy(&a);
  wdn_destroy(&b);
}

/* b calls a's function directly: one entry, one store, two instances. */
static u32 divide_in_a(void *context, u32 x) {
  return toy_divide(context, 10, x);
}

static void check_shared(void) {
  wdn_config_t config = {0};
  wdn_extern_t import = {0};
  wdn_trap_t outcome;
  volatile u32 result = 0;
  EXPECT_EQUAL(toy_make(&a, &toy_guard, toy_double, NULL, NULL),
               sizeof(void *) >= 8 ? WDN_DONE : WDN_ERROR_MEMORY);
  wdn_destroy(&a);
  EXPECT_EQUAL(toy_make(&a, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  config.store = a.wdn.store;
  import.kind = WDN_FUNC;
  import.is_guest = true;
  import.func.code = (wdn_code_t)divide_in_a;
  import.func.type = &toy_type_1;
  import.func.instance = &a;
  EXPECT_EQUAL(wdn_instantiate(&toy_bounds, &b, &import, &config, NULL), WDN_DONE);
  EXPECT(b.wdn.store == a.wdn.store);
  EXPECT_EQUAL(b.f0.in_guest, 1);
  WDN_TRY(outcome, &b, result = toy_call(&b, 2));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(result, 6);
  WDN_TRY(outcome, &b, result = toy_call(&b, 0));
  EXPECT_EQUAL(outcome, WDN_TRAP_DIVISION_BY_ZERO);
  EXPECT_EQUAL(a.wdn.state, WDN_POISONED);
  EXPECT_EQUAL(b.wdn.state, WDN_POISONED);
  EXPECT(a.wdn.store->trap.module == a.wdn.module);
  wdn_destroy(&b);
  wdn_destroy(&a);
}

static void body(void *arg) {
  u32 *numbers = arg;
  numbers[2] = toy_divide(&a, numbers[0], numbers[1]);
}

static void check_calls(void) {
  u32 numbers[3] = {12, 3, 0};
  wdn_value_t args[2], results[1];
  wdn_func_t divide = {(wdn_code_t)toy_divide, &toy_type_2, &a}, null = {0, 0, 0};
  wdn_functype_t mute = toy_type_2;
  EXPECT_EQUAL(toy_make(&a, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  EXPECT_EQUAL(wdn_try(&a, body, numbers), WDN_OK);
  EXPECT_EQUAL(numbers[2], 4);
  numbers[1] = 0;
  EXPECT_EQUAL(wdn_try(&a, body, numbers), WDN_TRAP_DIVISION_BY_ZERO);
  EXPECT_EQUAL(wdn_try(&a, body, numbers), WDN_TRAP_POISONED);
  wdn_unpoison(&a);
  args[0].i32 = 20;
  args[1].i32 = 5;
  EXPECT_EQUAL(wdn_call(&a, &divide, args, results), WDN_OK);
  EXPECT_EQUAL(results[0].i32, 4);
  args[1].i32 = 0;
  EXPECT_EQUAL(wdn_call(&a, &divide, args, results), WDN_TRAP_DIVISION_BY_ZERO);
  wdn_unpoison(&a);
  EXPECT_EQUAL(wdn_call(&a, &null, args, results), WDN_TRAP_UNINITIALIZED_ELEMENT);
  mute.invoke = 0;
  divide.type = &mute;
  EXPECT(wdn_call(&a, &divide, args, results) != WDN_OK);
  EXPECT_EQUAL(a.wdn.state, WDN_READY);
  wdn_destroy(&a);
}

int main(void) {
  check_nested();
  check_abandoned();
  check_shared();
  check_calls();
  return check_result();
}
