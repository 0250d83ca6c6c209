/* WASI preview 1: the one file to compile.
 *
 * address.h turns addresses into pointers, fds.h keeps the descriptors, the files
 * after them hold the functions, by what they are about, and a port does what
 * only the operating system can. Each function decodes everything, checks
 * everything, makes one call to the port, and encodes: nothing half-succeeds. */

/* Before any header of the system: all of its functions, in their 64-bit form. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#ifndef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64
#endif
#ifndef _TIME_BITS
#define _TIME_BITS 64
#endif
#ifndef _DARWIN_C_SOURCE
#define _DARWIN_C_SOURCE
#endif

#include "wdn_wasi.h"
#include "wasi_port.h"
#include "guest.h"
#include "fds.h"

#include "proc.c"
#include "fd.c"
#include "file.c"
#include "dir.c"
#include "resolve.c"
#include "path.c"
#include "poll.c"
#include "sock.c"
#include "snapshot0.c"

#if defined(_WIN32)
#include "port/windows.c"
#else
#include "port/posix.c"
#endif

#define DEFAULT_MAX_FDS 1024

static const fs_t host_fs = {
    port_close,        port_stat,         port_read,          port_write,     port_pread,
    port_pwrite,       port_seek,         port_sync,          port_resize,    port_set_append,
    port_set_times,    port_open_at,      port_enter,         port_stat_at,   port_readlink_at,
    port_set_times_at, port_mkdir_at,     port_unlink_at,     port_rename_at, port_link_at,
    port_symlink_at,   port_open_beneath, port_enter_beneath, port_list,      port_list_next,
    port_list_rewind,  port_list_close,
};

void wdn_wasi_inherit_stdio(wdn_wasi_config_t *config) {
  int fd;
  for (fd = 0; fd < 3; fd++) {
    config->stdio[fd].kind = WDN_WASI_HOST;
    config->stdio[fd].fd = fd;
  }
}

void wdn_wasi_inherit_env(wdn_wasi_config_t *config) {
  char **env = port_environment();
  config->env = (const char *const *)env;
  for (config->env_count = 0; env != NULL && env[config->env_count] != NULL;)
    config->env_count++;
}

static wasi_errno_t add_stdio(wdn_wasi_t *wasi, uint32_t fd, const wdn_wasi_stream_t *stream) {
  fd_t *entry = &wasi->fds[fd];
  wasi_errno_t error;
  entry->stream = (uint8_t)fd;
  entry->fs = &host_fs;
  entry->file = stream->fd;
  if (stream->kind == WDN_WASI_PATH) {
    error = port_open_stream(stream->path, fd != 0, &entry->file);
    if (error != WASI_OK)
      return error;
    entry->owned = true;
  }
  entry->kind = stream->kind == WDN_WASI_NULL                   ? FD_NULL
                : stream->kind == WDN_WASI_HOST || entry->owned ? FD_STREAM
                                                                : FD_CALLS;
  return WASI_OK;
}

static uint64_t now(const void *wasi) {
  uint64_t time = 0;
  return clock_now(wasi, WASI_CLOCK_REALTIME, &time) == WASI_OK ? time : 0;
}

static wasi_errno_t open_preopen(const wdn_wasi_t *wasi, const wdn_wasi_preopen_t *preopen,
                                 fd_t *entry) {
  fs_in_memory_t *memory = (fs_in_memory_t *)preopen->memory;
  fs_guest_t guest;
  if (memory == NULL) {
    entry->fs = &host_fs;
    entry->limited = port_limits_files();
    return port_open_preopen(preopen->host, preopen->fd, &entry->file);
  }
  entry->fs = memory->fs;
  guest.wasi = wasi;
  guest.now = now;
  if (memory->key[0] == 0)
    (void)port_random((uint8_t *)memory->key, sizeof memory->key); /* else it is guessable */
  return memory->open_root(memory, &guest, &entry->file);
}

static wasi_errno_t add_preopen(wdn_wasi_t *wasi, const wdn_wasi_preopen_t *preopen) {
  size_t name_size = strlen(preopen->guest) + 1;
  uint32_t fd;
  fd_t *entry;
  wasi_errno_t error = fd_reserve(wasi, &fd);
  if (error != WASI_OK)
    return error;
  if (name_size > PATH_LIMIT)
    return WASI_NAMETOOLONG;
  entry = &wasi->fds[fd];
  error = open_preopen(wasi, preopen, entry);
  if (error != WASI_OK)
    return error;
  entry->kind = FD_FILE;
  entry->type = WASI_TYPE_DIRECTORY;
  entry->readable = true;
  entry->read_only = preopen->read_only;
  entry->preopen = malloc(name_size);
  if (entry->preopen == NULL)
    return WASI_NOMEM;
  memcpy(entry->preopen, preopen->guest, name_size);
  return WASI_OK;
}

