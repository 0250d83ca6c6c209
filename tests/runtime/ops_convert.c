/* Conversions between numbers, against integer arithmetic; which of them trap. */
#include "check.h"
#include "random.h"
#include "softfloat.h"
#include "toy.h"

#define RANDOM 20000

static toy_t toy;

static void check_int_to_float(u64 x) {
  u32 y = (u32)x;
  bool y_negative = y >> 31, x_negative = x >> 63;
  u64 y_size = y_negative ? (u32)(0 - y) : y, x_size = x_negative ? 0 - x : x;
  EXPECT_EQUAL(wdn_f32_bits(f32_convert_i32_s(y)),
               soft_pack(SOFT_F32, y_negative, y_size, 0, false));
  EXPECT_EQUAL(wdn_f32_bits(f32_convert_i32_u(y)), soft_pack(SOFT_F32, false, y, 0, false));
  EXPECT_EQUAL(wdn_f32_bits(f32_convert_i64_s(x)),
               soft_pack(SOFT_F32, x_negative, x_size, 0, false));
  EXPECT_EQUAL(wdn_f32_bits(f32_convert_i64_u(x)), soft_pack(SOFT_F32, false, x, 0, false));
  EXPECT_EQUAL(wdn_f64_bits(f64_convert_i32_s(y)),
               soft_pack(SOFT_F64, y_negative, y_size, 0, false));
  EXPECT_EQUAL(wdn_f64_bits(f64_convert_i32_u(y)), soft_pack(SOFT_F64, false, y, 0, false));
  EXPECT_EQUAL(wdn_f64_bits(f64_convert_i64_s(x)),
               soft_pack(SOFT_F64, x_negative, x_size, 0, false));
  EXPECT_EQUAL(wdn_f64_bits(f64_convert_i64_u(x)), soft_pack(SOFT_F64, false, x, 0, false));
}

typedef struct truncation {
  const char *name;
  soft_format_t from;
  int width;
  bool is_signed;
  u64 (*run)(u64 bits);
  u64 (*saturate)(u64 bits);
} truncation_t;

#define TRUNCATION(to, from, sign)                                                                 \
  static u64 run_##to##_##from##_##sign(u64 bits) {                                                \
    return to##_trunc_##from##_##sign(&toy, wdn_##from##_from_bits((BITS_##from)bits), 88);        \
  }                                                                                                \
  static u64 sat_##to##_##from##_##sign(u64 bits) {                                                \
    return to##_trunc_sat_##from##_##sign(wdn_##from##_from_bits((BITS_##from)bits));              \
  }
#define BITS_f32 u32
#define BITS_f64 u64
TRUNCATION(i32, f32, s)
TRUNCATION(i32, f32, u)
TRUNCATION(i32, f64, s)
TRUNCATION(i32, f64, u)
TRUNCATION(i64, f32, s)
TRUNCATION(i64, f32, u)
TRUNCATION(i64, f64, s)
TRUNCATION(i64, f64, u)

static const truncation_t truncations[] = {
    {"i32.trunc_f32_s", {24, -149}, 32, true, run_i32_f32_s, sat_i32_f32_s},
    {"i32.trunc_f32_u", {24, -149}, 32, false, run_i32_f32_u, sat_i32_f32_u},
    {"i64.trunc_f32_s", {24, -149}, 64, true, run_i64_f32_s, sat_i64_f32_s},
    {"i64.trunc_f32_u", {24, -149}, 64, false, run_i64_f32_u, sat_i64_f32_u},
    {"i32.trunc_f64_s", {53, -1074}, 32, true, run_i32_f64_s, sat_i32_f64_s},
    {"i32.trunc_f64_u", {53, -1074}, 32, false, run_i32_f64_u, sat_i32_f64_u},
    {"i64.trunc_f64_s", {53, -1074}, 64, true, run_i64_f64_s, sat_i64_f64_s},
    {"i64.trunc_f64_u", {53, -1074}, 64, false, run_i64_f64_u, sat_i64_f64_u},
};

