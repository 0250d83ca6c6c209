/* The kernels in a sandbox of which there is one. */
#include "app.h"

#define RUN(kernel, rounds) app_##kernel(rounds)

static void begin(void (*body)(void *arg)) {
  if (app_init() != WDN_OK)
    board_exit(1);
  if (wdn_one_try(&app_one, body, NULL) != WDN_OK)
    board_exit(2);
}
