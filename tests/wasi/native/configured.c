/* What a host can put in place of the system: streams in memory or by callbacks,
 * clocks, random numbers; and its limits. A guest without files costs no system call. */
#include "world.h"

#if defined(__linux__)
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#endif

static wdn_wasi_config_t config;

static void check_buffers(void) {
  uint8_t input[] = "some input", output[8];
  wdn_wasi_buffer_t in = {input, 10, 0}, out = {output, sizeof output, 0};
  memset(&config, 0, sizeof config);
  config.stdio[0].kind = WDN_WASI_BUFFER;
  config.stdio[0].buffer = &in;
  config.stdio[1].kind = WDN_WASI_BUFFER;
  config.stdio[1].buffer = &out;
  start_with(&config);
  CHECK_EQUAL(read_all(0), 10);
  CHECK(strcmp((char *)at(BUF), "some input") == 0);
  CHECK_EQUAL(write_text(1, "12345"), 5);
  CHECK_EQUAL(write_text(1, "6789"), 3);
  CHECK_EQUAL(write_text(1, "x"), -WASI_NOSPC);
  CHECK(out.used == 8 && memcmp(output, "12345678", 8) == 0);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, 1, 0, 0, OUT), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, 1), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, 1, OUT), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 1, OUT), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, 1, 2), WASI_OK);
  CHECK_EQUAL(write_text(2, "x"), -WASI_NOSPC);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 2), WASI_OK);
  stop();
}

static int64_t give(void *context, uint8_t *data, size_t size) {
  uint32_t *calls = context;
  if (++*calls > 3)
    return *calls == 4 ? 0 : -(int64_t)WASI_IO;
  memset(data, 'a' + (int)*calls, size);
  return size > 2 ? (int64_t)size - 1 : (int64_t)size;
}

static int64_t take(void *context, const uint8_t *data, size_t size) {
  (void)context;
  return size > 0 && data[0] == '!' ? -1000 : (int64_t)size + 5; /* more than there was */
}

static void check_callbacks(void) {
  uint32_t calls = 0;
  memset(&config, 0, sizeof config);
  config.stdio[0].kind = config.stdio[1].kind = config.stdio[2].kind = WDN_WASI_CALLBACK;
  config.stdio[0].read = give;
  config.stdio[0].context = &calls;
  config.stdio[1].write = take;
  start_with(&config);
  iov(0, BUF, 2);
  iov(1, BUF + 2, 4);
  iov(2, BUF + 6, 4);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, IOVS, 3, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 5);
  CHECK_EQUAL(calls, 2);
  CHECK(memcmp(at(BUF), "bbccc", 5) == 0);
  CHECK_EQUAL(read_all(0), 3999);
  CHECK_EQUAL(read_all(0), -WASI_IO);
  CHECK_EQUAL(write_text(1, "text"), 4);
  CHECK_EQUAL(write_text(1, "!"), -WASI_IO);
  CHECK_EQUAL(write_text(2, "text"), -WASI_BADF);
  CHECK_EQUAL(read_all(1), -WASI_BADF);
  CHECK_EQUAL(write_text(0, "text"), -WASI_BADF);
  stop();
}

static bool clock_(void *context, uint32_t id, uint64_t *ns) {
  *ns = *(uint64_t *)context + id;
  return id < 2;
}

static bool random_(void *context, uint8_t *data, size_t size) {
  (void)context;
  memset(data, 7, size);
  return size < 100;
}

static void check_world(void) {
  uint64_t time = 1234567;
  memset(&config, 0, sizeof config);
  config.clock = clock_;
  config.random = random_;
  config.context = &time;
  start_with(&config);
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 1, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8), 1234568);
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 2, 0, OUT), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, BUF, 99), WASI_OK);
  CHECK_EQUAL(*at(BUF + 98), 7);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, BUF, 100), WASI_IO);
  stop();
  config.clock_step = 1000;
  start_with(&config);
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 0, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8), 1234000);
  stop();
  memset(&config, 0, sizeof config);
  config.clock_step = 1000000;
  start_with(&config);
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 1, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8) % 1000000, 0);
  CHECK_EQUAL(wdn_wasi_clock_res_get(&wasi, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8), 1000000);
  stop();
}

