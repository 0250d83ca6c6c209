/* fd_* about the descriptor rather than what is in the file: flags, preopens,
 * closing and renumbering. */

#define RIGHTS_ANY_FILE                                                                            \
  (WASI_RIGHT_FD_DATASYNC | WASI_RIGHT_FD_FDSTAT_SET_FLAGS | WASI_RIGHT_FD_SYNC |                  \
   WASI_RIGHT_FD_ADVISE | WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_FD_FILESTAT_SET_TIMES |          \
   WASI_RIGHT_POLL_FD_READWRITE)
#define RIGHTS_READ WASI_RIGHT_FD_READ
#define RIGHTS_WRITE                                                                               \
  (WASI_RIGHT_FD_WRITE | WASI_RIGHT_FD_ALLOCATE | WASI_RIGHT_FD_FILESTAT_SET_SIZE)
#define RIGHTS_SEEK (WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL)
#define RIGHTS_LOOK_UP                                                                             \
  (WASI_RIGHT_PATH_OPEN | WASI_RIGHT_FD_READDIR | WASI_RIGHT_PATH_READLINK |                       \
   WASI_RIGHT_PATH_FILESTAT_GET | WASI_RIGHT_FD_FILESTAT_GET)
#define RIGHTS_MUTATE                                                                              \
  (WASI_RIGHT_PATH_CREATE_DIRECTORY | WASI_RIGHT_PATH_CREATE_FILE | WASI_RIGHT_PATH_LINK_SOURCE |  \
   WASI_RIGHT_PATH_LINK_TARGET | WASI_RIGHT_PATH_RENAME_SOURCE | WASI_RIGHT_PATH_RENAME_TARGET |   \
   WASI_RIGHT_PATH_FILESTAT_SET_TIMES | WASI_RIGHT_FD_FILESTAT_SET_TIMES |                         \
   WASI_RIGHT_PATH_SYMLINK | WASI_RIGHT_PATH_REMOVE_DIRECTORY | WASI_RIGHT_PATH_UNLINK_FILE)

typedef struct fdstat {
  uint8_t type;
  uint32_t flags;
  uint64_t rights;
  uint64_t inheriting;
} fdstat_t;

static void directory_fdstat(const fd_t *entry, fdstat_t *stat) {
  stat->type = WASI_TYPE_DIRECTORY;
  stat->flags = entry->fdflags;
  stat->rights = RIGHTS_LOOK_UP;
  stat->inheriting = RIGHTS_LOOK_UP | RIGHTS_ANY_FILE | RIGHTS_READ | RIGHTS_SEEK;
  if (!entry->read_only) {
    stat->rights |= RIGHTS_MUTATE;
    stat->inheriting |= RIGHTS_MUTATE | RIGHTS_WRITE;
  }
}

static void file_fdstat(const fd_t *entry, fdstat_t *stat) {
  stat->type = entry->type;
  stat->flags = entry->fdflags;
  stat->rights = RIGHTS_ANY_FILE | RIGHTS_SEEK;
  stat->rights |= entry->readable ? RIGHTS_READ : 0;
  stat->rights |= entry->writable ? RIGHTS_WRITE : 0;
}

/* Guests take a character device that cannot seek for a terminal. */
static wasi_errno_t stream_fdstat(const fd_t *entry, fdstat_t *stat) {
  port_stream_t stream;
  wasi_errno_t error = port_stream(entry->file, &stream);
  if (error != WASI_OK)
    return error;
  stat->type = stream.type;
  stat->flags = stream.fdflags | entry->fdflags;
  stat->rights = RIGHTS_ANY_FILE;
  stat->rights |= stream.read ? RIGHTS_READ : 0;
  stat->rights |= stream.write ? RIGHTS_WRITE : 0;
  stat->rights |= stream.terminal ? 0 : RIGHTS_SEEK;
  if (stream.type == WASI_TYPE_STREAM || stream.type == WASI_TYPE_DATAGRAM)
    stat->rights |= WASI_RIGHT_SOCK_SHUTDOWN | WASI_RIGHT_SOCK_ACCEPT;
  return WASI_OK;
}

static wasi_errno_t fdstat_of(const fd_t *entry, fdstat_t *stat) {
  memset(stat, 0, sizeof *stat);
  if (entry->kind == FD_STREAM)
    return stream_fdstat(entry, stat);
  if (fd_is_directory(entry)) {
    directory_fdstat(entry, stat);
  } else if (entry->kind == FD_FILE) {
    file_fdstat(entry, stat);
  } else {
    stat->type = WASI_TYPE_UNKNOWN;
    stat->flags = entry->fdflags;
    stat->rights = RIGHTS_ANY_FILE | RIGHTS_READ | RIGHTS_WRITE;
  }
  return WASI_OK;
}

uint32_t wdn_wasi_fd_fdstat_get(void *context, uint32_t fd, uint32_t stat_at) {
  wdn_wasi_t *wasi = context;
  fd_t *entry;
  uint8_t *out = guest_at(wasi, stat_at, WASI_FDSTAT_SIZE);
  fdstat_t stat;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  if (out == NULL)
    return WASI_FAULT;
  error = fdstat_of(entry, &stat);
  if (error != WASI_OK)
    return error;
  put_u64(out, stat.type | stat.flags << 16); /* a byte, padding, two bytes, padding */
  put_u64(out + 8, stat.rights);
  put_u64(out + 16, stat.inheriting);
  return WASI_OK;
}

