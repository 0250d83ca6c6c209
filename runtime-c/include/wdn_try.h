/* Entering guest code without a body function, for hosts written in C:
 *
 *   uint32_t sum = 0;
 *   wdn_trap_t trap;
 *   WDN_TRY(trap, &app, sum = app_add(&app, 1, 2));
 *   if (trap != WDN_OK) ...
 *
 * Variables that the call changes and that are read after a trap must be
 * volatile, as with any setjmp. */
#ifndef WDN_TRY_H
#define WDN_TRY_H

#include "wdn.h"
#include "wdn_jump.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One entry in progress, on the stack of the function that made it. */
typedef struct wdn_entry {
  wdn_jump_t buffer;
  struct wdn_entry *outer;
  void *instance;
  wdn_store_t *thread_store; /* that the thread was in before */
  uintptr_t outer_limit;
  uint32_t outer_in_guest;
} wdn_entry_t;

/* Begins an entry. WDN_OK, or WDN_TRAP_POISONED and no entry was made. */
wdn_trap_t wdn_enter(void *instance, wdn_entry_t *entry);
/* Ends it, after a return (WDN_OK) or a trap (the store's). */
void wdn_leave(wdn_entry_t *entry);

#define WDN_TRY(outcome, self, call)                                                               \
  do {                                                                                             \
    wdn_entry_t wdn_entry_;                                                                        \
    if (wdn_enter((self), &wdn_entry_) != WDN_OK) {                                                \
      (outcome) = WDN_TRAP_POISONED;                                                               \
    } else {                                                                                       \
      if (WDN_SETJMP(wdn_entry_.buffer) == 0) {                                                    \
        call;                                                                                      \
        (outcome) = WDN_OK;                                                                        \
      } else {                                                                                     \
        (outcome) = ((wdn_instance_t *)wdn_entry_.instance)->store->trap.code;                     \
      }                                                                                            \
      wdn_leave(&wdn_entry_);                                                                      \
    }                                                                                              \
  } while (0)

#ifdef __cplusplus
}
#endif

#endif
