/* poll_oneoff: clocks of every kind, descriptors, and nonsense.
 *
 * not on: windows (waits for what POSIX has) */
#include "world.h"

#define SUBS 0x2000u
#define EVENTS 0xc000u
#define MS 1000000ull

static uint64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void on_clock(uint32_t index, uint32_t clock, uint64_t timeout, uint32_t flags) {
  uint32_t sub = SUBS + index * WASI_SUBSCRIPTION_SIZE;
  memset(at(sub), 0, WASI_SUBSCRIPTION_SIZE);
  store(sub, 8, 1000 + index);
  store(sub + 16, 4, clock);
  store(sub + 24, 8, timeout);
  store(sub + 40, 2, flags);
}

static void on_fd(uint32_t index, uint32_t kind, uint32_t fd) {
  uint32_t sub = SUBS + index * WASI_SUBSCRIPTION_SIZE;
  memset(at(sub), 0, WASI_SUBSCRIPTION_SIZE);
  store(sub, 8, 1000 + index);
  store(sub + 8, 1, kind);
  store(sub + 16, 4, fd);
}

/* The number of events, or minus the error. */
static int64_t wait(uint32_t count) {
  uint32_t error = wdn_wasi_poll_oneoff(&wasi, SUBS, EVENTS, count, OUT);
  return error == WASI_OK ? (int64_t)load(OUT, 4) : -(int64_t)error;
}

static void check_event(uint32_t index, uint32_t sub, uint32_t error, uint32_t kind, uint64_t bytes,
                        uint32_t flags) {
  uint32_t event = EVENTS + index * WASI_EVENT_SIZE;
  CHECK_EQUAL(load(event, 8), 1000 + sub);
  CHECK_EQUAL(load(event + 8, 2), error);
  CHECK_EQUAL(load(event + 10, 1), kind);
  CHECK_EQUAL(load(event + 16, 8), bytes);
  CHECK_EQUAL(load(event + 24, 2), flags);
}

/* How long one clock makes us wait, in milliseconds. */
static uint64_t waited(uint32_t clock, uint64_t timeout, uint32_t flags) {
  uint64_t start = now(CLOCK_MONOTONIC);
  on_clock(0, clock, timeout, flags);
  CHECK_EQUAL(wait(1), 1);
  check_event(0, 0, WASI_OK, WASI_SUBSCRIPTION_CLOCK, 0, 0);
  return (now(CLOCK_MONOTONIC) - start) / MS;
}

static void clocks(void) {
  uint64_t ms;
  CHECK(waited(WASI_CLOCK_MONOTONIC, 0, 0) < 20);
  CHECK(waited(WASI_CLOCK_REALTIME, 0, WASI_SUBSCRIPTION_ABSTIME) < 20);
  CHECK(waited(WASI_CLOCK_MONOTONIC, 1, WASI_SUBSCRIPTION_ABSTIME) < 20);
  CHECK(waited(WASI_CLOCK_REALTIME, now(CLOCK_REALTIME) - MS, WASI_SUBSCRIPTION_ABSTIME) < 20);
  ms = waited(WASI_CLOCK_MONOTONIC, 30 * MS, 0);
  CHECK(ms >= 30 && ms < 500);
  ms = waited(WASI_CLOCK_REALTIME, 30 * MS, 0);
  CHECK(ms >= 30 && ms < 500);
  ms = waited(WASI_CLOCK_REALTIME, now(CLOCK_REALTIME) + 30 * MS, WASI_SUBSCRIPTION_ABSTIME);
  CHECK(ms >= 28 && ms < 500);
  ms = waited(WASI_CLOCK_MONOTONIC, now(CLOCK_MONOTONIC) + 30 * MS, WASI_SUBSCRIPTION_ABSTIME);
  CHECK(ms >= 29 && ms < 500);
}

/* The first of several, and timeouts that overflow. */
static void several_clocks(void) {
  uint64_t start = now(CLOCK_MONOTONIC);
  on_clock(0, WASI_CLOCK_MONOTONIC, UINT64_MAX, 0);
  on_clock(1, WASI_CLOCK_MONOTONIC, 20 * MS, 0);
  on_clock(2, WASI_CLOCK_REALTIME, UINT64_MAX, WASI_SUBSCRIPTION_ABSTIME);
  on_clock(3, WASI_CLOCK_MONOTONIC, UINT64_MAX - 1, 0);
  CHECK_EQUAL(wait(4), 1);
  check_event(0, 1, WASI_OK, WASI_SUBSCRIPTION_CLOCK, 0, 0);
  CHECK(now(CLOCK_MONOTONIC) - start < 500 * MS);
  on_clock(1, WASI_CLOCK_MONOTONIC, 0, 0);
  on_clock(2, WASI_CLOCK_MONOTONIC, 0, 0);
  CHECK_EQUAL(wait(4), 2);
  check_event(0, 1, WASI_OK, WASI_SUBSCRIPTION_CLOCK, 0, 0);
  check_event(1, 2, WASI_OK, WASI_SUBSCRIPTION_CLOCK, 0, 0);
}

