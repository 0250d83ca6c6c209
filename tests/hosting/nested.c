/* The guest calls the host, which calls the guest again, which traps, or whose
 * host traps: only the innermost entry ends, and the outer guest goes on.
 * modules: guest */
#include "check.h"
#include "guest.h"
#include "wdn_try.h"

enum { FINE, TRAP_IN_HOST, EXIT_IN_HOST, INNER_DIVIDES, INNER_LOADS, INNER_OVERFLOWS, DEEP };

static guest_t guest;
static uint32_t depth;

/* An entry of its own, below those in progress. */
static uint32_t enter(uint32_t what) {
  volatile uint32_t result = 1000;
  uint32_t count = *guest_count(&guest);
  wdn_trap_t trap;
  switch (what) {
  case INNER_DIVIDES:
    WDN_TRY(trap, &guest, result = guest_divide(&guest, 1, 0));
    EXPECT_EQUAL(trap, WDN_TRAP_DIVISION_BY_ZERO);
    break;
  case INNER_LOADS:
    WDN_TRY(trap, &guest, result = guest_load(&guest, 1u << 31));
    EXPECT_EQUAL(trap, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
    break;
  case INNER_OVERFLOWS:
    WDN_TRY(trap, &guest, result = guest_deeper(&guest, 0));
    EXPECT_EQUAL(trap, WDN_TRAP_STACK_EXHAUSTED);
    EXPECT(*guest_count(&guest) > count + 10);
    break;
  default:
    WDN_TRY(trap, &guest, result = guest_ask(&guest, TRAP_IN_HOST));
    EXPECT_EQUAL(trap, WDN_TRAP_HOST);
    EXPECT_EQUAL(guest.wdn.store->trap.exit_code, 77);
    EXPECT_EQUAL(*guest_count(&guest), count + 1); /* the guest did not go on */
  }
  EXPECT_EQUAL(result, 1000);
  EXPECT_EQUAL(guest.wdn.state, WDN_POISONED);
  wdn_unpoison(&guest);
  return what;
}

static uint32_t ask(void *context, uint32_t what) {
  EXPECT(context == &depth);
  EXPECT_EQUAL(guest.wdn.store->in_guest, 0);
  if (what == FINE)
    return 99;
  if (what == TRAP_IN_HOST)
    wdn_trap_host(&guest, 77);
  if (what == EXIT_IN_HOST)
    wdn_exit(&guest, 3);
  if (what < DEEP)
    return enter(what);
  if (what < DEEP + 20) {
    /* Another level, which ends well although the one below it does not. */
    volatile uint32_t result = 0;
    wdn_trap_t trap;
    depth++;
    WDN_TRY(trap, &guest, result = guest_ask(&guest, what + 1));
    EXPECT_EQUAL(trap, WDN_OK);
    depth--;
    return result + 1;
  }
  return enter(INNER_LOADS);
}

static uint32_t run(uint32_t what) {
  volatile uint32_t result = 0;
  wdn_trap_t trap;
  *guest_count(&guest) = 0;
  WDN_TRY(trap, &guest, result = guest_ask(&guest, what));
  EXPECT_EQUAL(trap, WDN_OK);
  EXPECT_EQUAL(depth, 0);
  EXPECT_EQUAL(*guest_count(&guest) % 100, what < DEEP ? *guest_count(&guest) % 100 : 21);
  EXPECT(guest.wdn.store->entry == NULL);
  EXPECT_EQUAL(guest.wdn.state, WDN_READY);
  return result;
}

int main(void) {
  guest_imports_t imports;
  volatile uint32_t result = 0;
  wdn_trap_t trap;
  imports.env = &depth;
  imports.env_ask = ask;
  EXPECT_EQUAL(guest_instantiate(&guest, &imports, NULL, NULL), WDN_DONE);
  EXPECT_EQUAL(run(FINE), 99);
  EXPECT_EQUAL(*guest_count(&guest), 101);
  EXPECT_EQUAL(run(INNER_DIVIDES), INNER_DIVIDES);
  EXPECT_EQUAL(run(INNER_LOADS), INNER_LOADS);
  EXPECT_EQUAL(run(INNER_OVERFLOWS), INNER_OVERFLOWS);
  EXPECT_EQUAL(run(DEEP - 1), DEEP - 1);
  EXPECT_EQUAL(run(DEEP), INNER_LOADS + 20);
  EXPECT_EQUAL(*guest_count(&guest), 2121);

  /* In the outermost entry. */
  WDN_TRY(trap, &guest, result = guest_ask(&guest, EXIT_IN_HOST));
  EXPECT_EQUAL(trap, WDN_TRAP_EXIT);
  EXPECT_EQUAL(guest.wdn.store->trap.exit_code, 3);
  EXPECT_EQUAL(result, 0);
  wdn_unpoison(&guest);
  EXPECT_EQUAL(run(FINE), 99);
  wdn_destroy(&guest);
  return check_result();
}
