/* The file system in ROM: every path against a model, descriptors, positions,
 * directories read in pieces of every size. */
#include "world.h"

/* ---- Reading -------------------------------------------------------------------------- */

static uint32_t read_at(uint32_t fd, uint32_t size) {
  put_iovec(16, 1000, size);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, fd, 16, 1, 8), WASI_OK);
  return load32(8);
}

static void test_reading(void) {
  uint32_t fd = open_file(3, "etc/motd");
  CHECK_EQUAL(fd, 4);
  CHECK_EQUAL(read_at(fd, 4), 4);
  CHECK(memory_is(1000, "hell\xee"));
  CHECK_EQUAL(wdn_wasi_fd_tell(&wasi, fd, 24), WASI_OK);
  CHECK_EQUAL(load64(24), 4);
  CHECK_EQUAL(read_at(fd, 100), 2);
  CHECK(memory_is(1000, "o\n"));
  CHECK_EQUAL(read_at(fd, 100), 0);
  put_iovec(16, 1000, 3);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, 16, 1, 1, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 3);
  CHECK(memory_is(1000, "ell"));
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, 16, 1, INT64_MAX, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 0);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, fd, 16, 1, (uint64_t)INT64_MAX + 1, 8), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_tell(&wasi, fd, 24), WASI_OK);
  CHECK_EQUAL(load64(24), 6);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_BADF);
  fd = open_file(3, "empty");
  CHECK_EQUAL(read_at(fd, 100), 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

static uint32_t seek(uint32_t fd, int64_t offset, uint32_t whence) {
  uint32_t error = wdn_wasi_fd_seek(&wasi, fd, (uint64_t)offset, whence, 24);
  return error == WASI_OK ? (uint32_t)load64(24) : 1000 + error;
}

static void test_seeking(void) {
  uint32_t fd = open_file(3, "README");
  CHECK_EQUAL(seek(fd, 10, WASI_SEEK_SET), 10);
  CHECK_EQUAL(seek(fd, -3, WASI_SEEK_CUR), 7);
  CHECK_EQUAL(seek(fd, -8, WASI_SEEK_CUR), 1000 + WASI_INVAL);
  CHECK_EQUAL(seek(fd, 0, WASI_SEEK_CUR), 7);
  CHECK_EQUAL(read_at(fd, 1), 1);
  CHECK_EQUAL(memory.data[1000], 8);
  CHECK_EQUAL(seek(fd, -1, WASI_SEEK_END), 299);
  CHECK_EQUAL(read_at(fd, 10), 1);
  CHECK_EQUAL(seek(fd, 700, WASI_SEEK_END), 1000);
  CHECK_EQUAL(read_at(fd, 10), 0);
  CHECK_EQUAL(seek(fd, 0, 3), 1000 + WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, INT64_MAX, WASI_SEEK_SET, 24), WASI_OK);
  CHECK_EQUAL(load64(24), INT64_MAX);
  CHECK_EQUAL(seek(fd, 1, WASI_SEEK_CUR), 1000 + WASI_INVAL);
  CHECK_EQUAL(read_at(fd, 10), 0);
  CHECK_EQUAL(seek(fd, INT64_MIN, WASI_SEEK_CUR), 1000 + WASI_INVAL);
  CHECK_EQUAL(seek(3, 0, WASI_SEEK_SET), 1000 + WASI_ISDIR);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

/* ---- Descriptors ---------------------------------------------------------------------- */

static uint32_t open_as(const char *path, uint32_t oflags, uint64_t rights, uint32_t fdflags) {
  uint32_t size = put_text(3000, path);
  return wdn_wasi_path_open(&wasi, 3, 0, 3000, size, oflags, rights, 0, fdflags, 2996);
}

static void test_opening(void) {
  uint32_t fd;
  CHECK_EQUAL(open_as("README", WASI_O_CREAT, 0, 0), WASI_PERM);
  CHECK_EQUAL(open_as("none", WASI_O_CREAT, 0, 0), WASI_PERM);
  CHECK_EQUAL(open_as("README", WASI_O_TRUNC, 0, 0), WASI_PERM);
  CHECK_EQUAL(open_as("README", 0, WASI_RIGHT_FD_WRITE, 0), WASI_PERM);
  CHECK_EQUAL(open_as("README", WASI_O_DIRECTORY, 0, 0), WASI_NOTDIR);
  CHECK_EQUAL(open_as("bin", WASI_O_DIRECTORY | WASI_O_CREAT, 0, 0), WASI_INVAL);
  CHECK_EQUAL(open_as("README", 16, 0, 0), WASI_INVAL);
  CHECK_EQUAL(open_as("README", 0, 0, 32), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_path_open(&wasi, 1, 0, 3000, 6, 0, 0, 0, 0, 2996), WASI_NOTDIR);
  CHECK_EQUAL(wdn_wasi_path_open(&wasi, 9, 0, 3000, 6, 0, 0, 0, 0, 2996), WASI_BADF);
  for (fd = 4; fd < 3 + FILES_MAX; fd++)
    CHECK_EQUAL(open_file(3, "bin"), fd);
  CHECK_EQUAL(open_file(3, "bin"), 1000 + WASI_MFILE);
  CHECK_EQUAL(open_file(5, "lib/../a"), 1000 + WASI_MFILE);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 6), WASI_OK);
  CHECK_EQUAL(open_file(5, "lib/../a"), 6);
  CHECK_EQUAL(open_file(6, "x"), 1000 + WASI_NOTDIR);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 6, 5), WASI_OK);
  CHECK_EQUAL(read_at(5, 10), 1);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 6, 5), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 5, 6), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 5, 5), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 5, 1), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 1, 5), WASI_NOTSUP);
  for (fd = 4; fd < 3 + FILES_MAX; fd++)
    CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), fd != 6 ? WASI_OK : WASI_BADF);
}

