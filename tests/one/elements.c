/* Elements of arrays, up to the end of the memory and beyond.
 * options: --memory=static:1000 */
#include "app.h"
#include "check.h"

#include <string.h>

static uint32_t read(uint32_t from) {
  const uint8_t *p = app_memory + from;
  return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void fill(void) {
  uint32_t i;
  app_one.state = WDN_READY;
  for (i = 0; i < sizeof app_memory; i++)
    app_memory[i] = (uint8_t)(i * 7 + i / 50 + 1);
}

static void put(uint32_t i) {
  uint32_t x = (i & 127) * 8;
  fill();
  if (x + 264 > 1000) {
    CHECK_EQUAL(app_try_put(i, 0x12345678), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
    return;
  }
  CHECK_EQUAL(app_try_put(i, 0x12345678), x + 266 > 1000 ? WDN_TRAP_MEMORY_OUT_OF_BOUNDS : WDN_OK);
  if (x + 266 <= 1000) {
    CHECK_EQUAL(read(x + 260), 0x12345678);
    CHECK_EQUAL(read(x + 262) >> 16, 0x5678);
  }
}

static void any(void) {
  uint32_t r = 0;
  fill();
  CHECK_EQUAL(app_try_any(20, &r), WDN_OK);
  CHECK_EQUAL(r, read(912) + read(916));
  /* Here the sums wrap. */
  CHECK_EQUAL(699733u * 699733u + 512u, 57);
  CHECK_EQUAL(app_try_any(699733, &r), WDN_OK);
  CHECK_EQUAL(r, read(57) + read(61));
  CHECK_EQUAL(app_try_any(22, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
}

int main(void) {
  uint32_t i, r = 0;
  CHECK_EQUAL(app_init(), WDN_OK);
  for (i = 0; i < 300; i++) {
    fill();
    CHECK_EQUAL(app_try_pair(i, &r), WDN_OK);
    CHECK_EQUAL(r, read((i & 63) * 8 + 400) + read((i & 63) * 8 + 404));
    put(i);
  }
  fill();
  for (i = 0; i < 1000 - 134; i++) {
    CHECK_EQUAL(app_try_most(i, &r), WDN_OK);
    CHECK_EQUAL(r, app_memory[i + 134]);
  }
  CHECK_EQUAL(app_try_most(i, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  fill();
  CHECK_EQUAL(app_try_most(UINT32_MAX, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  any();
  fill();
  CHECK_EQUAL(app_try_far(1, &r), WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  fill();
  memset(app_memory + 300, 0, 128);
  for (i = 0; i < 20; i++) {
    CHECK_EQUAL(app_try_find(100 + i % 16, 40, &r), WDN_OK);
    CHECK_EQUAL(r, i / 16 + 1);
  }
  CHECK_EQUAL(app_try_find(7, 40, &r), WDN_OK);
  CHECK_EQUAL(r, UINT32_MAX);
  CHECK_EQUAL(read(300 + 8 * 8), 100);
  return failures != 0;
}
