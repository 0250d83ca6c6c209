/* a*x+y, dot product, scaling and a prefix sum over vectors in the cache. */
/* n: 16000 */
#include "kernel.h"

#define SIZE 4000

static double x[SIZE], y[SIZE], z[SIZE];

static void add_scaled(double *restrict to, const double *restrict from, double factor, u32 size) {
  for (u32 i = 0; i < size; i++)
    to[i] += factor * from[i];
}

static double dot(const double *p, const double *q, u32 size) {
  double sums[4] = {0, 0, 0, 0};
  for (u32 i = 0; i + 4 <= size; i += 4)
    for (u32 k = 0; k < 4; k++)
      sums[k] += p[i + k] * q[i + k];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

static void prefix_sums(double *restrict to, const double *restrict from, u32 size) {
  double sum = 0;
  for (u32 i = 0; i < size; i++)
    to[i] = sum += from[i];
}

u64 bench_run(u32 n) {
  u32 random = 5;
  u64 sum = 0;
  for (u32 i = 0; i < SIZE; i++)
    x[i] = next_double(&random) - 0.5, y[i] = next_double(&random) - 0.5;
  for (u32 round = 0; round < n; round++) {
    add_scaled(y, x, 0.001, SIZE);
    double product = dot(x, y, SIZE);
    prefix_sums(z, y, SIZE);
    add_scaled(y, z, -0.0001, SIZE);
    sum = mix_double(sum, product + z[round % SIZE]);
  }
  return sum;
}
