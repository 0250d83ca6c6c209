/* Square roots, for machines that have no instruction for them and no libm.
 *
 * A root has half the digits of its square, so both are computed as integers, one
 * binary digit after the other, with one digit more than the result has. It
 * rounds: the root of an even number is no odd one, so there are no ties. */
#include "wdn_gen.h"

/* The first digits of the root of `m`, or of 2m where that has an odd number of
 * digits more: `top` is the first, and 1 the last. `rest` stays what is left of
 * the square after the digits so far, divided by the next digit. */
static u64 wdn_root(u64 m, u64 top) {
  u64 root = 0, rest = 2 * m;
  for (; top != 0; top >>= 1, rest <<= 1) {
    u64 more = 2 * root + top;
    if (rest >= more) {
      rest -= more;
      root += top;
    }
  }
  return root;
}

/* Of a positive number's bits, of which `digits` are its fraction's. */
static u64 wdn_sqrt_bits(u64 bits, unsigned digits, u64 bias) {
  u64 hidden = (u64)1 << digits;
  u64 fraction = bits & (hidden - 1);
  u64 exponent = bits >> digits;
  if (exponent != 0) {
    fraction |= hidden;
  } else {
    /* Subnormal: moved to where the first digit of others is. Modulo 2^64. */
    for (exponent = 1; fraction < hidden; exponent--)
      fraction <<= 1;
  }
  exponent -= bias;
  if ((exponent & 1) != 0) {
    fraction <<= 1;
    exponent--;
  }
  /* Half of a number that may be negative, and a bias that is not; less one
   * because the first digit of the root will add one to the exponent. */
  exponent = (exponent + 2 * bias) / 2 - 1;
  return (exponent << digits) + (wdn_root(fraction, 2 * hidden) + 1) / 2;
}

f32 wdn_f32_sqrt(f32 x) {
  u32 bits = wdn_f32_bits(x);
  if (WDN_UNORDERED(x, x))
    return wdn_f32_quiet_nan(x);
  if (bits << 1 == 0 || bits == 0x7f800000u)
    return x;
  if (bits >> 31 != 0)
    return wdn_f32_from_bits(0x7fc00000u);
  return wdn_f32_from_bits((u32)wdn_sqrt_bits(bits, 23, 127));
}

f64 wdn_f64_sqrt(f64 x) {
  u64 bits = wdn_f64_bits(x);
  if (WDN_UNORDERED(x, x))
    return wdn_f64_quiet_nan(x);
  if (bits << 1 == 0 || bits == (u64)0x7ff << 52)
    return x;
  if (bits >> 63 != 0)
    return wdn_f64_from_bits((u64)0x7ff8 << 48);
  return wdn_f64_from_bits(wdn_sqrt_bits(bits, 52, 1023));
}
