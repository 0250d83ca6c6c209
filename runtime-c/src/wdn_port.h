/* What the runtime needs from a platform: one file of port/ defines all of it.
 *
 * The functions are static, because wdn.c includes its port. A port allocates
 * nothing that it is not asked for, prints nothing, and ends the process only
 * in wdn_port_abort. A new platform is a new file and a line in wdn.c. */
#ifndef WDN_PORT_H
#define WDN_PORT_H

#include "wdn_gen.h"
#include "wdn_try.h"

/* All that the runtime takes from a C library. */
#if __STDC_HOSTED__
#include <string.h>
#else
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
#endif

/* ---- Address space ---------------------------------------------------------------- */

/* Does reserved memory cost nothing until it is committed, and fault until then? */
static bool wdn_port_is_virtual(void);

/* Reserves a multiple of WDN_PAGE_SIZE bytes, aligned to at least 16. NULL if the
 * system refuses. Where memory is not virtual, it is usable and zero at once, and
 * aligned for any type. */
static u8 *wdn_port_reserve(size_t size);

/* Makes part of a reservation readable, writable and zero. False if the system
 * refuses, and nothing has changed. `start` and `size` are multiples of a page. */
static bool wdn_port_commit(u8 *start, size_t size);

/* Gives a whole reservation back. */
static void wdn_port_release(u8 *start, size_t size);

/* `count` zeroed objects of `size` bytes; NULL if there is no room or their size
 * is no size_t. */
static void *wdn_port_allocate(size_t count, size_t size);
static void wdn_port_free(void *allocation);

/* ---- Threads ------------------------------------------------------------------------ */

/* The store whose entry is the thread's innermost, or NULL. */
static wdn_store_t *wdn_port_store(void);

/* Replaces it and gives the one before. On the path of every entry. */
static wdn_store_t *wdn_port_switch_store(wdn_store_t *store);

/* The lowest address of the thread's stack, or 0 if the port cannot tell or
 * `frame` is on another stack, as in a coroutine. On the path of every outermost
 * entry: ports remember what is slow to find out. */
static uintptr_t wdn_port_stack_low(uintptr_t frame);

/* Jumps back to WDN_SETJMP(buffer). */
WDN_NORETURN static void wdn_port_jump(wdn_jump_t buffer);

/* Ends the process without a word. */
WDN_NORETURN static void wdn_port_abort(void);

/* ---- Faults --------------------------------------------------------------------------- */

/* From now on, every access of inaccessible memory calls wdn_fault, on the thread
 * that made it, and has its usual effect if that returns. Once per process, from
 * any thread. False where that is impossible. */
static bool wdn_port_catch_faults(void);

/* Called by the port, possibly in a signal handler: ends the innermost entry of
 * `store`, the thread's, if the fault is the guest's; returns if it is not. */
static void wdn_fault(wdn_store_t *store, const void *address, uintptr_t pc);

/* Would that end an entry? For ports that must know before they leave their handler. */
static bool wdn_is_guest_fault(const wdn_store_t *store, const void *address);

/* The linker's name of the function that `pc` is in, NUL-terminated. False if it
 * cannot be found out or is longer. May be slow. */
static bool wdn_port_symbol(uintptr_t pc, char *name, size_t size);

#endif
