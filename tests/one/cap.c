/* A memory that is smaller than the module says.
 * module: sizes
 * options: --memory=static:40k --trap-info=none */
#include "app.h"
#include "check.h"

int main(void) {
  uint32_t r = 0;
  CHECK_EQUAL(sizeof app_memory, 40960);
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_store(40956, 7), WDN_OK);
  CHECK_EQUAL(app_try_load(40956, &r), WDN_OK);
  CHECK_EQUAL(r, 7);
  CHECK_EQUAL(app_try_size(&r), WDN_OK);
  CHECK_EQUAL(r, 0);
  CHECK_EQUAL(app_try_grow(0, &r), WDN_OK);
  CHECK_EQUAL(r, 0);
  CHECK_EQUAL(app_try_grow(1, &r), WDN_OK);
  CHECK_EQUAL(r, UINT32_MAX);
  CHECK_EQUAL(app_try_load(40957, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_one.at, WDN_NO_OFFSET);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_sum(0, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_sum(0xffffff00u, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_store(65536, 7), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  return failures != 0;
}
