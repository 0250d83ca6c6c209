/* fd_readdir: a directory as a stream of records that the guest reads piece by
 * piece. A cookie is the number of entries before it, so that any number a guest
 * makes up is harmless; the host's own positions are never shown. */

/* Lists from the beginning, as the directory is now. */
static wasi_errno_t listing_restart(fd_t *entry) {
  fd_listing_t *listing = entry->listing;
  wasi_errno_t error;
  if (listing != NULL) {
    listing->fs->list_rewind(listing->port);
    listing->position = 0;
    listing->has_next = false;
    return WASI_OK;
  }
  listing = calloc(1, sizeof *listing);
  if (listing == NULL)
    return WASI_NOMEM;
  listing->fs = entry->fs;
  error = entry->fs->list(entry->file, &listing->port);
  if (error != WASI_OK) {
    free(listing);
    return error;
  }
  entry->listing = listing;
  return WASI_OK;
}

/* Has the entry at `position` in `next`; an empty name is the end. */
static wasi_errno_t listing_read(fd_listing_t *listing) {
  wasi_errno_t error = WASI_OK;
  if (!listing->has_next)
    error = listing->fs->list_next(listing->port, &listing->next);
  listing->has_next = error == WASI_OK;
  return error;
}

static void listing_advance(fd_listing_t *listing) {
  listing->has_next = false;
  listing->position++;
}

/* Goes on where the last call ended, or from the beginning if that is not where
 * the guest wants to be. Beyond the end there is nothing. */
static wasi_errno_t listing_seek(fd_t *entry, uint64_t cookie) {
  wasi_errno_t error = WASI_OK;
  if (cookie == 0 || entry->listing == NULL || cookie < entry->listing->position)
    error = listing_restart(entry);
  while (error == WASI_OK && entry->listing->position < cookie) {
    error = listing_read(entry->listing);
    if (error != WASI_OK || entry->listing->next.name_size == 0)
      break;
    listing_advance(entry->listing);
  }
  return error;
}

/* Writes as much of the record as fits; how much of it there is. */
static uint32_t put_entry(uint8_t *out, uint32_t room, const port_entry_t *entry, uint64_t cookie) {
  uint8_t header[WASI_DIRENT_SIZE];
  uint32_t head = room < WASI_DIRENT_SIZE ? room : WASI_DIRENT_SIZE;
  uint32_t name = room - head < entry->name_size ? room - head : entry->name_size;
  put_u64(header, cookie);
  put_u64(header + 8, entry->inode);
  put_u32(header + 16, entry->name_size);
  put_u32(header + 20, entry->type);
  memcpy(out, header, head);
  memcpy(out + head, entry->name, name);
  return WASI_DIRENT_SIZE + entry->name_size;
}

uint32_t wdn_wasi_fd_readdir(void *context, uint32_t fd, uint32_t buf, uint32_t buf_size,
                             uint64_t cookie, uint32_t size) {
  wdn_wasi_t *wasi = context;
  fd_t *entry;
  uint8_t *out = guest_at(wasi, buf, buf_size);
  uint8_t *size_out = guest_at(wasi, size, 4);
  uint32_t used = 0;
  wasi_errno_t error = fd_get_directory(wasi, fd, &entry);
  if (error == WASI_OK && (out == NULL || size_out == NULL))
    error = WASI_FAULT;
  if (error == WASI_OK)
    error = listing_seek(entry, cookie);
  while (error == WASI_OK && used < buf_size) {
    fd_listing_t *listing = entry->listing;
    uint32_t room = buf_size - used;
    uint32_t needed;
    error = listing_read(listing);
    if (error != WASI_OK || listing->next.name_size == 0)
      break;
    needed = put_entry(out + used, room, &listing->next, listing->position + 1);
    used += needed < room ? needed : room;
    if (needed <= room)
      listing_advance(listing);
  }
  if (error == WASI_OK)
    put_u32(size_out, used);
  return error;
}
