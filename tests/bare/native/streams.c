/* fd_write and fd_read of the three streams: buffers, short counts, errors. */
#include "world.h"

static void test_write(void) {
  put_text(100, "one, two");
  put_iovec(16, 100, 0);
  put_iovec(24, 100, 8);
  put_iovec(32, 105, 3);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 16, 3, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 8); /* the first that is not empty */
  CHECK_EQUAL(written_size, 8);
  CHECK(memcmp(written, "one, two", 8) == 0);
  CHECK_EQUAL(written_fd, 1);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 2, 32, 1, 8), WASI_OK);
  CHECK_EQUAL(written_fd, 2);
  CHECK(memcmp(written + 8, "two", 3) == 0);
  write_result = 2;
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 24, 1, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 2);
  write_result = -(int32_t)WASI_NOSPC;
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 24, 1, 8), WASI_NOSPC);
  write_result = INT32_MIN; /* no error number */
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 24, 1, 8), WASI_IO);
  CHECK_EQUAL(load32(8), 2);
  write_result = INT32_MAX;
}

/* Nothing to move is no reason to call. */
static void test_nothing(void) {
  int before = calls;
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 0, 0, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 0);
  put_iovec(16, SIZE, 0);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 16, 1, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 0);
  CHECK_EQUAL(calls, before);
}

static void test_read(void) {
  input = "some input";
  put_iovec(16, 200, 4);
  put_iovec(24, 300, 100);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 16, 2, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 4);
  CHECK(memory_is(200, "some\xee"));
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 24, 1, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 6);
  CHECK(memory_is(300, " input\xee"));
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 24, 1, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 0);
  read_result = -(int32_t)WASI_AGAIN;
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 24, 1, 8), WASI_AGAIN);
  read_result = 200; /* more than asked for: the host's mistake is not the guest's */
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 16, 1, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 4);
  read_result = INT32_MAX;
}

/* All buffers are looked at before any is used. */
static void test_bad_buffers(void) {
  int before = calls;
  put_iovec(16, 100, 8);
  put_iovec(24, SIZE - 4, 5);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 16, 2, 8), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 16, 2, 8), WASI_FAULT);
  put_iovec(24, UINT32_MAX, UINT32_MAX);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 16, 2, 8), WASI_FAULT);
  memset(memory.data, 0, SIZE); /* good buffers, all of them */
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 16, 0x20000000, 8), WASI_FAULT); /* 2^32 bytes */
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, SIZE - 8, 2, 8), WASI_FAULT);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 16, 1, SIZE - 3), WASI_FAULT);
  CHECK_EQUAL(calls, before);
}

/* The result may be put where the buffers were named. */
static void test_overlap(void) {
  input = "0123456789abcdef";
  put_iovec(16, 16, 8);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 16, 1, 20), WASI_OK);
  CHECK(memory_is(16, "0123"));
  CHECK_EQUAL(load32(20), 8);
}

static void test_descriptors(void) {
  put_iovec(16, 100, 8);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 0, 16, 1, 8), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 1, 16, 1, 8), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 3, 16, 1, 8), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 3, 16, 1, 8), WASI_ISDIR);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, UINT32_MAX, 16, 1, 8), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, 1, 0, 1, 8), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_tell(&wasi, 0, 8), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, 0, 16, 1, 0, 8), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 1, 512), WASI_OK);
  CHECK_EQUAL(load32(512), WASI_TYPE_CHARACTER);
  CHECK_EQUAL(load64(520) & (WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL | WASI_RIGHT_FD_READ), 0);
  CHECK((load64(520) & WASI_RIGHT_FD_WRITE) != 0);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, 2, 512), WASI_OK);
  CHECK_EQUAL(memory.data[512 + 16], WASI_TYPE_CHARACTER);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 1), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 1), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 16, 1, 8), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 2, 16, 1, 8), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 1, 512), WASI_BADF);
}

static void test_without_callbacks(void) {
  static const wdn_wasi_bare_config_t nothing;
  wdn_wasi_bare_init(&wasi, &nothing, NULL, 0);
  wasi.memory = &memory;
  put_iovec(16, 100, 8);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 16, 1, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 8);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, 16, 1, 8), WASI_OK);
  CHECK_EQUAL(load32(8), 0);
  CHECK_EQUAL(wdn_wasi_fd_prestat_get(&wasi, 3, 8), WASI_BADF);
  CHECK_EQUAL(open_file(3, "README"), 1000 + WASI_BADF);
  wasi.memory = NULL; /* a guest without a memory has nothing but bad addresses */
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, 0, 0, 0), WASI_FAULT);
}

static void test(void) {
  test_write();
  test_nothing();
  test_read();
  test_bad_buffers();
  test_overlap();
  test_descriptors();
  test_without_callbacks();
}
