/* What float instructions should give, computed from the bits with integers.
 * Written from IEEE 754, without a look at wdn_ops.h: slow, and different. */
#ifndef SOFTFLOAT_H
#define SOFTFLOAT_H

#include <stdbool.h>
#include <stdint.h>

/* A float format: its number of digits, and the exponent of its last digit when
 * that is smallest. */
typedef struct soft_format {
  int digits;
  int smallest;
} soft_format_t;
static const soft_format_t SOFT_F32 = {24, -149};
static const soft_format_t SOFT_F64 = {53, -1074};

typedef struct soft {
  bool negative, infinite, nan;
  uint64_t mantissa; /* times 2^exponent; 0 if not finite */
  int exponent;
} soft_t;

static inline uint64_t soft_sign(soft_format_t format) {
  return format.digits == 24 ? (uint64_t)1 << 31 : (uint64_t)1 << 63;
}
static inline uint64_t soft_infinity(soft_format_t format) {
  return format.digits == 24 ? 0x7f800000 : 0x7ff0000000000000;
}
static inline uint64_t soft_quiet_bit(soft_format_t format) {
  return (uint64_t)1 << (format.digits - 2);
}

static inline soft_t soft_unpack(soft_format_t format, uint64_t bits) {
  soft_t x = {false, false, false, 0, 0};
  uint64_t magnitude = bits & ~soft_sign(format);
  int exponent = (int)(magnitude >> (format.digits - 1));
  x.negative = (bits & soft_sign(format)) != 0;
  x.nan = magnitude > soft_infinity(format);
  x.infinite = magnitude == soft_infinity(format);
  if (x.nan || x.infinite)
    return x;
  x.mantissa = magnitude & (((uint64_t)1 << (format.digits - 1)) - 1);
  if (exponent != 0)
    x.mantissa |= (uint64_t)1 << (format.digits - 1);
  x.exponent = format.smallest + (exponent != 0 ? exponent - 1 : 0);
  return x;
}

/* mantissa / 2^shift, to nearest, ties to even; `more` if there are more digits. */
static inline uint64_t soft_round_shift(uint64_t mantissa, int shift, bool more) {
  uint64_t rest, half, kept;
  if (shift > 64)
    return 0;
  if (shift == 64) {
    kept = 0;
    rest = mantissa;
    half = (uint64_t)1 << 63;
  } else {
    kept = mantissa >> shift;
    rest = mantissa & (((uint64_t)1 << shift) - 1);
    half = (uint64_t)1 << (shift - 1);
  }
  if (rest > half || (rest == half && (more || (kept & 1))))
    kept++;
  return kept;
}

/* The bits of mantissa * 2^exponent, rounded; `more` if it has digits beyond. */
static inline uint64_t soft_pack(soft_format_t format, bool negative, uint64_t mantissa,
                                 int exponent, bool more) {
  uint64_t sign = negative ? soft_sign(format) : 0, bits;
  int top = 0, last;
  if (mantissa == 0)
    return sign;
  while (mantissa >> top > 1)
    top++;
  last = exponent + top - (format.digits - 1);
  if (last < format.smallest)
    last = format.smallest;
  if (last > exponent)
    mantissa = soft_round_shift(mantissa, last - exponent, more);
  else
    mantissa <<= exponent - last;
  if (mantissa >> (format.digits - 1) == 0)
    return sign | mantissa;
  bits = ((uint64_t)(last - format.smallest + 1) << (format.digits - 1)) +
         (mantissa - ((uint64_t)1 << (format.digits - 1)));
  if (bits > soft_infinity(format))
    bits = soft_infinity(format);
  return sign | bits;
}

/* Any NaN that an instruction may give, for comparisons: see soft_same. */
static inline uint64_t soft_nan(soft_format_t format) {
  return soft_infinity(format) | soft_quiet_bit(format);
}

/* Is `actual` right, if `expected` is? For a NaN: it must be an arithmetic one,
 * and canonical if every NaN among the operands is. */
static inline bool soft_same(soft_format_t format, uint64_t actual, uint64_t expected,
                             bool canonical) {
  uint64_t magnitude = actual & ~soft_sign(format);
  if ((expected & ~soft_sign(format)) <= soft_infinity(format))
    return actual == expected;
  if (canonical)
    return magnitude == soft_nan(format);
  return magnitude > soft_infinity(format) && (magnitude & soft_quiet_bit(format)) != 0;
}

/* Is the operand no NaN, or a canonical one? */
static inline bool soft_canonical(soft_format_t format, uint64_t bits) {
  return (bits & ~soft_sign(format)) <= soft_nan(format) &&
         ((bits & ~soft_sign(format)) <= soft_infinity(format) ||
          (bits & ~soft_sign(format)) == soft_nan(format));
}

