/* sock_*: sockets that the host passed in, and the connections they accept. A guest
 * cannot make any others. */

/* A stream of the host's; whether it is a socket, the port finds out. */
static wasi_errno_t get_socket(wdn_wasi_t *wasi, uint32_t fd, fd_t **entry) {
  wasi_errno_t error = fd_get(wasi, fd, entry);
  return error == WASI_OK && (*entry)->kind != FD_STREAM ? WASI_NOTSOCK : error;
}

uint32_t wdn_wasi_sock_accept(void *context, uint32_t fd, uint32_t flags, uint32_t accepted) {
  wdn_wasi_t *wasi = context;
  uint8_t *out = guest_at(wasi, accepted, 4);
  uint32_t number = 0;
  port_file_t file = PORT_NO_FILE;
  fd_t *entry;
  wasi_errno_t error = get_socket(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  if (out == NULL)
    return WASI_FAULT;
  if ((flags & ~WASI_FD_NONBLOCK) != 0)
    return WASI_INVAL;
  if (would_block(entry, false))
    return WASI_AGAIN;
  error = fd_reserve(wasi, &number); /* moves entries */
  if (error == WASI_OK)
    error = port_accept(wasi->fds[fd].file, &file);
  if (error != WASI_OK)
    return error;
  entry = &wasi->fds[number];
  entry->kind = FD_STREAM;
  entry->owned = true;
  entry->fs = wasi->fds[fd].fs;
  entry->file = file;
  entry->fdflags = flags;
  put_u32(out, number);
  return WASI_OK;
}

uint32_t wdn_wasi_sock_recv(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint32_t flags, uint32_t size, uint32_t out_flags) {
  wdn_wasi_t *wasi = context;
  uint8_t *size_out = guest_at(wasi, size, 4);
  uint8_t *flags_out = guest_at(wasi, out_flags, 2);
  port_buffer_t buffers[GUEST_BUFFERS_MAX];
  uint32_t count = 0;
  size_t done = 0;
  bool truncated = false;
  fd_t *entry;
  wasi_errno_t error = get_socket(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  error = guest_buffers(wasi, iovs, iov_count, buffers, &count);
  if (error != WASI_OK || size_out == NULL || flags_out == NULL)
    return WASI_FAULT;
  if ((flags & ~(WASI_RECV_PEEK | WASI_RECV_WAITALL)) != 0)
    return WASI_INVAL;
  if (would_block(entry, false))
    return WASI_AGAIN;
  if (must_not_block(entry))
    flags &= ~WASI_RECV_WAITALL;
  error = port_recv(entry->file, buffers, count, flags, &done, &truncated);
  if (error != WASI_OK)
    return error;
  put_u32(size_out, (uint32_t)done);
  put_u16(flags_out, truncated ? WASI_RECV_TRUNCATED : 0);
  return WASI_OK;
}

uint32_t wdn_wasi_sock_send(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint32_t flags, uint32_t size) {
  wdn_wasi_t *wasi = context;
  uint8_t *out = guest_at(wasi, size, 4);
  port_buffer_t buffers[GUEST_BUFFERS_MAX];
  uint32_t count = 0;
  size_t done = 0;
  fd_t *entry;
  wasi_errno_t error = get_socket(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  error = guest_buffers(wasi, iovs, iov_count, buffers, &count);
  if (error != WASI_OK || out == NULL)
    return WASI_FAULT;
  if (flags != 0)
    return WASI_INVAL;
  if (would_block(entry, true))
    return WASI_AGAIN;
  error = limit_written(wasi, entry, 0, buffers, &count);
  if (error == WASI_OK)
    error = port_send(entry->file, buffers, count, &done);
  wasi->written += done;
  if (error == WASI_OK)
    put_u32(out, (uint32_t)done);
  return error;
}

uint32_t wdn_wasi_sock_shutdown(void *context, uint32_t fd, uint32_t how) {
  fd_t *entry;
  wasi_errno_t error = get_socket(context, fd, &entry);
  if (error != WASI_OK)
    return error;
  if (how == 0 || (how & ~(WASI_SHUT_RD | WASI_SHUT_WR)) != 0)
    return WASI_INVAL;
  return port_shutdown(entry->file, how);
}
