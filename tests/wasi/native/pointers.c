/* Every address that a guest passes, at the edges of its memory and far outside, without
 * alignment, and where another one is: the answer is an error, nothing else happens, and the
 * sanitizer has no say. */
#include "world.h"

/* What a call's arguments are: its addresses, with the bytes that are there. */
typedef struct call {
  const char *name;
  uint32_t (*function)(const uint64_t *args);
  uint64_t args[9];
  struct {
    uint32_t index;
    uint32_t size;
  } addresses[3];
} call_t;

#define A(i) ((uint32_t)args[i])
#define CALL(name, ...)                                                                            \
  static uint32_t call_##name(const uint64_t *args) {                                              \
    return wdn_wasi_##name(&wasi, __VA_ARGS__);                                                    \
  }
#define CALL0(name, ...)                                                                           \
  static uint32_t call0_##name(const uint64_t *args) {                                             \
    return wdn_wasi0_##name(&wasi, __VA_ARGS__);                                                   \
  }
CALL(args_get, A(0), A(1))
CALL(args_sizes_get, A(0), A(1))
CALL(environ_get, A(0), A(1))
CALL(environ_sizes_get, A(0), A(1))
CALL(clock_res_get, A(0), A(1))
CALL(clock_time_get, A(0), args[1], A(2))
CALL(fd_fdstat_get, A(0), A(1))
CALL(fd_filestat_get, A(0), A(1))
CALL(fd_pread, A(0), A(1), A(2), args[3], A(4))
CALL(fd_prestat_get, A(0), A(1))
CALL(fd_prestat_dir_name, A(0), A(1), A(2))
CALL(fd_pwrite, A(0), A(1), A(2), args[3], A(4))
CALL(fd_read, A(0), A(1), A(2), A(3))
CALL(fd_readdir, A(0), A(1), A(2), args[3], A(4))
CALL(fd_seek, A(0), args[1], A(2), A(3))
CALL(fd_tell, A(0), A(1))
CALL(fd_write, A(0), A(1), A(2), A(3))
CALL(path_create_directory, A(0), A(1), A(2))
CALL(path_filestat_get, A(0), A(1), A(2), A(3), A(4))
CALL(path_filestat_set_times, A(0), A(1), A(2), A(3), args[4], args[5], A(6))
CALL(path_link, A(0), A(1), A(2), A(3), A(4), A(5), A(6))
CALL(path_open, A(0), A(1), A(2), A(3), A(4), args[5], args[6], A(7), A(8))
CALL(path_readlink, A(0), A(1), A(2), A(3), A(4), A(5))
CALL(path_remove_directory, A(0), A(1), A(2))
CALL(path_rename, A(0), A(1), A(2), A(3), A(4), A(5))
CALL(path_symlink, A(0), A(1), A(2), A(3), A(4))
CALL(path_unlink_file, A(0), A(1), A(2))
CALL(poll_oneoff, A(0), A(1), A(2), A(3))
CALL(random_get, A(0), A(1))
CALL(sock_accept, A(0), A(1), A(2))
CALL(sock_recv, A(0), A(1), A(2), A(3), A(4), A(5))
CALL(sock_send, A(0), A(1), A(2), A(3), A(4))
CALL0(fd_filestat_get, A(0), A(1))
CALL0(fd_seek, A(0), args[1], A(2), A(3))
CALL0(path_filestat_get, A(0), A(1), A(2), A(3), A(4))
CALL0(poll_oneoff, A(0), A(1), A(2), A(3))

/* Descriptor 3 is the directory, 4 a file. PATH1 has "f", PATH2 "n": a file that
 * is there and a name that is not; PATH1 + 16 has "d", a directory, PATH1 + 32
 * "l", a link. IOVS has two iovecs, BUF a subscription of a clock in the past. */
