/* The guest cannot overflow a stack, be it the main one or a small thread's. A
 * function whose frame reaches the system's guard page at once is a trap as well,
 * as often as it happens. */
#include "child.h"

#include "toy.h"

/* Uses 16 KiB of stack. */
static u32 hungry(void *context, u32 x) {
  volatile u8 room[16384];
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

/* Has a frame that is larger than all that is kept in reserve. */
static u32 wide(void *self, u32 x) {
  volatile u8 room[400000];
  STACK_CHECK(50000, 8, TOY_RECURSE);
  memset((void *)room, 1, sizeof(room));
  return room[x];
}

/* Recurses almost to the end, and then needs that frame. */
static u32 plunge(void *self, u32 *left) {
  u32 (*volatile opaque)(void *, u32) = wide;
  volatile u32 result;
  STACK_CHECK(4, 8, TOY_RECURSE);
  if (--*left == 0)
    return opaque(self, 1);
  result = plunge(self, left);
  return result + 1;
}

static void expect_exhaustion(toy_t *toy, u32 (*code)(void *, u32 *), u32 *depth) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, toy, sink = code(toy, depth));
  EXPECT_EQUAL(outcome, WDN_TRAP_STACK_EXHAUSTED);
  wdn_unpoison(toy);
  WDN_TRY(outcome, toy, sink = toy_divide(toy, 6, 3));
  EXPECT_EQUAL(outcome, WDN_OK);
}

static DWORD CALLBACK exhaust(void *arg) {
  toy_t toy;
  u32 again = 0, deepest = UINT32_MAX, i;
  u32 *depth = arg;
  *depth = 0;
  EXPECT_EQUAL(toy_make(&toy, &toy_guard, hungry, NULL, NULL), WDN_DONE);
  expect_exhaustion(&toy, dive, depth);
  expect_exhaustion(&toy, plunge, &deepest);
  deepest = UINT32_MAX - deepest;
  for (i = 0; i < 5; i++) {
    u32 left = deepest - 10;
    expect_exhaustion(&toy, plunge, &left);
    EXPECT_EQUAL(left, 0);
  }
  expect_exhaustion(&toy, dive, &again);
  EXPECT_EQUAL(again, *depth);
  wdn_destroy(&toy);
  return 0;
}

static u32 depth_in_thread(size_t stack_size) {
  u32 depth = 0;
  HANDLE thread = CreateThread(NULL, stack_size, exhaust, &depth,
                               STACK_SIZE_PARAM_IS_A_RESERVATION | CREATE_SUSPENDED, NULL);
  EXPECT(thread != NULL);
  (void)ResumeThread(thread);
  EXPECT_EQUAL(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
  (void)CloseHandle(thread);
  return depth;
}

int main(void) {
  u32 mine, large, small;
  (void)exhaust(&mine);
  large = depth_in_thread(16 << 20);
  small = depth_in_thread(256 << 10);
  EXPECT(mine > 100);
  EXPECT(small > 100);
  EXPECT(large > 8 * small); /* which some systems round up to 1 MiB */
  return check_result();
}
