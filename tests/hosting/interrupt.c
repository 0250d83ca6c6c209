/* A guest that goes on for ever is stopped by another thread, again and again.
 * modules: endless (interrupt) */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "endless.h"
#include "wdn_try.h"

#include <pthread.h>
#include <time.h>

static endless_t guest;
static volatile int running; /* the guest has begun */

static void tick(void *context) {
  (void)context;
  running = 1;
}

static void rest(void) {
  struct timespec time = {0, 1000000};
  nanosleep(&time, NULL);
}

static void *stop(void *arg) {
  while (!running)
    rest();
  rest();
  wdn_interrupt(guest.wdn.store, true);
  return arg;
}

static wdn_trap_t call(int which) {
  volatile uint32_t sink = 0;
  wdn_trap_t trap;
  switch (which) {
  case 0:
    WDN_TRY(trap, &guest, endless_loop(&guest));
    return trap;
  case 1:
    WDN_TRY(trap, &guest, sink = endless_counted(&guest));
    return trap;
  case 2:
  case 3:
    WDN_TRY(trap, &guest, endless_irreducible(&guest, (uint32_t)which));
    return trap;
  default:
    WDN_TRY(trap, &guest, sink = endless_calls(&guest, 200));
    (void)sink;
    return trap;
  }
}

static void check_stopped(int which) {
  pthread_t thread;
  volatile uint32_t sum = 0;
  wdn_trap_t trap;
  running = 0;
  EXPECT_EQUAL(pthread_create(&thread, NULL, stop, NULL), 0);
  EXPECT_EQUAL(call(which), WDN_TRAP_INTERRUPTED);
  EXPECT_EQUAL(guest.wdn.store->trap.module == &endless_module, 1);
  EXPECT(guest.wdn.store->trap.function != WDN_NO_FUNCTION);
  EXPECT_EQUAL(pthread_join(thread, NULL), 0);
  /* Until it is taken back, nothing gets far; what is short does not notice. */
  wdn_unpoison(&guest);
  EXPECT_EQUAL(call(which), WDN_TRAP_INTERRUPTED);
  wdn_unpoison(&guest);
  wdn_interrupt(guest.wdn.store, false);
  WDN_TRY(trap, &guest, sum = endless_add(&guest, 40, 2));
  EXPECT_EQUAL(trap, WDN_OK);
  EXPECT_EQUAL(sum, 42);
}

int main(void) {
  endless_imports_t imports = {0};
  volatile uint32_t result = 0;
  wdn_trap_t trap;
  int which, round;
  imports.env_tick = tick;
  EXPECT_EQUAL(endless_instantiate(&guest, &imports, NULL, NULL), WDN_DONE);
  WDN_TRY(trap, &guest, result = endless_calls(&guest, 10));
  EXPECT_EQUAL(trap, WDN_OK);
  EXPECT_EQUAL(result, 1024);
  for (round = 0; round < 3; round++) {
    for (which = 0; which < 5; which++)
      check_stopped(which);
  }
  wdn_destroy(&guest);
  return check_result();
}
