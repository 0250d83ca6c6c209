/* Runs each function of the module that frames.rs writes, on a stack of its own,
 * at every depth of a recursion until the stack is exhausted. What lies below that
 * stack is no guard page but the program's own memory: it must stay as it is.
 *
 * Functions with small frames are also called where no function with a larger one
 * could be. For a large frame that is the task of the system's guard page: the
 * frame exists before the function can check it. */
#include "edges.h"
#include "frames.h"
#include "wdn_try.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BELOW ((size_t)8 << 20)
#define STACK ((size_t)400 << 10)
#define PATTERN 0xa5

static uint8_t *block; /* what is below the stack, then the stack */
static uint32_t checks;
static uint32_t shape;
static uint32_t shapes = 1; /* until the module says so */

static wdn_func_t pass(void *context, wdn_func_t value) {
  (void)context;
  return value;
}

static wdn_rfli_t many(void *context) {
  wdn_rfli_t all;
  (void)context;
  memset(&all, 0, sizeof(all));
  return all;
}

static void args(void *context, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                 uint64_t f, uint64_t g, uint64_t h, uint64_t i, uint64_t j) {
  (void)context;
  if (a + b + c + d + e + f + g + h + i + j != 55)
    fail("arguments got lost");
}

static bool make(frames_t *guest) {
  frames_imports_t imports;
  imports.env = NULL;
  imports.env_func = pass;
  imports.env_many = many;
  imports.env_args = args;
  if (frames_instantiate(guest, &imports, NULL, NULL) == WDN_DONE)
    return true;
  fail("cannot be instantiated");
  return false;
}

static wdn_trap_t jump(frames_t *guest, uint32_t depth) {
  volatile uint32_t result = 0;
  wdn_trap_t trap;
  *frames_depth(guest) = 0;
  WDN_TRY(trap, guest, result = frames_jump(guest, shape, depth));
  wdn_unpoison(guest);
  return result != 0 ? WDN_OK : trap;
}

/* Calls the shape at the deepest places that a recursion can come to. */
static void jump_to_the_end(frames_t *guest) {
  uint32_t most, depth;
  if (jump(guest, UINT32_MAX) != WDN_TRAP_STACK_EXHAUSTED)
    fail("shape %" PRIu32 ": endless recursion ended", shape);
  most = *frames_depth(guest);
  for (depth = most; depth > 0 && depth + 300 > most; depth -= depth + 30 > most ? 1 : 10) {
    wdn_trap_t trap = jump(guest, depth);
    if (trap != WDN_OK && trap != WDN_TRAP_STACK_EXHAUSTED)
      fail("shape %" PRIu32 ": %s", shape, wdn_trap_message(trap));
  }
}

static void *dive(void *unused) {
  static frames_t guest;
  volatile uint32_t result = 0;
  wdn_trap_t trap;
  if (!make(&guest))
    return unused;
  shapes = *frames_shapes(&guest);
  WDN_TRY(trap, &guest, result = frames_dive(&guest, shape));
  if (trap != WDN_TRAP_STACK_EXHAUSTED)
    fail("shape %" PRIu32 ": %s, %" PRIu32, shape, wdn_trap_message(trap), result);
  wdn_unpoison(&guest);
  if (shape < *frames_small_shapes(&guest))
    jump_to_the_end(&guest);
  wdn_destroy(&guest);
  return NULL;
}

/* How many bytes below the stack were overwritten, counted from the stack. */
static size_t damage(void) {
  size_t i = 0;
  while (i < BELOW && block[i] == PATTERN)
    i++;
  return BELOW - i;
}

static void run(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  memset(block, PATTERN, BELOW);
  if (pthread_attr_init(&attributes) != 0 ||
      pthread_attr_setstack(&attributes, block + BELOW, STACK) != 0 ||
      pthread_create(&thread, &attributes, dive, NULL) != 0 || pthread_join(thread, NULL) != 0) {
    fail("no thread");
    return;
  }
  (void)pthread_attr_destroy(&attributes);
  checks++;
  if (damage() != 0)
    fail("shape %" PRIu32 ": wrote %zu bytes below its stack", shape, damage());
}

int main(void) {
  if (posix_memalign((void **)&block, 65536, BELOW + STACK) != 0)
    return 1;
  for (shape = 0; shape < shapes; shape++)
    run();
  free(block);
  return finish(checks);
}
