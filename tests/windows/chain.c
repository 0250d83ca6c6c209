/* Exceptions that are not the guest's go to whoever would get them without us. */
#include "child.h"

#include "toy.h"

static toy_t toy;
static u8 *page; /* inaccessible, until it is repaired */
static volatile int calls;

static void expect_guest_still_traps(void) {
  int before = calls;
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, &toy, sink = toy_load(&toy, 1 << 20));
  EXPECT_EQUAL(outcome, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  EXPECT_EQUAL(calls, before);
  wdn_unpoison(&toy);
}

/* A handler of the host's that makes the access possible. */
static LONG CALLBACK repair(EXCEPTION_POINTERS *exception) {
  DWORD before;
  calls++;
  if (exception->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
    return EXCEPTION_CONTINUE_SEARCH;
  EXPECT_EQUAL(VirtualProtect(page, 4096, PAGE_READWRITE, &before), TRUE);
  return EXCEPTION_CONTINUE_EXECUTION;
}

static void protect(void) {
  DWORD before;
  EXPECT_EQUAL(VirtualProtect(page, 4096, PAGE_NOACCESS, &before), TRUE);
}

/* Outside of entries, and in a function of the host during one. */
static u32 host_faults(void *context, u32 x) {
  (void)context;
  *(volatile u8 *)page = (u8)x;
  return *(volatile u8 *)page + 1u;
}

static void faults_reach(void) {
  wdn_trap_t outcome;
  volatile u32 sum = 0;
  int before = calls;
  protect();
  SetLastError(12345);
  *(volatile u8 *)page = 7;
  EXPECT_EQUAL(GetLastError(), 12345);
  EXPECT_EQUAL(calls, before + 1);
  protect();
  toy.f0.code = (wdn_code_t)host_faults;
  WDN_TRY(outcome, &toy, sum = toy_call(&toy, 41));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(sum, 43); /* the guest adds one */
  EXPECT_EQUAL(calls, before + 2);
  expect_guest_still_traps();
}

/* The guest's fault, while this thread is not in a guest. */
static DWORD CALLBACK other_thread(void *address) {
  *(volatile u8 *)address = 1;
  return 0;
}
static u32 host_starts_thread(void *context, u32 x) {
  HANDLE thread = CreateThread(NULL, 0, other_thread, toy.m0.data + toy.m0.size, 0, NULL);
  (void)context;
  (void)WaitForSingleObject(thread, INFINITE);
  return x;
}
static void fault_of_other_thread(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  toy.f0.code = (wdn_code_t)host_starts_thread;
  WDN_TRY(outcome, &toy, sink = toy_call(&toy, 1));
  _exit(77);
}

/* An exception that is no fault passes through, even while the guest runs. */
static u32 raises(void *self, u32 x) {
  (void)self;
  RaiseException(0xe0001234, 0, 0, NULL);
  return x;
}
static void raise_in_guest(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, &toy, sink = raises(&toy, 1));
  _exit(77);
}

int main(void) {
  void *later;
  page = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
  EXPECT(page != NULL);
  EXPECT_EQUAL(toy_make(&toy, &toy_guard, toy_double, NULL, NULL), WDN_DONE);
  EXPECT(toy.m0.guarded);
  expect_guest_still_traps();
  later = AddVectoredExceptionHandler(0, repair);
  faults_reach();
  (void)RemoveVectoredExceptionHandler(later);
  (void)SetUnhandledExceptionFilter(repair);
  faults_reach();
  EXPECT_EQUAL(child_code(fault_of_other_thread), EXCEPTION_ACCESS_VIOLATION);
  EXPECT_EQUAL(child_code(raise_in_guest), 0xe0001234);
  wdn_destroy(&toy);
  return check_result();
}
