/* Arguments, environment, clocks, random numbers, the end; and poll_oneoff. */
#include "world.h"

static void test_strings(void) {
  CHECK_EQUAL(wdn_wasi_args_sizes_get(&wasi, 8, 12), WASI_OK);
  CHECK_EQUAL(load32(8), 3);
  CHECK_EQUAL(load32(12), 8 + 1 + 10);
  CHECK_EQUAL(wdn_wasi_args_get(&wasi, 100, SIZE - 19), WASI_OK);
  CHECK_EQUAL(load32(100), SIZE - 19);
  CHECK_EQUAL(load32(104), SIZE - 11);
  CHECK_EQUAL(load32(108), SIZE - 10);
  CHECK(memcmp(memory.data + SIZE - 19, "program\0\0two words", 19) == 0);
  memset(memory.data, 0xee, SIZE);
  CHECK_EQUAL(wdn_wasi_args_get(&wasi, 100, SIZE - 18), WASI_FAULT);
  CHECK_EQUAL(load32(100), 0xeeeeeeee);
  CHECK_EQUAL(wdn_wasi_args_get(&wasi, SIZE - 11, 100), WASI_FAULT);
  CHECK_EQUAL(load32(100), 0xeeeeeeee);
  CHECK_EQUAL(wdn_wasi_environ_sizes_get(&wasi, 8, 12), WASI_OK);
  CHECK_EQUAL(load32(8), 2);
  CHECK_EQUAL(load32(12), 7 + 7);
  CHECK_EQUAL(wdn_wasi_environ_get(&wasi, 100, 200), WASI_OK);
  CHECK_EQUAL(load32(104), 207);
  CHECK(memcmp(memory.data + 200, "HOME=/\0EMPTY=", 14) == 0);
}

static void test_clocks(void) {
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 0, 1, 8), WASI_OK);
  CHECK_EQUAL(load64(8), 1000000);
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 1, 1, 9), WASI_OK); /* at any alignment */
  CHECK_EQUAL(load64(9), 500);
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 2, 1, 8), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_clock_res_get(&wasi, 1, 8), WASI_OK);
  CHECK_EQUAL(load64(8), 100);
  CHECK_EQUAL(wdn_wasi_clock_res_get(&wasi, 7, 8), WASI_INVAL);
  config.clock_resolution = 0;
  CHECK_EQUAL(wdn_wasi_clock_res_get(&wasi, 1, 8), WASI_OK);
  CHECK_EQUAL(load64(8), 1);
  config.clock = NULL;
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 0, 1, 8), WASI_INVAL);
  config.clock = machine_clock;
}

static void test_random(void) {
  memset(memory.data, 0xee, SIZE);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 100, 5), WASI_OK);
  CHECK(memory_is(99, "\xeeZZZZZ\xee"));
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 0, SIZE), WASI_OK);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 1, SIZE), WASI_FAULT);
  has_random = false;
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 100, 5), WASI_IO);
  has_random = true;
  config.random = NULL;
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 100, 5), WASI_NOSYS);
  config.random = machine_random;
}

static void test_exit(void) {
  if (setjmp(entry) == 0) {
    wdn_wasi_proc_exit(&wasi, 0x80000007);
    CHECK(!"reached");
  }
  CHECK_EQUAL(exit_code, 0x80000007);
  CHECK_EQUAL((uint32_t)trap_code, 0x80000007);
  CHECK(trapped == wasi.instance);
  config.exit = NULL;
  if (setjmp(entry) == 0)
    wdn_wasi_proc_exit(&wasi, 3);
  CHECK_EQUAL(trap_code, 3);
  config.exit = machine_exit;
  CHECK_EQUAL(wdn_wasi_sched_yield(&wasi), WASI_OK);
}

/* ---- poll_oneoff ------------------------------------------------------------------- */

#define SUBSCRIPTIONS 1000u
#define EVENTS 2000u

static void subscribe(uint32_t i, uint64_t userdata, uint32_t kind, uint32_t id, uint64_t timeout,
                      uint32_t flags) {
  uint32_t at = SUBSCRIPTIONS + i * WASI_SUBSCRIPTION_SIZE;
  memset(memory.data + at, 0xcc, WASI_SUBSCRIPTION_SIZE);
  store64(at, userdata);
  memory.data[at + 8] = (uint8_t)kind;
  store32(at + 16, id);
  store64(at + 24, timeout);
  store32(at + 40, flags);
}

static uint32_t poll(uint32_t count) {
  slept = 0;
  store32(8, 99);
  return wdn_wasi_poll_oneoff(&wasi, SUBSCRIPTIONS, EVENTS, count, 8);
}

static void check_event(uint32_t i, uint64_t userdata, uint32_t kind, uint32_t error) {
  uint32_t at = EVENTS + i * WASI_EVENT_SIZE;
  CHECK_EQUAL(load64(at), userdata);
  CHECK_EQUAL(load32(at + 8) & 0xffffff, error | kind << 16);
}

