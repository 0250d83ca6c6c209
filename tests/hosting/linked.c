/* Two modules in one store: what one does to the memory, the table and the globals
 * that they share, the other sees; and each is told of its own traps only.
 * modules: owner, user */
#include "check.h"
#include "owner.h"
#include "user.h"
#include "wdn_try.h"

#include <string.h>

static wdn_store_t store;
static owner_t owner;
static user_t user;

static bool find(void *instance, const char *name, wdn_extern_t *found) {
  return wdn_export(instance, name, strlen(name), found);
}

/* Binds by descriptor: the order of the imports is the module's. */
static wdn_status_t make_user(wdn_store_t *shared, wdn_error_t *error) {
  static const char *const names[] = {"memory", "table", "shared", "fixed", "half", "load"};
  wdn_extern_t imports[6];
  wdn_config_t config = {0};
  uint32_t i;
  config.store = shared;
  for (i = 0; i < 6; i++)
    EXPECT(find(&owner, names[i], &imports[i]));
  return wdn_instantiate(&user_module, &user, imports, &config, error);
}

#define CALL(instance, code, call)                                                                 \
  do {                                                                                             \
    wdn_trap_t trap_;                                                                              \
    WDN_TRY(trap_, instance, call);                                                                \
    EXPECT_EQUAL(trap_, code);                                                                     \
  } while (0)

static void share_memory(void) {
  volatile uint32_t result = 0;
  EXPECT(memcmp(owner.m0.data + 100, "user", 4) == 0);
  CALL(&user, WDN_OK, user_store(&user, 8, 1234));
  CALL(&owner, WDN_OK, result = owner_load(&owner, 8));
  EXPECT_EQUAL(result, 1234);
  CALL(&owner, WDN_OK, owner_store(&owner, 8, 4321));
  CALL(&user, WDN_OK, result = user_load(&user, 8));
  EXPECT_EQUAL(result, 4321);

  CALL(&owner, WDN_OK, result = owner_grow(&owner, 1));
  EXPECT_EQUAL(result, 1);
  CALL(&user, WDN_OK, result = user_size(&user));
  EXPECT_EQUAL(result, 2);
  CALL(&user, WDN_OK, user_store(&user, 131068, 5));
  CALL(&owner, WDN_OK, result = owner_load(&owner, 131068));
  EXPECT_EQUAL(result, 5);
}

static void share_table(void) {
  volatile uint32_t result = 0;
  CALL(&owner, WDN_OK, result = owner_call(&owner, 0, 10));
  EXPECT_EQUAL(result, 5);
  CALL(&owner, WDN_OK, result = owner_call(&owner, 1, 131068));
  EXPECT_EQUAL(result, 5);
  CALL(&owner, WDN_OK, result = owner_around(&owner, 2, 1)); /* grows */
  EXPECT_EQUAL(result, 3);
  EXPECT_EQUAL(owner.m0.size, 3 * 65536);
  CALL(&owner, WDN_TRAP_UNINITIALIZED_ELEMENT, result = owner_call(&owner, 3, 0));
  wdn_unpoison(&owner);
}

static void share_globals(void) {
  volatile uint64_t sum = 0;
  *owner_shared(&owner) = 0x10;
  CALL(&user, WDN_OK, sum = user_sum(&user));
  EXPECT_EQUAL(sum, 0x123456789abcdf00u);
}

/* A trap in a function of the other module. */
static void trap_there(void) {
  volatile uint32_t result = 0;
  CALL(&user, WDN_OK, result = user_quarter(&user, 20));
  EXPECT_EQUAL(result, 5);
  CALL(&user, WDN_TRAP_MEMORY_OUT_OF_BOUNDS, result = user_load_there(&user, 0xfffffffcu));
  if (!owner_module.guard)
    EXPECT(store.trap.module == &owner_module);
  EXPECT_EQUAL(user.wdn.state, WDN_POISONED);
  EXPECT(store.entry == NULL && store.in_guest == 0);
  wdn_unpoison(&user);
  wdn_unpoison(&owner);
  CALL(&owner, WDN_TRAP_MEMORY_OUT_OF_BOUNDS, result = owner_call(&owner, 1, 3 * 65536));
  if (!user_module.guard)
    EXPECT(store.trap.module == &user_module);
  wdn_unpoison(&user);
  wdn_unpoison(&owner);
  CALL(&user, WDN_OK, result = user_quarter(&user, 40));
  EXPECT_EQUAL(result, 10);
}

int main(void) {
  wdn_config_t config = {0};
  wdn_error_t error;
  wdn_store_t other;
  config.store = &store;
  EXPECT_EQUAL(owner_instantiate(&owner, NULL, &config, &error), WDN_DONE);

  /* Stores keep to themselves: a fault is only known to be the guest's in its own. */
  memset(&other, 0, sizeof(other));
  EXPECT_EQUAL(make_user(&other, &error), WDN_ERROR_IMPORT);
  EXPECT(strcmp(error.message, "import belongs to another store") == 0);

  EXPECT_EQUAL(make_user(&store, &error), WDN_DONE);
  share_memory();
  share_table();
  share_globals();
  trap_there();
  wdn_destroy(&user);
  wdn_destroy(&owner);
  EXPECT(store.memories == NULL);
  return check_result();
}
