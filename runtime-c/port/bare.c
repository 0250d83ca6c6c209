/* No operating system: microcontrollers, kernels, boot loaders.
 *
 * Takes mem* from the C library or the compiler's, and nothing else. Memory comes
 * from an array in here, or from the host; there are no threads and no faults.
 * What a firmware decides, it decides with macros when it compiles wdn.c:
 *
 *   WDN_BARE_ARENA=N     memories and tables come from a static array of N bytes;
 *                        if not defined, from wdn_bare_allocate and wdn_bare_free
 *   WDN_BARE_STACK=name  the linker's symbol for the lowest address of the stack;
 *                        if not defined, wdn_config_t.max_stack is what counts
 *   WDN_BARE_RESERVE=N   bytes of that stack left to the host, to interrupts and to
 *                        leaf functions of the guest; 1024 if not defined
 *   WDN_NO_SETJMP        traps end in wdn_bare_trapped rather than where the guest
 *                        was entered (for all files that include wdn_try.h) */
#include "../src/wdn_port.h"

#ifndef WDN_BARE_RESERVE
#define WDN_BARE_RESERVE 1024u
#endif
#define WDN_STACK_RESERVE ((uintptr_t)(WDN_BARE_RESERVE))
#define WDN_STACK_RESERVE_LARGE WDN_STACK_RESERVE
#define WDN_STACK_UNKNOWN 1024u

/* ---- Memory --------------------------------------------------------------------------- */

static bool wdn_port_is_virtual(void) {
  return false;
}

#if defined(WDN_BARE_ARENA)

/* The array is cut into blocks, each with a header and a multiple of its size of
 * room. The first block with enough room is used, and cut if it has more. */
typedef struct wdn_block {
  size_t units; /* of the header's size, without the header */
  bool used;
  u64 aligned[1]; /* nothing: makes the header's size a multiple of 8 */
} wdn_block_t;

#define WDN_UNIT sizeof(wdn_block_t)
#define WDN_ARENA_UNITS ((size_t)(WDN_BARE_ARENA) / WDN_UNIT)

static wdn_block_t wdn_arena[WDN_ARENA_UNITS];

static wdn_block_t *wdn_block_after(wdn_block_t *block) {
  return block + 1 + block->units;
}

/* Joins the block with the free ones after it. */
static void wdn_block_join(wdn_block_t *block) {
  wdn_block_t *next = wdn_block_after(block);
  while (next < wdn_arena + WDN_ARENA_UNITS && !next->used) {
    block->units += 1 + next->units;
    next = wdn_block_after(block);
  }
}

static void *wdn_arena_allocate(size_t size) {
  size_t units = size / WDN_UNIT + (size % WDN_UNIT != 0);
  wdn_block_t *block = wdn_arena;
  if (block->units == 0 && !block->used) /* the first time */
    block->units = WDN_ARENA_UNITS - 1;
  for (; block < wdn_arena + WDN_ARENA_UNITS; block = wdn_block_after(block)) {
    if (block->used)
      continue;
    wdn_block_join(block);
    if (block->units < units)
      continue;
    if (block->units > units) {
      size_t rest = block->units - units - 1;
      block->units = units;
      wdn_block_after(block)->units = rest;
      wdn_block_after(block)->used = false;
    }
    block->used = true;
    return block + 1;
  }
  return NULL;
}

static void wdn_arena_free(void *allocation, size_t size) {
  (void)size;
  ((wdn_block_t *)allocation - 1)->used = false;
}

#define WDN_BARE_ALLOCATE(size) wdn_arena_allocate(size)
#define WDN_BARE_FREE(allocation, size) wdn_arena_free(allocation, size)

#else

/* The host's. `size` bytes, aligned for any type, with any contents; or NULL. */
void *wdn_bare_allocate(size_t size);
/* `size` is that of the allocation, or 0 for the elements of a table. */
void wdn_bare_free(void *allocation, size_t size);

#define WDN_BARE_ALLOCATE(size) wdn_bare_allocate(size)
#define WDN_BARE_FREE(allocation, size) wdn_bare_free(allocation, size)

#endif

static u8 *wdn_port_reserve(size_t size) {
  u8 *start = WDN_BARE_ALLOCATE(size != 0 ? size : 1);
  if (start != NULL && size != 0)
    memset(start, 0, size);
  return start;
}

/* All of a reservation is usable and zero already. */
static bool wdn_port_commit(u8 *start, size_t size) {
  (void)start;
  (void)size;
  return true;
}

static void wdn_port_release(u8 *start, size_t size) {
  WDN_BARE_FREE(start, size != 0 ? size : 1);
}

static void *wdn_port_allocate(size_t count, size_t size) {
  return count <= SIZE_MAX / size ? wdn_port_reserve(count * size) : NULL;
}

static void wdn_port_free(void *allocation) {
  if (allocation != NULL)
    WDN_BARE_FREE(allocation, 0);
}

/* ---- The one thread --------------------------------------------------------------------- */

static wdn_store_t *wdn_current_store;

static wdn_store_t *wdn_port_store(void) {
  return wdn_current_store;
}

static wdn_store_t *wdn_port_switch_store(wdn_store_t *store) {
  wdn_store_t *before = wdn_current_store;
  wdn_current_store = store;
  return before;
}

/* Entries on another stack than the one named, as a task of a scheduler has it, are
 * limited by max_stack. */
static uintptr_t wdn_port_stack_low(uintptr_t frame) {
#if defined(WDN_BARE_STACK)
  extern char WDN_BARE_STACK[];
  return frame > (uintptr_t)WDN_BARE_STACK ? (uintptr_t)WDN_BARE_STACK : 0;
#else
  (void)frame;
  return 0;
#endif
}

static void wdn_port_abort(void) {
  for (;;) {
    /* for the watchdog */
  }
}

#if defined(WDN_NO_SETJMP)
/* The host's, and must not return: it resets the machine, or jumps by means of its
 * own after it has called wdn_leave for its entry. */
void wdn_bare_trapped(wdn_store_t *store);
#endif

static void wdn_port_jump(wdn_jump_t buffer) {
#if defined(WDN_NO_SETJMP)
  (void)buffer;
  wdn_bare_trapped(wdn_current_store);
  wdn_port_abort();
#elif __STDC_HOSTED__ || defined(WDN_HAVE_SETJMP)
  WDN_LONGJMP(buffer);
#else
  __builtin_longjmp(buffer, 1);
#endif
}

/* ---- Faults ------------------------------------------------------------------------------- */

/* A bad access is the host's own: memories are checked, never guarded. */
static bool wdn_port_catch_faults(void) {
  return false;
}

static bool wdn_port_symbol(uintptr_t pc, char *name, size_t size) {
  (void)pc;
  (void)name;
  (void)size;
  return false;
}
