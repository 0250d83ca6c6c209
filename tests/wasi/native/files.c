/* What a guest does with a file: open, read, write, positions, sizes, status. */
#include "world.h"

static uint64_t tell(uint32_t fd) {
  CHECK_EQUAL(wdn_wasi_fd_tell(&wasi, fd, OUT), WASI_OK);
  return load(OUT, 8);
}

static void opening(void) {
  CHECK_EQUAL(open_at(3, "new", 0, 0, READ, 0), -WASI_NOENT);
  CHECK_EQUAL(open_at(3, "new", 0, WASI_O_CREAT, READ | WRITE, 0), 4);
  CHECK_EQUAL(open_at(3, "new", 0, WASI_O_CREAT | WASI_O_EXCL, READ, 0), -WASI_EXIST);
  CHECK_EQUAL(open_at(3, "new", 0, WASI_O_DIRECTORY, READ, 0), -WASI_NOTDIR);
  CHECK_EQUAL(open_at(3, "new/", 0, 0, READ, 0), -WASI_NOTDIR);
  CHECK_EQUAL(open_at(3, "new/x", 0, 0, READ, 0), -WASI_NOTDIR);
  CHECK_EQUAL(open_at(3, "other/", 0, WASI_O_CREAT, READ, 0), -WASI_ISDIR);
  CHECK_EQUAL(open_at(4, "x", 0, 0, READ, 0), -WASI_NOTDIR);
  CHECK_EQUAL(open_at(0, "x", 0, 0, READ, 0), -WASI_NOTDIR);
  CHECK_EQUAL(open_at(99, "x", 0, 0, READ, 0), -WASI_BADF);
  CHECK_EQUAL(open_at(3, "dir", 0, WASI_O_DIRECTORY | WASI_O_CREAT, READ, 0), -WASI_INVAL);
  CHECK_EQUAL(open_at(3, "dir", 0, 0, READ | WRITE, 0), -WASI_ISDIR);
  CHECK_EQUAL(open_at(3, "dir", 0, WASI_O_TRUNC, READ, 0), -WASI_ISDIR);
  CHECK_EQUAL(open_at(3, "dir", 2, 0, READ, 0), -WASI_INVAL);
  CHECK_EQUAL(open_at(3, "dir", 0, 16, READ, 0), -WASI_INVAL);
  CHECK_EQUAL(open_at(3, "dir", 0, 0, READ, 32), -WASI_INVAL);
  CHECK_EQUAL(open_at(3, "dir", 0, WASI_O_DIRECTORY, READ, 0), 5);
  CHECK_EQUAL(open_at(5, "new", 0, WASI_O_CREAT, WRITE, 0), 6);
  CHECK_EQUAL(open_at(5, ".", 0, 0, READ, 0), 7);
  CHECK(exists("in/new") && exists("in/dir/new") && !exists("in/other"));
  for (uint32_t fd = 4; fd < 8; fd++)
    CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  /* 0 rights are a file that is there, and no more. */
  CHECK_EQUAL(open_at(3, "new", 0, 0, 0, 0), 4);
  CHECK_EQUAL(write_text(4, "x"), -WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 4), WASI_OK);
}

static void reading_and_writing(void) {
  uint32_t fd = must_open("data", WASI_O_CREAT, READ | WRITE);
  text(BUF, "0123456789");
  iov(0, BUF, 3);
  iov(1, BUF, 0);
  iov(2, BUF + 3, 7);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, IOVS, 3, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 10);
  CHECK(strcmp(content_of("in/data"), "0123456789") == 0);
  CHECK_EQUAL(tell(fd), 10);
  CHECK_EQUAL(read_all(fd), 0);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, (uint64_t)-4, WASI_SEEK_END, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8), 6);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, (uint64_t)-4, WASI_SEEK_CUR, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8), 2);
  iov(0, BUF + 100, 2);
  iov(1, BUF + 200, 2);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, fd, IOVS, 2, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 4);
  CHECK(memcmp(at(BUF + 100), "23", 2) == 0 && memcmp(at(BUF + 200), "45", 2) == 0);
  CHECK_EQUAL(read_all(fd), 4);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, (uint64_t)-1, WASI_SEEK_SET, OUT), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, 0, 3, OUT), WASI_INVAL);
  CHECK_EQUAL(tell(fd), 10);
  /* No iovecs, and iovecs of nothing. */
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, fd, MEMORY_SIZE, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 0);
  iov(0, MEMORY_SIZE, 0);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, IOVS, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

