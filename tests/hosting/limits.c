/* The host's limits on memories and tables, and the system's: growth is refused,
 * and so is an instance that would be too large; nothing crashes.
 * modules: guest
 * not on: san (its own reservations exceed any limit), qemu (does not apply limits) */
#include "child.h"

#include "check.h"
#include "guest.h"
#include "wdn_try.h"

static guest_t guest;
static wdn_error_t error;

static uint32_t ask(void *context, uint32_t value) {
  (void)context;
  return value;
}

static wdn_status_t make(const wdn_config_t *config) {
  guest_imports_t imports = {0, 0};
  imports.env_ask = ask;
  return guest_instantiate(&guest, &imports, config, &error);
}

static uint32_t grow(uint32_t delta) {
  volatile uint32_t old = 0;
  wdn_trap_t trap;
  WDN_TRY(trap, &guest, old = guest_grow(&guest, delta));
  EXPECT_EQUAL(trap, WDN_OK);
  return old;
}

static uint32_t grow_table(uint32_t delta) {
  volatile uint32_t old = 0;
  wdn_trap_t trap;
  WDN_TRY(trap, &guest, old = guest_grow_table(&guest, delta));
  EXPECT_EQUAL(trap, WDN_OK);
  return old;
}

static void check_own_limits(void) {
  EXPECT_EQUAL(make(NULL), WDN_DONE);
  EXPECT_EQUAL(grow(4), UINT32_MAX);
  EXPECT_EQUAL(grow(UINT32_MAX), UINT32_MAX);
  EXPECT_EQUAL(grow(3), 1);
  EXPECT_EQUAL(grow(0), 4);
  EXPECT_EQUAL(grow(1), UINT32_MAX);
  EXPECT_EQUAL(guest.m0.size, 4 * 65536);
  EXPECT_EQUAL(guest.m0.data[4 * 65536 - 1], 0);
  EXPECT_EQUAL(grow_table(5), UINT32_MAX);
  EXPECT_EQUAL(grow_table(4), 4);
  wdn_destroy(&guest);
}

static void check_host_limits(void) {
  wdn_config_t config = {0};
  config.max_memory_pages = 2;
  config.max_table_size = 5;
  EXPECT_EQUAL(make(&config), WDN_DONE);
  EXPECT_EQUAL(grow(2), UINT32_MAX);
  EXPECT_EQUAL(grow(1), 1);
  EXPECT_EQUAL(grow(1), UINT32_MAX);
  EXPECT_EQUAL(grow_table(2), UINT32_MAX);
  EXPECT_EQUAL(grow_table(1), 4);
  wdn_destroy(&guest);

  config.max_table_size = 3; /* it has 4 */
  EXPECT_EQUAL(make(&config), WDN_ERROR_MEMORY);
  EXPECT_EQUAL(error.status, WDN_ERROR_MEMORY);
  EXPECT(error.message != NULL);
  wdn_destroy(&guest);
}

/* The system gives no more memory: `memory.grow` says so. */
static void no_more_data(void) {
  struct rlimit limit;
  EXPECT_EQUAL(make(NULL), WDN_DONE);
  EXPECT_EQUAL(getrlimit(RLIMIT_DATA, &limit), 0);
  limit.rlim_cur = 100000;
  EXPECT_EQUAL(setrlimit(RLIMIT_DATA, &limit), 0);
  EXPECT_EQUAL(grow(3), UINT32_MAX);
  EXPECT_EQUAL(guest.m0.size, 65536);
  EXPECT_EQUAL(grow(0), 1);
  _exit(check_failures != 0);
}

/* Or not even address space. */
static void no_more_addresses(void) {
  struct rlimit limit;
  EXPECT_EQUAL(getrlimit(RLIMIT_AS, &limit), 0);
  limit.rlim_cur = 1;
  EXPECT_EQUAL(setrlimit(RLIMIT_AS, &limit), 0);
  EXPECT_EQUAL(make(NULL), WDN_ERROR_MEMORY);
  EXPECT(guest.m0.data == NULL);
  wdn_destroy(&guest);
  limit.rlim_cur = limit.rlim_max;
  EXPECT_EQUAL(setrlimit(RLIMIT_AS, &limit), 0);
  EXPECT_EQUAL(make(NULL), WDN_DONE);
  _exit(check_failures != 0);
}

int main(void) {
  check_own_limits();
  check_host_limits();
  EXPECT_EQUAL(child_exit(no_more_data), 0);
  EXPECT_EQUAL(child_exit(no_more_addresses), 0);
  return check_result();
}
