/* The host module `spectest`, which the specification's scripts import from.
 *
 * Its functions do nothing: what a script checks is that they can be linked
 * and called. Its things are alive from spectest_create to spectest_destroy. */
#ifndef SPECTEST_H
#define SPECTEST_H

#include "wdn.h"

#include <string.h>

static uint32_t spectest_i32 = 666;
static uint64_t spectest_i64 = 666;
static float spectest_f32 = 666.6f;
static double spectest_f64 = 666.6;
static wdn_table_t spectest_table;
static wdn_memory_t spectest_memory;

static void spectest_print(void *context) {
  (void)context;
}
static void spectest_print_i32(void *context, uint32_t a) {
  (void)context, (void)a;
}
static void spectest_print_i64(void *context, uint64_t a) {
  (void)context, (void)a;
}
static void spectest_print_f32(void *context, float a) {
  (void)context, (void)a;
}
static void spectest_print_f64(void *context, double a) {
  (void)context, (void)a;
}
static void spectest_print_i32_f32(void *context, uint32_t a, float b) {
  (void)context, (void)a, (void)b;
}
static void spectest_print_f64_f64(void *context, double a, double b) {
  (void)context, (void)a, (void)b;
}

typedef struct spectest_function {
  const char *name;
  wdn_code_t code;
  wdn_valtype_t params[2];
  wdn_functype_t type;
} spectest_function_t;

/* Parameter types are filled in by spectest_create: C99 has no address of a
 * sibling member in an initialiser of an array. */
static spectest_function_t spectest_functions[] = {
    {"print", (wdn_code_t)spectest_print, {0}, {0, 0, NULL, NULL}},
    {"print_i32", (wdn_code_t)spectest_print_i32, {WDN_I32}, {1, 0, NULL, NULL}},
    {"print_i64", (wdn_code_t)spectest_print_i64, {WDN_I64}, {1, 0, NULL, NULL}},
    {"print_f32", (wdn_code_t)spectest_print_f32, {WDN_F32}, {1, 0, NULL, NULL}},
    {"print_f64", (wdn_code_t)spectest_print_f64, {WDN_F64}, {1, 0, NULL, NULL}},
    {"print_i32_f32", (wdn_code_t)spectest_print_i32_f32, {WDN_I32, WDN_F32}, {2, 0, NULL, NULL}},
    {"print_f64_f64", (wdn_code_t)spectest_print_f64_f64, {WDN_F64, WDN_F64}, {2, 0, NULL, NULL}},
};
#define SPECTEST_FUNCTIONS (sizeof spectest_functions / sizeof spectest_functions[0])

typedef struct spectest_global {
  const char *name;
  void *cell;
  wdn_valtype_t type;
} spectest_global_t;

static const spectest_global_t spectest_globals[] = {
    {"global_i32", &spectest_i32, WDN_I32},
    {"global_i64", &spectest_i64, WDN_I64},
    {"global_f32", &spectest_f32, WDN_F32},
    {"global_f64", &spectest_f64, WDN_F64},
};
#define SPECTEST_GLOBALS (sizeof spectest_globals / sizeof spectest_globals[0])

static bool spectest_create(wdn_store_t *store) {
  static const wdn_tabletype_t table_type = {{10, 20, true}, WDN_FUNCREF};
  static const wdn_memorytype_t memory_type = {{1, 2, true}};
  size_t i;
  for (i = 0; i < SPECTEST_FUNCTIONS; i++)
    spectest_functions[i].type.types = spectest_functions[i].params;
  return wdn_table_create(&spectest_table, &table_type, 0) &&
         wdn_memory_create(store, &spectest_memory, &memory_type, 0);
}

static void spectest_destroy(wdn_store_t *store) {
  wdn_memory_destroy(store, &spectest_memory);
  wdn_table_destroy(&spectest_table);
}

/* Names in a module may contain NUL, so they are compared with their size. */
static bool spectest_is(const char *name, const char *bytes, size_t size) {
  return strlen(name) == size && memcmp(name, bytes, size) == 0;
}

static bool spectest_find_global(const char *name, size_t size, wdn_extern_t *found) {
  size_t i;
  for (i = 0; i < SPECTEST_GLOBALS; i++) {
    if (!spectest_is(spectest_globals[i].name, name, size))
      continue;
    found->kind = WDN_GLOBAL;
    found->global = spectest_globals[i].cell;
    found->global_type.value = spectest_globals[i].type;
    found->global_type.is_mutable = false;
    return true;
  }
  return false;
}

/* Finds an export of `spectest`; `found` is zeroed. */
static bool spectest_export(const char *name, size_t size, wdn_extern_t *found) {
  size_t i;
  for (i = 0; i < SPECTEST_FUNCTIONS; i++) {
    if (!spectest_is(spectest_functions[i].name, name, size))
      continue;
    found->kind = WDN_FUNC;
    found->func.code = spectest_functions[i].code;
    found->func.type = &spectest_functions[i].type;
    return true;
  }
  if (spectest_is("table", name, size)) {
    found->kind = WDN_TABLE;
    found->table = &spectest_table;
    return true;
  }
  if (spectest_is("memory", name, size)) {
    found->kind = WDN_MEMORY;
    found->memory = &spectest_memory;
    return true;
  }
  return spectest_find_global(name, size, found);
}

#endif
