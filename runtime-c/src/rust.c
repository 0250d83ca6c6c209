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
  wdn_rs_explain(&((wdn_instance_t *)instance)->store->trap, trap);
}

void wdn_rs_interrupt(void *instance, bool stop) {
  wdn_interrupt(((wdn_instance_t *)instance)->store, stop);
}

void wdn_rs_unresolved(void *instance) {
  wdn_trap(instance, WDN_TRAP_UNRESOLVED_IMPORT, WDN_NO_OFFSET);
}

void wdn_rs_configure(const wdn_rs_limits_t *limits, void *host, wdn_config_t *config) {
  config->store = NULL;
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
