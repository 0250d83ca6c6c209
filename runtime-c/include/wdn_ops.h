/* What each numeric instruction means, where C has no operator for it.
 *
 * One function per instruction, with the specification's name. None has
 * undefined behaviour for any operand, and a NaN result is right under any
 * optimisation, without -frounding-math or -fsignaling-nans. Instructions that
 * can trap take the instance and the instruction's offset. Included by
 * wdn_gen.h.
 *
 * Add, subtract, multiply, divide and compare floats with C's operators, with
 * one exception: C compilers replace `x * 1.0` by `x`, which leaves a
 * signalling NaN as it was. The functions f32_add ... f64_div are right for any
 * operands and are meant for constants; see there. */
#ifndef WDN_OPS_H
#define WDN_OPS_H

#if (-1 >> 1) != -1
#error "wardian: needs arithmetic right shifts of negative numbers"
#endif

/* ---- Integers: counting, shifting, extending ----------------------------------- */

#if WDN_GNU
/* `unsigned` has 16 bits on some microcontrollers. */
WDN_INLINE u32 i32_clz(u32 x) {
  if (x == 0)
    return 32;
  return (u32)(sizeof(unsigned) == 4 ? __builtin_clz((unsigned)x) : __builtin_clzl(x));
}
WDN_INLINE u32 i32_ctz(u32 x) {
  if (x == 0)
    return 32;
  return (u32)(sizeof(unsigned) == 4 ? __builtin_ctz((unsigned)x) : __builtin_ctzl(x));
}
WDN_INLINE u64 i64_clz(u64 x) {
  return x != 0 ? (u64)__builtin_clzll(x) : 64;
}
WDN_INLINE u64 i64_ctz(u64 x) {
  return x != 0 ? (u64)__builtin_ctzll(x) : 64;
}
#else
/* Halving the part of the word that can hold the highest or lowest bit. */
WDN_INLINE u64 i64_clz(u64 x) {
  u64 n = 0;
  u32 width;
  if (x == 0)
    return 64;
  for (width = 32; width != 0; width >>= 1) {
    if (x >> (64 - width) == 0) {
      n += width;
      x <<= width;
    }
  }
  return n;
}
WDN_INLINE u64 i64_ctz(u64 x) {
  u64 n = 0;
  u32 width;
  if (x == 0)
    return 64;
  for (width = 32; width != 0; width >>= 1) {
    if (x << (64 - width) == 0) {
      n += width;
      x >>= width;
    }
  }
  return n;
}
WDN_INLINE u32 i32_clz(u32 x) {
  return (u32)i64_clz((u64)x << 32 | 0x80000000u);
}
WDN_INLINE u32 i32_ctz(u32 x) {
  return (u32)i64_ctz(x | (u64)1 << 32);
}
#endif

/* gcc and clang recognise this where the processor has an instruction, and
 * where it has none it is faster than their library's table. */
WDN_INLINE u32 i32_popcnt(u32 x) {
  x = x - (x >> 1 & 0x55555555u);
  x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
  x = (x + (x >> 4)) & 0x0f0f0f0fu;
  return (x * 0x01010101u) >> 24;
}
WDN_INLINE u64 i64_popcnt(u64 x) {
  x = x - (x >> 1 & 0x5555555555555555u);
  x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return (x * 0x0101010101010101u) >> 56;
}

WDN_INLINE u32 i32_shl(u32 x, u32 n) {
  return x << (n & 31);
}
WDN_INLINE u32 i32_shr_u(u32 x, u32 n) {
  return x >> (n & 31);
}
WDN_INLINE u32 i32_shr_s(u32 x, u32 n) {
  return (u32)((i32)x >> (n & 31));
}
WDN_INLINE u32 i32_rotl(u32 x, u32 n) {
  return x << (n & 31) | x >> ((0 - n) & 31);
}
WDN_INLINE u32 i32_rotr(u32 x, u32 n) {
  return x >> (n & 31) | x << ((0 - n) & 31);
}

WDN_INLINE u64 i64_shl(u64 x, u64 n) {
  return x << (n & 63);
}
WDN_INLINE u64 i64_shr_u(u64 x, u64 n) {
  return x >> (n & 63);
}
WDN_INLINE u64 i64_shr_s(u64 x, u64 n) {
  return (u64)((i64)x >> (n & 63));
}
WDN_INLINE u64 i64_rotl(u64 x, u64 n) {
  return x << (n & 63) | x >> ((0 - n) & 63);
}
WDN_INLINE u64 i64_rotr(u64 x, u64 n) {
  return x >> (n & 63) | x << ((0 - n) & 63);
}

