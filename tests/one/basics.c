/* Exports, imports, traps, and what is left after them.
 * options: --memory=static:64k */
#include "app.h"
#include "check.h"

#include <string.h>

static wdn_trap_t nested;

/* What the module calls enters it again, traps in there, or ends everything. */
uint32_t app_env_call_me(uint32_t what) {
  uint32_t result = 0;
  switch (what) {
  case 1:
    return app_fib(10);
  case 2:
    nested = app_try_fail();
    app_one.state = WDN_READY;
    return 22;
  case 3:
    wdn_trap_host(&app_one, 33);
    return 0;
  case 4:
    wdn_one_exit(&app_one, 44);
    return 0;
  case 5:
    nested = app_try_fib(12, &result);
    return result;
  default:
    return what;
  }
}

#define TRAPS(call, code)                                                                          \
  do {                                                                                             \
    CHECK_EQUAL(call, code);                                                                       \
    CHECK_EQUAL(app_one.trap, code);                                                               \
    CHECK_EQUAL(app_one.state, WDN_POISONED);                                                      \
    CHECK_EQUAL(call, WDN_TRAP_POISONED);                                                          \
    app_one.state = WDN_READY;                                                                     \
  } while (0)

static void memory(void) {
  uint32_t r = 0;
  uint64_t r64 = 0;
  CHECK_EQUAL(app_try_load8(65535, &r), WDN_OK);
  CHECK_EQUAL(r, 6);
  TRAPS(app_try_load8(65536, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  TRAPS(app_try_load8(UINT32_MAX, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_load16(65532, &r), WDN_OK);
  CHECK_EQUAL(r, 0x605);
  TRAPS(app_try_load16(65533, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  TRAPS(app_try_load16(UINT32_MAX - 1, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_load32(65532, &r), WDN_OK);
  CHECK_EQUAL(r, 0x06050403);
  CHECK_EQUAL(app_try_load32(17, &r), WDN_OK);
  CHECK_EQUAL(r, 0x6f6c6c65);
  TRAPS(app_try_load32(65533, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_load64(65520, &r64), WDN_OK);
  CHECK(r64 == 0x0605040302010000u);
  TRAPS(app_try_load64(65521, &r64), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  TRAPS(app_try_far(0, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  TRAPS(app_try_far(0x20, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  TRAPS(app_try_store64(65529, UINT64_MAX), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_memory[65530], 1);
  CHECK_EQUAL(app_memory[65535], 6);
  TRAPS(app_try_store32(65529, UINT32_MAX), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_memory[65533], 4);
  CHECK_EQUAL(app_try_store32(101, 0x11223344), WDN_OK);
  CHECK(memcmp(app_memory + 105, "\x44\x33\x22\x11", 4) == 0);
  CHECK(app_memory_at(65532, 4) == app_memory + 65532);
  CHECK(app_memory_at(65533, 4) == NULL);
  CHECK(app_memory_at(UINT32_MAX, UINT32_MAX) == NULL);
  CHECK_EQUAL(app_memory_view()->size, 65536);
}

static void calls(void) {
  uint32_t r = 0;
  double d = 0;
  float f = 0;
  wdn_li_t pair = {0, 0};
  CHECK_EQUAL(app_try_fib(20, &r), WDN_OK);
  CHECK_EQUAL(r, 6765);
  CHECK_EQUAL(app_try_indirect(0, 9, &r), WDN_OK);
  CHECK_EQUAL(r, 81);
  TRAPS(app_try_indirect(2, 9, &r), WDN_TRAP_INDIRECT_CALL_TYPE);
  TRAPS(app_try_indirect(3, 9, &r), WDN_TRAP_UNINITIALIZED_ELEMENT);
  TRAPS(app_try_indirect(4, 9, &r), WDN_TRAP_UNDEFINED_ELEMENT);
  TRAPS(app_try_indirect(UINT32_MAX, 9, &r), WDN_TRAP_UNDEFINED_ELEMENT);
  CHECK_EQUAL(app_try_double(1.5, &d), WDN_OK);
  CHECK(d == 3);
  CHECK_EQUAL(app_try_root(2.25f, &f), WDN_OK);
  CHECK(f == 1.5f);
  CHECK_EQUAL(app_try_pair(3, 4, &pair), WDN_OK);
  CHECK(pair.r0 == 4 && pair.r1 == 3);
  TRAPS(app_try_divide(1, 0, &r), WDN_TRAP_DIVISION_BY_ZERO);
  TRAPS(app_try_divide(0x80000000u, UINT32_MAX, &r), WDN_TRAP_INTEGER_OVERFLOW);
  TRAPS(app_try_truncate(3e9f, &r), WDN_TRAP_INTEGER_OVERFLOW);
  TRAPS(app_try_fail(), WDN_TRAP_UNREACHABLE);
  TRAPS(app_try_endless(1, &r), WDN_TRAP_STACK_EXHAUSTED);
  TRAPS(app_try_tail(), WDN_TRAP_STACK_EXHAUSTED);
  CHECK_EQUAL(app_try_fib(20, &r), WDN_OK);
}

static void imports(void) {
  uint32_t r = 0;
  CHECK_EQUAL(app_try_import(1, &r), WDN_OK);
  CHECK_EQUAL(r, 55);
  CHECK_EQUAL(app_try_import(2, &r), WDN_OK);
  CHECK_EQUAL(r, 22);
  CHECK_EQUAL(nested, WDN_TRAP_UNREACHABLE);
  CHECK_EQUAL(app_try_import(5, &r), WDN_OK);
  CHECK_EQUAL(r, 144);
  TRAPS(app_try_import(3, &r), WDN_TRAP_HOST);
  CHECK_EQUAL(app_one.exit_code, 33);
  TRAPS(app_try_import(4, &r), WDN_TRAP_EXIT);
  CHECK_EQUAL(app_one.exit_code, 44);
  CHECK(app_one.entry == NULL);
}

static void reset(void) {
  uint32_t r = 0;
  CHECK_EQUAL(*app_limit(), 77);
  CHECK_EQUAL(app_try_next(&r), WDN_OK);
  CHECK_EQUAL(r, 6);
  *app_count() = 40;
  CHECK_EQUAL(app_try_next(&r), WDN_OK);
  CHECK_EQUAL(*app_count(), 41);
  memset(app_memory, 1, sizeof app_memory);
  CHECK_EQUAL(app_try_fail(), WDN_TRAP_UNREACHABLE);
  CHECK(strcmp(wdn_trap_message((wdn_trap_t)app_one.trap), "unreachable") == 0);
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_next(&r), WDN_OK);
  CHECK_EQUAL(r, 6);
  CHECK(memcmp(app_memory + 15, "\0hello\0", 7) == 0);
}

int main(void) {
  uint32_t r = 0;
  CHECK_EQUAL(app_try_fib(5, &r), WDN_TRAP_POISONED);
  CHECK_EQUAL(app_init(), WDN_OK);
  memory();
  CHECK_EQUAL(app_init(), WDN_OK);
  calls();
  imports();
  reset();
  return failures != 0;
}
