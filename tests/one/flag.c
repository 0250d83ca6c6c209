/* A flag that stops the module.
 * module: bounded
 * options: --interrupt=flag */
#include "app.h"
#include "check.h"

uint32_t app_env_more(void) {
  app_one.interrupt = 1;
  app_forever();
  return 0;
}

int main(void) {
  uint32_t r = 0;
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_spin(1000), WDN_OK);
  CHECK_EQUAL(app_try_ask(&r), WDN_TRAP_INTERRUPTED);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_spin(1), WDN_TRAP_INTERRUPTED);
  app_one.state = WDN_READY;
  app_one.interrupt = 0;
  CHECK_EQUAL(app_try_spin(1), WDN_OK);
  return failures != 0;
}
