/* The guest cannot overflow any stack: the main one, a small thread's, or what
 * the host allows of it; and a host function always has room left.
 *
 * not on: windows (rounds small stacks up; windows/stack.c) */
#include "check.h"
#include "toy.h"

#include <pthread.h>
#include <string.h>

/* Uses 32 KiB of stack. */
static u32 hungry(void *context, u32 x) {
  volatile u8 room[32768];
  (void)context;
  memset((void *)room, (int)x, sizeof(room));
  return room[sizeof(room) - 1];
}

/* Recurses to the end, calling the host at every step. */
static u32 dive(void *self, u32 *depth) {
  volatile u32 result;
  STACK_CHECK(4, 8, TOY_RECURSE);
  ++*depth;
  result = toy_call(self, 1);
  result += dive(self, depth);
  return result;
}

/* How deep the guest gets in stacks of `max_stack` bytes, before it traps. */
static u32 depth_of(u64 max_stack) {
  toy_t toy;
  wdn_config_t config = {0};
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  u32 depth = 0;
  config.max_stack = max_stack;
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, hungry, NULL, &config), WDN_DONE);
  WDN_TRY(outcome, &toy, sink = dive(&toy, &depth));
  EXPECT_EQUAL(outcome, WDN_TRAP_STACK_EXHAUSTED);
  wdn_unpoison(&toy);
  WDN_TRY(outcome, &toy, sink = toy_divide(&toy, 6, 3));
  EXPECT_EQUAL(outcome, WDN_OK);
  wdn_destroy(&toy);
  return depth;
}

static void *thread_depth(void *arg) {
  *(u32 *)arg = depth_of(0);
  return NULL;
}

static u32 depth_in_thread(size_t stack_size) {
  pthread_attr_t attributes;
  pthread_t thread;
  u32 depth = 0;
  pthread_attr_init(&attributes);
  EXPECT_EQUAL(pthread_attr_setstacksize(&attributes, stack_size), 0);
  EXPECT_EQUAL(pthread_create(&thread, &attributes, thread_depth, &depth), 0);
  EXPECT_EQUAL(pthread_join(thread, NULL), 0);
  pthread_attr_destroy(&attributes);
  return depth;
}

int main(void) {
  u32 all = depth_of(0), half = depth_of(1 << 20), little = depth_of(1 << 17);
  u32 large_thread = depth_in_thread(4 << 20), small_thread = depth_in_thread(256 << 10);
  EXPECT(little > 10);
  EXPECT(half > 4 * little && half < 16 * little);
  EXPECT(all > half);
  EXPECT_EQUAL(depth_of(UINT64_MAX), all);
  EXPECT(small_thread > 10);
  EXPECT(large_thread > 8 * small_thread);
  return check_result();
}
