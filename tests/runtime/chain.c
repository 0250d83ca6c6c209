/* Faults that are not the guest's go where they went before, in the same way.
 *
 * not on: 32-bit (has no guarded memories), windows (has no signals; windows/chain.c) */
#include "child.h"

#include "check.h"
#include "toy.h"

#include <errno.h>
#include <setjmp.h>
#include <sys/mman.h>

static toy_t toy;
static u8 *page; /* inaccessible */
static long page_size;
static volatile int calls;
static sigjmp_buf back;

static void handle_with(int number, int flags, void (*plain)(int),
                        void (*full)(int, siginfo_t *, void *)) {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGUSR1);
  action.sa_flags = flags;
  if (full != NULL) {
    action.sa_flags |= SA_SIGINFO;
    action.sa_sigaction = full;
  } else {
    action.sa_handler = plain;
  }
  EXPECT_EQUAL(sigaction(number, &action, NULL), 0);
}

/* Makes the first guarded memory, after whatever handler there is. */
static void install(void) {
  EXPECT_EQUAL(toy_make(&toy, &toy_guard, toy_double, NULL, NULL), WDN_DONE);
}

static void expect_guest_still_traps(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  WDN_TRY(outcome, &toy, sink = toy_load(&toy, 1 << 20));
  EXPECT_EQUAL(outcome, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  wdn_unpoison(&toy);
}

static bool is_blocked(int number) {
  sigset_t mask;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  return sigismember(&mask, number) == 1;
}

static void repair(void) {
  EXPECT_EQUAL(mprotect(page, (size_t)page_size, PROT_READ | PROT_WRITE), 0);
}

/* A handler that makes the access possible, and returns. */
static void on_info(int number, siginfo_t *info, void *context) {
  calls++;
  EXPECT_EQUAL(number, SIGSEGV);
  EXPECT_EQUAL((uintptr_t)info->si_addr & ~(uintptr_t)4095, (uintptr_t)page & ~(uintptr_t)4095);
  EXPECT(context != NULL);
  EXPECT(is_blocked(SIGSEGV) && is_blocked(SIGUSR1));
  errno = 99;
  repair();
}

static void siginfo(void) {
  handle_with(SIGSEGV, 0, NULL, on_info);
  install();
  expect_guest_still_traps();
  EXPECT_EQUAL(calls, 0);
  errno = 7;
  *(volatile u8 *)page = 1;
  EXPECT_EQUAL(errno, 7);
  EXPECT_EQUAL(calls, 1);
  EXPECT(!is_blocked(SIGSEGV) && !is_blocked(SIGUSR1));
  expect_guest_still_traps();
  mprotect(page, (size_t)page_size, PROT_NONE);
  *(volatile u8 *)page = 1;
  EXPECT_EQUAL(calls, 2);
  _exit(check_result());
}

static void on_plain(int number) {
  calls++;
  EXPECT_EQUAL(number, SIGSEGV);
  EXPECT(!is_blocked(SIGSEGV) && is_blocked(SIGUSR1)); /* NODEFER */
  siglongjmp(back, 1);
}

static u32 host_faults(void *context, u32 x) {
  (void)context;
  return *(volatile u8 *)page + x;
}

/* A handler that does not return, of a fault in a host function. */
static void plain(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  handle_with(SIGSEGV, SA_NODEFER, on_plain, NULL);
  install();
  toy.f0.code = (wdn_code_t)host_faults;
  if (sigsetjmp(back, 1) == 0) {
    WDN_TRY(outcome, &toy, sink = toy_call(&toy, 0));
    EXPECT(!"returned");
    (void)outcome;
  }
  EXPECT_EQUAL(calls, 1);
  _exit(check_result());
}

static void fault(void) {
  *(volatile u8 *)page = 1;
}
static void default_action(void) {
  handle_with(SIGSEGV, 0, SIG_DFL, NULL);
  install();
  expect_guest_still_traps();
  fault();
}
static void default_sent(void) {
  handle_with(SIGSEGV, 0, SIG_DFL, NULL);
  install();
  raise(SIGSEGV);
}
static void default_bus(void) {
  handle_with(SIGBUS, 0, SIG_DFL, NULL);
  install();
  kill(getpid(), SIGBUS);
}

static void ignored(void) {
  handle_with(SIGSEGV, 0, SIG_IGN, NULL);
  install();
  raise(SIGSEGV);
  kill(getpid(), SIGSEGV);
  expect_guest_still_traps();
  _exit(check_result());
}
static void ignored_fault(void) {
  handle_with(SIGSEGV, 0, SIG_IGN, NULL);
  install();
  fault();
}

/* A signal that somebody sends while guest code runs is not the guest's fault. */
static u32 sends(void *context, u32 x) {
  (void)context;
  raise(SIGSEGV);
  return x;
}
static void on_sent(int number) {
  (void)number;
  calls++;
}
static void sent_to_guest(void) {
  wdn_trap_t outcome;
  volatile u32 sink = 0;
  handle_with(SIGSEGV, 0, on_sent, NULL);
  install();
  toy.f0.code = (wdn_code_t)sends;
  toy.f0.in_guest = 1;
  WDN_TRY(outcome, &toy, sink = toy_call(&toy, 3));
  EXPECT_EQUAL(outcome, WDN_OK);
  EXPECT_EQUAL(sink, 4);
  EXPECT_EQUAL(calls, 1);
  _exit(check_result());
}

static void on_once(int number) {
  (void)number;
  if (calls++ == 0)
    repair();
}
static void once(void) {
  handle_with(SIGSEGV, (int)SA_RESETHAND, on_once, NULL);
  install();
  fault();
  EXPECT_EQUAL(calls, 1);
  if (check_result() != 0)
    _exit(1);
  mprotect(page, (size_t)page_size, PROT_NONE);
  fault(); /* now the default: dies */
}

static bool is_default(void) {
  struct sigaction action;
  sigaction(SIGSEGV, NULL, &action);
  return !(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_DFL;
}

static void installed_late(void) {
  handle_with(SIGSEGV, 0, SIG_DFL, NULL);
  EXPECT_EQUAL(toy_make(&toy, &toy_bounds, toy_double, NULL, NULL), WDN_DONE);
  EXPECT(is_default());
  wdn_destroy(&toy);
  install();
  EXPECT(!is_default());
  wdn_destroy(&toy);
  EXPECT(!is_default());
  _exit(check_result());
}

int main(void) {
  page_size = sysconf(_SC_PAGESIZE);
  page = mmap(NULL, (size_t)page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  EXPECT(page != MAP_FAILED);
  EXPECT_EQUAL(child_exit(siginfo), 0);
  EXPECT_EQUAL(child_exit(plain), 0);
  EXPECT_EQUAL(child_signal(default_action), SIGSEGV);
  EXPECT_EQUAL(child_signal(default_sent), SIGSEGV);
  EXPECT_EQUAL(child_signal(default_bus), SIGBUS);
  EXPECT_EQUAL(child_exit(ignored), 0);
  EXPECT_EQUAL(child_signal(ignored_fault), SIGSEGV);
  EXPECT_EQUAL(child_exit(sent_to_guest), 0);
  EXPECT_EQUAL(child_signal(once), SIGSEGV);
  EXPECT_EQUAL(child_exit(installed_late), 0);
  return check_result();
}
