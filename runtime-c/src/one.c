/* Modules of one instance: entering them, and the way out of a trap.
 *
 * An entry is an object on the stack of wdn_one_try. All that a trap does is to note
 * its cause and to jump there. */
#include "wdn_jump.h"
#include "wdn_one.h"
#define WDN_CC_NO_FLOATS
#include "wdn_cc.h"

/* WDN_BARE_STACK is the linker's symbol for the lowest address of the stack and
 * WDN_BARE_RESERVE what is left of it to interrupts, to functions of the host and to
 * those of the guest that call no others: see port/bare.c. */
#ifndef WDN_BARE_RESERVE
#define WDN_BARE_RESERVE 1024u
#endif
#define WDN_ONE_UNKNOWN (__STDC_HOSTED__ ? 262144u : 1024u) /* where the end is unknown */

typedef struct wdn_one_entry {
  wdn_jump_t buffer;
  struct wdn_one_entry *outer;
  uint32_t depth;
} wdn_one_entry_t;

void wdn_one_begin(wdn_one_t *one) {
  uintptr_t frame = WDN_FRAME_ADDRESS();
  uintptr_t room = one->max_stack;
#if defined(WDN_BARE_STACK)
  extern char WDN_BARE_STACK[];
  uintptr_t low = (uintptr_t)WDN_BARE_STACK + WDN_BARE_RESERVE;
  if (room == 0 && low < frame)
    room = frame - low;
#endif
  if (room == 0)
    room = WDN_ONE_UNKNOWN;
  one->stack_limit = room < frame ? frame - room : 0;
  one->depth = one->max_depth;
  one->fuel = one->budget;
}

wdn_trap_t wdn_one_try(wdn_one_t *one, void (*body)(void *arg), void *arg) {
  wdn_one_entry_t entry;
  if (one->state != WDN_READY)
    return WDN_TRAP_POISONED;
  entry.outer = one->entry;
  if (entry.outer == NULL)
    wdn_one_begin(one);
  entry.depth = one->depth;
  one->entry = &entry;
  if (WDN_SETJMP(entry.buffer) == 0) {
    body(arg);
    one->trap = WDN_OK; /* whatever ended an entry meanwhile */
  }
  one->depth = entry.depth;
  one->entry = entry.outer;
  return (wdn_trap_t)one->trap;
}

/* A jump and its target must not be in one function where compilers build them in. */
WDN_COLD static void wdn_one_jump(wdn_one_entry_t *entry) {
#if defined(WDN_NO_SETJMP)
  (void)entry;
#else
  WDN_LONGJMP(entry->buffer);
#endif
}

void wdn_one_trap(wdn_one_t *one, wdn_trap_t code, uint32_t at) {
  one->trap = (uint8_t)code;
  one->state = WDN_POISONED;
  one->at = at;
  if (one->entry != NULL)
    wdn_one_jump(one->entry);
  for (;;) {
    /* nobody entered the module: for the watchdog */
  }
}

void wdn_one_end(void *one, int32_t code) {
  wdn_one_exit(one, code);
}

void wdn_one_exit(wdn_one_t *one, int32_t code) {
  one->exit_code = code;
  wdn_one_trap(one, WDN_TRAP_EXIT, WDN_NO_OFFSET);
}
