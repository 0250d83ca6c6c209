/* Instantiation: its order, its limits, and what failures leave behind. */
#include "check.h"
#include "toy.h"

#include <string.h>

static toy_t toy;
static wdn_module_t module;
static wdn_extern_t import;
static int steps;

static void prepare(void) {
  module = toy_bounds;
  import.kind = WDN_FUNC;
  import.func.code = (wdn_code_t)toy_double;
  import.func.type = &toy_type_1;
  memset(&toy, 0xa5, sizeof(toy));
}

static void check_version(void) {
  wdn_error_t error;
  prepare();
  module.abi = WDN_ABI + 1;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, NULL, &error), WDN_ERROR_ABI);
  EXPECT(error.message != NULL);
  prepare();
  module.size -= 8;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, NULL, NULL), WDN_ERROR_ABI);
  prepare();
  module.instance_size = 1;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, NULL, NULL), WDN_ERROR_ABI);
}

static void check_limits(void) {
  static const wdn_memorytype_t huge = {{WDN_MAX_PAGES + 1, 65536, true}},
                                largest = {{WDN_MAX_PAGES, 65536, true}};
  wdn_definition_t memory = {&huge, offsetof(toy_t, m0)};
  wdn_config_t config = {0};
  wdn_error_t error;
  prepare();
  module.memories = &memory;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, NULL, &error), WDN_ERROR_MEMORY);
  EXPECT(strcmp(error.message, "cannot create a memory") == 0);
  EXPECT(toy.wdn.store == NULL && toy.m0.reserved == NULL);
  memory.type = &largest;
  config.max_memory_pages = WDN_MAX_PAGES - 1;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, &config, NULL), WDN_ERROR_MEMORY);

  prepare();
  config.max_memory_pages = 0;
  config.max_table_size = 4;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, &config, &error), WDN_ERROR_MEMORY);
  EXPECT(strcmp(error.message, "cannot create a table") == 0);
  EXPECT(toy.m0.reserved == NULL);
  config.max_table_size = 6;
  config.max_memory_pages = 2;
  config.host = &config;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, &config, NULL), WDN_DONE);
  EXPECT(toy.wdn.host == &config && toy.wdn.module == &module);
  EXPECT_EQUAL(toy.t0.max_size, 6);
  EXPECT_EQUAL(toy.m0.max_size, 2 * WDN_PAGE_SIZE);
  EXPECT_EQUAL(toy.g0, 42);
  wdn_destroy(&toy);
  EXPECT(toy.wdn.module == NULL && toy.m0.data == NULL && toy.t0.funcs == NULL);
  wdn_destroy(&toy);
}

static void start(void *self) {
  toy_t *instance = self;
  EXPECT_EQUAL(instance->g0, 42);
  EXPECT_EQUAL(instance->wdn.state, WDN_READY);
  EXPECT_EQUAL(instance->wdn.store->in_guest, 1);
  EXPECT_EQUAL(toy_load(self, 0), 0x04030201);
  steps++;
}
static void start_traps(void *self) {
  (void)toy_divide(self, 1, 0);
}
static void start_exits(void *self) {
  wdn_exit(self, 9);
}
static void init_traps(void *self) {
  toy_t *instance = self;
  toy_init(self);
  memory_init(self, &instance->m0, "x", 1, 65536, 0, 1, TOY_INDIRECT + 50);
}

static void check_start(void) {
  wdn_error_t error;
  prepare();
  module.start = start;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, NULL, &error), WDN_DONE);
  EXPECT_EQUAL(steps, 1);
  EXPECT_EQUAL(toy.wdn.state, WDN_READY);
  EXPECT(toy.wdn.store->entry == NULL);
  wdn_destroy(&toy);

  module.start = start_traps;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, NULL, &error), WDN_ERROR_TRAP);
  EXPECT_EQUAL(error.trap.code, WDN_TRAP_DIVISION_BY_ZERO);
  EXPECT_EQUAL(error.trap.function, 2);
  EXPECT(strcmp(error.message, "integer divide by zero") == 0);
  EXPECT(toy.wdn.module == NULL && toy.m0.reserved == NULL && toy.t0.funcs == NULL);

  module.start = start_exits;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, NULL, &error), WDN_ERROR_TRAP);
  EXPECT_EQUAL(error.trap.code, WDN_TRAP_EXIT);
  EXPECT_EQUAL(error.trap.exit_code, 9);

  module.start = NULL;
  module.init = init_traps;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, NULL, &error), WDN_ERROR_TRAP);
  EXPECT_EQUAL(error.trap.code, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  EXPECT_EQUAL(error.trap.function, WDN_NO_FUNCTION); /* a segment, though after the code */
  EXPECT_EQUAL(error.trap.offset, TOY_INDIRECT + 50);
  EXPECT(toy.wdn.module == NULL);
}

static wdn_table_t *shared_table;

static void leak_and_trap(void *self) {
  static const wdn_element_t element = {(wdn_code_t)toy_load, &toy_type_1};
  toy_init(self);
  table_init(self, shared_table, &element, 1, 4, 0, 1, 0);
  wdn_trap(self, WDN_TRAP_UNREACHABLE, 0);
}

/* In a shared store, a function of the failed instance may still be called. */
static void check_survivor(void) {
  toy_t other;
  wdn_config_t config = {0};
  wdn_error_t error;
  wdn_trap_t outcome;
  volatile u32 result = 0;
  prepare();
  EXPECT_EQUAL(wdn_instantiate(&toy_bounds, &other, &import, NULL, NULL), WDN_DONE);
  config.store = other.wdn.store;
  shared_table = &other.t0;
  module.init = leak_and_trap;
  EXPECT_EQUAL(wdn_instantiate(&module, &toy, &import, &config, &error), WDN_ERROR_TRAP);
  EXPECT_EQUAL(error.trap.code, WDN_TRAP_UNREACHABLE);
  EXPECT_EQUAL(toy.wdn.state, WDN_POISONED);
  EXPECT_EQUAL(other.wdn.state, WDN_READY);
  WDN_TRY(outcome, &other, result = toy_indirect(&other, 4, 0));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(result, 0x04030201);
  wdn_destroy(&toy);
  wdn_destroy(&other);
}

/* A host function makes an instance while another runs. */
static u32 make_another(void *context, u32 x) {
  toy_t another;
  wdn_config_t config = {0};
  u32 result;
  config.store = context;
  EXPECT_EQUAL(toy_make(&another, &toy_bounds, toy_double, NULL, &config), WDN_DONE);
  result = another.g0 + x;
  wdn_destroy(&another);
  return result;
}

static void check_nested(void) {
  wdn_trap_t outcome;
  volatile u32 result = 0;
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, make_another, NULL, NULL), WDN_DONE);
  WDN_TRY(outcome, &toy, result = toy_call(&toy, 1));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(result, 44);
  toy.f0.instance = toy.wdn.store;
  WDN_TRY(outcome, &toy, result = toy_call(&toy, 2));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(result, 45);
  EXPECT(toy.wdn.store->memories == &toy.m0 && toy.m0.next == NULL);
  wdn_destroy(&toy);
}

int main(void) {
  check_version();
  check_limits();
  check_start();
  check_survivor();
  check_nested();
  return check_result();
}
