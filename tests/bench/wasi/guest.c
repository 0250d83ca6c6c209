/* Calls one function of WASI many times. Without a C library, so that nothing but the
 * call is measured. */
#include "rows.h"

#include <stddef.h>
#include <stdint.h>

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

typedef struct iovec {
  const void *data;
  uint32_t size;
} iovec_t;

WASI(fd_write) uint32_t fd_write(uint32_t fd, const iovec_t *iovs, uint32_t count, uint32_t *size);
WASI(fd_read) uint32_t fd_read(uint32_t fd, const iovec_t *iovs, uint32_t count, uint32_t *size);
WASI(clock_time_get) uint32_t clock_time_get(uint32_t id, uint64_t precision, uint64_t *time);
WASI(random_get) uint32_t random_get(void *data, uint32_t size);
WASI(path_open)
uint32_t path_open(uint32_t fd, uint32_t lookup, const char *path, uint32_t size, uint32_t oflags,
                   uint64_t rights, uint64_t inheriting, uint32_t fdflags, uint32_t *opened);
WASI(fd_close) uint32_t fd_close(uint32_t fd);
WASI(fd_readdir)
uint32_t fd_readdir(uint32_t fd, void *data, uint32_t size, uint64_t cookie, uint32_t *used);

static uint8_t data[64 * 8];
static uint8_t buffer[32768];
static iovec_t iovs[64];

static uint32_t length(const char *text) {
  uint32_t size = 0;
  while (text[size] != 0)
    size++;
  return size;
}

static uint32_t open_and_close(uint32_t dir, const char *path, uint32_t oflags) {
  uint32_t fd, error = path_open(dir, 1, path, length(path), oflags, 2, 0, 0, &fd);
  return error == 0 ? fd_close(fd) : error;
}

/* Every entry once; how many there were, less what was expected. */
static uint32_t list(void) {
  uint64_t cookie = 0;
  uint32_t fd, used, entries = 0, error = path_open(3, 0, "many", 4, 2, 1 << 14, 0, 0, &fd);
  do {
    uint32_t at = 0;
    error |= fd_readdir(fd, buffer, sizeof buffer, cookie, &used);
    while (used - at >= 24) {
      uint32_t size;
      __builtin_memcpy(&size, buffer + at + 16, 4);
      if (used - at - 24 < size)
        break;
      __builtin_memcpy(&cookie, buffer + at, 8);
      at += 24 + size;
      entries++;
    }
  } while (used == sizeof buffer && error == 0);
  error |= fd_close(fd);
  return error != 0 ? error : entries - 2 - ENTRIES;
}

static uint32_t once(uint32_t row) {
  static const uint8_t counts[] = {1, 8, 64};
  uint64_t time;
  uint32_t done;
  switch (row) {
  case WRITE_1:
  case WRITE_8:
  case WRITE_64:
    return fd_write(1, iovs, counts[row - WRITE_1], &done);
  case READ_1:
  case READ_8:
  case READ_64:
    return fd_read(0, iovs, counts[row - READ_1], &done);
  case CLOCK:
    return clock_time_get(1, 0, &time);
  case RANDOM_64:
    return random_get(buffer, 64);
  case RANDOM_4096:
    return random_get(buffer, 4096);
  case OPEN_1:
  case OPEN_3:
  case OPEN_8:
    return open_and_close(3, row_paths[row - OPEN_1], 0);
  default:
    return list();
  }
}

/* 0, or the first error. */
__attribute__((export_name("run"))) uint32_t run(uint32_t row, uint32_t times) {
  uint32_t error = 0;
  for (uint32_t i = 0; i < 64; i++) {
    iovs[i].data = data + 8 * i;
    iovs[i].size = 8;
  }
  for (; times > 0 && error == 0; times--)
    error = once(row);
  return error;
}
