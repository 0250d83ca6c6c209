/* Cortex-M: the table of vectors, and what happens before main. */
#include "board.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_high[];

static void start(void) {
  const uint32_t *from = data_load;
  uint32_t *to;
  for (to = data_start; to < data_end;)
    *to++ = *from++;
  for (to = bss_start; to < bss_end;)
    *to++ = 0;
  board_exit((uint32_t)main());
}

/* An access that the machine refuses, or an instruction that it does not know. */
static void fault(void) {
  board_print("the processor faulted\n");
  board_exit(99);
}

typedef void (*vector_t)(void);
extern const vector_t vectors[];
__attribute__((__section__(".vectors"), __used__))
const vector_t vectors[16] = {(vector_t)(uintptr_t)stack_high,
                              start,
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
                              fault};

intptr_t board_request(uint32_t number, const void *argument) {
  register intptr_t r0 __asm__("r0") = (intptr_t)number;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
