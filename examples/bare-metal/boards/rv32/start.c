/* Starts the board. */
#include "../riscv.c"
