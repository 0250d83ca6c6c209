/* with: -UWDN_BARE_ARENA -DWDN_NO_SETJMP
 *
 * A firmware that gives the runtime its memory, and that a trap leaves for good. */
#include "board.h"

#include "app.h"
#include "wdn_try.h"

static uint64_t room[40000];
static size_t used;
static int allocations;

void *wdn_bare_allocate(size_t size) {
  void *start = room + used;
  size_t words = (size + 7) / 8;
  if (words > sizeof room / sizeof *room - used)
    return NULL;
  used += words;
  allocations++;
  return start;
}

/* All at once, once nothing is in use. */
void wdn_bare_free(void *allocation, size_t size) {
  (void)allocation;
  (void)size;
  if (--allocations == 0)
    used = 0;
}

void wdn_bare_trapped(wdn_store_t *store) {
  board_print("trapped: ");
  board_print(wdn_trap_message(store->trap.code));
  board_print("\n");
  board_exit(50);
}

static app_t app;

static void say(const char *what, uint32_t number) {
  board_print(what);
  board_print_number(number);
  board_print("\n");
}

int main(void) {
  uint32_t pages = 0;
  wdn_trap_t trap;
  int i;
  for (i = 0; i < 3; i++) {
    if (app_instantiate(&app, NULL, NULL, NULL) != WDN_DONE)
      return 1;
    WDN_TRY(trap, &app, pages = app_grow(&app));
    say("grown from ", pages);
    /* There is no room for three pages and the two that they are copied from. */
    WDN_TRY(trap, &app, pages = app_grow(&app));
    say("and then from ", pages);
    say("trap ", trap);
    wdn_destroy(&app);
    say("left: ", (uint32_t)allocations);
  }
  if (app_instantiate(&app, NULL, NULL, NULL) != WDN_DONE)
    return 1;
  WDN_TRY(trap, &app, app_fail(&app));
  board_print("it came back\n");
  return 2;
}
