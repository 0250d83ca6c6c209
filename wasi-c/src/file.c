/* fd_* about what is in a file: reading, writing, positions, sizes. */

/* What a pipe that has room takes at once, by POSIX: more could block after all. */
#define AT_ONCE 512u

/* The guest's own NONBLOCK on a stream that has none: what would block is not
 * begun. */
static bool must_not_block(const fd_t *entry) {
  return entry->kind == FD_STREAM && (entry->fdflags & WASI_FD_NONBLOCK) != 0;
}

static bool would_block(const fd_t *entry, bool write) {
  port_wait_t wait;
  if (!must_not_block(entry))
    return false;
  memset(&wait, 0, sizeof wait);
  wait.file = entry->file;
  wait.write = write;
  return port_wait(&wait, 1, 0) == WASI_OK && !wait.ready;
}

static size_t buffers_size(const port_buffer_t *buffers, uint32_t count) {
  size_t size = 0;
  uint32_t i;
  for (i = 0; i < count; i++)
    size += buffers[i].size;
  return size;
}

/* ---- Limits ---------------------------------------------------------------------- */

static uint64_t may_write(const wdn_wasi_t *wasi) {
  uint64_t max = wasi->config.max_written;
  return max == 0 ? UINT64_MAX : max > wasi->written ? max - wasi->written : 0;
}

/* Bytes by which a file is to become longer count as written. */
static wasi_errno_t limit_growth(const wdn_wasi_t *wasi, const fd_t *entry, uint64_t size,
                                 uint64_t *growth) {
  port_stat_t stat;
  wasi_errno_t error = WASI_OK;
  if (wasi->config.max_written == 0)
    return WASI_OK;
  error = entry->fs->stat(entry->file, &stat);
  if (error == WASI_OK && size > stat.size)
    *growth = size - stat.size;
  return error == WASI_OK && *growth > may_write(wasi) ? WASI_NOSPC : error;
}

/* A write far beyond a file's end makes it longer by what is between, too. `at` is
 * where it begins. */
static wasi_errno_t limit_gap(const wdn_wasi_t *wasi, const fd_t *entry, uint64_t at,
                              uint64_t *gap) {
  if (wasi->config.max_written == 0 || entry->kind != FD_FILE || entry->type != WASI_TYPE_REGULAR ||
      (entry->fdflags & WASI_FD_APPEND) != 0)
    return WASI_OK;
  return limit_growth(wasi, entry, at, gap);
}

/* The same at the file's own position, which only a file has. */
static wasi_errno_t limit_gap_here(const wdn_wasi_t *wasi, const fd_t *entry, uint64_t *gap) {
  uint64_t at = 0;
  wasi_errno_t error = WASI_OK;
  if (wasi->config.max_written != 0 && entry->kind == FD_FILE)
    error = entry->fs->seek(entry->file, 0, WASI_SEEK_CUR, &at);
  return error == WASI_OK ? limit_gap(wasi, entry, at, gap) : error;
}

/* Makes a write as short as it must be. */
static wasi_errno_t limit_written(const wdn_wasi_t *wasi, fd_t *entry, uint64_t gap,
                                  port_buffer_t *buffers, uint32_t *count) {
  uint64_t left = may_write(wasi) - gap;
  uint32_t i;
  if (left == 0 && *count > 0)
    return WASI_NOSPC;
  if (left > AT_ONCE && must_not_block(entry) && fd_type(entry) != WASI_TYPE_DATAGRAM)
    left = AT_ONCE;
  for (i = 0; i < *count && left > 0; i++) {
    if (buffers[i].size > left)
      buffers[i].size = (size_t)left;
    left -= buffers[i].size;
  }
  *count = i;
  return WASI_OK;
}

/* ---- Streams that are no files --------------------------------------------------- */

