/* A firmware that runs one guest: its streams are the emulator's, its files are
 * constants, its clock is the board's. Ends with the guest's exit code, or 134. */
#include "board.h"

#include "app.h"
#include "wdn_try.h"
#include "wdn_wasi_bare.h"
#include "bindings.h" /* static void bind(app_imports_t *): every import that the guest has */

static int32_t console_write(void *host, uint32_t fd, const uint8_t *data, uint32_t size) {
  (void)host;
  (void)fd;
  board_write(data, size);
  return (int32_t)size;
}

static int32_t console_read(void *host, uint32_t fd, uint8_t *data, uint32_t size) {
  static const char input[] = "typed in\n";
  static uint32_t used;
  uint32_t i;
  (void)host;
  (void)fd;
  for (i = 0; i < size && used + 1 < sizeof input; i++)
    data[i] = (uint8_t)input[used++];
  return (int32_t)i;
}

static bool read_clock(void *host, uint32_t id, uint64_t *nanoseconds) {
  (void)host;
  *nanoseconds =
      id == 0 ? (uint64_t)board_time() * 1000000000u : (uint64_t)board_clock() * 10000000u;
  return id < 2;
}

/* Good enough for a test, and for nothing else. */
static bool fill_random(void *host, uint8_t *data, uint32_t size) {
  static uint32_t state = 2463534242u;
  (void)host;
  while (size-- > 0) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    *data++ = (uint8_t)state;
  }
  return true;
}

static void sleep_for(void *host, uint64_t nanoseconds) {
  uint64_t start, now;
  (void)read_clock(host, 1, &start);
  do
    (void)read_clock(host, 1, &now);
  while (now - start < nanoseconds);
}

static const uint8_t motd[] = {'w', 'e', 'l', 'c', 'o', 'm', 'e', '\n'};
static const uint8_t table[1000] = {7, 8, 9};
static const wdn_wasi_rom_file_t rom[] = {
    {"data/table.bin", table, sizeof table},
    {"data/unused/", NULL, 0},
    {"motd", motd, sizeof motd},
};

static const char *const args[] = {"guest", "one", "two words"};
static const char *const env[] = {"BOARD=emulated"};

static const wdn_wasi_bare_config_t config = {
    .args = args,
    .arg_count = 3,
    .env = env,
    .env_count = 1,
    .write = console_write,
    .read = console_read,
    .clock = read_clock,
    .clock_resolution = 10000000,
    .random = fill_random,
    .sleep = sleep_for,
    .rom = rom,
    .rom_count = sizeof rom / sizeof *rom,
};

static app_t app;

int main(void) {
  static wdn_wasi_bare_t wasi;
  static wdn_wasi_bare_file_t files[6];
  static app_imports_t imports;
  wdn_error_t error;
  wdn_trap_t trap;
  wdn_wasi_bare_init(&wasi, &config, files, 6);
  wdn_wasi_bare_attach(&wasi, &app, &app_module);
  bind(&imports);
  imports.wasi_snapshot_preview1 = &wasi;
  if (app_instantiate(&app, &imports, NULL, &error) != WDN_DONE) {
    board_print(error.message);
    return 1;
  }
  WDN_TRY(trap, &app, app__start(&app));
  if (trap == WDN_TRAP_EXIT)
    return (int)app.wdn.store->trap.exit_code;
  if (trap == WDN_OK)
    return 0;
  board_print(wdn_trap_message(trap));
  return 134;
}
