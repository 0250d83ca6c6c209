/* A fast Fourier transform in place: bit reversal and butterflies. */
/* n: 3500 */
#include "kernel.h"

#define BITS 11
#define SIZE (1 << BITS)

typedef struct complex {
  double re, im;
} complex_t;

static complex_t data[SIZE], roots[SIZE / 2];

/* Roots of unity by halving angles from (0, 1): no library is needed. */
static void make_roots(void) {
  roots[0].re = 1, roots[0].im = 0;
  double re = 0, im = -1;
  for (u32 step = SIZE / 4; step >= 1; step /= 2) {
    for (u32 i = step; i < SIZE / 2; i += 2 * step) {
      roots[i].re = roots[i - step].re * re - roots[i - step].im * im;
      roots[i].im = roots[i - step].re * im + roots[i - step].im * re;
    }
    double half = __builtin_sqrt((1 + re) / 2);
    im = im / (2 * half), re = half;
  }
}

static void reorder(void) {
  for (u32 i = 1, j = 0; i < SIZE; i++) {
    u32 bit = SIZE >> 1;
    for (; j & bit; bit >>= 1)
      j ^= bit;
    j ^= bit;
    if (i < j) {
      complex_t t = data[i];
      data[i] = data[j];
      data[j] = t;
    }
  }
}

static void transform(void) {
  reorder();
  for (u32 size = 2; size <= SIZE; size *= 2) {
    u32 half = size / 2, stride = SIZE / size;
    for (u32 start = 0; start < SIZE; start += size) {
      for (u32 k = 0; k < half; k++) {
        complex_t w = roots[k * stride], *a = &data[start + k], *b = a + half;
        double re = b->re * w.re - b->im * w.im, im = b->re * w.im + b->im * w.re;
        b->re = a->re - re, b->im = a->im - im;
        a->re += re, a->im += im;
      }
    }
  }
}

u64 bench_run(u32 n) {
  u32 random = 23;
  u64 sum = 0;
  make_roots();
  for (u32 i = 0; i < SIZE; i++)
    data[i].re = next_double(&random) - 0.5, data[i].im = 0;
  for (u32 round = 0; round < n; round++) {
    transform();
    for (u32 i = 0; i < SIZE; i++)
      data[i].re *= 0.022, data[i].im *= -0.022;
    sum = mix_double(sum, data[round % SIZE].re);
  }
  return sum;
}
