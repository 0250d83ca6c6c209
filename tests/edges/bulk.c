/* Runs the instructions of bulk.wat with ranges at and beyond every edge, next to
 * a model: the same result or trap, and the same memory and tables afterwards.
 * What traps changes nothing at all. */
#include "bulk.h"
#include "canary.h"
#include "edges.h"
#include "wdn_try.h"

#include <inttypes.h>
#include <string.h>

#define MOST_PAGES 3
#define MOST_ELEMENTS 20

static bulk_t guest;
static uint32_t checks;

/* ---- The model -------------------------------------------------------------------- */

/* Elements of tables: functions by the number they return, references of the host. */
enum { NOTHING, A, B, OTHER };

typedef struct model {
  uint64_t size;
  uint32_t data_size, elem_size; /* of the segments; 0 once dropped */
  uint32_t f_size, e_size;
  uint32_t f[MOST_ELEMENTS], g[5];
  const void *e[MOST_ELEMENTS];
} model_t;

static model_t model = {0, 20, 5, 8, 8, {0}, {0}, {0}};
static uint8_t bytes[MOST_PAGES * WDN_PAGE_SIZE];
static const uint32_t elem[] = {A, B, NOTHING, OTHER, B};
static const void *x; /* what the guest stores in its table */
static wdn_trap_t wanted;

static bool fits(uint64_t limit, uint32_t start, uint32_t count, wdn_trap_t otherwise) {
  if ((uint64_t)start + count <= limit)
    return true;
  wanted = otherwise;
  return false;
}

