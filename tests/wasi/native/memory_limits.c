/* The file system in memory: what the host puts into it, what it finds there, and
 * how a guest cannot take more than it was given. */
#include "world.h"

#include "wdn_wasi_memfs.h"

static wdn_wasi_memfs_t *files;

static void start_memory(uint64_t max_size, uint32_t max_nodes, bool read_only) {
  wdn_wasi_memfs_limits_t limits = {0, 0};
  wdn_wasi_preopen_t preopen = {NULL, 0, "/", false, NULL};
  wdn_wasi_config_t config = {0};
  limits.max_size = max_size;
  limits.max_nodes = max_nodes;
  files = wdn_wasi_memfs_create(&limits);
  CHECK(files != NULL);
  preopen.memory = files;
  preopen.read_only = read_only;
  config.preopens = &preopen;
  config.preopen_count = 1;
  start_with(&config);
}

static void stop_memory(void) {
  stop();
  wdn_wasi_memfs_destroy(files);
}

static const char constant[] = "constant text";

static void check_host(void) {
  size_t size = 0;
  uint32_t fd;
  int64_t other;
  start_memory(0, 0, false);
  CHECK(wdn_wasi_memfs_add_file(files, "etc/motd", "hello\n", 6, WDN_WASI_MEMFS_COPY));
  CHECK(wdn_wasi_memfs_add_file(files, "etc/rom", constant, 13, WDN_WASI_MEMFS_REFER));
  CHECK(wdn_wasi_memfs_add_directory(files, "var/tmp"));
  CHECK(wdn_wasi_memfs_add_directory(files, "var/tmp"));
  CHECK(wdn_wasi_memfs_add_link(files, "motd", "etc/motd"));
  CHECK(wdn_wasi_memfs_add_link(files, "up", "../etc/motd"));
  CHECK(!wdn_wasi_memfs_add_file(files, "etc/motd", "", 0, WDN_WASI_MEMFS_COPY));
  CHECK(!wdn_wasi_memfs_add_file(files, "etc/motd/x", "", 0, WDN_WASI_MEMFS_COPY));
  CHECK(!wdn_wasi_memfs_add_file(files, "/x", "", 0, WDN_WASI_MEMFS_COPY));
  CHECK(!wdn_wasi_memfs_add_file(files, "x/", "", 0, WDN_WASI_MEMFS_COPY));
  CHECK(!wdn_wasi_memfs_add_file(files, "", "", 0, WDN_WASI_MEMFS_COPY));
  CHECK(!wdn_wasi_memfs_add_file(files, "a/../x", "", 0, WDN_WASI_MEMFS_COPY));
  CHECK(!wdn_wasi_memfs_add_directory(files, "etc/motd"));
  fd = must_open("motd", 0, READ | WRITE);
  CHECK_EQUAL(read_all(fd), 6);
  CHECK(strcmp((const char *)at(BUF), "hello\n") == 0);
  CHECK_EQUAL(write_text(fd, "again"), 5);
  CHECK(wdn_wasi_memfs_contents(files, "etc/motd", &size) != NULL && size == 11);
  CHECK(wdn_wasi_memfs_contents(files, "motd", &size) == NULL);
  CHECK(wdn_wasi_memfs_contents(files, "etc", &size) == NULL);
  CHECK(wdn_wasi_memfs_contents(files, "none/none", &size) == NULL);
  CHECK_EQUAL(open_at(3, "up", FOLLOW, 0, READ, 0), -WASI_PERM);
  fd = must_open("etc/rom", 0, READ | WRITE);
  CHECK_EQUAL(write_text(fd, "C"), 1);
  CHECK_EQUAL(constant[0], 'c');
  CHECK(memcmp(wdn_wasi_memfs_contents(files, "etc/rom", &size), "Constant text", 13) == 0);
  /* What is open stays, also without a name and a directory. */
  other = open_at(3, "var/tmp", 0, WASI_O_DIRECTORY, READ, 0);
  CHECK(other > 0);
  CHECK_EQUAL(wdn_wasi_path_remove_directory(&wasi, 3, PATH1, text(PATH1, "var/tmp")), WASI_OK);
  CHECK_EQUAL(wdn_wasi_path_remove_directory(&wasi, 3, PATH1, text(PATH1, "var")), WASI_OK);
  CHECK_EQUAL(open_at((uint32_t)other, "x", 0, WASI_O_CREAT, WRITE, 0), -WASI_NOENT);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, (uint32_t)other, BUF, 1000, 0, OUT), WASI_OK);
  stop_memory();
}

