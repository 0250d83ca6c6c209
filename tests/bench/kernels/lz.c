/* Compression by back references found through a hash table, and back. */
/* n: 230 */
#include "kernel.h"

#define SIZE 50000
#define HASH_BITS 12
#define LONGEST 66

static u8 input[SIZE + 8], packed[2 * SIZE], output[SIZE + LONGEST];
static u32 heads[1 << HASH_BITS];

static void make_input(void) {
  u32 random = 16;
  for (u32 at = 0; at < SIZE;) {
    u32 r = next_random(&random), length = 3 + r % 29;
    if (at > 64 && r % 4 != 0)
      for (u32 from = next_random(&random) % (at - 40); length > 0 && at < SIZE; length--)
        input[at++] = input[from++];
    else
      for (; length > 0 && at < SIZE; length--)
        input[at++] = (u8)(97 + next_random(&random) % 20);
  }
}

static u32 hash_at(const u8 *p) {
  return ((p[0] | (u32)p[1] << 8 | (u32)p[2] << 16) * 2654435761u) >> (32 - HASH_BITS);
}

/* A token is 1 to 128 literals, or a length and a 16-bit distance. */
static u32 pack(void) {
  u32 at = 0, to = 0, literals = 0;
  for (u32 i = 0; i < 1 << HASH_BITS; i++)
    heads[i] = 0;
  while (at < SIZE) {
    u32 slot = hash_at(input + at), from = heads[slot], length = 0;
    heads[slot] = at;
    if (from > 0 && at - from < 65536)
      while (length < LONGEST && at + length < SIZE && input[from + length] == input[at + length])
        length++;
    if (length >= 4) {
      packed[to++] = (u8)(128 + length - 3);
      packed[to++] = (u8)(at - from);
      packed[to++] = (u8)((at - from) >> 8);
      at += length, literals = 0;
    } else {
      if (literals == 0 || literals == 128)
        literals = 0, packed[to++] = 0;
      packed[to - 1 - literals] = (u8)literals;
      literals++;
      packed[to++] = input[at++];
    }
  }
  return to;
}

static u32 unpack(u32 size) {
  u32 at = 0, to = 0;
  while (at < size) {
    u32 token = packed[at++];
    if (token < 128) {
      for (u32 i = 0; i <= token; i++)
        output[to++] = packed[at++];
    } else {
      u32 length = token - 128 + 3, distance = packed[at] | (u32)packed[at + 1] << 8;
      at += 2;
      for (u32 i = 0; i < length; i++, to++)
        output[to] = output[to - distance];
    }
  }
  return to;
}

u64 bench_run(u32 n) {
  u64 sum = 0;
  make_input();
  for (u32 round = 0; round < n; round++) {
    u32 size = pack(), unpacked = unpack(size);
    u32 same = 0;
    for (u32 i = 0; i < SIZE; i++)
      same += input[i] == output[i];
    sum = mix(sum, mix(size, mix(unpacked, same)));
    input[round * 101 % SIZE] ^= 1;
  }
  return sum;
}
