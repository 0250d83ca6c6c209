/* Float instructions on all kinds of floats, against integer arithmetic. */
#include "check.h"
#include "random.h"
#include "softfloat.h"
#include "wdn_gen.h"

#define RANDOM 20000

/* Floats only as bits, because a call may change those of a NaN on i386. */
#define F32_UNARY(op)                                                                              \
  static u64 run_f32_##op(u64 x) {                                                                 \
    return wdn_f32_bits(f32_##op(wdn_f32_from_bits((u32)x)));                                      \
  }                                                                                                \
  static u64 run_f64_##op(u64 x) {                                                                 \
    return wdn_f64_bits(f64_##op(wdn_f64_from_bits(x)));                                           \
  }
#define F32_BINARY(op)                                                                             \
  static u64 run_f32_##op(u64 x, u64 y) {                                                          \
    return wdn_f32_bits(f32_##op(wdn_f32_from_bits((u32)x), wdn_f32_from_bits((u32)y)));           \
  }                                                                                                \
  static u64 run_f64_##op(u64 x, u64 y) {                                                          \
    return wdn_f64_bits(f64_##op(wdn_f64_from_bits(x), wdn_f64_from_bits(y)));                     \
  }
F32_UNARY(floor)
F32_UNARY(ceil)
F32_UNARY(trunc)
F32_UNARY(nearest)
F32_UNARY(sqrt)
F32_UNARY(abs)
F32_UNARY(neg)
F32_BINARY(min)
F32_BINARY(max)
F32_BINARY(copysign)
F32_BINARY(add)
F32_BINARY(sub)
F32_BINARY(mul)
F32_BINARY(div)

typedef u64 (*unary_t)(u64);
typedef u64 (*binary_t)(u64, u64);

static void expect(const char *op, soft_format_t format, u64 x, u64 y, u64 actual, u64 expected,
                   bool canonical) {
  char text[200];
  if (soft_same(format, actual, expected, canonical))
    return;
  snprintf(text, sizeof(text), "f%d.%s %#" PRIx64 " %#" PRIx64 " is %#" PRIx64 ", not %#" PRIx64,
           format.digits == 24 ? 32 : 64, op, x, y, actual, expected);
  check_report(text, __FILE__, __LINE__);
}

static void check_unary(soft_format_t format, u64 x) {
  static const char *const names[] = {"floor", "ceil", "trunc", "nearest"};
  static const unary_t f32s[] = {run_f32_floor, run_f32_ceil, run_f32_trunc, run_f32_nearest};
  static const unary_t f64s[] = {run_f64_floor, run_f64_ceil, run_f64_trunc, run_f64_nearest};
  bool is_f32 = format.digits == 24, canonical = soft_canonical(format, x);
  u64 sign = soft_sign(format);
  int mode;
  for (mode = SOFT_FLOOR; mode <= SOFT_NEAREST; mode++) {
    u64 actual = (is_f32 ? f32s : f64s)[mode](x);
    expect(names[mode], format, x, 0, actual, soft_integral(format, x, (soft_mode_t)mode),
           canonical);
  }
  expect("sqrt", format, x, 0, is_f32 ? run_f32_sqrt(x) : run_f64_sqrt(x), soft_sqrt(format, x),
         canonical);
  EXPECT_EQUAL(is_f32 ? run_f32_abs(x) : run_f64_abs(x), x & ~sign);
  EXPECT_EQUAL(is_f32 ? run_f32_neg(x) : run_f64_neg(x), x ^ sign);
}

/* What the processor says, for numbers: arithmetic itself is not ours. */
static u64 computed(soft_format_t format, int op, u64 x, u64 y) {
  if (format.digits == 24) {
    volatile f32 a = wdn_f32_from_bits((u32)x), b = wdn_f32_from_bits((u32)y), r;
    r = op == 0 ? a + b : op == 1 ? a - b : op == 2 ? a * b : a / b;
    return wdn_f32_bits(r);
  } else {
    volatile f64 a = wdn_f64_from_bits(x), b = wdn_f64_from_bits(y), r;
    r = op == 0 ? a + b : op == 1 ? a - b : op == 2 ? a * b : a / b;
    return wdn_f64_bits(r);
  }
}

