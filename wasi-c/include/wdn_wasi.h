/* WASI preview 1 for translated modules: the system interface of programs that
 * were compiled to wasm32-wasip1. C and C++.
 *
 * One wdn_wasi_t serves one instance and grants exactly what its configuration
 * names. Nothing here prints, exits or keeps process-wide state; a guest that
 * passes nonsense gets an error number. Link wdn_wasi.c,
 * and on Windows -lntdll.
 *
 *   wdn_wasi_config_t config = {0};
 *   wdn_wasi_t wasi;
 *   wdn_wasi_inherit_stdio(&config);
 *   if (wdn_wasi_init(&wasi, &config, &error)) {
 *     wdn_wasi_attach(&wasi, &app, &app_module);
 *     imports.wasi_snapshot_preview1 = &wasi;
 *     imports.wasi_snapshot_preview1_fd_write = wdn_wasi_fd_write; ... */
#ifndef WDN_WASI_H
#define WDN_WASI_H

#include "wdn.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What a guest is granted ---------------------------------------------- */

typedef enum wdn_wasi_stream_kind {
  WDN_WASI_NULL,    /* reads end at once, writes vanish */
  WDN_WASI_HOST,    /* a descriptor of the host */
  WDN_WASI_PATH,    /* a file of the host: 0 is read from it, 1 and 2 are appended to it */
  WDN_WASI_BUFFER,  /* bytes in memory */
  WDN_WASI_CALLBACK /* functions of the host */
} wdn_wasi_stream_kind_t;

/* Bytes to be read from `used` on, or written there, up to `size`: more is refused
 * with "no space". Belongs to the host. */
typedef struct wdn_wasi_buffer {
  uint8_t *data;
  size_t size;
  size_t used;
} wdn_wasi_buffer_t;

/* What one of the descriptors 0, 1 and 2 is. */
typedef struct wdn_wasi_stream {
  wdn_wasi_stream_kind_t kind;
  int fd;           /* of WDN_WASI_HOST; stays the host's, and open while the guest runs */
  const char *path; /* of WDN_WASI_PATH; what is written to is made, and emptied first */
  wdn_wasi_buffer_t *buffer;
  /* Of WDN_WASI_CALLBACK. Must not run the guest, whose memory could move. Move up to `size` bytes
   * and return how many, 0 at the end, or one of WASI's error numbers, negative. NULL: as if it was
   * not open for that. */
  int64_t (*read)(void *context, uint8_t *data, size_t size);
  int64_t (*write)(void *context, const uint8_t *data, size_t size);
  void *context;
} wdn_wasi_stream_t;

struct wdn_wasi_memfs; /* a file system in memory: wdn_wasi_memfs.h */

/* A directory that the guest sees under a name of its own. Only files and directories
 * below it are for guests: a device, a pipe or a socket is refused with EPERM, at the
 * latest when the guest first uses it, and until then it may be open, but nothing else. */
typedef struct wdn_wasi_preopen {
  const char *host;  /* the directory's path; NULL: `fd` */
  int fd;            /* a directory; stays the host's and is not used after wdn_wasi_init */
  const char *guest; /* such as "/" or "data" */
  bool read_only;    /* nothing below it can be changed through this preopen */
  struct wdn_wasi_memfs *memory; /* not of the host, but the root of this one */
} wdn_wasi_preopen_t;

/* How paths are kept below their directory. Both ways are equally strict. */
typedef enum wdn_wasi_resolver {
  WDN_WASI_RESOLVE_AUTO,   /* by the kernel where it can */
  WDN_WASI_RESOLVE_KERNEL, /* by the kernel, or wdn_wasi_init fails */
  WDN_WASI_RESOLVE_WALK    /* one component after the other */
} wdn_wasi_resolver_t;

/* Zeroed, it grants clocks and random numbers. Everything it points to stays as
 * it is while the guest runs, except the preopens. */
typedef struct wdn_wasi_config {
  const char *const *args; /* the program's name first */
  uint32_t arg_count;
  const char *const *env; /* "NAME=value" */
  uint32_t env_count;
  wdn_wasi_stream_t stdio[3];
  const wdn_wasi_preopen_t *preopens; /* become descriptors from 3 on */
  uint32_t preopen_count;
  const int *sockets; /* listening or connected; become descriptors after the preopens */
  uint32_t socket_count;
  uint32_t max_fds;     /* that the guest may have open; 0: 1024 */
  uint64_t max_written; /* bytes to all files and streams, and of files' growth; 0: any */
  uint64_t clock_step;  /* nanoseconds that clocks and files' times are rounded down to; 0: none */
  /* In place of the system's, for hosts whose guests are to see the same every time.
   * False if there is no such clock, or no random number. NULL: the system's. */
  bool (*clock)(void *context, uint32_t id, uint64_t *nanoseconds);
  bool (*random)(void *context, uint8_t *data, size_t size);
  void *context;
  wdn_wasi_resolver_t resolver;
} wdn_wasi_config_t;