static void positions(void) {
  uint32_t fd = must_open("data", 0, READ | WRITE);
  iov(0, BUF, 3);
  iov(1, BUF + 3, 30);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, IOVS, 2, 4, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 6);
  CHECK(memcmp(at(BUF), "456789", 6) == 0);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, IOVS, 2, 10, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 0);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, IOVS, 2, INT64_MAX - 100, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 0);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, IOVS, 2, (uint64_t)INT64_MAX + 1, OUT), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 2, UINT64_MAX, OUT), WASI_INVAL);
  text(BUF, "abcdef");
  iov(1, BUF + 3, 3);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 2, 12, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 6);
  CHECK_EQUAL(tell(fd), 0);
  CHECK_EQUAL(read_all(fd), 18);
  CHECK(memcmp(at(BUF), "0123456789\0\0abcdef", 18) == 0);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, 5), WASI_OK);
  CHECK(strcmp(content_of("in/data"), "01234") == 0);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, (uint64_t)1 << 63), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, 7), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 32, 8), 7);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  fd = must_open("data", 0, READ);
  CHECK(wdn_wasi_fd_filestat_set_size(&wasi, fd, 1) != WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, 3, 1), WASI_ISDIR);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

static void appending(void) {
  int64_t fd;
  make_file("in/log", "one ");
  fd = open_at(3, "log", 0, 0, READ | WRITE, WASI_FD_APPEND);
  CHECK(fd > 3);
  CHECK_EQUAL(write_text((uint32_t)fd, "two "), 4);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, (uint32_t)fd, 0, WASI_SEEK_SET, OUT), WASI_OK);
  CHECK_EQUAL(write_text((uint32_t)fd, "three "), 6);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, (uint32_t)fd, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 2, 2), WASI_FD_APPEND);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, (uint32_t)fd, WASI_FD_NONBLOCK), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, (uint32_t)fd, 0, WASI_SEEK_SET, OUT), WASI_OK);
  CHECK_EQUAL(write_text((uint32_t)fd, "ONE"), 3);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, (uint32_t)fd, WASI_FD_APPEND), WASI_OK);
  CHECK_EQUAL(write_text((uint32_t)fd, "four"), 4);
  CHECK(strcmp(content_of("in/log"), "ONE two three four") == 0);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, (uint32_t)fd, WASI_FD_SYNC), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, (uint32_t)fd, 32), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, (uint32_t)fd), WASI_OK);
  fd = open_at(3, "log", 0, WASI_O_TRUNC, WRITE, WASI_FD_SYNC | WASI_FD_DSYNC | WASI_FD_RSYNC);
  CHECK(fd > 3);
  CHECK(strcmp(content_of("in/log"), "") == 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, (uint32_t)fd), WASI_OK);
}