WDN_INLINE u32 i32_extend8_s(u32 x) {
  return (u32)(i32)(i8)x;
}
WDN_INLINE u32 i32_extend16_s(u32 x) {
  return (u32)(i32)(i16)x;
}
WDN_INLINE u64 i64_extend8_s(u64 x) {
  return (u64)(i64)(i8)x;
}
WDN_INLINE u64 i64_extend16_s(u64 x) {
  return (u64)(i64)(i16)x;
}
WDN_INLINE u64 i64_extend32_s(u64 x) {
  return (u64)(i64)(i32)x;
}
WDN_INLINE u64 i64_extend_i32_s(u32 x) {
  return (u64)(i64)(i32)x;
}
WDN_INLINE u64 i64_extend_i32_u(u32 x) {
  return x;
}
WDN_INLINE u32 i32_wrap_i64(u64 x) {
  return (u32)x;
}

/* ---- Integers: division --------------------------------------------------------- */

WDN_INLINE u32 i32_div_u(WDN_SELF u32 x, u32 y, u32 at) {
  if (WDN_UNLIKELY(y == 0))
    TRAP(DIVISION_BY_ZERO, at);
  return x / y;
}
WDN_INLINE u32 i32_rem_u(WDN_SELF u32 x, u32 y, u32 at) {
  if (WDN_UNLIKELY(y == 0))
    TRAP(DIVISION_BY_ZERO, at);
  return x % y;
}
WDN_INLINE u64 i64_div_u(WDN_SELF u64 x, u64 y, u32 at) {
  if (WDN_UNLIKELY(y == 0))
    TRAP(DIVISION_BY_ZERO, at);
  return x / y;
}
WDN_INLINE u64 i64_rem_u(WDN_SELF u64 x, u64 y, u32 at) {
  if (WDN_UNLIKELY(y == 0))
    TRAP(DIVISION_BY_ZERO, at);
  return x % y;
}

/* One test finds both divisors that need care, 0 and -1. */
WDN_INLINE u32 i32_div_s(WDN_SELF u32 x, u32 y, u32 at) {
  if (WDN_UNLIKELY(y + 1 <= 1)) {
    if (y == 0)
      TRAP(DIVISION_BY_ZERO, at);
    if (x == 0x80000000u)
      TRAP(INTEGER_OVERFLOW, at);
    return 0 - x;
  }
  return (u32)((i32)x / (i32)y);
}
WDN_INLINE u32 i32_rem_s(WDN_SELF u32 x, u32 y, u32 at) {
  if (WDN_UNLIKELY(y + 1 <= 1)) {
    if (y == 0)
      TRAP(DIVISION_BY_ZERO, at);
    return 0;
  }
  return (u32)((i32)x % (i32)y);
}
WDN_INLINE u64 i64_div_s(WDN_SELF u64 x, u64 y, u32 at) {
  if (WDN_UNLIKELY(y + 1 <= 1)) {
    if (y == 0)
      TRAP(DIVISION_BY_ZERO, at);
    if (x == (u64)1 << 63)
      TRAP(INTEGER_OVERFLOW, at);
    return 0 - x;
  }
  return (u64)((i64)x / (i64)y);
}
WDN_INLINE u64 i64_rem_s(WDN_SELF u64 x, u64 y, u32 at) {
  if (WDN_UNLIKELY(y + 1 <= 1)) {
    if (y == 0)
      TRAP(DIVISION_BY_ZERO, at);
    return 0;
  }
  return (u64)((i64)x % (i64)y);
}

/* ---- Floats: signs ---------------------------------------------------------------- */

#define WDN_F32_SIGN 0x80000000u
#define WDN_F64_SIGN 0x8000000000000000u

WDN_INLINE u32 i32_reinterpret_f32(f32 x) {
  return wdn_f32_bits(x);
}
WDN_INLINE u64 i64_reinterpret_f64(f64 x) {
  return wdn_f64_bits(x);
}
WDN_INLINE f32 f32_reinterpret_i32(u32 x) {
  return wdn_f32_from_bits(x);
}
WDN_INLINE f64 f64_reinterpret_i64(u64 x) {
  return wdn_f64_from_bits(x);
}

