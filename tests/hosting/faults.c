/* Faults that are not the guest's kill the process as they would without a guest,
 * and handlers that were there before are asked first.
 * modules: guest
 * not on: san (stops at the faults itself) */
#include "child.h"

#include "check.h"
#include "guest.h"
#include "wdn_try.h"

#include <setjmp.h>

enum { NULL_POINTER, OWN_GUARD, OWN_ABORT, FINE };

static guest_t guest;
static volatile uint32_t result;
static volatile sig_atomic_t asked;

static uint32_t ask(void *context, uint32_t what) {
  volatile uint8_t *nowhere = NULL;
  (void)context;
  if (what == OWN_GUARD)
    nowhere = guest.m0.data + guest.m0.size; /* the host must not, guest or no guest */
  if (what == OWN_ABORT)
    abort();
  return what == FINE ? 1 : *nowhere;
}

static void make(void) {
  guest_imports_t imports = {0, 0};
  imports.env_ask = ask;
  EXPECT_EQUAL(guest_instantiate(&guest, &imports, NULL, NULL), WDN_DONE);
}

static void enter(uint32_t what) {
  wdn_trap_t trap;
  make();
  WDN_TRY(trap, &guest, result = guest_ask(&guest, what));
  printf("the fault of a host function ended as trap %d\n", (int)trap);
}

static void dereference_null(void) {
  enter(NULL_POINTER);
}

static void dereference_guard(void) {
  enter(OWN_GUARD);
}

static void abort_(void) {
  enter(OWN_ABORT);
}

/* Outside of any entry, and after one. */
static void fault_outside(void) {
  wdn_trap_t trap;
  make();
  WDN_TRY(trap, &guest, result = guest_load(&guest, 65536));
  EXPECT_EQUAL(trap, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
  result = *(volatile uint8_t *)(guest.m0.data + guest.m0.size);
}

static void on_signal(int number, siginfo_t *info, void *context) {
  (void)context;
  asked++;
  _exit(number == SIGSEGV && info->si_addr == NULL ? 40 + asked : 39);
}

static void handle(void) {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_SIGINFO;
  (void)sigaction(SIGSEGV, &action, NULL);
}

/* The earlier handler sees the host's fault, and none of the guest's. */
static void chain(void) {
  wdn_trap_t trap;
  int i;
  handle();
  make();
  for (i = 0; i < 10; i++) {
    WDN_TRY(trap, &guest, result = guest_load(&guest, 65536 + (uint32_t)i * 4096));
    EXPECT_EQUAL(trap, WDN_TRAP_MEMORY_OUT_OF_BOUNDS);
    wdn_unpoison(&guest);
  }
  WDN_TRY(trap, &guest, result = guest_ask(&guest, FINE));
  EXPECT_EQUAL(trap, WDN_OK);
  WDN_TRY(trap, &guest, result = guest_ask(&guest, NULL_POINTER));
}

/* A handler may leave by a jump of its own, and the guest still traps after. */
static sigjmp_buf escape;

static void jump(int number) {
  (void)number;
  siglongjmp(escape, 1);
}

static void jump_out(void) {
  wdn_trap_t trap;
  (void)signal(SIGSEGV, jump);
  make();
  if (sigsetjmp(escape, 1) == 0) {
    volatile uint8_t *nowhere = NULL;
    result = *nowhere;
  }
  WDN_TRY(trap, &guest, result = guest_load(&guest, 65536));
  _exit(trap == WDN_TRAP_MEMORY_OUT_OF_BOUNDS ? 5 : 6);
}

int main(void) {
  EXPECT_EQUAL(child_signal(dereference_null), SIGSEGV);
  EXPECT_EQUAL(child_signal(dereference_guard), SIGSEGV);
  EXPECT_EQUAL(child_signal(abort_), SIGABRT);
  EXPECT_EQUAL(child_signal(fault_outside), SIGSEGV);
  EXPECT_EQUAL(child_exit(chain), 41);
  EXPECT_EQUAL(child_exit(jump_out), 5);
  return check_result();
}
