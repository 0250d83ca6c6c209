/* Making and unmaking instances.
 *
 * An instance is one struct, so making it is: zero it, bind the imports, create
 * the memories and tables that the descriptor lists, run the generated
 * initialiser. Whatever fails, what was made before is given back. */
#include "wdn_port.h"

static wdn_status_t wdn_fail(wdn_error_t *error, wdn_status_t status, const char *message) {
  error->status = status;
  error->message = message;
  return status;
}

/* Zeroes the instance and gives it its store. */
static void wdn_open(wdn_instance_t *instance, const wdn_module_t *module,
                     const wdn_config_t *config) {
  memset(instance, 0, module->instance_size);
  instance->module = module;
  instance->host = config->host;
  instance->store = config->store != NULL ? config->store : &instance->own_store;
  if (config->store == NULL)
    instance->own_store.max_stack = config->max_stack;
  if (instance->store->entry == NULL)
    instance->store->stack_limit = UINTPTR_MAX; /* no code may run outside an entry */
}

/* Creates what the module defines; NULL, or what could not be. */
static const char *wdn_create_definitions(wdn_instance_t *instance, const wdn_config_t *config) {
  const wdn_module_t *module = instance->module;
  u32 i;
  for (i = 0; i < module->memory_count; i++) {
    wdn_memory_t *memory = (void *)((u8 *)instance + module->memories[i].slot);
    if (!wdn_memory_make(instance->store, memory, module->memories[i].type,
                         config->max_memory_pages, module->guard))
      return "cannot create a memory";
  }
  for (i = 0; i < module->table_count; i++) {
    wdn_table_t *table = (void *)((u8 *)instance + module->tables[i].slot);
    if (!wdn_table_create(table, module->tables[i].type, config->max_table_size))
      return "cannot create a table";
  }
  return NULL;
}

/* The instance counts as empty until its segments are in place: see wdn_trap. */
static void wdn_initialize(void *self) {
  wdn_instance_t *instance = self;
  if (instance->module->init != 0)
    instance->module->init(self);
  instance->state = WDN_READY;
  if (instance->module->start != 0)
    instance->module->start(self);
}

static wdn_trap_t wdn_run_initializer(wdn_instance_t *instance) {
  wdn_entry_t entry;
  wdn_trap_t trap;
  wdn_begin(instance, &entry);
  if (WDN_SETJMP(entry.buffer) == 0) {
    wdn_initialize(entry.instance);
    trap = WDN_OK;
  } else {
    trap = ((wdn_instance_t *)entry.instance)->store->trap.code;
  }
  wdn_leave(&entry);
  return trap;
}

wdn_status_t wdn_instantiate(const wdn_module_t *module, void *self, const wdn_extern_t *imports,
                             const wdn_config_t *config, wdn_error_t *error) {
  static const wdn_config_t defaults;
  wdn_error_t unwanted;
  wdn_instance_t *instance = self;
  const char *problem;
  if (config == NULL)
    config = &defaults;
  if (error == NULL)
    error = &unwanted;
  memset(error, 0, sizeof(*error));
  if (module->abi != WDN_ABI || module->size != sizeof(*module) ||
      module->instance_size < sizeof(*instance))
    return wdn_fail(error, WDN_ERROR_ABI, "translated for another version of the runtime");

  wdn_open(instance, module, config);
  if (!wdn_bind_imports(instance, imports, error)) {
    wdn_destroy(instance);
    return WDN_ERROR_IMPORT;
  }
  problem = wdn_create_definitions(instance, config);
  if (problem != NULL) {
    wdn_destroy(instance);
    return wdn_fail(error, WDN_ERROR_MEMORY, problem);
  }
  if (wdn_run_initializer(instance) != WDN_OK) {
    error->trap = instance->store->trap;
    /* In a shared store others may hold its functions by now: in a table, in a
     * global. They must find it alive. */
    if (config->store == NULL)
      wdn_destroy(instance);
    return wdn_fail(error, WDN_ERROR_TRAP, wdn_trap_message(error->trap.code));
  }
  return WDN_DONE;
}

void wdn_destroy(void *self) {
  wdn_instance_t *instance = self;
  const wdn_module_t *module = instance->module;
  u32 i;
  if (module == NULL)
    return;
  for (i = 0; i < module->memory_count; i++)
    wdn_memory_destroy(instance->store, (void *)((u8 *)self + module->memories[i].slot));
  for (i = 0; i < module->table_count; i++)
    wdn_table_destroy((void *)((u8 *)self + module->tables[i].slot));
  memset(self, 0, module->instance_size);
}

void wdn_unpoison(void *self) {
  wdn_instance_t *instance = self;
  if (instance->state == WDN_POISONED)
    instance->state = WDN_READY;
}