/* Not the builtins: gcc takes `fabs(x * x)` for `x * x`, whose NaN may be
 * negative. */
WDN_INLINE f32 f32_abs(f32 x) {
  return wdn_f32_from_bits(wdn_f32_bits(x) & ~WDN_F32_SIGN);
}
WDN_INLINE f32 f32_neg(f32 x) {
  return wdn_f32_from_bits(wdn_f32_bits(x) ^ WDN_F32_SIGN);
}
WDN_INLINE f32 f32_copysign(f32 x, f32 y) {
  return wdn_f32_from_bits((wdn_f32_bits(x) & ~WDN_F32_SIGN) | (wdn_f32_bits(y) & WDN_F32_SIGN));
}
WDN_INLINE f64 f64_abs(f64 x) {
  return wdn_f64_from_bits(wdn_f64_bits(x) & ~WDN_F64_SIGN);
}
WDN_INLINE f64 f64_neg(f64 x) {
  return wdn_f64_from_bits(wdn_f64_bits(x) ^ WDN_F64_SIGN);
}
WDN_INLINE f64 f64_copysign(f64 x, f64 y) {
  return wdn_f64_from_bits((wdn_f64_bits(x) & ~WDN_F64_SIGN) | (wdn_f64_bits(y) & WDN_F64_SIGN));
}

/* ---- Floats: NaNs ------------------------------------------------------------------ */

/* The quiet NaN with the payload of the NaN `x`. On the bits, because compilers
 * remove arithmetic that would do it. */
WDN_INLINE f32 wdn_f32_quiet_nan(f32 x) {
  return wdn_f32_from_bits(wdn_f32_bits(x) | 0x00400000u);
}
WDN_INLINE f64 wdn_f64_quiet_nan(f64 x) {
  return wdn_f64_from_bits(wdn_f64_bits(x) | 0x0008000000000000u);
}

/* `x`, quiet if it is a NaN. */
WDN_INLINE f32 wdn_f32_quiet(f32 x) {
  return WDN_UNLIKELY(WDN_UNORDERED(x, x)) ? wdn_f32_quiet_nan(x) : x;
}
WDN_INLINE f64 wdn_f64_quiet(f64 x) {
  return WDN_UNLIKELY(WDN_UNORDERED(x, x)) ? wdn_f64_quiet_nan(x) : x;
}

/* Arithmetic with operands that C compilers treat specially. Needed when either
 * operand is a NaN constant, when both are constant (tcc rounds those twice), for
 * 1 and -1 in mul, for a divisor of 1 or -1, for -0 in add, and in sub for 0 on
 * the right or -0 on the left. */
WDN_INLINE f32 f32_add(f32 x, f32 y) {
  return wdn_f32_quiet(x + y);
}
WDN_INLINE f32 f32_sub(f32 x, f32 y) {
  return wdn_f32_quiet(x - y);
}
WDN_INLINE f32 f32_mul(f32 x, f32 y) {
  return wdn_f32_quiet(x * y);
}
WDN_INLINE f32 f32_div(f32 x, f32 y) {
  return wdn_f32_quiet(x / y);
}
WDN_INLINE f64 f64_add(f64 x, f64 y) {
  return wdn_f64_quiet(x + y);
}
WDN_INLINE f64 f64_sub(f64 x, f64 y) {
  return wdn_f64_quiet(x - y);
}
WDN_INLINE f64 f64_mul(f64 x, f64 y) {
  return wdn_f64_quiet(x * y);
}
WDN_INLINE f64 f64_div(f64 x, f64 y) {
  return wdn_f64_quiet(x / y);
}

/* ---- Floats: minimum, maximum, square root ------------------------------------------ */

/* Two selections that differ only for -0 and 0, where the sign bits combined
 * give the right zero. */
