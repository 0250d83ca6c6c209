/* Which function a fault was in.
 *
 * A fault in a guarded memory comes with a program counter only. The generated
 * functions are named after their index, and the linker's symbols know where
 * each begins. */
#include "wdn_port.h"

/* The index in a name such as "app_f12_strlen" or "app_f12.part.0". */
static u32 wdn_function_of_symbol(const wdn_module_t *module, const char *name) {
  const char *prefix;
  u64 index = 0;
  for (prefix = module->name; *prefix != 0; prefix++, name++) {
    if (*name != *prefix)
      return WDN_NO_FUNCTION;
  }
  if (name[0] != '_' || name[1] != 'f')
    return WDN_NO_FUNCTION;
  name += 2;
  if (*name < '0' || *name > '9')
    return WDN_NO_FUNCTION;
  while (*name >= '0' && *name <= '9' && index < module->function_count)
    index = index * 10 + (u64)(*name++ - '0');
  if ((*name != 0 && *name != '_' && *name != '.') || index >= module->function_count)
    return WDN_NO_FUNCTION;
  return (u32)index;
}

bool wdn_trap_locate(void *self) {
  wdn_instance_t *instance = self;
  wdn_trap_info_t *info;
  char name[256];
  u32 function;
  if (instance->module == NULL)
    return false;
  info = &instance->store->trap;
  if (info->function != WDN_NO_FUNCTION)
    return true;
  if (info->pc == 0 || !wdn_port_symbol(info->pc, name, sizeof(name)))
    return false;
  function = wdn_function_of_symbol(instance->module, name);
  if (function == WDN_NO_FUNCTION)
    return false;
  info->module = instance->module;
  info->function = function;
  return true;
}
