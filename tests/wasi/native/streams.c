/* Descriptors 0, 1 and 2: files, pipes, terminals and nothing at all.
 *
 * not on: windows (uses signals and sockets) */
#include "world.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

static void start_on(int in, int out) {
  wdn_wasi_config_t config = {0};
  if (in >= 0)
    config.stdio[0].kind = WDN_WASI_HOST;
  if (out >= 0)
    config.stdio[1].kind = WDN_WASI_HOST;
  config.stdio[0].fd = in;
  config.stdio[1].fd = out;
  start_with(&config);
}

static void nothing(void) {
  start_on(-1, -1);
  CHECK_EQUAL(read_all(0), 0);
  CHECK_EQUAL(write_text(1, "lost"), 4);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 1, OUT), WASI_OK);
  CHECK(load(OUT, 1) != WASI_TYPE_CHARACTER);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, 1, OUT), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, 1, 0, 0, OUT), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, 0, IOVS, 0, 0, OUT), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, 1), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, 1, 0), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 1, WASI_FD_NONBLOCK), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 1), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 1), WASI_BADF);
  CHECK_EQUAL(write_text(1, "x"), -WASI_BADF);
  stop();
}

static void pipes(void) {
  int to_guest[2], from_guest[2];
  char got[16] = "";
  must(pipe(to_guest), "pipe");
  must(pipe(from_guest), "pipe");
  start_on(to_guest[0], from_guest[1]);
  must((int)write(to_guest[1], "hello", 5), "write");
  close(to_guest[1]);
  CHECK_EQUAL(read_all(0), 5);
  CHECK(strcmp((char *)at(BUF), "hello") == 0);
  CHECK_EQUAL(write_text(1, "answer"), 6);
  CHECK_EQUAL(read(from_guest[0], got, sizeof got), 6);
  CHECK(strcmp(got, "answer") == 0);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, 0, 0, WASI_SEEK_CUR, OUT), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_tell(&wasi, 1, OUT), WASI_SPIPE);
  iov(0, BUF, 1);
  CHECK_EQUAL(wdn_wasi_fd_pread(&wasi, 0, IOVS, 1, 0, OUT), WASI_SPIPE);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 0, OUT), WASI_OK);
  CHECK(load(OUT, 1) != WASI_TYPE_CHARACTER);
  CHECK_EQUAL(load(OUT + 8, 8) & (READ | WRITE), WASI_RIGHT_FD_READ);
  CHECK_EQUAL(wdn_wasi_fd_sync(&wasi, 1), WASI_OK);
  /* Closing is the guest's affair: the host's descriptor stays. */
  CHECK_EQUAL(wdn_wasi_fd_close(&wasi, 1), WASI_OK);
  CHECK(fcntl(from_guest[1], F_GETFD) >= 0);
  stop();
  CHECK(fcntl(to_guest[0], F_GETFD) >= 0);
  close(to_guest[0]);
  close(from_guest[0]);
  close(from_guest[1]);
}

/* Nobody reads: an error, and the host lives on with its signals as they were. */
static void closed_pipe(int socket_type) {
  int fds[2];
  sigset_t pending, mask;
  must(socket_type != 0 ? socketpair(AF_UNIX, socket_type, 0, fds) : pipe(fds), "pipe");
  start_on(-1, fds[1]);
  close(fds[0]);
  CHECK_EQUAL(write_text(1, "x"), -WASI_PIPE);
  CHECK_EQUAL(write_text(1, "x"), -WASI_PIPE);
  sigpending(&pending);
  CHECK(!sigismember(&pending, SIGPIPE));
  sigprocmask(SIG_BLOCK, NULL, &mask);
  CHECK(!sigismember(&mask, SIGPIPE));
  stop();
  close(fds[1]);
}

