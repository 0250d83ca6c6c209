/* Cortex-M: the table of vectors, what happens before main, the timer. */
#include "board.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_high[];

static void (*tick_handler)(void);

void board_entry(void) {
  const uint32_t *from = data_load;
  uint32_t *to;
  for (to = data_start; to < data_end;)
    *to++ = *from++;
  for (to = bss_start; to < bss_end;)
    *to++ = 0;
  board_exit((uint32_t)main());
}

/* An access that the machine refuses, or an instruction that it does not know. No guest
 * can cause one. */
static void fault(void) {
  board_print("the processor faulted\n");
  board_exit(99);
}

static void systick(void) {
  tick_handler();
}

typedef void (*vector_t)(void);
__attribute__((__section__(".vectors"), __used__)) static const vector_t vectors[16] = {
    (vector_t)(uintptr_t)stack_high,
    board_entry,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    systick,
};

void board_ticks(void (*tick)(void)) {
#if defined(BOARD_TICKS)
  volatile uint32_t *control = (volatile uint32_t *)0xe000e010u;
  tick_handler = tick;
  control[1] = BOARD_TICKS; /* cycles between two of them */
  control[2] = 0;
  control[0] = 7; /* on, with an interrupt, by the processor's clock */
#else
  tick_handler = tick;
#endif
}

intptr_t board_request(uint32_t number, const void *argument) {
  register intptr_t r0 __asm__("r0") = (intptr_t)number;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