static const char *open_message(wasi_errno_t error, bool directory) {
  switch (error) {
  case WASI_NOENT:
    return directory ? "no such directory" : "no such file";
  case WASI_ISDIR:
    return "is a directory";
  case WASI_NOTDIR:
    return "not a directory";
  case WASI_ACCES:
  case WASI_PERM:
    return "permission denied";
  case WASI_MFILE:
  case WASI_NFILE:
    return "too many open files";
  case WASI_NOMEM:
    return "out of memory";
  case WASI_NAMETOOLONG:
    return "name too long";
  case WASI_LOOP:
    return "too many symbolic links";
  default:
    return "cannot be opened";
  }
}

#define NONE UINT32_MAX

static bool failed(wdn_wasi_t *wasi, wdn_wasi_error_t *error, uint32_t preopen, uint32_t stream,
                   const char *message) {
  wdn_wasi_destroy(wasi);
  if (error != NULL) {
    error->preopen = preopen;
    error->stream = stream;
    error->message = message;
  }
  return false;
}

/* Asks the kernel once, if there is a directory of the host's. */
static bool find_resolver(wdn_wasi_t *wasi) {
  uint32_t fd;
  for (fd = 3;
       fd < wasi->fd_count && (wasi->fds[fd].fs != &host_fs || wasi->fds[fd].kind != FD_FILE);
       fd++) {
  }
  if (fd >= wasi->fd_count || wasi->config.resolver == WDN_WASI_RESOLVE_WALK)
    return true;
  wasi->kernel_resolves = port_has_beneath(wasi->fds[fd].file);
  return wasi->kernel_resolves || wasi->config.resolver != WDN_WASI_RESOLVE_KERNEL;
}

bool wdn_wasi_init(wdn_wasi_t *wasi, const wdn_wasi_config_t *config, wdn_wasi_error_t *error) {
  uint32_t i;
  memset(wasi, 0, sizeof *wasi);
  wasi->config = *config;
  if (wasi->config.max_fds == 0)
    wasi->config.max_fds = DEFAULT_MAX_FDS;
  if (wasi->config.max_fds < 3 || wasi->config.max_fds > INT32_MAX / sizeof(fd_t))
    return failed(wasi, error, NONE, NONE, "the limit of descriptors makes no sense");
  for (i = 0; i < 3; i++) {
    uint32_t fd;
    wasi_errno_t code = fd_reserve(wasi, &fd);
    if (code == WASI_OK)
      code = add_stdio(wasi, fd, &config->stdio[i]);
    if (code != WASI_OK)
      return failed(wasi, error, NONE, i, open_message(code, false));
  }
  for (i = 0; i < config->preopen_count; i++) {
    wasi_errno_t code = add_preopen(wasi, &config->preopens[i]);
    if (code != WASI_OK)
      return failed(wasi, error, i, NONE, open_message(code, true));
  }
  for (i = 0; i < config->socket_count; i++) {
    uint32_t fd;
    if (fd_reserve(wasi, &fd) != WASI_OK)
      return failed(wasi, error, NONE, NONE, "too many sockets");
    wasi->fds[fd].kind = FD_STREAM;
    wasi->fds[fd].fs = &host_fs;
    wasi->fds[fd].file = config->sockets[i];
  }
  if (!find_resolver(wasi))
    return failed(wasi, error, NONE, NONE, "the kernel cannot keep paths below a directory");
  return true;
}

void wdn_wasi_destroy(wdn_wasi_t *wasi) {
  uint32_t fd;
  for (fd = 0; fd < wasi->fd_count; fd++)
    fd_release(wasi, fd);
  free(wasi->fds);
  memset(wasi, 0, sizeof *wasi);
}

void wdn_wasi_attach(wdn_wasi_t *wasi, void *instance, const wdn_module_t *module) {
  uint32_t i;
  wasi->instance = instance;
  wasi->has_memory = false;
  for (i = 0; i < module->export_count; i++) {
    const wdn_export_t *it = &module->exports[i];
    if (it->kind != WDN_MEMORY || it->name.size != 6 || memcmp(it->name.bytes, "memory", 6) != 0)
      continue;
    wasi->has_memory = true;
    wasi->imports_memory = it->imported;
    wasi->memory_slot = it->slot;
  }
}