static void nonsense(void) {
  CHECK_EQUAL(wait(0), -WASI_INVAL);
  CHECK_EQUAL(wait(1025), -WASI_INVAL);
  on_clock(0, WASI_CLOCK_MONOTONIC, 0, 2);
  CHECK_EQUAL(wait(1), -WASI_INVAL);
  on_fd(0, 3, 0);
  CHECK_EQUAL(wait(1), -WASI_INVAL);
  on_clock(0, 99, 0, 0);
  CHECK_EQUAL(wait(1), 1);
  check_event(0, 0, WASI_INVAL, WASI_SUBSCRIPTION_CLOCK, 0, 0);
  on_fd(0, WASI_SUBSCRIPTION_READ, 99);
  CHECK_EQUAL(wait(1), 1);
  check_event(0, 0, WASI_BADF, WASI_SUBSCRIPTION_READ, 0, 0);
  on_fd(0, WASI_SUBSCRIPTION_READ, 0x80000000);
  CHECK_EQUAL(wait(1), 1);
  check_event(0, 0, WASI_BADF, WASI_SUBSCRIPTION_READ, 0, 0);
}

static void descriptors(int writer) {
  uint64_t start = now(CLOCK_MONOTONIC);
  uint32_t file = must_open("file", 0, READ | WRITE);
  on_fd(0, WASI_SUBSCRIPTION_READ, 0);
  on_clock(1, WASI_CLOCK_MONOTONIC, 20 * MS, 0);
  CHECK_EQUAL(wait(2), 1); /* nothing to read */
  check_event(0, 1, WASI_OK, WASI_SUBSCRIPTION_CLOCK, 0, 0);
  CHECK(now(CLOCK_MONOTONIC) - start >= 20 * MS);
  must((int)write(writer, "abc", 3), "write");
  on_clock(1, WASI_CLOCK_MONOTONIC, 10000 * MS, 0);
  on_fd(2, WASI_SUBSCRIPTION_READ, 0); /* twice */
  on_fd(3, WASI_SUBSCRIPTION_WRITE, 1);
  on_fd(4, WASI_SUBSCRIPTION_READ, file);
  on_fd(5, WASI_SUBSCRIPTION_WRITE, file);
  on_fd(6, WASI_SUBSCRIPTION_READ, 3);
  CHECK_EQUAL(wait(7), 6);
  check_event(0, 0, WASI_OK, WASI_SUBSCRIPTION_READ, 3, 0);
  check_event(1, 2, WASI_OK, WASI_SUBSCRIPTION_READ, 3, 0);
  check_event(2, 3, WASI_OK, WASI_SUBSCRIPTION_WRITE, 0, 0);
  check_event(3, 4, WASI_OK, WASI_SUBSCRIPTION_READ, 7, 0);
  check_event(4, 5, WASI_OK, WASI_SUBSCRIPTION_WRITE, 0, 0);
  check_event(5, 6, WASI_OK, WASI_SUBSCRIPTION_READ, 0, 0);
  /* A clock that has run out does not hide what can be read. */
  on_clock(1, WASI_CLOCK_MONOTONIC, 0, 0);
  CHECK_EQUAL(wait(2), 2);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, file, 5, WASI_SEEK_SET, OUT), WASI_OK);
  on_fd(0, WASI_SUBSCRIPTION_READ, file);
  CHECK_EQUAL(wait(1), 1);
  check_event(0, 0, WASI_OK, WASI_SUBSCRIPTION_READ, 2, 0);
  on_fd(0, WASI_SUBSCRIPTION_READ, 2); /* granted nothing: it ends at once */
  CHECK_EQUAL(wait(1), 1);
  close(writer);
  iov(0, BUF, 3);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, IOVS, 1, OUT), WASI_OK);
  on_fd(0, WASI_SUBSCRIPTION_READ, 0);
  CHECK_EQUAL(wait(1), 1);
  check_event(0, 0, WASI_OK, WASI_SUBSCRIPTION_READ, 0, WASI_EVENT_HANGUP);
}

/* As many as there may be, with the events written over them. */
static void many(void) {
  uint32_t i;
  for (i = 0; i < 850; i++)
    on_clock(i, WASI_CLOCK_MONOTONIC, 0, 0);
  CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, SUBS, SUBS, 850, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 850);
  for (i = 0; i < 850; i++)
    CHECK_EQUAL(load(SUBS + i * WASI_EVENT_SIZE, 8), 1000 + i);
}

static void test(void) {
  wdn_wasi_preopen_t preopen = {folder, 0, "/", false, NULL};
  wdn_wasi_config_t config = {0};
  int fds[2], before = open_files();
  must(pipe(fds), "pipe");
  make_file("file", "content");
  config.preopens = &preopen;
  config.preopen_count = 1;
  config.resolver = resolver;
  config.stdio[0].kind = WDN_WASI_HOST;
  config.stdio[0].fd = fds[0];
  config.stdio[1].kind = WDN_WASI_HOST;
  config.stdio[1].fd = open("/dev/null", O_WRONLY);
  start_with(&config);
  clocks();
  several_clocks();
  nonsense();
  descriptors(fds[1]);
  many();
  stop();
  close(fds[0]);
  close(config.stdio[1].fd);
  CHECK_EQUAL(open_files(), before);
}
