/* What hosts in Rust configure a wdn_wasi_t by: host.rs, which has the same structs, knows no
 * layout of wdn_wasi.h. Compiled by build.rs next to wdn_wasi.c. */
#include "wdn_wasi.h"

#include <string.h>

typedef struct wdn_wasi_rs_preopen {
  const char *host;
  const char *guest;
  bool read_only;
} wdn_wasi_rs_preopen_t;

/* What a stream is: nothing, the process's own, or `context` of Rust's. */
enum { RS_NULL, RS_INHERIT, RS_RUST };

typedef struct wdn_wasi_rs_stream {
  uint32_t kind;
  void *context;
} wdn_wasi_rs_stream_t;

typedef struct wdn_wasi_rs_config {
  const char *const *args;
  const char *const *env;
  const wdn_wasi_rs_preopen_t *preopens;
  int64_t (*read)(void *context, uint8_t *data, size_t size);
  int64_t (*write)(void *context, const uint8_t *data, size_t size);
  wdn_wasi_rs_stream_t stdio[3];
  uint64_t max_written;
  uint32_t arg_count;
  uint32_t env_count;
  uint32_t preopen_count;
  uint32_t max_fds;
} wdn_wasi_rs_config_t;

/* As many as a guest gets at once; more are refused, not cut off. */
#define RS_MAX_PREOPENS 64

size_t wdn_wasi_rs_size(void);
const char *wdn_wasi_rs_open(void *wasi, const wdn_wasi_rs_config_t *given);
void wdn_wasi_rs_close(void *wasi);

size_t wdn_wasi_rs_size(void) {
  return sizeof(wdn_wasi_t);
}

static void streams(const wdn_wasi_rs_config_t *given, wdn_wasi_config_t *config) {
  int i;
  for (i = 0; i < 3; i++) {
    wdn_wasi_stream_t *stream = &config->stdio[i];
    switch (given->stdio[i].kind) {
    case RS_INHERIT:
      stream->kind = WDN_WASI_HOST;
      stream->fd = i;
      break;
    case RS_RUST:
      stream->kind = WDN_WASI_CALLBACK;
      stream->context = given->stdio[i].context;
      stream->read = i == 0 ? given->read : NULL;
      stream->write = i == 0 ? NULL : given->write;
      break;
    default:
      stream->kind = WDN_WASI_NULL;
    }
  }
}

/* NULL, or why not. All that `given` points to, but the preopens, stays there while `wasi` is
 * open. */
const char *wdn_wasi_rs_open(void *wasi, const wdn_wasi_rs_config_t *given) {
  wdn_wasi_preopen_t preopens[RS_MAX_PREOPENS];
  wdn_wasi_config_t config;
  wdn_wasi_error_t error;
  uint32_t i;
  memset(&config, 0, sizeof(config));
  memset(preopens, 0, sizeof(preopens));
  if (given->preopen_count > RS_MAX_PREOPENS)
    return "too many directories";
  for (i = 0; i < given->preopen_count; i++) {
    preopens[i].host = given->preopens[i].host;
    preopens[i].guest = given->preopens[i].guest;
    preopens[i].read_only = given->preopens[i].read_only;
  }
  config.args = given->args;
  config.arg_count = given->arg_count;
  config.env = given->env;
  config.env_count = given->env_count;
  config.preopens = preopens;
  config.preopen_count = given->preopen_count;
  config.max_written = given->max_written;
  config.max_fds = given->max_fds;
  streams(given, &config);
  return wdn_wasi_init(wasi, &config, &error) ? NULL : error.message;
}

void wdn_wasi_rs_close(void *wasi) {
  wdn_wasi_destroy(wasi);
}
