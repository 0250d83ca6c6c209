/* Linear memories in both flavours: growth, bulk instructions, their surroundings. */
#include "child.h"

#include "check.h"
#include "toy.h"

#include <string.h>

static toy_t toy;

static void make(const wdn_module_t *module, u64 max_pages) {
  wdn_config_t config = {0};
  config.max_memory_pages = max_pages;
  EXPECT_EQUAL(toy_make(&toy, module, toy_double, NULL, &config), WDN_DONE);
}

static void check_growth(const wdn_module_t *module) {
  u8 *before;
  u32 i;
  make(module, 0);
  before = toy.m0.data;
  EXPECT_EQUAL(toy.m0.size, WDN_PAGE_SIZE);
  EXPECT_EQUAL(toy.m0.max_size, 10 * WDN_PAGE_SIZE);
  toy.m0.data[65535] = 7;
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 0), 1);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 10), UINT32_MAX);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, UINT32_MAX), UINT32_MAX);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 65536), UINT32_MAX);
  EXPECT_EQUAL(toy.m0.size, WDN_PAGE_SIZE);
  EXPECT_EQUAL(memory_grow(&toy, &toy.m0, 1), 1);
  EXPECT_EQUAL(toy.m0.size, 2 * WDN_PAGE_SIZE);
  EXPECT_EQUAL(toy.m0.data[65535], 7);
  for (i = 65536; i < 131072; i++)
    EXPECT_EQUAL(toy.m0.data[i], 0);
  EXPECT_EQUAL(memory_grow(&toy, &toy.m0, 8), 2);
  EXPECT_EQUAL(memory_grow(&toy, &toy.m0, 1), UINT32_MAX);
  EXPECT_EQUAL(memory_grow(&toy, &toy.m0, 0), 10);
  EXPECT_EQUAL(toy.m0.data[65535], 7);
  if (sizeof(void *) >= 8) /* reserved in advance */
    EXPECT(toy.m0.data == before);
  wdn_destroy(&toy);

  make(module, 2);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 2), UINT32_MAX);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 1), 1);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 1), UINT32_MAX);
  wdn_destroy(&toy);
}

/* One page at a time, however often it has to move. */
static void check_many_pages(void) {
  static const wdn_memorytype_t type = {{0, 0, false}};
  wdn_store_t store = {0};
  wdn_memory_t memory;
  u32 i;
  EXPECT(wdn_memory_create(&store, &memory, &type, 0));
  EXPECT_EQUAL(memory.max_size, (u64)WDN_MAX_PAGES * WDN_PAGE_SIZE);
  EXPECT_EQUAL(memory.size, 0);
  EXPECT_EQUAL(memory.guarded, sizeof(void *) >= 8);
  for (i = 0; i < 300; i++) {
    EXPECT_EQUAL(wdn_memory_grow(&memory, 1), i);
    memory.data[(size_t)i * WDN_PAGE_SIZE] = (u8)i;
  }
  for (i = 0; i < 300; i++)
    EXPECT_EQUAL(memory.data[(size_t)i * WDN_PAGE_SIZE], (u8)i);
  EXPECT_EQUAL(wdn_memory_grow(&memory, WDN_MAX_PAGES - 299), UINT32_MAX);
  EXPECT(store.memories == &memory);
  wdn_memory_destroy(&store, &memory);
  EXPECT(store.memories == NULL);
  EXPECT(memory.data == NULL);
}

static void check_host_pointers(void) {
  make(&toy_bounds, 0);
  EXPECT(wdn_memory_at(&toy.m0, 0, 0) == toy.m0.data);
  EXPECT(wdn_memory_at(&toy.m0, 65535, 1) == toy.m0.data + 65535);
  EXPECT(wdn_memory_at(&toy.m0, 65536, 0) == toy.m0.data + 65536);
  EXPECT(wdn_memory_at(&toy.m0, 65536, 1) == NULL);
  EXPECT(wdn_memory_at(&toy.m0, 65537, 0) == NULL);
  EXPECT(wdn_memory_at(&toy.m0, 1, UINT64_MAX) == NULL);
  EXPECT(wdn_memory_at(&toy.m0, UINT64_MAX, 1) == NULL);
  wdn_destroy(&toy);
}

/* Runs a bulk instruction; is it in bounds? */
typedef struct bulk {
  char op;
  u32 to, from, size, data_size;
} bulk_t;

static void run_bulk(void *arg) {
  const bulk_t *bulk = arg;
  if (bulk->op == 'f')
    memory_fill(&toy, &toy.m0, bulk->to, 0x1234567f, bulk->size, 55);
  else if (bulk->op == 'c')
    memory_copy(&toy, &toy.m0, &toy.m0, bulk->to, bulk->from, bulk->size, 55);
  else
    memory_init(&toy, &toy.m0, "abcdefgh", bulk->data_size, bulk->to, bulk->from, bulk->size, 55);
}

