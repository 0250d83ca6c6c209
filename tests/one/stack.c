/* The stack that an entry may use.
 * module: bounded
 * options: --stack=address:16k */
#include "app.h"
#include "check.h"

uint32_t app_env_more(void) {
  return 0;
}

int main(void) {
  uint32_t r = 0;
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_down(5, &r), WDN_OK);
  CHECK_EQUAL(app_try_down(100000, &r), WDN_TRAP_STACK_EXHAUSTED);
  app_one.state = WDN_READY;
  app_one.max_stack = 1u << 20;
  CHECK_EQUAL(app_try_down(1000, &r), WDN_OK);
  CHECK_EQUAL(r, 1000);
  return failures != 0;
}
