/* Reading, writing and looking at what is open. */

/* ---- Reading and writing --------------------------------------------------------- */

static int32_t read_file(const wdn_wasi_bare_t *wasi, wdn_wasi_bare_file_t *file, uint8_t *data,
                         uint32_t size) {
  uint32_t left = file_left(wasi, file);
  if (size > left)
    size = left;
  if (left > 0)
    memcpy(data, wasi->config->rom[file->entry].data + file->position, size);
  file->position += size;
  return (int32_t)size;
}

/* Of a file, or of a stream if that is NULL. Negative if it is an error. */
static int32_t move_bytes(const wdn_wasi_bare_t *wasi, uint32_t fd, wdn_wasi_bare_file_t *file,
                          uint8_t *data, uint32_t size) {
  const wdn_wasi_bare_config_t *config = wasi->config;
  if (file != NULL)
    return read_file(wasi, file, data, size);
  if (fd == 0)
    return config->read != NULL ? config->read(config->host, fd, data, size) : 0;
  return config->write != NULL ? config->write(config->host, fd, data, size) : (int32_t)size;
}

/* Only the first buffer that is not empty: the guest comes back for the rest, as it
 * does after every short count. All of them are checked before anything moves. */
static wasi_errno_t transfer(const wdn_wasi_bare_t *wasi, uint32_t fd, wdn_wasi_bare_file_t *file,
                             uint32_t iovs, uint32_t iov_count, uint32_t size_at) {
  const uint8_t *iov = memory_at(wasi->memory, iovs, (uint64_t)iov_count * WASI_IOVEC_SIZE);
  uint8_t *out = guest_at(wasi, size_at, 4);
  uint8_t *data = NULL;
  uint32_t size = 0;
  int32_t moved = 0;
  if (iov == NULL || out == NULL)
    return WASI_FAULT;
  for (; iov_count > 0; iov_count--, iov += WASI_IOVEC_SIZE) {
    uint32_t more = get_u32(iov + 4);
    uint8_t *at = guest_at(wasi, get_u32(iov), more);
    if (at == NULL)
      return WASI_FAULT;
    if (size == 0) {
      data = at;
      size = more < INT32_MAX ? more : INT32_MAX;
    }
  }
  if (size > 0)
    moved = move_bytes(wasi, fd, file, data, size);
  if (moved < 0)
    return moved >= -(int32_t)WASI_NOTCAPABLE ? (wasi_errno_t)-moved : WASI_IO;
  /* More than there was would be the host's mistake. */
  put_u32(out, (uint32_t)moved < size ? (uint32_t)moved : size);
  return WASI_OK;
}

uint32_t wdn_wasi_fd_read(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                          uint32_t size) {
  wdn_wasi_bare_file_t *file;
  wasi_errno_t error = get_file(context, fd, &file);
  if (error == WASI_SPIPE)
    error = fd == 0 ? WASI_OK : WASI_BADF;
  return error == WASI_OK ? transfer(context, fd, file, iovs, iov_count, size) : error;
}

uint32_t wdn_wasi_fd_write(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                           uint32_t size) {
  if (fd == 0 || !is_stream(context, fd))
    return WASI_BADF;
  return transfer(context, fd, NULL, iovs, iov_count, size);
}

uint32_t wdn_wasi_fd_pread(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                           uint64_t offset, uint32_t size) {
  wdn_wasi_bare_file_t *file, at;
  wasi_errno_t error = get_file(context, fd, &file);
  if (error == WASI_OK && offset > INT64_MAX)
    error = WASI_INVAL;
  if (error != WASI_OK || !FILES)
    return error;
  at = *file;
  at.position = offset;
  return transfer(context, fd, &at, iovs, iov_count, size);
}

/* ---- Positions ------------------------------------------------------------------- */

