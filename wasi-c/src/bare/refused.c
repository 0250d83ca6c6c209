/* What cannot be done without an operating system: each function says so as a file
 * system that is read-only would, after it has looked at what it was given. */

/* ---- Descriptors ----------------------------------------------------------------- */

uint32_t wdn_wasi_fd_advise(void *context, uint32_t fd, uint64_t offset, uint64_t len,
                            uint32_t advice) {
  wdn_wasi_bare_file_t *file;
  if (get_file(context, fd, &file) != WASI_OK)
    return WASI_BADF;
  return advice > WASI_ADVICE_MAX || offset > INT64_MAX || len > INT64_MAX ? WASI_INVAL : WASI_OK;
}

uint32_t wdn_wasi_fd_allocate(void *context, uint32_t fd, uint64_t offset, uint64_t len) {
  wdn_wasi_bare_file_t *file;
  wasi_errno_t error = get_file(context, fd, &file);
  (void)offset;
  (void)len;
  return error == WASI_OK || error == WASI_SPIPE ? WASI_NOTSUP : WASI_BADF;
}

/* There is nothing that could be lost. */
uint32_t wdn_wasi_fd_sync(void *context, uint32_t fd) {
  return is_open(context, fd) ? WASI_OK : WASI_BADF;
}

uint32_t wdn_wasi_fd_datasync(void *context, uint32_t fd) {
  return wdn_wasi_fd_sync(context, fd);
}

/* No flag makes a difference to a file that cannot be written, nor to a callback. */
uint32_t wdn_wasi_fd_fdstat_set_flags(void *context, uint32_t fd, uint32_t flags) {
  if (!is_open(context, fd))
    return WASI_BADF;
  if (flags > WASI_FD_ALL)
    return WASI_INVAL;
  return (flags & ~(WASI_FD_APPEND | WASI_FD_NONBLOCK)) != 0 ? WASI_NOTSUP : WASI_OK;
}

uint32_t wdn_wasi_fd_fdstat_set_rights(void *context, uint32_t fd, uint64_t rights,
                                       uint64_t rights_inheriting) {
  (void)rights;
  (void)rights_inheriting;
  return is_open(context, fd) ? WASI_NOTSUP : WASI_BADF;
}

uint32_t wdn_wasi_fd_filestat_set_size(void *context, uint32_t fd, uint64_t size) {
  (void)size;
  if (file_at(context, fd) != NULL)
    return WASI_PERM;
  return is_stream(context, fd) ? WASI_INVAL : WASI_BADF;
}

uint32_t wdn_wasi_fd_filestat_set_times(void *context, uint32_t fd, uint64_t atime, uint64_t mtime,
                                        uint32_t flags) {
  (void)atime;
  (void)mtime;
  if (!is_open(context, fd))
    return WASI_BADF;
  return flags > WASI_FST_ALL ? WASI_INVAL : WASI_PERM;
}

uint32_t wdn_wasi_fd_pwrite(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint64_t offset, uint32_t size) {
  (void)iovs;
  (void)iov_count;
  (void)offset;
  (void)size;
  return is_stream(context, fd) ? WASI_SPIPE : WASI_BADF;
}

/* ---- Paths ----------------------------------------------------------------------- */

/* Why nothing can be done to a name. */
static wasi_errno_t refuse(const wdn_wasi_bare_t *wasi, uint32_t fd, uint32_t path, uint32_t size) {
  const wdn_wasi_bare_file_t *dir = file_at(wasi, fd);
  if (dir == NULL || !is_directory(wasi, dir))
    return is_open(wasi, fd) ? WASI_NOTDIR : WASI_BADF;
  if (guest_at(wasi, path, size) == NULL)
    return WASI_FAULT;
  return size == 0 ? WASI_NOENT : WASI_PERM;
}

/* The same of two. */
static wasi_errno_t refuse_both(const wdn_wasi_bare_t *wasi, uint32_t fd, uint32_t path,
                                uint32_t size, uint32_t new_fd, uint32_t new_path,
                                uint32_t new_size) {
  wasi_errno_t error = refuse(wasi, fd, path, size);
  return error == WASI_PERM ? refuse(wasi, new_fd, new_path, new_size) : error;
}