static void expect_bulk(char op, u32 to, u32 from, u32 size, u32 data_size, bool fits) {
  static u8 before[WDN_PAGE_SIZE];
  bulk_t bulk = {0, 0, 0, 0, 0};
  wdn_trap_t outcome;
  bulk.op = op;
  bulk.to = to;
  bulk.from = from;
  bulk.size = size;
  bulk.data_size = data_size;
  memcpy(before, toy.m0.data, sizeof(before));
  outcome = wdn_try(&toy, run_bulk, &bulk);
  EXPECT_EQUAL(outcome, fits ? WDN_OK : WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  if (!fits) {
    EXPECT_EQUAL(toy.wdn.store->trap.offset, 55);
    EXPECT(memcmp(before, toy.m0.data, sizeof(before)) == 0); /* nothing half done */
  }
  wdn_unpoison(&toy);
}

static void check_bulk(const wdn_module_t *module) {
  u32 i;
  make(module, 0);
  expect_bulk('f', 100, 0, 3, 0, true);
  EXPECT(memcmp(toy.m0.data + 99, "\0\x7f\x7f\x7f\0", 5) == 0);
  expect_bulk('f', 0, 0, 65536, 0, true);
  expect_bulk('f', 1, 0, 65536, 0, false);
  expect_bulk('f', 65536, 0, 0, 0, true);
  expect_bulk('f', 65537, 0, 0, 0, false);
  expect_bulk('f', 0xffffffff, 0, 2, 0, false);
  expect_bulk('f', 2, 0, 0xffffffff, 0, false);

  for (i = 0; i < 256; i++)
    toy.m0.data[i] = (u8)i;
  expect_bulk('c', 10, 0, 100, 0, true);
  for (i = 0; i < 100; i++)
    EXPECT_EQUAL(toy.m0.data[10 + i], i);
  expect_bulk('c', 0, 10, 100, 0, true);
  for (i = 0; i < 100; i++)
    EXPECT_EQUAL(toy.m0.data[i], i);
  expect_bulk('c', 65536, 65536, 0, 0, true);
  expect_bulk('c', 65537, 0, 0, 0, false);
  expect_bulk('c', 0, 65537, 0, 0, false);
  expect_bulk('c', 65535, 0, 2, 0, false);
  expect_bulk('c', 0, 65535, 2, 0, false);
  expect_bulk('c', 0, 0xffffffff, 1, 0, false);
  expect_bulk('c', 0xfffffff0, 0xfffffff0, 0x20, 0, false);

  expect_bulk('i', 65528, 0, 8, 8, true);
  EXPECT(memcmp(toy.m0.data + 65528, "abcdefgh", 8) == 0);
  expect_bulk('i', 65529, 0, 8, 8, false);
  expect_bulk('i', 0, 1, 8, 8, false);
  expect_bulk('i', 0, 8, 0, 8, true);
  expect_bulk('i', 0, 9, 0, 8, false);
  expect_bulk('i', 65536, 0, 0, 0, true);
  expect_bulk('i', 0, 0, 1, 0, false); /* a dropped segment */
  expect_bulk('i', 0, 0xffffffff, 2, 8, false);
  wdn_destroy(&toy);
}

static volatile u8 seen;
static void read_below(void) {
  seen = *(volatile u8 *)(toy.m0.data - 1);
}
static void read_above(void) {
  seen = *(volatile u8 *)(toy.m0.data + toy.m0.size);
}
static void read_far_below(void) {
  seen = *(volatile u8 *)(toy.m0.data - 65536);
}
static void read_last(void) {
  seen = *(volatile u8 *)(toy.m0.data + toy.m0.size - 1);
}

/* A host that strays crashes instead of reading what happens to be there. */
static void check_surroundings(const wdn_module_t *module) {
  make(module, 0);
  EXPECT_EQUAL(wdn_memory_grow(&toy.m0, 2), 1);
  EXPECT_EQUAL(child_signal(read_last), 0);
  EXPECT_EQUAL(child_signal(read_below), SIGSEGV);
  EXPECT_EQUAL(child_signal(read_above), SIGSEGV);
  EXPECT_EQUAL(child_signal(read_far_below), SIGSEGV);
  wdn_destroy(&toy);
}

int main(void) {
  const wdn_module_t *modules[] = {&toy_bounds, &toy_guard};
  size_t i, count = sizeof(void *) >= 8 ? 2 : 1;
  for (i = 0; i < count; i++) {
    check_growth(modules[i]);
    check_bulk(modules[i]);
    check_surroundings(modules[i]);
  }
  if (count == 1) /* refused, not attempted */
    EXPECT_EQUAL(toy_make(&toy, &toy_guard, toy_double, NULL, NULL), WDN_ERROR_MEMORY);
  check_many_pages();
  check_host_pointers();
  return check_result();
}
