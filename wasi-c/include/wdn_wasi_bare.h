/* WASI preview 1 for machines without an operating system. C and C++.
 *
 * The functions are those of wdn_wasi.h, with a wdn_wasi_bare_t as their context:
 * compile src/bare/wdn_wasi_bare.c in place of src/wdn_wasi.c. It needs no C
 * library but mem*, allocates nothing and keeps nothing outside of wdn_wasi_bare_t.
 * What a guest can do is what the callbacks do; its files are an array of
 * constants, which may stay in flash. Each function is linked only if used; compiled
 * with WDN_WASI_BARE_NO_FILES they are smaller, and there are no files.
 *
 *   static const wdn_wasi_bare_config_t config = {.write = uart_write};
 *   wdn_wasi_bare_init(&wasi, &config, NULL, 0);
 *   wdn_wasi_bare_attach(&wasi, &app, &app_module);
 *   imports.wasi_snapshot_preview1 = &wasi;
 *   imports.wasi_snapshot_preview1_fd_write = wdn_wasi_fd_write; ... */
#ifndef WDN_WASI_BARE_H
#define WDN_WASI_BARE_H

#include "wdn_wasi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A file that the guest can read. */
typedef struct wdn_wasi_rom_file {
  const char *path; /* such as "etc/motd"; one that ends with a slash is an empty directory */
  const uint8_t *data;
  uint32_t size;
} wdn_wasi_rom_file_t;

/* What a guest is granted. Zeroed, it is nothing: writes vanish, reads end at once,
 * and there is no clock and no random number. Callbacks run while the guest waits;
 * they must not call it, nor make its memory grow. */
typedef struct wdn_wasi_bare_config {
  const char *const *args; /* the program's name first */
  uint32_t arg_count;
  const char *const *env; /* "NAME=value" */
  uint32_t env_count;

  void *host; /* the first argument of the callbacks */
  /* Move up to `size` bytes of descriptor 1 or 2, and 0. How many, 0 at the end, or
   * the negative of one of WASI's error numbers, such as -29 for a broken device. */
  int32_t (*write)(void *host, uint32_t fd, const uint8_t *data, uint32_t size);
  int32_t (*read)(void *host, uint32_t fd, uint8_t *data, uint32_t size);
  /* Clock 0 counts from 1970, clock 1 from any time. False if there is no such clock. */
  bool (*clock)(void *host, uint32_t id, uint64_t *nanoseconds);
  uint64_t clock_resolution; /* nanoseconds; 0: 1 */
  /* Unpredictable bytes, or false if there are none. */
  bool (*random)(void *host, uint8_t *data, uint32_t size);
  /* Returns when that many nanoseconds have passed; UINT64_MAX: never, or when it
   * is pointless to go on waiting. */
  void (*sleep)(void *host, uint64_t nanoseconds);
  /* Told of proc_exit. If it returns, or is NULL, the guest ends with WDN_TRAP_EXIT. */
  void (*exit)(void *host, uint32_t code);

  const wdn_wasi_rom_file_t *rom; /* by ascending paths, as memcmp orders them */
  uint32_t rom_count;
  const char *rom_name; /* of their directory for the guest; NULL: "/" */
} wdn_wasi_bare_config_t;

/* An open file. Its members belong to the library. */
typedef struct wdn_wasi_bare_file {
  uint32_t entry;
  uint32_t path_size;
  uint64_t position;
} wdn_wasi_bare_file_t;

/* The state of one guest's system interface. Its members belong to the library,
 * except that a host may set `memory` and `instance` rather than attach them. */
typedef struct wdn_wasi_bare {
  const wdn_wasi_bare_config_t *config;
  const wdn_memory_t *memory; /* that the guest's addresses mean */
  void *instance;             /* that proc_exit ends, by `end` or, if NULL, by wdn_exit */
  void (*end)(void *instance, int32_t code);
  wdn_wasi_bare_file_t *files;
  uint32_t file_count;
  uint32_t closed; /* a bit for each of the descriptors 0, 1 and 2 */
} wdn_wasi_bare_t;

/* `files` is room for what the guest can have open; its files begin with the
 * directory of the ROM. NULL and 0: there are no files. Everything stays the host's. */
void wdn_wasi_bare_init(wdn_wasi_bare_t *wasi, const wdn_wasi_bare_config_t *config,
                        wdn_wasi_bare_file_t *files, uint32_t file_count);

/* Says whose exported memory, named "memory", the guest's addresses mean; it may be
 * made later. For a module that imports its memory, set `memory` and `instance`. */
void wdn_wasi_bare_attach(wdn_wasi_bare_t *wasi, void *instance, const wdn_module_t *module);

/* What is wrong with the paths of the ROM, or NULL: for the host's tests. Unless it is
 * NULL, some files cannot be found; nothing worse happens. */
const char *wdn_wasi_bare_check(const wdn_wasi_bare_config_t *config);

#ifdef __cplusplus
}
#endif

#endif
