/* What WASI needs from an operating system; one port defines all of it.
 *
 * A port translates: it is given checked arguments and host pointers, makes one
 * system call, and answers with WASI's error number. It knows nothing of guests
 * and their descriptors. A `name` is one component of a path, without a slash,
 * and no function here that takes one ever follows a symbolic link. */
#ifndef WASI_PORT_H
#define WASI_PORT_H

#include "wasi_fs.h"

/* ---- Files ------------------------------------------------------------------ */

static wasi_errno_t port_close(port_file_t file);
static wasi_errno_t port_stat(port_file_t file, port_stat_t *stat);
/* All of them may do less than asked. */
static wasi_errno_t port_read(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              size_t *done);
static wasi_errno_t port_write(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                               size_t *done);
static wasi_errno_t port_pread(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                               int64_t offset, size_t *done);
static wasi_errno_t port_pwrite(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                                int64_t offset, size_t *done);
static wasi_errno_t port_seek(port_file_t file, int64_t offset, uint32_t whence,
                              uint64_t *position);
static wasi_errno_t port_sync(port_file_t file, bool data_only);
static wasi_errno_t port_resize(port_file_t file, int64_t size);

/* Around what may raise a signal because of the guest: a write to a closed pipe, or of
 * more than this process's files may have. The host gets none that it would not have
 * had anyway. `early` if there may be one. */
typedef struct port_muted {
  uint64_t before[16]; /* the port's own */
  bool had_pipe, had_size;
} port_muted_t;
static void port_mute(port_muted_t *muted);
static void port_unmute(const port_muted_t *muted, bool early);
/* Is there a limit of how large files may be, that is kept by a signal? */
static bool port_limits_files(void);

static wasi_errno_t port_set_append(port_file_t file, bool append);

static wasi_errno_t port_set_times(port_file_t file, const port_times_t *times);

/* What a descriptor that the host opened can do. */
typedef struct port_stream {
  uint8_t type;
  bool read;
  bool write;
  bool terminal;
  uint32_t fdflags;
} port_stream_t;
static wasi_errno_t port_stream(port_file_t file, port_stream_t *stream);
/* A file of the host by its path, to read or to append to what is made or emptied. */
static wasi_errno_t port_open_stream(const char *path, bool write, port_file_t *file);

/* ---- Directories -------------------------------------------------------------- */

/* A directory by its path on the host, or a copy of `fd` if the path is NULL.
 * WASI_NOTDIR if it is none. */
static wasi_errno_t port_open_preopen(const char *path, int fd, port_file_t *dir);
static wasi_errno_t port_open_at(port_file_t dir, const char *name, const port_open_t *how,
                                 port_file_t *file);
/* A directory to look names up in, nothing else. WASI_NOTDIR or WASI_LOOP if the
 * name is a link. */
static wasi_errno_t port_enter(port_file_t dir, const char *name, port_file_t *entered);
static wasi_errno_t port_stat_at(port_file_t dir, const char *name, port_stat_t *stat);
/* `size` bytes at most, not terminated. WASI_INVAL if the name is no link. */
static wasi_errno_t port_readlink_at(port_file_t dir, const char *name, char *target, size_t size,
                                     size_t *used);
static wasi_errno_t port_set_times_at(port_file_t dir, const char *name, const port_times_t *times);
static wasi_errno_t port_mkdir_at(port_file_t dir, const char *name);
static wasi_errno_t port_unlink_at(port_file_t dir, const char *name, bool directory);
static wasi_errno_t port_rename_at(port_file_t dir, const char *name, port_file_t new_dir,
                                   const char *new_name);
static wasi_errno_t port_link_at(port_file_t dir, const char *name, port_file_t new_dir,
                                 const char *new_name);
static wasi_errno_t port_symlink_at(const char *target, port_file_t dir, const char *name);

/* Does the kernel itself keep lookups below `dir`? */
static bool port_has_beneath(port_file_t dir);
/* The same as port_open_at and port_enter of a whole path that the kernel keeps
 * below `dir`. WASI_PERM if it leads out, WASI_AGAIN if the tree changes too
 * quickly for the kernel to be sure. */
static wasi_errno_t port_open_beneath(port_file_t dir, const char *path, const port_open_t *how,
                                      port_file_t *file);
static wasi_errno_t port_enter_beneath(port_file_t dir, const char *path, port_file_t *entered);

static wasi_errno_t port_list(port_file_t dir, port_listing_t **listing);
/* WASI_OK with an empty name at the end. */
static wasi_errno_t port_list_next(port_listing_t *listing, port_entry_t *entry);
static void port_list_rewind(port_listing_t *listing);
static void port_list_close(port_listing_t *listing);

/* ---- The rest ------------------------------------------------------------------- */

/* WASI_INVAL for a clock that the host does not have. Nanoseconds. */
static wasi_errno_t port_clock(uint32_t clock, uint64_t *time);
static wasi_errno_t port_clock_resolution(uint32_t clock, uint64_t *resolution);

/* A file to wait for, and what became of it. */
typedef struct port_wait {
  port_file_t file;
  bool write; /* to write to it rather than read */
  bool ready;
  bool hangup;
  bool bad;
  uint64_t bytes; /* that can be read */
} port_wait_t;

/* Of one call. */
#define PORT_WAITS_MAX 1024

/* Until a file is ready or `timeout` nanoseconds have passed; UINT64_MAX: for
 * ever. May return early with nothing ready. */
static wasi_errno_t port_wait(port_wait_t *waits, uint32_t count, uint64_t timeout);

/* Of streams that the host passed in. WASI_NOTSOCK if it is none. `how` and `flags`
 * are WASI's. */
static wasi_errno_t port_accept(port_file_t file, port_file_t *accepted);
static wasi_errno_t port_recv(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              uint32_t flags, size_t *done, bool *truncated);
static wasi_errno_t port_send(port_file_t file, const port_buffer_t *buffers, uint32_t count,
                              size_t *done);
static wasi_errno_t port_shutdown(port_file_t file, uint32_t how);

static wasi_errno_t port_random(uint8_t *data, size_t size);
/* "NAME=value", NULL at the end. */
static char **port_environment(void);
static void port_yield(void);

#endif
