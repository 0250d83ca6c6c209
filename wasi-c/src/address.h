/* Guest memory: the only file that turns a guest's address into a pointer.
 *
 * Ranges are checked in 64 bits before anything happens. Integers are little-endian,
 * at any alignment. */
#ifndef WASI_ADDRESS_H
#define WASI_ADDRESS_H

#include "wdn.h"
#define WDN_CC_NO_FLOATS
#include "wdn_cc.h"

/* `size` bytes of a memory, or NULL if any of them is outside or there is none. */
static uint8_t *memory_at(const wdn_memory_t *memory, uint32_t address, uint64_t size) {
  static uint8_t nothing; /* what an empty range of an empty memory is */
  if (memory == NULL || size > memory->size || address > memory->size - size)
    return NULL;
  return memory->data != NULL ? memory->data + address : &nothing;
}

/* For machines that can, by one instruction. */
#if WDN_GNU && !WDN_BIG_ENDIAN
static uint16_t get_u16(const uint8_t *p) {
  return *(const wdn_raw16_t *)p;
}

static uint32_t get_u32(const uint8_t *p) {
  return *(const wdn_raw32_t *)p;
}

WDN_UNUSED static void put_u16(uint8_t *p, uint32_t v) {
  *(wdn_raw16_t *)p = (uint16_t)v;
}

static void put_u32(uint8_t *p, uint32_t v) {
  *(wdn_raw32_t *)p = v;
}
#else
static uint16_t get_u16(const uint8_t *p) {
  return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get_u32(const uint8_t *p) {
  return get_u16(p) | (uint32_t)get_u16(p + 2) << 16;
}

static void put_u16(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)v;
  p[1] = (uint8_t)(v >> 8);
}

static void put_u32(uint8_t *p, uint32_t v) {
  put_u16(p, v & 0xffff);
  put_u16(p + 2, v >> 16);
}
#endif

static uint64_t get_u64(const uint8_t *p) {
  return get_u32(p) | (uint64_t)get_u32(p + 4) << 32;
}

static void put_u64(uint8_t *p, uint64_t v) {
  put_u32(p, (uint32_t)v);
  put_u32(p + 4, (uint32_t)(v >> 32));
}

#endif
