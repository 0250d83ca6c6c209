/* One file system in memory and several guests: one after the other, and two at a
 * time. Each dates what it does by its own clock. */
#include "world.h"

#include "wdn_wasi_memfs.h"

static wdn_wasi_memfs_t *files;

static bool fixed_clock(void *context, uint32_t id, uint64_t *nanoseconds) {
  (void)id;
  *nanoseconds = *(const uint64_t *)context;
  return true;
}

/* Makes `it` a guest with the root as descriptor 3, whose clock is at `time`. */
static void start_guest(wdn_wasi_t *it, uint64_t *time, uint64_t step) {
  wdn_wasi_preopen_t preopen = {NULL, 0, "/", false, NULL};
  wdn_wasi_config_t config = {0};
  preopen.memory = files;
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.clock = time != NULL ? fixed_clock : NULL;
  config.context = time;
  config.clock_step = step;
  CHECK(wdn_wasi_init(it, &config, NULL));
  wdn_wasi_attach(it, &instance, &module);
}

static uint32_t make_directory(wdn_wasi_t *it, const char *path) {
  return wdn_wasi_path_create_directory(it, 3, PATH1, text(PATH1, path));
}

static uint64_t mtime_of(wdn_wasi_t *it, const char *path) {
  CHECK_EQUAL(wdn_wasi_path_filestat_get(it, 3, 0, PATH1, text(PATH1, path), OUT), WASI_OK);
  return load(OUT + 48, 8);
}

static void check_clocks(void) {
  uint64_t time = 1234567890123456789u, other_time = 42000000;
  wdn_wasi_t other;
  start_guest(&wasi, &time, 1000000);
  start_guest(&other, &other_time, 0);
  CHECK(wdn_wasi_memfs_add_file(files, "host", "text", 4, WDN_WASI_MEMFS_COPY));
  CHECK_EQUAL(make_directory(&wasi, "mine"), WASI_OK);
  CHECK_EQUAL(make_directory(&other, "other"), WASI_OK);
  CHECK_EQUAL(make_directory(&other, "mine"), WASI_EXIST);
  CHECK_EQUAL(mtime_of(&wasi, "host"), 0);
  CHECK_EQUAL(mtime_of(&wasi, "other"), 42000000);
  CHECK_EQUAL(mtime_of(&other, "mine"), 1234567890123000000);
  wdn_wasi_destroy(&wasi);
  /* The first guest's clock is not asked any more. */
  time = 7;
  CHECK(wdn_wasi_memfs_add_directory(files, "late"));
  CHECK_EQUAL(mtime_of(&other, "late"), 0);
  CHECK_EQUAL(make_directory(&other, "later"), WASI_OK);
  CHECK_EQUAL(mtime_of(&other, "later"), 42000000);
  wdn_wasi_destroy(&other);
}

/* What one guest leaves another finds; a file without a name goes with the last that
 * has it open. */
static void check_heirs(void) {
  wdn_wasi_t other;
  uint64_t before;
  uint32_t fd;
  start_guest(&wasi, NULL, 0);
  fd = must_open("left", WASI_O_CREAT, READ | WRITE);
  CHECK_EQUAL(write_text(fd, "for you"), 7);
  wdn_wasi_destroy(&wasi);
  before = wdn_wasi_memfs_size(files);
  start_guest(&wasi, NULL, 0);
  start_guest(&other, NULL, 0);
  fd = must_open("left", 0, READ | WRITE);
  CHECK_EQUAL(read_all(fd), 7);
  CHECK_EQUAL(wdn_wasi_path_unlink_file(&other, 3, PATH1, text(PATH1, "left")), WASI_OK);
  CHECK_EQUAL(open_at(3, "left", 0, 0, READ, 0), -WASI_NOENT);
  CHECK_EQUAL(write_text(fd, " and me"), 7);
  wdn_wasi_destroy(&other);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, 0, WASI_SEEK_SET, OUT), WASI_OK);
  CHECK_EQUAL(read_all(fd), 14);
  CHECK(strcmp((const char *)at(BUF), "for you and me") == 0);
  wdn_wasi_destroy(&wasi);
  CHECK(wdn_wasi_memfs_size(files) < before);
}

