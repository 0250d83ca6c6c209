/* And those of memories, tables and globals.
 * modules: owner, user
 * wrong: incompatible */
#include "owner.h"
#include "user.h"

int main(void) {
  static owner_t owner;
  static user_t user;
  user_imports_t imports = {0};
  wdn_status_t made = owner_instantiate(&owner, 0, 0, 0);
  imports.owner_memory = owner_memory(&owner);
#ifdef WRONG
  imports.owner_table = owner_memory(&owner);
#else
  imports.owner_table = owner_table(&owner);
#endif
  /* Without its functions, the module is refused when it runs. */
  return made != WDN_DONE || user_instantiate(&user, &imports, 0, 0) != WDN_ERROR_IMPORT;
}