WDN_INLINE f32 f32_min(f32 x, f32 y) {
  f32 a = x < y ? x : y;
  f32 b = y < x ? y : x;
  if (WDN_UNLIKELY(WDN_UNORDERED(x, y)))
    return wdn_f32_quiet_nan(x + y);
  return wdn_f32_from_bits(wdn_f32_bits(a) | wdn_f32_bits(b));
}
WDN_INLINE f32 f32_max(f32 x, f32 y) {
  f32 a = x > y ? x : y;
  f32 b = y > x ? y : x;
  if (WDN_UNLIKELY(WDN_UNORDERED(x, y)))
    return wdn_f32_quiet_nan(x + y);
  return wdn_f32_from_bits(wdn_f32_bits(a) & wdn_f32_bits(b));
}
WDN_INLINE f64 f64_min(f64 x, f64 y) {
  f64 a = x < y ? x : y;
  f64 b = y < x ? y : x;
  if (WDN_UNLIKELY(WDN_UNORDERED(x, y)))
    return wdn_f64_quiet_nan(x + y);
  return wdn_f64_from_bits(wdn_f64_bits(a) | wdn_f64_bits(b));
}
WDN_INLINE f64 f64_max(f64 x, f64 y) {
  f64 a = x > y ? x : y;
  f64 b = y > x ? y : x;
  if (WDN_UNLIKELY(WDN_UNORDERED(x, y)))
    return wdn_f64_quiet_nan(x + y);
  return wdn_f64_from_bits(wdn_f64_bits(a) & wdn_f64_bits(b));
}

f32 wdn_f32_sqrt(f32 x); /* of the runtime, for machines that have neither */
f64 wdn_f64_sqrt(f64 x);

#if WDN_SQRT_X86
WDN_INLINE f64 f64_sqrt(f64 x) {
  f64 root;
  __asm__("sqrtsd %1, %0" : "=x"(root) : "x"(x));
  return root;
}
#elif WDN_SQRT_BUILTIN
WDN_INLINE f64 f64_sqrt(f64 x) {
  return WDN_SQRT_MAY_CALL ? wdn_f64_quiet(__builtin_sqrt(x)) : __builtin_sqrt(x);
}
#elif !__STDC_HOSTED__
WDN_INLINE f64 f64_sqrt(f64 x) {
  return wdn_f64_sqrt(x);
}
#else
double sqrt(double x); /* of libm; IEEE 754 asks for the exact result */
WDN_INLINE f64 f64_sqrt(f64 x) {
  return wdn_f64_quiet(sqrt(x));
}
#endif

#if WDN_SQRT_X86
WDN_INLINE f32 f32_sqrt(f32 x) {
  f32 root;
  __asm__("sqrtss %1, %0" : "=x"(root) : "x"(x));
  return root;
}
#elif WDN_SQRTF_BUILTIN
WDN_INLINE f32 f32_sqrt(f32 x) {
  return WDN_SQRT_MAY_CALL ? wdn_f32_quiet(__builtin_sqrtf(x)) : __builtin_sqrtf(x);
}
#elif !__STDC_HOSTED__
WDN_INLINE f32 f32_sqrt(f32 x) {
  return wdn_f32_sqrt(x);
}
#else
/* A double has enough digits that rounding twice is rounding once. */
WDN_INLINE f32 f32_sqrt(f32 x) {
  return wdn_f32_quiet((f32)sqrt((f64)x));
}
#endif

/* ---- Floats: rounding to an integer --------------------------------------------------- */

#if WDN_ROUND_BUILTINS
WDN_INLINE f32 f32_floor(f32 x) {
  return __builtin_floorf(x);
}
WDN_INLINE f32 f32_ceil(f32 x) {
  return __builtin_ceilf(x);
}
WDN_INLINE f32 f32_trunc(f32 x) {
  return __builtin_truncf(x);
}
WDN_INLINE f32 f32_nearest(f32 x) {
  return __builtin_rintf(x);
}
WDN_INLINE f64 f64_floor(f64 x) {
  return __builtin_floor(x);
}
WDN_INLINE f64 f64_ceil(f64 x) {
  return __builtin_ceil(x);
}
WDN_INLINE f64 f64_trunc(f64 x) {
  return __builtin_trunc(x);
}
WDN_INLINE f64 f64_nearest(f64 x) {
  return __builtin_rint(x);
}
#else
/* Adding 2^23 (f64: 2^52) leaves no room for a fraction, so the processor rounds
 * it away, to nearest. Anything that is that large has none, or is no number. */
#define WDN_F32_INTEGRAL 8388608.0f
#define WDN_F64_INTEGRAL 4503599627370496.0

/* Of 0 <= x < WDN_F32_INTEGRAL. */
WDN_INLINE f32 wdn_f32_round(f32 x) {
  return (x + WDN_F32_INTEGRAL) - WDN_F32_INTEGRAL;
}
WDN_INLINE f64 wdn_f64_round(f64 x) {
  return (x + WDN_F64_INTEGRAL) - WDN_F64_INTEGRAL;
}

