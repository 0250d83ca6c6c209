/* Descriptors 0, 1 and 2 on Windows: pipes, files of the host's, and the null
 * device; waiting for them; and clocks. */
#include "../wasi/native/world.h"

#define SUBS 0x2000u
#define EVENTS 0xc000u
#define MS 1000000ull

static void start_on(int in, int out) {
  wdn_wasi_config_t config = {0};
  config.stdio[0].kind = WDN_WASI_HOST;
  config.stdio[1].kind = WDN_WASI_HOST;
  config.stdio[0].fd = in;
  config.stdio[1].fd = out;
  start_with(&config);
}

static void make_pipe(int fds[2]) {
  must(_pipe(fds, 4096, _O_BINARY | _O_NOINHERIT), "_pipe");
}

static uint64_t flags_of(uint32_t fd) {
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, fd, OUT), WASI_OK);
  return load(OUT + 2, 2);
}

static void pipes(void) {
  int to_guest[2], from_guest[2];
  char got[16] = "";
  make_pipe(to_guest);
  make_pipe(from_guest);
  start_on(to_guest[0], from_guest[1]);
  must(write(to_guest[1], "hello", 5), "write");
  close(to_guest[1]);
  CHECK_EQUAL(read_all(0), 5);
  CHECK(strcmp((char *)at(BUF), "hello") == 0);
  CHECK_EQUAL(write_text(1, "line\n"), 5);
  CHECK_EQUAL(read(from_guest[0], got, sizeof got), 5);
  CHECK(strcmp(got, "line\n") == 0);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, 0, 0, WASI_SEEK_CUR, OUT), WASI_SPIPE);
  iov(0, BUF, 1);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, 0, IOVS, 1, 0, OUT), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 0, OUT), WASI_OK);
  CHECK(load(OUT, 1) != WASI_TYPE_CHARACTER);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, 1), WASI_OK);
  /* Nobody reads any more. */
  close(from_guest[0]);
  CHECK_EQUAL(write_text(1, "x"), -WASI_PIPE);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 1), WASI_OK);
  CHECK(_get_osfhandle(from_guest[1]) != -1); /* it is the host's */
  stop();
  close(to_guest[0]);
  close(from_guest[1]);
}

static void nonblocking(void) {
  int fds[2];
  make_pipe(fds);
  start_on(fds[0], fds[1]);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 0, WASI_FD_NONBLOCK), WASI_OK);
  CHECK_EQUAL(flags_of(0), WASI_FD_NONBLOCK);
  iov(0, BUF, 10);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, IOVS, 1, OUT), WASI_AGAIN);
  CHECK_EQUAL(write_text(1, "abc"), 3);
  iov(0, BUF, 10);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, IOVS, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 3);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 0, WASI_FD_APPEND), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 0, 0), WASI_OK);
  stop();
  close(fds[0]);
  close(fds[1]);
}

/* A file that the host opened: positions are shared, pread leaves them alone. */
static void files(void) {
  int in, out;
  make_file("input", "0123456789");
  in = open(host("input"), O_RDONLY | O_BINARY);
  out = open(host("output"), O_RDWR | O_CREAT | O_BINARY, 0666);
  must(in, "input");
  must(out, "output");
  start_on(in, out);
  iov(0, BUF, 2);
  iov(1, BUF + 2, 3);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, IOVS, 2, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 5);
  CHECK(memcmp(at(BUF), "01234", 5) == 0);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, 0, IOVS, 2, 7, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 3);
  CHECK(memcmp(at(BUF), "789", 3) == 0);
  CHECK_EQUAL(wdn_wasi_fd_tell(&wasi, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 8), 5);
  CHECK_EQUAL(read_all(0), 5);
  CHECK_EQUAL(write_text(0, "x"), -WASI_ACCES);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 1), WASI_TYPE_REGULAR);
  CHECK_EQUAL(load(OUT + 8, 8) & (READ | WRITE), WASI_RIGHT_FD_READ);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 32, 8), 10);
  CHECK_EQUAL(write_text(1, "abcdef"), 6);
  text(BUF, "XY");
  iov(0, BUF, 2);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, 1, IOVS, 1, 1, OUT), WASI_OK);
  CHECK_EQUAL(write_text(1, "g"), 1);
  CHECK(strcmp(content_of("output"), "aXYdefg") == 0);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, 1, 3), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, 1), WASI_OK);
  stop();
  CHECK(strcmp(content_of("output"), "aXYdefg") == 0);
  close(in);
  close(out);
}

static void null_device(void) {
  int null = open("NUL", O_RDWR);
  must(null, "NUL");
  start_on(null, null);
  CHECK_EQUAL(read_all(0), 0);
  CHECK_EQUAL(write_text(1, "lost"), 4);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 1), WASI_TYPE_CHARACTER);
  CHECK((load(OUT + 8, 8) & WASI_RIGHT_FD_SEEK) != 0); /* no terminal */
  stop();
  close(null);
}

