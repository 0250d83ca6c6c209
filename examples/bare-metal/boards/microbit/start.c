/* Starts the board. */
#include "../arm.c"
