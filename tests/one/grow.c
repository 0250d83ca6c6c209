/* A memory with room to grow.
 * module: sizes
 * options: --memory=static:220k --shard-size=100 */
#include "app.h"
#include "check.h"

int main(void) {
  uint32_t r = 0;
  CHECK_EQUAL(sizeof app_memory, 3 * 65536);
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_size(&r), WDN_OK);
  CHECK_EQUAL(r, 2);
  CHECK_EQUAL(app_try_load(2 * 65536 - 3, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  app_one.state = WDN_READY;
  CHECK(app_memory_at(2 * 65536, 1) == NULL);
  CHECK_EQUAL(app_try_grow(2, &r), WDN_OK);
  CHECK_EQUAL(r, UINT32_MAX);
  CHECK_EQUAL(app_try_grow(1, &r), WDN_OK);
  CHECK_EQUAL(r, 2);
  CHECK_EQUAL(app_try_load(3 * 65536 - 4, &r), WDN_OK);
  CHECK_EQUAL(r, 0);
  CHECK_EQUAL(app_try_store(3 * 65536 - 4, 5), WDN_OK);
  CHECK(app_memory_at(2 * 65536, 65536) != NULL);
  CHECK_EQUAL(app_memory_view()->size, 3 * 65536);
  CHECK_EQUAL(app_try_load(3 * 65536 - 3, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  app_one.state = WDN_READY;
  /* Addresses that compilers see to be outside of the array, and need not warn of. */
  CHECK_EQUAL(app_try_far(1), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_far_away(&r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_size(&r), WDN_OK);
  CHECK_EQUAL(r, 2);
  CHECK_EQUAL(app_memory[3 * 65536 - 4], 0);
  return failures != 0;
}