/* Descriptors 0, 1 and 2 become those of the process. */
void wdn_wasi_inherit_stdio(wdn_wasi_config_t *config);
/* The environment becomes that of the process, which nobody may change meanwhile. */
void wdn_wasi_inherit_env(wdn_wasi_config_t *config);

/* Why a wdn_wasi_t could not be made. */
typedef struct wdn_wasi_error {
  uint32_t preopen;    /* index of the one at fault, or UINT32_MAX */
  uint32_t stream;     /* the same of `stdio` */
  const char *message; /* such as "not a directory"; static */
} wdn_wasi_error_t;

struct wdn_wasi_fd;

/* The state of one guest's system interface. Its members belong to the library. */
typedef struct wdn_wasi {
  wdn_wasi_config_t config;
  struct wdn_wasi_fd *fds;
  uint32_t fd_count;  /* entries of `fds` */
  uint32_t lowest_fd; /* no entry below is free */
  uint64_t written;   /* bytes, of config.max_written */
  bool kernel_resolves;
  bool has_memory;
  bool imports_memory;
  size_t memory_slot; /* of the memory in the instance, as in wdn_export_t */
  void *instance;
} wdn_wasi_t;

/* Opens the preopens. On failure nothing is left open or allocated. `error` may
 * be NULL. One thread at a time uses a wdn_wasi_t. */
bool wdn_wasi_init(wdn_wasi_t *wasi, const wdn_wasi_config_t *config, wdn_wasi_error_t *error);
void wdn_wasi_destroy(wdn_wasi_t *wasi);

/* Says whose exported memory, named "memory", the guest's addresses mean. Before
 * `instance` is made; without such a memory every address is bad. */
void wdn_wasi_attach(wdn_wasi_t *wasi, void *instance, const wdn_module_t *module);

/* ---- The functions of wasi_snapshot_preview1 ------------------------------- */

/* To be bound as imports, with the wdn_wasi_t as their context. They return
 * WASI's error numbers. In the specification's order and terms. */

uint32_t wdn_wasi_args_get(void *wasi, uint32_t argv, uint32_t argv_buf);
uint32_t wdn_wasi_args_sizes_get(void *wasi, uint32_t count, uint32_t buf_size);
uint32_t wdn_wasi_environ_get(void *wasi, uint32_t environ_, uint32_t environ_buf);
uint32_t wdn_wasi_environ_sizes_get(void *wasi, uint32_t count, uint32_t buf_size);
uint32_t wdn_wasi_clock_res_get(void *wasi, uint32_t id, uint32_t resolution);
uint32_t wdn_wasi_clock_time_get(void *wasi, uint32_t id, uint64_t precision, uint32_t time);
uint32_t wdn_wasi_fd_advise(void *wasi, uint32_t fd, uint64_t offset, uint64_t len,
                            uint32_t advice);
uint32_t wdn_wasi_fd_allocate(void *wasi, uint32_t fd, uint64_t offset, uint64_t len);
uint32_t wdn_wasi_fd_close(void *wasi, uint32_t fd);
uint32_t wdn_wasi_fd_datasync(void *wasi, uint32_t fd);
uint32_t wdn_wasi_fd_fdstat_get(void *wasi, uint32_t fd, uint32_t stat);
uint32_t wdn_wasi_fd_fdstat_set_flags(void *wasi, uint32_t fd, uint32_t flags);
uint32_t wdn_wasi_fd_fdstat_set_rights(void *wasi, uint32_t fd, uint64_t rights,
                                       uint64_t rights_inheriting);
uint32_t wdn_wasi_fd_filestat_get(void *wasi, uint32_t fd, uint32_t stat);
uint32_t wdn_wasi_fd_filestat_set_size(void *wasi, uint32_t fd, uint64_t size);
uint32_t wdn_wasi_fd_filestat_set_times(void *wasi, uint32_t fd, uint64_t atime, uint64_t mtime,
                                        uint32_t flags);
uint32_t wdn_wasi_fd_pread(void *wasi, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                           uint64_t offset, uint32_t size);
uint32_t wdn_wasi_fd_prestat_get(void *wasi, uint32_t fd, uint32_t stat);
uint32_t wdn_wasi_fd_prestat_dir_name(void *wasi, uint32_t fd, uint32_t path, uint32_t path_size);
uint32_t wdn_wasi_fd_pwrite(void *wasi, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint64_t offset, uint32_t size);
uint32_t wdn_wasi_fd_read(void *wasi, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                          uint32_t size);
uint32_t wdn_wasi_fd_readdir(void *wasi, uint32_t fd, uint32_t buf, uint32_t buf_size,
                             uint64_t cookie, uint32_t size);
