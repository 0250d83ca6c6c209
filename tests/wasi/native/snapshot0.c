/* wasi_unstable: what differs from preview 1. */
#include "world.h"

static void check_stat(void) {
  uint32_t fd = must_open("file", WASI_O_CREAT, READ | WRITE);
  struct stat st;
  CHECK_EQUAL(write_text(fd, "seven b"), 7);
  must(lstat(host("file"), &st), "lstat");
  memset(at(OUT), 0xaa, 64);
  CHECK_EQUAL(wdn_wasi0_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
#ifndef _WIN32 /* its stat has none */
  CHECK_EQUAL(load(OUT + 8, 8), st.st_ino);
#endif
  CHECK_EQUAL(load(OUT + 16, 4), WASI_TYPE_REGULAR);
  CHECK_EQUAL(load(OUT + 20, 4), 1);
  CHECK_EQUAL(load(OUT + 24, 8), 7);
  CHECK_EQUAL(load(OUT + 40, 8) / 1000000000, st.st_mtime);
  CHECK_EQUAL(load(OUT + 56, 8), 0xaaaaaaaaaaaaaaaa);
  memset(at(OUT), 0, 64);
  CHECK_EQUAL(wdn_wasi0_path_filestat_get(&wasi, 3, 0, PATH1, text(PATH1, "file"), OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 24, 8), 7);
  CHECK_EQUAL(wdn_wasi0_path_filestat_get(&wasi, 3, 0, PATH1, text(PATH1, "none"), OUT),
              WASI_NOENT);
  CHECK_EQUAL(wdn_wasi0_fd_filestat_get(&wasi, fd, MEMORY_SIZE - 56), WASI_OK);
  CHECK_EQUAL(wdn_wasi0_fd_filestat_get(&wasi, fd, MEMORY_SIZE - 55), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi0_path_filestat_get(&wasi, 3, 0, PATH1, 4, MEMORY_SIZE - 55), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi0_fd_seek(&wasi, fd, 2, 2, OUT), WASI_OK); /* set */
  CHECK_EQUAL(load(OUT, 8), 2);
  CHECK_EQUAL(wdn_wasi0_fd_seek(&wasi, fd, 2, 0, OUT), WASI_OK); /* from where it is */
  CHECK_EQUAL(load(OUT, 8), 4);
  CHECK_EQUAL(wdn_wasi0_fd_seek(&wasi, fd, (uint64_t)-1, 1, OUT), WASI_OK); /* from the end */
  CHECK_EQUAL(load(OUT, 8), 6);
  CHECK_EQUAL(wdn_wasi0_fd_seek(&wasi, fd, 0, 3, OUT), WASI_INVAL);
}

static void check_poll(void) {
  uint32_t first = BUF, second = BUF + 56;
  memset(at(BUF), 0, 112);
  store(first, 8, 11);
  store(first + 16, 8, 99); /* the clock's identifier */
  store(first + 24, 4, WASI_CLOCK_MONOTONIC);
  store(first + 32, 8, 3600000000000u);
  store(second, 8, 22);
  store(second + 24, 4, WASI_CLOCK_REALTIME);
  store(second + 32, 8, 1000);
  store(second + 48, 2, WASI_SUBSCRIPTION_ABSTIME); /* long ago */
  CHECK_EQUAL(wdn_wasi0_poll_oneoff(&wasi, first, OUT, 2, OUT2), WASI_OK);
  CHECK_EQUAL(load(OUT2, 4), 1);
  CHECK_EQUAL(load(OUT, 8), 22);
  CHECK_EQUAL(load(OUT + 8, 2), WASI_OK);
  CHECK_EQUAL(wdn_wasi0_poll_oneoff(&wasi, MEMORY_SIZE - 111, OUT, 2, OUT2), WASI_FAULT);
}

static void test(void) {
  make_dir("s");
  start_in("", false);
  check_stat();
  check_poll();
  stop();
}
