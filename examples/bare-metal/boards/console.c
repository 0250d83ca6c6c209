/* Printing and ending by semihosting: the emulator does it for the board. */
#include "board.h"

enum { SYS_WRITE0 = 4, SYS_EXIT_EXTENDED = 32 };

void board_print(const char *text) {
  (void)board_request(SYS_WRITE0, text);
}

void board_print_number(int32_t number) {
  char digits[12];
  uint32_t rest = number < 0 ? 0 - (uint32_t)number : (uint32_t)number;
  unsigned i = sizeof digits - 1;
  digits[i] = 0;
  do {
    digits[--i] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (number < 0)
    digits[--i] = '-';
  board_print(digits + i);
}

void board_exit(uint32_t code) {
  uintptr_t arguments[2] = {0x20026, code}; /* the application has ended */
  for (;;)
    (void)board_request(SYS_EXIT_EXTENDED, arguments);
}
