/* CRC-32 by table, one byte and four bytes at a time, and Adler-32. */
/* n: 500 */
#include "kernel.h"

#define SIZE 32768

static u8 buffer[SIZE];
static u32 tables[4][256];

static void make_tables(void) {
  for (u32 i = 0; i < 256; i++) {
    u32 crc = i;
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (0xedb88320u & (0 - (crc & 1)));
    tables[0][i] = crc;
  }
  for (u32 k = 1; k < 4; k++)
    for (u32 i = 0; i < 256; i++)
      tables[k][i] = tables[k - 1][i] >> 8 ^ tables[0][tables[k - 1][i] & 255];
}

static u32 crc_bytes(const u8 *p, u32 size) {
  u32 crc = ~0u;
  while (size-- > 0)
    crc = crc >> 8 ^ tables[0][(crc ^ *p++) & 255];
  return ~crc;
}

static u32 crc_words(const u8 *p, u32 size) {
  u32 crc = ~0u;
  for (; size >= 4; size -= 4, p += 4) {
    crc ^= p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
    crc = tables[3][crc & 255] ^ tables[2][crc >> 8 & 255] ^ tables[1][crc >> 16 & 255] ^
          tables[0][crc >> 24];
  }
  while (size-- > 0)
    crc = crc >> 8 ^ tables[0][(crc ^ *p++) & 255];
  return ~crc;
}

static u32 adler(const u8 *p, u32 size) {
  u32 a = 1, b = 0;
  while (size > 0) {
    u32 chunk = size < 5552 ? size : 5552;
    size -= chunk;
    while (chunk-- > 0)
      b += a += *p++;
    a %= 65521, b %= 65521;
  }
  return b << 16 | a;
}

u64 bench_run(u32 n) {
  u32 random = 15;
  u64 sum = 0;
  make_tables();
  for (u32 i = 0; i < SIZE; i++)
    buffer[i] = (u8)next_random(&random);
  for (u32 round = 0; round < n; round++) {
    sum = mix(sum, crc_bytes(buffer, SIZE));
    sum = mix(sum, crc_words(buffer, SIZE - 3));
    sum = mix(sum, adler(buffer, SIZE));
    buffer[round % SIZE]++;
  }
  return sum;
}