static void check_read_only(void) {
  start_memory(0, 0, true);
  CHECK(wdn_wasi_memfs_add_file(files, "f", constant, 13, WDN_WASI_MEMFS_REFER));
  CHECK_EQUAL(open_at(3, "f", 0, 0, WRITE, 0), -WASI_PERM);
  CHECK_EQUAL(open_at(3, "f", 0, WASI_O_TRUNC, READ, 0), -WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, "f")), WASI_PERM);
  CHECK_EQUAL(read_all(must_open("f", 0, READ)), 13);
  stop_memory();
}

/* Fills it in one way or another; at the end there is no room, and afterwards there
 * is as much as before. */
static void check_full(uint32_t way) {
  const uint64_t limit = 1 << 20;
  uint64_t empty;
  uint32_t i, fd, error = WASI_OK;
  start_memory(limit, 3000, false);
  empty = wdn_wasi_memfs_size(files);
  fd = must_open("f", WASI_O_CREAT, READ | WRITE);
  for (i = 0; i < 100000 && error == WASI_OK; i++) {
    char name[40];
    snprintf(name, sizeof name, "%u-name", (unsigned)i);
    iov(0, BUF, 5000);
    if (way == 0)
      error = wdn_wasi_fd_write(&wasi, fd, IOVS, 1, OUT);
    else if (way == 1)
      error = wdn_wasi_fd_filestat_set_size(&wasi, fd, (uint64_t)i * 3000);
    else if (way == 2)
      error = wdn_wasi_path_create_directory(&wasi, 3, PATH1, text(PATH1, name));
    else if (way == 3)
      error = wdn_wasi_path_link(&wasi, 3, 0, PATH1, text(PATH1, "f"), 3, PATH2, text(PATH2, name));
    else
      error = wdn_wasi_path_symlink(&wasi, BUF, text(BUF, "target"), 3, PATH1, text(PATH1, name));
    CHECK(wdn_wasi_memfs_size(files) <= limit);
  }
  CHECK_EQUAL(error, WASI_NOSPC);
  if (way == 0) {
    CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
    CHECK(load(OUT + 32, 8) > limit * 9 / 10); /* nearly all of it could be used */
  }
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, UINT64_MAX / 4), WASI_FBIG);
  for (; way >= 2 && i > 0; i--) {
    char name[40];
    snprintf(name, sizeof name, "%u-name", (unsigned)(i - 1));
    if (way == 2)
      wdn_wasi_path_remove_directory(&wasi, 3, PATH1, text(PATH1, name));
    else
      wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, name));
  }
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, "f")), WASI_OK);
  if (way < 2) /* else the root has kept some room for names */
    CHECK(wdn_wasi_memfs_size(files) < empty + 1000);
  stop_memory();
}

/* A listing shows what was there all the time, once, whatever changes. */
static void check_listing(void) {
  uint32_t i, seen = 0, turns = 0;
  uint64_t cookie = 0;
  uint8_t found[1000] = {0};
  start_memory(0, 0, false);
  for (i = 0; i < 2000; i++) {
    char name[20];
    snprintf(name, sizeof name, "%04u", (unsigned)i);
    CHECK(wdn_wasi_memfs_add_file(files, name, "", 0, WDN_WASI_MEMFS_COPY));
  }
  for (;;) {
    uint32_t used;
    char name[20];
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, BUF, 40, cookie, OUT), WASI_OK);
    used = (uint32_t)load(OUT, 4);
    if (used < 24 || turns++ > 10000)
      break;
    cookie = load(BUF, 8);
    memcpy(name, at(BUF + 24), 4);
    name[load(BUF + 16, 4) == 4 ? 4 : 0] = 0;
    if (name[0] >= '0' && name[0] <= '9' && atoi(name) % 2 == 0) {
      CHECK_EQUAL(found[atoi(name) / 2]++, 0);
      seen++;
    }
    /* Half of the files go while the rest is listed, and others come. */
    snprintf(name, sizeof name, "%04u", (unsigned)(2001 - 2 * turns));
    wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, name));
    snprintf(name, sizeof name, "n%u", (unsigned)turns);
    if (turns < 500)
      CHECK(wdn_wasi_memfs_add_directory(files, name));
  }
  CHECK_EQUAL(seen, 1000);
  stop_memory();
}

