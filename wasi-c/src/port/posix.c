/* The port to POSIX systems, with what Linux can do better: files, clocks, waiting.
 * wasi_port.h says what each function promises; errors become WASI's by name. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/random.h>
#include <sys/syscall.h>
#endif

/* A directory that is only looked names up in. */
#if defined(O_PATH)
#define OPEN_ENTER O_PATH
#elif defined(O_SEARCH)
#define OPEN_ENTER O_SEARCH
#else
#define OPEN_ENTER O_RDONLY
#endif
#ifndef O_DSYNC
#define O_DSYNC O_SYNC
#endif

#if defined(__APPLE__)
#define STAT_TIME(stat, which) ((stat)->st_##which##timespec)
#else
#define STAT_TIME(stat, which) ((stat)->st_##which##tim)
#endif

/* port_buffer_t is passed where the system wants its own structure. */
typedef char
    port_buffer_is_iovec[offsetof(struct iovec, iov_base) == offsetof(port_buffer_t, data) &&
                                 offsetof(struct iovec, iov_len) == offsetof(port_buffer_t, size) &&
                                 sizeof(struct iovec) == sizeof(port_buffer_t)
                             ? 1
                             : -1];

/* Hosts agree on names, not on numbers. */
static const uint16_t errors[][2] = {
    {E2BIG, WASI_2BIG},
    {EACCES, WASI_ACCES},
    {EAGAIN, WASI_AGAIN},
    {EBADF, WASI_BADF},
    {EBUSY, WASI_BUSY},
    {ECONNABORTED, WASI_CONNABORTED},
    {ECONNRESET, WASI_CONNRESET},
    {EDEADLK, WASI_DEADLK},
    {EDQUOT, WASI_DQUOT},
    {EEXIST, WASI_EXIST},
    {EFAULT, WASI_FAULT},
    {EFBIG, WASI_FBIG},
    {EILSEQ, WASI_ILSEQ},
    {EINTR, WASI_INTR},
    {EINVAL, WASI_INVAL},
    {EIO, WASI_IO},
    {EISDIR, WASI_ISDIR},
    {ELOOP, WASI_LOOP},
    {EMFILE, WASI_MFILE},
    {EMLINK, WASI_MLINK},
    {ENAMETOOLONG, WASI_NAMETOOLONG},
    {ENFILE, WASI_NFILE},
    {ENODEV, WASI_NODEV},
    {ENOENT, WASI_NOENT},
    {ENOLCK, WASI_NOLCK},
    {ENOMEM, WASI_NOMEM},
    {ENOSPC, WASI_NOSPC},
    {ENOSYS, WASI_NOSYS},
    {ENOTCONN, WASI_NOTCONN},
    {ENOTDIR, WASI_NOTDIR},
    {ENOTEMPTY, WASI_NOTEMPTY},
    {ENOTSOCK, WASI_NOTSOCK},
    {ENOTSUP, WASI_NOTSUP},
    {ENOTTY, WASI_NOTTY},
    {ENXIO, WASI_NXIO},
    {EOVERFLOW, WASI_OVERFLOW},
    {EPERM, WASI_PERM},
    {EPIPE, WASI_PIPE},
    {ERANGE, WASI_RANGE},
    {EROFS, WASI_ROFS},
    {ESPIPE, WASI_SPIPE},
    {ESTALE, WASI_STALE},
    {ETIMEDOUT, WASI_TIMEDOUT},
    {ETXTBSY, WASI_TXTBSY},
    {EXDEV, WASI_XDEV},
    {EWOULDBLOCK, WASI_AGAIN},
    {EOPNOTSUPP, WASI_NOTSUP},
};

static wasi_errno_t port_error(void) {
  size_t i;
  for (i = 0; i < sizeof errors / sizeof errors[0]; i++) {
    if (errors[i][0] == errno)
      return errors[i][1];
  }
  return WASI_IO;
}

/* The answer of a call that gives 0 or -1. */
static wasi_errno_t port_result(int result) {
  return result == 0 ? WASI_OK : port_error();
}

/* ---- Files ------------------------------------------------------------------ */

/* Never again after EINTR: the descriptor may be somebody else's by then. */
static wasi_errno_t port_close(port_file_t file) {
  return close((int)file) == 0 || errno == EINTR ? WASI_OK : port_error();
}

