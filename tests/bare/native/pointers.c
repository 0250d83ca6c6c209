/* Every function with every pointer of its at every bad address: EFAULT, nothing
 * in memory has changed, nothing was asked of the machine. */
#include "world.h"

#define MAX_POINTERS 3

typedef uint32_t (*call_t)(const uint32_t *at);

/* A call whose arguments are right but for the addresses, which are given. */
typedef struct function {
  const char *name;
  call_t call;
  uint32_t sizes[MAX_POINTERS]; /* of what is at each address; 0 ends them */
} function_t;

static uint32_t fd; /* a file */

#define CALL(name, ...)                                                                            \
  static uint32_t call_##name(const uint32_t *at) {                                                \
    return wdn_wasi_##name(&wasi, __VA_ARGS__);                                                    \
  }
CALL(args_get, at[0], at[1])
CALL(args_sizes_get, at[0], at[1])
CALL(environ_get, at[0], at[1])
CALL(environ_sizes_get, at[0], at[1])
CALL(clock_res_get, 0, at[0])
CALL(clock_time_get, 0, 0, at[0])
CALL(fd_fdstat_get, fd, at[0])
CALL(fd_filestat_get, fd, at[0])
CALL(fd_pread, fd, at[0], 1, 0, at[1])
CALL(fd_prestat_get, 3, at[0])
CALL(fd_prestat_dir_name, 3, at[0], 1)
CALL(fd_read, 0, at[0], 1, at[1])
CALL(fd_readdir, 3, at[0], 100, 0, at[1])
CALL(fd_seek, fd, 0, 0, at[0])
CALL(fd_tell, fd, at[0])
CALL(fd_write, 1, at[0], 1, at[1])
CALL(path_create_directory, 3, at[0], 1)
CALL(path_filestat_get, 3, 0, at[0], 1, at[1])
CALL(path_filestat_set_times, 3, 0, at[0], 1, 0, 0, 0)
CALL(path_link, 3, 0, at[0], 1, 3, at[1], 1)
CALL(path_open, 3, 0, at[0], 1, 0, 0, 0, 0, at[1])
CALL(path_readlink, 3, at[0], 1, at[1], 10, at[2])
CALL(path_remove_directory, 3, at[0], 1)
CALL(path_rename, 3, at[0], 1, 3, at[1], 1)
CALL(path_symlink, at[0], 1, 3, at[1], 1)
CALL(path_unlink_file, 3, at[0], 1)
CALL(poll_oneoff, at[0], at[1], 1, at[2])
CALL(random_get, at[0], 10)

#define F(name, ...)                                                                               \
  {                                                                                                \
#name, call_##name, {                                                                          \
      __VA_ARGS__                                                                                  \
    }                                                                                              \
  }
static const function_t FUNCTIONS[] = {
    F(args_get, 12, 19),
    F(args_sizes_get, 4, 4),
    F(environ_get, 8, 14),
    F(environ_sizes_get, 4, 4),
    F(clock_res_get, 8),
    F(clock_time_get, 8),
    F(fd_fdstat_get, 24),
    F(fd_filestat_get, 64),
    F(fd_pread, 8, 4),
    F(fd_prestat_get, 8),
    F(fd_prestat_dir_name, 1),
    F(fd_read, 8, 4),
    F(fd_readdir, 100, 4),
    F(fd_seek, 8),
    F(fd_tell, 8),
    F(fd_write, 8, 4),
    F(path_create_directory, 1),
    F(path_filestat_get, 1, 64),
    F(path_filestat_set_times, 1),
    F(path_link, 1, 1),
    F(path_open, 1, 4),
    F(path_readlink, 1, 10, 4),
    F(path_remove_directory, 1),
    F(path_rename, 1, 1),
    F(path_symlink, 1, 1),
    F(path_unlink_file, 1),
    F(poll_oneoff, 48, 32, 4),
    F(random_get, 10),
};

/* Where each pointer points if it is right: the name of a directory, which is
 * an iovec of nothing too. */
static void good(uint32_t *at) {
  uint32_t i;
  for (i = 0; i < MAX_POINTERS; i++) {
    at[i] = 512 * (i + 1);
    memset(memory.data + at[i], 0, 256);
    memcpy(memory.data + at[i], "d", 1);
  }
  for (i = 0; i < FILES_MAX; i++) { /* what path_open opened */
    if (i + 3 > fd)
      files[i].entry = UINT32_MAX;
  }
}

static void check(const function_t *it, uint32_t pointer, uint32_t address) {
  static uint8_t before[SIZE];
  uint32_t at[MAX_POINTERS], error;
  int calls_before = calls;
  char text[100];
  good(at);
  at[pointer] = address;
  memcpy(before, memory.data, SIZE);
  error = it->call(at);
  if (error == WASI_FAULT && memcmp(before, memory.data, SIZE) == 0 && calls == calls_before)
    return;
  snprintf(text, sizeof text, "%s, pointer %u at %#x: %u", it->name, (unsigned)pointer,
           (unsigned)address, (unsigned)error);
  failed(text, __FILE__, __LINE__);
}

/* The last address at which what is pointed to still fits. */
static void check_last(const function_t *it, uint32_t pointer) {
  uint32_t at[MAX_POINTERS];
  good(at);
  at[pointer] = SIZE - it->sizes[pointer];
  memset(memory.data + at[pointer], 0, it->sizes[pointer]);
  if (it->call(at) == WASI_FAULT)
    failed(it->name, __FILE__, __LINE__);
}

static void check_function(const function_t *it) {
  uint32_t pointer;
  for (pointer = 0; pointer < MAX_POINTERS && it->sizes[pointer] != 0; pointer++) {
    uint32_t size = it->sizes[pointer];
    check(it, pointer, SIZE - size + 1);
    if (size > 1)
      check(it, pointer, SIZE - 1);
    check(it, pointer, SIZE);
    check(it, pointer, 0x7fffffff);
    check(it, pointer, 0x80000000);
    check(it, pointer, UINT32_MAX - size + 1);
    check(it, pointer, UINT32_MAX);
    check_last(it, pointer);
  }
}

/* An address is compared with nothing that could wrap, and a size is no address. */
static void test_sizes(void) {
  put_text(0, "bin");
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 1, UINT32_MAX), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, SIZE, 0), WASI_OK);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, SIZE + 1, 0), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, 3, 0, UINT32_MAX), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, 0, UINT32_MAX, 0, 8), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_fd_prestat_dir_name(&wasi, 3, 0, UINT32_MAX), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, 0, 0, 0x05555556, 8), WASI_FAULT); /* * 48 = 2^32 + 32 */
}

/* A memory of nothing. */
static void test_empty(void) {
  wdn_memory_t none;
  memset(&none, 0, sizeof none);
  wasi.memory = &none;
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 0, 0), WASI_OK);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 0, 1), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, 3, 0, 0), WASI_NOENT);
}

static void test(void) {
  uint32_t i;
  fd = open_file(3, "README");
  CHECK_EQUAL(fd, 4);
  for (i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
    check_function(&FUNCTIONS[i]);
  test_sizes();
  test_empty();
}