static void done_or_full(uint32_t error) {
  CHECK(error == WASI_OK || error == WASI_NOSPC || error == WASI_NOENT);
}

/* Whatever it is that there is no room for, nothing is lost and nothing half done. */
static void check_limit(uint64_t limit) {
  static const char *const names[] = {"a", "b", "dir", "dir/c", "dir/moved", "link"};
  wdn_wasi_memfs_limits_t limits = {0, 0};
  uint32_t i;
  uint64_t before;
  int64_t fd;
  limits.max_size = limit;
  files = wdn_wasi_memfs_create(&limits);
  if (files == NULL)
    return; /* not even the root */
  wdn_wasi_memfs_destroy(files);
  start_memory(limit, 0, false);
  (void)wdn_wasi_memfs_add_file(files, "a", constant, 13, WDN_WASI_MEMFS_REFER);
  (void)wdn_wasi_memfs_add_file(files, "dir/c", constant, 13, WDN_WASI_MEMFS_COPY);
  done_or_full(
      wdn_wasi_path_link(&wasi, 3, 0, PATH1, text(PATH1, "a"), 3, PATH2, text(PATH2, "b")));
  done_or_full(wdn_wasi_path_symlink(&wasi, BUF, text(BUF, "dir"), 3, PATH1, text(PATH1, "link")));
  fd = open_at(3, "link/c", FOLLOW, WASI_O_CREAT, READ | WRITE, 0);
  if (fd >= 0) {
    before = wdn_wasi_memfs_size(files);
    iov(0, BUF, 700);
    if (wdn_wasi_fd_write(&wasi, (uint32_t)fd, IOVS, 1, OUT) != WASI_OK)
      CHECK_EQUAL(wdn_wasi_memfs_size(files), before);
  }
  done_or_full(
      wdn_wasi_path_rename(&wasi, 3, PATH1, text(PATH1, "b"), 3, PATH2, text(PATH2, "dir/moved")));
  done_or_full(wdn_wasi_path_rename(&wasi, 3, PATH1, text(PATH1, "dir/moved"), 3, PATH2,
                                    text(PATH2, "dir/c")));
  CHECK(wdn_wasi_memfs_size(files) <= limit);
  for (i = 0; i < 6; i++) {
    uint32_t error = wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, names[i]));
    CHECK(error == WASI_OK || error == WASI_NOENT || (i == 2 && error == WASI_ISDIR));
  }
  done_or_full(wdn_wasi_path_remove_directory(&wasi, 3, PATH1, text(PATH1, "dir")));
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, BUF, 1000, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 2 * 24 + 3); /* only the dots */
  stop_memory();
}

static void check_deep(void) {
  uint32_t i, depth = 20000;
  start_memory(0, 0, false);
  for (i = 0; i < depth; i++) {
    int64_t fd;
    CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, i == 0 ? 3 : 5, PATH1, text(PATH1, "d")),
                WASI_OK);
    fd = open_at(i == 0 ? 3 : 5, "d", 0, WASI_O_DIRECTORY, READ, 0);
    CHECK(fd == 4 || fd == 5 || fd == 6);
    if (i == 0)
      CHECK_EQUAL(open_at(3, "d", 0, WASI_O_DIRECTORY, READ, 0), 5);
    else
      CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, (uint32_t)fd, 5), WASI_OK);
  }
  stop_memory(); /* and nothing overflows */
}

static void test(void) {
  uint32_t way;
  uint64_t limit;
  check_host();
  check_read_only();
  for (way = 0; way < 5; way++)
    check_full(way);
  for (limit = 1; limit < 6000; limit++)
    check_limit(limit);
  check_listing();
  check_deep();
}
