/* What cannot be done says so, to good and to bad descriptors. */
#include "world.h"

static void test_descriptors(void) {
  uint32_t file = open_file(3, "README");
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, file, 0, 10, 5), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, file, 0, 10, 6), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, file, UINT64_MAX, 10, 0), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, 1, 0, 10, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_advise(&wasi, 3, 0, 10, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_allocate(&wasi, file, 0, 10), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_allocate(&wasi, 3, 0, 10), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, file), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_datasync(&wasi, 1), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, 7), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 1, WASI_FD_NONBLOCK), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 1, WASI_FD_SYNC), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, file, 32), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 7, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_rights(&wasi, file, 0, 0), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_rights(&wasi, 7, 0, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, file, 0), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, 7, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, file, 0, 0, 0), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, 7, 0, 0, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, file, 0, 0, 0, 0), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, 1, 0, 0, 0, 0), WASI_SPIPE);
  put_iovec(16, 100, 8);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, file, 16, 1, 8), WASI_BADF);
}

static void test_paths(void) {
  uint32_t size = put_text(3000, "README");
  CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, 3, 3000, size), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, 3, 3000, 0), WASI_NOENT);
  CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, 4, 3000, size), WASI_NOTDIR);
  CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, 1, 3000, size), WASI_NOTDIR);
  CHECK_EQUAL(wdn_wasi_path_create_directory(&wasi, 7, 3000, size), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_path_remove_directory(&wasi, 3, 3000, size), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_unlink_file(&wasi, 3, 3000, size), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_filestat_set_times(&wasi, 3, 0, 3000, size, 0, 0, 0), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_filestat_set_times(&wasi, 3, 0, 3000, size, 0, 0, 16), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_path_link(&wasi, 3, 0, 3000, size, 3, 3000, size), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_link(&wasi, 3, 1, 3000, size, 3, 3000, size), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_path_link(&wasi, 3, 0, 3000, size, 7, 3000, size), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_path_rename(&wasi, 3, 3000, size, 3, 3000, size), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_symlink(&wasi, 3000, size, 3, 3000, size), WASI_PERM);
  CHECK_EQUAL(wdn_wasi_path_readlink(&wasi, 3, 3000, size, 100, 10, 8), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_path_readlink(&wasi, 3, 3000, size - 1, 100, 10, 8), WASI_NOENT);
}

static void test_sockets(void) {
  CHECK_EQUAL(wdn_wasi_proc_raise(&wasi, 9), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_sock_accept(&wasi, 1, 0, 8), WASI_NOTSOCK);
  CHECK_EQUAL(wdn_wasi_sock_recv(&wasi, 3, 0, 0, 0, 8, 8), WASI_NOTSOCK);
  CHECK_EQUAL(wdn_wasi_sock_send(&wasi, 7, 0, 0, 0, 8), WASI_BADF);
  CHECK_EQUAL(wdn_wasi_sock_shutdown(&wasi, 4, 3), WASI_NOTSOCK);
}

static void test(void) {
  test_descriptors();
  test_paths();
  test_sockets();
}