uint32_t wdn_wasi_fd_renumber(void *wasi, uint32_t from, uint32_t to);
uint32_t wdn_wasi_fd_seek(void *wasi, uint32_t fd, uint64_t offset, uint32_t whence,
                          uint32_t position);
uint32_t wdn_wasi_fd_sync(void *wasi, uint32_t fd);
uint32_t wdn_wasi_fd_tell(void *wasi, uint32_t fd, uint32_t position);
uint32_t wdn_wasi_fd_write(void *wasi, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                           uint32_t size);
uint32_t wdn_wasi_path_create_directory(void *wasi, uint32_t fd, uint32_t path, uint32_t path_size);
uint32_t wdn_wasi_path_filestat_get(void *wasi, uint32_t fd, uint32_t lookup, uint32_t path,
                                    uint32_t path_size, uint32_t stat);
uint32_t wdn_wasi_path_filestat_set_times(void *wasi, uint32_t fd, uint32_t lookup, uint32_t path,
                                          uint32_t path_size, uint64_t atime, uint64_t mtime,
                                          uint32_t flags);
uint32_t wdn_wasi_path_link(void *wasi, uint32_t fd, uint32_t lookup, uint32_t old_path,
                            uint32_t old_path_size, uint32_t new_fd, uint32_t new_path,
                            uint32_t new_path_size);
uint32_t wdn_wasi_path_open(void *wasi, uint32_t fd, uint32_t lookup, uint32_t path,
                            uint32_t path_size, uint32_t oflags, uint64_t rights,
                            uint64_t rights_inheriting, uint32_t fdflags, uint32_t opened);
uint32_t wdn_wasi_path_readlink(void *wasi, uint32_t fd, uint32_t path, uint32_t path_size,
                                uint32_t buf, uint32_t buf_size, uint32_t size);
uint32_t wdn_wasi_path_remove_directory(void *wasi, uint32_t fd, uint32_t path, uint32_t path_size);
uint32_t wdn_wasi_path_rename(void *wasi, uint32_t fd, uint32_t old_path, uint32_t old_path_size,
                              uint32_t new_fd, uint32_t new_path, uint32_t new_path_size);
uint32_t wdn_wasi_path_symlink(void *wasi, uint32_t target, uint32_t target_size, uint32_t fd,
                               uint32_t path, uint32_t path_size);
uint32_t wdn_wasi_path_unlink_file(void *wasi, uint32_t fd, uint32_t path, uint32_t path_size);
uint32_t wdn_wasi_poll_oneoff(void *wasi, uint32_t subscriptions, uint32_t events,
                              uint32_t subscription_count, uint32_t event_count);
void wdn_wasi_proc_exit(void *wasi, uint32_t code);
uint32_t wdn_wasi_proc_raise(void *wasi, uint32_t signal);
uint32_t wdn_wasi_random_get(void *wasi, uint32_t buf, uint32_t buf_size);
uint32_t wdn_wasi_sched_yield(void *wasi);
uint32_t wdn_wasi_sock_accept(void *wasi, uint32_t fd, uint32_t flags, uint32_t accepted);
uint32_t wdn_wasi_sock_recv(void *wasi, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint32_t flags, uint32_t size, uint32_t out_flags);
uint32_t wdn_wasi_sock_send(void *wasi, uint32_t fd, uint32_t iovs, uint32_t iov_count,
                            uint32_t flags, uint32_t size);
uint32_t wdn_wasi_sock_shutdown(void *wasi, uint32_t fd, uint32_t how);

/* ---- The functions of wasi_unstable ----------------------------------------- */

/* Where the version before preview 1 differs; its other functions are those above.
 * It has no sock_accept. */

uint32_t wdn_wasi0_fd_filestat_get(void *wasi, uint32_t fd, uint32_t stat);
uint32_t wdn_wasi0_fd_seek(void *wasi, uint32_t fd, uint64_t offset, uint32_t whence,
                           uint32_t position);
uint32_t wdn_wasi0_path_filestat_get(void *wasi, uint32_t fd, uint32_t lookup, uint32_t path,
                                     uint32_t path_size, uint32_t stat);
uint32_t wdn_wasi0_poll_oneoff(void *wasi, uint32_t subscriptions, uint32_t events,
                               uint32_t subscription_count, uint32_t event_count);

#ifdef __cplusplus
}
#endif

#endif
