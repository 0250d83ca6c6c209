/* Two hashes of a buffer: byte by byte (FNV-1a) and four 64-bit lanes. */
/* n: 2000 */
#include "kernel.h"

#define SIZE 20000

static u8 buffer[SIZE];

static u32 hash_bytes(const u8 *p, u32 size) {
  u32 hash = 2166136261u;
  for (u32 i = 0; i < size; i++)
    hash = (hash ^ p[i]) * 16777619u;
  return hash;
}

static u64 read64(const u8 *p) {
  u64 value;
  __builtin_memcpy(&value, p, 8);
  return value;
}

static u64 rotate(u64 x, int by) {
  return x << by | x >> (64 - by);
}

static u64 hash_lanes(const u8 *p, u32 size, u64 seed) {
  const u64 odd1 = 0x9e3779b185ebca87u, odd2 = 0xc2b2ae3d27d4eb4fu;
  u64 lanes[4] = {seed + odd1, seed + odd2, seed, seed - odd1};
  u64 hash = size;
  while (size >= 32) {
    for (int i = 0; i < 4; i++)
      lanes[i] = rotate(lanes[i] + read64(p + 8 * i) * odd2, 31) * odd1;
    p += 32, size -= 32;
  }
  for (int i = 0; i < 4; i++)
    hash = (hash ^ rotate(lanes[i], 7 * i + 1)) * odd1 + odd2;
  while (size-- > 0)
    hash = rotate(hash ^ *p++ * odd1, 11) * odd2;
  hash ^= hash >> 33;
  return hash * odd2;
}

u64 bench_run(u32 n) {
  u32 random = 6;
  u64 sum = 0;
  for (u32 i = 0; i < SIZE; i++)
    buffer[i] = (u8)next_random(&random);
  for (u32 round = 0; round < n; round++) {
    sum = mix(sum, hash_bytes(buffer, SIZE));
    for (u32 i = 0; i < 4; i++)
      sum = mix(sum, hash_lanes(buffer + i, SIZE - 2 * i, sum));
    buffer[round % SIZE] ^= (u8)sum;
  }
  return sum;
}
