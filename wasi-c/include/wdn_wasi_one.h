/* WASI preview 1 for a module of one instance on a machine without an operating system:
 * the imported functions of a module that was translated with --instances=one. C only.
 *
 *   static wdn_wasi_bare_t wasi;
 *   WDN_WASI_ONE(app, wasi)
 *   ...
 *   wdn_wasi_bare_init(&wasi, &config, NULL, 0);
 *   wdn_wasi_one_attach(&wasi, &app_one, app_memory_view());
 *
 * defines them all for the module `app`; compile that file with -ffunction-sections and
 * link with --gc-sections, so that those that it does not import cost nothing. A function
 * alone is WDN_WASI_ONE_iiii(app, wasi, fd_write): the letters are its parameters, `I`
 * those of 64 bits. */
#ifndef WDN_WASI_ONE_H
#define WDN_WASI_ONE_H

#include "wdn_one.h"
#include "wdn_wasi_bare.h"

/* Says whose memory the guest's addresses mean, and what proc_exit ends. */
static inline void wdn_wasi_one_attach(wdn_wasi_bare_t *wasi, wdn_one_t *one,
                                       const wdn_memory_t *memory) {
  wasi->memory = memory;
  wasi->instance = one;
  wasi->end = wdn_one_end;
}

/* clang-format off */
#define WDN_WASI_ONE_i(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a) { \
    return wdn_wasi_##name(&(wasi), a); \
  }
#define WDN_WASI_ONE_iI(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b) { \
    return wdn_wasi_##name(&(wasi), a, b); \
  }
#define WDN_WASI_ONE_ii(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b) { \
    return wdn_wasi_##name(&(wasi), a, b); \
  }
#define WDN_WASI_ONE_iII(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b, uint64_t c); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b, uint64_t c) { \
    return wdn_wasi_##name(&(wasi), a, b, c); \
  }
#define WDN_WASI_ONE_iIi(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b, uint32_t c); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b, uint32_t c) { \
    return wdn_wasi_##name(&(wasi), a, b, c); \
  }
#define WDN_WASI_ONE_iii(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c) { \
    return wdn_wasi_##name(&(wasi), a, b, c); \
  }
#define WDN_WASI_ONE_iIIi(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b, uint64_t c, uint32_t d); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b, uint64_t c, uint32_t d) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d); \
  }
#define WDN_WASI_ONE_iIii(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b, uint32_t c, uint32_t d); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint64_t b, uint32_t c, uint32_t d) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d); \
  }
#define WDN_WASI_ONE_iiii(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d); \
  }
#define WDN_WASI_ONE_iiiIi(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint64_t d, uint32_t e); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint64_t d, uint32_t e) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d, e); \
  }
#define WDN_WASI_ONE_iiiii(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d, e); \
  }
#define WDN_WASI_ONE_iiiiii(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d, e, f); \
  }
#define WDN_WASI_ONE_iiiiIIi(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint64_t e, uint64_t f, uint32_t g); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint64_t e, uint64_t f, uint32_t g) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d, e, f, g); \
  }
#define WDN_WASI_ONE_iiiiiii(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f, uint32_t g); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f, uint32_t g) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d, e, f, g); \
  }
#define WDN_WASI_ONE_iiiiiIIii(app, wasi, name) \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint64_t f, uint64_t g, uint32_t h, uint32_t i); \
  uint32_t app##_wasi_snapshot_preview1_##name(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint64_t f, uint64_t g, uint32_t h, uint32_t i) { \
    return wdn_wasi_##name(&(wasi), a, b, c, d, e, f, g, h, i); \
  }
#define WDN_WASI_ONE_proc_exit(app, wasi) \
  void app##_wasi_snapshot_preview1_proc_exit(uint32_t code); \
  void app##_wasi_snapshot_preview1_proc_exit(uint32_t code) { \
    wdn_wasi_proc_exit(&(wasi), code); \
  }
