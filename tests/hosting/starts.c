/* Instances that fail while they are made: the host learns why, and nothing stays
 * behind, except what others may hold by now. Watched by the leak sanitizer.
 * modules: starts */
#include "check.h"
#include "starts.h"
#include "wdn_try.h"

#include <string.h>

enum { FINE, UNREACHABLE, EXHAUSTED, OUT_OF_BOUNDS, STOPPED_BY_HOST };

static starts_t starts;
static wdn_table_t table;
static wdn_error_t error;
static uint32_t notes, how;

static void note(void *context) {
  EXPECT(context == &notes);
  if (++notes == 2 && how == STOPPED_BY_HOST)
    wdn_trap_host(&starts, -5);
}

static wdn_status_t make(uint32_t where, wdn_store_t *store) {
  starts_imports_t imports;
  wdn_config_t config = {0};
  memset(&imports, 0, sizeof(imports));
  imports.env = &notes;
  imports.env_how = &how;
  imports.env_where = &where;
  imports.env_table = &table;
  imports.env_note = note;
  config.store = store;
  notes = 0;
  return starts_instantiate(&starts, &imports, &config, &error);
}

static void expect_failure(uint32_t what, wdn_trap_t trap) {
  how = what;
  EXPECT_EQUAL(make(8, NULL), WDN_ERROR_TRAP);
  EXPECT_EQUAL(error.status, WDN_ERROR_TRAP);
  EXPECT_EQUAL(error.trap.code, trap);
  EXPECT(strcmp(error.message, wdn_trap_message(trap)) == 0);
  EXPECT(notes >= 1);
  EXPECT(starts.m0.data == NULL && starts.t1.externs == NULL);
  EXPECT_EQUAL(starts.wdn.state, WDN_EMPTY);
  wdn_destroy(&starts);
}

/* The instance is poisoned, and stays because the table may hold its functions. */
static void fail_in_shared_store(void) {
  static wdn_store_t store;
  wdn_value_t value;
  how = UNREACHABLE;
  EXPECT_EQUAL(make(8, &store), WDN_ERROR_TRAP);
  EXPECT_EQUAL(starts.wdn.state, WDN_POISONED);
  EXPECT(table.funcs[0].instance == &starts);
  EXPECT_EQUAL(wdn_call(&starts, &table.funcs[0], NULL, &value), WDN_TRAP_POISONED);
  wdn_unpoison(&starts);
  EXPECT_EQUAL(wdn_call(&starts, &table.funcs[0], NULL, &value), WDN_OK);
  EXPECT_EQUAL(value.i32, 42);
  wdn_destroy(&starts);
  EXPECT(store.memories == NULL && store.entry == NULL && store.in_guest == 0);
}

int main(void) {
  wdn_tabletype_t type = {{1, 0, false}, WDN_FUNCREF};
  int round;
  EXPECT(wdn_table_create(&table, &type, 0));
  for (round = 0; round < 3; round++) {
    expect_failure(UNREACHABLE, WDN_TRAP_UNREACHABLE);
    expect_failure(EXHAUSTED, WDN_TRAP_STACK_EXHAUSTED);
    expect_failure(OUT_OF_BOUNDS, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
    expect_failure(STOPPED_BY_HOST, WDN_TRAP_HOST);
    EXPECT_EQUAL(error.trap.exit_code, -5);

    /* A segment that does not fit: its place is in no function. */
    EXPECT_EQUAL(make(0xfffffff0u, NULL), WDN_ERROR_TRAP);
    EXPECT_EQUAL(error.trap.code, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
    EXPECT_EQUAL(error.trap.function, WDN_NO_FUNCTION);
    EXPECT(error.trap.offset != WDN_NO_OFFSET);
    EXPECT_EQUAL(notes, 0);

    how = FINE;
    EXPECT_EQUAL(make(8, NULL), WDN_DONE);
    EXPECT(memcmp(starts_memory(&starts)->data + 8, "some data", 9) == 0);
    EXPECT_EQUAL(starts.m0.size, 3 * 65536);
    wdn_destroy(&starts);
  }
  fail_in_shared_store();
  wdn_table_destroy(&table);
  return check_result();
}
