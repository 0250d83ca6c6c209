/* Big integers: schoolbook products of 32-bit limbs, and division by a small
 * number to print them in decimal. */
/* n: 110 */
#include "kernel.h"

#define LIMBS 200

static u32 a[LIMBS], b[LIMBS], product[2 * LIMBS];
static u8 decimals[2 * LIMBS * 10];

static void multiply(u32 *restrict to, const u32 *restrict x, const u32 *restrict y, u32 size) {
  for (u32 i = 0; i < 2 * size; i++)
    to[i] = 0;
  for (u32 i = 0; i < size; i++) {
    u64 carry = 0;
    for (u32 j = 0; j < size; j++) {
      carry += (u64)x[i] * y[j] + to[i + j];
      to[i + j] = (u32)carry;
      carry >>= 32;
    }
    to[i + size] = (u32)carry;
  }
}

static u32 divide_small(u32 *x, u32 size, u32 by) {
  u64 rest = 0;
  for (u32 i = size; i-- > 0;) {
    rest = rest << 32 | x[i];
    x[i] = (u32)(rest / by);
    rest %= by;
  }
  return (u32)rest;
}

static u32 to_decimal(u32 *x, u32 size) {
  u32 count = 0;
  while (size > 0) {
    u32 group = divide_small(x, size, 1000000000);
    for (int i = 0; i < 9; i++, group /= 10)
      decimals[count++] = (u8)('0' + group % 10);
    while (size > 0 && x[size - 1] == 0)
      size--;
  }
  return count;
}

u64 bench_run(u32 n) {
  u32 random = 18;
  u64 sum = 0;
  for (u32 i = 0; i < LIMBS; i++)
    a[i] = next_random(&random), b[i] = next_random(&random);
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < 20; i++) {
      multiply(product, a, b, LIMBS);
      for (u32 k = 0; k < LIMBS; k++)
        a[k] = product[k + LIMBS / 2] ^ k;
    }
    if (round % 16 == 0) {
      u32 count = to_decimal(product, 2 * LIMBS);
      sum = mix(sum, count + decimals[count / 2]);
    }
    sum = mix(sum, product[round % LIMBS]);
  }
  return sum;
}
