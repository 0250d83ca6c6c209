/* A memory without the room for a heap that nothing uses.
 * options: --memory=static:auto --trap-info=function */
#include "app.h"
#include "check.h"

int main(void) {
  uint32_t r = 0;
  CHECK_EQUAL(sizeof app_memory, 2064);
  CHECK_EQUAL(*app___heap_base(), 2050);
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_load(2063, &r), WDN_OK);
  CHECK_EQUAL(app_try_load(2064, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  CHECK(app_one.at != 0 && app_one.at != WDN_NO_OFFSET);
  return failures != 0;
}
