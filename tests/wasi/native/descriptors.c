/* The table of descriptors: lowest numbers, running out of them, renumbering,
 * and what the host sees of it.
 *
 * not on: windows (sets limits of POSIX) */
#include "world.h"

#include <sys/resource.h>

static void lowest_first(void) {
  uint32_t a = must_open("a", 0, READ), b = must_open("a", 0, READ), c = must_open("a", 0, READ);
  CHECK(a == 4 && b == 5 && c == 6);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, b), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, a), WASI_OK);
  CHECK_EQUAL(must_open("a", 0, READ), 4);
  CHECK_EQUAL(must_open("a", 0, READ), 5);
  CHECK_EQUAL(must_open("a", 0, READ), 7);
  /* Closing stdin frees its number for the guest, and leaves the host's alone. */
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 0), WASI_OK);
  CHECK(fcntl(0, F_GETFD) >= 0);
  CHECK_EQUAL(must_open("a", 0, READ), 0);
  CHECK_EQUAL(read_all(0), 1);
}

static void not_open(void) {
  static const uint32_t fds[] = {8, 100, 1023, 1024, 0x7fffffff, 0x80000000, 0xffffffff};
  size_t i;
  for (i = 0; i < sizeof fds / sizeof fds[0]; i++) {
    uint32_t fd = fds[i];
    CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_read(&wasi, fd, IOVS, 0, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, IOVS, 0, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, IOVS, 0, 0, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 0, 0, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, 0, 0, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, fd), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, fd, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, fd, 0), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, fd, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, 0), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, fd, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, 100, 0, OUT), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, fd, fd), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, fd, 4), WASI_BADF);
    CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 4, fd), WASI_BADF);
    CHECK_EQUAL(open_at(fd, "a", 0, 0, READ, 0), -WASI_BADF);
  }
}

/* The guest cannot reach what the host has open, nor pass it on. */
static void hosts_are_hidden(void) {
  int secret = open(host("secret"), O_RDWR | O_CREAT, 0666), fd;
  uint32_t guest;
  must(secret, "secret");
  for (guest = 8; guest < 200; guest++)
    CHECK_EQUAL(wdn_wasi_fd_read(&wasi, guest, IOVS, 0, OUT), WASI_BADF);
  for (fd = 3; fd < 4096; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags < 0 || fd == secret)
      continue;
    CHECK((flags & FD_CLOEXEC) != 0);
  }
  close(secret);
}

/* A host without standard streams: a file must not become one of them. */
static void never_a_standard_stream(void) {
  int saved = dup(2), fd;
  must(saved, "dup");
  close(2);
  stop();
  start_in("in", false);
  CHECK_EQUAL(must_open("a", 0, READ | WRITE), 4);
  CHECK_EQUAL(write_text(2, "to nobody"), -WASI_BADF);
  CHECK(strcmp(content_of("in/a"), "a") == 0);
  fd = dup2(saved, 2);
  CHECK_EQUAL(fd, 2);
  close(saved);
}

/* By the guest's limit, then by the system's. */
static void exhaustion(void) {
  struct rlimit limit, low;
  int64_t fd;
  uint32_t i, opened = 0;
  for (i = 0; i < 2000; i++) {
    fd = open_at(3, "a", 0, WASI_O_CREAT, READ, 0);
    if (fd < 0)
      break;
    CHECK_EQUAL(fd, 4 + i);
    opened++;
  }
  CHECK_EQUAL(fd, -WASI_MFILE);
  CHECK_EQUAL(opened, 100 - 4);
  CHECK_EQUAL(open_at(3, "never", 0, WASI_O_CREAT, READ, 0), -WASI_MFILE);
  CHECK(!exists("in/never"));
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 50), WASI_OK);
  CHECK_EQUAL(open_at(3, "a", 0, 0, READ, 0), 50);
  for (i = 4; i < 100; i++)
    CHECK_EQUAL(wdn_wasi_fd_close(&wasi, i), WASI_OK);
  must(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
  low = limit;
  low.rlim_cur = 30;
  must(setrlimit(RLIMIT_NOFILE, &low), "setrlimit");
  for (i = 0; i < 200 && (fd = open_at(3, "a", 0, 0, READ, 0)) >= 0;)
    i++;
  CHECK(i > 5 && i < 30);
  CHECK_EQUAL(fd, -WASI_MFILE);
  /* What needs a descriptor for a moment fails cleanly. */
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, BUF, 100, 0, OUT), WASI_MFILE);
  CHECK_EQUAL(open_at(3, "dir/x", 0, 0, READ, 0), -WASI_MFILE);
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 0, PATH1, text(PATH1, "dir/x"), OUT),
              WASI_MFILE);
  must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

