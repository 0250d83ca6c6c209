/* A guest without a translator: an instance that is nothing but a memory, and a
 * directory of its own to work in. Every program here includes this file, defines
 * `test`, and is started as `program RESOLVER FOLDER` with an empty folder.
 *
 * The memory is an allocation of exactly its size, so that the address sanitizer
 * sees every byte that is touched beyond it. */
#ifndef WORLD_H
#define WORLD_H

#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include "../../support/check.h"
#include "abi.h"
#include "wdn_wasi.h"

#ifdef _WIN32
#include "../../windows/posix.h"
#define HAS_LINKS 0
#define TIME_STEP 100 /* nanoseconds */
#else
#define HAS_LINKS 1
#define TIME_STEP 1
#endif

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void test(void);

/* ---- The instance ------------------------------------------------------------ */

#define MEMORY_SIZE 0x20000u

/* Where things are in guest memory, unless a test says otherwise. */
enum { OUT = 0x100, OUT2 = 0x180, IOVS = 0x200, PATH1 = 0x1000, PATH2 = 0x8000, BUF = 0x10000 };

typedef struct instance {
  wdn_instance_t wdn;
  wdn_memory_t memory;
} instance_t;

static instance_t instance;
static wdn_wasi_t wasi;
static wdn_wasi_resolver_t resolver;
static const char *folder;

static const wdn_export_t exports[] = {
    {{"other", 5}, WDN_MEMORY, 0, 0, 0, false},
    {{"memory", 6}, WDN_MEMORY, 0, 0, offsetof(instance_t, memory), false},
};
static wdn_module_t module;

static jmp_buf exit_jump;
static volatile int64_t exit_code = -1;

/* The runtime's, for programs that do not link it. */
#ifndef WORLD_HAS_RUNTIME
void wdn_exit(void *self, int32_t code) {
  CHECK(self == &instance);
  exit_code = (uint32_t)code;
  longjmp(exit_jump, 1);
}
#endif

static void make_memory(uint64_t size) {
  free(instance.memory.data);
  instance.memory.data = malloc(size);
  instance.memory.size = size;
  if (instance.memory.data == NULL)
    abort();
  memset(instance.memory.data, 0x5a, size);
}

static void start_with(const wdn_wasi_config_t *config) {
  wdn_wasi_error_t error = {0, 0, ""};
  make_memory(MEMORY_SIZE);
  module.exports = exports;
  module.export_count = 2;
  if (!wdn_wasi_init(&wasi, config, &error)) {
    printf("wdn_wasi_init: %s (%u)\n", error.message, (unsigned)error.preopen);
    exit(1);
  }
  wdn_wasi_attach(&wasi, &instance, &module);
}

/* With `host`, below the test's folder, as descriptor 3. */
static void start_in(const char *host, bool read_only) {
  static char path[4096];
  wdn_wasi_preopen_t preopen = {path, 0, "/", false, NULL};
  wdn_wasi_config_t config = {0};
  snprintf(path, sizeof path, "%s/%s", folder, host);
  preopen.read_only = read_only;
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.resolver = resolver;
  wdn_wasi_inherit_stdio(&config);
  start_with(&config);
}

static void stop(void) {
  wdn_wasi_destroy(&wasi);
}

/* ---- Guest memory -------------------------------------------------------------- */

static uint8_t *at(uint32_t address) {
  return instance.memory.data + address;
}

static uint64_t load(uint32_t address, unsigned size) {
  uint64_t value = 0;
  while (size-- > 0)
    value = value << 8 | *at(address + size);
  return value;
}

static void store(uint32_t address, unsigned size, uint64_t value) {
  for (; size-- > 0; value >>= 8)
    *at(address++) = (uint8_t)value;
}

/* The text's length, now that it is at `address`. */
static uint32_t text(uint32_t address, const char *text_) {
  size_t size = strlen(text_);
  memcpy(at(address), text_, size);
  return (uint32_t)size;
}

/* One iovec of many. */
static void iov(uint32_t index, uint32_t address, uint32_t size) {
  store(IOVS + 8 * index, 4, address);
  store(IOVS + 8 * index + 4, 4, size);
}

/* ---- Calls ----------------------------------------------------------------------- */

#define READ (WASI_RIGHT_FD_READ | WASI_RIGHT_FD_READDIR)
#define WRITE (WASI_RIGHT_FD_WRITE)
#define FOLLOW WASI_LOOKUP_FOLLOW

/* The descriptor's number, or minus the error. */
static int64_t open_at(uint32_t dir, const char *path, uint32_t lookup, uint32_t oflags,
                       uint64_t rights, uint32_t fdflags) {
  uint32_t error = wdn_wasi_path_open(&wasi, dir, lookup, PATH1, text(PATH1, path), oflags, rights,
                                      rights, fdflags, OUT);
  return error == WASI_OK ? (int64_t)load(OUT, 4) : -(int64_t)error;
}

