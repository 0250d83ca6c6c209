/* What is called to see what a call costs. */
#ifndef CALLS_H
#define CALLS_H

#include <stdint.h>

uint32_t nothing(uint32_t x);
/* Calls the host `count` times, each time with what it gave before. */
uint32_t repeat(uint32_t count, uint32_t (*callback)(uint32_t x));
uint32_t repeat_import(uint32_t count);

#endif
