/* Prime numbers by a sieve of bytes, then by a sieve of bits. */
/* n: 50 */
#include "kernel.h"

#define SIZE 300000

static u8 composite[SIZE];
static u32 bits[SIZE / 32 + 1];

static u32 sieve_bytes(u32 size) {
  u32 count = 0;
  for (u32 i = 0; i < size; i++)
    composite[i] = 0;
  for (u32 i = 2; i < size; i++) {
    if (composite[i])
      continue;
    count++;
    for (u32 j = 2 * i; j < size; j += i)
      composite[j] = 1;
  }
  return count;
}

static u32 sieve_bits(u32 size) {
  u32 count = 1;
  for (u32 i = 0; i <= size / 32; i++)
    bits[i] = 0;
  for (u32 i = 3; i < size; i += 2) {
    if (bits[i / 32] >> i % 32 & 1)
      continue;
    count++;
    for (u32 j = 3 * i; j < size; j += 2 * i)
      bits[j / 32] |= 1u << j % 32;
  }
  return count;
}

u64 bench_run(u32 n) {
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    sum = mix(sum, sieve_bytes(SIZE - round % 1000));
    sum = mix(sum, sieve_bits(SIZE - round % 1000));
  }
  return sum;
}