static void test_sleep(void) {
  subscribe(0, 0x1122334455667788, WASI_SUBSCRIPTION_CLOCK, 1, 70, 0);
  CHECK_EQUAL(poll(1), WASI_OK);
  CHECK_EQUAL(slept, 70);
  CHECK_EQUAL(load32(8), 1);
  check_event(0, 0x1122334455667788, WASI_SUBSCRIPTION_CLOCK, WASI_OK);
  subscribe(1, 5, WASI_SUBSCRIPTION_CLOCK, 0, 1000050, 1); /* 50 from now */
  CHECK_EQUAL(poll(2), WASI_OK);
  CHECK_EQUAL(slept, 50);
  CHECK_EQUAL(load32(8), 1);
  check_event(0, 5, WASI_SUBSCRIPTION_CLOCK, WASI_OK);
  subscribe(0, 6, WASI_SUBSCRIPTION_CLOCK, 1, 550, 1); /* so is this one */
  CHECK_EQUAL(poll(2), WASI_OK);
  CHECK_EQUAL(load32(8), 2);
  check_event(0, 6, WASI_SUBSCRIPTION_CLOCK, WASI_OK);
  check_event(1, 5, WASI_SUBSCRIPTION_CLOCK, WASI_OK);
  subscribe(0, 7, WASI_SUBSCRIPTION_CLOCK, 1, 3, 1); /* long ago */
  CHECK_EQUAL(poll(1), WASI_OK);
  CHECK_EQUAL(slept, 0);
  CHECK_EQUAL(load32(8), 1);
  subscribe(0, 8, WASI_SUBSCRIPTION_CLOCK, 1, UINT64_MAX, 0);
  CHECK_EQUAL(poll(1), WASI_OK);
  CHECK_EQUAL(slept, UINT64_MAX);
  config.sleep = NULL;
  CHECK_EQUAL(poll(1), WASI_NOTSUP);
  CHECK_EQUAL(load32(8), 99);
  config.sleep = machine_sleep;
}

static void test_ready(void) {
  uint32_t fd = open_file(3, "README");
  subscribe(0, 1, WASI_SUBSCRIPTION_CLOCK, 1, 70, 0);
  subscribe(1, 2, WASI_SUBSCRIPTION_WRITE, 1, 0, 0);
  subscribe(2, 3, WASI_SUBSCRIPTION_READ, 77, 0, 0);
  subscribe(3, 4, WASI_SUBSCRIPTION_READ, fd, 0, 0);
  CHECK_EQUAL(poll(4), WASI_OK);
  CHECK_EQUAL(slept, 0);
  CHECK_EQUAL(load32(8), 3);
  check_event(0, 2, WASI_SUBSCRIPTION_WRITE, WASI_OK);
  check_event(1, 3, WASI_SUBSCRIPTION_READ, WASI_BADF);
  check_event(2, 4, WASI_SUBSCRIPTION_READ, WASI_OK);
  CHECK_EQUAL(load64(EVENTS + 2 * WASI_EVENT_SIZE + 16), 300);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
}

static void test_nonsense(void) {
  subscribe(0, 1, WASI_SUBSCRIPTION_CLOCK, 2, 70, 0);
  subscribe(1, 2, WASI_SUBSCRIPTION_CLOCK, 0, 70, 2);
  subscribe(2, 3, 3, 0, 70, 0);
  CHECK_EQUAL(poll(3), WASI_OK);
  CHECK_EQUAL(slept, 0);
  CHECK_EQUAL(load32(8), 3);
  check_event(0, 1, WASI_SUBSCRIPTION_CLOCK, WASI_INVAL);
  check_event(1, 2, WASI_SUBSCRIPTION_CLOCK, WASI_INVAL);
  check_event(2, 3, 3, WASI_INVAL);
  /* Room for fewer events than there could be, and for fewer subscriptions. */
  CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, SUBSCRIPTIONS, SIZE - 95, 3, 8), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, SIZE - 143, EVENTS, 3, 8), WASI_FAULT);
  CHECK_EQUAL(poll(0), WASI_INVAL);
  CHECK_EQUAL(poll(UINT32_MAX), WASI_FAULT);
  CHECK_EQUAL(poll(0x10000000), WASI_FAULT);
  CHECK_EQUAL(slept, 0);
}

/* Events on top of the subscriptions that they are about. */
static void test_poll_overlap(void) {
  subscribe(0, 1, WASI_SUBSCRIPTION_WRITE, 1, 0, 0);
  subscribe(1, 2, WASI_SUBSCRIPTION_WRITE, 2, 0, 0);
  CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, SUBSCRIPTIONS, SUBSCRIPTIONS, 2, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 2);
  CHECK_EQUAL(load64(SUBSCRIPTIONS), 1);
}

static void test(void) {
  test_strings();
  test_clocks();
  test_random();
  test_exit();
  test_sleep();
  test_ready();
  test_nonsense();
  test_poll_overlap();
}
