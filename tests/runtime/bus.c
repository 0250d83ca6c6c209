/* Some systems report a fault as SIGBUS, and some mappings do on all of them.
 *
 * not on: 32-bit (has no guarded memories), qemu (s390x: no address), windows (no SIGBUS) */
#include "child.h"

#include "check.h"
#include "toy.h"

#include <sys/mman.h>

static toy_t toy;
static u8 *place;

/* A page of a file that is too short for it, behind the memory. */
static void map_missing_page(void) {
  FILE *empty = tmpfile();
  place = toy.m0.data + toy.m0.size + 65536;
  EXPECT(empty != NULL);
  EXPECT(mmap(place, 65536, PROT_READ, MAP_PRIVATE | MAP_FIXED, fileno(empty), 0) == place);
  fclose(empty);
}

static void read_outside(void) {
  static volatile u8 seen;
  seen = *(volatile u8 *)place;
}

int main(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  u32 address = 2 * 65536 + 4;
  EXPECT_EQUAL(toy_make(&toy, &toy_guard, toy_double, NULL, NULL), WDN_DONE);
  map_missing_page();
  WDN_TRY(outcome, &toy, sink = toy_load(&toy, address));
  EXPECT_EQUAL(outcome, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  EXPECT_EQUAL(toy.wdn.store->trap.address & ~(u64)3, address);
  wdn_unpoison(&toy);
  WDN_TRY(outcome, &toy, sink = toy_load(&toy, 0));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(sink, 0x04030201);
  EXPECT_EQUAL(child_signal(read_outside), SIGBUS);
  wdn_destroy(&toy);
  return check_result();
}
