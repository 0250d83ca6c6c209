/* Division, against schoolbook long division; its traps, with their offsets. */
#include "check.h"
#include "random.h"
#include "toy.h"

static toy_t toy;

/* Of magnitudes, digit by digit. */
static u64 quotient(u64 x, u64 y, u64 *rest) {
  u64 q = 0, r = 0;
  int i;
  for (i = 63; i >= 0; i--) {
    bool carry = r >> 63;
    r = r << 1 | (x >> i & 1);
    if (carry || r >= y) {
      r -= y;
      q |= (u64)1 << i;
    }
  }
  *rest = r;
  return q;
}

/* Of numbers in two's complement of `width` bits, the quotient rounded to zero. */
static u64 divide(u64 x, u64 y, int width, bool is_signed, u64 *rest) {
  u64 mask = ~(u64)0 >> (64 - width);
  bool x_negative = is_signed && x >> (width - 1) & 1,
       y_negative = is_signed && y >> (width - 1) & 1;
  u64 q = quotient((x_negative ? 0 - x : x) & mask, (y_negative ? 0 - y : y) & mask, rest);
  if (x_negative)
    *rest = (0 - *rest) & mask;
  return (x_negative != y_negative ? 0 - q : q) & mask;
}

typedef u32 (*op32_t)(void *, u32, u32, u32);
typedef u64 (*op64_t)(void *, u64, u64, u32);
static const op32_t ops32[] = {i32_div_u, i32_rem_u, i32_div_s, i32_rem_s};
static const op64_t ops64[] = {i64_div_u, i64_rem_u, i64_div_s, i64_rem_s};

/* Runs operation `op`, with 77 for its offset. */
static wdn_trap_t run(int op, int width, u64 x, u64 y, u64 *result) {
  volatile u64 value = 0;
  wdn_trap_t code;
  wdn_unpoison(&toy);
  if (width == 32)
    WDN_TRY(code, &toy, value = ops32[op](&toy, (u32)x, (u32)y, 77));
  else
    WDN_TRY(code, &toy, value = ops64[op](&toy, x, y, 77));
  *result = value;
  return code;
}

static void check(int op, int width, u64 x, u64 y) {
  u64 mask = ~(u64)0 >> (64 - width), result, rest, expected;
  bool is_signed = op >= 2, is_rest = op & 1;
  wdn_trap_t code;
  x &= mask;
  y &= mask;
  code = run(op, width, x, y, &result);
  if (y == 0) {
    EXPECT_EQUAL(code, WDN_TRAP_DIVISION_BY_ZERO);
    EXPECT_EQUAL(toy.wdn.store->trap.offset, 77);
    return;
  }
  if (op == 2 && x == (u64)1 << (width - 1) && y == mask) {
    EXPECT_EQUAL(code, WDN_TRAP_INTEGER_OVERFLOW);
    EXPECT_EQUAL(toy.wdn.store->trap.offset, 77);
    return;
  }
  expected = divide(x, y, width, is_signed, &rest);
  EXPECT_EQUAL(code, WDN_OK);
  EXPECT_EQUAL(result, is_rest ? rest : expected);
}

int main(void) {
  int op, i, j;
  u64 result;
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  EXPECT(run(3, 32, 0x80000000, 0xffffffff, &result) == WDN_OK && result == 0);
  EXPECT(run(3, 64, (u64)1 << 63, ~(u64)0, &result) == WDN_OK && result == 0);
  EXPECT(run(2, 32, (u32)-7, 2, &result) == WDN_OK && result == (u32)-3);
  EXPECT(run(3, 32, (u32)-7, 2, &result) == WDN_OK && result == (u32)-1);
  EXPECT(run(3, 64, 7, (u64)-2, &result) == WDN_OK && result == 1);
  for (op = 0; op < 4; op++)
    for (i = 0; i < RANDOM_EDGES + 60; i++)
      for (j = 0; j < RANDOM_EDGES + 60; j++) {
        check(op, 32, random_integer(i), random_integer(j));
        check(op, 64, random_integer(i), random_integer(j));
      }
  wdn_destroy(&toy);
  return check_result();
}