static void test_preopen(void) {
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, 3, 100), WASI_OK);
  CHECK_EQUAL(load32(100), 0);
  CHECK_EQUAL(load32(104), 1);
  CHECK_EQUAL(wdn_wasi_fd_prestat_dir_name(&wasi, 3, 100, 5), WASI_OK);
  CHECK(memory_is(100, "/"));
  CHECK_EQUAL(wdn_wasi_fd_prestat_dir_name(&wasi, 3, 100, 0), WASI_NAMETOOLONG);
  CHECK_EQUAL(open_file(3, "bin"), 4);
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, 4, 100), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_prestat_dir_name(&wasi, 1, 100, 5), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 3, 512), WASI_OK);
  CHECK_EQUAL(load32(512), WASI_TYPE_DIRECTORY);
  CHECK((load64(520) & WASI_RIGHT_PATH_OPEN) != 0);
  CHECK((load64(528) & WASI_RIGHT_FD_READ) != 0);
  CHECK_EQUAL(load64(528) & WASI_RIGHT_FD_WRITE, 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 3), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, 3, 100), WASI_BADF);
  start();
}

/* ---- Paths, against a model ------------------------------------------------------------- */

#define NAMES_MAX 8

/* The components of a path that has been found to exist, from the root on. */
typedef struct place {
  char names[NAMES_MAX][32];
  int count;
} place_t;

static void join(const place_t *place, char *path) {
  int i;
  *path = 0;
  for (i = 0; i < place->count; i++) {
    strcat(path, i > 0 ? "/" : "");
    strcat(path, place->names[i]);
  }
}

/* 0: nothing there, 1: a file, 2: a directory. */
static int kind_of(const place_t *place, uint32_t *size) {
  char path[NAMES_MAX * 33];
  size_t length;
  uint32_t i;
  join(place, path);
  length = strlen(path);
  for (i = 0; i < ROM_COUNT; i++) {
    if (strcmp(ROM[i].path, path) == 0) {
      *size = ROM[i].size;
      return 1;
    }
    if (length == 0 || (strncmp(ROM[i].path, path, length) == 0 && ROM[i].path[length] == '/'))
      return 2;
  }
  return 0;
}

