/* A pipe, a device and a socket in a preopened directory. They may be opened, but
 * whatever a guest does first with one is refused, and nothing has happened to it.
 *
 * not on: windows (makes pipes and sockets with names) */
#include "world.h"

#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

static uint32_t fd; /* the guest's, newly opened */

#define CALL(name, call)                                                                           \
  static uint32_t name(void) {                                                                     \
    return call;                                                                                   \
  }
CALL(fd_read, (iov(0, BUF, 4), wdn_wasi_fd_read(&wasi, fd, IOVS, 1, OUT)))
CALL(fd_pread, (iov(0, BUF, 4), wdn_wasi_fd_pread(&wasi, fd, IOVS, 1, 0, OUT)))
CALL(fd_write, (iov(0, BUF, 4), wdn_wasi_fd_write(&wasi, fd, IOVS, 1, OUT)))
CALL(fd_pwrite, (iov(0, BUF, 4), wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 1, 0, OUT)))
CALL(fd_seek, wdn_wasi_fd_seek(&wasi, fd, 0, 0, OUT))
CALL(fd_tell, wdn_wasi_fd_tell(&wasi, fd, OUT))
CALL(fd_sync, wdn_wasi_fd_sync(&wasi, fd))
CALL(fd_datasync, wdn_wasi_fd_datasync(&wasi, fd))
CALL(fd_advise, wdn_wasi_fd_advise(&wasi, fd, 0, 0, 0))
CALL(fd_allocate, wdn_wasi_fd_allocate(&wasi, fd, 0, 0))
CALL(fd_readdir, wdn_wasi_fd_readdir(&wasi, fd, BUF, 100, 0, OUT))
CALL(fd_fdstat_get, wdn_wasi_fd_fdstat_get(&wasi, fd, OUT))
CALL(fd_fdstat_set_flags, wdn_wasi_fd_fdstat_set_flags(&wasi, fd, WASI_FD_APPEND))
CALL(fd_filestat_get, wdn_wasi_fd_filestat_get(&wasi, fd, OUT))
CALL(fd_filestat_set_size, wdn_wasi_fd_filestat_set_size(&wasi, fd, 0))
CALL(fd_filestat_set_times, wdn_wasi_fd_filestat_set_times(&wasi, fd, 0, 0, WASI_FST_MTIM_NOW))
CALL(path_open, (uint32_t)-open_at(fd, "file", 0, 0, READ, 0))
CALL(path_filestat_get, wdn_wasi_path_filestat_get(&wasi, fd, 0, PATH1, text(PATH1, "a"), OUT))
CALL(path_symlink, wdn_wasi_path_symlink(&wasi, PATH2, 1, fd, PATH1, text(PATH1, "a")))
CALL(path_unlink_file, wdn_wasi_path_unlink_file(&wasi, fd, PATH1, text(PATH1, "a")))
CALL(sock_recv, (iov(0, BUF, 4), wdn_wasi_sock_recv(&wasi, fd, IOVS, 1, 0, OUT, OUT2)))
CALL(sock_send, (iov(0, BUF, 4), wdn_wasi_sock_send(&wasi, fd, IOVS, 1, 0, OUT)))
CALL(sock_shutdown, wdn_wasi_sock_shutdown(&wasi, fd, 1))
CALL(sock_accept, wdn_wasi_sock_accept(&wasi, fd, 0, OUT))

/* The error is the event's. */
static uint32_t poll_oneoff(void) {
  memset(at(BUF), 0, WASI_SUBSCRIPTION_SIZE);
  store(BUF + 8, 1, WASI_SUBSCRIPTION_READ);
  store(BUF + 16, 4, fd);
  CHECK_EQUAL(wdn_wasi_poll_oneoff(&wasi, BUF, BUF + 0x100, 1, OUT), WASI_OK);
  return (uint32_t)load(BUF + 0x108, 2);
}

/* Under another number it is still the same. */
static uint32_t fd_renumber(void) {
  int64_t to = open_at(3, "plain", 0, 0, READ, 0);
  CHECK(to >= 0);
  CHECK_EQUAL(wdn_wasi_fd_renumber(&wasi, fd, (uint32_t)to), WASI_OK);
  fd = (uint32_t)to;
  return fd_read();
}

