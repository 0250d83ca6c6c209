/* Calls the sandbox: a trap ends here. */
#include "app.h"
#include "wdn_try.h"

const char *shim_call(uint32_t (*function)(void *, uint32_t), uint32_t argument, uint32_t *result) {
  static app_t app;
  volatile uint32_t value = 0;
  wdn_trap_t trap;
  if (app.wdn.state == WDN_EMPTY && app_instantiate(&app, NULL, NULL, NULL) != WDN_DONE)
    return "cannot be instantiated";
  WDN_TRY(trap, &app, value = function(&app, argument));
  *result = value;
  return trap == WDN_OK ? NULL : wdn_trap_message(trap);
}
