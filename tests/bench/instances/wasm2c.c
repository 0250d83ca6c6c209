/* The same host for what wasm2c (wabt 1.0.32) makes of the small module. Its
 * runtime frees less than it maps, so the loop is short. */
#include "clock.h"
#include "k.h"
#include "wasm-rt-impl.h"

#include <stdlib.h>

static Z_k_instance_t kept;

static void expect(int good, const char *what) {
  if (good)
    return;
  fprintf(stderr, "failed: %s\n", what);
  exit(1);
}

static void create_call_destroy(int count) {
  static Z_k_instance_t instance;
  for (int i = 0; i < count; i++) {
    Z_k_instantiate(&instance);
    expect(wasm_rt_impl_try() == WASM_RT_TRAP_NONE, "a trap");
    expect(Z_kZ_first(&instance, 1) == 2, "first");
    Z_k_free(&instance);
  }
}

static void call(int count) {
  volatile uint32_t x = 0;
  for (volatile int i = 0; i < count; i++) {
    expect(wasm_rt_impl_try() == WASM_RT_TRAP_NONE, "a trap");
    x = Z_kZ_nothing(&kept, x);
  }
  expect(x == (uint32_t)count, "the sum");
}

static void call_within_entry(int count) {
  volatile uint32_t x = 0;
  expect(wasm_rt_impl_try() == WASM_RT_TRAP_NONE, "a trap");
  for (int i = 0; i < count; i++)
    x = Z_kZ_nothing(&kept, x);
  expect(x == (uint32_t)count, "the sum");
}

int main(void) {
  wasm_rt_init();
  Z_k_init_module();
  Z_k_instantiate(&kept);
  measure("instance", 1000, create_call_destroy);
  measure("entry", 2000000, call);
  measure("call", 10000000, call_within_entry);
  return 0;
}
