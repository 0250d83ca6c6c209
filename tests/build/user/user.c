/* Calls the sandboxed module of another package. */
#include "app.h"
#include "wdn_try.h"

uint32_t user_twice(uint32_t x) {
  static app_t app;
  volatile uint32_t result = 0;
  wdn_trap_t trap = WDN_TRAP_UNREACHABLE;
  if (app_instantiate(&app, NULL, NULL, NULL) == WDN_DONE)
    WDN_TRY(trap, &app, result = app_twice(&app, x));
  wdn_destroy(&app);
  return trap == WDN_OK ? result : 0;
}
