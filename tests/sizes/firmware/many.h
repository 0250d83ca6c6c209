/* The kernels in a sandbox of which there may be many. */
#include "app.h"

static app_t app;

#define RUN(kernel, rounds) app_##kernel(&app, rounds)

static void begin(void (*body)(void *arg)) {
  if (app_instantiate(&app, NULL, NULL, NULL) != WDN_DONE)
    board_exit(1);
  if (wdn_try(&app, body, NULL) != WDN_OK)
    board_exit(2);
}
