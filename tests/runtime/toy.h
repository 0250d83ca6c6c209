/* A module as the translator would write it, in two flavours: toy_guard and
 * toy_bounds. It imports a function, and defines a memory of one to ten pages,
 * a table and a global. */
#ifndef TOY_H
#define TOY_H

#include "wdn_gen.h"
#include "wdn_try.h"

typedef struct toy {
  wdn_instance_t wdn;
  wdn_import_func_t f0; /* host.call: (i32) -> i32 */
  wdn_memory_t m0;
  wdn_table_t t0;
  u32 g0;
} toy_t;

/* Offsets in an imaginary .wasm. */
enum { TOY_LOAD = 100, TOY_DIVIDE = 200, TOY_RECURSE = 300, TOY_CALL = 400, TOY_INDIRECT = 500 };

static const wdn_valtype_t toy_i32_i32[] = {WDN_I32, WDN_I32};
static const wdn_valtype_t toy_i32_i32_i32[] = {WDN_I32, WDN_I32, WDN_I32};

WDN_UNUSED static void toy_invoke_1(wdn_code_t code, void *instance, const wdn_value_t *args,
                                    wdn_value_t *results) {
  results[0].i32 = ((u32(*)(void *, u32))code)(instance, args[0].i32);
}
WDN_UNUSED static void toy_invoke_2(wdn_code_t code, void *instance, const wdn_value_t *args,
                                    wdn_value_t *results) {
  results[0].i32 = ((u32(*)(void *, u32, u32))code)(instance, args[0].i32, args[1].i32);
}

WDN_UNUSED static const wdn_functype_t toy_type_1 = {1, 1, toy_i32_i32, toy_invoke_1};
WDN_UNUSED static const wdn_functype_t toy_type_2 = {2, 1, toy_i32_i32_i32, toy_invoke_2};

/* Function 1: i32.load, in the mode of the module. */
WDN_UNUSED static u32 toy_load(void *self, u32 address) {
  toy_t *toy = self;
  u64 size = toy->m0.size;
  if (!toy->wdn.module->guard)
    CHECK_FAR(address, 4, TOY_LOAD + 10);
  return i32_load_forced(toy->m0.data, address, 0);
}

/* Function 2. */
WDN_UNUSED static u32 toy_divide(void *self, u32 x, u32 y) {
  return i32_div_s(self, x, y, TOY_DIVIDE);
}

/* Function 3: calls itself n times and says how often that was. */
WDN_UNUSED static u32 toy_recurse(void *self, u32 n) {
  volatile u32 sum = 0;
  STACK_CHECK(4, 8, TOY_RECURSE + 99);
  if (n != 0)
    sum = toy_recurse(self, n - 1) + 1;
  return sum;
}

/* Function 4: calls the import. */
WDN_UNUSED static u32 toy_call(void *self, u32 x) {
  toy_t *toy = self;
  u32 result;
  STACK_CHECK(4, 8, TOY_CALL);
  toy->wdn.store->in_guest = toy->f0.in_guest;
  result = ((u32(*)(void *, u32))toy->f0.code)(toy->f0.instance, x);
  toy->wdn.store->in_guest = 1;
  return result + 1;
}

/* Function 5: call_indirect of (i32) -> i32. */
WDN_UNUSED static u32 toy_indirect(void *self, u32 index, u32 x) {
  toy_t *toy = self;
  const wdn_func_t *func = wdn_indirect(self, &toy->t0, index, &toy_type_1, TOY_INDIRECT);
  return ((u32(*)(void *, u32))func->code)(func->instance, x);
}

static const wdn_element_t toy_elements[] = {
    {(wdn_code_t)toy_load, &toy_type_1},
    {(wdn_code_t)toy_divide, &toy_type_2},
    {(wdn_code_t)toy_call, &toy_type_1},
};

static void toy_init(void *self) {
  toy_t *toy = self;
  toy->g0 = 42;
  table_init(self, &toy->t0, toy_elements, 3, 0, 0, 3, 0);
  memory_init(self, &toy->m0, "\1\2\3\4", 4, 0, 0, 4, 0);
}

static const wdn_memorytype_t toy_memory = {{1, 10, true}};
static const wdn_tabletype_t toy_table = {{5, 20, true}, WDN_FUNCREF};
static const wdn_globaltype_t toy_global = {WDN_I32, true};

static const wdn_import_t toy_imports[] = {
    {{"host", 4}, {"call", 4}, WDN_FUNC, &toy_type_1, offsetof(toy_t, f0)}};
static const wdn_definition_t toy_memories[] = {{&toy_memory, offsetof(toy_t, m0)}};
static const wdn_definition_t toy_tables[] = {{&toy_table, offsetof(toy_t, t0)}};
static const u32 toy_offsets[] = {TOY_LOAD, TOY_DIVIDE, TOY_RECURSE, TOY_CALL, TOY_INDIRECT};
static const wdn_export_t toy_exports[] = {
    {{"load", 4}, WDN_FUNC, &toy_type_1, (wdn_code_t)toy_load, 0, false},
    {{"divide", 6}, WDN_FUNC, &toy_type_2, (wdn_code_t)toy_divide, 0, false},
    {{"call", 4}, WDN_FUNC, &toy_type_1, (wdn_code_t)toy_call, 0, false},
    {{"host", 4}, WDN_FUNC, &toy_type_1, 0, offsetof(toy_t, f0), true},
    {{"memory", 6}, WDN_MEMORY, &toy_memory, 0, offsetof(toy_t, m0), false},
    {{"table", 5}, WDN_TABLE, &toy_table, 0, offsetof(toy_t, t0), false},
    {{"a\0b", 3}, WDN_GLOBAL, &toy_global, 0, offsetof(toy_t, g0), false},
};

#define TOY_MODULE(flavour, is_guard)                                                              \
  WDN_UNUSED static const wdn_module_t flavour = {                                                 \
      .abi = WDN_ABI,                                                                              \
      .size = sizeof(wdn_module_t),                                                                \
      .name = "toy",                                                                               \
      .guard = is_guard,                                                                           \
      .instance_size = sizeof(toy_t),                                                              \
      .imports = toy_imports,                                                                      \
      .exports = toy_exports,                                                                      \
      .memories = toy_memories,                                                                    \
      .tables = toy_tables,                                                                        \
      .function_offsets = toy_offsets,                                                             \
      .import_count = 1,                                                                           \
      .export_count = 7,                                                                           \
      .memory_count = 1,                                                                           \
      .table_count = 1,                                                                            \
      .function_count = 6,                                                                         \
      .imported_function_count = 1,                                                                \
      .init = toy_init,                                                                            \
  }
TOY_MODULE(toy_guard, true);
TOY_MODULE(toy_bounds, false);

/* Makes an instance whose import is `call` with `context`. */
WDN_UNUSED static wdn_status_t toy_make(toy_t *toy, const wdn_module_t *module,
                                        u32 (*call)(void *, u32), void *context,
                                        const wdn_config_t *config) {
  wdn_extern_t import = {0};
  import.kind = WDN_FUNC;
  import.func.code = (wdn_code_t)call;
  import.func.type = &toy_type_1;
  import.func.instance = context;
  return wdn_instantiate(module, toy, &import, config, NULL);
}

/* The usual import. */
WDN_UNUSED static u32 toy_double(void *context, u32 x) {
  (void)context;
  return 2 * x;
}

#endif
