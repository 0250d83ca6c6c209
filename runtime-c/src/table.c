/* Tables: arrays of function values or of the host's references.
 *
 * A null reference is all zeros, as is fresh memory. Each instruction exists for
 * both kinds of elements and checks its ranges, in 64 bits, before it writes. */
#include "wdn_port.h"

#define WDN_DEFAULT_MAX_TABLE 10000000u

static bool wdn_table_holds_funcs(const wdn_table_t *table) {
  return table->type.element == WDN_FUNCREF;
}

/* Makes room for `capacity` elements, which is more than there is. */
static bool wdn_table_reserve(wdn_table_t *table, u32 capacity) {
  if (wdn_table_holds_funcs(table)) {
    wdn_func_t *funcs = wdn_port_allocate(capacity, sizeof(*funcs));
    if (funcs == NULL)
      return false;
    if (table->size != 0)
      memcpy(funcs, table->funcs, table->size * sizeof(*funcs));
    wdn_port_free(table->funcs);
    table->funcs = funcs;
  } else {
    void **externs = wdn_port_allocate(capacity, sizeof(*externs));
    if (externs == NULL)
      return false;
    if (table->size != 0)
      memcpy(externs, table->externs, table->size * sizeof(*externs));
    wdn_port_free(table->externs);
    table->externs = externs;
  }
  table->capacity = capacity;
  return true;
}

bool wdn_table_create(wdn_table_t *table, const wdn_tabletype_t *type, uint32_t max_size) {
  u64 most = max_size != 0 ? max_size : WDN_DEFAULT_MAX_TABLE;
  memset(table, 0, sizeof(*table));
  if (type->limits.has_max && type->limits.max < most)
    most = type->limits.max;
  if (type->limits.min > most)
    return false;
  table->type = *type;
  table->max_size = (u32)most;
  if (type->limits.min != 0 && !wdn_table_reserve(table, (u32)type->limits.min))
    return false;
  table->size = (u32)type->limits.min;
  return true;
}

void wdn_table_destroy(wdn_table_t *table) {
  wdn_port_free(table->funcs);
  wdn_port_free(table->externs);
  memset(table, 0, sizeof(*table));
}

/* Adds `delta` null elements; false if there is no room for them. */
static bool wdn_table_extend(wdn_table_t *table, u32 delta) {
  u32 size;
  if (delta > table->max_size - table->size)
    return false;
  size = table->size + delta;
  if (size > table->capacity) {
    /* Half as much again, so that growing one by one stays cheap. */
    u64 roomy = (u64)size + size / 2 + 8;
    if (roomy > table->max_size)
      roomy = table->max_size;
    if (!wdn_table_reserve(table, (u32)roomy) && !wdn_table_reserve(table, size))
      return false;
  }
  table->size = size;
  return true;
}

/* ---- Instructions ------------------------------------------------------------------- */

/* Traps unless `size` elements at `start` are among the first `limit`. */
static void wdn_check_elements(void *self, u32 limit, u32 start, u32 size, u32 at) {
  if ((u64)start + size > limit)
    TRAP(TABLE_OUT_OF_BOUNDS, at);
}

wdn_func_t table_get_func(void *self, wdn_table_t *table, u32 index, u32 at) {
  wdn_check_elements(self, table->size, index, 1, at);
  return table->funcs[index];
}

void *table_get_extern(void *self, wdn_table_t *table, u32 index, u32 at) {
  wdn_check_elements(self, table->size, index, 1, at);
  return table->externs[index];
}

void table_set_func(void *self, wdn_table_t *table, u32 index, wdn_func_t value, u32 at) {
  wdn_check_elements(self, table->size, index, 1, at);
  table->funcs[index] = value;
}

void table_set_extern(void *self, wdn_table_t *table, u32 index, void *value, u32 at) {
  wdn_check_elements(self, table->size, index, 1, at);
  table->externs[index] = value;
}

void table_fill_func(void *self, wdn_table_t *table, u32 to, wdn_func_t value, u32 size, u32 at) {
  u32 i;
  wdn_check_elements(self, table->size, to, size, at);
  for (i = 0; i < size; i++)
    table->funcs[to + i] = value;
}

void table_fill_extern(void *self, wdn_table_t *table, u32 to, void *value, u32 size, u32 at) {
  u32 i;
  wdn_check_elements(self, table->size, to, size, at);
  for (i = 0; i < size; i++)
    table->externs[to + i] = value;
}

u32 table_grow_func(void *self, wdn_table_t *table, wdn_func_t value, u32 delta) {
  u32 old = table->size;
  if (!wdn_table_extend(table, delta))
    return UINT32_MAX;
  table_fill_func(self, table, old, value, delta, WDN_NO_OFFSET);
  return old;
}

u32 table_grow_extern(void *self, wdn_table_t *table, void *value, u32 delta) {
  u32 old = table->size;
  if (!wdn_table_extend(table, delta))
    return UINT32_MAX;
  table_fill_extern(self, table, old, value, delta, WDN_NO_OFFSET);
  return old;
}

void table_copy(void *self, wdn_table_t *to_table, wdn_table_t *from_table, u32 to, u32 from,
                u32 size, u32 at) {
  wdn_check_elements(self, to_table->size, to, size, at);
  wdn_check_elements(self, from_table->size, from, size, at);
  if (size == 0)
    return;
  if (wdn_table_holds_funcs(to_table))
    memmove(to_table->funcs + to, from_table->funcs + from, size * sizeof(wdn_func_t));
  else
    memmove(to_table->externs + to, from_table->externs + from, size * sizeof(void *));
}

void table_init(void *self, wdn_table_t *table, const wdn_element_t *elements, u32 element_count,
                u32 to, u32 from, u32 size, u32 at) {
  u32 i;
  wdn_check_elements(self, table->size, to, size, at);
  wdn_check_elements(self, element_count, from, size, at);
  for (i = 0; i < size; i++) {
    const wdn_element_t *element = &elements[from + i];
    wdn_func_t *func = &table->funcs[to + i];
    func->code = element->code;
    func->type = element->type;
    func->instance = element->code != 0 ? self : NULL;
  }
}

void table_init_funcs(void *self, wdn_table_t *table, const wdn_func_t *elements, u32 element_count,
                      u32 to, u32 from, u32 size, u32 at) {
  wdn_check_elements(self, table->size, to, size, at);
  wdn_check_elements(self, element_count, from, size, at);
  if (size != 0)
    memcpy(table->funcs + to, elements + from, size * sizeof(*elements));
}

void table_init_externs(void *self, wdn_table_t *table, void *const *elements, u32 element_count,
                        u32 to, u32 from, u32 size, u32 at) {
  wdn_check_elements(self, table->size, to, size, at);
  wdn_check_elements(self, element_count, from, size, at);
  if (size != 0)
    memcpy(table->externs + to, elements + from, size * sizeof(*elements));
}
