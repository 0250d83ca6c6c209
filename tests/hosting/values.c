/* Values of every type go to the guest, on to the host, and back, bit by bit;
 * through typed functions and unpacked.
 * modules: values */
#include "check.h"
#include "values.h"
#include "wdn_try.h"

#include <string.h>

static values_t values;
static int token, other;

static uint32_t host_i(void *context, uint32_t value) {
  EXPECT(context == &token);
  return ~value;
}
static uint64_t host_l(void *context, uint64_t value) {
  (void)context;
  return ~value;
}
static WDN_FLOAT_RESULT float host_f(void *context, float value) {
  (void)context;
  return value;
}
static WDN_FLOAT_RESULT double host_d(void *context, double value) {
  (void)context;
  return value;
}
static void *host_e(void *context, void *value) {
  (void)context;
  return value == &token ? &other : value;
}
static wdn_func_t host_r(void *context, wdn_func_t value) {
  (void)context;
  return value;
}
static wdn_dflie_t host_many(void *context, uint32_t i, uint64_t l, float f, double d, void *e) {
  wdn_dflie_t all;
  (void)context;
  all.r0 = d + 1;
  all.r1 = f + 1;
  all.r2 = l + 1;
  all.r3 = i + 1;
  all.r4 = e;
  return all;
}

static void *getter_context;
static uint32_t getter(void *context) {
  getter_context = context;
  return 1234;
}

#define CALL(call)                                                                                 \
  do {                                                                                             \
    wdn_trap_t trap_;                                                                              \
    WDN_TRY(trap_, &values, call);                                                                 \
    EXPECT_EQUAL(trap_, WDN_OK);                                                                   \
  } while (0)

static void check_typed(void) {
  volatile uint32_t i = 0;
  volatile uint64_t l = 0;
  static wdn_dflie_t all;
  static wdn_ii_t pair;
  static wdn_ei_t around;
  static void *e;
  CALL(i = values_i(&values, 0x12345678));
  EXPECT_EQUAL(i, 0xedcba987u);
  CALL(l = values_l(&values, 0x123456789abcdef0u));
  EXPECT_EQUAL(l, 0xedcba9876543210fu);
  CALL(e = values_e(&values, &token));
  EXPECT(e == &other);
  CALL(e = values_e(&values, NULL));
  EXPECT(e == NULL);
  CALL(all = values_many(&values, 1, 2, 3, 4, &all));
  EXPECT(all.r0 == 5 && all.r1 == 4 && all.r2 == 3 && all.r3 == 2 && all.r4 == &all);
  CALL(pair = values_swap(&values, 3, 4));
  EXPECT(pair.r0 == 4 && pair.r1 == 3);
  CALL(i = values_sum(&values, 5, 8));
  EXPECT_EQUAL(i, 42);
  CALL(around = values_around(&values, &token));
  EXPECT(around.r0 == &token && around.r1 == 1);
  EXPECT(*values_kept(&values) == &token);
  EXPECT(values_externs(&values)->externs[1] == &token);
}

/* Floats keep every bit, those of signalling NaNs too. */
static void check_floats(void) {
  static const uint32_t f[] = {0, 0x80000000u, 1, 0x7f800001u, 0xffc12345u, 0x7f7fffffu};
  static const uint64_t d[] = {0x8000000000000000u, 1, 0x7ff0000000000001u, 0xfff8123456789abcu};
  wdn_extern_t found;
  wdn_value_t in, out;
  size_t i;
  EXPECT(wdn_export(&values, "f", 1, &found));
  for (i = 0; i < sizeof(f) / sizeof(f[0]); i++) {
    memcpy(&in.f32, &f[i], 4);
    EXPECT_EQUAL(wdn_call(&values, &found.func, &in, &out), WDN_OK);
    EXPECT(memcmp(&out.f32, &f[i], 4) == 0);
  }
  EXPECT(wdn_export(&values, "d", 1, &found));
  for (i = 0; i < sizeof(d) / sizeof(d[0]); i++) {
    memcpy(&in.f64, &d[i], 8);
    EXPECT_EQUAL(wdn_call(&values, &found.func, &in, &out), WDN_OK);
    EXPECT(memcmp(&out.f64, &d[i], 8) == 0);
  }
}

static void check_unpacked(const char *name) {
  wdn_value_t in[5], out[5];
  wdn_extern_t found;
  memset(in, 0, sizeof(in));
  EXPECT(wdn_export(&values, name, strlen(name), &found));
  EXPECT(found.kind == WDN_FUNC);
  EXPECT(found.func.type->param_count == 5 && found.func.type->result_count == 5);
  EXPECT(found.func.type->types[0] == WDN_I32 && found.func.type->types[5] == WDN_F64);
  in[0].i32 = 10;
  in[1].i64 = (uint64_t)1 << 63;
  in[2].f32 = 0.5f;
  in[3].f64 = 1e300;
  in[4].ext = &other;
  EXPECT_EQUAL(wdn_call(&values, &found.func, in, out), WDN_OK);
  EXPECT(out[0].f64 == 1e300 + 1 && out[1].f32 == 1.5f && out[3].i32 == 11);
  EXPECT_EQUAL(out[2].i64, ((uint64_t)1 << 63) + 1);
  EXPECT(out[4].ext == &other);
}

/* Functions as values: the guest's in the host's hands, and the other way. */
static void check_functions(void) {
  static const wdn_valtype_t types[] = {WDN_I32};
  static const wdn_functype_t type = {0, 1, types, 0};
  static const wdn_functype_t wrong = {1, 0, types, 0};
  static wdn_func_t seven, null, mine;
  volatile uint32_t got = 0;
  wdn_value_t value;
  wdn_trap_t trap;
  CALL(seven = values_seven(&values));
  EXPECT(seven.instance == &values && seven.type->result_count == 1);
  EXPECT_EQUAL(wdn_call(&values, &seven, NULL, &value), WDN_OK);
  EXPECT_EQUAL(value.i32, 7);
  CALL(got = values_call(&values, seven));
  EXPECT_EQUAL(got, 7);
  CALL(null = values_null(&values));
  EXPECT(null.code == 0);
  EXPECT_EQUAL(wdn_call(&values, &null, NULL, &value), WDN_TRAP_UNINITIALIZED_ELEMENT);
  WDN_TRY(trap, &values, got = values_call(&values, null));
  EXPECT_EQUAL(trap, WDN_TRAP_UNINITIALIZED_ELEMENT);
  wdn_unpoison(&values);

  mine.code = (wdn_code_t)getter;
  mine.type = &type;
  mine.instance = &other;
  CALL(got = values_call(&values, mine));
  EXPECT_EQUAL(got, 1234);
  EXPECT(getter_context == &other);
  EXPECT(values_getters(&values)->funcs[1].code == (wdn_code_t)getter);
  mine.type = &wrong;
  WDN_TRY(trap, &values, got = values_call(&values, mine));
  EXPECT_EQUAL(trap, WDN_TRAP_INDIRECT_CALL_TYPE);
}

int main(void) {
  values_imports_t imports = {0};
  imports.env = &token;
  imports.env_i = host_i;
  imports.env_l = host_l;
  imports.env_f = host_f;
  imports.env_d = host_d;
  imports.env_e = host_e;
  imports.env_r = host_r;
  imports.env_many = host_many;
  EXPECT_EQUAL(values_instantiate(&values, &imports, NULL, NULL), WDN_DONE);
  check_typed();
  check_floats();
  check_unpacked("many");
  check_unpacked("host_many");
  check_functions();
  wdn_destroy(&values);
  return check_result();
}
