/* Binding by descriptor: every way an import can fail to match, and exports. */
#include "check.h"
#include "toy.h"

#include <string.h>

/* A module that imports one thing of each kind and exports them again. */
typedef struct importer {
  wdn_instance_t wdn;
  wdn_import_func_t f0;
  wdn_table_t *t0;
  wdn_memory_t *m0;
  u32 *g0;
} importer_t;

static const wdn_tabletype_t wanted_table = {{5, 30, true}, WDN_FUNCREF};
static const wdn_memorytype_t wanted_memory = {{1, 12, true}};
static const wdn_globaltype_t wanted_global = {WDN_I32, true};
static const wdn_import_t importer_imports[] = {
    {{"m", 1}, {"f", 1}, WDN_FUNC, &toy_type_1, offsetof(importer_t, f0)},
    {{"m", 1}, {"t", 1}, WDN_TABLE, &wanted_table, offsetof(importer_t, t0)},
    {{"m", 1}, {"m", 1}, WDN_MEMORY, &wanted_memory, offsetof(importer_t, m0)},
    {{"m", 1}, {"g", 1}, WDN_GLOBAL, &wanted_global, offsetof(importer_t, g0)},
};
static const wdn_export_t importer_exports[] = {
    {{"f", 1}, WDN_FUNC, &toy_type_1, 0, offsetof(importer_t, f0), true},
    {{"t", 1}, WDN_TABLE, &wanted_table, 0, offsetof(importer_t, t0), true},
    {{"m", 1}, WDN_MEMORY, &wanted_memory, 0, offsetof(importer_t, m0), true},
    {{"g", 1}, WDN_GLOBAL, &wanted_global, 0, offsetof(importer_t, g0), true},
    {{"", 0}, WDN_FUNC, &toy_type_1, (wdn_code_t)toy_double, 0, false},
};
static wdn_module_t importer = {
    .abi = WDN_ABI,
    .size = sizeof(wdn_module_t),
    .name = "importer",
    .instance_size = sizeof(importer_t),
    .imports = importer_imports,
    .exports = importer_exports,
    .import_count = 4,
    .export_count = 5,
    .function_count = 2,
    .imported_function_count = 1,
};

enum { FUNC, TABLE, MEMORY, GLOBAL };

static toy_t toy;
static wdn_extern_t good[4];
static wdn_config_t config;

static void make_good(void) {
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  config.store = toy.wdn.store;
  EXPECT(wdn_export(&toy, "load", 4, &good[FUNC]));
  EXPECT(wdn_export(&toy, "table", 5, &good[TABLE]));
  EXPECT(wdn_export(&toy, "memory", 6, &good[MEMORY]));
  EXPECT(wdn_export(&toy, "a\0b", 3, &good[GLOBAL]));
}

/* Replaces import `index` by `bad`, and expects `message`, or success if NULL. */
static void expect_outcome(u32 index, const wdn_extern_t *bad, const char *message) {
  importer_t instance;
  wdn_extern_t imports[4];
  wdn_error_t error;
  wdn_status_t status;
  memset(&instance, 0xa5, sizeof(instance));
  memcpy(imports, good, sizeof(imports));
  imports[index] = *bad;
  status = wdn_instantiate(&importer, &instance, imports, &config, &error);
  if (message == NULL) {
    EXPECT_EQUAL(status, WDN_DONE);
    EXPECT_EQUAL(error.status, WDN_DONE);
  } else {
    EXPECT_EQUAL(status, WDN_ERROR_IMPORT);
    EXPECT_EQUAL(error.status, WDN_ERROR_IMPORT);
    EXPECT_EQUAL(error.import, index);
    EXPECT(error.message != NULL && strcmp(error.message, message) == 0);
    EXPECT_EQUAL(instance.wdn.state, WDN_EMPTY);
  }
  wdn_destroy(&instance);
}

