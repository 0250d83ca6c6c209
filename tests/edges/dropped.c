/* Runs every function of dropped.wat with addresses inside and outside. A trap
 * that is lost, comes too late or is another shows here, except where a `~` and
 * the way the module was translated allow that. */
#include "canary.h"
#include "dropped.h"
#include "edges.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static dropped_t guest;
static uint32_t checks;
static const char *name;
static uint32_t calls; /* of the host */

static void reached(void *context) {
  (void)context;
  calls++;
}

/* A function that hangs is the last that is tried. */
static void give_up(int signal) {
  (void)signal;
  fail("%s: hangs", name);
  (void)finish(checks);
  (void)fflush(stdout);
  _exit(1);
}

static bool is_lax(void) {
  bool optimized = strstr(dropped_module.options, "optimize=yes") != NULL;
  return dropped_module.guard && name[0] == '~' && (optimized || name[1] == '~');
}

static void check(const wdn_func_t *func, uint32_t address) {
  bool inside = (uint64_t)address + 4 <= guest.m0.size;
  wdn_trap_t wanted = inside ? WDN_OK : WDN_TRAP_MEMORY_OUT_OF_BOUNDS, trap;
  wdn_value_t arg, result;
  memset(guest.m0.data, 0, guest.m0.size);
  arg.i32 = address;
  result.i32 = 0;
  calls = 0;
  if (!inside && is_lax() && strstr(name, "endless") != NULL)
    return; /* there would be no end to it */
  (void)alarm(5);
  trap = wdn_call(&guest, func, &arg, &result);
  checks++;
  wdn_unpoison(&guest);
  if (!inside && is_lax())
    return;
  if (trap != wanted)
    fail("%s, %" PRIx32 ": %s", name, address, wdn_trap_message(trap));
  else if (inside && result.i32 != 1)
    fail("%s, %" PRIx32 ": gave %" PRIu32, name, address, result.i32);
  else if (!inside && calls != 0)
    fail("%s, %" PRIx32 ": the host was called before the trap", name, address);
}

int main(void) {
  static const uint32_t addresses[] = {0, 65536, 65568, 0x80000000u, 0xfffffffcu};
  void *room = canary_make_room();
  dropped_imports_t imports = {0, reached};
  wdn_status_t status = dropped_instantiate(&guest, &imports, NULL, NULL);
  wdn_extern_t found;
  uint32_t i;
  size_t j;
  canary_make_room_done(room);
  (void)signal(SIGALRM, give_up);
  if (status != WDN_DONE || !canary_plant(&guest.m0)) {
    fail("no instance among canaries");
    return finish(checks);
  }
  for (i = 0; i < dropped_module.export_count; i++) {
    if (dropped_module.exports[i].kind != WDN_FUNC)
      continue;
    name = dropped_module.exports[i].name.bytes;
    wdn_export_at(&guest, i, &found);
    for (j = 0; j < sizeof(addresses) / sizeof(addresses[0]); j++)
      check(&found.func, addresses[j]);
    if (!canary_intact())
      fail("%s: a canary was written to", name);
  }
  canary_clear();
  wdn_destroy(&guest);
  return finish(checks);
}