/* One part; negative if it is an error. */
static int64_t call_once(const wdn_wasi_stream_t *stream, const port_buffer_t *part, bool write) {
  wdn_wasi_buffer_t *memory = stream->buffer;
  size_t left, size = part->size;
  if (stream->kind == WDN_WASI_CALLBACK) {
    if (write ? stream->write == NULL : stream->read == NULL)
      return -WASI_BADF;
    return write ? stream->write(stream->context, part->data, size)
                 : stream->read(stream->context, part->data, size);
  }
  left = memory->used < memory->size ? memory->size - memory->used : 0;
  if (write && left == 0)
    return -WASI_NOSPC;
  size = size < left ? size : left;
  if (size > 0)
    memcpy(write ? memory->data + memory->used : part->data,
           write ? part->data : memory->data + memory->used, size);
  memory->used += size;
  return (int64_t)size;
}

/* Part by part; ends with the first that is short. An error counts if it is first. */
static wasi_errno_t call_stream(const wdn_wasi_t *wasi, const fd_t *entry,
                                const port_buffer_t *buffers, uint32_t count, bool write,
                                size_t *done) {
  const wdn_wasi_stream_t *stream = &wasi->config.stdio[entry->stream];
  uint32_t i;
  for (i = 0; i < count; i++) {
    int64_t moved = call_once(stream, &buffers[i], write);
    if (moved < 0 && *done == 0)
      return moved >= -(int64_t)WASI_NOTCAPABLE ? (wasi_errno_t)-moved : WASI_IO;
    if (moved < 0)
      break;
    /* More than there was would be the host's mistake. */
    *done += (uint64_t)moved < buffers[i].size ? (size_t)moved : buffers[i].size;
    if ((uint64_t)moved < buffers[i].size)
      break;
  }
  return WASI_OK;
}

/* ---- Files and streams of the host ------------------------------------------------ */

/* Pipes, and sockets of all kinds, may be closed at their other end. */
static bool may_raise(fd_t *entry) {
  uint8_t type = fd_type(entry);
  return entry->limited || type == WASI_TYPE_UNKNOWN || type == WASI_TYPE_STREAM ||
         type == WASI_TYPE_DATAGRAM;
}

/* At the file's own position if `offset` is negative. What ends early can have raised a
 * signal without being an error. */
static wasi_errno_t write_file(fd_t *entry, const port_buffer_t *buffers, uint32_t count,
                               int64_t offset, size_t *done) {
  bool muted = may_raise(entry);
  port_muted_t signals;
  wasi_errno_t error;
  if (muted)
    port_mute(&signals);
  error = offset < 0 ? entry->fs->write(entry->file, buffers, count, done)
                     : entry->fs->pwrite(entry->file, buffers, count, offset, done);
  if (muted)
    port_unmute(&signals, error != WASI_OK || *done < buffers_size(buffers, count));
  return error;
}

static wasi_errno_t resize_file(const fd_t *entry, int64_t size) {
  port_muted_t signals;
  wasi_errno_t error;
  if (!entry->limited)
    return entry->fs->resize(entry->file, size);
  port_mute(&signals);
  error = entry->fs->resize(entry->file, size);
  port_unmute(&signals, error != WASI_OK);
  return error;
}

/* ---- Reading and writing ---------------------------------------------------------- */

uint32_t wdn_wasi_fd_read(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                          uint32_t size) {
  wdn_wasi_t *wasi = context;
  fd_t *entry;
  uint8_t *out = guest_at(wasi, size, 4);
  port_buffer_t buffers[GUEST_BUFFERS_MAX];
  uint32_t count = 0;
  size_t done = 0;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  error = guest_buffers(wasi, iovs, iov_count, buffers, &count);
  if (error != WASI_OK || out == NULL)
    return WASI_FAULT;
  if (would_block(entry, false))
    return WASI_AGAIN;
  if (entry->kind == FD_CALLS)
    error = call_stream(wasi, entry, buffers, count, false, &done);
  else if (entry->kind != FD_NULL)
    error = entry->fs->read(entry->file, buffers, count, &done);
  if (error == WASI_OK)
    put_u32(out, (uint32_t)done);
  return error;
}

