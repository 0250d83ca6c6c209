/* Fuel: what an entry starts with, what it takes, how a host gives more.
 * module: bounded
 * options: --interrupt=fuel:100 --stack=address:64k */
#include "app.h"
#include "check.h"

uint32_t app_env_more(void) {
  uint32_t left = app_one.fuel;
  app_one.fuel = 1000;
  app_spin(900);
  return left;
}

int main(void) {
  uint32_t r = 0;
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try_spin(100), WDN_OK);
  CHECK_EQUAL(app_one.fuel, 0);
  CHECK_EQUAL(app_try_spin(101), WDN_TRAP_INTERRUPTED);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_spin(50), WDN_OK);
  CHECK_EQUAL(app_one.fuel, 50);
  CHECK_EQUAL(app_try_forever(), WDN_TRAP_INTERRUPTED);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_down(99, &r), WDN_OK);
  CHECK_EQUAL(r, 99);
  CHECK_EQUAL(app_try_down(100, &r), WDN_TRAP_INTERRUPTED);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_ask(&r), WDN_OK);
  CHECK_EQUAL(r, 99);
  CHECK_EQUAL(app_one.fuel, 100);
  app_one.budget = 3;
  CHECK_EQUAL(app_try_spin(4), WDN_TRAP_INTERRUPTED);
  return failures != 0;
}
