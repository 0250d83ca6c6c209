/* Paths as text, and what each function says about slashes, links and kinds. */
#include "world.h"

static uint32_t make(const char *path) {
  return wdn_wasi_path_create_directory(&wasi, 3, PATH1, text(PATH1, path));
}
static uint32_t rmdir_(const char *path) {
  return wdn_wasi_path_remove_directory(&wasi, 3, PATH1, text(PATH1, path));
}
static uint32_t unlink_(const char *path) {
  return wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, path));
}
static uint32_t rename_(const char *from, const char *to) {
  return wdn_wasi_path_rename(&wasi, 3, PATH1, text(PATH1, from), 3, PATH2, text(PATH2, to));
}
static uint32_t link_(const char *target, const char *path) {
  return wdn_wasi_path_symlink(&wasi, PATH2, text(PATH2, target), 3, PATH1, text(PATH1, path));
}
/* The target is left in BUF. */
static uint32_t readlink_(const char *path, uint32_t size) {
  return wdn_wasi_path_readlink(&wasi, 3, PATH1, text(PATH1, path), BUF, size, OUT);
}
static uint32_t stat_(const char *path) {
  return wdn_wasi_path_filestat_get(&wasi, 3, FOLLOW, PATH1, text(PATH1, path), OUT);
}

static uint32_t open_bytes(const char *bytes, uint32_t size) {
  memcpy(at(PATH1), bytes, size);
  return wdn_wasi_path_open(&wasi, 3, 0, PATH1, size, 0, READ, 0, 0, OUT);
}

static void not_text(void) {
  static const struct {
    const char *bytes;
    uint32_t size;
  } bad[] = {
      {"\xff", 1},
      {"a\x80", 2},
      {"\xc3", 1},
      {"\xc3(", 2},
      {"\xc0\xaf", 2},
      {"\xe0\x80\xaf", 3},
      {"\xed\xa0\x80", 3},
      {"\xf0\x80\x80\x80", 4},
      {"\xf4\x90\x80\x80", 4},
      {"\xf5\x80\x80\x80", 4},
      {"\xe2\x82", 2},
      {"\xf0\x9f\x98", 3},
      {"\xc1\xbf", 2},
      {"\xf8\x88\x80\x80\x80", 5},
  };
  size_t i;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
    CHECK_EQUAL(open_bytes(bad[i].bytes, bad[i].size), WASI_ILSEQ);
  CHECK_EQUAL(open_bytes("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xf4\x8f\xbf\xbf", 16),
              WASI_NOENT);
  CHECK_EQUAL(open_bytes("file\0", 5), WASI_INVAL);
  CHECK_EQUAL(open_bytes("\0", 1), WASI_INVAL);
  CHECK_EQUAL(open_bytes("fi\0le", 5), WASI_INVAL);
  CHECK_EQUAL(open_bytes("", 0), WASI_NOENT);
  CHECK_EQUAL(make("\xff"), WASI_ILSEQ);
  CHECK_EQUAL(link_("\xff", "new"), WASI_ILSEQ);
}

static void lengths(void) {
  static char path[5000];
  uint32_t i, size;
  memset(path, 'a', sizeof path);
  CHECK_EQUAL(open_bytes(path, 255), WASI_NOENT);
  CHECK_EQUAL(open_bytes(path, 256), WASI_NAMETOOLONG);
  CHECK_EQUAL(open_bytes(path, 1023), WASI_NAMETOOLONG);
  CHECK_EQUAL(open_bytes(path, 1024), WASI_NAMETOOLONG);
  CHECK_EQUAL(open_bytes(path, 4095), WASI_NAMETOOLONG);
  CHECK_EQUAL(open_bytes(path, 4096), WASI_NAMETOOLONG);
  memset(at(0), 'a', MEMORY_SIZE);
  CHECK_EQUAL(wdn_wasi_path_open(&wasi, 3, 0, 0, 70000, 0, READ, 0, 0, OUT), WASI_NAMETOOLONG);
  for (i = 0; i < sizeof path; i++)
    path[i] = i % 2 == 0 ? '.' : '/';
  memcpy(path + 4090, "file/", 5);
  CHECK_EQUAL(open_bytes(path, 4094), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, (uint32_t)load(OUT, 4)), WASI_OK);
  CHECK_EQUAL(open_bytes(path, 4095), WASI_NOTDIR);
  /* Deeper than there are descriptors to walk with, and up again. */
  size = 0;
  for (i = 0; i < 100; i++) {
    int used = snprintf(path + size, sizeof path - size, "%sd", i == 0 ? "" : "/");
    size += (uint32_t)used;
    CHECK_EQUAL(make(path), WASI_OK);
  }
  snprintf(path + size, sizeof path - size, "/file");
  CHECK(open_at(3, path, 0, WASI_O_CREAT, WRITE, 0) > 0);
  CHECK_EQUAL(stat_(path), WASI_OK);
  for (i = 0; i < 60; i++)
    strcat(path, i == 0 ? "" : "/..");
  snprintf(path + size, sizeof path - size, "/../../../../d/d/d/d/file");
  CHECK_EQUAL(stat_(path), WASI_OK);
}