uint32_t wdn_wasi_fd_write(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                           uint32_t size) {
  wdn_wasi_t *wasi = context;
  fd_t *entry;
  uint8_t *out = guest_at(wasi, size, 4);
  port_buffer_t buffers[GUEST_BUFFERS_MAX];
  uint32_t count = 0;
  size_t done = 0;
  uint64_t gap = 0;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  error = guest_buffers(wasi, iovs, iov_count, buffers, &count);
  if (error != WASI_OK || out == NULL)
    return WASI_FAULT;
  if (would_block(entry, true))
    return WASI_AGAIN;
  error = count > 0 ? limit_gap_here(wasi, entry, &gap) : WASI_OK;
  if (error == WASI_OK)
    error = limit_written(wasi, entry, gap, buffers, &count);
  if (error != WASI_OK)
    return error;
  if (entry->kind == FD_NULL)
    done = buffers_size(buffers, count);
  else if (entry->kind == FD_CALLS)
    error = call_stream(wasi, entry, buffers, count, true, &done);
  else
    error = write_file(entry, buffers, count, -1, &done);
  wasi->written += done > 0 ? done + gap : 0;
  if (error == WASI_OK)
    put_u32(out, (uint32_t)done);
  return error;
}

/* At a position, leaving the file's own as it is. */
static wasi_errno_t transfer_at(wdn_wasi_t *wasi, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                                uint64_t offset, uint32_t size, bool write) {
  fd_t *entry;
  uint8_t *out = guest_at(wasi, size, 4);
  port_buffer_t buffers[GUEST_BUFFERS_MAX];
  uint32_t count = 0;
  size_t done = 0;
  uint64_t gap = 0;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  error = guest_buffers(wasi, iovs, iov_count, buffers, &count);
  if (error != WASI_OK || out == NULL)
    return WASI_FAULT;
  if (!fd_has_file(entry))
    return WASI_SPIPE;
  if (offset > INT64_MAX)
    return WASI_INVAL;
  if (write && count > 0)
    error = limit_gap(wasi, entry, offset, &gap);
  if (write && error == WASI_OK)
    error = limit_written(wasi, entry, gap, buffers, &count);
  if (error != WASI_OK)
    return error;
  error = write ? write_file(entry, buffers, count, (int64_t)offset, &done)
                : entry->fs->pread(entry->file, buffers, count, (int64_t)offset, &done);
  wasi->written += write && done > 0 ? done + gap : 0;
  if (error == WASI_OK)
    put_u32(out, (uint32_t)done);
  return error;
}

uint32_t wdn_wasi_fd_pread(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                           uint64_t offset, uint32_t size) {
  return transfer_at(context, fd, iovs, iov_count, offset, size, false);
}

uint32_t wdn_wasi_fd_pwrite(void *context, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint64_t offset, uint32_t size) {
  return transfer_at(context, fd, iovs, iov_count, offset, size, true);
}

/* `offset` is signed. A directory has a position only for the host. */
uint32_t wdn_wasi_fd_seek(void *context, uint32_t fd, uint64_t offset, uint32_t whence,
                          uint32_t position) {
  wdn_wasi_t *wasi = context;
  fd_t *entry;
  uint8_t *out = guest_at(wasi, position, 8);
  uint64_t now = 0;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  if (out == NULL)
    return WASI_FAULT;
  if (whence > WASI_SEEK_END)
    return WASI_INVAL;
  if (!fd_has_file(entry))
    return WASI_SPIPE;
  if (fd_is_directory(entry))
    return WASI_BADF;
  error = entry->fs->seek(entry->file, (int64_t)offset, whence, &now);
  if (error == WASI_OK)
    put_u64(out, now);
  return error;
}

uint32_t wdn_wasi_fd_tell(void *context, uint32_t fd, uint32_t position) {
  return wdn_wasi_fd_seek(context, fd, 0, WASI_SEEK_CUR, position);
}

/* What has no storage behind it is in sync. */
static wasi_errno_t sync_fd(wdn_wasi_t *wasi, uint32_t fd, bool data_only) {
  fd_t *entry;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  if (!fd_has_file(entry))
    return WASI_OK;
  error = entry->fs->sync(entry->file, data_only);
  return error == WASI_INVAL || error == WASI_ROFS ? WASI_OK : error;
}

