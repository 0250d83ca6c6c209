/* Measures the guest's calls, with the kernel's and with our own way to resolve paths,
 * next to the same system calls made directly: `host FOLDER`. Prints nanoseconds: the
 * best of rounds in which all of them take turns. */
#include "k.h"
#include "rows.h"
#include "wdn_try.h"
#include "wdn_wasi.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 15

static int dir, null_file, zero_file;
static struct iovec iovs[64];
static char bytes[64 * 8], buffer[4096];

static void expect(int good, const char *what) {
  if (good)
    return;
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- Directly -------------------------------------------------------------------- */

static void list(void) {
  int fd = openat(dir, "many", O_RDONLY | O_DIRECTORY | O_CLOEXEC), entries = 0;
  DIR *listed = fdopendir(fd);
  expect(listed != NULL, "fdopendir");
  while (readdir(listed) != NULL)
    entries++;
  closedir(listed);
  expect(entries == ENTRIES + 2, "readdir");
}

static void raw(int row, int times) {
  static const int counts[] = {1, 8, 64};
  struct timespec t;
  int fd;
  for (; times > 0; times--) {
    switch (row) {
    case WRITE_1:
    case WRITE_8:
    case WRITE_64:
      expect(writev(null_file, iovs, counts[row - WRITE_1]) > 0, "writev");
      break;
    case READ_1:
    case READ_8:
    case READ_64:
      expect(readv(zero_file, iovs, counts[row - READ_1]) > 0, "readv");
      break;
    case CLOCK:
      clock_gettime(CLOCK_MONOTONIC, &t);
      break;
    case RANDOM_64:
    case RANDOM_4096:
      expect(getrandom(buffer, row == RANDOM_64 ? 64 : 4096, 0) > 0, "getrandom");
      break;
    case OPEN_1:
    case OPEN_3:
    case OPEN_8:
      fd = openat(dir, row_paths[row - OPEN_1], O_RDONLY | O_CLOEXEC);
      expect(fd >= 0 && close(fd) == 0, "openat");
      break;
    default:
      list();
    }
  }
}

/* ---- Through a guest ---------------------------------------------------------------- */

typedef struct guest {
  k_t instance;
  wdn_wasi_t wasi;
} guest_t;

static void start(guest_t *guest, const char *folder, wdn_wasi_resolver_t resolver) {
  wdn_wasi_preopen_t preopen;
  wdn_wasi_config_t config;
  k_imports_t imports;
  memset(&preopen, 0, sizeof preopen);
  memset(&config, 0, sizeof config);
  preopen.host = folder;
  preopen.guest = "/";
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.resolver = resolver;
  config.stdio[0].kind = config.stdio[1].kind = WDN_WASI_HOST;
  config.stdio[0].fd = zero_file;
  config.stdio[1].fd = null_file;
  expect(wdn_wasi_init(&guest->wasi, &config, NULL), "wdn_wasi_init");
  wdn_wasi_attach(&guest->wasi, &guest->instance, &k_module);
  imports.wasi_snapshot_preview1 = &guest->wasi;
  imports.wasi_snapshot_preview1_fd_write = wdn_wasi_fd_write;
  imports.wasi_snapshot_preview1_fd_read = wdn_wasi_fd_read;
  imports.wasi_snapshot_preview1_clock_time_get = wdn_wasi_clock_time_get;
  imports.wasi_snapshot_preview1_random_get = wdn_wasi_random_get;
  imports.wasi_snapshot_preview1_path_open = wdn_wasi_path_open;
  imports.wasi_snapshot_preview1_fd_close = wdn_wasi_fd_close;
  imports.wasi_snapshot_preview1_fd_readdir = wdn_wasi_fd_readdir;
  expect(k_instantiate(&guest->instance, &imports, NULL, NULL) == WDN_DONE, "k_instantiate");
}

static void guest_run(guest_t *guest, int row, int times) {
  volatile uint32_t error = 1;
  wdn_trap_t trap;
  WDN_TRY(trap, &guest->instance, error = k_run(&guest->instance, (uint32_t)row, (uint32_t)times));
  if (trap != WDN_OK || error != 0) {
    fprintf(stderr, "%s: error %u, %s\n", row_names[row], (unsigned)error, wdn_trap_message(trap));
    exit(1);
  }
}

static void least(double *best, double start, int times) {
  double each = (now() - start) / times;
  if (*best == 0 || each < *best)
    *best = each;
}

int main(int argc, char **argv) {
  static guest_t kernel, walk;
  int row, round, i;
  expect(argc == 2, "usage");
  dir = open(argv[1], O_RDONLY | O_DIRECTORY);
  null_file = open("/dev/null", O_WRONLY);
  zero_file = open("/dev/zero", O_RDONLY);
  expect(dir >= 0 && null_file >= 0 && zero_file >= 0, "open");
  for (i = 0; i < 64; i++) {
    iovs[i].iov_base = bytes + 8 * i;
    iovs[i].iov_len = 8;
  }
  start(&kernel, argv[1], WDN_WASI_RESOLVE_AUTO);
  start(&walk, argv[1], WDN_WASI_RESOLVE_WALK);
  for (row = 0; row < ROWS; row++) {
    int times = row == READDIR ? 1 : row == RANDOM_4096 ? 1000 : 10000;
    double best[4] = {0, 0, 0, 0};
    for (round = 0; round < ROUNDS; round++) {
      double at = now();
      raw(row, times);
      least(&best[0], at, times);
      at = now();
      guest_run(&kernel, row, times);
      least(&best[1], at, times);
      at = now();
      guest_run(&walk, row, times);
      least(&best[2], at, times);
      at = now();
      raw(row, times);
      least(&best[3], at, times);
    }
    printf("%s %.2f %.2f %.2f %.2f\n", row_names[row], best[0], best[1], best[2], best[3]);
  }
  return 0;
}
