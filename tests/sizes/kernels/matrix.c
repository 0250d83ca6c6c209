/* Small matrices of 16-bit numbers: sums, products, and fields of bits of products. */
#include "kernels.h"

#define N 12

static int16_t a[N * N], b[N * N];
static int32_t c[N * N];

static void fill(uint32_t seed) {
  uint32_t i;
  for (i = 0; i < N * N; i++) {
    seed = seed * 1664525 + 1013904223;
    a[i] = (int16_t)(seed >> 20);
    b[i] = (int16_t)((seed >> 12) & 0xff);
  }
}

static void add_constant(int16_t *m, int16_t value) {
  uint32_t i, j;
  for (i = 0; i < N; i++) {
    for (j = 0; j < N; j++)
      m[i * N + j] = (int16_t)(m[i * N + j] + value);
  }
}

static void times_vector(int32_t *to, const int16_t *m, const int16_t *v) {
  uint32_t i, j;
  for (i = 0; i < N; i++) {
    to[i] = 0;
    for (j = 0; j < N; j++)
      to[i] += (int32_t)m[i * N + j] * v[j];
  }
}

static void times_matrix(int32_t *to, const int16_t *x, const int16_t *y) {
  uint32_t i, j, k;
  for (i = 0; i < N; i++) {
    for (j = 0; j < N; j++) {
      int32_t total = 0;
      for (k = 0; k < N; k++)
        total += (int32_t)x[i * N + k] * y[k * N + j];
      to[i * N + j] = total;
    }
  }
}

static void times_fields(int32_t *to, const int16_t *x, const int16_t *y) {
  uint32_t i, j, k;
  for (i = 0; i < N; i++) {
    for (j = 0; j < N; j++) {
      int32_t total = 0;
      for (k = 0; k < N; k++) {
        int32_t product = (int32_t)x[i * N + k] * y[k * N + j];
        total += ((product >> 2) & 15) * ((product >> 5) & 127);
      }
      to[i * N + j] = total;
    }
  }
}

/* How often the numbers rise or a running total passes `limit`. */
static uint32_t judge(const int32_t *m, int32_t limit) {
  int32_t total = 0, last = 0;
  uint32_t result = 0, i;
  for (i = 0; i < N * N; i++) {
    total += m[i];
    if (total > limit) {
      result += 10;
      total = 0;
    } else {
      result += m[i] > last ? 1 : 0;
    }
    last = m[i];
  }
  return result;
}

uint32_t matrix(uint32_t rounds) {
  uint32_t result = 0, i;
  fill(rounds);
  for (i = 0; i < rounds; i++) {
    add_constant(a, (int16_t)i);
    times_vector(c, a, b);
    result += judge(c, 20000);
    times_matrix(c, a, b);
    result = result * 31 + judge(c, 30000);
    times_fields(c, a, b);
    result = result * 31 + judge(c, 4000);
    add_constant(a, (int16_t)(0 - i));
  }
  return result;
}
