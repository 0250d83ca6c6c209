/* A module that checks its bounds may use a guarded memory; one that relies on
 * guards is refused a memory that has none.
 * modules: owner (guard), user (bounds), user2=user (guard), owner2=owner (bounds)
 * not on: 32-bit (has no guarded memories) */
#include "check.h"
#include "owner.h"
#include "owner2.h"
#include "user.h"
#include "user2.h"
#include "wdn_try.h"

#include <string.h>

static wdn_store_t store;
static volatile uint32_t result;
static owner_t owner;
static owner2_t owner2;
static user_t user;
static user2_t user2;

/* Binds with the typed struct, where one is used to; functions of another module
 * would be called like the host's, so these come from the host. */
static uint32_t half(void *context, uint32_t value) {
  (void)context;
  return value / 2;
}

static wdn_status_t make_user(wdn_memory_t *memory, wdn_table_t *table, wdn_error_t *error) {
  static uint32_t shared = 1;
  static uint64_t fixed = 2;
  user_imports_t imports;
  wdn_config_t config = {0};
  memset(&imports, 0, sizeof(imports));
  imports.owner_memory = memory;
  imports.owner_table = table;
  imports.owner_shared = &shared;
  imports.owner_fixed = &fixed;
  imports.owner_half = half;
  imports.owner_load = half;
  config.store = &store;
  return user_instantiate(&user, &imports, &config, error);
}

static wdn_status_t make_user2(wdn_memory_t *memory, wdn_table_t *table, wdn_error_t *error) {
  static uint32_t shared = 1;
  static uint64_t fixed = 2;
  user2_imports_t imports;
  wdn_config_t config = {0};
  memset(&imports, 0, sizeof(imports));
  imports.owner_memory = memory;
  imports.owner_table = table;
  imports.owner_shared = &shared;
  imports.owner_fixed = &fixed;
  imports.owner_half = half;
  imports.owner_load = half;
  config.store = &store;
  return user2_instantiate(&user2, &imports, &config, error);
}

int main(void) {
  wdn_config_t config = {0};
  wdn_memory_t own;
  wdn_memorytype_t type = {{1, 2, true}};
  wdn_error_t error;
  wdn_trap_t trap;
  config.store = &store;
  EXPECT_EQUAL(owner_instantiate(&owner, NULL, &config, NULL), WDN_DONE);
  EXPECT_EQUAL(owner2_instantiate(&owner2, NULL, &config, NULL), WDN_DONE);
  EXPECT(owner.m0.guarded);
  EXPECT(!owner2.m0.guarded);

  EXPECT_EQUAL(make_user2(&owner2.m0, &owner.t0, &error), WDN_ERROR_IMPORT);
  EXPECT_EQUAL(error.import, 0);
  EXPECT(strcmp(error.message, "imported memory is not guarded") == 0);
  EXPECT_EQUAL(make_user2(&owner.m0, &owner.t0, &error), WDN_DONE);
  WDN_TRY(trap, &user2, result = user2_load(&user2, 65533));
  EXPECT_EQUAL(trap, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  EXPECT(store.trap.pc != 0); /* by a fault */
  wdn_destroy(&user2);

  EXPECT_EQUAL(make_user(&owner.m0, &owner.t0, &error), WDN_DONE);
  WDN_TRY(trap, &user, result = user_load(&user, 65533));
  EXPECT_EQUAL(trap, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  EXPECT(store.trap.pc == 0 && store.trap.module == &user_module); /* by a check */
  wdn_unpoison(&user);
  WDN_TRY(trap, &user, result = user_load(&user, 100));
  EXPECT_EQUAL(trap, WDN_OK);
  EXPECT(memcmp(owner.m0.data + 100, "user", 4) == 0);
  wdn_destroy(&user);

  /* A memory of the host's own is guarded where that is possible. */
  EXPECT(wdn_memory_create(&store, &own, &type, 0));
  EXPECT(own.guarded);
  EXPECT_EQUAL(make_user2(&own, &owner.t0, &error), WDN_DONE);
  WDN_TRY(trap, &user2, result = user2_load(&user2, 0xffffffffu));
  EXPECT_EQUAL(trap, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  wdn_destroy(&user2);
  wdn_memory_destroy(&store, &own);
  wdn_destroy(&owner);
  wdn_destroy(&owner2);
  return check_result();
}
