/* Tables and segments that change, imported globals, bulk instructions at the edges.
 * options: --shard-size=200 */
#include "app.h"
#include "check.h"

#include <string.h>

uint32_t app_env_base = 2;
uint32_t app_env_level = 10;

uint32_t app_env_host(void) {
  return 99;
}

#define FAILS(call, code)                                                                          \
  do {                                                                                             \
    CHECK_EQUAL(call, code);                                                                       \
    app_one.state = WDN_READY;                                                                     \
  } while (0)

static uint32_t at(uint32_t index) {
  uint32_t r = 0;
  wdn_trap_t trap = app_try_call(index, &r);
  app_one.state = WDN_READY;
  return trap == WDN_OK ? r : 1000u + (uint32_t)trap;
}

static void tables(void) {
  uint32_t r = 0;
  CHECK_EQUAL(at(2), 2);
  CHECK_EQUAL(at(0), 1000 + WDN_TRAP_UNINITIALIZED_ELEMENT);
  CHECK_EQUAL(at(3), 1000 + WDN_TRAP_UNDEFINED_ELEMENT);
  CHECK_EQUAL(app_try_set(0, 2), WDN_OK);
  CHECK_EQUAL(at(0), 2);
  FAILS(app_try_set(3, 0), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  FAILS(app_try_set(0, UINT32_MAX), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_set_global(1), WDN_OK);
  CHECK_EQUAL(at(1), 1);
  CHECK_EQUAL(app_try_set_null(1), WDN_OK);
  CHECK_EQUAL(app_try_is_null(1, &r), WDN_OK);
  CHECK_EQUAL(r, 1);
  CHECK_EQUAL(app_try_grow(2, &r), WDN_OK);
  CHECK_EQUAL(r, 3);
  CHECK_EQUAL(at(4), 1);
  CHECK_EQUAL(app_try_grow(2, &r), WDN_OK);
  CHECK_EQUAL(r, UINT32_MAX);
  CHECK_EQUAL(app_try_size(&r), WDN_OK);
  CHECK_EQUAL(r, 5);
  CHECK_EQUAL(app_try_x_init(2, 1, 2), WDN_OK);
  CHECK_EQUAL(at(2), 2);
  CHECK_EQUAL(at(3), 99);
  FAILS(app_try_x_init(4, 0, 2), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  FAILS(app_try_x_init(0, 2, 2), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_copy(0, 2, 3), WDN_OK);
  CHECK_EQUAL(at(1), 99);
  FAILS(app_try_copy(3, 0, 3), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_fill(3, 2), WDN_OK);
  CHECK_EQUAL(at(4), 2);
  FAILS(app_try_fill(4, 2), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_drop(), WDN_OK);
  FAILS(app_try_x_init(0, 0, 1), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_x_init(5, 0, 0), WDN_OK);
}

static void memories(void) {
  uint32_t r = 0;
  CHECK_EQUAL(app_try_mem_init(65530, 0, 6), WDN_OK);
  CHECK(memcmp(app_memory + 65530, "abcdef", 6) == 0);
  FAILS(app_try_mem_init(65531, 0, 6), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  FAILS(app_try_mem_init(0, 1, 6), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_mem_copy(4, 3, 3), WDN_OK);
  CHECK(memcmp(app_memory + 3, "xxyz", 4) == 0);
  FAILS(app_try_mem_copy(65534, 0, 3), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  FAILS(app_try_mem_copy(0, UINT32_MAX, 2), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  FAILS(app_try_mem_fill(0, 0, 65537), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  FAILS(app_try_mem_fill(65536, 0, 1), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_memory[3], 'x');
  CHECK_EQUAL(app_try_mem_fill(65536, 0, 0), WDN_OK);
  CHECK_EQUAL(app_try_mem_fill(0, 0x1ff, 4), WDN_OK);
  CHECK_EQUAL(app_memory[3], 255);
  CHECK_EQUAL(app_try_pages(&r), WDN_OK);
  CHECK_EQUAL(r, 1);
  CHECK_EQUAL(app_try_grow_memory(0, &r), WDN_OK);
  CHECK_EQUAL(r, 1);
  CHECK_EQUAL(app_try_grow_memory(1, &r), WDN_OK);
  CHECK_EQUAL(r, UINT32_MAX);
}

int main(void) {
  void *e = NULL;
  uint32_t r = 0;
  int here;
  CHECK_EQUAL(app_init(), WDN_OK);
  memories();
  tables();
  CHECK_EQUAL(app_try_put(1, &here), WDN_OK);
  CHECK_EQUAL(app_try_get(1, &e), WDN_OK);
  CHECK(e == &here);
  FAILS(app_try_get(2, &e), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_add_level(&r), WDN_OK);
  CHECK_EQUAL(app_env_level, 12);
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(at(2), 2);
  CHECK_EQUAL(at(3), 1000 + WDN_TRAP_UNDEFINED_ELEMENT);
  CHECK_EQUAL(app_try_mem_init(0, 0, 6), WDN_OK);
  app_env_base = 3;
  CHECK_EQUAL(app_init(), WDN_TRAP_TABLE_OUT_OF_BOUNDS);
  return failures != 0;
}
