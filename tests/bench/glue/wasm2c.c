/* The kernel as a module translated by wasm2c (wabt 1.0.32) under the name `k`. */
#include "variant.h"
#include "k.h"
#include "wasm-rt-impl.h"

#include <stdio.h>
#include <stdlib.h>

static Z_k_instance_t instance;

int variant_open(void) {
  wasm_rt_init();
  Z_k_init_module();
  Z_k_instantiate(&instance);
  return 1;
}

uint64_t variant_run(uint32_t n) {
  wasm_rt_trap_t trap = (wasm_rt_trap_t)wasm_rt_impl_try();
  if (trap == WASM_RT_TRAP_NONE)
    return Z_kZ_bench_run(&instance, n);
  fprintf(stderr, "trap: %s\n", wasm_rt_strerror(trap));
  exit(1);
}
