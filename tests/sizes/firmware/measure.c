/* Runs each kernel once and prints its checksum and how many instructions it took. The
 * emulator executes one in a nanosecond, by which the timer ticks every 40. PROGRAM is a
 * header that says how a kernel is called. */
#include "board.h"
#include "kernels.h"

#include PROGRAM /* static void begin(void (*body)(void *)), RUN(kernel, rounds) */

#define NANOSECONDS 40

/* A timer of 32 bits that counts down: its control, value and reload. */
static volatile uint32_t *const timer = (volatile uint32_t *)0x40000000;

static void report(const char *name, uint32_t checksum, uint32_t ticks) {
  board_print(name);
  board_print(" ");
  board_print_number(checksum);
  board_print(" ");
  board_print_number(ticks * NANOSECONDS);
  board_print("\n");
}

#define MEASURE(kernel, rounds)                                                                    \
  do {                                                                                             \
    uint32_t start = timer[1];                                                                     \
    uint32_t checksum = RUN(kernel, rounds);                                                       \
    report(#kernel, checksum, start - timer[1]);                                                   \
  } while (0)

static void all(void *arg) {
  (void)arg;
  MEASURE(base64, 20);
  MEASURE(crc, 10);
  MEASURE(fir, 20);
  MEASURE(hash, 20);
  MEASURE(list, 10);
  MEASURE(matrix, 5);
  MEASURE(sort, 10);
  MEASURE(state, 20);
}

int main(void) {
  timer[2] = UINT32_MAX;
  timer[1] = UINT32_MAX;
  timer[0] = 1;
  begin(all);
  return 0;
}