static uint64_t nanoseconds(const struct timespec *time) {
  const uint64_t second = 1000000000;
  if (time->tv_sec < 0)
    return 0;
  if ((uint64_t)time->tv_sec > UINT64_MAX / second - 1)
    return UINT64_MAX;
  return (uint64_t)time->tv_sec * second + (uint64_t)time->tv_nsec;
}

static uint8_t file_type(mode_t mode) {
  return S_ISREG(mode)    ? WASI_TYPE_REGULAR
         : S_ISDIR(mode)  ? WASI_TYPE_DIRECTORY
         : S_ISLNK(mode)  ? WASI_TYPE_SYMLINK
         : S_ISCHR(mode)  ? WASI_TYPE_CHARACTER
         : S_ISBLK(mode)  ? WASI_TYPE_BLOCK
         : S_ISSOCK(mode) ? WASI_TYPE_STREAM
                          : WASI_TYPE_UNKNOWN;
}

/* Of something open; what is not STREAM keeps messages apart. */
static uint8_t open_type(int fd, mode_t mode) {
  int type = SOCK_STREAM;
  socklen_t size = sizeof type;
  if (!S_ISSOCK(mode) || getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0)
    return file_type(mode);
  return type == SOCK_STREAM ? WASI_TYPE_STREAM : WASI_TYPE_DATAGRAM;
}

static void convert_stat(const struct stat *from, port_stat_t *to) {
  to->device = (uint64_t)from->st_dev;
  to->inode = (uint64_t)from->st_ino;
  to->type = file_type(from->st_mode);
  to->links = (uint64_t)from->st_nlink;
  to->size = (uint64_t)from->st_size;
  to->atime = nanoseconds(&STAT_TIME(from, a));
  to->mtime = nanoseconds(&STAT_TIME(from, m));
  to->ctime = nanoseconds(&STAT_TIME(from, c));
}

static wasi_errno_t port_stat(port_file_t file, port_stat_t *stat) {
  struct stat st;
  if (fstat((int)file, &st) != 0)
    return port_error();
  convert_stat(&st, stat);
  stat->type = open_type((int)file, st.st_mode);
  return WASI_OK;
}

static const struct iovec *iovecs(const port_buffer_t *buffers) {
  return (const struct iovec *)(const void *)buffers;
}

static int iovec_count(uint32_t count) {
#ifdef IOV_MAX
  return count < IOV_MAX ? (int)count : IOV_MAX;
#else
  return (int)count;
#endif
}

static wasi_errno_t transferred(ssize_t result, size_t *done) {
  if (result < 0)
    return port_error();
  *done = (size_t)result;
  return WASI_OK;
}

/* No buffers at all still have the file say whether it can be read. */
static wasi_errno_t port_read(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              size_t *done) {
  uint8_t nothing;
  ssize_t result;
  do {
    if (count > 1)
      result = readv((int)file, iovecs(buffers), iovec_count(count));
    else if (count == 1)
      result = read((int)file, buffers->data, buffers->size);
    else
      result = read((int)file, &nothing, 0);
  } while (result < 0 && errno == EINTR);
  return transferred(result, done);
}

static wasi_errno_t port_write(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                               size_t *done) {
  ssize_t result;
  do {
    if (count > 1)
      result = writev((int)file, iovecs(buffers), iovec_count(count));
    else if (count == 1)
      result = write((int)file, buffers->data, buffers->size);
    else
      result = write((int)file, "", 0);
  } while (result < 0 && errno == EINTR);
  return transferred(result, done);
}

typedef char mask_fits[sizeof(sigset_t) <= sizeof((port_muted_t *)0)->before ? 1 : -1];

static void port_mute(port_muted_t *muted) {
  sigset_t both, before, pending;
  sigemptyset(&both);
  sigaddset(&both, SIGPIPE);
  sigaddset(&both, SIGXFSZ);
  pthread_sigmask(SIG_BLOCK, &both, &before);
  memcpy(muted->before, &before, sizeof before);
  muted->had_pipe = muted->had_size = false;
  if (sigismember(&before, SIGPIPE) == 0 && sigismember(&before, SIGXFSZ) == 0)
    return;
  sigpending(&pending);
  muted->had_pipe = sigismember(&pending, SIGPIPE) == 1;
  muted->had_size = sigismember(&pending, SIGXFSZ) == 1;
}