/* A guest that writes and asks when has a clock as fine as the files' times. */
static void check_file_times(void) {
  wdn_wasi_preopen_t preopen = {NULL, 0, "/", false, NULL};
  uint32_t fd, i;
  memset(&config, 0, sizeof config);
  preopen.host = folder;
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.resolver = resolver;
  config.clock_step = 1000000;
  start_with(&config);
  fd = must_open("times", WASI_O_CREAT, READ | WRITE);
  for (i = 0; i < 10; i++) {
    CHECK_EQUAL(write_text(fd, "x"), 1);
    CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
    CHECK(load(OUT + 40, 8) % 1000000 == 0 && load(OUT + 48, 8) % 1000000 == 0);
    CHECK(load(OUT + 48, 8) > 0 && load(OUT + 56, 8) % 1000000 == 0);
    CHECK_EQUAL(wdn_wasi_path_filestat_get(&wasi, 3, 0, PATH1, text(PATH1, "times"), OUT), WASI_OK);
    CHECK(load(OUT + 48, 8) % 1000000 == 0);
    CHECK_EQUAL(wdn_wasi0_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
    CHECK(load(OUT + 40, 8) % 1000000 == 0);
  }
  stop();
}

/* 100 bytes may be written, whatever to. */
static void check_written(void) {
  wdn_wasi_preopen_t preopen = {NULL, 0, "/", false, NULL};
  uint32_t fd;
  memset(&config, 0, sizeof config);
  preopen.host = folder;
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.max_written = 100;
  config.resolver = resolver;
  start_with(&config);
  fd = must_open("written", WASI_O_CREAT, READ | WRITE);
  CHECK_EQUAL(write_text(1, "0123456789"), 10);
  CHECK_EQUAL(write_text(fd, "0123456789"), 10);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, 50), WASI_OK); /* 40 more */
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, 5), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, 46), WASI_NOSPC);
  iov(0, BUF, 25);
  iov(1, BUF, 25);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 2, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 40);
  CHECK_EQUAL(write_text(fd, "x"), -WASI_NOSPC);
  CHECK_EQUAL(write_text(1, "x"), -WASI_NOSPC);
  CHECK_EQUAL(write_text(fd, ""), 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  CHECK_EQUAL(read_all(must_open("written", 0, READ)), 40);
  stop();
}

/* What is skipped counts as well: not every system keeps holes for nothing. */
static void check_gaps(void) {
  wdn_wasi_preopen_t preopen = {NULL, 0, "/", false, NULL};
  uint32_t fd;
  memset(&config, 0, sizeof config);
  preopen.host = folder;
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.max_written = 100;
  config.resolver = resolver;
  start_with(&config);
  fd = must_open("gaps", WASI_O_CREAT, READ | WRITE);
  iov(0, BUF, 10);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 1, 101, OUT), WASI_NOSPC);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 1, INT64_MAX, OUT), WASI_NOSPC);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 1, 100, OUT), WASI_NOSPC);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 0, 1000, OUT), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 1, 30, OUT), WASI_OK); /* 60 are left */
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, 101, WASI_SEEK_SET, OUT), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, IOVS, 1, OUT), WASI_NOSPC);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, fd, 95, WASI_SEEK_SET, OUT), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, IOVS, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 5);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, fd, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 32, 8), 100);
  CHECK_EQUAL(write_text(1, "x"), -WASI_NOSPC);
  stop();
}

#if defined(__linux__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__TINYC__)
/* In a process that may only read, write and exit. */
static void check_no_system_call(void) {
  int status = 0;
  pid_t child = fork();
  must(child, "fork");
  if (child == 0) {
    wdn_wasi_t made;
    bool fine;
    free(malloc(100000)); /* the heap has room */
    memset(&config, 0, sizeof config);
    config.stdio[0].kind = WDN_WASI_HOST;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
      _exit(77);
    fine = wdn_wasi_init(&made, &config, NULL);
    wdn_wasi_destroy(&made);
    syscall(SYS_exit, fine ? 0 : 1);
  }
  must(waitpid(child, &status, 0), "waitpid");
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
        (WIFEXITED(status) && WEXITSTATUS(status) == 77)); /* no such mode, as in emulators */
}
#else
static void check_no_system_call(void) {}
#endif

static void test(void) {
  check_buffers();
  check_callbacks();
  check_world();
  check_file_times();
  check_written();
  check_gaps();
  check_no_system_call();
}
