/* Traps: why the guest stopped, where, and the way out.
 *
 * A trap records itself in the store, poisons the instance and jumps to the
 * store's innermost entry. There is no way back, so nothing here is fast. */
#include "wdn_port.h"

/* The defined function with the last body at or before `at`. */
static u32 wdn_function_at(const wdn_module_t *module, u32 at) {
  u32 low = 0, high = module->function_count - module->imported_function_count;
  if (module->function_offsets == NULL || at == WDN_NO_OFFSET)
    return WDN_NO_FUNCTION;
  while (low < high) {
    u32 middle = low + (high - low) / 2;
    if (module->function_offsets[middle] <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return low == 0 ? WDN_NO_FUNCTION : module->imported_function_count + low - 1;
}

/* Ends the innermost entry of `store`. Entries of other stores that the thread
 * made since then go with it. */
WDN_NORETURN static void wdn_unwind(wdn_store_t *store) {
  wdn_store_t *inner;
  while ((inner = wdn_port_store()) != store && inner != NULL) {
    ((wdn_instance_t *)inner->entry->instance)->state = WDN_POISONED;
    wdn_leave(inner->entry);
  }
  if (inner == NULL || store->entry == NULL)
    wdn_port_abort(); /* no entry to end on this thread */
  ((wdn_instance_t *)store->entry->instance)->state = WDN_POISONED;
  wdn_port_jump(store->entry->buffer);
}

WDN_NORETURN static void wdn_trap_with(wdn_instance_t *instance, wdn_trap_t code, u32 function,
                                       u32 at, int32_t exit_code) {
  wdn_trap_info_t *info = &instance->store->trap;
  memset(info, 0, sizeof(*info));
  info->code = code;
  info->exit_code = exit_code;
  info->module = instance->module;
  info->function = function;
  info->offset = at;
  instance->state = WDN_POISONED;
  wdn_unwind(instance->store);
}

void wdn_trap(void *self, wdn_trap_t code, u32 at) {
  wdn_instance_t *instance = self;
  /* An empty instance is being initialised: `at` is in a segment, not a function. */
  u32 function =
      instance->state == WDN_EMPTY ? WDN_NO_FUNCTION : wdn_function_at(instance->module, at);
  wdn_trap_with(instance, code, function, at, 0);
}

void wdn_trap_host(void *instance, int32_t code) {
  wdn_trap_with(instance, WDN_TRAP_HOST, WDN_NO_FUNCTION, WDN_NO_OFFSET, code);
}

void wdn_exit(void *instance, int32_t code) {
  wdn_trap_with(instance, WDN_TRAP_EXIT, WDN_NO_FUNCTION, WDN_NO_OFFSET, code);
}

void wdn_interrupt(wdn_store_t *store, bool stop) {
  WDN_STORE_RELAXED(&store->interrupt, stop ? 1u : 0u);
}

void wdn_trunc_failed(void *self, f64 x, u32 at) {
  wdn_trap(self, WDN_UNORDERED(x, x) ? WDN_TRAP_INVALID_CONVERSION : WDN_TRAP_INTEGER_OVERFLOW, at);
}

void wdn_indirect_call_failed(void *self, const wdn_table_t *table, u32 index, u32 at) {
  if (index >= table->size)
    wdn_trap(self, WDN_TRAP_UNDEFINED_ELEMENT, at);
  if (table->funcs[index].code == 0)
    wdn_trap(self, WDN_TRAP_UNINITIALIZED_ELEMENT, at);
  wdn_trap(self, WDN_TRAP_INDIRECT_CALL_TYPE, at);
}

void wdn_const_call_failed(void *self, const wdn_const_element_t *table, u32 size, u32 index,
                           u32 at) {
  if (index >= size)
    wdn_trap(self, WDN_TRAP_UNDEFINED_ELEMENT, at);
  if (table[index].code == 0)
    wdn_trap(self, WDN_TRAP_UNINITIALIZED_ELEMENT, at);
  wdn_trap(self, WDN_TRAP_INDIRECT_CALL_TYPE, at);
}

/* The memory of a fault that is the guest's: one in a guarded memory of its store
 * while it runs. NULL for any other, which is a bug of the host or not for us. */
static const wdn_memory_t *wdn_faulted_memory(const wdn_store_t *store, const void *address) {
  const wdn_memory_t *memory;
  if (!store->in_guest || store->entry == NULL)
    return NULL;
  for (memory = store->memories; memory != NULL; memory = memory->next) {
    if (memory->guarded && (uintptr_t)address - (uintptr_t)memory->reserved < memory->reserved_size)
      return memory;
  }
  return NULL;
}

WDN_UNUSED static bool wdn_is_guest_fault(const wdn_store_t *store, const void *address) {
  return wdn_faulted_memory(store, address) != NULL;
}

static void wdn_fault(wdn_store_t *store, const void *address, uintptr_t pc) {
  const wdn_memory_t *memory = wdn_faulted_memory(store, address);
  wdn_trap_info_t *info = &store->trap;
  if (memory == NULL)
    return;
  memset(info, 0, sizeof(*info));
  info->code = WDN_TRAP_MEMORY_OUT_OF_BOUNDS;
  info->function = WDN_NO_FUNCTION;
  info->offset = WDN_NO_OFFSET;
  info->pc = pc;
  info->address = (uintptr_t)address - (uintptr_t)memory->data;
  wdn_unwind(store);
}
