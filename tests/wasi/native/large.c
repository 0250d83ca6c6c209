/* Much of everything: ten megabytes of random numbers, a directory of 100,000 entries
 * that changes while it is read through a small buffer, and addresses that overlap or
 * have no alignment.
 *
 * not on: windows (its emulator takes minutes for so many files) */
#include "world.h"

/* Emulators take longer. */
#if defined(__s390x__) || defined(__i386__)
#define ENTRIES 10000u
#else
#define ENTRIES 100000u
#endif

static void check_random(void) {
  const uint32_t size = 10000000;
  uint32_t i, counts[256] = {0};
  make_memory(size + 7);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 7, size), WASI_OK);
  for (i = 0; i < size; i++)
    counts[*at(7 + i)]++;
  for (i = 0; i < 256; i++)
    CHECK(counts[i] > size / 256 * 9 / 10 && counts[i] < size / 256 * 11 / 10);
  CHECK_EQUAL(*at(6), 0x5a);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 8, size), WASI_FAULT);
  make_memory(MEMORY_SIZE);
}

static void make_entry(const char *format, uint32_t i) {
  int fd = open(host(format, i), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  must(fd, "an entry");
  close(fd);
}

/* Every third entry goes, and others come, while the rest is listed. */
static void check_listing(void) {
  static uint8_t seen[ENTRIES];
  uint64_t cookie = 0;
  uint32_t i, others = 0, turns = 0, fd;
  make_dir("many");
  for (i = 0; i < ENTRIES; i++)
    make_entry("many/%06u", i);
  fd = must_open("many", WASI_O_DIRECTORY, READ);
  for (;; turns++) {
    uint32_t used, offset = 0;
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, 100, cookie, OUT), WASI_OK);
    used = (uint32_t)load(OUT, 4);
    while (used - offset >= 24 && used - offset - 24 >= load(BUF + offset + 16, 4)) {
      uint32_t size = (uint32_t)load(BUF + offset + 16, 4);
      char name[16] = {0};
      memcpy(name, at(BUF + offset + 24), size < 15 ? size : 15);
      if (size == 6 && name[0] != 'n')
        seen[atoi(name)]++;
      else
        others++;
      cookie = load(BUF + offset, 8);
      offset += 24 + size;
    }
    if (used < 100 || failures > 0)
      break;
    i = turns * 3 + 1;
    if (i < ENTRIES)
      unlink(host("many/%06u", i));
    if (turns % 50 == 0)
      make_entry("many/n%u", turns);
  }
  for (i = 0; i < ENTRIES && failures < 5; i++) {
    if (i % 3 != 1)
      CHECK_EQUAL(seen[i], 1);
    else
      CHECK(seen[i] <= 1);
  }
  CHECK(others >= 2);
  for (i = 0; i < ENTRIES; i++)
    unlink(host("many/%06u", i));
  for (i = 0; i <= turns; i += 50)
    unlink(host("many/n%u", i));
}

static void check_overlaps(void) {
  uint32_t fd = must_open("overlap", WASI_O_CREAT, READ | WRITE);
  CHECK_EQUAL(write_text(fd, "0123456789abcdef"), 16);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, 0, WASI_SEEK_SET, 0x301), WASI_OK);
  CHECK_EQUAL(load(0x301, 8), 0);
  /* The buffer is where the iovec is, and where the count goes. */
  iov(0, IOVS, 16);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, fd, IOVS, 1, IOVS + 3), WASI_OK);
  CHECK_EQUAL(load(IOVS + 3, 4), 16);
  CHECK(memcmp(at(IOVS), "012", 3) == 0 && memcmp(at(IOVS + 7), "789abcdef", 9) == 0);
  /* Two buffers are the same. */
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, 0, WASI_SEEK_SET, OUT), WASI_OK);
  iov(0, BUF + 1, 4);
  iov(1, BUF + 1, 4);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, fd, IOVS, 2, OUT), WASI_OK);
  CHECK(memcmp(at(BUF + 1), "4567", 4) == 0);
  /* Events where the subscriptions are. */
  memset(at(BUF + 1), 0, 48);
  store(BUF + 1, 8, 77);
  store(BUF + 1 + 40, 2, WASI_SUBSCRIPTION_ABSTIME);
  CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, BUF + 1, BUF + 1, 1, BUF + 41), WASI_OK);
  CHECK_EQUAL(load(BUF + 1, 8), 77);
  CHECK_EQUAL(load(BUF + 41, 4), 1);
  /* Two results at one place: the last one wins. */
  CHECK_EQUAL(wdn_wasi_args_sizes_get(&wasi, OUT + 1, OUT + 1), WASI_OK);
  CHECK_EQUAL(load(OUT + 1, 4), 0);
  /* A path inside of the structure that tells about it. */
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 0, PATH1 + 1, text(PATH1 + 1, "overlap"), PATH1),
              WASI_OK);
  CHECK_EQUAL(load(PATH1 + 32, 8), 16);
}

static void test(void) {
  start_in("", false);
  check_random();
  check_overlaps();
  check_listing();
  stop();
}
