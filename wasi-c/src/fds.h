/* The guest's descriptors: a table of our own, so that a guest's number is never
 * a number of the host's, and what is not in the table does not exist. */
#ifndef WASI_FDS_H
#define WASI_FDS_H

#include "guest.h"

#include <stdlib.h>

typedef enum fd_kind {
  FD_FREE,
  FD_NULL,   /* reads end at once, writes vanish */
  FD_CALLS,  /* memory or functions of the host */
  FD_STREAM, /* the host's: it is never closed, and its flags stay as they are */
  FD_FILE,   /* a file or directory that belongs to the entry */
  FD_NEW,    /* the same, but nobody has looked yet whether it is one */
  FD_REFUSED /* it was none, and is closed already */
} fd_kind_t;

/* A directory as fd_readdir last left it. */
typedef struct fd_listing {
  const fs_t *fs;
  port_listing_t *port;
  uint64_t position; /* cookie of the entry that comes next */
  bool has_next;     /* it has been read already, into `next` */
  port_entry_t next;
} fd_listing_t;

typedef struct wdn_wasi_fd {
  uint8_t kind;
  uint8_t type; /* WASI_TYPE_*; of a stream once `type_known` */
  bool type_known;
  bool readable; /* of a file */
  bool writable;
  bool read_only;   /* below a read-only preopen */
  bool limited;     /* the system may answer a write of too much with a signal */
  bool owned;       /* a stream that is closed after all: an accepted connection */
  uint8_t stream;   /* of FD_CALLS, which of config.stdio */
  uint32_t fdflags; /* that the guest asked for */
  const fs_t *fs;   /* whose `file` is, if it has one */
  port_file_t file;
  char *preopen; /* its name for the guest, or NULL */
  fd_listing_t *listing;
} fd_t;

/* NULL if it is not open. What it is may not be known yet. */
static fd_t *fd_at(wdn_wasi_t *wasi, uint32_t fd) {
  return fd < wasi->fd_count && wasi->fds[fd].kind != FD_FREE ? &wasi->fds[fd] : NULL;
}

/* Finds out what was opened. Devices, pipes and sockets are not for guests: using
 * one would give powers that no directory grants. That costs a system call, so it
 * is done when the guest first uses the file, and not at all if it never does.
 * (Opening none of them can block, and nothing happens to one before this.) */
static wasi_errno_t fd_look(fd_t *entry, port_stat_t *stat) {
  wasi_errno_t error = entry->fs->stat(entry->file, stat);
  if (error != WASI_OK)
    return error;
  if (stat->type == WASI_TYPE_REGULAR || stat->type == WASI_TYPE_DIRECTORY) {
    entry->kind = FD_FILE;
    entry->type = stat->type;
    return WASI_OK;
  }
  entry->fs->close(entry->file);
  entry->kind = FD_REFUSED;
  return WASI_PERM;
}

/* An open descriptor of which it is known what it is; nothing else may be used. */
static wasi_errno_t fd_get(wdn_wasi_t *wasi, uint32_t fd, fd_t **found) {
  fd_t *entry = fd_at(wasi, fd);
  port_stat_t stat;
  *found = entry;
  if (entry == NULL)
    return WASI_BADF;
  if (entry->kind == FD_NEW)
    return fd_look(entry, &stat);
  return entry->kind != FD_REFUSED ? WASI_OK : WASI_PERM;
}

static bool fd_has_file(const fd_t *entry) {
  return entry->kind == FD_STREAM || entry->kind == FD_FILE;
}

static bool fd_is_directory(const fd_t *entry) {
  return entry->kind == FD_FILE && entry->type == WASI_TYPE_DIRECTORY;
}

/* A directory to resolve paths in. */
static wasi_errno_t fd_get_directory(wdn_wasi_t *wasi, uint32_t fd, fd_t **dir) {
  wasi_errno_t error = fd_get(wasi, fd, dir);
  return error == WASI_OK && !fd_is_directory(*dir) ? WASI_NOTDIR : error;
}

/* Finds the lowest free number, so that what opens a file afterwards cannot
 * fail once the file is open. Entries may move. */
static wasi_errno_t fd_reserve(wdn_wasi_t *wasi, uint32_t *fd) {
  uint32_t count = wasi->fd_count;
  fd_t *fds;
  while (wasi->lowest_fd < count && wasi->fds[wasi->lowest_fd].kind != FD_FREE)
    wasi->lowest_fd++;
  *fd = wasi->lowest_fd;
  if (*fd < count)
    return WASI_OK;
  if (count >= wasi->config.max_fds)
    return WASI_MFILE;
  count = count < 4 ? 8 : count * 2;
  if (count > wasi->config.max_fds)
    count = wasi->config.max_fds;
  fds = realloc(wasi->fds, count * sizeof(fd_t));
  if (fds == NULL)
    return WASI_NOMEM;
  memset(fds + wasi->fd_count, 0, (count - wasi->fd_count) * sizeof(fd_t));
  wasi->fds = fds;
  wasi->fd_count = count;
  return WASI_OK;
}

/* Frees the entry and what belongs to it. */
static wasi_errno_t fd_release(wdn_wasi_t *wasi, uint32_t fd) {
  fd_t *entry = &wasi->fds[fd];
  wasi_errno_t error = WASI_OK;
  if (entry->listing != NULL)
    entry->fs->list_close(entry->listing->port);
  free(entry->listing);
  free(entry->preopen);
  if (entry->kind == FD_FILE || entry->kind == FD_NEW || entry->owned)
    error = entry->fs->close(entry->file);
  memset(entry, 0, sizeof *entry);
  if (fd < wasi->lowest_fd)
    wasi->lowest_fd = fd;
  return error;
}

/* What a stream is, asked once. */
static uint8_t fd_type(fd_t *entry) {
  port_stat_t stat;
  if (entry->kind == FD_STREAM && !entry->type_known) {
    entry->type = entry->fs->stat(entry->file, &stat) == WASI_OK ? stat.type : WASI_TYPE_UNKNOWN;
    entry->type_known = true;
    entry->limited = entry->type == WASI_TYPE_REGULAR && port_limits_files();
  }
  return entry->type;
}

#endif