/* For a file that is known to open. */
static uint32_t must_open(const char *path, uint32_t oflags, uint64_t rights) {
  int64_t fd = open_at(3, path, FOLLOW, oflags, rights, 0);
  if (fd < 0) {
    printf("%s: error %d\n", path, (int)-fd);
    exit(1);
  }
  return (uint32_t)fd;
}

/* What is read, at most 4000 bytes of it, or minus the error. Terminated, in BUF. */
static int64_t read_all(uint32_t fd) {
  uint32_t total = 0, error;
  do {
    iov(0, BUF + total, 4000 - total);
    error = wdn_wasi_fd_read(&wasi, fd, IOVS, 1, OUT);
    if (error != WASI_OK)
      return -(int64_t)error;
    total += (uint32_t)load(OUT, 4);
  } while (load(OUT, 4) > 0);
  *at(BUF + total) = 0;
  return total;
}

static int64_t write_text(uint32_t fd, const char *what) {
  uint32_t error;
  iov(0, BUF, text(BUF, what));
  error = wdn_wasi_fd_write(&wasi, fd, IOVS, 1, OUT);
  return error == WASI_OK ? (int64_t)load(OUT, 4) : -(int64_t)error;
}

/* ---- The host's side --------------------------------------------------------------- */

/* A path below the test's folder; eight at a time. */
static const char *host(const char *format, ...) {
  static char paths[8][8192];
  static unsigned next;
  char *path = paths[next++ % 8];
  int used = snprintf(path, sizeof paths[0], "%s/", folder);
  va_list list;
  va_start(list, format);
  vsnprintf(path + used, sizeof paths[0] - (size_t)used, format, list);
  va_end(list);
  return path;
}

static void must(int result, const char *what) {
  if (result >= 0)
    return;
  printf("%s: %s\n", what, strerror(errno));
  exit(1);
}

static void make_dir(const char *path) {
  must(mkdir(host("%s", path), 0777), path);
}

static void make_link(const char *target, const char *path) {
  must(symlink(target, host("%s", path)), path);
}

static void make_file(const char *path, const char *content) {
  int fd = open(host("%s", path), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  must(fd, path);
  must((int)write(fd, content, strlen(content)), path);
  close(fd);
}

/* Its content, at most 4000 bytes, or "(error)". */
static const char *content_of(const char *path) {
  static char content[4001];
  int fd = open(host("%s", path), O_RDONLY);
  ssize_t size = fd >= 0 ? read(fd, content, 4000) : -1;
  if (fd >= 0)
    close(fd);
  if (size < 0)
    return "(error)";
  content[size] = 0;
  return content;
}

static bool exists(const char *path) {
  struct stat st;
  return lstat(host("%s", path), &st) == 0;
}

static void remove_tree(const char *path) {
  DIR *dir;
  struct dirent *it;
  if (unlink(host("%s", path)) == 0 || (errno != EISDIR && errno != EPERM && errno != EACCES))
    return;
  dir = opendir(host("%s", path));
  while (dir != NULL && (it = readdir(dir)) != NULL) {
    char inner[4096];
    if (strcmp(it->d_name, ".") == 0 || strcmp(it->d_name, "..") == 0)
      continue;
    snprintf(inner, sizeof inner, "%s/%s", path, it->d_name);
    remove_tree(inner);
  }
  if (dir != NULL)
    closedir(dir);
  rmdir(host("%s", path));
}

/* Descriptors that this process has open. */
static int open_files(void) {
#ifdef _WIN32
  return windows_open_files();
#else
  int fd, count = 0;
  for (fd = 0; fd < 4096; fd++)
    count += fcntl(fd, F_GETFD) >= 0;
  return count;
#endif
}

static inline void world_is_used(void) {
  (void)start_in, (void)stop, (void)must_open, (void)read_all, (void)write_text, (void)make_dir;
  (void)make_link, (void)make_file, (void)content_of, (void)exists, (void)remove_tree;
  (void)open_files, (void)exit_jump, (void)exit_code, (void)open_at;
}

/* Exit code 77: the resolver that was asked for does not work here. */
int main(int argc, char **argv) {
  if (argc != 3) {
    printf("usage: %s kernel|walk FOLDER\n", argv[0]);
    return 2;
  }
  folder = argv[2];
  resolver = strcmp(argv[1], "walk") == 0 ? WDN_WASI_RESOLVE_WALK : WDN_WASI_RESOLVE_KERNEL;
  if (resolver == WDN_WASI_RESOLVE_KERNEL) {
    wdn_wasi_preopen_t preopen = {folder, 0, "/", false, NULL};
    wdn_wasi_config_t config = {0};
    config.preopens = &preopen;
    config.preopen_count = 1;
    config.resolver = resolver;
    if (!wdn_wasi_init(&wasi, &config, NULL)) {
      printf("a kernel that resolves paths (openat2)\n");
      return 77;
    }
    wdn_wasi_destroy(&wasi);
  }
  test();
  free(instance.memory.data);
  if (failures > 0)
    printf("%d checks failed\n", failures);
  return failures > 0;
}

#endif
