/* Semihosting, and the four functions that C compilers call on their own. */
#include "board.h"

enum {
  SYS_OPEN = 1,
  SYS_CLOSE = 2,
  SYS_WRITE = 5,
  SYS_READ = 6,
  SYS_FLEN = 12,
  SYS_CLOCK = 16,
  SYS_TIME = 17,
  SYS_EXIT_EXTENDED = 32
};

#define MODE_READ 1
#define MODE_WRITE 4

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  uint8_t *t = to;
  const uint8_t *f = from;
  while (size-- > 0)
    *t++ = *f++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  uint8_t *t = to;
  const uint8_t *f = from;
  if (t <= f)
    return memcpy(to, from, size);
  while (size-- > 0)
    t[size] = f[size];
  return to;
}

void *memset(void *to, int value, size_t size) {
  uint8_t *t = to;
  while (size-- > 0)
    *t++ = (uint8_t)value;
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const uint8_t *p = a, *q = b;
  for (; size > 0; size--, p++, q++) {
    if (*p != *q)
      return *p < *q ? -1 : 1;
  }
  return 0;
}

static size_t length(const char *text) {
  size_t size = 0;
  while (text[size] != 0)
    size++;
  return size;
}

static intptr_t open_file(const char *path, uintptr_t mode) {
  uintptr_t arguments[3] = {(uintptr_t)path, mode, length(path)};
  return board_request(SYS_OPEN, arguments);
}

void board_write(const void *data, size_t size) {
  static intptr_t console = -1;
  uintptr_t arguments[3];
  if (console < 0)
    console = open_file(":tt", MODE_WRITE);
  arguments[0] = (uintptr_t)console;
  arguments[1] = (uintptr_t)data;
  arguments[2] = size;
  (void)board_request(SYS_WRITE, arguments);
}

void board_print(const char *text) {
  board_write(text, length(text));
}

void board_print_number(uint32_t number) {
  char digits[10];
  unsigned i = sizeof digits;
  do {
    digits[--i] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  board_write(digits + i, sizeof digits - i);
}

int32_t board_file_size(const char *path) {
  intptr_t file = open_file(path, MODE_READ);
  uintptr_t argument = (uintptr_t)file;
  int32_t size;
  if (file < 0)
    return -1;
  size = (int32_t)board_request(SYS_FLEN, &argument);
  (void)board_request(SYS_CLOSE, &argument);
  return size;
}

int board_read_file(const char *path, void *data, size_t size) {
  intptr_t file = open_file(path, MODE_READ);
  uintptr_t arguments[3] = {(uintptr_t)file, (uintptr_t)data, size};
  intptr_t left;
  if (file < 0)
    return 0;
  left = board_request(SYS_READ, arguments);
  (void)board_request(SYS_CLOSE, arguments);
  return left == 0;
}

uint32_t board_clock(void) {
  return (uint32_t)board_request(SYS_CLOCK, NULL);
}

uint32_t board_time(void) {
  return (uint32_t)board_request(SYS_TIME, NULL);
}

void board_exit(uint32_t code) {
  uintptr_t arguments[2] = {0x20026, code}; /* the application has ended */
  for (;;)
    (void)board_request(SYS_EXIT_EXTENDED, arguments);
}
