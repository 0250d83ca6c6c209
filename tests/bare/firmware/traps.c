/* A firmware that outlives its guest: each of the guest's mistakes ends in a message,
 * and the guest can be called again. */
#include "board.h"

#include "app.h"
#include "wdn_try.h"

static app_t app;

static void report(void *context, uint32_t number) {
  (void)context;
  board_print("the guest says ");
  board_print_number(number);
  board_print("\n");
}

/* Of the host's: goes back to the guest, which may fail under it. */
static uint32_t again(void *context, uint32_t depth) {
  volatile uint32_t result = 0;
  wdn_trap_t trap;
  (void)context;
  WDN_TRY(trap, &app, result = app_nest(&app, depth));
  if (trap == WDN_OK)
    return result;
  wdn_unpoison(&app);
  return 1000 + trap;
}

static void attempt(const char *name, void (*body)(void *arg)) {
  wdn_trap_t trap = wdn_try(&app, body, NULL);
  board_print(name);
  board_print(": ");
  board_print(wdn_trap_message(trap));
  if (trap != WDN_OK && app.wdn.store->trap.function != WDN_NO_FUNCTION) {
    board_print(" in function ");
    board_print_number(app.wdn.store->trap.function);
  }
  board_print("\n");
  if (trap != WDN_OK && wdn_try(&app, body, NULL) != WDN_TRAP_POISONED)
    board_print("but it could go on\n");
  wdn_unpoison(&app);
}

#define BODY(name, ...)                                                                            \
  static void name(void *arg) {                                                                    \
    (void)arg;                                                                                     \
    __VA_ARGS__;                                                                                   \
  }
BODY(work, report(NULL, app_work(&app, 10)))
BODY(load, app_load(&app, 65533))
BODY(store, app_store(&app, 0xffffffffu))
BODY(divide, app_divide(&app, 0))
BODY(call, app_call(&app, 1))
BODY(call_none, app_call(&app, 2))
BODY(call_outside, app_call(&app, 0x80000000u))
BODY(endless, app_endless(&app))
BODY(convert, app_convert(&app, 1e30))
BODY(nested, report(NULL, app_nest(&app, 3)))
BODY(nested_wrong, report(NULL, app_nest(&app, 100)))
BODY(grow, report(NULL, app_grow(&app, 1)))
BODY(grow_more, report(NULL, app_grow(&app, 10000)))

int main(void) {
  static app_imports_t imports;
  wdn_error_t error;
  imports.host_again = again;
  if (app_instantiate(&app, &imports, NULL, &error) != WDN_DONE) {
    board_print(error.message);
    return 1;
  }
  attempt("work", work);
  attempt("load", load);
  attempt("store", store);
  attempt("divide", divide);
  attempt("call", call);
  attempt("call of nothing", call_none);
  attempt("call outside", call_outside);
  attempt("endless", endless);
  attempt("convert", convert);
  attempt("nested", nested);
  attempt("nested, wrong", nested_wrong);
  attempt("grow", grow);
  attempt("grow more", grow_more);
  attempt("work", work);
  wdn_destroy(&app);
  if (app_instantiate(&app, &imports, NULL, &error) != WDN_DONE)
    board_print("its memory was lost\n");
  attempt("work anew", work);
  return 42;
}