#define WDN_WASI_ONE_sched_yield(app, wasi) \
  uint32_t app##_wasi_snapshot_preview1_sched_yield(void); \
  uint32_t app##_wasi_snapshot_preview1_sched_yield(void) { \
    return wdn_wasi_sched_yield(&(wasi)); \
  }

#define WDN_WASI_ONE(app, wasi) \
  WDN_WASI_ONE_ii(app, wasi, args_get) \
  WDN_WASI_ONE_ii(app, wasi, args_sizes_get) \
  WDN_WASI_ONE_ii(app, wasi, environ_get) \
  WDN_WASI_ONE_ii(app, wasi, environ_sizes_get) \
  WDN_WASI_ONE_ii(app, wasi, clock_res_get) \
  WDN_WASI_ONE_iIi(app, wasi, clock_time_get) \
  WDN_WASI_ONE_iIIi(app, wasi, fd_advise) \
  WDN_WASI_ONE_iII(app, wasi, fd_allocate) \
  WDN_WASI_ONE_i(app, wasi, fd_close) \
  WDN_WASI_ONE_i(app, wasi, fd_datasync) \
  WDN_WASI_ONE_ii(app, wasi, fd_fdstat_get) \
  WDN_WASI_ONE_ii(app, wasi, fd_fdstat_set_flags) \
  WDN_WASI_ONE_iII(app, wasi, fd_fdstat_set_rights) \
  WDN_WASI_ONE_ii(app, wasi, fd_filestat_get) \
  WDN_WASI_ONE_iI(app, wasi, fd_filestat_set_size) \
  WDN_WASI_ONE_iIIi(app, wasi, fd_filestat_set_times) \
  WDN_WASI_ONE_iiiIi(app, wasi, fd_pread) \
  WDN_WASI_ONE_ii(app, wasi, fd_prestat_get) \
  WDN_WASI_ONE_iii(app, wasi, fd_prestat_dir_name) \
  WDN_WASI_ONE_iiiIi(app, wasi, fd_pwrite) \
  WDN_WASI_ONE_iiii(app, wasi, fd_read) \
  WDN_WASI_ONE_iiiIi(app, wasi, fd_readdir) \
  WDN_WASI_ONE_ii(app, wasi, fd_renumber) \
  WDN_WASI_ONE_iIii(app, wasi, fd_seek) \
  WDN_WASI_ONE_i(app, wasi, fd_sync) \
  WDN_WASI_ONE_ii(app, wasi, fd_tell) \
  WDN_WASI_ONE_iiii(app, wasi, fd_write) \
  WDN_WASI_ONE_iii(app, wasi, path_create_directory) \
  WDN_WASI_ONE_iiiii(app, wasi, path_filestat_get) \
  WDN_WASI_ONE_iiiiIIi(app, wasi, path_filestat_set_times) \
  WDN_WASI_ONE_iiiiiii(app, wasi, path_link) \
  WDN_WASI_ONE_iiiiiIIii(app, wasi, path_open) \
  WDN_WASI_ONE_iiiiii(app, wasi, path_readlink) \
  WDN_WASI_ONE_iii(app, wasi, path_remove_directory) \
  WDN_WASI_ONE_iiiiii(app, wasi, path_rename) \
  WDN_WASI_ONE_iiiii(app, wasi, path_symlink) \
  WDN_WASI_ONE_iii(app, wasi, path_unlink_file) \
  WDN_WASI_ONE_iiii(app, wasi, poll_oneoff) \
  WDN_WASI_ONE_i(app, wasi, proc_raise) \
  WDN_WASI_ONE_ii(app, wasi, random_get) \
  WDN_WASI_ONE_iii(app, wasi, sock_accept) \
  WDN_WASI_ONE_iiiiii(app, wasi, sock_recv) \
  WDN_WASI_ONE_iiiii(app, wasi, sock_send) \
  WDN_WASI_ONE_ii(app, wasi, sock_shutdown) \
  WDN_WASI_ONE_proc_exit(app, wasi) \
  WDN_WASI_ONE_sched_yield(app, wasi)
/* clang-format on */

#endif
