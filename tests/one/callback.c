/* Traps that call the host, which goes on by means of its own.
 * module: bounded
 * options: --trap=callback --interrupt=fuel:50 --stack=depth:20 */
#include "app.h"
#include "check.h"

#include <setjmp.h>

static jmp_buf back;
static volatile int trapped;

void app_trapped(wdn_trap_t code, uint32_t at) {
  CHECK_EQUAL(app_one.trap, code);
  CHECK_EQUAL(app_one.at, at);
  CHECK_EQUAL(app_one.state, WDN_POISONED);
  trapped = (int)code;
  longjmp(back, 1);
}

uint32_t app_env_more(void) {
  return 5;
}

int main(void) {
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_ask(), 5);
  wdn_one_begin(&app_one);
  if (setjmp(back) == 0) {
    app_forever();
    failed("came back", __FILE__, __LINE__);
  }
  CHECK_EQUAL(trapped, WDN_TRAP_INTERRUPTED);
  wdn_one_begin(&app_one);
  if (setjmp(back) == 0) {
    (void)app_down(30);
    failed("came back", __FILE__, __LINE__);
  }
  CHECK_EQUAL(trapped, WDN_TRAP_STACK_EXHAUSTED);
  wdn_one_begin(&app_one);
  CHECK_EQUAL(app_down(3), 3);
  return failures != 0;
}