#define UNKNOWN "unknown import"
#define INCOMPATIBLE "incompatible import type"

static void check_kinds(void) {
  u32 i, j;
  for (i = 0; i < 4; i++) {
    wdn_extern_t missing = good[i];
    missing.func.code = 0;
    missing.table = NULL;
    missing.memory = NULL;
    missing.global = NULL;
    expect_outcome(i, &missing, UNKNOWN);
    memset(&missing, 0, sizeof(missing));
    expect_outcome(i, &missing, UNKNOWN);
    for (j = 0; j < 4; j++)
      expect_outcome(i, &good[j], i == j ? NULL : INCOMPATIBLE);
  }
}

static void check_func(void) {
  static const wdn_valtype_t i64_i32[] = {WDN_I64, WDN_I32}, i32_f32[] = {WDN_I32, WDN_F32},
                             i32_i32[] = {WDN_I32, WDN_I32};
  static const wdn_functype_t types[] = {
      {1, 1, i64_i32, 0}, {1, 1, i32_f32, 0}, {2, 0, i32_i32, 0}, {0, 1, i32_i32, 0}, {0, 0, 0, 0}};
  static const wdn_functype_t same = {1, 1, i32_i32, 0};
  wdn_extern_t bad = good[FUNC];
  wdn_store_t other = {0};
  size_t i;
  for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
    bad.func.type = &types[i];
    expect_outcome(FUNC, &bad, INCOMPATIBLE);
    EXPECT(!wdn_functype_equal(&types[i], &toy_type_1));
  }
  bad.func.type = NULL;
  expect_outcome(FUNC, &bad, INCOMPATIBLE);
  bad.func.type = &same;
  expect_outcome(FUNC, &bad, NULL);
  config.store = &other;
  expect_outcome(FUNC, &bad, "import belongs to another store");
  config.store = toy.wdn.store;
}

static void check_table(void) {
  wdn_extern_t bad = good[TABLE];
  wdn_table_t table = *good[TABLE].table;
  bad.table = &table;
  expect_outcome(TABLE, &bad, NULL);
  table.type.element = WDN_EXTERNREF;
  expect_outcome(TABLE, &bad, INCOMPATIBLE);
  table = *good[TABLE].table;
  table.size = 4;
  expect_outcome(TABLE, &bad, INCOMPATIBLE);
  table.size = 5; /* what it has grown to counts, not what it began with */
  table.type.limits.min = 0;
  expect_outcome(TABLE, &bad, NULL);
  table.type.limits.max = 31;
  expect_outcome(TABLE, &bad, INCOMPATIBLE);
  table.type.limits.max = 30;
  expect_outcome(TABLE, &bad, NULL);
  table.type.limits.has_max = false;
  expect_outcome(TABLE, &bad, INCOMPATIBLE);
}

static void check_memory(void) {
  wdn_extern_t bad = good[MEMORY];
  wdn_store_t other = {0};
  wdn_memory_t memory, foreign;
  wdn_memorytype_t type = {{0, 12, true}};
  EXPECT(wdn_memory_create(toy.wdn.store, &memory, &type, 0));
  bad.memory = &memory;
  expect_outcome(MEMORY, &bad, INCOMPATIBLE);
  EXPECT_EQUAL(wdn_memory_grow(&memory, 1), 0);
  expect_outcome(MEMORY, &bad, NULL);
  memory.limits.max = 13;
  expect_outcome(MEMORY, &bad, INCOMPATIBLE);
  memory.limits.has_max = false;
  expect_outcome(MEMORY, &bad, INCOMPATIBLE);
  memory.limits = type.limits;
  importer.guard = true;
  expect_outcome(MEMORY, &bad, sizeof(void *) >= 8 ? NULL : "imported memory is not guarded");
  expect_outcome(MEMORY, &good[MEMORY], "imported memory is not guarded");
  importer.guard = false;
  type.limits.min = 1;
  EXPECT(wdn_memory_create(&other, &foreign, &type, 0));
  bad.memory = &foreign;
  expect_outcome(MEMORY, &bad, "import belongs to another store");
  wdn_memory_destroy(&other, &foreign);
  wdn_memory_destroy(toy.wdn.store, &memory);
}

