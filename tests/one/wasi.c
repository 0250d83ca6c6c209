/* WASI for machines without an operating system.
 * with: wasi
 * options: --memory=static:1k */
#include "app.h"
#include "check.h"
#include "wdn_wasi_one.h"

#include <string.h>

static wdn_wasi_bare_t wasi;
WDN_WASI_ONE(app, wasi)

static char said[32];

static int32_t say(void *host, uint32_t fd, const uint8_t *data, uint32_t size) {
  CHECK(host == said);
  CHECK_EQUAL(fd, 1);
  memcpy(said, data, size < sizeof said ? size : sizeof said - 1);
  return (int32_t)size;
}

static bool chance(void *host, uint8_t *data, uint32_t size) {
  (void)host;
  memset(data, 4, size);
  return true;
}

int main(void) {
  static wdn_wasi_bare_config_t config;
  uint32_t r = 0;
  config.host = said;
  config.write = say;
  config.random = chance;
  wdn_wasi_bare_init(&wasi, &config, NULL, 0);
  wdn_wasi_one_attach(&wasi, &app_one, app_memory_view());
  CHECK_EQUAL(app_init(), WDN_OK);
  CHECK_EQUAL(app_try__start(), WDN_TRAP_EXIT);
  CHECK_EQUAL(app_one.exit_code, 6);
  CHECK(strcmp(said, "hello\n") == 0);
  app_one.state = WDN_READY;
  CHECK_EQUAL(app_try_bad(&r), WDN_OK);
  CHECK_EQUAL(r, 21); /* EFAULT */
  CHECK_EQUAL(app_memory[1023], 0);
  return failures != 0;
}
