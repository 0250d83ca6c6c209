/* The kernel as a module translated by Wardian, under the name `k`. */
#include "variant.h"
#include "k.h"
#include "wdn_try.h"

#include <stdio.h>
#include <stdlib.h>

static k_t instance;

int variant_open(void) {
  wdn_error_t error;
  if (k_instantiate(&instance, NULL, NULL, &error) == WDN_DONE)
    return 1;
  fprintf(stderr, "cannot instantiate: %s\n", error.message);
  return 0;
}

uint64_t variant_run(uint32_t n) {
  volatile uint64_t sum = 0;
  wdn_trap_t trap;
  WDN_TRY(trap, &instance, sum = k_bench_run(&instance, n));
  if (trap == WDN_OK)
    return sum;
  fprintf(stderr, "trap: %s\n", wdn_trap_message(trap));
  exit(1);
}
