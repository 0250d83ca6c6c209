/* What a host sees of a module of which there is one instance. C and C++.
 *
 * The module's variables, its memory included, are variables of the program, so its
 * functions take no instance. The header that is generated for it declares them; this
 * is what all such modules share. Compile src/wdn_one.c, or src/wdn.c, which includes
 * it. Nothing here allocates, and no header of a C library is needed.
 *
 * One thread at a time runs a module. An interrupt handler may write to `interrupt`
 * and `fuel`, and must not call into the module: it is not re-entrant, except from the
 * functions that it imports. */
#ifndef WDN_ONE_H
#define WDN_ONE_H

#include "wdn.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A reference to a function; null has no code. `type` is the number of its type in the
 * module, from 1. */
typedef struct wdn_ref {
  wdn_code_t code;
  uint32_t type;
} wdn_ref_t;

struct wdn_one_entry;

/* The state of a module. Hosts read `trap`, `at` and `exit_code`, and set the members
 * that say so; the others belong to the runtime. */
typedef struct wdn_one {
  uintptr_t stack_limit;       /* with --stack=address: the lowest that its functions may reach */
  uint32_t depth;              /* with --stack=depth: calls that may still begin */
  uint32_t fuel;               /* with --interrupt=fuel: units left; may be set at any time */
  volatile uint32_t interrupt; /* with --interrupt=flag: to be set to 1, and back to 0 */
  struct wdn_one_entry *entry; /* the innermost in progress */
  uint32_t max_stack; /* bytes of stack that an entry may use; may be set between entries */
  uint32_t max_depth; /* what `depth` is when the module is entered; the same */
  uint32_t budget;    /* what `fuel` is when the module is entered; the same */
  uint32_t at;        /* offset of the last trap in the .wasm, or WDN_NO_OFFSET */
  int32_t exit_code;  /* of WDN_TRAP_EXIT and WDN_TRAP_HOST */
  uint8_t trap;       /* how the last entry ended: a wdn_trap_t */
  uint8_t state;      /* a wdn_state_t: it can be entered if it is WDN_READY */
} wdn_one_t;

/* Runs `body(arg)`, which may call the module's functions, and returns WDN_OK or the
 * trap that ended it early. May be nested. A module that trapped must be initialised
 * again, or made WDN_READY by hand. For --trap=longjmp. */
wdn_trap_t wdn_one_try(wdn_one_t *one, void (*body)(void *arg), void *arg);

/* Sets what begins anew with each outermost entry: the limit of the stack, the depth
 * and the fuel. For hosts that enter the module without the above. */
void wdn_one_begin(wdn_one_t *one);

/* For functions that the module calls: end the innermost entry. With --trap=longjmp. */
void wdn_one_trap(wdn_one_t *one, wdn_trap_t code, uint32_t at);
void wdn_one_exit(wdn_one_t *one, int32_t code);
void wdn_one_end(void *one, int32_t code); /* the same, for WASI */

#ifdef __cplusplus
}
#endif

#endif