static bool in_memory(uint32_t start, uint32_t count) {
  return fits(model.size, start, count, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
}

static bool in_table(uint32_t limit, uint32_t start, uint32_t count) {
  return fits(limit, start, count, WDN_TRAP_TABLE_OUT_OF_BOUNDS);
}

static uint32_t memory_fill_(uint32_t a, uint32_t b, uint32_t c) {
  if (in_memory(a, c))
    memset(bytes + a, (int)(b & 0xff), c);
  return 0;
}

static uint32_t memory_copy_(uint32_t a, uint32_t b, uint32_t c) {
  if (in_memory(a, c) && in_memory(b, c))
    memmove(bytes + a, bytes + b, c);
  return 0;
}

static uint32_t memory_init_(uint32_t a, uint32_t b, uint32_t c) {
  if (in_memory(a, c) && fits(model.data_size, b, c, WDN_TRAP_MEMORY_OUT_OF_BOUNDS))
    memcpy(bytes + a, &"abcdefghijklmnopqrst"[b], c);
  return 0;
}

static uint32_t data_drop(uint32_t a, uint32_t b, uint32_t c) {
  (void)a, (void)b, (void)c;
  model.data_size = 0;
  return 0;
}

static uint32_t memory_grow_(uint32_t a, uint32_t b, uint32_t c) {
  uint64_t old = model.size / WDN_PAGE_SIZE;
  (void)b, (void)c;
  if (old + a > MOST_PAGES)
    return UINT32_MAX;
  model.size += (uint64_t)a * WDN_PAGE_SIZE;
  return (uint32_t)old;
}

static uint32_t memory_size(uint32_t a, uint32_t b, uint32_t c) {
  (void)a, (void)b, (void)c;
  return (uint32_t)(model.size / WDN_PAGE_SIZE);
}

static uint32_t f_get(uint32_t a, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  return in_table(model.f_size, a, 1) ? model.f[a] == NOTHING : 0;
}

static uint32_t f_set(uint32_t a, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  if (in_table(model.f_size, a, 1))
    model.f[a] = B;
  return 0;
}

static uint32_t f_fill(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t i;
  (void)b;
  for (i = 0; in_table(model.f_size, a, c) && i < c; i++)
    model.f[a + i] = A;
  return 0;
}

static uint32_t f_copy(uint32_t a, uint32_t b, uint32_t c) {
  if (in_table(model.f_size, a, c) && in_table(model.f_size, b, c))
    memmove(model.f + a, model.f + b, c * sizeof(model.f[0]));
  return 0;
}

static uint32_t f_from_g(uint32_t a, uint32_t b, uint32_t c) {
  if (in_table(model.f_size, a, c) && in_table(5, b, c))
    memcpy(model.f + a, model.g + b, c * sizeof(model.f[0]));
  return 0;
}

static uint32_t f_init(uint32_t a, uint32_t b, uint32_t c) {
  if (in_table(model.f_size, a, c) && in_table(model.elem_size, b, c))
    memcpy(model.f + a, elem + b, c * sizeof(model.f[0]));
  return 0;
}

static uint32_t elem_drop(uint32_t a, uint32_t b, uint32_t c) {
  (void)a, (void)b, (void)c;
  model.elem_size = 0;
  return 0;
}

static uint32_t f_grow(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t old = model.f_size;
  (void)b, (void)c;
  if ((uint64_t)old + a > MOST_ELEMENTS)
    return UINT32_MAX;
  while (model.f_size < old + a)
    model.f[model.f_size++] = B;
  return old;
}

static uint32_t f_size(uint32_t a, uint32_t b, uint32_t c) {
  (void)a, (void)b, (void)c;
  return model.f_size;
}

static uint32_t call(uint32_t a, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  if (!fits(model.f_size, a, 1, WDN_TRAP_UNDEFINED_ELEMENT))
    return 0;
  if (model.f[a] == NOTHING)
    wanted = WDN_TRAP_UNINITIALIZED_ELEMENT;
  if (model.f[a] == OTHER)
    wanted = WDN_TRAP_INDIRECT_CALL_TYPE;
  return model.f[a];
}

static uint32_t e_get(uint32_t a, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  return in_table(model.e_size, a, 1) ? model.e[a] == NULL : 0;
}

static uint32_t e_set(uint32_t a, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  if (in_table(model.e_size, a, 1))
    model.e[a] = x;
  return 0;
}

static uint32_t e_fill(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t i;
  (void)b;
  for (i = 0; in_table(model.e_size, a, c) && i < c; i++)
    model.e[a + i] = x;
  return 0;
}

static uint32_t e_copy(uint32_t a, uint32_t b, uint32_t c) {
  if (in_table(model.e_size, a, c) && in_table(model.e_size, b, c))
    memmove(model.e + a, model.e + b, c * sizeof(model.e[0]));
  return 0;
}

static uint32_t e_init(uint32_t a, uint32_t b, uint32_t c) {
  if (in_table(model.e_size, a, c) && in_table(3, b, c) && c != 0)
    memset(model.e + a, 0, c * sizeof(model.e[0]));
  return 0;
}

static uint32_t e_grow(uint32_t a, uint32_t b, uint32_t c) {
  uint32_t old = model.e_size;
  (void)b, (void)c;
  if ((uint64_t)old + a > MOST_ELEMENTS)
    return UINT32_MAX;
  while (model.e_size < old + a)
    model.e[model.e_size++] = x;
  return old;
}

static uint32_t e_size(uint32_t a, uint32_t b, uint32_t c) {
  (void)a, (void)b, (void)c;
  return model.e_size;
}

typedef struct operation {
  const char *name;
  uint32_t (*guest)(void *, uint32_t, uint32_t, uint32_t);
  uint32_t (*model)(uint32_t, uint32_t, uint32_t);
} operation_t;

static const operation_t operations[] = {
    {"memory_fill", bulk_memory_fill, memory_fill_},
    {"memory_copy", bulk_memory_copy, memory_copy_},
    {"memory_init", bulk_memory_init, memory_init_},
    {"memory_size", bulk_memory_size, memory_size},
    {"func_init", bulk_func_init, f_init},
    {"call", bulk_call, call},
    {"func_get", bulk_func_get, f_get},
    {"func_set", bulk_func_set, f_set},
    {"call", bulk_call, call},
    {"func_copy", bulk_func_copy, f_copy},
    {"func_fill", bulk_func_fill, f_fill},
    {"func_from_g", bulk_func_from_g, f_from_g},
    {"func_size", bulk_func_size, f_size},
    {"ref_set", bulk_ref_set, e_set},
    {"ref_get", bulk_ref_get, e_get},
    {"ref_copy", bulk_ref_copy, e_copy},
    {"ref_init", bulk_ref_init, e_init},
    {"ref_fill", bulk_ref_fill, e_fill},
    {"ref_size", bulk_ref_size, e_size},
};

static const operation_t growths[] = {
    {"memory_grow", bulk_memory_grow, memory_grow_},
    {"func_grow", bulk_func_grow, f_grow},
    {"ref_grow", bulk_ref_grow, e_grow},
};

static const operation_t drops[] = {
    {"drop_data", bulk_drop_data, data_drop},
    {"drop_elem", bulk_drop_elem, elem_drop},
};

/* ---- The comparison ------------------------------------------------------------------ */

/* What the functions of the table are, learnt from a table that holds them all. */
static wdn_code_t codes[4];

static const char *difference(void) {
  uint32_t i;
  if (guest.m0.size != model.size || memcmp(guest.m0.data, bytes, model.size) != 0)
    return "the memory is another";
  if (bulk_f(&guest)->size != model.f_size || bulk_e(&guest)->size != model.e_size)
    return "the size of a table is another";
  for (i = 0; i < model.f_size; i++) {
    const wdn_func_t *func = &bulk_f(&guest)->funcs[i];
    if (func->code != codes[model.f[i]] || (func->code != 0 && func->instance != &guest))
      return "a function in a table is another";
  }
  for (i = 0; i < model.e_size; i++) {
    if (bulk_e(&guest)->externs[i] != model.e[i])
      return "a reference in a table is another";
  }
  return NULL;
}

static void compare(const operation_t *it, uint32_t a, uint32_t b, uint32_t c) {
  volatile uint32_t got = 0;
  const char *problem;
  uint32_t expected;
  wdn_trap_t trap;
  x = &operations[(a ^ b ^ c) % 7];
  *bulk_x(&guest) = (void *)x;
  wanted = WDN_OK;
  expected = it->model(a, b, c);
  WDN_TRY(trap, &guest, got = it->guest(&guest, a, b, c));
  checks++;
  problem = difference();
  if (trap != wanted)
    problem = wdn_trap_message(trap);
  else if (trap == WDN_OK && got != expected)
    problem = "wrong result";
  else if (trap != WDN_OK && guest.wdn.store->trap.module != &bulk_module)
    problem = "no place of the trap";
  if (problem != NULL)
    fail("%s %" PRIx32 " %" PRIx32 " %" PRIx32 ": %s; expected %s, %" PRIx32, it->name, a, b, c,
         problem, wdn_trap_message(wanted), expected);
  wdn_unpoison(&guest);
}

static void compare_all(const operation_t *list, size_t count) {
  uint32_t end = (uint32_t)model.size, table = model.f_size;
  const uint32_t values[] = {0,       1,         3,           5,           6,       table - 1,
                             table,   table + 1, 20,          21,          end,     end - 1,
                             end - 3, end + 1,   0x7fffffffu, 0x80000000u, 0 - end, 0xffffffffu};
  size_t n = sizeof(values) / sizeof(values[0]), i, j, k, m;
  for (m = 0; m < count; m++) {
    for (i = 0; i < n; i++) {
      for (j = 0; j < n; j++)
        for (k = 0; k < n; k++)
          compare(&list[m], values[i], values[j], values[k]);
    }
    if (!canary_intact())
      fail("%s: a canary was written to", list[m].name);
  }
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void compare_growth(void) {
  const uint32_t values[] = {0, 1, 21, 65535, 65536, 0x80000000u, 0xffffffecu, 0xffffffffu};
  size_t i, j;
  for (i = 0; i < COUNT(growths); i++)
    for (j = 0; j < COUNT(values); j++)
      compare(&growths[i], values[j], 0, 0);
}

/* Fills the second table with one of each function. */
static void learn_codes(void) {
  wdn_table_t *f = bulk_f(&guest), *g = bulk_g(&guest);
  volatile uint32_t unused = 0;
  wdn_trap_t trap;
  uint32_t i;
  WDN_TRY(trap, &guest, unused = bulk_func_init(&guest, 0, 0, 5));
  if (trap != WDN_OK)
    fail("f_init does not work");
  for (i = 0; i < 5; i++) {
    codes[elem[i]] = f->funcs[i].code;
    g->funcs[i] = f->funcs[4 - i];
    model.g[i] = elem[4 - i];
    model.f[i] = elem[i];
  }
  (void)unused;
}

int main(void) {
  void *room = canary_make_room();
  wdn_status_t status = bulk_instantiate(&guest, NULL, NULL, NULL);
  int round;
  canary_make_room_done(room);
  if (status != WDN_DONE || !canary_plant(&guest.m0)) {
    fail("no instance among canaries");
    return finish(checks);
  }
  learn_codes();
  for (round = 0; round < 2; round++) {
    compare_all(operations, COUNT(operations));
    compare_growth();
  }
  for (round = 0; round < 2; round++)
    compare(&drops[round], 0, 0, 0);
  compare_all(operations, COUNT(operations));
  canary_clear();
  wdn_destroy(&guest);
  return finish(checks);
}
