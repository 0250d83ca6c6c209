/* Runs the functions of walks.wat and compares them with models in C: the same
 * result or the same trap, the same memory (after a trap only in `bounds` mode:
 * the MMU stops a store, not the ones that the compiler put before it), and all
 * canaries as they were. */
#include "canary.h"
#include "edges.h"
#include "walks.h"
#include "wdn_try.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- The models ----------------------------------------------------------------- */

static uint8_t *bytes; /* the model of the memory */
static uint64_t size;
static bool trapped; /* nothing happens any more */

static uint64_t load(uint32_t address, uint32_t offset, unsigned count) {
  uint64_t at = (uint64_t)address + offset, value = 0;
  unsigned i;
  trapped = trapped || at + count > size;
  for (i = 0; i < count && !trapped; i++)
    value |= (uint64_t)bytes[at + i] << (8 * i);
  return value;
}

static uint64_t load_signed(uint32_t address, uint32_t offset, unsigned count) {
  uint64_t value = load(address, offset, count), sign = (uint64_t)1 << (8 * count - 1);
  return (value ^ sign) - sign;
}

static void store(uint32_t address, uint32_t offset, unsigned count, uint64_t value) {
  uint64_t at = (uint64_t)address + offset;
  unsigned i;
  trapped = trapped || at + count > size;
  for (i = 0; i < count && !trapped; i++)
    bytes[at + i] = (uint8_t)(value >> (8 * i));
}

static uint64_t sum32(uint32_t a, uint32_t b, uint32_t n) {
  uint32_t sum = 0;
  do {
    sum = sum * 31 + (uint32_t)load(a, 0, 4);
    a += b;
  } while (--n != 0 && !trapped);
  return sum;
}

static uint64_t sum8(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t sum = 0;
  (void)b;
  for (; n != 0 && !trapped; n--)
    sum = sum * 31 + load(a++, 0, 1);
  return sum;
}

static uint64_t sum64_down(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t sum = 0;
  (void)b;
  for (; n != 0 && !trapped; n--, a -= 8)
    sum = sum * 31 + load(a, 0, 8);
  return sum;
}

static uint64_t again(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t sum = 0;
  (void)b;
  for (; n != 0; n--)
    sum += load_signed(a, 131068, 4);
  return sum;
}

static uint64_t index16(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t sum = 0;
  uint32_t i;
  for (i = 0; i < n && !trapped; i++)
    sum = sum * 31 + load_signed(a + ((i + b) << 1), 2, 2);
  return sum;
}

static uint64_t fill8(uint32_t a, uint32_t b, uint32_t n) {
  (void)b;
  for (; n != 0 && !trapped; n--)
    store(a++, 0, 1, n);
  return 1;
}

static uint64_t fill_pairs(uint32_t a, uint32_t b, uint32_t n) {
  for (; n != 0 && !trapped; n--, a += b) {
    store(a, 4, 4, n);
    store(a, 0, 4, b);
  }
  return 1;
}

static uint64_t copy8(uint32_t a, uint32_t b, uint32_t n) {
  for (; n != 0 && !trapped; n--)
    store(a++, 0, 1, load(b++, 0, 1));
  return 1;
}

static uint64_t copy32_down(uint32_t a, uint32_t b, uint32_t n) {
  while (n-- != 0 && !trapped)
    store(a + (n << 2), 0, 4, load(b + (n << 2), 0, 4));
  return 1;
}

static uint64_t around(uint32_t a, uint32_t b, uint32_t n) {
  (void)b;
  (void)n;
  return load(a, 0, 8) + load(a - 8, 0, 8) + load(a, 8, 8) + load(a - 16, 8, 8);
}

static uint64_t down(uint32_t a, uint32_t b, uint32_t n) {
  store(a, 8, 4, b);
  store(a, 4, 4, n);
  store(a, 0, 4, b);
  return 1;
}

static uint64_t up(uint32_t a, uint32_t b, uint32_t n) {
  store(a, 0, 4, b);
  store(a, 4, 4, n);
  store(a, 65535, 2, b);
  return 1;
}

static uint64_t mixed(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t x = load(a, 0, 4);
  (void)n;
  store(b, 0, 1, x);
  return x + load(a, 4, 2);
}

static uint64_t select_(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t x = load_signed(a, 0, 1), y = load_signed(b, 0, 1);
  return n & 1 ? x : y;
}

static uint64_t arms(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t x = n & 1 ? load(a, 0, 8) : load(b, 0, 8);
  return x + load(b, 0, 1);
}

static uint64_t grow(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t x = load(a, 0, 8);
  (void)b;
  (void)n;
  return x + load(a, 65536, 8);
}