static void check_global(void) {
  wdn_extern_t bad = good[GLOBAL];
  bad.global_type.is_mutable = false;
  expect_outcome(GLOBAL, &bad, INCOMPATIBLE);
  bad.global_type.is_mutable = true;
  bad.global_type.value = WDN_I64;
  expect_outcome(GLOBAL, &bad, INCOMPATIBLE);
  bad.global_type.value = WDN_F32;
  expect_outcome(GLOBAL, &bad, INCOMPATIBLE);
}

static void check_none(void) {
  importer_t instance;
  wdn_error_t error;
  EXPECT_EQUAL(wdn_instantiate(&importer, &instance, NULL, NULL, &error), WDN_ERROR_IMPORT);
  EXPECT_EQUAL(error.import, 0);
  EXPECT(strcmp(error.message, UNKNOWN) == 0);
  EXPECT_EQUAL(wdn_instantiate(&importer, &instance, NULL, NULL, NULL), WDN_ERROR_IMPORT);
}

static void check_reexports(void) {
  importer_t instance;
  wdn_extern_t found;
  EXPECT_EQUAL(wdn_instantiate(&importer, &instance, good, &config, NULL), WDN_DONE);
  EXPECT(instance.f0.code == good[FUNC].func.code && instance.f0.instance == &toy);
  EXPECT(instance.t0 == &toy.t0 && instance.m0 == &toy.m0 && instance.g0 == &toy.g0);
  EXPECT(wdn_export(&instance, "f", 1, &found));
  EXPECT(found.kind == WDN_FUNC && found.is_guest && found.func.code == good[FUNC].func.code &&
         found.func.instance == &toy && found.func.type == &toy_type_1);
  EXPECT(wdn_export(&instance, "t", 1, &found));
  EXPECT(found.kind == WDN_TABLE && found.table == &toy.t0);
  EXPECT(wdn_export(&instance, "m", 1, &found));
  EXPECT(found.kind == WDN_MEMORY && found.memory == &toy.m0);
  EXPECT(wdn_export(&instance, "g", 1, &found));
  EXPECT(found.kind == WDN_GLOBAL && found.global == &toy.g0 && found.global_type.is_mutable &&
         found.global_type.value == WDN_I32);
  EXPECT(wdn_export(&instance, "", 0, &found));
  EXPECT(found.func.instance == &instance && found.is_guest);
  wdn_destroy(&instance);
  EXPECT(!wdn_export(&instance, "f", 1, &found));
}

static void check_exports(void) {
  wdn_extern_t found;
  EXPECT(wdn_export(&toy, "divide", 6, &found));
  EXPECT(found.func.code == (wdn_code_t)toy_divide && found.func.instance == &toy);
  EXPECT(wdn_export(&toy, "host", 4, &found));
  EXPECT(found.func.code == (wdn_code_t)toy_double && !found.is_guest);
  EXPECT(!wdn_export(&toy, "divid", 5, &found));
  EXPECT(!wdn_export(&toy, "divide\0", 7, &found));
  EXPECT(!wdn_export(&toy, "a", 1, &found));
  EXPECT(found.func.code == 0);
  wdn_export_at(&toy, 4, &found);
  EXPECT(found.kind == WDN_MEMORY && found.memory == &toy.m0);
  wdn_export_at(&toy, 7, &found);
  EXPECT(found.func.code == 0 && found.memory == NULL);
}

int main(void) {
  make_good();
  check_kinds();
  check_func();
  check_table();
  check_memory();
  check_global();
  check_none();
  check_reexports();
  check_exports();
  wdn_destroy(&toy);
  return check_result();
}
