/* The C compiler checks the types of functions that a module imports.
 * modules: guest
 * wrong: incompatible */
#include "guest.h"

#ifdef WRONG
static uint64_t ask(void *context, uint32_t value) {
#else
static uint32_t ask(void *context, uint32_t value) {
#endif
  (void)context;
  return value;
}

int main(void) {
  static guest_t guest;
  guest_imports_t imports;
  imports.env = 0;
  imports.env_ask = ask;
  return guest_instantiate(&guest, &imports, 0, 0) != WDN_DONE;
}
