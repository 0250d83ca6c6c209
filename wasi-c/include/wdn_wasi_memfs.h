/* A file system in memory for guests of WASI: nothing of it ever reaches the host's.
 * C and C++. Compile memfs.c, besides wdn_wasi.c.
 *
 *   wdn_wasi_memfs_t *files = wdn_wasi_memfs_create(NULL);
 *   wdn_wasi_memfs_add_file(files, "etc/motd", text, size, WDN_WASI_MEMFS_COPY);
 *   preopen.memory = files;
 *   preopen.guest = "/";
 *
 * It outlives the guests that have it open, and may serve several, at the same time
 * only in one thread. */
#ifndef WDN_WASI_MEMFS_H
#define WDN_WASI_MEMFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct wdn_wasi_memfs wdn_wasi_memfs_t;

/* What it may take. Zeroed, it is all defaults. */
typedef struct wdn_wasi_memfs_limits {
  uint64_t max_size;  /* bytes for contents, names and bookkeeping; 0: 64 MiB */
  uint32_t max_nodes; /* files, directories and links; 0: 65,536 */
} wdn_wasi_memfs_limits_t;

/* An empty one; NULL if there is no memory. `limits` may be NULL. */
wdn_wasi_memfs_t *wdn_wasi_memfs_create(const wdn_wasi_memfs_limits_t *limits);
/* No guest has a file of it open any more. NULL is fine. */
void wdn_wasi_memfs_destroy(wdn_wasi_memfs_t *files);

typedef enum wdn_wasi_memfs_data {
  WDN_WASI_MEMFS_COPY,  /* the bytes are copied, and count towards the limit */
  WDN_WASI_MEMFS_REFER, /* they stay where they are, constant, as long as the file
                           system: a guest that writes to the file gets a copy */
} wdn_wasi_memfs_data_t;

/* Add what a guest is to find. Paths are relative to the root, with slashes, without
 * "." and ".."; directories on the way are made. False if the path makes no sense, is
 * taken, or a limit is reached. A target of a link may be anything. What a host adds is
 * dated 1970. */
bool wdn_wasi_memfs_add_directory(wdn_wasi_memfs_t *files, const char *path);
bool wdn_wasi_memfs_add_file(wdn_wasi_memfs_t *files, const char *path, const void *data,
                             size_t size, wdn_wasi_memfs_data_t how);
bool wdn_wasi_memfs_add_link(wdn_wasi_memfs_t *files, const char *path, const char *target);

/* The contents of a file, until anything changes; NULL if there is no such file. A
 * path as above; links are not followed. */
const uint8_t *wdn_wasi_memfs_contents(wdn_wasi_memfs_t *files, const char *path, size_t *size);

typedef enum wdn_wasi_memfs_kind {
  WDN_WASI_MEMFS_FILE,
  WDN_WASI_MEMFS_DIRECTORY,
  WDN_WASI_MEMFS_LINK
} wdn_wasi_memfs_kind_t;

/* Told of a name in a directory, which is gone afterwards. Changes no files. */
typedef void (*wdn_wasi_memfs_each_t)(void *context, const char *name, wdn_wasi_memfs_kind_t kind);

/* Lists a directory, the oldest names first; "" is the root. False if there is none. */
bool wdn_wasi_memfs_list(wdn_wasi_memfs_t *files, const char *path, wdn_wasi_memfs_each_t each,
                         void *context);

/* Bytes in use, of those that the limit is about. */
uint64_t wdn_wasi_memfs_size(const wdn_wasi_memfs_t *files);

#ifdef __cplusplus
}
#endif

#endif
