/* Tables: growth, and the bounds of every instruction. */
#include "check.h"
#include "toy.h"

#include <string.h>

static toy_t toy;
static wdn_table_t funcs, externs;
static int objects[8];

/* A function value that can be told from others. */
static wdn_func_t func(u32 n) {
  wdn_func_t value = {(wdn_code_t)toy_double, &toy_type_1, NULL};
  value.instance = &objects[n];
  return value;
}

static void make(void) {
  static const wdn_tabletype_t func_type = {{4, 20, true}, WDN_FUNCREF};
  static const wdn_tabletype_t extern_type = {{4, 0, false}, WDN_EXTERNREF};
  EXPECT(wdn_table_create(&funcs, &func_type, 0));
  EXPECT(wdn_table_create(&externs, &extern_type, 6));
  EXPECT_EQUAL(funcs.size, 4);
  EXPECT_EQUAL(funcs.max_size, 20);
  EXPECT_EQUAL(externs.max_size, 6);
  EXPECT(funcs.externs == NULL && externs.funcs == NULL);
}

static void check_growth(void) {
  u32 i;
  EXPECT(funcs.funcs[3].code == 0);
  EXPECT_EQUAL(table_grow_func(&toy, &funcs, func(1), 0), 4);
  EXPECT_EQUAL(table_grow_func(&toy, &funcs, func(1), 17), UINT32_MAX);
  EXPECT_EQUAL(table_grow_func(&toy, &funcs, func(1), UINT32_MAX), UINT32_MAX);
  for (i = 4; i < 20; i++)
    EXPECT_EQUAL(table_grow_func(&toy, &funcs, func(i % 8), 1), i);
  EXPECT_EQUAL(table_grow_func(&toy, &funcs, func(1), 1), UINT32_MAX);
  for (i = 0; i < 20; i++)
    EXPECT(funcs.funcs[i].instance == (i < 4 ? NULL : &objects[i % 8]));
  EXPECT_EQUAL(table_grow_extern(&toy, &externs, &objects[2], 2), 4);
  EXPECT_EQUAL(table_grow_extern(&toy, &externs, NULL, 1), UINT32_MAX);
  EXPECT(externs.externs[3] == NULL && externs.externs[5] == &objects[2]);
}

static void check_caps(void) {
  static const wdn_tabletype_t endless = {{0, 0, false}, WDN_FUNCREF};
  static const wdn_tabletype_t huge = {{10000001, 0, false}, WDN_EXTERNREF};
  static const wdn_tabletype_t largest = {{0, UINT32_MAX, true}, WDN_EXTERNREF};
  wdn_table_t table;
  EXPECT(wdn_table_create(&table, &endless, 0));
  EXPECT_EQUAL(table.max_size, 10000000);
  EXPECT(table.funcs == NULL);
  EXPECT_EQUAL(table_grow_func(&toy, &table, NULL_FUNC, 10000001), UINT32_MAX);
  EXPECT_EQUAL(table_grow_func(&toy, &table, NULL_FUNC, 100), 0);
  wdn_table_destroy(&table);
  EXPECT(!wdn_table_create(&table, &huge, 0));
  EXPECT(wdn_table_create(&table, &largest, UINT32_MAX));
  EXPECT_EQUAL(table.max_size, UINT32_MAX);
  EXPECT_EQUAL(table_grow_extern(&toy, &table, NULL, 3), 0);
  EXPECT_EQUAL(table_grow_extern(&toy, &table, NULL, UINT32_MAX - 2), UINT32_MAX);
  EXPECT_EQUAL(table.size, 3);
  wdn_table_destroy(&table);
  wdn_table_destroy(&table);
}

typedef struct op {
  const char *name;
  u32 to, from, size;
} op_t;

static const wdn_element_t elements[] = {
    {(wdn_code_t)toy_load, &toy_type_1}, {0, 0}, {(wdn_code_t)toy_divide, &toy_type_2}};
static wdn_func_t values[3];
static void *const references[] = {&objects[5], NULL, &objects[6]};

static void run(void *arg) {
  const op_t *op = arg;
  bool f = op->name[0] == 'f';
  const char *what = op->name + 2;
  if (strcmp(what, "get") == 0 && f)
    (void)table_get_func(&toy, &funcs, op->to, 66);
  else if (strcmp(what, "get") == 0)
    (void)table_get_extern(&toy, &externs, op->to, 66);
  else if (strcmp(what, "set") == 0 && f)
    table_set_func(&toy, &funcs, op->to, func(7), 66);
  else if (strcmp(what, "set") == 0)
    table_set_extern(&toy, &externs, op->to, &objects[7], 66);
  else if (strcmp(what, "fill") == 0 && f)
    table_fill_func(&toy, &funcs, op->to, func(7), op->size, 66);
  else if (strcmp(what, "fill") == 0)
    table_fill_extern(&toy, &externs, op->to, &objects[7], op->size, 66);
  else if (strcmp(what, "copy") == 0)
    table_copy(&toy, f ? &funcs : &externs, f ? &funcs : &externs, op->to, op->from, op->size, 66);
  else if (strcmp(what, "init") == 0 && f)
    table_init(&toy, &funcs, elements, 3, op->to, op->from, op->size, 66);
  else if (strcmp(what, "values") == 0)
    table_init_funcs(&toy, &funcs, values, 3, op->to, op->from, op->size, 66);
  else if (strcmp(what, "init") == 0)
    table_init_externs(&toy, &externs, references, 3, op->to, op->from, op->size, 66);
  else
    EXPECT(!"known");
}

