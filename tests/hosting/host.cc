/* A host in C++: the same headers, with functions of its own as imports.
 * modules: guest */
#include "check.h"
#include "guest.h"
#include "wdn_try.h"

#include <vector>

namespace {

struct Host {
  std::vector<uint32_t> asked;
};

uint32_t ask(void *context, uint32_t value) {
  static_cast<Host *>(context)->asked.push_back(value);
  return value * 3;
}

/* No objects with destructors between the entry and the guest. */
void body(void *instance) {
  auto *guest = static_cast<guest_t *>(instance);
  EXPECT_EQUAL(guest_ask(guest, 14), 42);
  guest_fail(guest);
}

} // namespace

int main() {
  static guest_t guest;
  Host host;
  guest_imports_t imports = {&host, ask};
  EXPECT_EQUAL(guest_instantiate(&guest, &imports, nullptr, nullptr), WDN_DONE);
  EXPECT_EQUAL(wdn_try(&guest, body, &guest), WDN_TRAP_UNREACHABLE);
  EXPECT_EQUAL(host.asked.size(), 1);
  EXPECT_EQUAL(*guest_count(&guest), 101);
  wdn_destroy(&guest);
  return check_result();
}