static void check_truncation(const truncation_t *op, u64 bits) {
  u64 expected = 0, mask = ~(u64)0 >> (64 - op->width), most = op->is_signed ? mask >> 1 : mask;
  soft_fit_t fit = soft_truncate(op->from, bits, op->width, op->is_signed, &expected);
  volatile u64 result = 0;
  wdn_trap_t code, expected_code = WDN_OK;
  if (fit == SOFT_NO_NUMBER)
    expected_code = WDN_TRAP_INVALID_CONVERSION;
  else if (fit != SOFT_FITS)
    expected_code = WDN_TRAP_INTEGER_OVERFLOW;
  wdn_unpoison(&toy);
  WDN_TRY(code, &toy, result = op->run(bits));
  if (code != expected_code || result != expected)
    printf("%s %#" PRIx64 "\n", op->name, bits);
  EXPECT_EQUAL(code, expected_code);
  EXPECT_EQUAL(result, expected);
  if (code != WDN_OK)
    EXPECT_EQUAL(toy.wdn.store->trap.offset, 88);
  if (fit == SOFT_TOO_SMALL)
    expected = op->is_signed ? most + 1 : 0;
  else if (fit == SOFT_TOO_LARGE)
    expected = most;
  result = op->saturate(bits);
  if (result != expected)
    printf("saturating %s %#" PRIx64 "\n", op->name, bits);
  EXPECT_EQUAL(result, expected);
}

static void check_float_to_float(void) {
  int i;
  for (i = 0; i < RANDOM_F32_EDGES + RANDOM; i++) {
    u32 x = random_f32(i);
    u64 actual = wdn_f64_bits(f64_promote_f32(wdn_f32_from_bits(x)));
    EXPECT(soft_same(SOFT_F64, actual, soft_convert(SOFT_F64, SOFT_F32, x),
                     soft_canonical(SOFT_F32, x)));
    actual = wdn_f32_bits(f32_demote_f64(f64_promote_f32(wdn_f32_from_bits(x))));
    EXPECT(soft_same(SOFT_F32, actual, soft_convert(SOFT_F32, SOFT_F32, x),
                     soft_canonical(SOFT_F32, x)));
    EXPECT_EQUAL(i32_reinterpret_f32(f32_reinterpret_i32(x)), x);
  }
  for (i = 0; i < RANDOM_F64_EDGES + RANDOM; i++) {
    u64 x = random_f64(i);
    u64 actual = wdn_f32_bits(f32_demote_f64(wdn_f64_from_bits(x)));
    EXPECT(soft_same(SOFT_F32, actual, soft_convert(SOFT_F32, SOFT_F64, x),
                     soft_canonical(SOFT_F64, x)));
    EXPECT_EQUAL(i64_reinterpret_f64(f64_reinterpret_i64(x)), x);
  }
}

/* Each integer bound as a float, and the floats next to it. */
static void check_bounds(void) {
  static const f64 bounds[] = {
      -9223372036854775808.0, -2147483649.0, -2147483648.0, -1.0,         0.0,
      2147483647.0,           2147483648.0,  4294967295.0,  4294967296.0, 9223372036854775808.0,
      18446744073709551616.0};
  size_t i, k;
  for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
    u64 wide = wdn_f64_bits(bounds[i]), narrow = wdn_f32_bits((f32)bounds[i]), d;
    for (d = 0; d < 5; d++)
      for (k = 0; k < 8; k++)
        check_truncation(&truncations[k], (k < 4 ? narrow : wide) + d - 2);
  }
}

int main(void) {
  int i;
  size_t k;
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  EXPECT_EQUAL(wdn_f32_bits(f32_convert_i64_u(0x8000008000000001)), 0x5f000001);
  EXPECT_EQUAL(wdn_f32_bits(f32_convert_i64_u(0xffffff7fffffffff)), 0x5f7fffff);
  EXPECT_EQUAL(wdn_f64_bits(f64_convert_i64_u(0x8000000000000401)), 0x43e0000000000001);
  EXPECT_EQUAL(wdn_f32_bits(f32_convert_i32_u(0x80000081)), 0x4f000001);
  for (i = 0; i < RANDOM_EDGES + RANDOM; i++)
    check_int_to_float(random_integer(i));
  check_float_to_float();
  check_bounds();
  for (k = 0; k < 8; k++) {
    bool is_f32 = truncations[k].from.digits == 24;
    for (i = 0; i < (is_f32 ? RANDOM_F32_EDGES : RANDOM_F64_EDGES) + RANDOM; i++)
      check_truncation(&truncations[k], is_f32 ? random_f32(i) : random_f64(i));
  }
  wdn_destroy(&toy);
  return check_result();
}
