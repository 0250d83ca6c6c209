/* Traps of a real guest: what the host learns of them, that the instance is
 * poisoned by them, and that it works again once it is not.
 * modules: guest */
#include "check.h"
#include "guest.h"
#include "wdn_try.h"

#include <string.h>

static guest_t guest;

static uint32_t ask(void *context, uint32_t value) {
  (void)context;
  return value + 1;
}

static void expect_trap(wdn_trap_t trap, wdn_trap_t expected, const char *function) {
  const wdn_trap_info_t *info = &guest.wdn.store->trap;
  uint32_t i;
  EXPECT_EQUAL(trap, expected);
  EXPECT_EQUAL(info->code, expected);
  EXPECT_EQUAL(guest.wdn.state, WDN_POISONED);
  EXPECT(guest.wdn.store->entry == NULL);
  if (info->pc != 0) {
    EXPECT_EQUAL(info->address, 65536); /* a fault says less */
    return;
  }
  EXPECT(info->module == &guest_module);
  for (i = 0; i < guest_module.export_count; i++) {
    const wdn_export_t *it = &guest_module.exports[i];
    uint32_t defined = info->function - guest_module.imported_function_count;
    if (strcmp(it->name.bytes, function) == 0) {
      EXPECT(info->function < guest_module.function_count);
      EXPECT(info->offset >= guest_module.function_offsets[defined]);
      EXPECT(info->function + 1 == guest_module.function_count ||
             info->offset < guest_module.function_offsets[defined + 1]);
    }
  }
}

/* Nothing can be called until the host says so. */
static void expect_poisoned(void) {
  volatile uint32_t result = 7;
  wdn_extern_t found;
  wdn_value_t arg, value;
  wdn_trap_t trap;
  WDN_TRY(trap, &guest, result = guest_double(&guest, 4));
  EXPECT_EQUAL(trap, WDN_TRAP_POISONED);
  EXPECT_EQUAL(guest.wdn.store->trap.code, WDN_TRAP_POISONED);
  EXPECT(guest.wdn.store->trap.module == &guest_module);
  EXPECT_EQUAL(result, 7);
  EXPECT(wdn_export(&guest, "double", 6, &found));
  arg.i32 = 1;
  EXPECT_EQUAL(wdn_call(&guest, &found.func, &arg, &value), WDN_TRAP_POISONED);
  wdn_unpoison(&guest);
  WDN_TRY(trap, &guest, result = guest_double(&guest, 4));
  EXPECT_EQUAL(trap, WDN_OK);
  EXPECT_EQUAL(result, 8);
}

#define EXPECT_TRAP(call, code, function)                                                          \
  do {                                                                                             \
    WDN_TRY(trap, &guest, call);                                                                   \
    expect_trap(trap, WDN_TRAP_##code, function);                                                  \
    expect_poisoned();                                                                             \
  } while (0)

int main(void) {
  guest_imports_t imports = {0, 0};
  volatile uint32_t result = 0;
  wdn_trap_t trap;
  volatile int round;
  imports.env_ask = ask;
  for (round = 0; round < 3; round++) {
    EXPECT_EQUAL(guest_instantiate(&guest, &imports, NULL, NULL), WDN_DONE);
    EXPECT(memcmp(guest_memory(&guest)->data + 8, "hello", 6) == 0);
    EXPECT_TRAP(result = guest_divide(&guest, 1, 0), DIVISION_BY_ZERO, "divide");
    EXPECT_TRAP(result = guest_divide(&guest, 0x80000000u, 0xffffffffu), INTEGER_OVERFLOW,
                "divide");
    EXPECT_TRAP(guest_fail(&guest), UNREACHABLE, "fail");
    EXPECT_TRAP(result = guest_load(&guest, 65536), MEMORY_OUT_OF_BOUNDS, "load");
    EXPECT_TRAP(guest_store(&guest, 65536, 1), MEMORY_OUT_OF_BOUNDS, "store");
    EXPECT_TRAP(result = guest_call(&guest, 4, 1), UNDEFINED_ELEMENT, "call");
    EXPECT_TRAP(result = guest_call(&guest, 0, 1), UNINITIALIZED_ELEMENT, "call");
    EXPECT_TRAP(result = guest_deeper(&guest, 0), STACK_EXHAUSTED, "deeper");

    /* What traps left behind is still there. */
    *guest_count(&guest) = 5;
    guest_memory(&guest)->data[100] = 42;
    EXPECT_TRAP(guest_fail(&guest), UNREACHABLE, "fail");
    EXPECT_EQUAL(*guest_count(&guest), 5);
    WDN_TRY(trap, &guest, result = guest_load(&guest, 100));
    EXPECT_EQUAL(trap, WDN_OK);
    EXPECT_EQUAL(result, 42);
    WDN_TRY(trap, &guest, result = guest_call(&guest, 2, 6));
    EXPECT_EQUAL(trap, WDN_OK);
    EXPECT_EQUAL(result, 7);
    wdn_destroy(&guest);
    wdn_destroy(&guest); /* does nothing */
  }
  return check_result();
}
