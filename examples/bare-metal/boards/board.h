/* What a firmware needs of a board that exists in an emulator only. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Calls `tick` from an interrupt, a hundred times a second. A board without a timer
 * never does. */
void board_ticks(void (*tick)(void));

/* Asks the emulator for something: semihosting. */
intptr_t board_request(uint32_t number, const void *argument);

/* Of console.c: prints, and ends the emulator with an exit code. */
void board_print(const char *text);
void board_print_number(int32_t number);
void board_exit(uint32_t code);

/* The firmware's. */
int main(void);

#endif
