/* A guest on a stack that the thread library knows nothing of.
 *
 * not on: san (does not follow changes of stack), windows (has no ucontext.h) */
#define _GNU_SOURCE
#include <stdlib.h>
#include <ucontext.h>

#include "check.h"
#include "toy.h"

static ucontext_t host, coroutine;
static toy_t toy;
static u32 shallow;

static void run(void) {
  wdn_trap_t outcome;
  volatile u32 result = 0;
  WDN_TRY(outcome, &toy, result = toy_recurse(&toy, 5));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(result, 5);
  WDN_TRY(outcome, &toy, result = toy_recurse(&toy, UINT32_MAX));
  EXPECT_EQUAL(outcome, WDN_TRAP_STACK_EXHAUSTED);
  wdn_unpoison(&toy);
  shallow++;
}

static void run_on(void *stack, size_t size) {
  EXPECT_EQUAL(getcontext(&coroutine), 0);
  coroutine.uc_stack.ss_sp = stack;
  coroutine.uc_stack.ss_size = size;
  coroutine.uc_link = &host;
  makecontext(&coroutine, run, 0);
  EXPECT_EQUAL(swapcontext(&host, &coroutine), 0);
}

int main(void) {
  size_t size = 256 << 10;
  void *stack = malloc(size);
  wdn_config_t config = {0};
  EXPECT(stack != NULL);
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  run_on(stack, size);
  wdn_destroy(&toy);
  config.max_stack = 128 << 10; /* what the host knows and the runtime cannot */
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, toy_double, NULL, &config), WDN_DONE);
  run_on(stack, size);
  run();
  wdn_destroy(&toy);
  EXPECT_EQUAL(shallow, 3);
  free(stack);
  return check_result();
}