static uint64_t rows(uint32_t a, uint32_t b, uint32_t n) {
  uint64_t sum = 0;
  uint32_t i;
  for (; n != 0 && !trapped; n--, a += b) {
    for (i = 3; i != 0; i--) {
      sum = sum * 31 + load(a + (3 - i) * 4, 0, 4);
      store(a + (3 - i) * 4, 4, 4, i);
    }
  }
  return sum;
}

typedef struct walk {
  const char *name;
  uint64_t (*guest)(void *, uint32_t, uint32_t, uint32_t);
  uint64_t (*model)(uint32_t, uint32_t, uint32_t);
} walk_t;

#define WALK(name)                                                                                 \
  { #name, walks_##name, name }
static const walk_t walks[] = {
    WALK(sum32),
    WALK(sum8),
    WALK(sum64_down),
    WALK(again),
    WALK(index16),
    WALK(fill8),
    WALK(copy8),
    WALK(around),
    WALK(fill_pairs),
    WALK(mixed),
    WALK(copy32_down),
    WALK(down),
    WALK(up),
    WALK(arms),
    WALK(grow),
    WALK(rows),
    {"select", walks_select, select_},
};

/* ---- The comparison ---------------------------------------------------------------- */

static walks_t guest;
static uint32_t checks;

static void compare(const walk_t *it, uint32_t a, uint32_t b, uint32_t n) {
  volatile uint64_t got = 0;
  uint64_t expected;
  wdn_trap_t trap, wanted;
  const char *problem = NULL;
  trapped = false;
  expected = it->model(a, b, n);
  wanted = trapped ? WDN_TRAP_MEMORY_OUT_OF_BOUNDS : WDN_OK;
  WDN_TRY(trap, &guest, got = it->guest(&guest, a, b, n));
  checks++;
  if (trap != wanted)
    problem = wdn_trap_message(trap);
  else if (!trapped && got != expected)
    problem = "wrong result";
  else if ((!trapped || !walks_module.guard) && memcmp(guest.m0.data, bytes, size) != 0)
    problem = "wrong memory";
  else if (trapped && !walks_module.guard && guest.wdn.store->trap.module != &walks_module)
    problem = "no place of the trap";
  if (problem != NULL)
    fail("%s %" PRIx32 " %" PRIx32 " %" PRIu32 " in %" PRIu64 ": %s, got %" PRIx64
         ", expected %s, %" PRIx64,
         it->name, a, b, n, size, problem, got, wdn_trap_message(wanted), expected);
  memcpy(guest.m0.data, bytes, size);
  wdn_unpoison(&guest);
}

static void compare_all(void) {
  const uint32_t end = (uint32_t)size;
  const uint32_t starts[] = {0,           1,           8,           16,         end / 2,
                             end - 65536, end - 65543, end - 400,   end - 16,   end - 12,
                             end - 8,     end - 4,     end - 1,     end,        end + 8,
                             0x7ffffffcu, 0x80000000u, 0xfffffff0u, 0xffffffffu};
  const uint32_t others[] = {1, 4, 8, 12, 0xfffffffcu, 65536, 0x80000000u, 0xffff0000u, end - 2};
  const uint32_t counts[] = {1, 2, 3, 50, 101, 1000};
  size_t walk, i, j, k;
  for (walk = 0; walk < sizeof(walks) / sizeof(walks[0]); walk++)
    for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
      for (j = 0; j < sizeof(others) / sizeof(others[0]); j++)
        for (k = 0; k < sizeof(counts) / sizeof(counts[0]); k++)
          compare(&walks[walk], starts[i], others[j], counts[k]);
      if (!canary_intact())
        fail("%s %" PRIx32 ": a canary was written to", walks[walk].name, starts[i]);
    }
}

static void compare_with(uint32_t pages) {
  uint64_t i;
  if (!canary_plant(&guest.m0))
    fail("cannot place all canaries");
  size = (uint64_t)pages * WDN_PAGE_SIZE;
  bytes = malloc(size);
  if (bytes == NULL || guest.m0.size != size) {
    fail("no memory of %" PRIu32 " pages", pages);
    return;
  }
  for (i = 0; i < size; i++)
    bytes[i] = (uint8_t)(i * 0x9e3779b1u >> 13);
  memcpy(guest.m0.data, bytes, size);
  compare_all();
  canary_clear();
  free(bytes);
}

int main(void) {
  void *room = canary_make_room();
  wdn_status_t status = walks_instantiate(&guest, NULL, NULL, NULL);
  canary_make_room_done(room);
  if (status != WDN_DONE) {
    fail("cannot be instantiated");
    return finish(checks);
  }
  compare_with(2);
  (void)wdn_memory_grow(&guest.m0, 1);
  compare_with(3);
  wdn_destroy(&guest);
  return finish(checks);
}
