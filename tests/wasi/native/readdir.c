/* fd_readdir: records cut at any byte, cookies of any kind, and directories that
 * change while they are listed. */
#include "world.h"

#ifdef _WIN32
#define COUNT 1000u /* wine is slow */
#else
#define COUNT 5000u
#endif

static bool seen[COUNT + 2];

/* The names from `cookie` on, through a buffer of so many bytes, noted in `seen`;
 * how many there were. The cookie after the last one is left in `last`. */
static uint32_t list(uint32_t fd, uint64_t cookie, uint32_t size, uint64_t *last) {
  uint32_t count = 0;
  for (;;) {
    uint32_t used, offset = 0, here = 0;
    uint32_t error = wdn_wasi_fd_readdir(&wasi, fd, BUF, size, cookie, OUT);
    CHECK_EQUAL(error, WASI_OK);
    used = (uint32_t)load(OUT, 4);
    CHECK(used <= size);
    if (error != WASI_OK)
      return count;
    while (used - offset >= WASI_DIRENT_SIZE) {
      uint32_t name_size = (uint32_t)load(BUF + offset + 16, 4);
      char name[32] = "";
      if (used - offset - WASI_DIRENT_SIZE < name_size)
        break;
      CHECK_EQUAL(load(BUF + offset, 8), cookie + 1);
      cookie = load(BUF + offset, 8);
      CHECK(name_size < sizeof name);
      memcpy(name, at(BUF + offset + WASI_DIRENT_SIZE), name_size < 31 ? name_size : 31);
      if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        CHECK_EQUAL(load(BUF + offset + 20, 4), WASI_TYPE_DIRECTORY);
        seen[COUNT + (name[1] == '.')] = true;
      } else {
        unsigned long index = strtoul(name + 1, NULL, 10);
        CHECK(name[0] == 'f' && index < COUNT);
        CHECK_EQUAL(load(BUF + offset + 20, 4),
                    HAS_LINKS && index % 50 == 1 ? WASI_TYPE_SYMLINK : WASI_TYPE_REGULAR);
        CHECK(load(BUF + offset + 8, 8) != 0);
        if (index < COUNT)
          seen[index] = true;
      }
      offset += WASI_DIRENT_SIZE + name_size;
      count++;
      here++;
    }
    *last = cookie;
    if (used < size)
      return count;
    if (here == 0)
      size = size < 4096 ? size * 2 : size; /* not even one fits */
  }
}

static uint32_t seen_count(void) {
  uint32_t i, count = 0;
  for (i = 0; i < COUNT + 2; i++)
    count += seen[i];
  memset(seen, 0, sizeof seen);
  return count;
}

static void whole(uint32_t fd) {
  static const uint32_t sizes[] = {24, 30, 64, 100, 101, 4096, 0x8000};
  uint64_t last;
  size_t i;
  for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    CHECK_EQUAL(list(fd, 0, sizes[i], &last), COUNT + 2);
    CHECK_EQUAL(last, COUNT + 2);
    CHECK_EQUAL(seen_count(), COUNT + 2);
  }
}

/* Cut records are the first bytes of whole ones. */
static void cut(uint32_t fd) {
  uint8_t record[300];
  uint32_t size;
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, sizeof record, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), sizeof record);
  memcpy(record, at(BUF), sizeof record);
  for (size = 0; size < sizeof record; size++) {
    memset(at(BUF), 0xaa, 400);
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, size, 0, OUT), WASI_OK);
    CHECK_EQUAL(load(OUT, 4), size);
    CHECK(memcmp(record, at(BUF), size) == 0);
    CHECK_EQUAL(load(BUF + size, 1), 0xaa);
  }
}

static void cookies(uint32_t fd) {
  static const uint64_t garbage[] = {COUNT + 2, COUNT + 3,      1u << 31,  UINT32_MAX,
                                     INT64_MAX, UINT64_MAX - 1, UINT64_MAX};
  uint64_t last, from;
  size_t i;
  for (i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, 1000, garbage[i], OUT), WASI_OK);
    CHECK_EQUAL(load(OUT, 4), 0);
  }
  for (from = COUNT; from > 0; from -= COUNT / 10)
    CHECK_EQUAL(list(fd, from, 1000, &last), COUNT + 2 - from);
  seen_count();
}

/* From the beginning means: as it is now. */
static void changing(uint32_t fd) {
  uint64_t last;
  uint32_t i;
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, 100, 0, OUT), WASI_OK);
  for (i = 0; i < COUNT; i += 2)
    CHECK_EQUAL(unlink(host("in/f%u", (unsigned)i)), 0);
  CHECK_EQUAL(list(fd, 0, 1000, &last), COUNT / 2 + 2);
  CHECK_EQUAL(seen_count(), COUNT / 2 + 2);
  /* Removing each entry as it is read reaches them all. */
  for (;;) {
    uint32_t name_size;
    char name[32] = "";
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, 200, 2, OUT), WASI_OK);
    if (load(OUT, 4) < 200)
      break;
    name_size = (uint32_t)load(BUF + 16, 4);
    CHECK(name_size < sizeof name);
    memcpy(name, at(BUF + WASI_DIRENT_SIZE), name_size % sizeof name);
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
      break; /* they need not come first */
    CHECK_EQUAL(unlink(host("in/%s", name)), 0);
    CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, 200, 0, OUT), WASI_OK);
  }
  for (i = 1; i < COUNT; i += 2)
    unlink(host("in/f%u", (unsigned)i));
  CHECK_EQUAL(list(fd, 0, 1000, &last), 2);
}

static void test(void) {
  uint32_t i, fd;
  uint64_t last;
  int before;
  make_dir("in");
  for (i = 0; i < COUNT; i++) {
    char name[32];
    snprintf(name, sizeof name, "in/f%u", (unsigned)i);
    if (HAS_LINKS && i % 50 == 1)
      make_link("anywhere", name);
    else
      make_file(name, "");
  }
  before = open_files();
  start_in("in", false);
  fd = must_open(".", WASI_O_DIRECTORY, READ);
  whole(fd);
  whole(3);
  cut(fd);
  cookies(fd);
  changing(fd);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  fd = must_open("f02", WASI_O_CREAT, READ);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  CHECK_EQUAL(list(3, 0, 1000, &last), 3); /* new ones are seen, too */
  fd = must_open("file", WASI_O_CREAT, READ);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, fd, BUF, 100, 0, OUT), WASI_NOTDIR);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 0, BUF, 100, 0, OUT), WASI_NOTDIR);
  stop();
  CHECK_EQUAL(open_files(), before);
}
