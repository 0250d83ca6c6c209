/* Base64 both ways, then UTF-8 encoding and validating decoding. */
/* n: 200 */
#include "kernel.h"

#define SIZE 24000
#define POINTS 12000

static u8 bytes[SIZE], decoded[SIZE];
static char text[SIZE / 3 * 4];
static u8 utf8[4 * POINTS];
static signed char values[256];
static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static u32 encode(const u8 *p, u32 size, char *to) {
  char *out = to;
  for (; size >= 3; size -= 3, p += 3) {
    u32 group = (u32)p[0] << 16 | (u32)p[1] << 8 | p[2];
    *out++ = digits[group >> 18];
    *out++ = digits[group >> 12 & 63];
    *out++ = digits[group >> 6 & 63];
    *out++ = digits[group & 63];
  }
  return (u32)(out - to);
}

static u32 decode(const char *p, u32 size, u8 *to) {
  u8 *out = to;
  for (; size >= 4; size -= 4, p += 4) {
    i32 a = values[(u8)p[0]], b = values[(u8)p[1]], c = values[(u8)p[2]], d = values[(u8)p[3]];
    if ((a | b | c | d) < 0)
      return 0;
    u32 group = (u32)a << 18 | (u32)b << 12 | (u32)c << 6 | (u32)d;
    *out++ = (u8)(group >> 16);
    *out++ = (u8)(group >> 8);
    *out++ = (u8)group;
  }
  return (u32)(out - to);
}

static u32 put_point(u8 *p, u32 point) {
  if (point < 0x80) {
    p[0] = (u8)point;
    return 1;
  }
  u32 length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  static const u8 marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (u32 i = length - 1; i > 0; i--, point >>= 6)
    p[i] = (u8)(0x80 | (point & 63));
  p[0] = (u8)(marks[length] | point);
  return length;
}

/* The sum of the code points, or 0 if the text is malformed. */
static u64 sum_points(const u8 *p, const u8 *end) {
  u64 sum = 0;
  while (p < end) {
    u32 first = *p++, more = 0, point = first;
    if (first >= 0x80) {
      more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
      if (first < 0xc2 || first > 0xf4 || (u32)(end - p) < more)
        return 0;
      point = first & (0x3f >> more);
      for (; more > 0; more--, p++) {
        if ((*p & 0xc0) != 0x80)
          return 0;
        point = point << 6 | (*p & 0x3f);
      }
    }
    sum += point;
  }
  return sum;
}

u64 bench_run(u32 n) {
  u32 random = 17, utf8_size = 0;
  u64 sum = 0;
  for (u32 i = 0; i < 256; i++)
    values[i] = -1;
  for (u32 i = 0; i < 64; i++)
    values[(u8)digits[i]] = (signed char)i;
  for (u32 i = 0; i < SIZE; i++)
    bytes[i] = (u8)next_random(&random);
  for (u32 round = 0; round < n; round++) {
    u32 size = encode(bytes, SIZE, text);
    sum = mix(sum, decode(text, size, decoded));
    bytes[round % SIZE] = decoded[(round * 7 + 1) % SIZE] + 1;
    utf8_size = 0;
    for (u32 i = 0; i < POINTS; i++) {
      u32 r = next_random(&random);
      u32 limit = r % 8 < 5 ? 0x80 : r % 8 == 5 ? 0x800 : r % 8 == 6 ? 0xd800 : 0x110000;
      utf8_size += put_point(utf8 + utf8_size, (r >> 3) % limit);
    }
    for (u32 i = 0; i < 4; i++)
      sum = mix(sum, sum_points(utf8, utf8 + utf8_size));
  }
  return sum;
}
