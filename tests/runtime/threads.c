/* Threads with instances of their own, trapping all at once. */
#define _POSIX_C_SOURCE 200809L /* barriers */
#include "check.h"
#include "toy.h"

#include <pthread.h>

#define THREADS 4
#define ROUNDS 3000

static toy_t toys[THREADS], wanderer;
static pthread_barrier_t barrier;

/* Each way to stop, in turn; every one must come back to this thread. */
static void *work(void *arg) {
  toy_t *toy = arg;
  u32 value = toy->g0, wrong = 0;
  int i;
  pthread_barrier_wait(&barrier);
  for (i = 0; i < ROUNDS; i++) {
    wdn_trap_t outcome, expected;
    volatile u32 result = 0;
    if (i % 4 == 0) {
      WDN_TRY(outcome, toy, result = toy_load(toy, 1 << 20));
      expected = WDN_TRAP_MEMORY_OUT_OF_BOUNDS;
    } else if (i % 4 == 1) {
      WDN_TRY(outcome, toy, result = toy_divide(toy, 1, 0));
      expected = WDN_TRAP_DIVISION_BY_ZERO;
    } else if (i % 40 == 2) {
      WDN_TRY(outcome, toy, result = toy_recurse(toy, UINT32_MAX));
      expected = WDN_TRAP_STACK_EXHAUSTED;
    } else {
      WDN_TRY(outcome, toy, result = toy_divide(toy, value, 1));
      expected = WDN_OK;
    }
    wrong += outcome != expected || result != (outcome == WDN_OK ? value : 0);
    wdn_unpoison(toy);
  }
  return (void *)(uintptr_t)wrong;
}

/* A store may move from thread to thread while it has no entry. */
static void *visit(void *arg) {
  uintptr_t here = WDN_FRAME_ADDRESS();
  wdn_trap_t outcome;
  volatile uintptr_t limit = 0;
  (void)arg;
  WDN_TRY(outcome, &wanderer, limit = wanderer.wdn.store->stack_limit);
  return (void *)(uintptr_t)(outcome != WDN_OK || limit >= here || here - limit > 64 << 20);
}

int main(void) {
  bool can_guard = sizeof(void *) >= 8;
  pthread_t threads[THREADS];
  void *wrong;
  int i;
  EXPECT_EQUAL(pthread_barrier_init(&barrier, NULL, THREADS), 0);
  for (i = 0; i < THREADS; i++) {
    EXPECT_EQUAL(toy_make(&toys[i], can_guard && i % 4 != 3 ? &toy_guard : &toy_bounds, toy_double,
                          NULL, NULL),
                 WDN_DONE);
    toys[i].g0 = 1000 + (u32)i;
  }
  for (i = 0; i < THREADS; i++)
    EXPECT_EQUAL(pthread_create(&threads[i], NULL, work, &toys[i]), 0);
  for (i = 0; i < THREADS; i++) {
    EXPECT_EQUAL(pthread_join(threads[i], &wrong), 0);
    EXPECT_EQUAL((uintptr_t)wrong, 0);
    wdn_destroy(&toys[i]);
  }

  EXPECT_EQUAL(toy_make(&wanderer, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  EXPECT(visit(NULL) == NULL);
  for (i = 0; i < THREADS; i++) {
    EXPECT_EQUAL(pthread_create(&threads[i], NULL, visit, NULL), 0);
    EXPECT_EQUAL(pthread_join(threads[i], &wrong), 0);
    EXPECT_EQUAL((uintptr_t)wrong, 0);
  }
  wdn_destroy(&wanderer);
  return check_result();
}
