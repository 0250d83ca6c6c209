/* Small programs as microcontrollers run them. Each takes how often to do its work
 * and gives a checksum, so that nothing can be left out; none calls a library. */
#ifndef KERNELS_H
#define KERNELS_H

#include <stdint.h>

uint32_t base64(uint32_t rounds);
uint32_t crc(uint32_t rounds);
uint32_t fir(uint32_t rounds);
uint32_t hash(uint32_t rounds);
uint32_t list(uint32_t rounds);
uint32_t matrix(uint32_t rounds);
uint32_t sort(uint32_t rounds);
uint32_t state(uint32_t rounds);

#endif
