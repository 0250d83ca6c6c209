/* Runs every case of a module of single accesses: right value, or right trap at
 * the right place, and nothing else of the process read or written. */
#include "canary.h"
#include "edges.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes around an access that are looked at. */
#define MARGIN 16

static uint32_t checks;

static uint8_t pattern(uint64_t address) {
  return (uint8_t)((address * 0x9e3779b1u) >> 21 | 1);
}

static uint32_t same(void *context, uint32_t value) {
  (void)context;
  return value;
}

/* ---- One case with one index ------------------------------------------------------- */

typedef struct edge_run {
  const edge_case_t *it;
  wdn_instance_t *instance;
  wdn_memory_t *memory;
  wdn_func_t func;
  uint32_t function; /* its index */
  uint32_t index;
  uint64_t address; /* index plus offset */
} edge_run_t;

static bool is_inside(const edge_run_t *run) {
  return run->address + run->it->bytes <= run->memory->size;
}

/* The part of memory around the access. */
static uint64_t around(const edge_run_t *run, uint64_t *start) {
  uint64_t end = run->address + run->it->bytes + MARGIN;
  *start = run->address > MARGIN ? run->address - MARGIN : 0;
  if (end > run->memory->size)
    end = run->memory->size;
  return end > *start ? end - *start : 0;
}

static void prepare(const edge_run_t *run) {
  uint64_t start, count = around(run, &start), i;
  for (i = 0; i < count; i++)
    run->memory->data[start + i] = pattern(start + i);
  if (run->it->index == INDEX_MEMORY) {
    for (i = 0; i < 4; i++)
      run->memory->data[INDEX_CELL + i] = (uint8_t)(run->index >> (8 * i));
  }
}

/* The bytes that memory should hold from the access on. */
static uint64_t stored_value(const edge_run_t *run) {
  return 0x8192a3b4c5d6e7f0u ^ (run->address * 0x10001);
}

static bool is_memory_right(const edge_run_t *run) {
  uint64_t start, count = around(run, &start), i;
  bool written = run->it->is_store && is_inside(run);
  for (i = 0; i < count; i++) {
    uint64_t address = start + i, at = address - run->address;
    uint8_t byte = pattern(address);
    bool own = address >= run->address && at < run->it->bytes;
    if (!own && run->it->index == INDEX_MEMORY && address - INDEX_CELL < 4)
      continue;
    if (own && !written && run->it->is_store && run->instance->module->guard)
      continue; /* a processor may write the part of a store that is inside */
    if (own && written)
      byte = (uint8_t)(stored_value(run) >> (8 * at));
    if (run->memory->data[address] != byte)
      return false;
  }
  return true;
}

/* What the access should load, as bits of its type. */
static uint64_t loaded_value(const edge_run_t *run) {
  uint64_t value = 0;
  unsigned bits = run->it->bytes * 8u, i;
  for (i = 0; i < run->it->bytes; i++)
    value |= (uint64_t)run->memory->data[run->address + i] << (8 * i);
  if (run->it->is_signed && bits < 64 && (value >> (bits - 1) & 1) != 0)
    value |= ~(uint64_t)0 << bits;
  return run->it->type == WDN_I32 || run->it->type == WDN_F32 ? (uint32_t)value : value;
}

static uint32_t make_args(const edge_run_t *run, wdn_value_t *args) {
  const edge_case_t *it = run->it;
  uint32_t count = 1, index = run->index;
  memset(args, 0, 3 * sizeof(*args));
  switch (it->index) {
  case INDEX_CONSTANT:
  case INDEX_MEMORY:
    count = 0;
    break;
  case INDEX_ADD: /* wraps */
    args[0].i32 = index + 0x61c88647u;
    args[1].i32 = 0x9e3779b9u;
    count = 2;
    break;
  case INDEX_PLUS:
    args[0].i32 = index - 16;
    break;
  case INDEX_MINUS:
    args[0].i32 = index + 16;
    break;
  case INDEX_SHIFT: /* loses three bits */
    args[0].i32 = index >> 3 | 0xa0000000u;
    args[1].i32 = index & 7;
    count = 2;
    break;
  case INDEX_WRAP:
    args[0].i64 = 0xfedcba9800000000u | index;
    break;
  case INDEX_CALL:
  case INDEX_HOST:
    args[0].i32 = index;
    break;
  }
  return count;
}

static void set_value(wdn_valtype_t type, uint64_t bits, wdn_value_t *value) {
  uint32_t low = (uint32_t)bits;
  if (type == WDN_I32 || type == WDN_F32)
    memcpy(value, &low, sizeof(low));
  else
    memcpy(value, &bits, sizeof(bits));
}

