/* Checksums of frames: bit by bit, by a table of half bytes, and Fletcher's. */
#include "kernels.h"

static uint8_t frame[256];

static const uint32_t nibbles[16] = {
    0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
    0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};

static uint16_t crc16_byte(uint16_t crc, uint8_t data) {
  uint32_t i;
  for (i = 0; i < 8; i++) {
    uint8_t carry = (uint8_t)((data & 1) ^ (crc & 1));
    data >>= 1;
    if (carry)
      crc ^= 0x4002;
    crc >>= 1;
    crc = carry ? (uint16_t)(crc | 0x8000) : (uint16_t)(crc & 0x7fff);
  }
  return crc;
}

static uint16_t crc16(const uint8_t *data, uint32_t size) {
  uint16_t crc = 0;
  while (size-- > 0)
    crc = crc16_byte(crc, *data++);
  return crc;
}

static uint32_t crc32(const uint8_t *data, uint32_t size) {
  uint32_t crc = 0xffffffff, i;
  for (i = 0; i < size; i++) {
    crc ^= data[i];
    crc = crc >> 4 ^ nibbles[crc & 15];
    crc = crc >> 4 ^ nibbles[crc & 15];
  }
  return ~crc;
}

static uint32_t fletcher(const uint8_t *data, uint32_t size) {
  uint32_t a = 1, b = 0;
  while (size-- > 0) {
    a += *data++;
    if (a >= 255)
      a -= 255;
    b += a;
    if (b >= 255)
      b -= 255;
  }
  return b << 8 | a;
}

uint32_t crc(uint32_t rounds) {
  uint32_t result = 0, i, k;
  for (i = 0; i < rounds; i++) {
    for (k = 0; k < sizeof frame; k++)
      frame[k] = (uint8_t)(k * 7 + i + (result & 1));
    result = result * 5 + crc16(frame, 64);
    result ^= crc32(frame, sizeof frame);
    result += fletcher(frame, sizeof frame);
  }
  return result;
}