/* What path_filestat_get of a path below the root answers. */
static uint32_t model(const char *path, int *kind, uint32_t *size) {
  place_t place = {{{0}}, 0};
  const char *c = path;
  if (*c == 0)
    return WASI_NOENT;
  if (*c == '/')
    return WASI_PERM;
  *kind = 2;
  while (*c != 0) {
    size_t length = strcspn(c, "/");
    if (*kind != 2)
      return WASI_NOTDIR; /* something follows a file, even if only a slash */
    if (length == 2 && strncmp(c, "..", 2) == 0) {
      if (place.count-- == 0)
        return WASI_PERM;
    } else if (length != 0 && !(length == 1 && *c == '.')) {
      if (length > 31)
        return WASI_NOENT;
      memset(place.names[place.count], 0, 32);
      memcpy(place.names[place.count++], c, length);
    }
    *kind = kind_of(&place, size);
    if (*kind == 0)
      return WASI_NOENT;
    c += length;
    if (*c == '/') {
      c += strspn(c, "/");
      if (*kind != 2)
        return WASI_NOTDIR;
    }
  }
  return WASI_OK;
}

static uint32_t random_number(uint32_t below) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (uint32_t)(state >> 33) % below;
}

static void check_path(const char *path) {
  uint32_t wanted_size = 0, size = put_text(3000, path);
  int kind = 0;
  uint32_t wanted = model(path, &kind, &wanted_size);
  uint32_t error = wdn_wasi_path_filestat_get(&wasi, 3, 1, 3000, size, 256);
  if (error != wanted) {
    printf("%s: ", path);
    CHECK_EQUAL(error, wanted);
  } else if (error == WASI_OK) {
    CHECK_EQUAL(memory.data[256 + 16], kind == 1 ? WASI_TYPE_REGULAR : WASI_TYPE_DIRECTORY);
    CHECK_EQUAL(load64(256 + 32), kind == 1 ? wanted_size : 0);
    CHECK_EQUAL(load64(256 + 24), 1);
  }
}

static void test_paths(void) {
  static const char *const parts[] = {"..",          ".",   "/",    "//",     "bin",     "bi",
                                      "bin-x",       "lib", "deep", "a",      "b",       "c",
                                      "d",           "etc", "motd", "README", "nothing", "empty",
                                      "z\xc3\xa9ro", "/",   "/",    "/",      "/..",     "/../"};
  int i;
  check_path("");
  check_path("/");
  check_path("README/");
  check_path("nothing/");
  check_path("bin/lib/../lib/./deep//c");
  for (i = 0; i < 200000; i++) {
    char path[200] = "";
    uint32_t count = 1 + random_number(NAMES_MAX);
    while (count-- > 0)
      strcat(path, parts[random_number(sizeof parts / sizeof *parts)]);
    check_path(path);
  }
  put_text(3000, "bin\0a");
  memory.data[3003] = 0;
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 1, 3000, 5, 256), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 2, 3000, 3, 256), WASI_INVAL);
}

/* Below another directory than the root, `..` ends there. */
static void test_below(void) {
  uint32_t lib = open_file(3, "bin/lib/"), deep;
  CHECK_EQUAL(lib, 4);
  CHECK_EQUAL(open_file(lib, ".."), 1000 + WASI_PERM);
  CHECK_EQUAL(open_file(lib, "deep/../.."), 1000 + WASI_PERM);
  CHECK_EQUAL(open_file(lib, "a"), 1000 + WASI_NOENT);
  CHECK_EQUAL(open_file(lib, "deep/x"), 1000 + WASI_NOENT);
  CHECK_EQUAL(open_file(lib, "/deep/c"), 1000 + WASI_PERM);
  deep = open_file(lib, "deep/../deep");
  CHECK_EQUAL(deep, 5);
  CHECK_EQUAL(open_file(deep, "d"), 6);
  CHECK_EQUAL(read_at(6, 50), 4);
  start();
}

/* ---- Directories ------------------------------------------------------------------------- */

