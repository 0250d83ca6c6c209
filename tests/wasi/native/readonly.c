/* A preopen that is read-only: nothing below it changes, by whatever way, and
 * another preopen beside it is not affected. */
#include "world.h"

/* Descriptor 3 is "in", read-only; 4 is "rw". */
static void start_both(void) {
  static char paths[2][4096];
  wdn_wasi_preopen_t preopens[2] = {{paths[0], 0, "/", true, NULL},
                                    {paths[1], 0, "/rw", false, NULL}};
  wdn_wasi_config_t config = {0};
  snprintf(paths[0], sizeof paths[0], "%s", host("in"));
  snprintf(paths[1], sizeof paths[1], "%s", host("rw"));
  config.preopens = preopens;
  config.preopen_count = 2;
  config.resolver = resolver;
  start_with(&config);
}

static void opening(uint32_t dir) {
  CHECK_EQUAL(open_at(dir, "file", 0, 0, WRITE, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "file", 0, 0, READ | WRITE, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "file", 0, 0, READ | WASI_RIGHT_FD_ALLOCATE, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "file", 0, 0, WASI_RIGHT_FD_FILESTAT_SET_SIZE, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "file", 0, 0, WASI_RIGHT_FD_DATASYNC, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "file", 0, WASI_O_TRUNC, READ, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "file", 0, WASI_O_TRUNC, 0, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "file", 0, WASI_O_CREAT, READ, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "new", 0, WASI_O_CREAT, READ, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "new", FOLLOW, WASI_O_CREAT | WASI_O_EXCL, 0, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(dir, "file", 0, 0, WRITE, WASI_FD_APPEND), -WASI_PERM);
}

static void through_a_file(uint32_t dir) {
  int64_t fd = open_at(dir, "file", 0, 0, READ, WASI_FD_APPEND);
  CHECK(fd >= 0);
  CHECK_EQUAL(read_all((uint32_t)fd), 6);
  CHECK_EQUAL(write_text((uint32_t)fd, "x"), -WASI_BADF);
  iov(0, BUF, 1);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, (uint32_t)fd, IOVS, 1, 0, OUT), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, (uint32_t)fd, 0), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, (uint32_t)fd, 0, 0, WASI_FST_MTIM), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_fd_allocate(&wasi, (uint32_t)fd, 0, 100), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, (uint32_t)fd, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 8, 8) & WASI_RIGHT_FD_WRITE, 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, (uint32_t)fd), WASI_OK);
}

static void names(uint32_t dir) {
  uint32_t size = text(PATH1, "new");
  CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, dir, PATH1, size), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_symlink(&wasi, PATH2, text(PATH2, "file"), dir, PATH1, size),
              WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, dir, PATH1, text(PATH1, "file")), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_remove_directory(&wasi, dir, PATH1, text(PATH1, "empty")), WASI_PERM);
  size = text(PATH1, "file");
  CHECK_EQUAL(wdn_wasi_path_rename(&wasi, dir, PATH1, size, dir, PATH2, text(PATH2, "new")),
              WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_rename(&wasi, dir, PATH1, size, 4, PATH2, text(PATH2, "new")),
              WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_rename(&wasi, 4, PATH1, size, dir, PATH2, text(PATH2, "file")),
              WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_link(&wasi, dir, 0, PATH1, size, 4, PATH2, text(PATH2, "new")),
              WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_link(&wasi, 4, 0, PATH1, size, dir, PATH2, text(PATH2, "new")),
              WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_link(&wasi, dir, 0, PATH1, size, dir, PATH2, text(PATH2, "new")),
              WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_filestat_set_times(&wasi, dir, 0, PATH1, size, 0, 0, WASI_FST_ATIM),
              WASI_PERM);
}

static void reading(uint32_t dir) {
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, dir, 0, PATH1, text(PATH1, "file"), OUT), WASI_OK);
  if (HAS_LINKS) {
    CHECK_EQUAL(wdn_wasi_path_readlink(&wasi, dir, PATH1, text(PATH1, "link"), BUF, 100, OUT),
                WASI_OK);
    CHECK_EQUAL(load(OUT, 4), 4);
  }
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, dir, BUF, 100, 0, OUT), WASI_OK);
}

static void test(void) {
  int64_t below, fd;
  make_dir("in");
  make_dir("rw");
  make_dir("in/d");
  make_file("in/file", "inside");
  make_file("in/d/file", "inside");
  make_file("rw/file", "writable");
  make_dir("in/empty");
  make_dir("in/d/empty");
  if (HAS_LINKS) {
    make_link("file", "in/link");
    make_link("file", "in/d/link");
  }
  start_both();
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 3, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 16, 8) & WASI_RIGHT_FD_WRITE, 0);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 4, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 16, 8) & WASI_RIGHT_FD_WRITE, WASI_RIGHT_FD_WRITE);
  below = open_at(3, "d", 0, WASI_O_DIRECTORY, READ, 0);
  CHECK_EQUAL(below, 5);
  opening(3);
  opening(5);
  through_a_file(3);
  through_a_file(5);
  names(3);
  names(5);
  reading(3);
  reading(5);
  /* Renumbering takes the restriction along. */
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 3, 5), WASI_OK);
  opening(5);
  names(5);
  fd = open_at(4, "file", 0, WASI_O_TRUNC, WRITE, 0);
  CHECK_EQUAL(fd, 3);
  CHECK_EQUAL(write_text(3, "changed"), 7);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, 3, 3), WASI_OK);
  stop();
  CHECK(strcmp(content_of("in/file"), "inside") == 0);
  CHECK(strcmp(content_of("in/d/file"), "inside") == 0);
  CHECK(strcmp(content_of("rw/file"), "cha") == 0);
  CHECK(exists("in/empty") && exists("in/d/empty") && !exists("in/new") && !exists("in/d/new"));
  CHECK(!exists("rw/new"));
}