/* A stream is shared with whoever started the host: the guest gets a NONBLOCK
 * of its own, which file.c emulates, and can change nothing else. */
static wasi_errno_t stream_set_flags(fd_t *entry, uint32_t flags) {
  port_stream_t stream;
  wasi_errno_t error = port_stream(entry->file, &stream);
  if (error != WASI_OK)
    return error;
  if (flags != stream.fdflags && flags != (stream.fdflags | WASI_FD_NONBLOCK))
    return WASI_NOTSUP;
  entry->fdflags = flags & ~stream.fdflags;
  return WASI_OK;
}

/* NONBLOCK means nothing to a file or directory; it is only remembered. */
uint32_t wdn_wasi_fd_fdstat_set_flags(void *context, uint32_t fd, uint32_t flags) {
  wdn_wasi_t *wasi = context;
  fd_t *entry;
  uint32_t changed;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  if ((flags & ~WASI_FD_ALL) != 0)
    return WASI_INVAL;
  if (entry->kind == FD_STREAM)
    return stream_set_flags(entry, flags);
  changed = entry->fdflags ^ flags;
  if ((changed & ~(WASI_FD_APPEND | WASI_FD_NONBLOCK)) != 0)
    return WASI_NOTSUP;
  if (entry->kind == FD_FILE && (changed & WASI_FD_APPEND) != 0)
    error = entry->fs->set_append(entry->file, (flags & WASI_FD_APPEND) != 0);
  if (error == WASI_OK)
    entry->fdflags = flags;
  return error;
}

/* Rights follow from how a file was opened; nobody can give them up. */
uint32_t wdn_wasi_fd_fdstat_set_rights(void *context, uint32_t fd, uint64_t rights,
                                       uint64_t rights_inheriting) {
  (void)rights;
  (void)rights_inheriting;
  return fd_at(context, fd) != NULL ? WASI_NOTSUP : WASI_BADF;
}

uint32_t wdn_wasi_fd_prestat_get(void *context, uint32_t fd, uint32_t stat) {
  wdn_wasi_t *wasi = context;
  const fd_t *entry = fd_at(wasi, fd);
  uint8_t *out = guest_at(wasi, stat, WASI_PRESTAT_SIZE);
  if (entry == NULL || entry->preopen == NULL)
    return WASI_BADF;
  if (out == NULL)
    return WASI_FAULT;
  put_u32(out, 0); /* a directory: the only kind there is */
  put_u32(out + 4, (uint32_t)strlen(entry->preopen));
  return WASI_OK;
}

/* The name is not terminated. */
uint32_t wdn_wasi_fd_prestat_dir_name(void *context, uint32_t fd, uint32_t path,
                                      uint32_t path_size) {
  wdn_wasi_t *wasi = context;
  const fd_t *entry = fd_at(wasi, fd);
  uint8_t *out = guest_at(wasi, path, path_size);
  size_t size;
  if (entry == NULL || entry->preopen == NULL)
    return WASI_BADF;
  if (out == NULL)
    return WASI_FAULT;
  size = strlen(entry->preopen);
  if (path_size < size)
    return WASI_NAMETOOLONG;
  memcpy(out, entry->preopen, size);
  return WASI_OK;
}

uint32_t wdn_wasi_fd_close(void *context, uint32_t fd) {
  wdn_wasi_t *wasi = context;
  return fd_at(wasi, fd) != NULL ? fd_release(wasi, fd) : WASI_BADF;
}

/* The entry moves as it is; what `to` was is closed. */
uint32_t wdn_wasi_fd_renumber(void *context, uint32_t from, uint32_t to) {
  wdn_wasi_t *wasi = context;
  if (fd_at(wasi, from) == NULL || fd_at(wasi, to) == NULL)
    return WASI_BADF;
  if (from == to)
    return WASI_OK;
  fd_release(wasi, to); /* its error would be that of a file nobody asked about */
  wasi->fds[to] = wasi->fds[from];
  memset(&wasi->fds[from], 0, sizeof(fd_t));
  if (from < wasi->lowest_fd)
    wasi->lowest_fd = from;
  return WASI_OK;
}

uint32_t wdn_wasi_fd_advise(void *context, uint32_t fd, uint64_t offset, uint64_t len,
                            uint32_t advice) {
  fd_t *entry;
  wasi_errno_t error = fd_get(context, fd, &entry);
  if (error != WASI_OK)
    return error;
  if (entry->kind != FD_FILE || fd_is_directory(entry))
    return WASI_BADF;
  if (advice > WASI_ADVICE_MAX || offset > INT64_MAX || len > INT64_MAX)
    return WASI_INVAL;
  return WASI_OK; /* advice need not be taken */
}

/* Not supported on purpose: a way to fill the host's disk without writing. */
uint32_t wdn_wasi_fd_allocate(void *context, uint32_t fd, uint64_t offset, uint64_t len) {
  fd_t *entry;
  wasi_errno_t error = fd_get(context, fd, &entry);
  (void)offset;
  (void)len;
  if (error != WASI_OK)
    return error;
  return fd_is_directory(entry) ? WASI_BADF : WASI_NOTSUP;
}