static const call_t calls[] = {
    {"args_get", call_args_get, {OUT, BUF}, {{0, 8}, {1, 7}}},
    {"args_sizes_get", call_args_sizes_get, {OUT, OUT2}, {{0, 4}, {1, 4}}},
    {"environ_get", call_environ_get, {OUT, BUF}, {{0, 4}, {1, 4}}},
    {"environ_sizes_get", call_environ_sizes_get, {OUT, OUT2}, {{0, 4}, {1, 4}}},
    {"clock_res_get", call_clock_res_get, {0, OUT}, {{1, 8}}},
    {"clock_time_get", call_clock_time_get, {0, 0, OUT}, {{2, 8}}},
    {"fd_fdstat_get", call_fd_fdstat_get, {3, OUT}, {{1, 24}}},
    {"fd_filestat_get", call_fd_filestat_get, {4, OUT}, {{1, 64}}},
    {"fd_pread", call_fd_pread, {4, IOVS, 2, 0, OUT}, {{1, 16}, {4, 4}}},
    {"fd_prestat_get", call_fd_prestat_get, {3, OUT}, {{1, 8}}},
    {"fd_prestat_dir_name", call_fd_prestat_dir_name, {3, OUT, 1}, {{1, 1}}},
    {"fd_pwrite", call_fd_pwrite, {4, IOVS, 2, 0, OUT}, {{1, 16}, {4, 4}}},
    {"fd_read", call_fd_read, {4, IOVS, 2, OUT}, {{1, 16}, {3, 4}}},
    {"fd_readdir", call_fd_readdir, {3, BUF, 100, 0, OUT}, {{1, 100}, {4, 4}}},
    {"fd_seek", call_fd_seek, {4, 0, 0, OUT}, {{3, 8}}},
    {"fd_tell", call_fd_tell, {4, OUT}, {{1, 8}}},
    {"fd_write", call_fd_write, {4, IOVS, 2, OUT}, {{1, 16}, {3, 4}}},
    {"path_create_directory", call_path_create_directory, {3, PATH2, 1}, {{1, 1}}},
    {"path_filestat_get", call_path_filestat_get, {3, 0, PATH1, 1, OUT}, {{2, 1}, {4, 64}}},
    {"path_filestat_set_times", call_path_filestat_set_times, {3, 0, PATH1, 1, 0, 0, 0}, {{2, 1}}},
    {"path_link", call_path_link, {3, 0, PATH1, 1, 3, PATH2, 1}, {{2, 1}, {5, 1}}},
    {"path_open", call_path_open, {3, 0, PATH2, 1, 1, READ | WRITE, 0, 0, OUT}, {{2, 1}, {8, 4}}},
    {"path_readlink",
     call_path_readlink,
     {3, PATH1 + 32, 1, BUF, 10, OUT},
     {{1, 1}, {3, 10}, {5, 4}}},
    {"path_remove_directory", call_path_remove_directory, {3, PATH1 + 16, 1}, {{1, 1}}},
    {"path_rename", call_path_rename, {3, PATH1, 1, 3, PATH2, 1}, {{1, 1}, {4, 1}}},
    {"path_symlink", call_path_symlink, {PATH1, 1, 3, PATH2, 1}, {{0, 1}, {3, 1}}},
    {"path_unlink_file", call_path_unlink_file, {3, PATH1, 1}, {{1, 1}}},
    {"poll_oneoff", call_poll_oneoff, {BUF, BUF + 0x100, 1, OUT}, {{0, 48}, {1, 32}, {3, 4}}},
    {"random_get", call_random_get, {OUT, 5}, {{0, 5}}},
    /* On a stream that is no socket: what is wrong with addresses is said before. */
    {"sock_accept", call_sock_accept, {0, 0, OUT}, {{2, 4}}},
    {"sock_recv", call_sock_recv, {0, IOVS, 2, 0, OUT, OUT2}, {{1, 16}, {4, 4}, {5, 2}}},
    {"sock_send", call_sock_send, {0, IOVS, 2, 0, OUT}, {{1, 16}, {4, 4}}},
    {"0 fd_filestat_get", call0_fd_filestat_get, {4, OUT}, {{1, 56}}},
    {"0 fd_seek", call0_fd_seek, {4, 0, 2, OUT}, {{3, 8}}},
    {"0 path_filestat_get", call0_path_filestat_get, {3, 0, PATH1, 1, OUT}, {{2, 1}, {4, 56}}},
    {"0 poll_oneoff", call0_poll_oneoff, {BUF, BUF + 0x100, 1, OUT}, {{0, 56}, {1, 32}, {3, 4}}},
};

static uint8_t image[MEMORY_SIZE];

/* The directory as the calls expect it. */
static void reset(void) {
  static const char *const names[] = {"f", "d", "l", "n"};
  size_t i;
  for (i = 0; i < 4; i++) {
    char path[8];
    snprintf(path, sizeof path, "in/%s", names[i]);
    if (exists(path))
      remove_tree(path);
  }
  make_file("in/f", "content");
  make_dir("in/d");
  if (HAS_LINKS)
    make_link("f", "in/l");
  else
    make_file("in/l", "");
}

static void reset_memory(void) {
  memset(at(0), 0, MEMORY_SIZE); /* iovecs that are elsewhere are empty */
  text(PATH1, "f");
  text(PATH1 + 16, "d");
  text(PATH1 + 32, "l");
  text(PATH2, "n");
  iov(0, OUT2, 4);
  iov(1, OUT2 + 8, 4);
  memset(at(BUF), 0, WASI_SUBSCRIPTION_SIZE);
  store(BUF + 40, 2, WASI_SUBSCRIPTION_ABSTIME);
  memcpy(image, at(0), MEMORY_SIZE);
}

static bool unchanged(void) {
  return memcmp(image, at(0), MEMORY_SIZE) == 0 && exists("in/f") && exists("in/d") &&
         exists("in/l") && !exists("in/n") && strcmp(content_of("in/f"), "content") == 0;
}

