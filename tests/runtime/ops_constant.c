/* Operands that the compiler knows: whatever it computes or leaves out must come
 * to the same, signalling NaNs included. */
#include "check.h"
#include "wdn_gen.h"

#define SIGNALLING_32 wdn_f32_from_bits(0x7fa00001)
#define SIGNALLING_64 wdn_f64_from_bits(0x7ff4000000000001)

static volatile u32 hidden_32 = 0x7fa00001;
static volatile u64 hidden_64 = 0x7ff4000000000001;

static bool quiet_32(f32 x) {
  return (wdn_f32_bits(x) & 0x7fc00000) == 0x7fc00000;
}
static bool quiet_64(f64 x) {
  return (wdn_f64_bits(x) & 0x7ff8000000000000) == 0x7ff8000000000000;
}

static void check_identities(void) {
  u32 x = hidden_32;
  u64 y = hidden_64;
  EXPECT(quiet_32(f32_mul(wdn_f32_from_bits(x), 1.0f)));
  EXPECT(quiet_32(f32_mul(-1.0f, wdn_f32_from_bits(x))));
  EXPECT(quiet_32(f32_div(wdn_f32_from_bits(x), 1.0f)));
  EXPECT(quiet_32(f32_div(wdn_f32_from_bits(x), -1.0f)));
  EXPECT(quiet_32(f32_sub(wdn_f32_from_bits(x), 0.0f)));
  EXPECT(quiet_32(f32_sub(-0.0f, wdn_f32_from_bits(x))));
  EXPECT(quiet_32(f32_add(wdn_f32_from_bits(x), -0.0f)));
  EXPECT(quiet_32(f32_add(-0.0f, wdn_f32_from_bits(x))));
  EXPECT(quiet_64(f64_mul(wdn_f64_from_bits(y), 1.0)));
  EXPECT(quiet_64(f64_mul(-1.0, wdn_f64_from_bits(y))));
  EXPECT(quiet_64(f64_div(wdn_f64_from_bits(y), 1.0)));
  EXPECT(quiet_64(f64_div(wdn_f64_from_bits(y), -1.0)));
  EXPECT(quiet_64(f64_sub(wdn_f64_from_bits(y), 0.0)));
  EXPECT(quiet_64(f64_sub(-0.0, wdn_f64_from_bits(y))));
  EXPECT(quiet_64(f64_add(wdn_f64_from_bits(y), -0.0)));
  EXPECT(quiet_64(f64_add(-0.0, wdn_f64_from_bits(y))));
  EXPECT(quiet_32(f32_demote_f64(f64_promote_f32(wdn_f32_from_bits(x)))));
}

static void check_constants(void) {
  volatile f32 one = 1.5f;
  volatile f64 two = 2.5;
  EXPECT(quiet_32(f32_add(SIGNALLING_32, one)));
  EXPECT(quiet_32(f32_mul(one, SIGNALLING_32)));
  EXPECT(quiet_64(f64_sub(SIGNALLING_64, two)));
  EXPECT(quiet_64(f64_div(two, SIGNALLING_64)));
  EXPECT(quiet_32(f32_min(SIGNALLING_32, one)));
  EXPECT(quiet_32(f32_max(one, SIGNALLING_32)));
  EXPECT(quiet_64(f64_min(two, SIGNALLING_64)));
  EXPECT(quiet_64(f64_max(SIGNALLING_64, two)));
  EXPECT(quiet_32(f32_floor(SIGNALLING_32)));
  EXPECT(quiet_32(f32_ceil(SIGNALLING_32)));
  EXPECT(quiet_64(f64_trunc(SIGNALLING_64)));
  EXPECT(quiet_64(f64_nearest(SIGNALLING_64)));
  EXPECT(quiet_32(f32_sqrt(SIGNALLING_32)));
  EXPECT(quiet_64(f64_sqrt(SIGNALLING_64)));
  EXPECT(quiet_64(f64_promote_f32(SIGNALLING_32)));
  EXPECT(quiet_32(f32_demote_f64(SIGNALLING_64)));
  EXPECT(!quiet_32(f32_neg(SIGNALLING_32)));
  EXPECT(!quiet_64(f64_abs(SIGNALLING_64)));
  EXPECT_EQUAL(i32_trunc_sat_f32_s(SIGNALLING_32), 0);
  EXPECT_EQUAL(i64_trunc_sat_f64_s(-1e300), 0x8000000000000000);
  EXPECT_EQUAL(i64_trunc_sat_f64_u(1e300), UINT64_MAX);
  EXPECT_EQUAL(i32_clz(0), 32);
  EXPECT_EQUAL(i64_clz(1), 63);
  EXPECT_EQUAL(i32_rotl(0x80000001, 32), 0x80000001);
}

/* The sign of a square is that of its NaN operand, unless removed. */
static void check_sign_of_nan(void) {
  volatile f64 negative_nan = wdn_f64_from_bits(0xfff8000000000000);
  volatile f32 zero = 0;
  EXPECT_EQUAL(wdn_f64_bits(f64_abs(negative_nan * negative_nan)) >> 63, 0);
  EXPECT_EQUAL(wdn_f32_bits(f32_abs(zero / zero)) >> 31, 0);
}

/* Both constant: rounded once, to the format of the operands. */
static void check_rounding(void) {
  EXPECT_EQUAL(wdn_f64_bits(f64_add(1.0, 1.1102230246251567e-16)), 0x3ff0000000000001);
  EXPECT_EQUAL(wdn_f64_bits(f64_add(1.0, 1.1102230246251565e-16)), 0x3ff0000000000000);
  EXPECT_EQUAL(wdn_f32_bits(f32_add(16777216.0f, 1.0f)), 0x4b800000);
}

int main(void) {
  check_identities();
  check_constants();
  check_sign_of_nan();
  check_rounding();
  return check_result();
}
