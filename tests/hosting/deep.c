/* Endless recursion of every kind ends in a trap, on stacks of any size, and the
 * stack can be used again afterwards. A real overflow would kill the program.
 * modules: deep */
#include "check.h"
#include "deep.h"
#include "wdn_try.h"

#include <pthread.h>
#include <string.h>

/* A function of the host may need some stack, however deep it is called. */
static uint32_t step(void *context, uint32_t value) {
  volatile char room[16384];
  (void)context;
  memset((void *)room, 1, sizeof(room));
  return value + (uint32_t)room[sizeof(room) - 1];
}

typedef struct recursion {
  const char *name;
  uint32_t (*function)(void *, uint32_t);
} recursion_t;

static const recursion_t recursions[] = {
    {"plain", deep_plain}, {"even", deep_even},   {"indirect", deep_indirect},
    {"host", deep_host},   {"large", deep_large}, {"tail", deep_tail},
};
#define COUNT (sizeof(recursions) / sizeof(recursions[0]))

static wdn_trap_t enter(deep_t *deep, uint32_t (*function)(void *, uint32_t), uint32_t *result) {
  volatile uint32_t got = 0;
  wdn_trap_t trap;
  WDN_TRY(trap, deep, got = function(deep, 1));
  *result = got;
  return trap;
}

/* How deep each recursion came. */
static void dive(deep_t *deep, uint32_t depths[COUNT]) {
  uint32_t result;
  size_t i;
  int round;
  for (round = 0; round < 2; round++) {
    for (i = 0; i < COUNT; i++) {
      *deep_depth(deep) = 0;
      if (enter(deep, recursions[i].function, &result) != WDN_TRAP_STACK_EXHAUSTED)
        check_report(recursions[i].name, __FILE__, __LINE__);
      wdn_unpoison(deep);
      depths[i] = *deep_depth(deep);
      EXPECT_EQUAL(enter(deep, deep_fine, &result), WDN_OK);
      EXPECT_EQUAL(result, 2);
    }
  }
}

static bool instantiate(deep_t *deep, uint64_t max_stack) {
  deep_imports_t imports;
  wdn_config_t config;
  memset(&config, 0, sizeof(config));
  config.max_stack = max_stack;
  imports.env = NULL;
  imports.env_step = step;
  return deep_instantiate(deep, &imports, &config, NULL) == WDN_DONE;
}

static void *run(void *arg) {
  uint32_t *depths = arg;
  deep_t deep;
  if (!instantiate(&deep, 0))
    return "cannot be instantiated";
  dive(&deep, depths);
  wdn_destroy(&deep);
  return NULL;
}

static void run_in_thread(size_t size, uint32_t depths[COUNT]) {
  pthread_attr_t attributes;
  pthread_t thread;
  void *problem = NULL;
  EXPECT_EQUAL(pthread_attr_init(&attributes), 0);
  EXPECT_EQUAL(pthread_attr_setstacksize(&attributes, size), 0);
  EXPECT_EQUAL(pthread_create(&thread, &attributes, run, depths), 0);
  EXPECT_EQUAL(pthread_join(thread, &problem), 0);
  EXPECT(problem == NULL);
  (void)pthread_attr_destroy(&attributes);
}

int main(void) {
  uint32_t tiny[COUNT], small[COUNT], medium[COUNT], whole[COUNT], limited[COUNT];
  static deep_t deep;
  size_t i;
  run_in_thread(96 << 10, tiny);
  run_in_thread(256 << 10, small);
  run_in_thread(1 << 20, medium);
  EXPECT(run(whole) == NULL); /* the main thread's */
  EXPECT(instantiate(&deep, 64 << 10));
  dive(&deep, limited);
  wdn_destroy(&deep);
  for (i = 0; i < COUNT; i++) {
    EXPECT(small[i] > 5);
    EXPECT(medium[i] > small[i]);
    EXPECT(whole[i] >= medium[i]);
    EXPECT(limited[i] > 1 && limited[i] < medium[i]);
  }
  return check_result();
}
