/* What is different in wasi_unstable, which is snapshot 0, the version before
 * preview 1: three structures, and the order of fd_seek's origins. Every other function
 * is the same. */

/* Links are counted in 32 bits, and what follows comes 8 bytes earlier. */
static void put_filestat0(uint8_t *out, const port_stat_t *stat) {
  put_u64(out, stat->device);
  put_u64(out + 8, stat->inode);
  put_u32(out + 16, stat->type);
  put_u32(out + 20, stat->links < UINT32_MAX ? (uint32_t)stat->links : UINT32_MAX);
  put_u64(out + 24, stat->size);
  put_u64(out + 32, stat->atime);
  put_u64(out + 40, stat->mtime);
  put_u64(out + 48, stat->ctime);
}

static const filestat_t filestat0_layout = {56, put_filestat0};
static const layout_t subscription0_layout = {56, 24};

uint32_t wdn_wasi0_fd_filestat_get(void *context, uint32_t fd, uint32_t stat) {
  return filestat_get(context, fd, stat, &filestat0_layout);
}

uint32_t wdn_wasi0_fd_seek(void *context, uint32_t fd, uint64_t offset, uint32_t whence,
                           uint32_t position) {
  static const uint32_t whences[] = {WASI_SEEK_CUR, WASI_SEEK_END, WASI_SEEK_SET};
  return wdn_wasi_fd_seek(context, fd, offset, whence < 3 ? whences[whence] : whence, position);
}

uint32_t wdn_wasi0_path_filestat_get(void *context, uint32_t fd, uint32_t lookup, uint32_t path,
                                     uint32_t path_size, uint32_t stat) {
  return path_stat_get(context, fd, lookup, path, path_size, stat, &filestat0_layout);
}

uint32_t wdn_wasi0_poll_oneoff(void *context, uint32_t subscriptions, uint32_t events,
                               uint32_t subscription_count, uint32_t event_count) {
  return poll_guest(context, subscriptions, events, subscription_count, event_count,
                    &subscription0_layout);
}
