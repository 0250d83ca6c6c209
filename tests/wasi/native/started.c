/* What a host asks for before the guest starts: streams that are files, the process's
 * environment, and what cannot be granted, which is said and leaves nothing behind.
 *
 * not on: windows (makes links and sockets) */
#include "world.h"

#include <sys/socket.h>
#include <sys/un.h>

static wdn_wasi_config_t config;
static wdn_wasi_error_t error;

/* Why it is not made. */
static const char *refusal(void) {
  int before = open_files();
  wdn_wasi_t other;
  memset(&error, 0, sizeof error);
  if (wdn_wasi_init(&other, &config, &error)) {
    wdn_wasi_destroy(&other);
    return "it is made";
  }
  CHECK_EQUAL(open_files(), before);
  CHECK(!wdn_wasi_init(&other, &config, NULL));
  return error.message;
}

static void set_stream(uint32_t index, const char *path) {
  memset(&config, 0, sizeof config);
  config.stdio[index].kind = WDN_WASI_PATH;
  config.stdio[index].path = path;
}

static void streams(void) {
  char in[1000], out[1000];
  int before = open_files();
  make_file("in", "what is read");
  make_file("out", "what was there before");
  snprintf(in, sizeof in, "%s", host("in"));
  snprintf(out, sizeof out, "%s", host("out"));
  set_stream(0, in);
  config.stdio[1] = config.stdio[2] = config.stdio[0];
  config.stdio[1].path = out;
  config.stdio[2].path = host("made");
  start_with(&config);
  CHECK_EQUAL(read_all(0), 12);
  CHECK_EQUAL(write_text(0, "x"), -WASI_BADF);
  CHECK_EQUAL(write_text(1, "one "), 4);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, 1, 0, WASI_SEEK_SET, OUT), WASI_OK);
  CHECK_EQUAL(write_text(1, "two"), 3);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, 1, 0), WASI_INVAL);
  CHECK_EQUAL(write_text(2, "new"), 3);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 2), WASI_OK);
  CHECK_EQUAL(open_files(), before + 2);
  stop();
  CHECK_EQUAL(open_files(), before);
  CHECK(strcmp(content_of("out"), "one two") == 0);
  CHECK(strcmp(content_of("made"), "new") == 0);
}

static void bad_streams(void) {
  set_stream(0, host("missing"));
  CHECK(strcmp(refusal(), "no such file") == 0);
  CHECK(error.stream == 0 && error.preopen == UINT32_MAX);
  set_stream(2, host("missing/file"));
  CHECK(strcmp(refusal(), "no such file") == 0);
  CHECK_EQUAL(error.stream, 2);
  set_stream(0, folder);
  CHECK(strcmp(refusal(), "is a directory") == 0);
  set_stream(1, folder);
  CHECK(strcmp(refusal(), "is a directory") == 0);
  set_stream(1, host("in/file"));
  CHECK(strcmp(refusal(), "not a directory") == 0);
  if (geteuid() == 0)
    return; /* may read everything */
  make_file("private", "");
  must(chmod(host("private"), 0), "chmod");
  set_stream(0, host("private"));
  CHECK(strcmp(refusal(), "permission denied") == 0);
}

static void bad_limits(void) {
  static char name[5000];
  static const int sockets[] = {0, 0};
  wdn_wasi_preopen_t preopen = {NULL, 0, name, false, NULL};
  memset(&config, 0, sizeof config);
  config.max_fds = 2;
  CHECK(strcmp(refusal(), "the limit of descriptors makes no sense") == 0);
  config.max_fds = UINT32_MAX;
  CHECK(strcmp(refusal(), "the limit of descriptors makes no sense") == 0);
  CHECK(error.stream == UINT32_MAX && error.preopen == UINT32_MAX);
  config.max_fds = 4;
  config.sockets = sockets;
  config.socket_count = 2;
  CHECK(strcmp(refusal(), "too many sockets") == 0);
  config.socket_count = 1;
  config.preopens = &preopen;
  config.preopen_count = 1;
  preopen.host = folder;
  CHECK(strcmp(refusal(), "too many sockets") == 0);
  config.socket_count = 0;
  memset(name, 'n', sizeof name - 1);
  CHECK(strcmp(refusal(), "name too long") == 0);
  CHECK(error.preopen == 0 && error.stream == UINT32_MAX);
  name[1] = 0;
  make_link("round", "round");
  preopen.host = host("round");
  CHECK(strcmp(refusal(), "too many symbolic links") == 0);
}

static void environment(void) {
  uint32_t i, size, found = 0;
  memset(&config, 0, sizeof config);
  must(setenv("STARTED_WITH", "a=b", 1), "setenv");
  wdn_wasi_inherit_env(&config);
  make_memory(MEMORY_SIZE);
  start_with(&config);
  make_memory(0x200000); /* a process may have much */
  CHECK_EQUAL(wdn_wasi_environ_sizes_get(&wasi, OUT, OUT2), WASI_OK);
  size = (uint32_t)load(OUT, 4);
  CHECK_EQUAL(wdn_wasi_environ_get(&wasi, 0x100000, 0x10000), WASI_OK);
  for (i = 0; i < size; i++)
    found += strcmp((char *)at((uint32_t)load(0x100000 + 4 * i, 4)), "STARTED_WITH=a=b") == 0;
  CHECK_EQUAL(found, 1);
  stop();
}

/* What links can do to a path's length, and kinds of files that a guest only sees. */
static void odd_entries(void) {
  static char target[1000], path[4200];
  struct sockaddr_un address;
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  uint32_t i, offset = 0, seen = 0;
  make_dir("odd");
  for (i = 0; i + 2 < 900; i += 2)
    memcpy(target + i, "./", 2);
  make_link(target, "odd/long");
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s", host("odd/s"));
  must(bind(listener, (struct sockaddr *)&address, sizeof address), "bind");
  close(listener);
  start_in("odd", false);
  /* Short of the limit by less than what the link adds: */
  strcpy(path, "long/");
  for (i = 5; i + 2 <= 4000; i += 2)
    memcpy(path + i, "./", 2);
  strcpy(path + i, "s/x");
  CHECK(open_at(3, path, FOLLOW, 0, READ, 0) < 0);
  if (resolver == WDN_WASI_RESOLVE_WALK)
    CHECK_EQUAL(open_at(3, path, FOLLOW, 0, READ, 0), -WASI_NAMETOOLONG);
  memset(path, 'n', 1100);
  strcpy(path + 1100, "/x");
  CHECK_EQUAL(open_at(3, path, 0, 0, READ, 0), -WASI_NAMETOOLONG);
  CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, path)), WASI_NAMETOOLONG);
  path[1100] = 0;
  CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, 3, PATH1, text(PATH1, path)), WASI_NAMETOOLONG);
  CHECK_EQUAL(wdn_wasi_fd_readdir(&wasi, 3, BUF, 4000, 0, OUT), WASI_OK);
  for (; offset < load(OUT, 4); offset += 24 + (uint32_t)load(BUF + offset + 16, 4))
    seen += load(BUF + offset + 20, 1) == WASI_TYPE_STREAM && *at(BUF + offset + 24) == 's';
  CHECK_EQUAL(seen, 1);
  CHECK(open_at(3, "s", 0, 0, READ, 0) < 0);
  stop();
}

static void test(void) {
  streams();
  bad_streams();
  bad_limits();
  environment();
  odd_entries();
}
