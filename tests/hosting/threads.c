/* Threads with an instance each, trapping all the time: none disturbs another.
 * modules: guest
 * not on: qemu (has no clean fork of signals and threads) */
#include "check.h"
#include "guest.h"
#include "wdn_try.h"

#include <pthread.h>

#define THREADS 6
#define ROUNDS 1500

static uint32_t ask(void *context, uint32_t value) {
  return value ^ *(const uint32_t *)context;
}

static bool call(guest_t *guest, uint32_t i, uint32_t secret) {
  volatile uint32_t result = 0;
  wdn_trap_t trap;
  switch (i % 4) {
  case 0:
    WDN_TRY(trap, guest, result = guest_load(guest, 65536 * (1 + secret) + i));
    return trap == WDN_TRAP_MEMORY_OUT_OF_BOUNDS;
  case 1:
    WDN_TRY(trap, guest, guest_store(guest, i, secret); result = guest_load(guest, i));
    return trap == WDN_OK && result == secret;
  case 2:
    WDN_TRY(trap, guest, result = guest_ask(guest, i));
    return trap == WDN_OK;
  default:
    WDN_TRY(trap, guest, result = guest_call(guest, 2, i));
    return trap == WDN_OK && result == (i ^ secret);
  }
}

static void *work(void *arg) {
  uint32_t secret = *(uint32_t *)arg, i;
  guest_imports_t imports;
  guest_t guest;
  imports.env = &secret;
  imports.env_ask = ask;
  if (guest_instantiate(&guest, &imports, NULL, NULL) != WDN_DONE)
    return "cannot be instantiated";
  for (i = 0; i < ROUNDS; i++) {
    if (!call(&guest, i, secret))
      return "went wrong";
    wdn_unpoison(&guest);
  }
  if (*guest_count(&guest) != ROUNDS / 4 * 101)
    return "miscounted";
  wdn_destroy(&guest);
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  uint32_t secrets[THREADS], i;
  for (i = 0; i < THREADS; i++) {
    secrets[i] = i + 1;
    EXPECT_EQUAL(pthread_create(&threads[i], NULL, work, &secrets[i]), 0);
  }
  for (i = 0; i < THREADS; i++) {
    void *problem = NULL;
    EXPECT_EQUAL(pthread_join(threads[i], &problem), 0);
    if (problem != NULL)
      check_report(problem, __FILE__, __LINE__);
  }
  return check_result();
}
