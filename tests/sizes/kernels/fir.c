/* Filters of samples from a sensor: finite and infinite response, mean and median,
 * with fixed points. */
#include "kernels.h"

#define TAPS 16
#define BLOCK 64

static const int16_t taps[TAPS] = {-31,  -74,  -48,  180, 691, 1468, 2282, 2814,
                                   2814, 2282, 1468, 691, 180, -48,  -74,  -31};

typedef struct filter {
  int16_t past[TAPS];
  uint32_t next;
  int32_t x1, x2, y1, y2;
} filter_t;

static filter_t filter;
static int16_t samples[BLOCK], output[BLOCK];

static int16_t clip(int32_t value) {
  if (value > 32767)
    return 32767;
  return value < -32768 ? -32768 : (int16_t)value;
}

static int16_t fir_step(filter_t *f, int16_t sample) {
  int32_t total = 1 << 13;
  uint32_t i, at = f->next;
  f->past[at] = sample;
  f->next = (at + 1) % TAPS;
  for (i = 0; i < TAPS; i++) {
    total += (int32_t)f->past[at] * taps[i];
    at = at == 0 ? TAPS - 1 : at - 1;
  }
  return clip(total >> 14);
}

/* A low pass of second order. */
static int16_t biquad_step(filter_t *f, int16_t sample) {
  int32_t x = sample;
  int32_t y = (1105 * x + 2210 * f->x1 + 1105 * f->x2 + 18727 * f->y1 - 6763 * f->y2) >> 14;
  f->x2 = f->x1;
  f->x1 = x;
  f->y2 = f->y1;
  f->y1 = y;
  return clip(y);
}

static int16_t median(int16_t a, int16_t b, int16_t c) {
  int16_t low = a < b ? a : b;
  int16_t high = a < b ? b : a;
  return c < low ? low : c > high ? high : c;
}

static uint32_t mean_square(const int16_t *v, uint32_t n) {
  uint64_t total = 0;
  uint32_t i;
  for (i = 0; i < n; i++)
    total += (uint32_t)((int32_t)v[i] * v[i]);
  return (uint32_t)(total / n);
}

uint32_t fir(uint32_t rounds) {
  uint32_t result = 0, noise = 1, i, k;
  for (i = 0; i < rounds; i++) {
    for (k = 0; k < BLOCK; k++) {
      noise = noise * 1664525 + 1013904223;
      samples[k] = (int16_t)((int32_t)((k * 37 + i * 11) % 2000) - 1000 + (int32_t)(noise >> 26));
    }
    for (k = 1; k + 1 < BLOCK; k++)
      samples[k] = median(samples[k - 1], samples[k], samples[k + 1]);
    for (k = 0; k < BLOCK; k++)
      output[k] = biquad_step(&filter, fir_step(&filter, samples[k]));
    result = result * 33 + mean_square(output, BLOCK);
  }
  return result;
}
