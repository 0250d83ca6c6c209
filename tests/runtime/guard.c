/* Guarded memories: every address that guest code can form is the guest's fault,
 * and told as one; any other is not.
 *
 * not on: 32-bit (has no guarded memories) */
#include "child.h"

#include "check.h"
#include "toy.h"

#include <string.h>

static toy_t a, b;

/* A fault's address may be known to the page only. */
#define PAGE_OF(address) ((address) & ~(u64)4095)

/* A fault of an access to bytes `first` to `last`. */
static void expect_fault(toy_t *entered, wdn_trap_t outcome, u64 first, u64 last) {
  const wdn_trap_info_t *info = &entered->wdn.store->trap;
  EXPECT_EQUAL(outcome, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  EXPECT_EQUAL(info->code, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  EXPECT(info->address >= PAGE_OF(first) && info->address <= last);
  EXPECT(info->pc != 0);
  EXPECT_EQUAL(info->offset, WDN_NO_OFFSET);
  EXPECT_EQUAL(entered->wdn.state, WDN_POISONED);
  EXPECT(entered->wdn.store->entry == NULL);
  EXPECT_EQUAL(entered->wdn.store->in_guest, 0);
  wdn_unpoison(entered);
}

static void expect_load(u32 address, u32 offset, bool fits) {
  wdn_trap_t outcome;
  volatile u64 value = 0;
  u64 start = (u64)address + offset;
  WDN_TRY(outcome, &a, value = i64_load_forced(a.m0.data, address, offset));
  if (fits)
    EXPECT_EQUAL(outcome, WDN_OK);
  else /* at a byte that cannot be read: which, depends on the compiler */
    expect_fault(&a, outcome, start < a.m0.size ? a.m0.size : start, start + 7);
}

static void check_loads(void) {
  expect_load(0, 0, true);
  expect_load(65528, 0, true);
  expect_load(65520, 8, true);
  expect_load(65529, 0, false);
  expect_load(65536, 0, false);
  expect_load(0, 65536, false);
  expect_load(0x7fffffff, 0, false);
  expect_load(0xfffffff8, 0, false);
  expect_load(0xffffffff, 0, false);
  expect_load(0xffffffff, 0x7fffffff, false);
  expect_load(0, 0x7fffffff, false);
}

static void check_stores(void) {
  wdn_trap_t outcome;
  WDN_TRY(outcome, &a, i32_store8(a.m0.data, 65535, 0, 5));
  EXPECT_EQUAL(outcome, WDN_OK);
  WDN_TRY(outcome, &a, i32_store8(a.m0.data, 65536, 0, 5));
  expect_fault(&a, outcome, 65536, 65536);
  WDN_TRY(outcome, &a, i64_store(a.m0.data, 0xffffffff, 0x7fffffff, 5));
  expect_fault(&a, outcome, (u64)0xffffffff + 0x7fffffff, (u64)0xffffffff + 0x7fffffff + 7);
  EXPECT_EQUAL(a.m0.data[65535], 5);
}

static u32 read_below(void *self, u32 distance) {
  toy_t *toy = self;
  return *(volatile u8 *)(toy->m0.data - distance);
}

static void check_below(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, &a, sink = read_below(&a, 1));
  expect_fault(&a, outcome, (u64)0 - 1, (u64)0 - 1);
  WDN_TRY(outcome, &a, sink = read_below(&a, 0x80000000u));
  expect_fault(&a, outcome, (u64)0 - 0x80000000u, (u64)0 - 0x80000000u);
}

static void check_growth(void) {
  u8 *before = a.m0.data;
  expect_load(65536, 0, false);
  EXPECT_EQUAL(wdn_memory_grow(&a.m0, 1), 1);
  EXPECT(a.m0.data == before);
  expect_load(65536, 0, true);
  expect_load(131072, 0, false);
}

/* Many faults leave no trace: signals are blocked no more than before. */
static void check_signal_state(void) {
#ifndef _WIN32
  sigset_t mask;
#endif
  int i;
  for (i = 0; i < 2000; i++)
    expect_load(0xfffffff0, 0, false);
#ifndef _WIN32
  EXPECT_EQUAL(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
  EXPECT(!sigismember(&mask, SIGSEGV) && !sigismember(&mask, SIGBUS));
#endif
}

/* A fault in b's memory, during an entry of a; then in one that is gone. */
static void check_store(void) {
  wdn_config_t config = {0};
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  config.store = a.wdn.store;
  EXPECT_EQUAL(toy_make(&b, &toy_guard, toy_double, NULL, &config), WDN_DONE);
  WDN_TRY(outcome, &a, sink = toy_load(&b, 70000));
  expect_fault(&a, outcome, 70000, 70003);
  wdn_destroy(&b);
  expect_load(0xffffff00, 0, false);
  EXPECT(a.wdn.store->memories == &a.m0);
}

/* Each of these must kill the process, because the fault is not the guest's. */
static u32 host_reads_guard(void *context, u32 x) {
  (void)context;
  return *(volatile u8 *)(a.m0.data + a.m0.size + x);
}
static u32 host_reads_null(void *context, u32 x) {
  (void)context;
  return *(volatile u8 *)(uintptr_t)x;
}
static void enter(u32 (*host)(void *, u32)) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  a.f0.code = (wdn_code_t)host;
  WDN_TRY(outcome, &a, sink = toy_call(&a, 16));
  _exit(100 + (int)outcome);
}
static void fault_in_host(void) {
  enter(host_reads_guard);
}
static void null_in_host(void) {
  enter(host_reads_null);
}
static void null_in_guest(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, &a, sink = host_reads_null(NULL, 16));
  _exit(100 + (int)outcome);
}
static void fault_outside(void) {
  (void)toy_load(&a, 1 << 20);
}
static void fault_in_other_store(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  EXPECT_EQUAL(toy_make(&b, &toy_guard, toy_double, NULL, NULL), WDN_DONE);
  WDN_TRY(outcome, &b, sink = toy_load(&a, 1 << 20));
  _exit(100 + (int)outcome);
}

int main(void) {
  EXPECT_EQUAL(toy_make(&a, &toy_guard, toy_double, NULL, NULL), WDN_DONE);
  EXPECT(a.m0.guarded);
  EXPECT_EQUAL((uintptr_t)a.m0.data - (uintptr_t)a.m0.reserved, 0x80000000u);
  check_loads();
  check_stores();
  check_below();
  check_growth();
  check_signal_state();
  check_store();
  EXPECT_EQUAL(child_signal(fault_in_host), SIGSEGV);
  EXPECT_EQUAL(child_signal(null_in_host), SIGSEGV);
  EXPECT_EQUAL(child_signal(null_in_guest), SIGSEGV);
  EXPECT_EQUAL(child_signal(fault_outside), SIGSEGV);
  EXPECT_EQUAL(child_signal(fault_in_other_store), SIGSEGV);
  wdn_destroy(&a);
  return check_result();
}
