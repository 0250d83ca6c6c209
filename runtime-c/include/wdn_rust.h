/* Between generated bindings for Rust and the crate wardian-rt, whose half is
 * src/raw.rs. Rust knows no layout of wdn.h, only the structs of this file. The
 * functions are in src/rust.c, which only programs in Rust have.
 *
 * A panic or a trap never passes through a frame of the other language: calls into
 * the guest return a trap's number, functions of the host return other than 0 if the
 * guest is to stop, and C does what follows. */
#ifndef WDN_RUST_H
#define WDN_RUST_H

#include "wdn_try.h"

typedef struct wdn_rs_limits {
  uint64_t max_memory_pages;
  uint64_t max_stack;
  uint32_t max_table_size;
} wdn_rs_limits_t;

typedef struct wdn_rs_trap {
  const char *name; /* of the function, or NULL */
  uint32_t code;
  uint32_t function;
  uint32_t offset;
  int32_t exit_code;
} wdn_rs_trap_t;

typedef struct wdn_rs_error {
  const char *message; /* or NULL */
  wdn_rs_trap_t trap;
  uint32_t import;
} wdn_rs_error_t;

/* A function of the host in a table. It is called with its arguments, and leaves its
 * results: integers zero-extended, floats as their bits. */
typedef struct wdn_rs_slot {
  void *instance;
  uint32_t (*call)(void *host, struct wdn_rs_slot *slot, uint64_t *values);
} wdn_rs_slot_t;

/* What C has for functions of one type. */
typedef struct wdn_rs_callback {
  wdn_functype_t type;
  wdn_code_t code; /* called with a slot */
} wdn_rs_callback_t;

/* What the crate calls. */
size_t wdn_rs_store_size(void);
void wdn_rs_last_trap(void *instance, wdn_rs_trap_t *trap);
void wdn_rs_interrupt(void *store, bool stop);

/* What generated code calls. */
void wdn_rs_unresolved(void *instance); /* traps */
void wdn_rs_configure(const wdn_rs_limits_t *limits, void *host, void *store, wdn_config_t *config);
/* What `error` says, or if a function that initialises the instance made `trap`, the
 * instance's last; then the instance is destroyed. */
wdn_status_t wdn_rs_finish(void *instance, wdn_status_t status, wdn_trap_t trap,
                           const wdn_error_t *error, wdn_rs_error_t *explained);

/* Puts a function of the host into a table, or nothing if `slot` is NULL. `types` are
 * those of parameters, then results. False if none of the callbacks has them. */
bool wdn_rs_set(const void *instance, wdn_table_t *table, uint32_t index,
                const wdn_rs_callback_t *callbacks, uint32_t count, const uint8_t *types,
                uint32_t params, uint32_t results, wdn_rs_slot_t *slot);
/* Runs a function of the host; traps if it says so. */
void wdn_rs_call(wdn_rs_slot_t *slot, uint64_t *values);

/* Entering a guest whose traps end the program, which nothing has to catch: only the
 * stack's limit is needed. False if the instance cannot be called. wdn_rs_leave takes what
 * `outer` was set to. */
uintptr_t wdn_rs_stack_limit(const wdn_store_t *store);
typedef struct wdn_rs_entry {
  uintptr_t stack_limit;
  uint32_t in_guest;
} wdn_rs_entry_t;
static inline bool wdn_rs_enter(void *instance, wdn_rs_entry_t *outer) {
  wdn_store_t *store = ((wdn_instance_t *)instance)->store;
  if (((wdn_instance_t *)instance)->state != WDN_READY)
    return false;
  outer->stack_limit = store->stack_limit;
  outer->in_guest = store->in_guest;
  if (outer->stack_limit == UINTPTR_MAX) /* no entry is in progress */
    store->stack_limit = wdn_rs_stack_limit(store);
  store->in_guest = 1;
  return true;
}
static inline void wdn_rs_leave(void *instance, const wdn_rs_entry_t *outer) {
  wdn_store_t *store = ((wdn_instance_t *)instance)->store;
  store->stack_limit = outer->stack_limit;
  store->in_guest = outer->in_guest;
}

static inline uint64_t wdn_rs_from_f32(float x) {
  union {
    float f;
    uint32_t u;
  } bits;
  bits.f = x;
  return bits.u;
}
static inline uint64_t wdn_rs_from_f64(double x) {
  union {
    double f;
    uint64_t u;
  } bits;
  bits.f = x;
  return bits.u;
}
static inline float wdn_rs_to_f32(uint64_t x) {
  union {
    uint32_t u;
    float f;
  } bits;
  bits.u = (uint32_t)x;
  return bits.f;
}
static inline double wdn_rs_to_f64(uint64_t x) {
  union {
    uint64_t u;
    double f;
  } bits;
  bits.u = x;
  return bits.f;
}

/* Rust's functions for the imports: its state begins with a pointer to them. */
static inline void *wdn_rs_host(void *instance) {
  return ((wdn_instance_t *)instance)->host;
}
static inline const void *wdn_rs_functions(const void *host) {
  return *(const void *const *)host;
}

#endif
