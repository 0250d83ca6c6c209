/* Runs translated modules that nobody wrote and prints what they do: results,
 * traps, and after each call a hash of everything that can be observed. The
 * reference in `reference.rs` prints the same lines, so the two are kept in step:
 * the host module `host`, the arguments, the hash.
 *
 * Usage: runner FIRST. Begins with that module, so that a crash of one does not
 * hide the others. */
#include "wdn.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const wdn_module_t *const differ_modules[];
extern const unsigned differ_module_count;

/* Calls of each exported function. */
#define ROUNDS 3
#define MAX_VALUES 32

#ifndef WDN_RESULTSwdn_il_t
#define WDN_RESULTSwdn_il_t
typedef struct {
  uint32_t r0;
  uint64_t r1;
} wdn_il_t;
#endif

/* ---- Numbers that look random ------------------------------------------------ */

static uint64_t seed;

static uint64_t bits(void) {
  uint64_t z = seed += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static uint64_t integer(void) {
  static const uint64_t edges[] = {0,
                                   1,
                                   2,
                                   UINT64_MAX,
                                   0x7fffffff,
                                   0x80000000u,
                                   0x7fffffffffffffff,
                                   0x8000000000000000,
                                   65535,
                                   65536,
                                   65532,
                                   255};
  uint64_t choice = bits() % 4, value = bits();
  switch (choice) {
  case 0:
    return value;
  case 1:
    return value % 64;
  default:
    return edges[value % (sizeof edges / sizeof edges[0])];
  }
}

static uint32_t f32_bits(void) {
  static const uint32_t edges[] = {0,          0x80000000, 0x3f800000, 0xbfc00000,
                                   0x7f800000, 0xff800000, 0x7fc00000, 0x4f000000,
                                   0x00000001, 0x7f7fffff, 0x42f6e979, 0xcf000001};
  uint64_t choice = bits() % 4, value = bits();
  if (choice == 0)
    return (uint32_t)(value % 0x7f800000);
  return edges[value % (sizeof edges / sizeof edges[0])];
}

static uint64_t f64_bits(void) {
  static const uint64_t edges[] = {0,
                                   0x8000000000000000,
                                   0x3ff0000000000000,
                                   0xbff8000000000000,
                                   0x7ff0000000000000,
                                   0xfff0000000000000,
                                   0x7ff8000000000000,
                                   0x41e0000000000000,
                                   0x0000000000000001,
                                   0x7fefffffffffffff,
                                   0x43e0000000000000,
                                   0xc1e0000000200000};
  uint64_t choice = bits() % 4, value = bits();
  if (choice == 0)
    return value % 0x7ff0000000000000;
  return edges[value % (sizeof edges / sizeof edges[0])];
}

static wdn_value_t argument(wdn_valtype_t type) {
  wdn_value_t value;
  uint32_t narrow;
  uint64_t wide;
  memset(&value, 0, sizeof value);
  switch (type) {
  case WDN_I32:
    value.i32 = (uint32_t)integer();
    break;
  case WDN_I64:
    value.i64 = integer();
    break;
  case WDN_F32:
    narrow = f32_bits();
    memcpy(&value.f32, &narrow, sizeof narrow);
    break;
  case WDN_F64:
    wide = f64_bits();
    memcpy(&value.f64, &wide, sizeof wide);
    break;
  default:
    break; /* null */
  }
  return value;
}

/* ---- The host --------------------------------------------------------------------- */

static wdn_store_t store;
static wdn_memory_t memory;
static wdn_table_t table;
static uint32_t base;
static uint64_t wide, count;
static float ratio;
static void *thing;
static wdn_func_t callee;
/* Of everything that the module told the host. */
static uint64_t told;

static void mix(uint64_t *hash, uint64_t value) {
  *hash = (*hash ^ value) * 0x100000001b3u;
  *hash ^= *hash >> 29;
}

static void note_i32(void *self, uint32_t a) {
  (void)self;
  mix(&told, a);
}
static void note_i64(void *self, uint64_t a) {
  (void)self;
  mix(&told, a);
}
static void note_f64(void *self, double a) {
  uint64_t raw;
  (void)self;
  memcpy(&raw, &a, sizeof raw);
  mix(&told, raw);
}
static uint32_t ask(void *self, uint32_t a, uint64_t b) {
  (void)self;
  mix(&told, a);
  mix(&told, b);
  return (uint32_t)told & 0xffff;
}
static WDN_FLOAT_RESULT float ask_f32(void *self, float a) {
  uint32_t raw;
  (void)self;
  memcpy(&raw, &a, sizeof raw);
  mix(&told, raw);
  return a;
}
static wdn_il_t pair(void *self) {
  wdn_il_t results;
  (void)self;
  mix(&told, 7);
  results.r0 = (uint32_t)told & 0xff;
  results.r1 = told;
  return results;
}
static void *refs(void *self, void *a, wdn_func_t b) {
  (void)self;
  mix(&told, (a != NULL) + 2 * (b.code != NULL));
  return thing;
}
/* Stops the guest now and then. */
static void stop(void *self, uint32_t a) {
  mix(&told, a);
  if (a % 64 == 63)
    wdn_trap_host(self, 1);
}
/* Does what a guest may not expect of a call. */
static uint32_t disturb(void *self, uint32_t a) {
  (void)self;
  mix(&told, a);
  count += a;
  ratio += 1;
  if (memory.size > 64)
    memory.data[a % 64] ^= (uint8_t)a;
  if (a % 8 == 7)
    return wdn_memory_grow(&memory, 1);
  return a;
}

static const wdn_valtype_t types[] = {WDN_I32, WDN_I64, WDN_F64, WDN_F32};
static const wdn_valtype_t two[] = {WDN_I32, WDN_I64, WDN_I32};
static const wdn_valtype_t same_f32[] = {WDN_F32, WDN_F32};
static const wdn_valtype_t same_i32[] = {WDN_I32, WDN_I32};
static const wdn_valtype_t reference_types[] = {WDN_EXTERNREF, WDN_FUNCREF, WDN_EXTERNREF};
static const wdn_functype_t of_i32 = {1, 0, types, NULL};
static const wdn_functype_t of_i64 = {1, 0, types + 1, NULL};
static const wdn_functype_t of_f64 = {1, 0, types + 2, NULL};
static const wdn_functype_t of_ask = {2, 1, two, NULL};
static const wdn_functype_t of_ask_f32 = {1, 1, same_f32, NULL};
static const wdn_functype_t of_pair = {0, 2, types, NULL};
static const wdn_functype_t of_refs = {2, 1, reference_types, NULL};
static const wdn_functype_t of_disturb = {1, 1, same_i32, NULL};

static const struct {
  const char *name;
  wdn_code_t code;
  const wdn_functype_t *type;
} functions[] = {
    {"note_i32", (wdn_code_t)note_i32, &of_i32},   {"note_i64", (wdn_code_t)note_i64, &of_i64},
    {"note_f64", (wdn_code_t)note_f64, &of_f64},   {"ask", (wdn_code_t)ask, &of_ask},
    {"ask_f32", (wdn_code_t)ask_f32, &of_ask_f32}, {"pair", (wdn_code_t)pair, &of_pair},
    {"refs", (wdn_code_t)refs, &of_refs},          {"stop", (wdn_code_t)stop, &of_i32},
    {"disturb", (wdn_code_t)disturb, &of_disturb},
};

static void global(wdn_extern_t *found, void *cell, wdn_valtype_t type, bool is_mutable) {
  found->kind = WDN_GLOBAL;
  found->global = cell;
  found->global_type.value = type;
  found->global_type.is_mutable = is_mutable;
}

static void find(const char *name, void *instance, wdn_extern_t *found) {
  size_t i;
  memset(found, 0, sizeof *found);
  for (i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    if (strcmp(functions[i].name, name) == 0) {
      found->kind = WDN_FUNC;
      found->func.code = functions[i].code;
      found->func.type = functions[i].type;
      found->func.instance = instance;
      return;
    }
  }
  if (strcmp(name, "memory") == 0) {
    found->kind = WDN_MEMORY;
    found->memory = &memory;
  } else if (strcmp(name, "table") == 0) {
    found->kind = WDN_TABLE;
    found->table = &table;
  } else if (strcmp(name, "base") == 0) {
    global(found, &base, WDN_I32, false);
  } else if (strcmp(name, "wide") == 0) {
    global(found, &wide, WDN_I64, false);
  } else if (strcmp(name, "count") == 0) {
    global(found, &count, WDN_I64, true);
  } else if (strcmp(name, "ratio") == 0) {
    global(found, &ratio, WDN_F32, true);
  } else if (strcmp(name, "thing") == 0) {
    global(found, &thing, WDN_EXTERNREF, false);
  } else if (strcmp(name, "callee") == 0) {
    global(found, &callee, WDN_FUNCREF, true);
  }
}

static bool host_create(void) {
  static const wdn_memorytype_t memory_type = {{1, 3, true}};
  static const wdn_tabletype_t table_type = {{8, 16, true}, WDN_FUNCREF};
  static char anything;
  memset(&store, 0, sizeof store);
  base = 8;
  wide = 0x123456789abcdef0u;
  count = 5;
  ratio = 1.5f;
  thing = &anything;
  memset(&callee, 0, sizeof callee);
  told = 1;
  return wdn_memory_create(&store, &memory, &memory_type, 0) &&
         wdn_table_create(&table, &table_type, 0);
}

/* ---- What can be observed ------------------------------------------------------------ */

static uint64_t raw(wdn_valtype_t type, const void *cell) {
  uint32_t narrow;
  uint64_t value;
  switch (type) {
  case WDN_I32:
  case WDN_F32:
    memcpy(&narrow, cell, sizeof narrow);
    return narrow;
  case WDN_I64:
  case WDN_F64:
    memcpy(&value, cell, sizeof value);
    return value;
  case WDN_FUNCREF:
    return ((const wdn_func_t *)cell)->code != NULL;
  default:
    return *(void *const *)cell != NULL;
  }
}

static void mix_memory(uint64_t *hash, const wdn_memory_t *it) {
  uint64_t at;
  mix(hash, it->size);
  for (at = 0; at < it->size; at += 8) {
    uint64_t word = 0;
    unsigned i;
    for (i = 0; i < 8; i++)
      word |= (uint64_t)it->data[at + i] << (8 * i);
    if (word != 0)
      mix(hash, word ^ at << 20);
  }
}

static void mix_table(uint64_t *hash, const wdn_table_t *it) {
  uint32_t i;
  mix(hash, it->size);
  for (i = 0; i < it->size; i++)
    mix(hash, it->type.element == WDN_FUNCREF ? it->funcs[i].code != NULL : it->externs[i] != NULL);
}

static void print_state(void *instance, const wdn_module_t *module) {
  uint64_t hash = told;
  uint32_t i;
  mix_memory(&hash, &memory);
  mix_table(&hash, &table);
  mix(&hash, count);
  mix(&hash, raw(WDN_F32, &ratio));
  mix(&hash, raw(WDN_FUNCREF, &callee));
  for (i = 0; instance != NULL && i < module->export_count; i++) {
    wdn_extern_t found;
    wdn_export_at(instance, i, &found);
    if (found.kind == WDN_MEMORY)
      mix_memory(&hash, found.memory);
    else if (found.kind == WDN_TABLE)
      mix_table(&hash, found.table);
    else if (found.kind == WDN_GLOBAL)
      mix(&hash, raw(found.global_type.value, found.global));
  }
  printf("state %016" PRIx64 "\n", hash);
}

static void call(void *instance, uint32_t number, const wdn_func_t *func) {
  const wdn_functype_t *type = func->type;
  wdn_value_t args[MAX_VALUES], results[MAX_VALUES];
  wdn_trap_t trap;
  uint32_t i;
  if (type->param_count > MAX_VALUES || type->result_count > MAX_VALUES)
    return;
  for (i = 0; i < type->param_count; i++)
    args[i] = argument(type->types[i]);
  memset(results, 0, sizeof results);
  trap = wdn_call(instance, func, args, results);
  if (trap != WDN_OK) {
    printf("call %u: trap: %s\n", number, wdn_trap_message(trap));
    wdn_unpoison(instance);
    return;
  }
  printf("call %u:", number);
  for (i = 0; i < type->result_count; i++)
    printf(" %" PRIx64, raw(type->types[type->param_count + i], &results[i]));
  printf("\n");
}

static void run(unsigned number) {
  const wdn_module_t *module = differ_modules[number];
  void *instance = calloc(1, module->instance_size);
  wdn_extern_t *imports = calloc(module->import_count + 1, sizeof *imports);
  wdn_config_t config;
  wdn_error_t error;
  wdn_status_t status;
  uint32_t i, round;
  if (instance == NULL || imports == NULL || !host_create())
    exit(2);
  printf("module %u\n", number);
  fflush(stdout);
  seed = number;
  for (i = 0; i < module->import_count; i++)
    find(module->imports[i].name.bytes, instance, &imports[i]);
  memset(&config, 0, sizeof config);
  config.store = &store;
  status = wdn_instantiate(module, instance, imports, &config, &error);
  if (status == WDN_DONE)
    printf("instantiated\n");
  else if (status == WDN_ERROR_TRAP)
    printf("instantiate: trap: %s\n", wdn_trap_message(error.trap.code));
  else
    printf("instantiate: status %d: %s\n", (int)status, error.message);
  print_state(status == WDN_DONE ? instance : NULL, module);
  for (round = 0; round < ROUNDS && status == WDN_DONE; round++) {
    for (i = 0; i < module->export_count; i++) {
      wdn_extern_t found;
      wdn_export_at(instance, i, &found);
      if (found.kind != WDN_FUNC)
        continue;
      call(instance, i, &found.func);
      print_state(instance, module);
    }
  }
  wdn_destroy(instance);
  wdn_table_destroy(&table);
  wdn_memory_destroy(&store, &memory);
  free(instance);
  free(imports);
}

int main(int argc, char **argv) {
  unsigned number = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
  for (; number < differ_module_count; number++)
    run(number);
  printf("done\n");
  return 0;
}
