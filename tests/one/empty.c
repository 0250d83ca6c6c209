/* A memory of no bytes, which C has no array of.
 * options: --memory=static */
#include "app.h"
#include "check.h"

int main(void) {
  uint32_t r = 7;
  CHECK_EQUAL(app_memory_size, 0);
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK(app_memory_at(0, 1) == NULL);
  CHECK_EQUAL(app_try_size(&r), WDN_OK);
  CHECK_EQUAL(r, 0);
  CHECK_EQUAL(app_try_grow(1, &r), WDN_OK);
  CHECK_EQUAL(r, UINT32_MAX);
  CHECK_EQUAL(app_try_load(0, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_fill(0), WDN_OK);
  CHECK_EQUAL(app_try_fill(1), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  return failures != 0;
}
