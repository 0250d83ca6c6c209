/* Entering and leaving guest code.
 *
 * Each entry in progress is an object on the stack of the function that made
 * it. It remembers what it replaced: the store's innermost entry and stack limit,
 * and the store that the thread was in. Leaving puts all of it back, so that
 * entries of one store or of several nest in any order. */
#include "wdn_port.h"

/* Left to functions that do not check the stack: the host's, the runtime's and
 * leaf functions of the guest. A port of small machines leaves less. */
#ifndef WDN_STACK_RESERVE
#define WDN_STACK_RESERVE 65536u
#define WDN_STACK_RESERVE_LARGE 131072u
#define WDN_STACK_UNKNOWN 32768u /* may be used of a stack whose end is unknown */
#endif
#define WDN_STACK_LARGE 1048576u

static uintptr_t wdn_stack_limit(const wdn_store_t *store) {
  uintptr_t frame = WDN_FRAME_ADDRESS();
  uintptr_t low = wdn_port_stack_low(frame);
  uintptr_t limit;
  if (low == 0) {
    u64 room = store->max_stack != 0 ? store->max_stack : WDN_STACK_UNKNOWN;
    return room < frame ? frame - (uintptr_t)room : 0;
  }
  limit = low + (frame - low < WDN_STACK_LARGE ? WDN_STACK_RESERVE : WDN_STACK_RESERVE_LARGE);
  if (store->max_stack != 0 && limit < frame && store->max_stack < frame - limit)
    limit = frame - (uintptr_t)store->max_stack;
  return limit;
}

#ifdef WDN_RUST
/* For rust.c: an entry of its own that no trap comes back to. */
uintptr_t wdn_rs_stack_limit(const wdn_store_t *store);
uintptr_t wdn_rs_stack_limit(const wdn_store_t *store) {
  return wdn_stack_limit(store);
}
#endif

/* wdn_enter without looking at the instance's state. */
static void wdn_begin(wdn_instance_t *instance, wdn_entry_t *entry) {
  wdn_store_t *store = instance->store;
  entry->instance = instance;
  entry->outer = store->entry;
  entry->outer_limit = store->stack_limit;
  entry->outer_in_guest = store->in_guest;
  entry->thread_store = wdn_port_switch_store(store);
  if (entry->outer == NULL)
    store->stack_limit = wdn_stack_limit(store);
  store->entry = entry;
  store->in_guest = 1;
}

WDN_COLD static wdn_trap_t wdn_refuse(wdn_instance_t *instance, wdn_trap_t code) {
  wdn_trap_info_t info = {0};
  info.code = code;
  info.module = instance->module;
  info.function = WDN_NO_FUNCTION;
  info.offset = WDN_NO_OFFSET;
  if (instance->store != NULL)
    instance->store->trap = info;
  return code;
}

wdn_trap_t wdn_enter(void *self, wdn_entry_t *entry) {
  wdn_instance_t *instance = self;
  if (WDN_UNLIKELY(instance->state != WDN_READY))
    return wdn_refuse(instance, WDN_TRAP_POISONED);
  wdn_begin(instance, entry);
  return WDN_OK;
}

void wdn_leave(wdn_entry_t *entry) {
  wdn_store_t *store = ((wdn_instance_t *)entry->instance)->store;
  store->entry = entry->outer;
  store->stack_limit = entry->outer_limit;
  store->in_guest = entry->outer_in_guest;
  (void)wdn_port_switch_store(entry->thread_store);
}

wdn_trap_t wdn_try(void *instance, void (*body)(void *arg), void *arg) {
  wdn_trap_t trap;
  WDN_TRY(trap, instance, body(arg));
  return trap;
}

wdn_trap_t wdn_call(void *instance, const wdn_func_t *func, const wdn_value_t *args,
                    wdn_value_t *results) {
  wdn_trap_t trap;
  if (func->code == 0 || func->type->invoke == 0)
    return wdn_refuse(instance, WDN_TRAP_UNINITIALIZED_ELEMENT);
  WDN_TRY(trap, instance, func->type->invoke(func->code, func->instance, args, results));
  return trap;
}
