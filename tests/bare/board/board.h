/* A board without an operating system, in an emulator that talks to us by
 * semihosting. Nothing here needs a C library. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* What the start-up code calls once memory is as C expects it. */
int main(void);

/* To the emulator's standard output. */
void board_write(const void *data, size_t size);
void board_print(const char *text);
void board_print_number(uint32_t number);

/* A file of the machine that runs the emulator: its size, or -1; its bytes. */
int32_t board_file_size(const char *path);
int board_read_file(const char *path, void *data, size_t size);

/* Centiseconds since some time, and seconds since 1970. */
uint32_t board_clock(void);
uint32_t board_time(void);

/* Ends the emulator with this code. */
void board_exit(uint32_t code) __attribute__((__noreturn__));

/* Of arm.c and riscv.c: one request to the emulator. */
intptr_t board_request(uint32_t number, const void *argument);

#endif
