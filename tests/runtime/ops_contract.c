/* Multiplying and adding rounds twice, without any flag that asks for it. */
#include "check.h"
#include "wdn_gen.h"

static f64 dot_64(f64 a, f64 b, f64 c) {
  return a * b + c;
}
static f64 steps_64(f64 a, f64 b, f64 c) {
  f64 product = a * b;
  return c - product;
}
static f32 dot_32(f32 a, f32 b, f32 c) {
  return a * b + c;
}

int main(void) {
  volatile f64 a = 1.0 + 0x1p-30, b = 1.0 - 0x1p-30; /* a * b is 1 - 2^-60: rounds to 1 */
  volatile f32 c = 1.0f + 0x1p-15f, d = 1.0f - 0x1p-15f;
  volatile f64 sums[64];
  int i;
  EXPECT_EQUAL(wdn_f64_bits(dot_64(a, b, -1.0)), 0);
  EXPECT_EQUAL(wdn_f64_bits(steps_64(a, b, 1.0)), 0);
  EXPECT_EQUAL(wdn_f32_bits(dot_32(c, d, -1.0f)), 0);
  for (i = 0; i < 64; i++)
    sums[i] = a * b - 1.0;
  for (i = 0; i < 64; i++)
    EXPECT_EQUAL(wdn_f64_bits(sums[i]), 0);
  return check_result();
}
