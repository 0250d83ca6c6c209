/* What happens when the system has no more memory to give: an error, never a crash.
 *
 * not on: san (its own reservations exceed any limit), qemu (applies none), windows (has none) */
#include "child.h"

#include "check.h"
#include "toy.h"

#include <string.h>

static toy_t toy;

static void limit(int resource, u64 bytes) {
  struct rlimit limits;
  limits.rlim_cur = limits.rlim_max = (rlim_t)bytes;
  EXPECT_EQUAL(setrlimit(resource, &limits), 0);
}

static const wdn_memorytype_t endless = {{1, 0, false}};
static const wdn_definition_t endless_memories[] = {{&endless, offsetof(toy_t, m0)}};

static wdn_status_t make(const wdn_module_t *flavour, wdn_error_t *error) {
  static wdn_module_t module;
  wdn_extern_t import = {0};
  module = *flavour;
  module.memories = endless_memories;
  import.kind = WDN_FUNC;
  import.func.code = (wdn_code_t)toy_double;
  import.func.type = &toy_type_1;
  return wdn_instantiate(&module, &toy, &import, NULL, error);
}

/* No room for a guarded memory, nor for all that an unguarded one may become. */
static void little_address_space(void) {
  wdn_store_t store = {0};
  wdn_memory_t memory;
  wdn_error_t error;
  u32 pages = 1;
  limit(RLIMIT_AS, (u64)1 << 30);
  EXPECT_EQUAL(make(&toy_guard, &error), WDN_ERROR_MEMORY);
  EXPECT(error.message != NULL && strcmp(error.message, "cannot create a memory") == 0);
  EXPECT(toy.wdn.module == NULL);
  EXPECT_EQUAL(make(&toy_bounds, &error), WDN_DONE);
  toy.m0.data[0] = 17;
  while (wdn_memory_grow(&toy.m0, 100) != UINT32_MAX) {
    toy.m0.data[toy.m0.size - 1] = 19;
    pages += 100;
  }
  EXPECT_EQUAL(toy.m0.size, (u64)pages * WDN_PAGE_SIZE);
  EXPECT_EQUAL(toy.m0.data[0], 17);
  EXPECT_EQUAL(toy.m0.data[toy.m0.size - 1], 19);
  EXPECT(pages > 2000 && pages < 16384); /* well used, and refused in time */
  wdn_destroy(&toy);
  EXPECT(wdn_memory_create(&store, &memory, &endless, 0));
  EXPECT(!memory.guarded);
  wdn_memory_destroy(&store, &memory);
  _exit(check_result());
}

/* There is room, but none that may be written to. */
static void little_data(void) {
  wdn_error_t error;
  u64 size;
  EXPECT_EQUAL(make(&toy_guard, &error), WDN_DONE);
  limit(RLIMIT_DATA, (u64)64 << 20);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 10000), UINT32_MAX);
  EXPECT_EQUAL(toy.m0.size, WDN_PAGE_SIZE);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 10), 1);
  size = toy.m0.size;
  toy.m0.data[size - 1] = 1;
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 10000), UINT32_MAX);
  EXPECT_EQUAL(toy.m0.size, size);
  wdn_destroy(&toy);
  EXPECT_EQUAL(make(&toy_bounds, &error), WDN_DONE);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 10000), UINT32_MAX);
  wdn_destroy(&toy);
  _exit(check_result());
}

static void little_for_tables(void) {
  static const wdn_tabletype_t huge = {{10000000, 0, false}, WDN_FUNCREF};
  static const wdn_tabletype_t small = {{1, 0, false}, WDN_FUNCREF};
  wdn_table_t table;
  limit(RLIMIT_AS, (u64)100 << 20);
  EXPECT(!wdn_table_create(&table, &huge, 0));
  EXPECT(wdn_table_create(&table, &small, 0));
  EXPECT_EQUAL(table_grow_func(NULL, &table, NULL_FUNC, 9000000), UINT32_MAX);
  EXPECT_EQUAL(table.size, 1);
  EXPECT_EQUAL(table_grow_func(NULL, &table, NULL_FUNC, 1000), 1);
  wdn_table_destroy(&table);
  _exit(check_result());
}

int main(void) {
  EXPECT_EQUAL(child_exit(little_address_space), 0);
  EXPECT_EQUAL(child_exit(little_data), 0);
  EXPECT_EQUAL(child_exit(little_for_tables), 0);
  return check_result();
}