WDN_INLINE f32 f32_nearest(f32 x) {
  f32 size = f32_abs(x);
  if (!(size < WDN_F32_INTEGRAL))
    return wdn_f32_quiet(x);
  return f32_copysign(wdn_f32_round(size), x);
}
WDN_INLINE f32 f32_trunc(f32 x) {
  f32 size = f32_abs(x), r;
  if (!(size < WDN_F32_INTEGRAL))
    return wdn_f32_quiet(x);
  r = wdn_f32_round(size);
  return f32_copysign(r > size ? r - 1.0f : r, x);
}
WDN_INLINE f32 f32_floor(f32 x) {
  f32 r = f32_nearest(x);
  return r > x ? r - 1.0f : r;
}
/* The sign is for results of -0. */
WDN_INLINE f32 f32_ceil(f32 x) {
  f32 r = f32_nearest(x);
  return r < x ? f32_copysign(r + 1.0f, x) : r;
}

WDN_INLINE f64 f64_nearest(f64 x) {
  f64 size = f64_abs(x);
  if (!(size < WDN_F64_INTEGRAL))
    return wdn_f64_quiet(x);
  return f64_copysign(wdn_f64_round(size), x);
}
WDN_INLINE f64 f64_trunc(f64 x) {
  f64 size = f64_abs(x), r;
  if (!(size < WDN_F64_INTEGRAL))
    return wdn_f64_quiet(x);
  r = wdn_f64_round(size);
  return f64_copysign(r > size ? r - 1.0 : r, x);
}
WDN_INLINE f64 f64_floor(f64 x) {
  f64 r = f64_nearest(x);
  return r > x ? r - 1.0 : r;
}
WDN_INLINE f64 f64_ceil(f64 x) {
  f64 r = f64_nearest(x);
  return r < x ? f64_copysign(r + 1.0, x) : r;
}
#endif

/* ---- Conversions between floats ---------------------------------------------------------- */

/* Compilers take (f32)(f64)x for x, signalling NaNs included. A payload that loses or
 * gains digits may be the canonical one no more, where that is not one bit. */
WDN_INLINE f32 f32_demote_f64(f64 x) {
  if (WDN_NAN_INVERTED && WDN_UNLIKELY(WDN_UNORDERED(x, x)))
    return wdn_f32_from_bits(0x7fc00000u);
  return wdn_f32_quiet((f32)x);
}
WDN_INLINE f64 f64_promote_f32(f32 x) {
  if (WDN_NAN_INVERTED && WDN_UNLIKELY(WDN_UNORDERED(x, x)))
    return wdn_f64_from_bits(0x7ff8000000000000ull);
  return WDN_PROMOTE_KEEPS ? wdn_f64_quiet((f64)x) : (f64)x;
}

/* ---- Integers to floats -------------------------------------------------------------------- */

WDN_INLINE f32 f32_convert_i32_s(u32 x) {
  return (f32)(i32)x;
}
WDN_INLINE f64 f64_convert_i32_s(u32 x) {
  return (f64)(i32)x;
}
WDN_INLINE f64 f64_convert_i32_u(u32 x) {
  return (f64)x;
}
WDN_INLINE f32 f32_convert_i64_s(u64 x) {
  return (f32)(i64)x;
}
WDN_INLINE f64 f64_convert_i64_s(u64 x) {
  return (f64)(i64)x;
}
#if WDN_GNU
WDN_INLINE f32 f32_convert_i32_u(u32 x) {
  return (f32)x;
}
WDN_INLINE f32 f32_convert_i64_u(u64 x) {
  return (f32)x;
}
WDN_INLINE f64 f64_convert_i64_u(u64 x) {
  return (f64)x;
}
#else
/* Through signed conversions, which every compiler gets right. A number too
 * large for them is halved; the bit shifted out only says on which side of a tie
 * the rest is, so it is kept in the lowest bit. */
WDN_INLINE f32 f32_convert_i32_u(u32 x) {
  return (f32)(i64)x;
}
WDN_INLINE f32 f32_convert_i64_u(u64 x) {
  return (i64)x >= 0 ? (f32)(i64)x : (f32)(i64)(x >> 1 | (x & 1)) * 2.0f;
}
WDN_INLINE f64 f64_convert_i64_u(u64 x) {
  return (i64)x >= 0 ? (f64)(i64)x : (f64)(i64)(x >> 1 | (x & 1)) * 2.0;
}
#endif