/* All names, with slashes between them, read with a buffer of `room` bytes. */
static void list(uint32_t fd, uint32_t room, char *names) {
  uint64_t cookie = 0;
  int steps = 0;
  *names = 0;
  for (;;) {
    uint32_t used, at = 512;
    memset(memory.data + 512 + room, 0xee, 4);
    if (wdn_wasi_fd_readdir(&wasi, fd, 512, room, cookie, 8) != WASI_OK || steps++ > 50) {
      CHECK(!"readdir works");
      return;
    }
    used = load32(8);
    CHECK(used <= room && load32(512 + room) == 0xeeeeeeee);
    while (at + WASI_DIRENT_SIZE <= 512 + used) {
      uint32_t size = load32(at + 16);
      if (at + WASI_DIRENT_SIZE + size > 512 + used)
        break;
      cookie = load64(at);
      strncat(names, (const char *)memory.data + at + WASI_DIRENT_SIZE, size);
      strcat(names, memory.data[at + 20] == WASI_TYPE_DIRECTORY ? "/ " : " ");
      at += WASI_DIRENT_SIZE + size;
    }
    if (used < room)
      return;
  }
}

static void check_list(const char *path, const char *expected) {
  char names[400];
  uint32_t room, fd = open_file(3, path);
  for (room = 40; room < 400; room++) {
    list(fd, room, names);
    if (strcmp(names, expected) != 0) {
      printf("%s: %s\n", path, names);
      CHECK(!"as expected");
      break;
    }
  }
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

/* What fd_readdir says of an entry is what path_filestat_get says of its name. */
static void check_inodes(const char *path) {
  uint32_t fd = open_file(3, path), at = 512, used;
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, 512, 1000, 0, 8), WASI_OK);
  used = load32(8);
  while (at < 512 + used) {
    uint32_t size = load32(at + 16);
    char name[200];
    snprintf(name, sizeof name, "%s/%.*s", path, (int)size,
             (const char *)memory.data + at + WASI_DIRENT_SIZE);
    if (wdn_wasi_path_filestat_get(&wasi, 3, 0, 3000, put_text(3000, name), 256) == WASI_OK) {
      CHECK_EQUAL(load64(at + 8), load64(256 + 8));
      CHECK_EQUAL(memory.data[at + 20], memory.data[256 + 16]);
    } else {
      CHECK(strcmp(name, "./..") == 0); /* listed, but nobody gets there */
    }
    at += WASI_DIRENT_SIZE + size;
  }
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

static void test_directories(void) {
  check_list(".", "./ ../ README bin-x/ bin/ d/ empty etc/ nothing/ z\xc3\xa9ro ");
  check_list("bin", "./ ../ a b lib/ ");
  check_list("bin/lib", "./ ../ deep/ ");
  check_list("bin/lib/deep", "./ ../ c d ");
  check_list("nothing", "./ ../ ");
  check_inodes(".");
  check_inodes("bin");
  check_inodes("bin/lib/deep");
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, 512, 1000, UINT64_MAX, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 0);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, 512, 1000, (uint64_t)1 << 32, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 0);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, 512, 0, 0, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 0);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 1, 512, 1000, 0, 8), WASI_NOTDIR);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 8, 512, 1000, 0, 8), WASI_BADF);
}

/* ---- wdn_wasi_bare_check ------------------------------------------------------------------ */

static bool accepts(const char *first, const char *second) {
  wdn_wasi_rom_file_t rom[2];
  wdn_wasi_bare_config_t small = {0};
  memset(rom, 0, sizeof rom);
  rom[0].path = first;
  rom[1].path = second;
  small.rom = rom;
  small.rom_count = 2;
  return wdn_wasi_bare_check(&small) == NULL;
}

static void test_check(void) {
  CHECK(wdn_wasi_bare_check(&config) == NULL);
  CHECK(accepts("a", "b"));
  CHECK(accepts("a/b", "a/c/"));
  CHECK(accepts("a-b/x", "a/b"));
  CHECK(!accepts("b", "a"));
  CHECK(!accepts("a", "a"));
  CHECK(!accepts("a", "a/b"));
  CHECK(!accepts("/a", "b"));
  CHECK(!accepts("", "b"));
  CHECK(!accepts("a", "b//c"));
  CHECK(!accepts("a", "b/./c"));
  CHECK(!accepts("a", "b/.."));
  CHECK(!accepts(".", "b"));
  CHECK(!accepts("a", "b//"));
  CHECK(accepts("...", "b/.c"));
}

static void test(void) {
  test_reading();
  test_seeking();
  test_opening();
  test_preopen();
  test_paths();
  test_below();
  test_directories();
  test_check();
}
