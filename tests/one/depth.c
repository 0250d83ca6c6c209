/* Calls are counted, and counted back, whichever way functions end.
 * module: bounded
 * options: --stack=depth:10 */
#include "app.h"
#include "check.h"

uint32_t app_env_more(void) {
  uint32_t r = 0;
  wdn_trap_t trap = app_try_down(20, &r);
  app_one.state = WDN_READY;
  return trap == WDN_TRAP_STACK_EXHAUSTED ? app_one.depth : 1000;
}

int main(void) {
  uint32_t r = 0, i;
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_down(9, &r), WDN_OK);
  CHECK_EQUAL(r, 9);
  CHECK_EQUAL(app_one.depth, 10);
  CHECK_EQUAL(app_try_down(10, &r), WDN_TRAP_STACK_EXHAUSTED);
  CHECK_EQUAL(app_one.depth, 10);
  app_one.state = WDN_READY;
  for (i = 0; i < 30; i++) {
    CHECK_EQUAL(app_try_early(i & 1, &r), WDN_OK);
    CHECK_EQUAL(r, (i & 1) != 0 ? 1 : 7);
    CHECK_EQUAL(app_one.depth, 10);
  }
  CHECK_EQUAL(app_try_ask(&r), WDN_OK);
  CHECK_EQUAL(r, 9);
  app_one.max_depth = 3;
  CHECK_EQUAL(app_try_down(2, &r), WDN_OK);
  CHECK_EQUAL(app_try_down(3, &r), WDN_TRAP_STACK_EXHAUSTED);
  return failures != 0;
}