uint32_t wdn_wasi_path_create_directory(void *context, uint32_t fd, uint32_t path,
                                        uint32_t path_size) {
  return refuse(context, fd, path, path_size);
}

uint32_t wdn_wasi_path_remove_directory(void *context, uint32_t fd, uint32_t path,
                                        uint32_t path_size) {
  return refuse(context, fd, path, path_size);
}

uint32_t wdn_wasi_path_unlink_file(void *context, uint32_t fd, uint32_t path, uint32_t path_size) {
  return refuse(context, fd, path, path_size);
}

uint32_t wdn_wasi_path_filestat_set_times(void *context, uint32_t fd, uint32_t lookup,
                                          uint32_t path, uint32_t path_size, uint64_t atime,
                                          uint64_t mtime, uint32_t flags) {
  (void)atime;
  (void)mtime;
  if (lookup > WASI_LOOKUP_FOLLOW || flags > WASI_FST_ALL)
    return WASI_INVAL;
  return refuse(context, fd, path, path_size);
}

uint32_t wdn_wasi_path_link(void *context, uint32_t fd, uint32_t lookup, uint32_t old_path,
                            uint32_t old_path_size, uint32_t new_fd, uint32_t new_path,
                            uint32_t new_path_size) {
  wasi_errno_t error =
      refuse_both(context, fd, old_path, old_path_size, new_fd, new_path, new_path_size);
  return error == WASI_PERM && lookup != 0 ? WASI_INVAL : error;
}

uint32_t wdn_wasi_path_rename(void *context, uint32_t fd, uint32_t old_path, uint32_t old_path_size,
                              uint32_t new_fd, uint32_t new_path, uint32_t new_path_size) {
  return refuse_both(context, fd, old_path, old_path_size, new_fd, new_path, new_path_size);
}

uint32_t wdn_wasi_path_symlink(void *context, uint32_t target, uint32_t target_size, uint32_t fd,
                               uint32_t path, uint32_t path_size) {
  if (guest_at(context, target, target_size) == NULL)
    return WASI_FAULT;
  return refuse(context, fd, path, path_size);
}

/* Nothing is a link. */
uint32_t wdn_wasi_path_readlink(void *context, uint32_t fd, uint32_t path, uint32_t path_size,
                                uint32_t buf, uint32_t buf_size, uint32_t size) {
  wdn_wasi_bare_file_t found;
  wasi_errno_t error = look_up(context, fd, path, path_size, &found);
  if (error != WASI_OK)
    return error;
  if (guest_at(context, buf, buf_size) == NULL || guest_at(context, size, 4) == NULL)
    return WASI_FAULT;
  return WASI_INVAL;
}

/* ---- Signals and sockets --------------------------------------------------------- */

uint32_t wdn_wasi_proc_raise(void *context, uint32_t signal) {
  (void)context;
  (void)signal;
  return WASI_NOTSUP;
}

static wasi_errno_t no_socket(const wdn_wasi_bare_t *wasi, uint32_t fd) {
  return is_open(wasi, fd) ? WASI_NOTSOCK : WASI_BADF;
}

uint32_t wdn_wasi_sock_accept(void *context, uint32_t fd, uint32_t flags, uint32_t accepted) {
  (void)flags;
  (void)accepted;
  return no_socket(context, fd);
}

uint32_t wdn_wasi_sock_recv(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint32_t flags, uint32_t size, uint32_t out_flags) {
  (void)iovs;
  (void)iov_count;
  (void)flags;
  (void)size;
  (void)out_flags;
  return no_socket(context, fd);
}

uint32_t wdn_wasi_sock_send(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint32_t flags, uint32_t size) {
  (void)iovs;
  (void)iov_count;
  (void)flags;
  (void)size;
  return no_socket(context, fd);
}

uint32_t wdn_wasi_sock_shutdown(void *context, uint32_t fd, uint32_t how) {
  (void)how;
  return no_socket(context, fd);
}