/* Its reader goes away in the middle: what was written counts, and there is no signal. */
static void left_pipe(void) {
  int fds[2], status = 0;
  pid_t reader;
  must(pipe(fds), "pipe");
  start_on(-1, fds[1]);
  reader = fork();
  must(reader, "fork");
  if (reader == 0) {
    usleep(100000);
    _exit(0);
  }
  close(fds[0]);
  iov(0, 0, MEMORY_SIZE - 1); /* more than a pipe keeps */
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, IOVS, 1, OUT), WASI_OK);
  CHECK(load(OUT, 4) > 0 && load(OUT, 4) < MEMORY_SIZE - 1);
  CHECK_EQUAL(write_text(1, "x"), -WASI_PIPE);
  must(waitpid(reader, &status, 0), "waitpid");
  stop();
  close(fds[1]);
}

/* A file larger than this process may make one: an error as well, and no signal. */
static void limited_files(void) {
  struct rlimit limit, low;
  int log = open(host("log"), O_WRONLY | O_CREAT, 0666);
  uint32_t fd;
  must(log, "log");
  must(getrlimit(RLIMIT_FSIZE, &limit), "getrlimit");
  low = limit;
  low.rlim_cur = 1000;
  must(setrlimit(RLIMIT_FSIZE, &low), "setrlimit");
  start_in("", false);
  fd = must_open("limited", WASI_O_CREAT, READ | WRITE);
  iov(0, 0, 1000);
  iov(1, 0, 1000);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 2, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 1000);
  CHECK_EQUAL(wdn_wasi_fd_pwrite(&wasi, fd, IOVS, 2, 1000, OUT), WASI_FBIG);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, 1001), WASI_FBIG);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, fd, 999), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, IOVS, 2, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 1000);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, fd, IOVS, 2, OUT), WASI_FBIG);
  stop();
  start_on(-1, log);
  iov(0, 0, 1500);
  CHECK_EQUAL(wdn_wasi_fd_write(&wasi, 1, IOVS, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 1000);
  CHECK_EQUAL(write_text(1, "x"), -WASI_FBIG);
  stop();
  must(setrlimit(RLIMIT_FSIZE, &limit), "setrlimit");
  close(log);
}

/* One that the host has blocked and not taken yet stays its own. */
static void pending_signal(void) {
  int fds[2], signal;
  sigset_t set, pending;
  must(pipe(fds), "pipe");
  start_on(-1, fds[1]);
  close(fds[0]);
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  sigprocmask(SIG_BLOCK, &set, NULL);
  CHECK_EQUAL(write_text(1, "x"), -WASI_PIPE);
  sigpending(&pending);
  CHECK(!sigismember(&pending, SIGPIPE));
  raise(SIGPIPE);
  CHECK_EQUAL(write_text(1, "x"), -WASI_PIPE);
  sigpending(&pending);
  CHECK(sigismember(&pending, SIGPIPE));
  sigwait(&set, &signal);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  stop();
  close(fds[1]);
}

static void nonblocking(void) {
  int fds[2];
  must(pipe(fds), "pipe");
  start_on(fds[0], fds[1]);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 0, WASI_FD_NONBLOCK), WASI_OK);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 2, 2), WASI_FD_NONBLOCK);
  CHECK((fcntl(fds[0], F_GETFL) & O_NONBLOCK) == 0); /* others share it */
  iov(0, BUF, 10);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, IOVS, 1, OUT), WASI_AGAIN);
  CHECK_EQUAL(write_text(1, "abc"), 3);
  iov(0, BUF, 10);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, IOVS, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 4), 3);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 0, WASI_FD_APPEND), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 0, 0), WASI_OK);
  fcntl(fds[0], F_SETFL, O_NONBLOCK);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 0, 0), WASI_NOTSUP);
  CHECK_EQUAL(wdn_wasi_fd_read(&wasi, 0, IOVS, 1, OUT), WASI_AGAIN);
  stop();
  close(fds[0]);
  close(fds[1]);
}

