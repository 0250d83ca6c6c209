#include "calls.h"

uint32_t nothing(uint32_t x) {
  return x + 1;
}

uint32_t repeat(uint32_t count, uint32_t (*callback)(uint32_t x)) {
  uint32_t x = 0;
  while (count-- > 0)
    x = callback(x);
  return x;
}

#ifndef NATIVE
__attribute__((import_module("host"), import_name("step"))) uint32_t step(uint32_t x);

uint32_t repeat_import(uint32_t count) {
  uint32_t x = 0;
  while (count-- > 0)
    x = step(x);
  return x;
}
#endif