/* `offset` is signed: added modulo 2^64, a position below 0 is one above INT64_MAX. */
uint32_t wdn_wasi_fd_seek(void *context, uint32_t fd, uint64_t offset, uint32_t whence,
                          uint32_t position) {
  const wdn_wasi_bare_t *wasi = context;
  uint8_t *out = guest_at(wasi, position, 8);
  wdn_wasi_bare_file_t *file;
  wasi_errno_t error = get_file(wasi, fd, &file);
  if (error != WASI_OK || !FILES)
    return error;
  if (out == NULL)
    return WASI_FAULT;
  if (whence == WASI_SEEK_CUR)
    offset += file->position;
  else if (whence == WASI_SEEK_END)
    offset += wasi->config->rom[file->entry].size;
  if (whence > WASI_SEEK_END || offset > INT64_MAX)
    return WASI_INVAL;
  file->position = offset;
  put_u64(out, offset);
  return WASI_OK;
}

uint32_t wdn_wasi_fd_tell(void *context, uint32_t fd, uint32_t position) {
  return wdn_wasi_fd_seek(context, fd, 0, WASI_SEEK_CUR, position);
}

/* ---- Looking --------------------------------------------------------------------- */

#define RIGHTS_STREAM (WASI_RIGHT_FD_FILESTAT_GET | WASI_RIGHT_POLL_FD_READWRITE)
#define RIGHTS_FILE                                                                                \
  (RIGHTS_STREAM | WASI_RIGHT_FD_READ | WASI_RIGHT_FD_SEEK | WASI_RIGHT_FD_TELL |                  \
   WASI_RIGHT_FD_ADVISE)
#define RIGHTS_DIRECTORY                                                                           \
  (WASI_RIGHT_PATH_OPEN | WASI_RIGHT_FD_READDIR | WASI_RIGHT_PATH_READLINK |                       \
   WASI_RIGHT_PATH_FILESTAT_GET | WASI_RIGHT_FD_FILESTAT_GET)

static uint8_t type_of(const wdn_wasi_bare_t *wasi, const wdn_wasi_bare_file_t *file) {
  if (file == NULL)
    return WASI_TYPE_CHARACTER;
  return is_directory(wasi, file) ? WASI_TYPE_DIRECTORY : WASI_TYPE_REGULAR;
}

/* A stream counts as a terminal: guests then print line by line. */
uint32_t wdn_wasi_fd_fdstat_get(void *context, uint32_t fd, uint32_t stat) {
  const wdn_wasi_bare_t *wasi = context;
  const wdn_wasi_bare_file_t *file = file_at(wasi, fd);
  uint8_t *out = guest_at(wasi, stat, WASI_FDSTAT_SIZE);
  uint64_t rights, inheriting = 0;
  if (!is_open(wasi, fd))
    return WASI_BADF;
  if (out == NULL)
    return WASI_FAULT;
  rights = RIGHTS_FILE;
  if (file == NULL) {
    rights = RIGHTS_STREAM | (fd == 0 ? WASI_RIGHT_FD_READ : WASI_RIGHT_FD_WRITE);
  } else if (is_directory(wasi, file)) {
    rights = RIGHTS_DIRECTORY;
    inheriting = RIGHTS_DIRECTORY | RIGHTS_FILE;
  }
  put_u64(out, type_of(wasi, file));
  put_u64(out + 8, rights);
  put_u64(out + 16, inheriting);
  return WASI_OK;
}

/* Numbers that only the same file or directory has. */
static void put_inode(uint8_t *p, const wdn_wasi_bare_file_t *file) {
  put_u32(p, file->entry + 1);
  put_u32(p + 4, file->path_size);
}

static void put_filestat(const wdn_wasi_bare_t *wasi, uint8_t *out,
                         const wdn_wasi_bare_file_t *file) {
  memset(out, 0, WASI_FILESTAT_SIZE);
  out[16] = type_of(wasi, file);
  out[24] = 1; /* name */
  if (file != NULL)
    put_inode(out + 8, file);
  if (out[16] == WASI_TYPE_REGULAR)
    put_u32(out + 32, wasi->config->rom[file->entry].size);
}

uint32_t wdn_wasi_fd_filestat_get(void *context, uint32_t fd, uint32_t stat) {
  const wdn_wasi_bare_t *wasi = context;
  uint8_t *out = guest_at(wasi, stat, WASI_FILESTAT_SIZE);
  if (!is_open(wasi, fd))
    return WASI_BADF;
  if (out == NULL)
    return WASI_FAULT;
  put_filestat(wasi, out, file_at(wasi, fd));
  return WASI_OK;
}
