/* Integer instructions that cannot trap, against bit-by-bit definitions. */
#include "check.h"
#include "random.h"
#include "wdn_gen.h"

static u64 bit(u64 x, u32 i) {
  return x >> i & 1;
}

static u64 count_leading(u64 x, u32 width) {
  u32 n = 0;
  while (n < width && !bit(x, width - 1 - n))
    n++;
  return n;
}
static u64 count_trailing(u64 x, u32 width) {
  u32 n = 0;
  while (n < width && !bit(x, n))
    n++;
  return n;
}
static u64 count_ones(u64 x, u32 width) {
  u64 n = 0;
  u32 i;
  for (i = 0; i < width; i++)
    n += bit(x, i);
  return n;
}

/* Bit i of the result is bit i - n of x, or `fill` where there is none. */
static u64 shift(u64 x, u32 width, u32 n, bool left, u64 fill, bool rotate) {
  u64 result = 0;
  u32 i;
  for (i = 0; i < width; i++) {
    u32 from = left ? i - n : i + n;
    u64 b = from < width ? bit(x, from) : rotate ? bit(x, (from + width) % width) : fill;
    result |= b << i;
  }
  return result;
}

static u64 sign_extend(u64 x, u32 width, u32 result_width) {
  u64 result = 0;
  u32 i;
  for (i = 0; i < result_width; i++)
    result |= bit(x, i < width ? i : width - 1) << i;
  return result;
}

static void check_unary(u64 x) {
  u32 y = (u32)x;
  EXPECT_EQUAL(i32_clz(y), count_leading(y, 32));
  EXPECT_EQUAL(i32_ctz(y), count_trailing(y, 32));
  EXPECT_EQUAL(i32_popcnt(y), count_ones(y, 32));
  EXPECT_EQUAL(i64_clz(x), count_leading(x, 64));
  EXPECT_EQUAL(i64_ctz(x), count_trailing(x, 64));
  EXPECT_EQUAL(i64_popcnt(x), count_ones(x, 64));
  EXPECT_EQUAL(i32_extend8_s(y), sign_extend(y, 8, 32));
  EXPECT_EQUAL(i32_extend16_s(y), sign_extend(y, 16, 32));
  EXPECT_EQUAL(i64_extend8_s(x), sign_extend(x, 8, 64));
  EXPECT_EQUAL(i64_extend16_s(x), sign_extend(x, 16, 64));
  EXPECT_EQUAL(i64_extend32_s(x), sign_extend(x, 32, 64));
  EXPECT_EQUAL(i64_extend_i32_s(y), sign_extend(y, 32, 64));
  EXPECT_EQUAL(i64_extend_i32_u(y), y);
  EXPECT_EQUAL(i32_wrap_i64(x), x % 0x100000000u);
}

static void check_shifts(u64 x, u64 n) {
  u32 y = (u32)x, m = (u32)n, m5 = (u32)(n % 32), n6 = (u32)(n % 64);
  EXPECT_EQUAL(i32_shl(y, m), shift(y, 32, m5, true, 0, false));
  EXPECT_EQUAL(i32_shr_u(y, m), shift(y, 32, m5, false, 0, false));
  EXPECT_EQUAL(i32_shr_s(y, m), shift(y, 32, m5, false, bit(y, 31), false));
  EXPECT_EQUAL(i32_rotl(y, m), shift(y, 32, m5, true, 0, true));
  EXPECT_EQUAL(i32_rotr(y, m), shift(y, 32, m5, false, 0, true));
  EXPECT_EQUAL(i64_shl(x, n), shift(x, 64, n6, true, 0, false));
  EXPECT_EQUAL(i64_shr_u(x, n), shift(x, 64, n6, false, 0, false));
  EXPECT_EQUAL(i64_shr_s(x, n), shift(x, 64, n6, false, bit(x, 63), false));
  EXPECT_EQUAL(i64_rotl(x, n), shift(x, 64, n6, true, 0, true));
  EXPECT_EQUAL(i64_rotr(x, n), shift(x, 64, n6, false, 0, true));
}

int main(void) {
  int i, j;
  EXPECT_EQUAL(shift(0x80000001, 32, 1, true, 0, true), 3); /* the reference itself */
  EXPECT_EQUAL(sign_extend(0x80, 8, 32), 0xffffff80);
  EXPECT_EQUAL(i32_clz(0), 32);
  EXPECT_EQUAL(i64_ctz(0), 64);
  for (i = 0; i < 2000; i++)
    check_unary(random_integer(i));
  for (i = 0; i < RANDOM_EDGES + 40; i++)
    for (j = 0; j < RANDOM_EDGES + 40; j++)
      check_shifts(random_integer(i), random_integer(j));
  return check_result();
}
