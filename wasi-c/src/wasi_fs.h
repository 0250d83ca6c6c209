/* What the rest of this library needs from a file system: the host's, by way of the
 * port, or one in memory.
 *
 * Every function is given checked arguments and answers with WASI's error number.
 * A `name` is one component of a path, without a slash, and no function here that
 * takes one ever follows a symbolic link. */
#ifndef WASI_FS_H
#define WASI_FS_H

#include "abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An open file or directory, as its file system knows it. */
typedef intptr_t port_file_t;
#define PORT_NO_FILE ((port_file_t)-1)

/* Laid out as the host's iovec, so that arrays of it need no copy. */
typedef struct port_buffer {
  uint8_t *data;
  size_t size;
} port_buffer_t;

typedef struct port_stat {
  uint64_t device;
  uint64_t inode;
  uint8_t type; /* WASI_TYPE_* */
  uint64_t links;
  uint64_t size;
  uint64_t atime; /* nanoseconds since 1970 */
  uint64_t mtime;
  uint64_t ctime;
} port_stat_t;

/* How to open a file: `oflags` and `fdflags` are WASI's. */
typedef struct port_open {
  bool read;
  bool write;
  bool follow; /* the last component, if it is a link; port_open_beneath only */
  uint32_t oflags;
  uint32_t fdflags;
} port_open_t;

/* New times of a file, in nanoseconds since 1970. `flags` are WASI_FST_*, which
 * say for each time whether it is set, set to now, or kept. */
typedef struct port_times {
  uint64_t atime;
  uint64_t mtime;
  uint32_t flags;
} port_times_t;

/* One entry of a directory. No system has longer names. */
#define PORT_NAME_LIMIT 1024

typedef struct port_entry {
  uint64_t inode;
  uint8_t type;
  uint32_t name_size;
  char name[PORT_NAME_LIMIT];
} port_entry_t;

/* A directory being listed, with a descriptor of its own. */
typedef struct port_listing port_listing_t;

/* A kind of file system. What these do is said where the port declares functions
 * of the same names. */
typedef struct fs {
  wasi_errno_t (*close)(port_file_t file);
  wasi_errno_t (*stat)(port_file_t file, port_stat_t *stat);
  wasi_errno_t (*read)(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                       size_t *done);
  wasi_errno_t (*write)(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                        size_t *done);
  wasi_errno_t (*pread)(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                        int64_t offset, size_t *done);
  wasi_errno_t (*pwrite)(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                         int64_t offset, size_t *done);
  wasi_errno_t (*seek)(port_file_t file, int64_t offset, uint32_t whence, uint64_t *position);
  wasi_errno_t (*sync)(port_file_t file, bool data_only);
  wasi_errno_t (*resize)(port_file_t file, int64_t size);
  wasi_errno_t (*set_append)(port_file_t file, bool append);
  wasi_errno_t (*set_times)(port_file_t file, const port_times_t *times);

  wasi_errno_t (*open_at)(port_file_t dir, const char *name, const port_open_t *how,
                          port_file_t *file);
  wasi_errno_t (*enter)(port_file_t dir, const char *name, port_file_t *entered);
  wasi_errno_t (*stat_at)(port_file_t dir, const char *name, port_stat_t *stat);
  wasi_errno_t (*readlink_at)(port_file_t dir, const char *name, char *target, size_t size,
                              size_t *used);
  wasi_errno_t (*set_times_at)(port_file_t dir, const char *name, const port_times_t *times);
  wasi_errno_t (*mkdir_at)(port_file_t dir, const char *name);
  wasi_errno_t (*unlink_at)(port_file_t dir, const char *name, bool directory);
  wasi_errno_t (*rename_at)(port_file_t dir, const char *name, port_file_t new_dir,
                            const char *new_name);
  wasi_errno_t (*link_at)(port_file_t dir, const char *name, port_file_t new_dir,
                          const char *new_name);
  wasi_errno_t (*symlink_at)(const char *target, port_file_t dir, const char *name);

  /* NULL where paths are always walked. */
  wasi_errno_t (*open_beneath)(port_file_t dir, const char *path, const port_open_t *how,
                               port_file_t *file);
  wasi_errno_t (*enter_beneath)(port_file_t dir, const char *path, port_file_t *entered);

  wasi_errno_t (*list)(port_file_t dir, port_listing_t **listing);
  wasi_errno_t (*list_next)(port_listing_t *listing, port_entry_t *entry);
  void (*list_rewind)(port_listing_t *listing);
  void (*list_close)(port_listing_t *listing);
} fs_t;

/* Whom a file system in memory is opened for: what it does is dated by the clock as
 * that guest sees it. */
typedef struct fs_guest {
  const void *wasi;
  uint64_t (*now)(const void *wasi); /* nanoseconds since 1970 */
} fs_guest_t;

/* What a file system in memory begins with, so that it is linked only where a host
 * makes one. */
typedef struct fs_in_memory {
  const fs_t *fs;
  wasi_errno_t (*open_root)(struct fs_in_memory *self, const fs_guest_t *guest, port_file_t *dir);
  uint64_t key[2]; /* a secret of hashes; chosen when it is first mounted */
} fs_in_memory_t;

#endif
