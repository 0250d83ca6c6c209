/* The port to POSIX systems: sockets. Included by posix.c. */

static wasi_errno_t port_accept(port_file_t file, port_file_t *accepted) {
  int fd;
  do
#if defined(__linux__)
    fd = accept4((int)file, NULL, NULL, SOCK_CLOEXEC);
#else
    fd = accept((int)file, NULL, NULL);
#endif
  while (fd < 0 && errno == EINTR);
#if !defined(__linux__)
  if (fd >= 0)
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
#endif
  return keep(fd, accepted);
}

static struct msghdr message(const port_buffer_t *buffers, uint32_t count) {
  struct msghdr message_;
  memset(&message_, 0, sizeof message_);
  message_.msg_iov = (struct iovec *)(uintptr_t)buffers;
  message_.msg_iovlen = count;
  return message_;
}

static wasi_errno_t port_recv(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              uint32_t flags, size_t *done, bool *truncated) {
  struct msghdr message_ = message(buffers, count);
  ssize_t result;
  int how = (flags & WASI_RECV_PEEK) != 0 ? MSG_PEEK : 0;
  how |= (flags & WASI_RECV_WAITALL) != 0 ? MSG_WAITALL : 0;
  do
    result = recvmsg((int)file, &message_, how);
  while (result < 0 && errno == EINTR);
  *truncated = (message_.msg_flags & MSG_TRUNC) != 0;
  return transferred(result, done);
}

/* A connection that is closed is an error, not a signal. */
static wasi_errno_t port_send(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              size_t *done) {
  struct msghdr message_ = message(buffers, count);
  ssize_t result;
  int how = 0;
#if defined(MSG_NOSIGNAL)
  how = MSG_NOSIGNAL;
#elif defined(SO_NOSIGPIPE)
  int on = 1;
  (void)setsockopt((int)file, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  do
    result = sendmsg((int)file, &message_, how);
  while (result < 0 && errno == EINTR);
  return transferred(result, done);
}

static wasi_errno_t port_shutdown(port_file_t file, uint32_t how) {
  static const int hows[] = {0, SHUT_RD, SHUT_WR, SHUT_RDWR};
  return port_result(shutdown((int)file, hows[how & 3]));
}
