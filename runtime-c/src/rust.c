/* What the Rust half of this crate asks of instances; see wdn_rust.h. Compiled by
 * build.rs next to wdn.c. */
#include "wdn_gen.h"
#include "wdn_rust.h"

static const char *wdn_rs_name(const wdn_module_t *module, uint32_t function) {
  uint32_t low = 0, high = module == NULL ? 0 : module->name_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (module->names[middle].function < function)
      low = middle + 1;
    else
      high = middle;
  }
  return module != NULL && low < module->name_count && module->names[low].function == function
             ? module->names[low].name
             : NULL;
}

static void wdn_rs_explain(const wdn_trap_info_t *info, wdn_rs_trap_t *trap) {
  trap->name = wdn_rs_name(info->module, info->function);
  trap->code = (uint32_t)info->code;
  trap->function = info->function;
  trap->offset = info->offset;
  trap->exit_code = info->exit_code;
}

void wdn_rs_last_trap(void *instance, wdn_rs_trap_t *trap) {
  const wdn_store_t *store = ((const wdn_instance_t *)instance)->store;
  if (store != NULL)
    wdn_rs_explain(&store->trap, trap);
  else
    trap->code = WDN_TRAP_POISONED; /* it was destroyed and could not be made again */
}

size_t wdn_rs_store_size(void) {
  return sizeof(wdn_store_t);
}

void wdn_rs_interrupt(void *store, bool stop) {
  wdn_interrupt(store, stop);
}

void wdn_rs_unresolved(void *instance) {
  wdn_trap(instance, WDN_TRAP_UNRESOLVED_IMPORT, WDN_NO_OFFSET);
}

/* The store is one that outlives the instance: other threads may set its flag. */
void wdn_rs_configure(const wdn_rs_limits_t *limits, void *host, void *store,
                      wdn_config_t *config) {
  ((wdn_store_t *)store)->max_stack = limits->max_stack;
  config->store = store;
  config->max_memory_pages = limits->max_memory_pages;
  config->max_table_size = limits->max_table_size;
  config->max_stack = limits->max_stack;
  config->host = host;
}

wdn_status_t wdn_rs_finish(void *instance, wdn_status_t status, wdn_trap_t trap,
                           const wdn_error_t *error, wdn_rs_error_t *explained) {
  if (status == WDN_DONE && trap != WDN_OK) {
    explained->message = NULL;
    wdn_rs_last_trap(instance, &explained->trap);
    wdn_destroy(instance);
    return WDN_ERROR_TRAP;
  }
  if (status != WDN_DONE) {
    explained->message = error->message;
    explained->import = error->import;
    wdn_rs_explain(&error->trap, &explained->trap);
  }
  return status;
}

/* The same type, as the module's own code names it, if one of its functions that others see has
 * it: then the guest compares pointers when it calls, else what they point to. */
static const wdn_functype_t *wdn_rs_known(const wdn_module_t *module, const wdn_table_t *table,
                                          const wdn_functype_t *type) {
  uint32_t i;
  for (i = 0; i < module->export_count; i++) {
    if (module->exports[i].kind == WDN_FUNC && wdn_functype_equal(module->exports[i].type, type))
      return module->exports[i].type;
  }
  for (i = 0; i < module->import_count; i++) {
    if (module->imports[i].kind == WDN_FUNC && wdn_functype_equal(module->imports[i].type, type))
      return module->imports[i].type;
  }
  for (i = 0; i < table->size; i++) {
    const wdn_func_t *func = &table->funcs[i];
    if (func->code != 0 && wdn_functype_equal(func->type, type))
      return func->type;
  }
  return type;
}

static bool wdn_rs_is(const wdn_functype_t *type, const uint8_t *types, uint32_t params,
                      uint32_t results) {
  uint32_t i;
  if (type->param_count != params || type->result_count != results)
    return false;
  for (i = 0; i < params + results; i++) {
    if (type->types[i] != types[i])
      return false;
  }
  return true;
}

bool wdn_rs_set(const void *instance, wdn_table_t *table, uint32_t index,
                const wdn_rs_callback_t *callbacks, uint32_t count, const uint8_t *types,
                uint32_t params, uint32_t results, wdn_rs_slot_t *slot) {
  static const wdn_func_t none;
  const wdn_module_t *module = ((const wdn_instance_t *)instance)->module;
  uint32_t i;
  if (index >= table->size)
    return false;
  if (slot == NULL) {
    table->funcs[index] = none;
    return true;
  }
  for (i = 0; i < count; i++) {
    if (wdn_rs_is(&callbacks[i].type, types, params, results)) {
      wdn_func_t func;
      func.code = callbacks[i].code;
      func.type = wdn_rs_known(module, table, &callbacks[i].type);
      func.instance = slot;
      table->funcs[index] = func;
      return true;
    }
  }
  return false;
}

void wdn_rs_call(wdn_rs_slot_t *slot, uint64_t *values) {
  wdn_instance_t *instance = slot->instance;
  wdn_store_t *store = instance->store;
  uint32_t status;
  store->in_guest = 0;
  status = slot->call(instance->host, slot, values);
  store->in_guest = 1;
  if (status != 0)
    wdn_trap_host(instance, 1);
}