static void check_binary(soft_format_t format, u64 x, u64 y) {
  static const char *const names[] = {"add", "sub", "mul", "div"};
  static const binary_t f32s[] = {run_f32_add, run_f32_sub, run_f32_mul, run_f32_div};
  static const binary_t f64s[] = {run_f64_add, run_f64_sub, run_f64_mul, run_f64_div};
  bool is_f32 = format.digits == 24;
  bool canonical = soft_canonical(format, x) && soft_canonical(format, y);
  u64 sign = soft_sign(format);
  int op;
  expect("min", format, x, y, is_f32 ? run_f32_min(x, y) : run_f64_min(x, y),
         soft_min_max(format, x, y, false), canonical);
  expect("max", format, x, y, is_f32 ? run_f32_max(x, y) : run_f64_max(x, y),
         soft_min_max(format, x, y, true), canonical);
  EXPECT_EQUAL(is_f32 ? run_f32_copysign(x, y) : run_f64_copysign(x, y), (x & ~sign) | (y & sign));
  for (op = 0; op < 4; op++) {
    u64 expected = computed(format, op, x, y);
    expect(names[op], format, x, y, (is_f32 ? f32s : f64s)[op](x, y), expected, canonical);
  }
}

static u64 f32_of(f32 x) {
  return wdn_f32_bits(x);
}
static u64 f64_of(f64 x) {
  return wdn_f64_bits(x);
}

/* Results that people have agreed on, so that the reference is tested too. */
static void check_known(void) {
  EXPECT_EQUAL(run_f32_nearest(f32_of(0.5f)), 0);
  EXPECT_EQUAL(run_f32_nearest(f32_of(-0.5f)), 0x80000000);
  EXPECT_EQUAL(run_f32_nearest(f32_of(1.5f)), f32_of(2));
  EXPECT_EQUAL(run_f32_nearest(f32_of(2.5f)), f32_of(2));
  EXPECT_EQUAL(run_f32_nearest(f32_of(8388609.0f)), f32_of(8388609.0f));
  EXPECT_EQUAL(run_f64_ceil(f64_of(-0.25)), 0x8000000000000000);
  EXPECT_EQUAL(run_f64_floor(f64_of(-0.25)), f64_of(-1));
  EXPECT_EQUAL(run_f64_trunc(f64_of(-0.25)), 0x8000000000000000);
  EXPECT_EQUAL(run_f64_trunc(f64_of(4503599627370495.5)), f64_of(4503599627370495));
  EXPECT_EQUAL(run_f64_sqrt(f64_of(2)), 0x3ff6a09e667f3bcd);
  EXPECT_EQUAL(soft_sqrt(SOFT_F64, f64_of(2)), 0x3ff6a09e667f3bcd);
  EXPECT_EQUAL(run_f32_min(0, 0x80000000), 0x80000000);
  EXPECT_EQUAL(run_f32_max(0x80000000, 0), 0);
  EXPECT_EQUAL(run_f32_sqrt(0x80000000), 0x80000000);
  EXPECT(run_f32_min(0x7fa00000, 0) & 0x400000);
  EXPECT_EQUAL(soft_min_max(SOFT_F32, f32_of(-1), f32_of(2), false), f32_of(-1));
  EXPECT_EQUAL(soft_min_max(SOFT_F32, f32_of(-1), f32_of(-2), true), f32_of(-1));
}

int main(void) {
  static const u32 f32_nans[] = {0x7fc00000, 0xffc00000, 0x7f800001, 0xffa00000, 0x7fffffff};
  static const u64 f64_nans[] = {0x7ff8000000000000, 0xfff8000000000000, 0x7ff0000000000001,
                                 0xfff4000000000000, 0x7fffffffffffffff};
  int i, j;
  check_known();
  for (i = 0; i < RANDOM_F32_EDGES + RANDOM; i++)
    check_unary(SOFT_F32, random_f32(i));
  for (i = 0; i < RANDOM_F64_EDGES + RANDOM; i++)
    check_unary(SOFT_F64, random_f64(i));
  for (i = 0; i < RANDOM_F32_EDGES + RANDOM; i++) {
    u32 x = random_f32(i), y = random_f32((int)(random_next() % RANDOM_F32_EDGES));
    check_binary(SOFT_F32, x, y);
    check_binary(SOFT_F32, x, x);
    check_binary(SOFT_F32, x, x ^ 0x80000000);
    for (j = 0; j < 5; j++) {
      check_binary(SOFT_F32, x, f32_nans[j]);
      check_binary(SOFT_F32, f32_nans[j], x);
    }
  }
  for (i = 0; i < RANDOM_F64_EDGES + RANDOM; i++) {
    u64 x = random_f64(i), y = random_f64((int)(random_next() % RANDOM_F64_EDGES));
    check_binary(SOFT_F64, x, y);
    check_binary(SOFT_F64, x, x);
    check_binary(SOFT_F64, x, x ^ 0x8000000000000000);
    for (j = 0; j < 5; j++) {
      check_binary(SOFT_F64, x, f64_nans[j]);
      check_binary(SOFT_F64, f64_nans[j], x);
    }
  }
  return check_result();
}
