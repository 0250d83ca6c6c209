/* args_*, environ_*, clock_*, random_get, proc_exit, sched_yield. */
#include "world.h"

static const char *const args[] = {"program", "", "with space", "\xc3\xa9"};
static const char *const env[] = {"A=1", "EMPTY=", "EQUALS=a=b=c"};

static void strings(void) {
  static const char expected[] = "program\0\0with space\0\xc3\xa9";
  static const char expected_env[] = "A=1\0EMPTY=\0EQUALS=a=b=c";
  CHECK_EQUAL(wdn_wasi_args_sizes_get(&wasi, OUT, OUT2), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 4);
  CHECK_EQUAL(load(OUT2, 4), sizeof expected);
  CHECK_EQUAL(wdn_wasi_args_get(&wasi, OUT, BUF), WASI_OK);
  CHECK(memcmp(at(BUF), expected, sizeof expected) == 0);
  CHECK_EQUAL(*at(BUF + sizeof expected), 0x5a);
  CHECK_EQUAL(load(OUT, 4), BUF);
  CHECK_EQUAL(load(OUT + 4, 4), BUF + 8);
  CHECK_EQUAL(load(OUT + 8, 4), BUF + 9);
  CHECK_EQUAL(load(OUT + 12, 4), BUF + 20);
  CHECK_EQUAL(load(OUT + 16, 1), 0x5a);

  CHECK_EQUAL(wdn_wasi_environ_sizes_get(&wasi, OUT, OUT2), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 3);
  CHECK_EQUAL(load(OUT2, 4), sizeof expected_env);
  CHECK_EQUAL(wdn_wasi_environ_get(&wasi, OUT, BUF), WASI_OK);
  CHECK(memcmp(at(BUF), expected_env, sizeof expected_env) == 0);

  /* The last place where they fit, and the first where they do not. */
  CHECK_EQUAL(wdn_wasi_args_get(&wasi, OUT, MEMORY_SIZE - sizeof expected), WASI_OK);
  CHECK_EQUAL(wdn_wasi_args_get(&wasi, OUT, MEMORY_SIZE - sizeof expected + 1), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_args_get(&wasi, MEMORY_SIZE - 16, BUF), WASI_OK);
  CHECK_EQUAL(wdn_wasi_args_get(&wasi, MEMORY_SIZE - 15, BUF), WASI_FAULT);
}

static void nothing_granted(void) {
  wdn_wasi_config_t config = {0};
  setenv("SECRET", "of the host", 1);
  start_with(&config);
  CHECK_EQUAL(wdn_wasi_args_sizes_get(&wasi, OUT, OUT2), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 0);
  CHECK_EQUAL(load(OUT2, 4), 0);
  CHECK_EQUAL(wdn_wasi_environ_sizes_get(&wasi, OUT, OUT2), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 0);
  CHECK_EQUAL(wdn_wasi_environ_get(&wasi, MEMORY_SIZE, MEMORY_SIZE), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, 3, OUT), WASI_BADF);
  stop();
}

static void clocks(void) {
  uint64_t before, now = (uint64_t)time(NULL);
  uint32_t id;
  CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, 0, 0, OUT), WASI_OK);
  CHECK(load(OUT, 8) / 1000000000 - now < 5);
  for (id = 0; id < 4; id++) {
    CHECK_EQUAL(wdn_wasi_clock_res_get(&wasi, id, OUT), WASI_OK);
    CHECK(load(OUT, 8) > 0 && load(OUT, 8) <= 1000000000);
    CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, id, UINT64_MAX, OUT), WASI_OK);
    before = load(OUT, 8);
    CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, id, 0, OUT), WASI_OK);
    CHECK(id == 0 || load(OUT, 8) >= before);
  }
  for (id = 4; id != 0; id = id * 2) {
    CHECK_EQUAL(wdn_wasi_clock_time_get(&wasi, id, 0, OUT), WASI_INVAL);
    CHECK_EQUAL(wdn_wasi_clock_res_get(&wasi, id, OUT), WASI_INVAL);
  }
}

static void randomness(void) {
  const uint32_t size = 10u << 20;
  uint32_t i, counts[256] = {0};
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, MEMORY_SIZE, 0), WASI_OK);
  memset(at(BUF), 0, 64);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, BUF + 1, 16), WASI_OK);
  CHECK(load(BUF, 1) == 0 && load(BUF + 17, 8) == 0);
  CHECK(load(BUF + 1, 8) != 0 && load(BUF + 1, 8) != load(BUF + 9, 8));
  make_memory(size);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 0, size), WASI_OK);
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 1, size), WASI_FAULT);
  for (i = 0; i < size; i++)
    counts[*at(i)]++;
  for (i = 0; i < 256; i++)
    CHECK(counts[i] > size / 256 * 9 / 10 && counts[i] < size / 256 * 11 / 10);
  make_memory(MEMORY_SIZE);
}

static void exits(void) {
  static const uint32_t codes[] = {0, 1, 126, 255, 256, 0x80000000, 0xffffffff};
  volatile size_t i;
  for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    if (setjmp(exit_jump) == 0)
      wdn_wasi_proc_exit(&wasi, codes[i]);
    CHECK_EQUAL(exit_code, codes[i]);
  }
}

/* A module without an exported memory has no addresses at all. */
static void no_memory(void) {
  module.export_count = 1;
  wdn_wasi_attach(&wasi, &instance, &module);
  CHECK_EQUAL(wdn_wasi_args_sizes_get(&wasi, 0, 0), WASI_FAULT); /* "other" is not "memory" */
  CHECK_EQUAL(wdn_wasi_random_get(&wasi, 0, 0), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_sched_yield(&wasi), WASI_OK);
  module.export_count = 2;
  wdn_wasi_attach(&wasi, &instance, &module);
}

static void test(void) {
  wdn_wasi_config_t config = {0};
  config.args = args;
  config.arg_count = 4;
  config.env = env;
  config.env_count = 3;
  start_with(&config);
  strings();
  clocks();
  randomness();
  exits();
  no_memory();
  CHECK_EQUAL(wdn_wasi_sched_yield(&wasi), WASI_OK);
  stop();
  nothing_granted();
}