typedef enum soft_mode { SOFT_FLOOR, SOFT_CEIL, SOFT_TRUNC, SOFT_NEAREST } soft_mode_t;

static inline uint64_t soft_integral(soft_format_t format, uint64_t bits, soft_mode_t mode) {
  soft_t x = soft_unpack(format, bits);
  uint64_t whole;
  bool fraction;
  if (x.nan)
    return soft_nan(format);
  if (x.infinite || x.exponent >= 0)
    return bits;
  whole = x.exponent > -64 ? x.mantissa >> -x.exponent : 0;
  fraction =
      x.exponent > -64 ? (x.mantissa & (((uint64_t)1 << -x.exponent) - 1)) != 0 : x.mantissa != 0;
  if (mode == SOFT_NEAREST)
    whole = soft_round_shift(x.mantissa, -x.exponent, false);
  else if (fraction && mode == (x.negative ? SOFT_FLOOR : SOFT_CEIL))
    whole++;
  return soft_pack(format, x.negative, whole, 0, false);
}

/* Digit by digit, two of the operand for one of the root. */
static inline uint64_t soft_sqrt(soft_format_t format, uint64_t bits) {
  soft_t x = soft_unpack(format, bits);
  uint64_t root = 0, rest = 0;
  int i, pairs = 27;
  if (x.nan || (x.negative && (x.infinite || x.mantissa != 0)))
    return soft_nan(format);
  if (x.infinite || x.mantissa == 0)
    return bits;
  while (x.mantissa >> 52 == 0) { /* 53 or 54 digits, of an even power of two */
    x.mantissa <<= 1;
    x.exponent--;
  }
  if (x.exponent & 1) {
    x.mantissa <<= 1;
    x.exponent--;
  }
  for (i = 0; i < 56; i++) {
    uint64_t pair = i < pairs ? x.mantissa >> (2 * (pairs - 1 - i)) & 3 : 0;
    rest = rest << 2 | pair;
    root <<= 1;
    if (rest >= 2 * root + 1) {
      rest -= 2 * root + 1;
      root++;
    }
  }
  return soft_pack(format, false, root, x.exponent / 2 - (56 - pairs), rest != 0);
}

static inline uint64_t soft_min_max(soft_format_t format, uint64_t x, uint64_t y, bool max) {
  uint64_t sign = soft_sign(format), x_key, y_key;
  if (soft_unpack(format, x).nan || soft_unpack(format, y).nan)
    return soft_nan(format);
  x_key = x & sign ? sign - (x & ~sign) : sign + 1 + x; /* in order, -0 before 0 */
  y_key = y & sign ? sign - (y & ~sign) : sign + 1 + y;
  return (x_key < y_key) != max ? x : y;
}

static inline uint64_t soft_convert(soft_format_t to, soft_format_t from, uint64_t bits) {
  soft_t x = soft_unpack(from, bits);
  if (x.nan)
    return soft_nan(to);
  if (x.infinite)
    return soft_infinity(to) | (x.negative ? soft_sign(to) : 0);
  return soft_pack(to, x.negative, x.mantissa, x.exponent, false);
}

typedef enum soft_fit { SOFT_FITS, SOFT_TOO_SMALL, SOFT_TOO_LARGE, SOFT_NO_NUMBER } soft_fit_t;

/* The integer of `width` bits that the float is without its fraction. */
static inline soft_fit_t soft_truncate(soft_format_t format, uint64_t bits, int width,
                                       bool is_signed, uint64_t *result) {
  soft_t x = soft_unpack(format, bits);
  soft_fit_t outside = x.negative ? SOFT_TOO_SMALL : SOFT_TOO_LARGE;
  uint64_t whole, most;
  if (x.nan)
    return SOFT_NO_NUMBER;
  if (x.infinite || (x.mantissa != 0 && x.exponent > 63))
    return outside;
  if (x.exponent >= 0) {
    whole = x.mantissa << x.exponent;
    if (whole >> x.exponent != x.mantissa)
      return outside;
  } else {
    whole = x.exponent > -64 ? x.mantissa >> -x.exponent : 0;
  }
  if (is_signed)
    most = ((uint64_t)1 << (width - 1)) - !x.negative;
  else
    most = x.negative ? 0 : UINT64_MAX >> (64 - width);
  if (whole > most)
    return outside;
  *result = x.negative ? 0 - whole : whole;
  if (width == 32)
    *result &= 0xffffffff;
  return SOFT_FITS;
}

#endif