static const struct {
  const char *name;
  uint32_t (*function)(void);
} functions[] = {
#define FUNCTION(name)                                                                             \
  { #name, name }
    FUNCTION(fd_read),
    FUNCTION(fd_pread),
    FUNCTION(fd_write),
    FUNCTION(fd_pwrite),
    FUNCTION(fd_seek),
    FUNCTION(fd_tell),
    FUNCTION(fd_sync),
    FUNCTION(fd_datasync),
    FUNCTION(fd_advise),
    FUNCTION(fd_allocate),
    FUNCTION(fd_readdir),
    FUNCTION(fd_fdstat_get),
    FUNCTION(fd_fdstat_set_flags),
    FUNCTION(fd_filestat_get),
    FUNCTION(fd_filestat_set_size),
    FUNCTION(fd_filestat_set_times),
    FUNCTION(path_open),
    FUNCTION(path_filestat_get),
    FUNCTION(path_symlink),
    FUNCTION(path_unlink_file),
    FUNCTION(sock_recv),
    FUNCTION(sock_send),
    FUNCTION(sock_shutdown),
    FUNCTION(sock_accept),
    FUNCTION(poll_oneoff),
    FUNCTION(fd_renumber),
};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

/* Each function is the first that meets it, and then each meets what was refused. */
static void refused(const char *name, uint64_t rights) {
  size_t first, next;
  for (first = 0; first < FUNCTIONS; first++) {
    int64_t opened = open_at(3, name, 0, 0, rights, 0);
    CHECK(opened >= 0);
    fd = (uint32_t)opened;
    if (functions[first].function() != WASI_PERM) {
      printf("%s of %s is not refused\n", functions[first].name, name);
      failures++;
    }
    for (next = 0; next < FUNCTIONS; next++)
      CHECK_EQUAL(functions[next].function(), WASI_PERM);
    CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
    CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_BADF);
  }
  /* Not used at all. */
  fd = (uint32_t)open_at(3, name, 0, 0, rights, 0);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, fd), WASI_OK);
  fd = (uint32_t)open_at(3, name, 0, 0, rights, 0); /* closed by stop() */
}

/* What the host put into the pipe is still there, and nothing else is. */
static void pipe_is_untouched(int host) {
  char bytes[16];
  CHECK_EQUAL(read(host, bytes, sizeof bytes), 5);
  CHECK(memcmp(bytes, "host\n", 5) == 0);
  CHECK_EQUAL(close(host), 0);
}

static int make_socket(void) {
  struct sockaddr_un address = {0};
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  address.sun_family = AF_UNIX;
  /* Relative: the folder's own path may be longer than a socket's can be. */
  must(chdir(host("in")), "chdir");
  strcpy(address.sun_path, "socket");
  must(s, "socket");
  must(bind(s, (struct sockaddr *)&address, sizeof address), "bind");
  return s;
}

static void test(void) {
  int pipe, listening;
  make_dir("in");
  make_file("in/plain", "");
  must(mkfifo(host("in/fifo"), 0666), "fifo");
  must(pipe = open(host("in/fifo"), O_RDWR | O_NONBLOCK), "open");
  must((int)write(pipe, "host\n", 5), "write");
  listening = make_socket();
  start_in("in", false);
  refused("fifo", READ);
  refused("fifo", WRITE);
  refused("fifo", READ | WRITE);
  /* A socket cannot even be opened. */
  CHECK(open_at(3, "socket", 0, 0, READ, 0) < 0);
  /* Only root may make a device. */
  if (mknod(host("in/null"), S_IFCHR | 0666, makedev(1, 3)) == 0) {
    int64_t opened = open_at(3, "null", 0, 0, READ, 0);
    /* Where devices mean nothing, the host says so first. */
    CHECK(opened >= 0 || opened == -WASI_ACCES);
    if (opened >= 0) {
      CHECK_EQUAL(wdn_wasi_fd_close(&wasi, (uint32_t)opened), WASI_OK);
      refused("null", READ | WRITE);
    }
  }
  /* It must be a directory, and it is not. */
  CHECK_EQUAL(open_at(3, "fifo", 0, WASI_O_DIRECTORY, READ, 0), -WASI_NOTDIR);
  CHECK_EQUAL(open_at(3, "fifo", 0, WASI_O_CREAT | WASI_O_EXCL, READ, 0), -WASI_EXIST);
  stop();
  pipe_is_untouched(pipe);
  close(listening);
}
