/* RISC-V: the first instruction, and what happens before main. */
#include "board.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];

static void fault(void) {
  board_print("the processor faulted\n");
  board_exit(99);
}

__attribute__((__used__)) static void start(void) {
  const uint32_t *from = data_load;
  uint32_t *to;
  for (to = data_start; to < data_end;)
    *to++ = *from++;
  for (to = bss_start; to < bss_end;)
    *to++ = 0;
  __asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrw mtvec, %0\n\t.option pop" ::"r"(
      (uintptr_t)fault & ~(uintptr_t)3));
  board_exit((uint32_t)main());
}

__attribute__((__naked__, __section__(".vectors"), __used__)) void board_entry(void) {
  __asm__ volatile("la sp, stack_high\n\tj start");
}

/* Three instructions of four bytes each, by which the emulator knows a request. */
__attribute__((__noinline__)) intptr_t board_request(uint32_t number, const void *argument) {
  register intptr_t a0 __asm__("a0") = (intptr_t)number;
  register const void *a1 __asm__("a1") = argument;
  __asm__ volatile(".option push\n\t.option norvc\n\t.balign 16\n\t"
                   "slli zero, zero, 0x1f\n\tebreak\n\tsrai zero, zero, 7\n\t.option pop"
                   : "+r"(a0)
                   : "r"(a1)
                   : "memory");
  return a0;
}
