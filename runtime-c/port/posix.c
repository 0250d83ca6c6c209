/* POSIX: Linux, Android, macOS and the BSDs.
 *
 * Memory is mmap. Faults are SIGSEGV and SIGBUS: what is not the guest's goes to
 * the handler that was there before, as if there had been no other. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* MAP_ANONYMOUS, pthread_getattr_np, registers in ucontext_t */
#endif

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#if defined(__FreeBSD__) || defined(__OpenBSD__)
#include <pthread_np.h>
#endif

#include "../src/wdn_port.h"

/* ---- Address space ------------------------------------------------------------------ */

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

static bool wdn_port_is_virtual(void) {
  return true;
}

static u8 *wdn_port_reserve(size_t size) {
  void *start = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return start == MAP_FAILED ? NULL : start;
}

static bool wdn_port_commit(u8 *start, size_t size) {
  return mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
}

static void wdn_port_release(u8 *start, size_t size) {
  (void)munmap(start, size);
}

static void *wdn_port_allocate(size_t count, size_t size) {
  return calloc(count, size);
}

static void wdn_port_free(void *allocation) {
  free(allocation);
}

/* ---- Threads -------------------------------------------------------------------------- */

typedef struct wdn_thread {
  wdn_store_t *store;
  uintptr_t stack_low;
  uintptr_t stack_high; /* 0 until the bounds are known */
} wdn_thread_t;

/* The calling thread's, or NULL if it has none and `make` is false or there is
 * no memory for it. */
#ifdef WDN_THREAD_LOCAL
static wdn_thread_t *wdn_this_thread(bool make) {
  static WDN_THREAD_LOCAL wdn_thread_t thread;
  (void)make;
  return &thread;
}
#else
static pthread_key_t wdn_thread_key;
static bool wdn_has_thread_key;

static void wdn_make_thread_key(void) {
  wdn_has_thread_key = pthread_key_create(&wdn_thread_key, free) == 0;
}

static wdn_thread_t *wdn_this_thread(bool make) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  wdn_thread_t *thread;
  if (make)
    (void)pthread_once(&once, wdn_make_thread_key);
  if (!wdn_has_thread_key)
    return NULL;
  thread = pthread_getspecific(wdn_thread_key);
  if (thread == NULL && make) {
    thread = calloc(1, sizeof(*thread));
    if (thread != NULL && pthread_setspecific(wdn_thread_key, thread) != 0) {
      free(thread);
      thread = NULL;
    }
  }
  return thread;
}
#endif

static wdn_store_t *wdn_port_store(void) {
  wdn_thread_t *thread = wdn_this_thread(false);
  return thread != NULL ? thread->store : NULL;
}

static wdn_store_t *wdn_port_switch_store(wdn_store_t *store) {
  wdn_thread_t *thread = wdn_this_thread(true);
  wdn_store_t *before;
  if (thread == NULL)
    return NULL; /* traps will abort rather than be caught */
  before = thread->store;
  thread->store = store;
  return before;
}

/* The thread's stack, without the guard page below it. */
static bool wdn_find_stack(uintptr_t *low, uintptr_t *high) {
#if defined(__APPLE__)
  *high = (uintptr_t)pthread_get_stackaddr_np(pthread_self());
  *low = *high - pthread_get_stacksize_np(pthread_self());
  return true;
#elif defined(__OpenBSD__)
  stack_t stack;
  if (pthread_stackseg_np(pthread_self(), &stack) != 0)
    return false;
  *high = (uintptr_t)stack.ss_sp;
  *low = *high - stack.ss_size;
  return true;
#elif defined(__linux__) || defined(__FreeBSD__) || defined(__NetBSD__)
  pthread_attr_t attributes;
  void *start = NULL;
  size_t size = 0;
  bool found;
#if defined(__FreeBSD__)
  if (pthread_attr_init(&attributes) != 0)
    return false;
  found = pthread_attr_get_np(pthread_self(), &attributes) == 0;
#else
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    return false;
  found = true;
#endif
  found = found && pthread_attr_getstack(&attributes, &start, &size) == 0;
  (void)pthread_attr_destroy(&attributes);
  *low = (uintptr_t)start;
  *high = *low + size;
  return found;
#else
  (void)low;
  (void)high;
  return false;
#endif
}

static uintptr_t wdn_port_stack_low(uintptr_t frame) {
  wdn_thread_t unknown = {NULL, 0, 0};
  wdn_thread_t *thread = wdn_this_thread(true);
  if (thread == NULL)
    thread = &unknown;
  if (WDN_UNLIKELY(thread->stack_high == 0) &&
      !wdn_find_stack(&thread->stack_low, &thread->stack_high))
    return 0;
  return frame - thread->stack_low < thread->stack_high - thread->stack_low ? thread->stack_low : 0;
}