/* Much at once to whom nobody listens: as much as fits, then an error, and no wait. */
static void nonblocking_writes(bool is_socket) {
  int fds[2];
  uint64_t written = 0, got = 0;
  uint32_t error;
  ssize_t size;
  static char received[0x10000];
  must(is_socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, fds) : pipe(fds), "pipe");
  start_on(-1, fds[1]);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_set_flags(&wasi, 1, WASI_FD_NONBLOCK), WASI_OK);
  alarm(60); /* ends this program if a call waits */
  do {
    iov(0, 0, MEMORY_SIZE / 2);
    iov(1, 1, MEMORY_SIZE - 1);
    error = wdn_wasi_fd_write(&wasi, 1, IOVS, 2, OUT);
    written += error == WASI_OK ? load(OUT, 4) : 0;
  } while (error == WASI_OK);
  alarm(0);
  CHECK_EQUAL(error, WASI_AGAIN);
  stop();
  close(fds[1]);
  while ((size = read(fds[0], received, sizeof received)) > 0)
    got += (uint64_t)size;
  CHECK(written > 0 && got == written);
  close(fds[0]);
}

static void files(void) {
  int in, out;
  make_file("input", "from a file");
  in = open(host("input"), O_RDONLY);
  out = open(host("output"), O_WRONLY | O_CREAT | O_APPEND, 0666);
  must(in, "input");
  must(out, "output");
  start_on(in, out);
  CHECK_EQUAL(read_all(0), 11);
  CHECK_EQUAL(wdn_wasi_fd_seek(&wasi, 0, 5, WASI_SEEK_SET, OUT), WASI_OK);
  CHECK_EQUAL(read_all(0), 6);
  CHECK_EQUAL(write_text(1, "line\n"), 5);
  CHECK(strcmp(content_of("output"), "line\n") == 0);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 1), WASI_TYPE_REGULAR);
  CHECK_EQUAL(load(OUT + 2, 2), WASI_FD_APPEND);
  /* Whoever may append can take nothing away. */
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_size(&wasi, 1, 0), WASI_INVAL);
  CHECK_EQUAL(wdn_wasi_fd_filestat_set_times(&wasi, 1, 0, 0, WASI_FST_MTIM), WASI_NOTSUP);
  CHECK(strcmp(content_of("output"), "line\n") == 0);
  CHECK_EQUAL(write_text(0, "x"), -WASI_BADF);
  CHECK_EQUAL(wdn_wasi_fd_filestat_get(&wasi, 0, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT + 32, 8), 11);
  CHECK_EQUAL(wdn_wasi_path_open(&wasi, 0, 0, PATH1, text(PATH1, "x"), 0, READ, 0, 0, OUT),
              WASI_NOTDIR);
  stop();
  close(in);
  close(out);
}

/* isatty() of a guest: a character device that cannot seek. */
static void terminals(void) {
  const uint64_t seek = WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL;
  int null = open("/dev/null", O_RDWR), master = posix_openpt(O_RDWR | O_NOCTTY), slave = -1;
  must(null, "/dev/null");
  start_on(null, null);
  CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 1, OUT), WASI_OK);
  CHECK_EQUAL(load(OUT, 1), WASI_TYPE_CHARACTER);
  CHECK_EQUAL(load(OUT + 8, 8) & seek, seek);
  stop();
  close(null);
  if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  if (slave >= 0) { /* not every container has them */
    start_on(slave, slave);
    CHECK_EQUAL(wdn_wasi_fd_fdstat_get(&wasi, 1, OUT), WASI_OK);
    CHECK_EQUAL(load(OUT, 1), WASI_TYPE_CHARACTER);
    CHECK_EQUAL(load(OUT + 8, 8) & seek, 0);
    stop();
    close(slave);
  }
  close(master);
}

static void test(void) {
  nothing();
  pipes();
  closed_pipe(0);
  closed_pipe(SOCK_STREAM);
  closed_pipe(SOCK_SEQPACKET);
  left_pipe();
  limited_files();
  pending_signal();
  nonblocking();
  nonblocking_writes(false);
  nonblocking_writes(true);
  files();
  terminals();
}