typedef struct seen {
  uint32_t files, directories, links;
  char names[100];
} seen_t;

static void see(void *context, const char *name, wdn_wasi_memfs_kind_t kind) {
  seen_t *seen = context;
  seen->files += kind == WDN_WASI_MEMFS_FILE;
  seen->directories += kind == WDN_WASI_MEMFS_DIRECTORY;
  seen->links += kind == WDN_WASI_MEMFS_LINK;
  if (strlen(seen->names) + strlen(name) + 2 < sizeof seen->names) {
    strcat(seen->names, name);
    strcat(seen->names, " ");
  }
}

static void check_lists(void) {
  static const seen_t none;
  seen_t seen = none;
  CHECK(wdn_wasi_memfs_add_directory(files, "list/b"));
  CHECK(wdn_wasi_memfs_add_file(files, "list/a", "", 0, WDN_WASI_MEMFS_COPY));
  CHECK(wdn_wasi_memfs_add_link(files, "list/c", "a"));
  CHECK(wdn_wasi_memfs_list(files, "list", see, &seen));
  CHECK(strcmp(seen.names, "b a c ") == 0);
  CHECK_EQUAL(seen.files * 100 + seen.directories * 10 + seen.links, 111);
  CHECK(wdn_wasi_memfs_list(files, "list/b", see, &seen));
  CHECK(strcmp(seen.names, "b a c ") == 0);
  CHECK(!wdn_wasi_memfs_list(files, "list/a", see, &seen));
  CHECK(!wdn_wasi_memfs_list(files, "list/c", see, &seen));
  CHECK(!wdn_wasi_memfs_list(files, "list/", see, &seen));
  CHECK(!wdn_wasi_memfs_list(files, "none", see, &seen));
  seen = none;
  CHECK(wdn_wasi_memfs_list(files, "", see, &seen));
  CHECK_EQUAL(seen.directories, 5); /* list, and those of the clocks */
}

/* A directory that the host filled before there was a guest, and a secret, is found
 * in whatever is added and removed later. */
static void check_many(void) {
  uint32_t i, count = 3000;
  char name[40];
  for (i = 0; i < count; i++) {
    snprintf(name, sizeof name, "many/%u", (unsigned)i);
    CHECK(wdn_wasi_memfs_add_file(files, name, name, strlen(name), WDN_WASI_MEMFS_COPY));
  }
  start_guest(&wasi, NULL, 0);
  for (i = 0; i < count; i++) {
    snprintf(name, sizeof name, "many/guest-%u", (unsigned)i);
    CHECK_EQUAL(make_directory(&wasi, name), WASI_OK);
    snprintf(name, sizeof name, "many/%u", (unsigned)(i * 7 % count));
    CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, name)), WASI_OK);
    CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, name)), WASI_NOENT);
  }
  for (i = 0; i < count; i++) {
    snprintf(name, sizeof name, "many/guest-%u", (unsigned)i);
    CHECK_EQUAL(wdn_wasi_path_remove_directory(&wasi, 3, PATH1, text(PATH1, name)), WASI_OK);
  }
  CHECK_EQUAL(wdn_wasi_path_remove_directory(&wasi, 3, PATH1, text(PATH1, "many")), WASI_OK);
  wdn_wasi_destroy(&wasi);
}

static void test(void) {
  make_memory(MEMORY_SIZE);
  module.exports = exports;
  module.export_count = 2;
  files = wdn_wasi_memfs_create(NULL);
  CHECK(files != NULL);
  check_many();
  check_clocks();
  check_heirs();
  check_lists();
  wdn_wasi_memfs_destroy(files);
  wdn_wasi_memfs_destroy(NULL);
}