uint32_t wdn_wasi_fd_datasync(void *context, uint32_t fd) {
  return sync_fd(context, fd, true);
}

uint32_t wdn_wasi_fd_sync(void *context, uint32_t fd) {
  return sync_fd(context, fd, false);
}

/* A file's times are a clock, too: the guest has but to change it. */
static void put_stat(const wdn_wasi_t *wasi, uint8_t *out, port_stat_t *stat,
                     const filestat_t *layout) {
  stat->atime = coarse(wasi, stat->atime);
  stat->mtime = coarse(wasi, stat->mtime);
  stat->ctime = coarse(wasi, stat->ctime);
  layout->put(out, stat);
}

/* Tells in one system call what a new file is and all about it. */
static wasi_errno_t stat_fd(fd_t *entry, port_stat_t *stat) {
  memset(stat, 0, sizeof *stat);
  if (entry->kind == FD_REFUSED)
    return WASI_PERM;
  if (entry->kind == FD_NEW)
    return fd_look(entry, stat);
  return fd_has_file(entry) ? entry->fs->stat(entry->file, stat) : WASI_OK;
}

static wasi_errno_t filestat_get(wdn_wasi_t *wasi, uint32_t fd, uint32_t stat_at,
                                 const filestat_t *layout) {
  fd_t *entry = fd_at(wasi, fd);
  uint8_t *out = guest_at(wasi, stat_at, layout->size);
  port_stat_t stat;
  wasi_errno_t error;
  if (entry == NULL)
    return WASI_BADF;
  if (out == NULL)
    return WASI_FAULT;
  error = stat_fd(entry, &stat);
  if (error == WASI_OK)
    put_stat(wasi, out, &stat, layout);
  return error;
}

uint32_t wdn_wasi_fd_filestat_get(void *context, uint32_t fd, uint32_t stat_at) {
  return filestat_get(context, fd, stat_at, &filestat_layout);
}

uint32_t wdn_wasi_fd_filestat_set_size(void *context, uint32_t fd, uint64_t size) {
  wdn_wasi_t *wasi = context;
  fd_t *entry;
  uint64_t growth = 0;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  if (entry->read_only)
    return WASI_PERM;
  if (fd_is_directory(entry))
    return WASI_ISDIR;
  if (entry->kind != FD_FILE || size > INT64_MAX)
    return WASI_INVAL; /* what a stream has brought away is not the guest's to take back */
  error = limit_growth(wasi, entry, size, &growth);
  if (error == WASI_OK)
    error = resize_file(entry, (int64_t)size);
  if (error == WASI_OK)
    wasi->written += growth;
  return error;
}

/* A time is set, set to now, or kept; not two of these. */
static wasi_errno_t decode_times(uint64_t atime, uint64_t mtime, uint32_t flags,
                                 port_times_t *times) {
  const uint32_t atimes = WASI_FST_ATIM | WASI_FST_ATIM_NOW;
  const uint32_t mtimes = WASI_FST_MTIM | WASI_FST_MTIM_NOW;
  if ((flags & ~WASI_FST_ALL) != 0 || (flags & atimes) == atimes || (flags & mtimes) == mtimes)
    return WASI_INVAL;
  times->atime = atime;
  times->mtime = mtime;
  times->flags = flags;
  return WASI_OK;
}

uint32_t wdn_wasi_fd_filestat_set_times(void *context, uint32_t fd, uint64_t atime, uint64_t mtime,
                                        uint32_t flags) {
  wdn_wasi_t *wasi = context;
  fd_t *entry;
  port_times_t times;
  wasi_errno_t error = fd_get(wasi, fd, &entry);
  if (error != WASI_OK)
    return error;
  if (entry->read_only)
    return WASI_PERM;
  error = decode_times(atime, mtime, flags, &times);
  if (error == WASI_OK && entry->kind != FD_FILE)
    error = WASI_NOTSUP; /* a stream is not the guest's alone */
  return error == WASI_OK ? entry->fs->set_times(entry->file, &times) : error;
}