static void complain(const edge_run_t *run, const char *what) {
  const wdn_trap_info_t *trap = &run->instance->store->trap;
  fail("%s of %" PRIu64 " bytes: %s, index %08" PRIx32 ": %s (last trap: %s, function %" PRId32
       ", address %" PRIx64 ")",
       run->instance->module->name, run->memory->size, run->it->name, run->index, what,
       wdn_trap_message(trap->code), (int32_t)trap->function, trap->address);
}

/* Does the trap say where it happened? */
static bool is_located(const edge_run_t *run) {
  const wdn_trap_info_t *trap = &run->instance->store->trap;
  if (!run->instance->module->guard || run->it->offset >= 0x80000000u)
    return trap->function == run->function && trap->module == run->instance->module;
  return trap->pc != 0 && trap->address - run->address < run->it->bytes;
}

static void check(const edge_run_t *run) {
  const edge_case_t *it = run->it;
  wdn_value_t args[3], results[1];
  uint64_t expected = is_inside(run) ? loaded_value(run) : 0, got = 0;
  uint32_t count = make_args(run, args);
  wdn_trap_t trap;
  memset(results, 0, sizeof(results));
  if (it->is_store)
    set_value(it->type, stored_value(run), &args[count]);
  trap = wdn_call(run->instance, &run->func, args, results);
  checks++;
  if (!is_memory_right(run))
    complain(run, "memory is wrong");
  if (trap != WDN_OK) {
    wdn_unpoison(run->instance);
    if (is_inside(run) || trap != WDN_TRAP_MEMORY_OUT_OF_BOUNDS)
      complain(run, "a trap that should not be");
    else if (!is_located(run))
      complain(run, "the trap is said to be elsewhere");
    return;
  }
  if (!is_inside(run)) {
    complain(run, "no trap");
  } else if (!it->is_store && !it->is_dropped) {
    memcpy(&got, results, it->type == WDN_I32 || it->type == WDN_F32 ? 4 : 8);
    if (got != expected)
      complain(run, "wrong value");
  }
}

/* ---- All of them --------------------------------------------------------------------- */

static void check_case(wdn_instance_t *instance, wdn_memory_t *memory, const edge_case_t *it,
                       uint32_t number) {
  uint32_t size = (uint32_t)memory->size, i;
  const uint32_t indices[] = {0, size - 1, size, 0x7fffffffu, 0x80000000u, 0xffffffffu};
  wdn_extern_t functions;
  edge_run_t run;
  wdn_export_at(instance, 1, &functions);
  run.it = it;
  run.instance = instance;
  run.memory = memory;
  run.func = functions.table->funcs[number];
  run.function = number + 1;
  for (i = 0; i < sizeof(indices) / sizeof(indices[0]); i++) {
    run.index = it->index == INDEX_CONSTANT ? it->constant : indices[i];
    run.address = (uint64_t)run.index + it->offset;
    prepare(&run);
    check(&run);
    if (it->index == INDEX_CONSTANT)
      break;
  }
  if (!canary_intact())
    complain(&run, "a canary was written to, with this index or an earlier one");
}

static void check_all(wdn_instance_t *instance, wdn_memory_t *memory, const edge_module_t *it) {
  uint32_t i;
  if (!canary_plant(memory))
    fail("%s: cannot place all canaries", it->module->name);
  for (i = 0; i < it->case_count; i++)
    check_case(instance, memory, &it->cases[i], i);
  canary_clear();
}

static void *make_instance(const edge_module_t *it) {
  static const wdn_valtype_t types[] = {WDN_I32, WDN_I32};
  static const wdn_functype_t type = {1, 1, types, 0};
  void *instance = calloc(1, it->module->instance_size);
  void *room = canary_make_room();
  wdn_status_t status = WDN_ERROR_MEMORY;
  wdn_extern_t import;
  memset(&import, 0, sizeof(import));
  import.kind = WDN_FUNC;
  import.func.code = (wdn_code_t)same;
  import.func.type = &type;
  if (instance != NULL)
    status = wdn_instantiate(it->module, instance, &import, NULL, NULL);
  canary_make_room_done(room);
  return status == WDN_DONE ? instance : NULL;
}

static void run_module(const edge_module_t *it) {
  void *instance = make_instance(it);
  wdn_memory_t *memory;
  wdn_extern_t found;
  uint32_t pages;
  if (instance == NULL) {
    fail("%s: cannot be instantiated", it->module->name);
    return;
  }
  wdn_export_at(instance, 0, &found);
  memory = found.memory;
  check_all(instance, memory, it);
  pages = (uint32_t)(memory->size / WDN_PAGE_SIZE);
  if (wdn_memory_grow(memory, it->grown - pages) == pages)
    check_all(instance, memory, it);
  else
    (void)printf("needs %" PRIu32 " pages of memory\n", it->grown);
  wdn_destroy(instance);
  free(instance);
}

int main(void) {
  uint32_t i;
  for (i = 0; i < edge_module_count; i++)
    run_module(&edge_modules[i]);
  return finish(checks);
}
