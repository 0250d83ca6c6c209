/* Turns a translated module into a command-line program.
 *
 * Compiled in launch.c, with memfs.c, for executables only: unlike the runtime and the WASI
 * library, it reads the command line, prints and decides the exit code. The
 * `main` that calls it is generated with the module, because only the module's
 * header knows its imports by type. */
#ifndef WDN_LAUNCH_H
#define WDN_LAUNCH_H

#include "wdn.h"
#include "wdn_wasi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum wdn_bundled_kind {
  WDN_BUNDLED_FILE,
  WDN_BUNDLED_DIRECTORY,
  WDN_BUNDLED_LINK /* symbolic */
} wdn_bundled_kind_t;

/* Something that is part of the program and looks like a file to the guest. */
typedef struct wdn_bundled {
  wdn_bundled_kind_t kind;
  const char *path; /* below the bundle's root, with slashes */
  const char *data; /* a file's contents, or a link's target */
  size_t size;      /* of a file */
} wdn_bundled_t;

/* A directory of such; the guest can read it, and nobody can change it. */
typedef struct wdn_bundle {
  const char *guest; /* its name for the guest */
  const wdn_bundled_t *files;
  uint32_t count;
} wdn_bundle_t;

/* A module as a program. All of it outlives the call of wdn_launch. */
typedef struct wdn_program {
  const char *file; /* the module's file name, such as "app.wasm", for messages */
  const wdn_module_t *module;
  void *instance; /* module->instance_size bytes */
  /* Fills in the module's imports and instantiates it. `wasi` is the context of
   * everything imported from wasi_snapshot_preview1. */
  wdn_status_t (*instantiate)(void *instance, wdn_wasi_t *wasi, const wdn_config_t *config,
                              wdn_error_t *error);
  const wdn_bundle_t *bundles; /* become preopens, before those of the command line */
  uint32_t bundle_count;
} wdn_program_t;

/* Runs the program and returns the process's exit code: the guest's own, 134
 * for a trap, 2 for a command line that makes no sense, 1 for anything else
 * that keeps the guest from running. */
int wdn_launch(const wdn_program_t *program, int argc, char **argv);

/* The body of a generated stub for an import that nothing defines: ends the
 * guest with WDN_TRAP_UNRESOLVED_IMPORT. Never returns. The names are kept,
 * not copied. */
void wdn_launch_unresolved(void *instance, const char *module, const char *name);

#ifdef __cplusplus
}
#endif

#endif
