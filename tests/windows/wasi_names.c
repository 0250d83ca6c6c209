/* Names that mean something else to Windows than a file of that name: none of
 * them can be opened, made or removed by a guest, in any function. */
#include "../wasi/native/world.h"

static const char *const forbidden[] = {
    /* Streams of files, drives, other separators, the native and the old roots. */
    "file:stream", "file::$DATA", "dir:$I30:$INDEX_ALLOCATION", "C:", "C:file", "dir\\file",
    "..\\outside", "\\outside", "\\\\?\\C:", "\\??\\C:", "\\Device\\Null", "dir\\..\\..\\outside",
    /* Devices, in every spelling. */
    "NUL", "nul", "Nul.txt", "nul.tar.gz", "CON", "con.", "PRN", "AUX", "aux.c", "COM1", "com9.x",
    "COM0", "LPT1", "lpt3.txt", "COM\xc2\xb9", "com\xc2\xb2.txt", "LPT\xc2\xb3", "CONIN$",
    "CONOUT$", "conout$.txt", "NUL .txt", "NUL  ", "nul:", "$MFT", "$mft.x", "$Extend", "$LogFile",
    /* What is cut off at the end. */
    "file.", "file ", "file. .", "...", ".. ", ". ", " ", "dir.", "dir ",
    /* Patterns, and what no name has. */
    "f*", "fil?", "<", "file>", "\"file\"", "a|b", "a\x01", "\x1f"};

/* They look alike, and are files like any others. */
static const char *const allowed[] = {"NULL",
                                      "nul-",
                                      "con1",
                                      "COMx",
                                      "COM10",
                                      "com",
                                      "LPT",
                                      "aux_",
                                      "CONIN",
                                      "a.b.c",
                                      ".hidden",
                                      " leading",
                                      "a b",
                                      "tilde~1",
                                      "PROGRA~1.TXT",
                                      "caf\xc3\xa9",
                                      "\xe2\x82\xac",
                                      "\xf0\x9f\x98\x80",
                                      "com\xe2\x81\xb4",
                                      "%TEMP%",
                                      "$x",
                                      "{",
                                      "a,b;c=d",
                                      "console",
                                      "x.nul"};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static uint32_t call(const char *path, const char *other, int which) {
  uint32_t size = text(PATH1, path), other_size = text(PATH2, other);
  switch (which) {
  case 0:
    return wdn_wasi_path_create_directory(&wasi, 3, PATH1, size);
  case 1:
    return wdn_wasi_path_remove_directory(&wasi, 3, PATH1, size);
  case 2:
    return wdn_wasi_path_unlink_file(&wasi, 3, PATH1, size);
  case 3:
    return wdn_wasi_path_filestat_get(&wasi, 3, FOLLOW, PATH1, size, OUT);
  case 4:
    return wdn_wasi_path_filestat_set_times(&wasi, 3, 0, PATH1, size, 0, 0, WASI_FST_MTIM);
  case 5:
    return wdn_wasi_path_rename(&wasi, 3, PATH1, size, 3, PATH2, other_size);
  case 6:
    return wdn_wasi_path_rename(&wasi, 3, PATH2, other_size, 3, PATH1, size);
  case 7:
    return wdn_wasi_path_link(&wasi, 3, 0, PATH1, size, 3, PATH2, other_size);
  case 8:
    return wdn_wasi_path_link(&wasi, 3, 0, PATH2, other_size, 3, PATH1, size);
  case 9:
    return wdn_wasi_path_symlink(&wasi, PATH2, other_size, 3, PATH1, size);
  default:
    return wdn_wasi_path_readlink(&wasi, 3, PATH1, size, BUF, 100, OUT);
  }
}

#define CALLS 11

static void refused(const char *name) {
  char below[128];
  int which;
  bool is_refused = true;
  snprintf(below, sizeof below, "%s/x", name);
  is_refused &= open_at(3, name, FOLLOW, 0, READ, 0) < 0;
  is_refused &= open_at(3, name, 0, WASI_O_DIRECTORY, READ, 0) < 0;
  is_refused &= open_at(3, name, FOLLOW, WASI_O_CREAT, READ | WRITE, 0) < 0;
  is_refused &= open_at(3, name, 0, WASI_O_CREAT | WASI_O_EXCL, WRITE, 0) < 0;
  is_refused &= open_at(3, below, 0, WASI_O_CREAT, WRITE, 0) < 0;
  for (which = 0; which < CALLS; which++)
    is_refused &= call(name, "file", which) != WASI_OK;
  if (!is_refused)
    printf("\"%s\" was not refused\n", name);
  CHECK(is_refused);
}