/* A host that hands in nonsense. */
static void bad_descriptors(void) {
  start_on(-5, 1234);
  iov(0, BUF, 1);
  CHECK(wdn_wasi_fd_read(&wasi, 0, IOVS, 1, OUT) != WASI_OK);
  CHECK(write_text(1, "x") < 0);
  CHECK(wdn_wasi_fd_filestat_get(&wasi, 0, OUT) != WASI_OK);
  CHECK(wdn_wasi_fd_fdstat_get(&wasi, 1, OUT) != WASI_OK);
  stop();
}

static void subscribe(uint32_t index, uint32_t kind, uint32_t fd, uint64_t timeout) {
  uint32_t it = SUBS + index * WASI_SUBSCRIPTION_SIZE;
  memset(at(it), 0, WASI_SUBSCRIPTION_SIZE);
  store(it, 8, index + 1);
  store(it + 8, 1, kind);
  store(it + 16, 4, kind == WASI_SUBSCRIPTION_CLOCK ? WASI_CLOCK_MONOTONIC : fd);
  store(it + 24, 8, timeout);
}

/* The milliseconds that a wait for `count` subscriptions takes. */
static uint64_t wait_for(uint32_t count, uint32_t events) {
  uint64_t start = GetTickCount64();
  CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, SUBS, EVENTS, count, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), events);
  return GetTickCount64() - start;
}

static int late_fd;
static DWORD CALLBACK write_late(void *unused) {
  (void)unused;
  Sleep(150);
  return write(late_fd, "late", 4) == 4;
}

static void waiting(void) {
  int fds[2];
  HANDLE thread;
  uint64_t took;
  make_pipe(fds);
  start_on(fds[0], fds[1]);
  subscribe(0, WASI_SUBSCRIPTION_CLOCK, 0, 100 * MS);
  took = wait_for(1, 1);
  CHECK(took >= 90 && took < 5000);
  /* Nothing to read, for a while; room to write, always. */
  subscribe(1, WASI_SUBSCRIPTION_READ, 0, 0);
  took = wait_for(2, 1);
  CHECK(took >= 90 && took < 5000);
  CHECK_EQUAL(load(EVENTS, 8), 1);
  subscribe(2, WASI_SUBSCRIPTION_WRITE, 1, 0);
  (void)wait_for(3, 1);
  CHECK_EQUAL(load(EVENTS, 8), 3);
  /* Something arrives while we wait. */
  late_fd = fds[1];
  subscribe(0, WASI_SUBSCRIPTION_CLOCK, 0, 20000 * MS);
  thread = CreateThread(NULL, 0, write_late, NULL, 0, NULL);
  took = wait_for(2, 1);
  CHECK(took >= 100 && took < 10000);
  CHECK_EQUAL(load(EVENTS, 8), 2);
  CHECK_EQUAL(load(EVENTS + 16, 8), 4);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  /* The other end goes away. */
  close(fds[1]);
  CHECK_EQUAL(read_all(0), 4);
  (void)wait_for(2, 1);
  CHECK_EQUAL(load(EVENTS, 8), 2);
  CHECK_EQUAL(load(EVENTS + 24, 2), WASI_EVENT_HANGUP);
  stop();
  close(fds[0]);
}

static uint64_t clock_at(uint32_t clock) {
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, clock, 0, OUT), WASI_OK);
  return load(OUT, 8);
}

static void clocks(void) {
  uint64_t start, spent;
  volatile uint32_t work = 0;
  start_on(0, 1);
  CHECK(clock_at(WASI_CLOCK_REALTIME) / 1000000000 + 2 > (uint64_t)time(NULL));
  CHECK(clock_at(WASI_CLOCK_REALTIME) / 1000000000 < (uint64_t)time(NULL) + 2);
  start = clock_at(WASI_CLOCK_MONOTONIC);
  Sleep(50);
  CHECK(clock_at(WASI_CLOCK_MONOTONIC) - start >= 45 * MS);
  CHECK(clock_at(WASI_CLOCK_MONOTONIC) - start < 10000 * MS);
  spent = clock_at(WASI_CLOCK_THREAD);
  while (clock_at(WASI_CLOCK_THREAD) - spent < 40 * MS && work < 400000000)
    work++;
  CHECK(clock_at(WASI_CLOCK_THREAD) - spent >= 40 * MS);
  CHECK(clock_at(WASI_CLOCK_PROCESS) + 20 * MS >= clock_at(WASI_CLOCK_THREAD));
  stop();
}

/* All of it in UTF-8, whatever the code page. */
static void environment(void) {
  wdn_wasi_config_t config = {0};
  uint32_t i;
  bool found = false;
  CHECK(SetEnvironmentVariableW(L"WARDIAN_TEST", L"\x20ac\xd83d\xde00"));
  wdn_wasi_inherit_env(&config);
  CHECK(config.env_count > 2);
  for (i = 0; i < config.env_count; i++) {
    CHECK(config.env[i][0] != '=' && strchr(config.env[i], '=') != NULL);
    found |= strcmp(config.env[i], "WARDIAN_TEST=\xe2\x82\xac\xf0\x9f\x98\x80") == 0;
  }
  CHECK(found);
}

static void test(void) {
  int before = open_files();
  pipes();
  nonblocking();
  files();
  null_device();
  bad_descriptors();
  waiting();
  clocks();
  environment();
  CHECK(open_files() <= before + 2); /* the C library's own */
}