/* Takes a signal that waits and did not wait before. */
static void take(int signal, bool had_one) {
  sigset_t pending, one;
  if (had_one || sigpending(&pending) != 0 || sigismember(&pending, signal) != 1)
    return;
  sigemptyset(&one);
  sigaddset(&one, signal);
  sigwait(&one, &signal);
}

static void port_unmute(const port_muted_t *muted, bool early) {
  sigset_t before;
  memcpy(&before, muted->before, sizeof before);
  if (early) {
    take(SIGPIPE, muted->had_pipe);
    take(SIGXFSZ, muted->had_size);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static bool port_limits_files(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

/* One after the other, because not every system has preadv; ends with the first
 * that is short. No buffers at all still have the file say what it thinks. */
static wasi_errno_t transfer_at_each(int fd, const port_buffer_t *buffers, uint32_t count,
                                     int64_t offset, bool is_write, size_t *done) {
  static const port_buffer_t nothing = {(uint8_t *)"", 0};
  uint32_t i;
  *done = 0;
  if (count == 0) {
    buffers = &nothing;
    count = 1;
  }
  for (i = 0; i < count; i++) {
    off_t at = (off_t)(offset + (int64_t)*done);
    ssize_t result;
    if (offset > INT64_MAX - (int64_t)*done)
      return *done > 0 ? WASI_OK : WASI_INVAL;
    do
      result = is_write ? pwrite(fd, buffers[i].data, buffers[i].size, at)
                        : pread(fd, buffers[i].data, buffers[i].size, at);
    while (result < 0 && errno == EINTR);
    if (result < 0)
      return *done > 0 ? WASI_OK : port_error();
    *done += (size_t)result;
    if ((size_t)result < buffers[i].size)
      break;
  }
  return WASI_OK;
}

static wasi_errno_t port_pread(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                               int64_t offset, size_t *done) {
  return transfer_at_each((int)file, buffers, count, offset, false, done);
}

static wasi_errno_t port_pwrite(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                                int64_t offset, size_t *done) {
  return transfer_at_each((int)file, buffers, count, offset, true, done);
}

static wasi_errno_t port_seek(port_file_t file, int64_t offset, uint32_t whence,
                              uint64_t *position) {
  static const int whences[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  off_t result = lseek((int)file, (off_t)offset, whences[whence]);
  if (result < 0)
    return port_error();
  *position = (uint64_t)result;
  return WASI_OK;
}

static wasi_errno_t port_sync(port_file_t file, bool data_only) {
#if defined(__APPLE__)
  (void)data_only;
  return port_result(fsync((int)file));
#else
  return port_result(data_only ? fdatasync((int)file) : fsync((int)file));
#endif
}

static wasi_errno_t port_resize(port_file_t file, int64_t size) {
  int result;
  do
    result = ftruncate((int)file, (off_t)size);
  while (result != 0 && errno == EINTR);
  return port_result(result);
}

static wasi_errno_t port_set_append(port_file_t file, bool append) {
  int flags = fcntl((int)file, F_GETFL);
  if (flags < 0)
    return port_error();
  flags = append ? flags | O_APPEND : flags & ~O_APPEND;
  return port_result(fcntl((int)file, F_SETFL, flags));
}

static void convert_times(const port_times_t *times, struct timespec to[2]) {
  const uint64_t second = 1000000000;
  to[0].tv_sec = (time_t)(times->atime / second);
  to[0].tv_nsec = (long)(times->atime % second);
  to[1].tv_sec = (time_t)(times->mtime / second);
  to[1].tv_nsec = (long)(times->mtime % second);
  if ((times->flags & WASI_FST_ATIM) == 0)
    to[0].tv_nsec = (times->flags & WASI_FST_ATIM_NOW) != 0 ? UTIME_NOW : UTIME_OMIT;
  if ((times->flags & WASI_FST_MTIM) == 0)
    to[1].tv_nsec = (times->flags & WASI_FST_MTIM_NOW) != 0 ? UTIME_NOW : UTIME_OMIT;
}

static wasi_errno_t port_set_times(port_file_t file, const port_times_t *times) {
  struct timespec both[2];
  convert_times(times, both);
  return port_result(futimens((int)file, both));
}

static wasi_errno_t port_stream(port_file_t file, port_stream_t *stream) {
  struct stat st;
  int flags = fcntl((int)file, F_GETFL);
  int mode = flags & O_ACCMODE;
  if (flags < 0 || fstat((int)file, &st) != 0)
    return port_error();
  stream->type = open_type((int)file, st.st_mode);
  stream->read = mode == O_RDONLY || mode == O_RDWR;
  stream->write = mode == O_WRONLY || mode == O_RDWR;
  stream->terminal = S_ISCHR(st.st_mode) && isatty((int)file);
  stream->fdflags = (flags & O_APPEND) != 0 ? WASI_FD_APPEND : 0;
  stream->fdflags |= (flags & O_NONBLOCK) != 0 ? WASI_FD_NONBLOCK : 0;
  return WASI_OK;
}

#include "posix_dir.c"
#include "posix_sock.c"

/* ---- The rest -------------------------------------------------------------------- */

/* By WASI's numbers. */
static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID,
                                   CLOCK_THREAD_CPUTIME_ID};

static wasi_errno_t port_clock(uint32_t clock, uint64_t *time) {
  struct timespec now;
  if (clock > WASI_CLOCK_THREAD)
    return WASI_INVAL;
  if (clock_gettime(clocks[clock], &now) != 0)
    return port_error();
  *time = nanoseconds(&now);
  return WASI_OK;
}

static wasi_errno_t port_clock_resolution(uint32_t clock, uint64_t *resolution) {
  struct timespec step;
  if (clock > WASI_CLOCK_THREAD)
    return WASI_INVAL;
  if (clock_getres(clocks[clock], &step) != 0)
    return port_error();
  *resolution = nanoseconds(&step);
  return WASI_OK;
}

/* A day at most; whoever waits for longer asks again. */
static struct timespec wait_time(uint64_t timeout) {
  const uint64_t second = 1000000000;
  struct timespec time;
  if (timeout > 86400 * second)
    timeout = 86400 * second;
  time.tv_sec = (time_t)(timeout / second);
  time.tv_nsec = (long)(timeout % second);
  return time;
}

static int poll_files(struct pollfd *files, uint32_t count, uint64_t timeout) {
  struct timespec time = wait_time(timeout);
#if defined(__linux__)
  return ppoll(files, count, &time, NULL);
#else
  return poll(files, count, (int)(time.tv_sec * 1000 + (time.tv_nsec + 999999) / 1000000));
#endif
}

static void waited(const struct pollfd *file, port_wait_t *wait) {
  int bytes = 0;
  wait->ready = file->revents != 0;
  wait->hangup = (file->revents & POLLHUP) != 0;
  wait->bad = (file->revents & POLLNVAL) != 0;
  if (wait->ready && !wait->write && ioctl(file->fd, FIONREAD, &bytes) == 0 && bytes > 0)
    wait->bytes = (uint64_t)bytes;
}

static wasi_errno_t port_wait(port_wait_t *waits, uint32_t count, uint64_t timeout) {
  struct pollfd files[PORT_WAITS_MAX];
  uint32_t i;
  if (count == 0) {
    struct timespec time = wait_time(timeout);
    nanosleep(&time, NULL);
    return WASI_OK;
  }
  for (i = 0; i < count; i++) {
    files[i].fd = (int)waits[i].file;
    files[i].events = waits[i].write ? POLLOUT : POLLIN;
    files[i].revents = 0;
  }
  if (poll_files(files, count, timeout) < 0)
    return errno == EINTR ? WASI_OK : port_error();
  for (i = 0; i < count; i++)
    waited(&files[i], &waits[i]);
  return WASI_OK;
}

static wasi_errno_t port_random(uint8_t *data, size_t size) {
#if defined(__linux__)
  while (size > 0) {
    ssize_t got = getrandom(data, size, 0);
    if (got < 0 && errno != EINTR)
      return port_error();
    if (got > 0) {
      data += got;
      size -= (size_t)got;
    }
  }
#else
  arc4random_buf(data, size);
#endif
  return WASI_OK;
}

static char **port_environment(void) {
  extern char **environ;
  return environ;
}

static void port_yield(void) {
  sched_yield();
}
