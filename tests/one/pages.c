/* Pages of one byte.
 * options: --memory=static:1200 */
#include "app.h"
#include "check.h"

int main(void) {
  uint32_t r = 0;
  CHECK_EQUAL(sizeof app_memory, 1200);
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_size(&r), WDN_OK);
  CHECK_EQUAL(r, 1000);
  CHECK_EQUAL(app_try_load(999, &r), WDN_OK);
  CHECK_EQUAL(r, '9');
  CHECK_EQUAL(app_try_load(1000, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_grow(201, &r), WDN_OK);
  CHECK_EQUAL(r, UINT32_MAX);
  CHECK_EQUAL(app_try_grow(200, &r), WDN_OK);
  CHECK_EQUAL(r, 1000);
  CHECK_EQUAL(app_try_load(1199, &r), WDN_OK);
  CHECK_EQUAL(app_try_load(1200, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  return failures != 0;
}
