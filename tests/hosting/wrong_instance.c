/* One module's instance is no other's.
 * modules: owner, user
 * wrong: incompatible */
#include "owner.h"
#include "user.h"

int main(void) {
  static owner_t owner;
#ifdef WRONG
  return user_instantiate(&owner, 0, 0, 0) != WDN_DONE;
#else
  return owner_instantiate(&owner, 0, 0, 0) != WDN_DONE;
#endif
}