static void status(void) {
  const uint64_t seek = WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL;
  struct stat st;
  uint32_t fd;
  make_file("in/status", "12345");
  must(lstat(host("in/status"), &st), "status");
  fd = must_open("status", 0, READ);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
#ifndef _WIN32
  CHECK_EQUAL(load(OUT, 8), st.st_dev);
  CHECK_EQUAL(load(OUT + 8, 8), st.st_ino);
  CHECK_EQUAL(load(OUT + 48, 8), st.st_mtim.tv_sec * 1000000000ll + st.st_mtim.tv_nsec);
#endif
  CHECK_EQUAL(load(OUT + 16, 8), WASI_TYPE_REGULAR);
  CHECK_EQUAL(load(OUT + 24, 8), 1);
  CHECK_EQUAL(load(OUT + 32, 8), 5);
  CHECK_EQUAL(load(OUT + 48, 8) / 1000000000, st.st_mtime);
  memcpy(at(BUF), at(OUT), WASI_FILESTAT_SIZE);
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 0, PATH1, text(PATH1, "status"), OUT), WASI_OK);
  CHECK(memcmp(at(BUF), at(OUT), WASI_FILESTAT_SIZE) == 0);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, fd, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8), WASI_TYPE_REGULAR);
  CHECK_EQUAL(load(OUT + 8, 8) & (READ | WRITE | seek), WASI_RIGHT_FD_READ | seek);
  CHECK_EQUAL(load(OUT + 16, 8), 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  fd = must_open("status", 0, WRITE);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, fd, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 8, 8) & (READ | WRITE | seek), WRITE | seek);
  iov(0, BUF, 1);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, fd, IOVS, 1, OUT), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 3, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8), WASI_TYPE_DIRECTORY);
  CHECK((load(OUT + 16, 8) & WRITE) != 0 && (load(OUT + 8, 8) & WASI_RIGHT_PATH_OPEN) != 0);
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 0, PATH1, text(PATH1, "dir"), OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 16, 8), WASI_TYPE_DIRECTORY);
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 2, PATH1, text(PATH1, "dir"), OUT), WASI_INVAL);
}

/* Times that no 64 bits of nanoseconds hold. */
static void extreme_times(void) {
#ifndef _WIN32
  static const int64_t seconds[] = {-1, INT32_MIN, INT32_MAX, 4294967296, 18446744072, 18446744074};
  size_t i;
  make_file("in/old", "");
  for (i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
    struct timespec times[2] = {{0, 0}, {0, 0}};
    struct stat st;
    times[0].tv_sec = times[1].tv_sec = (time_t)seconds[i];
    must(utimensat(AT_FDCWD, host("in/old"), times, 0), "utimensat");
    must(stat(host("in/old"), &st), "stat");
    CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 0, PATH1, text(PATH1, "old"), OUT), WASI_OK);
    CHECK_EQUAL(load(OUT + 48, 8), st.st_mtim.tv_sec < 0 ? 0
                                   : st.st_mtim.tv_sec > 18446744073ll
                                       ? UINT64_MAX
                                       : (uint64_t)st.st_mtim.tv_sec * 1000000000);
  }
#endif
}

static uint32_t set_times(const char *path, uint32_t lookup, uint64_t atime, uint64_t mtime,
                          uint32_t flags) {
  return wdn_wasi_path_filestat_set_times(&wasi, 3, lookup, PATH1, text(PATH1, path), atime, mtime,
                                          flags);
}

static void check_times(const char *path, uint32_t lookup, uint64_t atime, uint64_t mtime) {
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, lookup, PATH1, text(PATH1, path), OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 40, 8), atime - atime % TIME_STEP);
  CHECK_EQUAL(load(OUT + 48, 8), mtime - mtime % TIME_STEP);
}

static void times_of_links(void) {
  const uint32_t both = WASI_FST_ATIM | WASI_FST_MTIM;
  if (!HAS_LINKS)
    return;
  make_link("times", "in/totimes");
  CHECK_EQUAL(set_times("totimes", FOLLOW, 1, 2, both), WASI_OK);
  check_times("times", 0, 1, 2);
  CHECK_EQUAL(set_times("totimes", 0, 3, 4, both), WASI_OK);
  check_times("times", 0, 1, 2);
  check_times("totimes", 0, 3, 4);
}

