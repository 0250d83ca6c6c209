/* Sine, exponential and logarithm from series, over an array of doubles. */
/* n: 3000 */
#include "kernel.h"

#define SIZE 1000

static double angles[SIZE], results[SIZE];

static double power_of_two(i32 exponent) {
  union {
    u64 bits;
    double value;
  } u;
  u.bits = (u64)(exponent + 1023) << 52;
  return u.value;
}

static double sine(double x) {
  double turns = __builtin_floor(x * (1 / 6.283185307179586) + 0.5);
  x -= turns * 6.283185307179586;
  double square = x * x, term = x, sum = x;
  for (int i = 1; i <= 9; i++) {
    term *= -square / (double)(2 * i * (2 * i + 1));
    sum += term;
  }
  return sum;
}

static double exponential(double x) {
  i32 shift = (i32)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
  x -= shift * 0.6931471805599453;
  double sum = 1;
  for (int i = 12; i >= 1; i--)
    sum = 1 + x * sum / i;
  return sum * power_of_two(shift);
}

static double logarithm(double x) {
  union {
    double value;
    u64 bits;
  } u;
  u.value = x;
  i32 exponent = (i32)(u.bits >> 52) - 1023;
  u.bits = (u.bits & 0xfffffffffffffu) | 0x3ff0000000000000u;
  double y = (u.value - 1) / (u.value + 1), square = y * y, sum = 0;
  for (int i = 21; i >= 1; i -= 2)
    sum = sum * square + 1.0 / i;
  return 2 * y * sum + exponent * 0.6931471805599453;
}

u64 bench_run(u32 n) {
  u32 random = 13;
  u64 sum = 0;
  for (u32 i = 0; i < SIZE; i++)
    angles[i] = 20 * next_double(&random) - 10;
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < SIZE; i++)
      results[i] = sine(angles[i]);
    for (u32 i = 0; i < SIZE; i++)
      results[i] += exponential(0.3 * angles[i]);
    for (u32 i = 0; i < SIZE; i++)
      results[i] = logarithm(results[i] * results[i] + 1);
    sum = mix_double(sum, results[round % SIZE]);
    angles[round % SIZE] += 0.01;
  }
  return sum;
}
