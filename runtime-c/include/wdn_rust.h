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

/* What the crate calls. */
void wdn_rs_last_trap(void *instance, wdn_rs_trap_t *trap);
void wdn_rs_interrupt(void *instance, bool stop);

/* What generated code calls. */
void wdn_rs_unresolved(void *instance); /* traps */
void wdn_rs_configure(const wdn_rs_limits_t *limits, void *host, wdn_config_t *config);
/* What `error` says, or if a function that initialises the instance made `trap`, the
 * instance's last; then the instance is destroyed. */
wdn_status_t wdn_rs_finish(void *instance, wdn_status_t status, wdn_trap_t trap,
                           const wdn_error_t *error, wdn_rs_error_t *explained);

/* Rust's functions for the imports: its state begins with a pointer to them. */
static inline void *wdn_rs_host(void *instance) {
  return ((wdn_instance_t *)instance)->host;
}
static inline const void *wdn_rs_functions(const void *host) {
  return *(const void *const *)host;
}

#endif
