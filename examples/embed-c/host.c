/* A host: gives numbers to a sandboxed module and calls it, also with a lie. */
#include "guest.h"
#include "wdn_try.h"

#include <stdio.h>

/* Imported by the guest. The context is whatever the imports struct says. */
static void report(void *context, uint32_t sum) {
  ++*(int *)context;
  printf("so far %u\n", (unsigned)sum);
}

/* Writes a number into guest memory, which is little-endian everywhere. */
static void put(guest_t *guest, uint32_t address, uint32_t value) {
  uint8_t *bytes = wdn_memory_at(guest_memory(guest), address, 4);
  for (int i = 0; bytes != NULL && i < 4; i++)
    bytes[i] = (uint8_t)(value >> 8 * i);
}

int main(void) {
  static guest_t guest; /* everything that the guest can change */
  int reports = 0;
  guest_imports_t imports = {.host = &reports, .host_report = report};
  wdn_error_t error;
  if (guest_instantiate(&guest, &imports, NULL, &error) != WDN_DONE) {
    fprintf(stderr, "cannot make an instance: %s\n", error.message);
    return 1;
  }
  for (uint32_t i = 0; i < 3; i++)
    put(&guest, 4 * i, 10 + i);

  volatile uint32_t sum = 0;
  wdn_trap_t trap;
  WDN_TRY(trap, &guest, sum = guest_sum(&guest, 0, 3));
  printf("%s, the sum is %u\n", trap == WDN_OK ? "ok" : wdn_trap_message(trap), (unsigned)sum);

  WDN_TRY(trap, &guest, sum = guest_sum(&guest, 65532, 2));
  printf("%s\n", wdn_trap_message(trap));

  wdn_destroy(&guest);
  return reports == 4 && trap == WDN_TRAP_MEMORY_OUT_OF_BOUNDS ? 0 : 1;
}