static void making_and_removing(void) {
  CHECK_EQUAL(make("made"), WASI_OK);
  CHECK_EQUAL(make("made"), WASI_EXIST);
  CHECK_EQUAL(make("made/"), WASI_EXIST);
  CHECK_EQUAL(make("slash/"), WASI_OK);
  CHECK_EQUAL(make("slashes///"), WASI_OK);
  CHECK_EQUAL(make("file"), WASI_EXIST);
  CHECK_EQUAL(make("file/x"), WASI_NOTDIR);
  CHECK_EQUAL(make("missing/x"), WASI_NOENT);
  CHECK_EQUAL(make("."), WASI_EXIST);
  if (HAS_LINKS) {
    CHECK_EQUAL(make("dangling/"), WASI_EXIST);
    CHECK_EQUAL(rmdir_("todir"), WASI_NOTDIR);
    CHECK_EQUAL(rmdir_("todir/"), WASI_NOTDIR);
  }
  CHECK(!exists("in/nowhere"));
  CHECK_EQUAL(rmdir_("file"), WASI_NOTDIR);
  CHECK_EQUAL(rmdir_("file/"), WASI_NOTDIR);
  CHECK_EQUAL(rmdir_("dir"), WASI_NOTEMPTY);
  CHECK_EQUAL(rmdir_("."), WASI_INVAL);
  CHECK_EQUAL(rmdir_("missing"), WASI_NOENT);
  CHECK_EQUAL(rmdir_("made/"), WASI_OK);
  CHECK_EQUAL(rmdir_("slash"), WASI_OK);
  CHECK_EQUAL(rmdir_("slashes/"), WASI_OK);
}

static void unlinking_links(void) {
  CHECK_EQUAL(unlink_("todir/"), WASI_NOTDIR);
  CHECK(exists("in/todir"));
  make_link("dir", "in/link");
  CHECK_EQUAL(unlink_("link"), WASI_OK);
  CHECK(!exists("in/link") && exists("in/dir/file"));
}

static void unlinking(void) {
  make_file("in/gone", "");
  CHECK_EQUAL(unlink_("gone/"), WASI_NOTDIR);
  CHECK_EQUAL(unlink_("dir"), WASI_ISDIR);
  CHECK_EQUAL(unlink_("dir/"), WASI_ISDIR);
  CHECK_EQUAL(unlink_("."), WASI_ISDIR);
  CHECK_EQUAL(unlink_("missing"), WASI_NOENT);
  CHECK_EQUAL(unlink_("gone"), WASI_OK);
  CHECK(!exists("in/gone") && exists("in/dir/file"));
  if (HAS_LINKS)
    unlinking_links();
}

static void renaming(void) {
  make_file("in/a", "a");
  make_file("in/b", "b");
  make_dir("in/da");
  make_dir("in/db");
  CHECK_EQUAL(rename_("a", "c"), WASI_OK);
  CHECK_EQUAL(rename_("c", "b"), WASI_OK);
  CHECK(strcmp(content_of("in/b"), "a") == 0);
  CHECK_EQUAL(rename_("b/", "c"), WASI_NOTDIR);
  CHECK_EQUAL(rename_("b", "c/"), WASI_NOTDIR);
  CHECK_EQUAL(rename_("missing", "c"), WASI_NOENT);
  CHECK_EQUAL(rename_("missing/", "c"), WASI_NOENT);
  CHECK_EQUAL(rename_("b", "da"), WASI_ISDIR);
  CHECK_EQUAL(rename_("da", "b"), WASI_NOTDIR);
  CHECK_EQUAL(rename_("da", "dir"), WASI_NOTEMPTY);
  CHECK_EQUAL(rename_("da/", "db/"), WASI_OK);
  CHECK(!exists("in/da") && exists("in/db"));
  CHECK_EQUAL(rename_("db", "db/inside"), WASI_INVAL);
  CHECK_EQUAL(rename_("db/", "da"), WASI_OK);
  CHECK_EQUAL(rename_("da", "dir/moved/"), WASI_OK);
  CHECK_EQUAL(rename_("dir/moved", "da"), WASI_OK);
  CHECK(rename_(".", "x") != WASI_OK && rename_("b", ".") != WASI_OK);
  CHECK_EQUAL(rename_("b", "b"), WASI_OK);
  CHECK_EQUAL(unlink_("b"), WASI_OK);
  CHECK_EQUAL(rmdir_("da"), WASI_OK);
}

