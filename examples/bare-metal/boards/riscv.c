/* RISC-V: the first instruction, what happens before main, the timer. */
#include "board.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];

#define CSR(instruction) ".option push\n\t.option arch, +zicsr\n\t" instruction "\n\t.option pop"

#define TIME ((volatile uint32_t *)0x0200bff8u)
#define ALARM ((volatile uint32_t *)0x02004000u)
#define TICK 100000u /* of a clock of 10 MHz */

static void (*tick_handler)(void);

/* The clock's lower half is enough for a demonstration of a few minutes. */
static void set_alarm(void) {
  ALARM[1] = 0;
  ALARM[0] = TIME[0] + TICK;
}

/* The timer, or an access that the machine refuses. No guest can cause the latter. */
__attribute__((__interrupt__, __aligned__(4))) static void trap(void) {
  uint32_t cause;
  __asm__ volatile(CSR("csrr %0, mcause") : "=r"(cause));
  if (cause == 0x80000007u) {
    tick_handler();
    set_alarm();
  } else {
    board_print("the processor faulted\n");
    board_exit(99);
  }
}

__attribute__((__used__)) static void start(void) {
  const uint32_t *from = data_load;
  uint32_t *to;
  for (to = data_start; to < data_end;)
    *to++ = *from++;
  for (to = bss_start; to < bss_end;)
    *to++ = 0;
  __asm__ volatile(CSR("csrw mtvec, %0")::"r"(trap));
  board_exit((uint32_t)main());
}

__attribute__((__naked__, __section__(".vectors"), __used__)) void board_entry(void) {
  __asm__ volatile("la sp, stack_high\n\tj start");
}

void board_ticks(void (*tick)(void)) {
  tick_handler = tick;
  set_alarm();
  __asm__ volatile(CSR("csrs mie, %0\n\tcsrsi mstatus, 8")::"r"(0x80));
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
