/* Imports and exports: what may be bound to what, by the specification's rules
 * of import matching, and where an instance keeps it. */
#include "wdn_port.h"

static const char WDN_UNKNOWN_IMPORT[] = "unknown import";
static const char WDN_INCOMPATIBLE_IMPORT[] = "incompatible import type";
static const char WDN_FOREIGN_IMPORT[] = "import belongs to another store";
static const char WDN_UNGUARDED_IMPORT[] = "imported memory is not guarded";

bool wdn_functype_equal(const wdn_functype_t *a, const wdn_functype_t *b) {
  if (a == b)
    return true;
  if (a == NULL || b == NULL || a->param_count != b->param_count ||
      a->result_count != b->result_count)
    return false;
  /* No types, no array of them: memcmp may not be given NULL. */
  size_t count = (size_t)a->param_count + a->result_count;
  return count == 0 || memcmp(a->types, b->types, count) == 0;
}

/* May something of `size` now and `actual` by its type be used as `wanted`? */
static bool wdn_limits_match(u64 size, const wdn_limits_t *actual, const wdn_limits_t *wanted) {
  if (size < wanted->min)
    return false;
  return !wanted->has_max || (actual->has_max && actual->max <= wanted->max);
}

/* Each wdn_bind_* checks one import and stores it at `slot`: NULL, or why not. */
static const char *wdn_bind_func(const wdn_instance_t *instance, const wdn_extern_t *given,
                                 const wdn_functype_t *type, wdn_import_func_t *slot) {
  if (!wdn_functype_equal(given->func.type, type))
    return WDN_INCOMPATIBLE_IMPORT;
  if (given->is_guest && ((const wdn_instance_t *)given->func.instance)->store != instance->store)
    return WDN_FOREIGN_IMPORT;
  slot->code = given->func.code;
  slot->instance = given->func.instance;
  slot->in_guest = given->is_guest;
  return NULL;
}

static const char *wdn_bind_table(wdn_table_t *table, const wdn_tabletype_t *type,
                                  wdn_table_t **slot) {
  if (table->type.element != type->element ||
      !wdn_limits_match(table->size, &table->type.limits, &type->limits))
    return WDN_INCOMPATIBLE_IMPORT;
  *slot = table;
  return NULL;
}

/* A fault is only taken for the guest's in a memory that its store knows. */
static bool wdn_store_has(const wdn_store_t *store, const wdn_memory_t *memory) {
  const wdn_memory_t *known;
  for (known = store->memories; known != NULL; known = known->next) {
    if (known == memory)
      return true;
  }
  return false;
}

static const char *wdn_bind_memory(const wdn_instance_t *instance, wdn_memory_t *memory,
                                   const wdn_memorytype_t *type, wdn_memory_t **slot) {
  if (!wdn_limits_match(memory->size / WDN_PAGE_SIZE, &memory->limits, &type->limits))
    return WDN_INCOMPATIBLE_IMPORT;
  if (instance->module->guard && !memory->guarded)
    return WDN_UNGUARDED_IMPORT;
  if (!wdn_store_has(instance->store, memory))
    return WDN_FOREIGN_IMPORT;
  *slot = memory;
  return NULL;
}

static const char *wdn_bind_global(const wdn_extern_t *given, const wdn_globaltype_t *type,
                                   void **slot) {
  if (given->global_type.value != type->value || given->global_type.is_mutable != type->is_mutable)
    return WDN_INCOMPATIBLE_IMPORT;
  *slot = given->global;
  return NULL;
}

static bool wdn_is_missing(const wdn_extern_t *given) {
  switch (given->kind) {
  case WDN_FUNC:
    return given->func.code == 0;
  case WDN_TABLE:
    return given->table == NULL;
  case WDN_MEMORY:
    return given->memory == NULL;
  case WDN_GLOBAL:
    return given->global == NULL;
  }
  return true;
}

static const char *wdn_bind(wdn_instance_t *instance, const wdn_import_t *import,
                            const wdn_extern_t *given) {
  void *slot = (u8 *)instance + import->slot;
  if (given == NULL || wdn_is_missing(given))
    return WDN_UNKNOWN_IMPORT;
  if (given->kind != import->kind)
    return WDN_INCOMPATIBLE_IMPORT;
  switch (import->kind) {
  case WDN_FUNC:
    return wdn_bind_func(instance, given, import->type, slot);
  case WDN_TABLE:
    return wdn_bind_table(given->table, import->type, slot);
  case WDN_MEMORY:
    return wdn_bind_memory(instance, given->memory, import->type, slot);
  case WDN_GLOBAL:
    return wdn_bind_global(given, import->type, slot);
  }
  return WDN_INCOMPATIBLE_IMPORT;
}

/* Binds all imports; false and `error` filled in at the first that does not fit. */
static bool wdn_bind_imports(wdn_instance_t *instance, const wdn_extern_t *given,
                             wdn_error_t *error) {
  const wdn_module_t *module = instance->module;
  u32 i;
  for (i = 0; i < module->import_count; i++) {
    const char *problem = wdn_bind(instance, &module->imports[i], given != NULL ? &given[i] : NULL);
    if (problem != NULL) {
      error->status = WDN_ERROR_IMPORT;
      error->import = i;
      error->message = problem;
      return false;
    }
  }
  return true;
}

static wdn_func_t wdn_exported_func(wdn_instance_t *instance, const wdn_export_t *export,
                                    bool *is_guest) {
  wdn_func_t func;
  func.type = export->type;
  if (export->imported) {
    const wdn_import_func_t *import = (const void *)((u8 *)instance + export->slot);
    func.code = import->code;
    func.instance = import->instance;
    *is_guest = import->in_guest != 0;
  } else {
    func.code = export->code;
    func.instance = instance;
    *is_guest = true;
  }
  return func;
}

void wdn_export_at(void *self, uint32_t index, wdn_extern_t *found) {
  wdn_instance_t *instance = self;
  const wdn_export_t *export;
  void *slot;
  memset(found, 0, sizeof(*found));
  if (instance->module == NULL || index >= instance->module->export_count)
    return;
  export = &instance->module->exports[index];
  slot = (u8 *)instance + export->slot;
  found->kind = export->kind;
  switch (export->kind) {
  case WDN_FUNC:
    found->func = wdn_exported_func(instance, export, &found->is_guest);
    break;
  case WDN_TABLE:
    found->table = export->imported ? *(wdn_table_t **)slot : slot;
    break;
  case WDN_MEMORY:
    found->memory = export->imported ? *(wdn_memory_t **)slot : slot;
    break;
  case WDN_GLOBAL:
    found->global = export->imported ? *(void **)slot : slot;
    found->global_type = *(const wdn_globaltype_t *)export->type;
    break;
  }
}

bool wdn_export(void *self, const char *name, size_t name_size, wdn_extern_t *found) {
  const wdn_module_t *module = ((wdn_instance_t *)self)->module;
  u32 i;
  memset(found, 0, sizeof(*found));
  for (i = 0; module != NULL && i < module->export_count; i++) {
    const wdn_name_t *candidate = &module->exports[i].name;
    if (candidate->size == name_size && memcmp(candidate->bytes, name, name_size) == 0) {
      wdn_export_at(self, i, found);
      return true;
    }
  }
  return false;
}