static void linking(void) {
  CHECK_EQUAL(link_("file", "l"), WASI_OK);
  CHECK_EQUAL(link_("file", "l"), WASI_EXIST);
  CHECK_EQUAL(link_("file", "dir"), WASI_EXIST);
  CHECK_EQUAL(link_("file", "dir/"), WASI_EXIST);
  CHECK_EQUAL(link_("file", "file/"), WASI_NOTDIR);
  CHECK_EQUAL(link_("file", "new/"), WASI_NOENT);
  CHECK_EQUAL(link_("/etc/passwd", "abs"), WASI_PERM);
  CHECK_EQUAL(link_("", "empty"), WASI_NOENT);
  CHECK_EQUAL(link_("../../anywhere", "out"), WASI_OK);
  CHECK_EQUAL(stat_("out"), WASI_PERM);
  CHECK_EQUAL(unlink_("out"), WASI_OK);
  CHECK_EQUAL(readlink_("l", 100), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 4);
  CHECK(memcmp(at(BUF), "file", 4) == 0);
  store(BUF, 8, 0);
  CHECK_EQUAL(readlink_("l", 2), WASI_OK); /* cut, without a word */
  CHECK_EQUAL(load(OUT, 4), 2);
  CHECK_EQUAL(load(BUF, 4), 'f' | 'i' << 8);
  CHECK_EQUAL(readlink_("l", 0), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 0);
  CHECK_EQUAL(readlink_("file", 100), WASI_INVAL);
  CHECK_EQUAL(readlink_("dir", 100), WASI_INVAL);
  CHECK_EQUAL(readlink_("file/", 100), WASI_NOTDIR);
  CHECK_EQUAL(readlink_("todir/", 100), WASI_INVAL);
  CHECK_EQUAL(readlink_("missing", 100), WASI_NOENT);
  CHECK_EQUAL(unlink_("l"), WASI_OK);
}

static uint32_t hard_link(const char *from, const char *to, uint32_t lookup) {
  return wdn_wasi_path_link(&wasi, 3, lookup, PATH1, text(PATH1, from), 3, PATH2, text(PATH2, to));
}

static void hard_linking(void) {
  CHECK_EQUAL(hard_link("file", "second", 0), WASI_OK);
  CHECK_EQUAL(stat_("second"), WASI_OK);
  CHECK_EQUAL(load(OUT + 24, 8), 2);
  CHECK_EQUAL(hard_link("file", "second", 0), WASI_EXIST);
  CHECK_EQUAL(hard_link("file", "third", FOLLOW), WASI_INVAL);
  CHECK_EQUAL(hard_link("file", "dir/", 0), WASI_EXIST);
  CHECK_EQUAL(hard_link("file", "file/", 0), WASI_NOTDIR);
  CHECK_EQUAL(hard_link("file", "new/", 0), WASI_NOENT);
  CHECK_EQUAL(hard_link("file/", "new", 0), WASI_NOTDIR);
  CHECK_EQUAL(hard_link("dir/", "new", 0), WASI_PERM);
  CHECK_EQUAL(hard_link("dir", "new", 0), WASI_PERM);
  CHECK_EQUAL(hard_link("missing", "new", 0), WASI_NOENT);
  CHECK_EQUAL(unlink_("second"), WASI_OK);
  CHECK(!exists("in/new") && !exists("in/third"));
}

static void test(void) {
  int before;
  make_dir("in");
  make_dir("in/dir");
  make_file("in/file", "file");
  make_file("in/dir/file", "file");
  if (HAS_LINKS) {
    make_link("dir", "in/todir");
    make_link("nowhere", "in/dangling");
  }
  before = open_files();
  start_in("in", false);
  not_text();
  making_and_removing();
  unlinking();
  renaming();
  if (HAS_LINKS)
    linking();
  hard_linking();
  lengths();
  stop();
  CHECK_EQUAL(open_files(), before);
}
