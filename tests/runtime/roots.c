/* The square roots by integers are those of the machine, to the bit. */
#include "wdn_gen.h"

#include "check.h"
#include "random.h"

static void same32(u32 bits) {
  f32 x = wdn_f32_from_bits(bits);
  f32 expected = f32_sqrt(x), actual = wdn_f32_sqrt(x);
  if (expected != expected)
    EXPECT_EQUAL(wdn_f32_bits(actual) & 0x7fc00000u, 0x7fc00000u);
  else
    EXPECT_EQUAL(wdn_f32_bits(actual), wdn_f32_bits(expected));
}

static void same64(u64 bits) {
  f64 x = wdn_f64_from_bits(bits);
  f64 expected = f64_sqrt(x), actual = wdn_f64_sqrt(x);
  if (expected != expected)
    EXPECT_EQUAL(wdn_f64_bits(actual) >> 51 & 0xfff, 0xfff);
  else
    EXPECT_EQUAL(wdn_f64_bits(actual), wdn_f64_bits(expected));
}

int main(void) {
  int i;
  for (i = 0; i < RANDOM_F32_EDGES + 50000; i++)
    same32(random_f32(i));
  for (i = 0; i < RANDOM_F64_EDGES + 50000; i++)
    same64(random_f64(i));
  return check_result();
}