/* One call with one address elsewhere. */
static void try(const call_t *call, size_t which, uint32_t address) {
  uint64_t args[9];
  bool fits = (uint64_t)address + call->addresses[which].size <= MEMORY_SIZE;
  uint32_t error;
  int files;
  reset_memory();
  memcpy(args, call->args, sizeof args);
  args[call->addresses[which].index] = address;
  files = open_files();
  error = call->function(args);
  if (!fits && (error != WASI_FAULT || !unchanged() || open_files() != files)) {
    printf("%s: argument %u at %#x: error %u\n", call->name, call->addresses[which].index, address,
           error);
    failures++;
  }
  if (fits && error == WASI_FAULT) {
    printf("%s: argument %u at %#x is refused\n", call->name, call->addresses[which].index,
           address);
    failures++;
  }
  if (unchanged())
    return;
  stop();
  reset();
  start_in("in", false);
  must_open("f", 0, READ | WRITE);
}

static void start_over(void) {
  static const char *const args[] = {"ab", "cde"};
  static const char *const env[] = {"X=1"};
  reset();
  start_in("in", false);
  must_open("f", 0, READ | WRITE);
  wasi.config.args = args;
  wasi.config.arg_count = 2;
  wasi.config.env = env;
  wasi.config.env_count = 1;
}

static void addresses(const call_t *call) {
  size_t which;
  for (which = 0; which < 3 && call->addresses[which].size > 0; which++) {
    uint32_t size = call->addresses[which].size;
    const uint32_t edges[] = {0,
                              1,
                              PATH1 + 0x101,
                              PATH1 + 0x107,
                              MEMORY_SIZE - size,
                              MEMORY_SIZE - size + 1,
                              MEMORY_SIZE - 1,
                              MEMORY_SIZE,
                              0x7fffffff,
                              0x80000000,
                              0xfffffff0,
                              0xffffffff};
    size_t i;
    for (i = 0; i < sizeof edges / sizeof edges[0]; i++) {
      try(call, which, edges[i]);
      stop();
      start_over();
    }
  }
}

/* Every address where another one of the same call is, and a byte further on. */
static void overlaps(const call_t *call) {
  size_t which, other;
  for (which = 0; which < 3 && call->addresses[which].size > 0; which++) {
    for (other = 0; other < 3 && call->addresses[other].size > 0; other++) {
      uint32_t address = (uint32_t)call->args[call->addresses[other].index];
      if (other == which)
        continue;
      try(call, which, address);
      stop();
      start_over();
      try(call, which, address + 1);
      stop();
      start_over();
    }
  }
}

/* The addresses in iovecs, and counts whose product with 8 wraps. */
static void iovecs(void) {
  static const uint32_t bad[][2] = {
      {MEMORY_SIZE, 1},     {MEMORY_SIZE - 1, 2}, {0, MEMORY_SIZE + 1}, {0x80000000, 1},
      {0xffffffff, 1},      {0xffffffff, 0},      {1, 0xffffffff},      {0xfffffff0, 0x20},
      {MEMORY_SIZE + 1, 0}, {0, 0xffffffff},
  };
  static const uint32_t counts[] = {0x20000000, 0x20000001, 0x80000000, 0xffffffff,
                                    (MEMORY_SIZE - IOVS) / 8 + 1};
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    reset_memory();
    iov(1, bad[i][0], bad[i][1]);
    memcpy(image, at(0), MEMORY_SIZE);
    CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 4, IOVS, 2, OUT), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 4, IOVS, 2, OUT), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, 4, IOVS, 2, 0, OUT), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, 4, IOVS, 2, 0, OUT), WASI_FAULT);
    CHECK(unchanged());
  }
  for (i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    reset_memory();
    CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 4, IOVS, counts[i], OUT), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 4, IOVS, counts[i], OUT), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, BUF, BUF, counts[i], OUT), WASI_FAULT);
    CHECK(unchanged());
  }
}

/* Sizes that no memory has. */
static void sizes(void) {
  static const uint32_t too_large[] = {MEMORY_SIZE + 1, 0x80000000, 0xffffffff};
  size_t i;
  reset_memory();
  for (i = 0; i < 3; i++) {
    uint32_t size = too_large[i];
    CHECK_EQUAL(wdn_wasi_random_get(&wasi, 0, size), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, 0, size, 0, OUT), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_fd_prestat_dir_name(&wasi, 3, 0, size), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, 3, 0, size), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_path_readlink(&wasi, 3, PATH1 + 32, 1, 0, size, OUT), WASI_FAULT);
    CHECK_EQUAL(wdn_wasi_path_symlink(&wasi, 0, size, 3, PATH2, 1), WASI_FAULT);
  }
  CHECK(unchanged());
}

static void test(void) {
  size_t i;
  make_dir("in");
  start_over();
  for (i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    addresses(&calls[i]);
    overlaps(&calls[i]);
  }
  iovecs();
  sizes();
  stop();
}
