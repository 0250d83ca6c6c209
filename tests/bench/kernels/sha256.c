/* SHA-256's compression of a buffer: rotations, additions and small arrays in memory. */
/* n: 1000 */
#include "kernel.h"

#define SIZE 16384

static u8 buffer[SIZE];
static u32 constants[64];

/* The first 32 bits of the fractional part of the cube root of `p`. */
static u32 cube_root_fraction(u32 p) {
  double root = 1;
  for (int i = 0; i < 40; i++)
    root -= (root * root * root - p) / (3 * root * root);
  return (u32)((root - (u32)root) * 4294967296.0);
}

static void make_constants(void) {
  u32 count = 0;
  for (u32 p = 2; count < 64; p++) {
    u32 d = 2;
    while (p % d != 0)
      d++;
    if (d == p)
      constants[count++] = cube_root_fraction(p);
  }
}

static u32 rotate(u32 x, int by) {
  return x >> by | x << (32 - by);
}

static void compress(u32 state[8], const u8 *block) {
  u32 w[64], s[8];
  for (int i = 0; i < 16; i++, block += 4)
    w[i] = (u32)block[0] << 24 | (u32)block[1] << 16 | (u32)block[2] << 8 | block[3];
  for (int i = 16; i < 64; i++) {
    u32 a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
           (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
  }
  for (int i = 0; i < 8; i++)
    s[i] = state[i];
  for (int i = 0; i < 64; i++) {
    u32 e = s[4], a = s[0];
    u32 t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & s[5]) ^ (~e & s[6])) +
             constants[i] + w[i];
    u32 t2 =
        (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
    s[7] = s[6], s[6] = s[5], s[5] = s[4], s[4] = s[3] + t1;
    s[3] = s[2], s[2] = s[1], s[1] = s[0], s[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++)
    state[i] += s[i];
}

u64 bench_run(u32 n) {
  u32 state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  u32 random = 7;
  make_constants();
  for (u32 i = 0; i < SIZE; i++)
    buffer[i] = (u8)next_random(&random);
  for (u32 round = 0; round < n; round++)
    for (u32 at = 0; at < SIZE; at += 64)
      compress(state, buffer + at);
  u64 sum = 0;
  for (int i = 0; i < 8; i++)
    sum = mix(sum, state[i]);
  return sum;
}
