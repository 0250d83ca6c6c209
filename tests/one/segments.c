/* What is copied out of a segment is in it; compilers that look through the check are not
 * to warn of what it prevents. */
#include "app.h"
#include "check.h"

#define TRAPS(call, code)                                                                          \
  do {                                                                                             \
    CHECK_EQUAL(call, WDN_TRAP_##code);                                                            \
    app_one.state = WDN_READY;                                                                     \
  } while (0)

int main(void) {
  uint32_t r = 7;
  CHECK_EQUAL(app_init(), WDN_OK);
  TRAPS(app_try_behind(), MEMORY_OUT_OF_BOUNDS);
  TRAPS(app_try_longer(), MEMORY_OUT_OF_BOUNDS);
  CHECK_EQUAL(app_try_load(&r), WDN_OK);
  CHECK_EQUAL(r, 0);
  CHECK_EQUAL(app_try_first(), WDN_OK);
  CHECK_EQUAL(app_try_nothing(), WDN_OK);
  CHECK_EQUAL(app_try_load(&r), WDN_OK);
  CHECK_EQUAL(r, 'a' + 'b' * 256);
  CHECK_EQUAL(app_try_drop(), WDN_OK);
  TRAPS(app_try_first(), MEMORY_OUT_OF_BOUNDS);
  TRAPS(app_try_elements(), TABLE_OUT_OF_BOUNDS);
  TRAPS(app_try_call(&r), UNINITIALIZED_ELEMENT);
  CHECK_EQUAL(app_try_element(), WDN_OK);
  CHECK_EQUAL(app_try_call(&r), WDN_OK);
  CHECK_EQUAL(r, 0);
  CHECK_EQUAL(app_try_drop_elements(), WDN_OK);
  TRAPS(app_try_element(), TABLE_OUT_OF_BOUNDS);
  return failures != 0;
}