static void times(void) {
  const uint32_t both = WASI_FST_ATIM | WASI_FST_MTIM;
  const uint64_t a = 1234567890123456789u, m = 987654321987654321u;
  uint32_t fd;
  make_file("in/times", "");
  fd = must_open("times", 0, READ);
  CHECK_EQUAL(set_times("times", 0, a, m, both), WASI_OK);
  check_times("times", 0, a, m);
  CHECK_EQUAL(set_times("times", 0, 5, 6, WASI_FST_MTIM), WASI_OK);
  check_times("times", 0, a, 6);
  CHECK_EQUAL(set_times("times", 0, 5, 7, 0), WASI_OK);
  check_times("times", 0, a, 6);
  times_of_links();
  CHECK_EQUAL(set_times("times/", 0, 3, 4, both), WASI_NOTDIR);
  CHECK_EQUAL(set_times("missing", 0, 3, 4, both), WASI_NOENT);
  CHECK_EQUAL(set_times("times", 0, 3, 4, 16), WASI_INVAL);
  CHECK_EQUAL(set_times("times", 2, 3, 4, both), WASI_INVAL);
  CHECK_EQUAL(set_times("times", 0, 3, 4, WASI_FST_ATIM | WASI_FST_ATIM_NOW), WASI_INVAL);
  CHECK_EQUAL(set_times("times", 0, 3, 4, WASI_FST_MTIM | WASI_FST_MTIM_NOW), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, fd, m, a, both), WASI_OK);
  check_times("times", 0, m, a);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, fd, 0, 0, WASI_FST_ATIM_NOW), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
  CHECK(load(OUT + 40, 8) / 1000000000 + 5 > (uint64_t)time(NULL));
  CHECK_EQUAL(load(OUT + 48, 8), a - a % TIME_STEP);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, fd, 0, 0, 16), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, 99, 0, 0, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, 1, 0, 0, 0), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

static void directories_as_files(void) {
  uint32_t fd = must_open("dir", WASI_O_DIRECTORY, READ);
  iov(0, BUF, 1);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, fd, IOVS, 1, OUT), WASI_ISDIR);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, IOVS, 1, 0, OUT), WASI_ISDIR);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, IOVS, 1, OUT), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, 0, 0, OUT), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_tell(&wasi, fd, OUT), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, fd), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, fd, 0, 0, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_allocate(&wasi, fd, 0, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, fd, OUT), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

static void advice(void) {
  uint32_t fd = must_open("data", 0, READ | WRITE);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, fd, 0, 10, 5), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, fd, 0, 10, 6), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, fd, (uint64_t)1 << 63, 10, 0), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, fd, 0, UINT64_MAX, 0), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, 1, 0, 0, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_allocate(&wasi, fd, 0, 10), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_allocate(&wasi, 99, 0, 10), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_rights(&wasi, fd, 0, 0), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_rights(&wasi, 99, 0, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, fd), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_datasync(&wasi, fd), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_datasync(&wasi, 99), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

/* More iovecs than one call of any system takes. */
static void many_iovecs(void) {
  const uint32_t count = 5000, size = 1 << 20;
  uint32_t fd = must_open("many", WASI_O_CREAT, READ | WRITE);
  uint32_t i, left = count, done = 0;
  make_memory(size);
  for (i = 0; i < count; i++) {
    store(BUF + 8 * i, 4, 0x80000 + i * 2);
    store(BUF + 8 * i + 4, 4, 1);
    *at(0x80000 + i * 2) = (uint8_t)(i * 7);
  }
  while (left > 0) {
    CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, BUF + 8 * (count - left), left, OUT), WASI_OK);
    done = (uint32_t)load(OUT, 4);
    CHECK(done > 0 && done <= left);
    if (done == 0 || done > left)
      break;
    left -= done;
  }
  iov(0, 0x80000, count + 1);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, IOVS, 1, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), count);
  for (i = 0; i < count; i++)
    CHECK_EQUAL(*at(0x80000 + i), (uint8_t)(i * 7));
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  make_memory(MEMORY_SIZE);
}

static void test(void) {
  int before;
  make_dir("in");
  make_dir("in/dir");
  before = open_files();
  start_in("in", false);
  opening();
  reading_and_writing();
  positions();
  appending();
  status();
  extreme_times();
  times();
  directories_as_files();
  advice();
  many_iovecs();
  stop();
  CHECK_EQUAL(open_files(), before);
}