static void expect_op(const char *name, u32 to, u32 from, u32 size, bool fits) {
  wdn_func_t before[20];
  void *externs_before[6];
  op_t op = {0, 0, 0, 0};
  op.name = name;
  op.to = to;
  op.from = from;
  op.size = size;
  memcpy(before, funcs.funcs, sizeof(before));
  memcpy(externs_before, externs.externs, sizeof(externs_before));
  EXPECT_EQUAL(wdn_try(&toy, run, &op), fits ? WDN_OK : WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  if (!fits) {
    EXPECT_EQUAL(toy.wdn.store->trap.offset, 66);
    EXPECT(memcmp(before, funcs.funcs, sizeof(before)) == 0);
    EXPECT(memcmp(externs_before, externs.externs, sizeof(externs_before)) == 0);
  }
  wdn_unpoison(&toy);
}

/* `n` is the size of the tables that names beginning with this letter work on. */
static void check_bounds(const char *letter, u32 n) {
  char name[16];
  static const char *const ranges[] = {"fill", "copy", "init", "values"};
  u32 i;
  snprintf(name, sizeof(name), "%s.get", letter);
  expect_op(name, n - 1, 0, 0, true);
  expect_op(name, n, 0, 0, false);
  expect_op(name, UINT32_MAX, 0, 0, false);
  snprintf(name, sizeof(name), "%s.set", letter);
  expect_op(name, n - 1, 0, 0, true);
  expect_op(name, n, 0, 0, false);
  for (i = 0; i < (*letter == 'f' ? 4u : 3u); i++) {
    u32 source = i == 1 ? n : 3; /* what `from` may reach to */
    snprintf(name, sizeof(name), "%s.%s", letter, ranges[i]);
    expect_op(name, n, 0, 0, true);
    expect_op(name, n + 1, 0, 0, false);
    expect_op(name, n - 3, 0, 3, true);
    expect_op(name, n - 2, 0, 3, false);
    expect_op(name, 0xffffffff, 0, 2, false);
    expect_op(name, 0, 0, 0xffffffff, false);
    if (i == 0)
      continue;
    expect_op(name, 0, source, 0, true);
    expect_op(name, 0, source + 1, 0, false);
    expect_op(name, 0, source - 1, 2, false);
    expect_op(name, 0, 0xffffffff, 2, false);
  }
}

static void check_effects(void) {
  u32 i;
  expect_op("f.init", 2, 0, 3, true);
  EXPECT(funcs.funcs[2].code == (wdn_code_t)toy_load && funcs.funcs[2].instance == &toy);
  EXPECT(funcs.funcs[3].code == 0 && funcs.funcs[3].instance == NULL);
  EXPECT(funcs.funcs[4].type == &toy_type_2);
  values[0] = func(3);
  expect_op("f.values", 5, 0, 2, true);
  EXPECT(funcs.funcs[5].instance == &objects[3] && funcs.funcs[6].code == 0);
  expect_op("e.init", 1, 0, 3, true);
  EXPECT(externs.externs[1] == &objects[5] && externs.externs[2] == NULL &&
         externs.externs[3] == &objects[6]);
  for (i = 0; i < 6; i++)
    externs.externs[i] = &objects[i];
  expect_op("e.copy", 1, 0, 4, true);
  for (i = 0; i < 4; i++)
    EXPECT(externs.externs[1 + i] == &objects[i]);
  expect_op("e.copy", 0, 1, 4, true);
  for (i = 0; i < 4; i++)
    EXPECT(externs.externs[i] == &objects[i]);
  expect_op("e.fill", 2, 0, 2, true);
  EXPECT(externs.externs[1] == &objects[1] && externs.externs[2] == &objects[7] &&
         externs.externs[3] == &objects[7] && externs.externs[4] != &objects[7]);
}

static void check_between_tables(void) {
  static const wdn_tabletype_t type = {{3, 3, true}, WDN_FUNCREF};
  wdn_table_t other;
  EXPECT(wdn_table_create(&other, &type, 0));
  funcs.funcs[10] = func(4);
  table_copy(&toy, &other, &funcs, 1, 10, 2, 0);
  EXPECT(other.funcs[0].code == 0 && other.funcs[1].instance == &objects[4]);
  wdn_table_destroy(&other);
}

int main(void) {
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  make();
  check_growth();
  check_caps();
  check_bounds("f", 20);
  check_bounds("e", 6);
  check_effects();
  check_between_tables();
  wdn_table_destroy(&funcs);
  wdn_table_destroy(&externs);
  wdn_destroy(&toy);
  return check_result();
}