static void wdn_port_jump(wdn_jump_t buffer) {
  _longjmp(buffer, 1);
}

static void wdn_port_abort(void) {
  abort();
}

/* ---- Faults ------------------------------------------------------------------------------ */

/* What handled faults before. Written before our handler is installed. */
static struct sigaction wdn_previous_segv;
static struct sigaction wdn_previous_bus;

/* The program counter of a signal's context, or 0 where we do not know it. */
static uintptr_t wdn_context_pc(const void *context) {
  const ucontext_t *user = context;
#if defined(__linux__) && defined(__x86_64__)
  return (uintptr_t)user->uc_mcontext.gregs[REG_RIP];
#elif defined(__linux__) && defined(__aarch64__)
  return (uintptr_t)user->uc_mcontext.pc;
#elif defined(__linux__) && defined(__riscv)
  return (uintptr_t)user->uc_mcontext.__gregs[REG_PC];
#elif defined(__linux__) && defined(__s390x__)
  return (uintptr_t)user->uc_mcontext.psw.addr;
#elif defined(__APPLE__) && defined(__x86_64__)
  return (uintptr_t)user->uc_mcontext->__ss.__rip;
#elif defined(__APPLE__) && defined(__aarch64__)
  return (uintptr_t)user->uc_mcontext->__ss.__pc;
#else
  (void)user;
  return 0;
#endif
}

/* Did a process send the signal, rather than an instruction fault? */
static bool wdn_was_sent(const siginfo_t *info) {
  return info->si_code <= 0 || info->si_code == SI_USER || info->si_code == SI_QUEUE;
}

/* As the system would: the process dies of this very signal. */
static void wdn_die(int number, const siginfo_t *info) {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = SIG_DFL;
  (void)sigaction(number, &action, NULL);
  if (wdn_was_sent(info))
    (void)raise(number);
  /* Otherwise the instruction faults again once our handler returns. */
}

/* Calls the previous handler with the signals blocked that it asked for, until
 * ours returns. */
static void wdn_call_previous(const struct sigaction *previous, int number, siginfo_t *info,
                              void *context) {
  sigset_t blocked = previous->sa_mask;
  if (!(previous->sa_flags & SA_NODEFER))
    (void)sigaddset(&blocked, number);
  (void)pthread_sigmask(SIG_BLOCK, &blocked, NULL);
  if (previous->sa_flags & SA_SIGINFO)
    previous->sa_sigaction(number, info, context);
  else
    previous->sa_handler(number);
}

static void wdn_chain(int number, siginfo_t *info, void *context) {
  struct sigaction *slot = number == SIGBUS ? &wdn_previous_bus : &wdn_previous_segv;
  struct sigaction previous = *slot;
  bool plain = !(previous.sa_flags & SA_SIGINFO);
  if (plain && previous.sa_handler == SIG_IGN && wdn_was_sent(info))
    return;
  if (plain && (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN)) {
    wdn_die(number, info); /* a fault cannot be ignored */
    return;
  }
  if ((unsigned)previous.sa_flags & (unsigned)SA_RESETHAND) {
    slot->sa_flags = 0;
    slot->sa_handler = SIG_DFL;
  }
  wdn_call_previous(&previous, number, info, context);
}

static void wdn_on_fault(int number, siginfo_t *info, void *context) {
  int saved = errno;
  wdn_store_t *store = wdn_port_store();
  if (store != NULL && !wdn_was_sent(info))
    wdn_fault(store, info->si_addr, wdn_context_pc(context));
  wdn_chain(number, info, context);
  errno = saved;
}

static bool wdn_catches_faults;

static void wdn_install_handler(void) {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  (void)sigemptyset(&action.sa_mask);
  action.sa_sigaction = wdn_on_fault;
  /* NODEFER: the guest is left with longjmp, which must not leave the signal
   * blocked. ONSTACK: on the host's signal stack, if it has one. */
  action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
  if (sigaction(SIGSEGV, NULL, &wdn_previous_segv) != 0 ||
      sigaction(SIGBUS, NULL, &wdn_previous_bus) != 0)
    return;
  wdn_catches_faults =
      sigaction(SIGSEGV, &action, NULL) == 0 && sigaction(SIGBUS, &action, NULL) == 0;
}

static bool wdn_port_catch_faults(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, wdn_install_handler);
  return wdn_catches_faults;
}

/* ---- Symbols ------------------------------------------------------------------------------- */

#if defined(__linux__) && UINTPTR_MAX > 0xffffffffu
#include "elf.c"
#else
static bool wdn_port_symbol(uintptr_t pc, char *name, size_t size) {
  (void)pc;
  (void)name;
  (void)size;
  return false;
}
#endif