static uint64_t inode(uint32_t fd) {
  return wdn_wasi_fd_filestat_get(&wasi, fd, OUT) == WASI_OK ? load(OUT + 8, 8) : 0;
}

static void renumbering(void) {
  uint32_t a = must_open("a", 0, READ), b = must_open("b", 0, READ), i;
  uint64_t inode_a = inode(a), inode_b = inode(b);
  int files = open_files();
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, a, a), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 1, 1), WASI_OK);
  CHECK(inode(a) == inode_a && inode_a != inode_b);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, a, b), WASI_OK);
  CHECK_EQUAL(open_files(), files - 1);
  CHECK(inode(b) == inode_a && inode(a) == 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, a), WASI_BADF);
  CHECK_EQUAL(must_open("b", 0, READ), a);
  files = open_files();
  for (i = 0; i < 100000; i++) {
    /* To and fro, by way of a third: every file is closed and opened again. */
    uint32_t fd = (uint32_t)open_at(3, i % 2 == 0 ? "a" : "b", 0, 0, READ, 0);
    if (wdn_wasi_fd_renumber(&wasi, fd, a) != WASI_OK)
      break;
  }
  CHECK_EQUAL(i, 100000);
  CHECK_EQUAL(open_files(), files);
  CHECK(inode(a) == inode_b);
  /* Onto a standard stream: the host's is untouched. */
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, a, 0), WASI_OK);
  CHECK(fcntl(0, F_GETFD) >= 0);
  CHECK_EQUAL(inode(0), inode_b);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, b), WASI_OK);
}

/* A preopen is a descriptor like any other, and keeps its name. */
static void moving_a_preopen(void) {
  uint32_t fd = must_open("a", 0, READ);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, BUF, 100, 0, OUT), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 3, fd), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, 3, OUT), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, fd, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 4, 4), 1);
  CHECK_EQUAL(wdn_wasi_fd_prestat_dir_name(&wasi, fd, BUF, 0), WASI_NAMETOOLONG);
  store(BUF, 4, 0);
  CHECK_EQUAL(wdn_wasi_fd_prestat_dir_name(&wasi, fd, BUF, 4), WASI_OK);
  CHECK_EQUAL(load(BUF, 4), '/');
  CHECK_EQUAL(open_at(fd, "a", 0, 0, READ, 0), 3);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, fd, OUT), WASI_BADF);
}

/* What cannot be granted is said before the guest starts, and leaves nothing. */
static void bad_preopens(void) {
  wdn_wasi_preopen_t preopens[2] = {{NULL, 0, "/", false, NULL}, {NULL, 0, "x", false, NULL}};
  wdn_wasi_config_t config = {0};
  wdn_wasi_error_t error;
  wdn_wasi_t other;
  int files = open_files(), file = open(host("in/a"), O_RDONLY);
  char good[4096], bad[4096];
  config.preopens = preopens;
  config.preopen_count = 2;
  snprintf(good, sizeof good, "%s", host("in"));
  snprintf(bad, sizeof bad, "%s", host("missing"));
  preopens[0].host = good;
  preopens[1].host = bad;
  CHECK(!wdn_wasi_init(&other, &config, &error));
  CHECK(error.preopen == 1 && strcmp(error.message, "no such directory") == 0);
  snprintf(bad, sizeof bad, "%s", host("in/a"));
  CHECK(!wdn_wasi_init(&other, &config, &error));
  CHECK(error.preopen == 1 && strcmp(error.message, "not a directory") == 0);
  preopens[1].host = NULL;
  preopens[1].fd = file;
  CHECK(!wdn_wasi_init(&other, &config, NULL));
  preopens[1].fd = 4000;
  CHECK(!wdn_wasi_init(&other, &config, NULL));
  close(file);
  preopens[1].fd = open(good, O_RDONLY);
  config.max_fds = 4;
  CHECK(!wdn_wasi_init(&other, &config, &error));
  config.max_fds = 5;
  CHECK(wdn_wasi_init(&other, &config, &error));
  close(preopens[1].fd);
  wdn_wasi_destroy(&other);
  CHECK_EQUAL(open_files(), files);
}

static void test(void) {
  int before, fd;
  for (fd = 3; fd < 4096; fd++)
    fcntl(fd, F_SETFD, FD_CLOEXEC); /* whatever else this process inherited */
  make_dir("in");
  make_dir("in/dir");
  make_file("in/a", "a");
  make_file("in/b", "b");
  before = open_files();
  start_in("in", false);
  lowest_first();
  not_open();
  hosts_are_hidden();
  never_a_standard_stream();
  stop();
  start_in("in", false);
  wasi.config.max_fds = 100;
  exhaustion();
  stop();
  start_in("in", false);
  renumbering();
  stop();
  start_in("in", false);
  moving_a_preopen();
  stop();
  bad_preopens();
  CHECK_EQUAL(open_files(), before);
}