/* ---- Floats to integers -----------------------------------------------------------------------
 */

/* Of numbers that are known to fit. */
#if WDN_GNU
WDN_INLINE u32 wdn_u32_from_f64(f64 x) {
  return (u32)x;
}
WDN_INLINE u64 wdn_u64_from_f64(f64 x) {
  return (u64)x;
}
#else
WDN_INLINE u32 wdn_u32_from_f64(f64 x) {
  return (u32)(i64)x;
}
WDN_INLINE u64 wdn_u64_from_f64(f64 x) {
  return x < 9223372036854775808.0 ? (u64)(i64)x
                                   : (u64)(i64)(x - 9223372036854775808.0) + ((u64)1 << 63);
}
#endif

/* One test refuses what does not fit and NaNs too. A bound that the float type
 * cannot express is replaced by one that lets the same numbers pass. */
#define WDN_TRUNC(name, result, from, low, high, convert)                                          \
  WDN_INLINE result name(WDN_SELF from x, u32 at) {                                                \
    if (WDN_UNLIKELY(!(x low && x < high))) {                                                      \
      wdn_trunc_failed(WDN_PASS_SELF x, at);                                                       \
      WDN_UNREACHABLE();                                                                           \
    }                                                                                              \
    return (result)convert(x);                                                                     \
  }
WDN_TRUNC(i32_trunc_f32_s, u32, f32, >= -2147483648.0f, 2147483648.0f, (i32))
WDN_TRUNC(i32_trunc_f32_u, u32, f32, > -1.0f, 4294967296.0f, wdn_u32_from_f64)
WDN_TRUNC(i32_trunc_f64_s, u32, f64, > -2147483649.0, 2147483648.0, (i32))
WDN_TRUNC(i32_trunc_f64_u, u32, f64, > -1.0, 4294967296.0, wdn_u32_from_f64)
WDN_TRUNC(i64_trunc_f32_s, u64, f32, >= -9223372036854775808.0f, 9223372036854775808.0f, (i64))
WDN_TRUNC(i64_trunc_f32_u, u64, f32, > -1.0f, 18446744073709551616.0f, wdn_u64_from_f64)
WDN_TRUNC(i64_trunc_f64_s, u64, f64, >= -9223372036854775808.0, 9223372036854775808.0, (i64))
WDN_TRUNC(i64_trunc_f64_u, u64, f64, > -1.0, 18446744073709551616.0, wdn_u64_from_f64)

/* Both bounds of a 32-bit integer are doubles, so clamping is enough. */
WDN_INLINE u32 i32_trunc_sat_f64_s(f64 x) {
  f64 y = x > -2147483648.0 ? x : -2147483648.0;
  y = y < 2147483647.0 ? y : 2147483647.0;
  return x == x ? (u32)(i32)y : 0;
}
WDN_INLINE u32 i32_trunc_sat_f64_u(f64 x) {
  f64 y = x > 0.0 ? x : 0.0; /* a NaN becomes 0 */
  return wdn_u32_from_f64(y < 4294967295.0 ? y : 4294967295.0);
}
WDN_INLINE u64 i64_trunc_sat_f64_s(f64 x) {
  if (WDN_LIKELY(x >= -9223372036854775808.0 && x < 9223372036854775808.0))
    return (u64)(i64)x;
  return x > 0.0 ? (u64)INT64_MAX : x < 0.0 ? (u64)1 << 63 : 0;
}
WDN_INLINE u64 i64_trunc_sat_f64_u(f64 x) {
  f64 y = x > 0.0 ? x : 0.0;
  return y < 18446744073709551616.0 ? wdn_u64_from_f64(y) : UINT64_MAX;
}
WDN_INLINE u32 i32_trunc_sat_f32_s(f32 x) {
  return i32_trunc_sat_f64_s((f64)x);
}
WDN_INLINE u32 i32_trunc_sat_f32_u(f32 x) {
  return i32_trunc_sat_f64_u((f64)x);
}
WDN_INLINE u64 i64_trunc_sat_f32_s(f32 x) {
  return i64_trunc_sat_f64_s((f64)x);
}
WDN_INLINE u64 i64_trunc_sat_f32_u(f32 x) {
  return i64_trunc_sat_f64_u((f64)x);
}

#endif
