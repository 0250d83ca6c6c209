/* A host that makes instances of the small module, translated by Wardian as
 * `k`, and calls them. Prints nanoseconds. */
#include "clock.h"
#include "k.h"
#include "wdn_try.h"

#include <stdlib.h>

static k_t kept;

static void expect(int good, const char *what) {
  if (good)
    return;
  fprintf(stderr, "failed: %s\n", what);
  exit(1);
}

static void create_call_destroy(int count) {
  static k_t instance;
  for (int i = 0; i < count; i++) {
    volatile uint32_t result = 0;
    wdn_trap_t trap;
    expect(k_instantiate(&instance, NULL, NULL, NULL) == WDN_DONE, "instantiate");
    WDN_TRY(trap, &instance, result = k_first(&instance, 1));
    expect(trap == WDN_OK && result == 2, "first");
    wdn_destroy(&instance);
  }
}

static void call(int count) {
  volatile uint32_t x = 0;
  for (int i = 0; i < count; i++) {
    wdn_trap_t trap;
    WDN_TRY(trap, &kept, x = k_nothing(&kept, x));
    expect(trap == WDN_OK, "nothing");
  }
  expect(x == (uint32_t)count, "the sum");
}

static void call_within_entry(int count) {
  volatile uint32_t x = 0;
  wdn_trap_t trap;
  WDN_TRY(trap, &kept, for (int i = 0; i < count; i++) x = k_nothing(&kept, x));
  expect(trap == WDN_OK && x == (uint32_t)count, "the sum");
}

int main(void) {
  expect(k_instantiate(&kept, NULL, NULL, NULL) == WDN_DONE, "instantiate");
  measure("instance", 2000, create_call_destroy);
  measure("entry", 2000000, call);
  measure("call", 10000000, call_within_entry);
  return 0;
}
