// A host in C++: the public headers compile, and traps arrive.
#include "wdn.h"
#include "wdn_try.h"

#include "check.h"

#include <cstring>

namespace {

struct Add {
  wdn_instance_t wdn;
  uint32_t calls;
};

extern "C" uint32_t add(void *self, uint32_t x, uint32_t y) {
  Add *instance = static_cast<Add *>(self);
  instance->calls++;
  if (x == 0)
    wdn_trap_host(self, 3);
  return x + y;
}

extern "C" void invoke(wdn_code_t code, void *instance, const wdn_value_t *args,
                       wdn_value_t *results) {
  typedef uint32_t (*Function)(void *, uint32_t, uint32_t);
  results[0].i32 = reinterpret_cast<Function>(code)(instance, args[0].i32, args[1].i32);
}

const wdn_valtype_t types[] = {WDN_I32, WDN_I32, WDN_I32};
const wdn_functype_t type = {2, 1, types, invoke};

} // namespace

int main() {
  const wdn_export_t exported = {{"add", 3}, WDN_FUNC, &type, reinterpret_cast<wdn_code_t>(add),
                                 0,          false};
  wdn_module_t module = wdn_module_t();
  module.abi = WDN_ABI;
  module.size = sizeof(module);
  module.name = "add";
  module.instance_size = sizeof(Add);
  module.exports = &exported;
  module.export_count = 1;
  module.function_count = 1;

  Add instance;
  EXPECT_EQUAL(wdn_instantiate(&module, &instance, nullptr, nullptr, nullptr), WDN_DONE);
  volatile uint32_t sum = 0;
  wdn_trap_t outcome;
  WDN_TRY(outcome, &instance, sum = add(&instance, 2, 3));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(sum, 5);

  wdn_extern_t found;
  EXPECT(wdn_export(&instance, "add", 3, &found));
  wdn_value_t args[2], results[1];
  args[0].i32 = 40;
  args[1].i32 = 2;
  EXPECT_EQUAL(wdn_call(&instance, &found.func, args, results), WDN_OK);
  EXPECT_EQUAL(results[0].i32, 42);
  args[0].i32 = 0;
  EXPECT_EQUAL(wdn_call(&instance, &found.func, args, results), WDN_TRAP_HOST);
  EXPECT_EQUAL(instance.wdn.store->trap.exit_code, 3);
  EXPECT_EQUAL(instance.calls, 3);
  EXPECT(std::strcmp(wdn_trap_message(WDN_TRAP_STACK_EXHAUSTED), "call stack exhausted") == 0);

  wdn_memory_t memory;
  const wdn_memorytype_t memory_type = {{1, 1, true}};
  EXPECT(wdn_memory_create(instance.wdn.store, &memory, &memory_type, 0));
  EXPECT(wdn_memory_at(&memory, 65535, 1) != nullptr);
  EXPECT(wdn_memory_at(&memory, 65536, 1) == nullptr);
  wdn_memory_destroy(instance.wdn.store, &memory);
  wdn_destroy(&instance);
  return check_result();
}
