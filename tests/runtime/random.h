/* Numbers to try: edge cases, and a fixed sequence that looks random. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static inline uint64_t random_next(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state * 0x2545f4914f6cdd1du;
}

static const uint64_t random_edges[] = {
    0,
    1,
    2,
    3,
    7,
    8,
    31,
    32,
    33,
    63,
    64,
    65,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x10000,
    0x7ffffffe,
    0x7fffffff,
    0x80000000,
    0x80000001,
    0xfffffffe,
    0xffffffff,
    0x100000000,
    0x1ffffffff,
    0x5555555555555555,
    0xaaaaaaaaaaaaaaaa,
    0x7ffffffffffffffe,
    0x7fffffffffffffff,
    0x8000000000000000,
    0x8000000000000001,
    0xffffffff00000000,
    0xffffffff7fffffff,
    0xffffffff80000000,
    0xfffffffffffffffe,
    0xffffffffffffffff,
};
#define RANDOM_EDGES ((int)(sizeof(random_edges) / sizeof(random_edges[0])))

/* Number `i` to try: the edges, then random ones of random width. */
static inline uint64_t random_integer(int i) {
  if (i < RANDOM_EDGES)
    return random_edges[i];
  return random_next() >> (random_next() & 63);
}

/* Likewise as the bits of a float: around every power of two, zeros, subnormals,
 * infinities, NaNs of all kinds, halves, and random ones. */
static inline uint32_t random_f32(int i) {
  uint32_t sign = (uint32_t)(i & 1) << 31;
  static const uint32_t mantissas[] = {0, 1, 2, 0x3fffff, 0x400000, 0x400001, 0x7ffffe, 0x7fffff};
  int n = i >> 1;
  if (n < 256 * 8)
    return sign | (uint32_t)(n >> 3) << 23 | mantissas[n & 7];
  if (n & 2) /* with a fraction of few bits, or none */
    return sign | (uint32_t)(124 + random_next() % 40) << 23 |
           ((uint32_t)(random_next() >> 41) & (0x7fffffu << (random_next() % 24)) & 0x7fffffu);
  return (uint32_t)(random_next() >> 32);
}
#define RANDOM_F32_EDGES (2 * 256 * 8)

static inline uint64_t random_f64(int i) {
  uint64_t sign = (uint64_t)(i & 1) << 63;
  static const uint64_t mantissas[] = {
      0,
      1,
      0x000000000fffffff, /* around a tie when rounded to an f32 */
      0x0000000010000000,
      0x0000000010000001,
      0x000000001fffffff,
      0x0000000020000000,
      0x0000000030000000,
      0x7ffffffffffff,
      0x8000000000000,
      0x8000000000001,
      0x80000ffffffff,
      0x8000010000000,
      0xffffff0000000,
      0xfffffefffffff,
      0xfffffffffffff,
  };
  int n = i >> 1;
  if (n < 2048 * 16)
    return sign | (uint64_t)(n >> 4) << 52 | mantissas[n & 15];
  if (n & 2)
    return sign | (uint64_t)(1020 + random_next() % 70) << 52 |
           ((random_next() >> 12) & ((uint64_t)0xfffffffffffff << (random_next() % 53)) &
            0xfffffffffffff);
  return random_next();
}
#define RANDOM_F64_EDGES (2 * 2048 * 16)

#endif
