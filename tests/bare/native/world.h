/* A guest without a translator and a machine without a system: a memory of exactly
 * SIZE bytes, callbacks that write down what they were asked for, and a small ROM.
 * Every program here includes this file and defines `test`. */
#ifndef WORLD_H
#define WORLD_H

#include "../../../wasi-c/src/abi.h"
#include "../../support/check.h"
#include "wdn_wasi_bare.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test(void);

/* ---- The guest's memory ---------------------------------------------------------- */

#define SIZE 4096u

static wdn_memory_t memory;

static uint32_t load32(uint32_t at) {
  const uint8_t *p = memory.data + at;
  return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t load64(uint32_t at) {
  return load32(at) | (uint64_t)load32(at + 4) << 32;
}

static void store32(uint32_t at, uint32_t v) {
  int i;
  for (i = 0; i < 4; i++)
    memory.data[at + (uint32_t)i] = (uint8_t)(v >> 8 * i);
}

static inline void store64(uint32_t at, uint64_t v) {
  store32(at, (uint32_t)v);
  store32(at + 4, (uint32_t)(v >> 32));
}

/* Puts text there, without its end; its size. */
static inline uint32_t put_text(uint32_t at, const char *text) {
  memcpy(memory.data + at, text, strlen(text));
  return (uint32_t)strlen(text);
}

static inline void put_iovec(uint32_t at, uint32_t data, uint32_t size) {
  store32(at, data);
  store32(at + 4, size);
}

static inline bool memory_is(uint32_t at, const char *text) {
  return memcmp(memory.data + at, text, strlen(text)) == 0;
}

/* ---- The machine -------------------------------------------------------------------- */

static int calls; /* of any callback */
static char written[4096];
static size_t written_size;
static uint32_t written_fd;
static int32_t write_result = INT32_MAX; /* or how much it takes */
static const char *input = "";
static int32_t read_result = INT32_MAX;
static uint64_t realtime = 1000000, monotonic = 500;
static uint64_t slept;
static bool has_random = true;
static uint32_t exit_code;

static int32_t machine_write(void *host, uint32_t fd, const uint8_t *data, uint32_t size) {
  calls++;
  CHECK(host == &calls);
  written_fd = fd;
  if (write_result < 0)
    return write_result;
  if ((int32_t)size > write_result)
    size = (uint32_t)write_result;
  if (size > sizeof written - written_size)
    size = (uint32_t)(sizeof written - written_size);
  memcpy(written + written_size, data, size);
  written_size += size;
  return (int32_t)size;
}

static int32_t machine_read(void *host, uint32_t fd, uint8_t *data, uint32_t size) {
  calls++;
  CHECK(host == &calls);
  CHECK_EQUAL(fd, 0);
  if (read_result != INT32_MAX)
    return read_result;
  if (size > strlen(input))
    size = (uint32_t)strlen(input);
  memcpy(data, input, size);
  input += size;
  return (int32_t)size;
}

static bool machine_clock(void *host, uint32_t id, uint64_t *nanoseconds) {
  CHECK(host == &calls);
  if (id > 1)
    return false;
  *nanoseconds = id == 0 ? realtime : monotonic;
  return true;
}

static bool machine_random(void *host, uint8_t *data, uint32_t size) {
  calls++;
  CHECK(host == &calls);
  if (has_random)
    memset(data, 0x5a, size);
  return has_random;
}

static void machine_sleep(void *host, uint64_t nanoseconds) {
  calls++;
  CHECK(host == &calls);
  slept += nanoseconds;
}

static void machine_exit(void *host, uint32_t code) {
  calls++;
  CHECK(host == &calls);
  exit_code = code;
}

/* What the runtime would do. */
static jmp_buf entry;
static int32_t trap_code;
static void *trapped;

void wdn_exit(void *instance, int32_t code) {
  trapped = instance;
  trap_code = code;
  longjmp(entry, 1);
}

static const uint8_t MOTD[] = {'h', 'e', 'l', 'l', 'o', '\n'};
static const uint8_t DATA[300] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static const wdn_wasi_rom_file_t ROM[] = {
    {"README", DATA, 300}, {"bin-x/tool", DATA, 10},    {"bin/a", DATA, 1},
    {"bin/b", DATA, 2},    {"bin/lib/deep/c", MOTD, 6}, {"bin/lib/deep/d", DATA, 4},
    {"d/x", DATA, 7},      {"empty", NULL, 0},          {"etc/motd", MOTD, 6},
    {"nothing/", NULL, 0}, {"z\xc3\xa9ro", DATA, 5},
};
#define ROM_COUNT ((uint32_t)(sizeof ROM / sizeof *ROM))

static const char *const ARGS[] = {"program", "", "two words"};
static const char *const ENV[] = {"HOME=/", "EMPTY="};

static wdn_wasi_bare_config_t config = {ARGS,          3,
                                        ENV,           2,
                                        &calls,        machine_write,
                                        machine_read,  machine_clock,
                                        100,           machine_random,
                                        machine_sleep, machine_exit,
                                        ROM,           ROM_COUNT,
                                        NULL};

/* ---- Running --------------------------------------------------------------------- */

#define FILES_MAX 5u
static wdn_wasi_bare_t wasi;
static wdn_wasi_bare_file_t files[FILES_MAX];

static void start(void) {
  wdn_wasi_bare_init(&wasi, &config, files, FILES_MAX);
  wasi.memory = &memory;
  wasi.instance = &memory;
  memset(memory.data, 0xee, SIZE);
}

/* Opens a file below descriptor 3 to read it; its number, or 1000 + the error. */
static inline uint32_t open_file(uint32_t dir, const char *path) {
  uint32_t size = put_text(3000, path);
  uint32_t error = wdn_wasi_path_open(&wasi, dir, 1, 3000, size, 0, WASI_RIGHT_FD_READ, 0, 0, 2996);
  return error == WASI_OK ? load32(2996) : 1000 + error;
}

int main(void) {
  memory.data = malloc(SIZE);
  memory.size = SIZE;
  if (memory.data == NULL)
    return 2;
  start();
  test();
  free(memory.data);
  if (failures != 0)
    printf("%d checks failed\n", failures);
  fflush(stdout);
  return failures != 0;
}

#endif
