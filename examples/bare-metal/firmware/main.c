/* A firmware that filters readings with a guest, outlives each of its mistakes, and
 * goes on with it. A timer stops what takes too long. */
#include "../boards/board.h"
#include "filter.h"

static const int16_t readings[] = {2000, 2004, 1998, 9999, 2003, 2010, 2040, 2080, 2100, -20, 2120};

/* The guest's one import. */
void filter_board_outlier(uint32_t reading) {
  board_print("  outlier ");
  board_print_number((int32_t)reading);
  board_print("\n");
}

/* Ticks until the guest has to be done. Interrupt handlers may do no more with a guest
 * than this: set its flag. */
static volatile uint32_t patience;

static void tick(void) {
  if (patience != 0 && --patience == 0)
    filter_one.interrupt = 1;
}

static void filter(void) {
  uint32_t i, value = 0;
  board_print("filtered:\n");
  for (i = 0; i < sizeof readings / sizeof *readings; i++) {
    if (filter_try_feed((uint32_t)readings[i], &value) != WDN_OK)
      board_print("  trapped\n");
    if (i % 5 == 0) {
      board_print("  ");
      board_print_number((int32_t)value);
      board_print("\n");
    }
  }
}

static const char *name(wdn_trap_t trap) {
  switch (trap) {
  case WDN_TRAP_MEMORY_OUT_OF_BOUNDS:
    return "out of bounds memory access";
  case WDN_TRAP_INDIRECT_CALL_TYPE:
    return "indirect call type mismatch";
  case WDN_TRAP_STACK_EXHAUSTED:
    return "call stack exhausted";
  case WDN_TRAP_INTERRUPTED:
    return "interrupted";
  default:
    return trap == WDN_OK ? "no trap" : "another trap";
  }
}

/* Calls the guest, which fails, and starts it anew. */
static void fail(uint32_t how) {
  uint32_t result;
  wdn_trap_t trap;
  patience = 3;
  trap = filter_try_fail(how, &result);
  patience = 0;
  filter_one.interrupt = 0;
  board_print("failure: ");
  board_print(name(trap));
  board_print("\n");
  if (filter_try_fail(9, &result) != WDN_TRAP_POISONED)
    board_print("it could go on as if nothing had happened\n");
  if (filter_init() != WDN_OK)
    board_print("it cannot be started again\n");
}

int main(void) {
  uint32_t how;
  board_ticks(tick);
  if (filter_init() != WDN_OK)
    return 1;
  filter();
  for (how = 0; how < 4; how++)
    fail(how);
  filter();
  return 42;
}