static void accepted(const char *name) {
  int64_t fd = open_at(3, name, 0, WASI_O_CREAT | WASI_O_EXCL, READ | WRITE, 0);
  if (fd < 0)
    printf("\"%s\": error %d\n", name, (int)-fd);
  CHECK(fd > 3);
  CHECK_EQUAL(write_text((uint32_t)fd, name), strlen(name));
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, (uint32_t)fd), WASI_OK);
  CHECK_EQUAL(call(name, "other", 5), WASI_OK);
  CHECK(strcmp(content_of("in/other"), name) == 0);
  CHECK_EQUAL(call(name, "other", 6), WASI_OK);
}

/* Is the name in the directory, byte for byte? */
static bool listed(const char *name) {
  uint32_t used, offset = 0;
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, BUF, 0x8000, 0, OUT), WASI_OK);
  used = (uint32_t)load(OUT, 4);
  while (used - offset >= WASI_DIRENT_SIZE) {
    uint32_t size = (uint32_t)load(BUF + offset + 16, 4);
    if (size == strlen(name) && memcmp(at(BUF + offset + WASI_DIRENT_SIZE), name, size) == 0)
      return true;
    offset += WASI_DIRENT_SIZE + size;
  }
  return false;
}

/* The short form of a long name belongs to Windows, not to the guest. */
static void short_forms(void) {
  WCHAR path[1024], shortened[1024];
  char name[64];
  const WCHAR *last;
  DWORD size;
  make_file("in/a rather long name.text", "long");
  MultiByteToWideChar(CP_UTF8, 0, host("in/a rather long name.text"), -1, path, 1024);
  size = GetShortPathNameW(path, shortened, 1024);
  CHECK(size > 0 && size < 1024);
  last = wcsrchr(shortened, '\\');
  last = last != NULL ? last : wcsrchr(shortened, '/');
  WideCharToMultiByte(CP_UTF8, 0, last + 1, -1, name, sizeof name, NULL, NULL);
  if (strchr(name, '~') == NULL)
    return; /* a file system without them */
  CHECK(strcmp(content_of("in/a rather long name.text"), "long") == 0);
  {
    char below[80];
    snprintf(below, sizeof below, "in/%s", name);
    CHECK(strcmp(content_of(below), "long") == 0); /* the host may use it */
  }
  refused(name);
  CHECK(strcmp(content_of("in/a rather long name.text"), "long") == 0);
}

/* A name in other letters is the same, as for every program on this system. */
static void letters(void) {
  CHECK_EQUAL(open_at(3, "FILE", 0, WASI_O_CREAT | WASI_O_EXCL, READ, 0), -WASI_EXIST);
  CHECK_EQUAL(call("FILE", "", 3), WASI_OK);
  CHECK_EQUAL(call("file", "File", 5), WASI_OK);
  CHECK(listed("File") != listed("file")); /* wine leaves the letters as they are */
  CHECK_EQUAL(call("FILE", "file", 5), WASI_OK);
  CHECK(listed("file") && !listed("File"));
  CHECK(strcmp(content_of("in/file"), "inside") == 0);
}

static void test(void) {
  int before;
  size_t i;
  make_file("outside", "secret");
  make_dir("in");
  make_dir("in/dir");
  make_file("in/file", "inside");
  make_file("in/dir/file", "inside");
  before = open_files();
  start_in("in", false);
  for (i = 0; i < COUNT(forbidden); i++)
    refused(forbidden[i]);
  for (i = 0; i < COUNT(allowed); i++)
    accepted(allowed[i]);
  for (i = 0; i < COUNT(allowed); i++) {
    CHECK(listed(allowed[i]));
    CHECK_EQUAL(call(allowed[i], "", 2), WASI_OK);
  }
  letters();
  short_forms();
  stop();
  CHECK_EQUAL(open_files(), before);
  CHECK(strcmp(content_of("in/file"), "inside") == 0);
  CHECK(strcmp(content_of("in/dir/file"), "inside") == 0);
  CHECK(strcmp(content_of("outside"), "secret") == 0);
}
