/* What each variant of a kernel (native, translated, a peer's translation)
 * gives to main.c. */
#ifndef VARIANT_H
#define VARIANT_H

#include <stdint.h>

/* Makes whatever `variant_run` needs. False if that fails, having said why. */
int variant_open(void);

/* The kernel's bench_run. Callgrind counts what happens inside this function. */
uint64_t variant_run(uint32_t n);

#endif
