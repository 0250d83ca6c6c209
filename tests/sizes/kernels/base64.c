/* Bytes to text and back, with what is no text refused. */
#include "kernels.h"

#define BYTES 90

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static uint8_t bytes[BYTES], back[BYTES + 2];
static char encoded[(BYTES + 2) / 3 * 4 + 1];

static uint32_t encode(char *to, const uint8_t *from, uint32_t size) {
  char *start = to;
  uint32_t i;
  for (i = 0; i < size; i += 3) {
    uint32_t bits = (uint32_t)from[i] << 16;
    if (i + 1 < size)
      bits |= (uint32_t)from[i + 1] << 8;
    if (i + 2 < size)
      bits |= from[i + 2];
    *to++ = digits[bits >> 18];
    *to++ = digits[bits >> 12 & 63];
    *to++ = i + 1 < size ? digits[bits >> 6 & 63] : '=';
    *to++ = i + 2 < size ? digits[bits & 63] : '=';
  }
  *to = 0;
  return (uint32_t)(to - start);
}

static int32_t digit(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The number of bytes, or -1. */
static int32_t decode(uint8_t *to, const char *from) {
  uint32_t bits = 0, have = 0;
  uint8_t *start = to;
  for (; *from && *from != '='; from++) {
    int32_t value = digit(*from);
    if (value < 0)
      return -1;
    bits = bits << 6 | (uint32_t)value;
    have += 6;
    if (have >= 8) {
      have -= 8;
      *to++ = (uint8_t)(bits >> have);
    }
  }
  return (int32_t)(to - start);
}

uint32_t base64(uint32_t rounds) {
  uint32_t result = 0, i, k;
  for (i = 0; i < rounds; i++) {
    uint32_t size = BYTES - i % 3, length;
    int32_t again;
    for (k = 0; k < size; k++)
      bytes[k] = (uint8_t)(k * k + i * 13 + result);
    length = encode(encoded, bytes, size);
    encoded[i % length] ^= (char)(i % 5 == 0 ? 0x80 : 0);
    again = decode(back, encoded);
    result = result * 31 + length + (uint32_t)again;
    for (k = 0; again > 0 && k < size; k++)
      result += (uint32_t)(back[k] ^ bytes[k]) * 7 + back[k];
  }
  return result;
}
