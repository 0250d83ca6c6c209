/* Windows 8 and later.
 *
 * Memory is VirtualAlloc. Faults come to a vectored exception handler, which looks
 * at them before any other and passes on what is not the guest's. It does not
 * leave by a jump, because the system counts the handlers that run: the thread
 * goes on in a function of ours, on the part of the stack that the guest used,
 * and that one jumps. No jump unwinds: guest code has nothing to clean up, and
 * its frames need no tables for it. */
#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0602 /* GetCurrentThreadStackLimits */
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <malloc.h>
#include <stdlib.h>

#include "../src/wdn_port.h"

/* ---- Address space ------------------------------------------------------------------ */

static bool wdn_port_is_virtual(void) {
  return true;
}

static u8 *wdn_port_reserve(size_t size) {
  return VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_NOACCESS);
}

static bool wdn_port_commit(u8 *start, size_t size) {
  return VirtualAlloc(start, size, MEM_COMMIT, PAGE_READWRITE) != NULL;
}

static void wdn_port_release(u8 *start, size_t size) {
  (void)size; /* all of it, says the size 0 */
  (void)VirtualFree(start, 0, MEM_RELEASE);
}

static void *wdn_port_allocate(size_t count, size_t size) {
  return calloc(count, size);
}

static void wdn_port_free(void *allocation) {
  free(allocation);
}

/* ---- Threads -------------------------------------------------------------------------- */

static LONG CALLBACK wdn_on_exception(EXCEPTION_POINTERS *exception);

/* Where each thread keeps its store. Not a variable of the compiler's: gcc's
 * allocates memory when it is first used, and that may be in the handler. */
static DWORD wdn_store_slot = TLS_OUT_OF_INDEXES;
static void *wdn_handler;

static BOOL CALLBACK wdn_prepare(INIT_ONCE *once, void *parameter, void **context) {
  (void)once;
  (void)parameter;
  (void)context;
  wdn_store_slot = TlsAlloc();
  if (wdn_store_slot != TLS_OUT_OF_INDEXES)
    wdn_handler = AddVectoredExceptionHandler(1, wdn_on_exception);
  return TRUE;
}

/* Once per process. The handler is for entries without guarded memories too: a
 * large frame touches the end of the stack before the guest can look for it. */
static void wdn_prepare_once(void) {
  static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
  (void)InitOnceExecuteOnce(&once, wdn_prepare, NULL, NULL);
}

/* Leaves the thread's last error alone, which TlsGetValue resets. */
static wdn_store_t *wdn_port_store(void) {
  DWORD error = GetLastError();
  wdn_store_t *store = wdn_store_slot != TLS_OUT_OF_INDEXES ? TlsGetValue(wdn_store_slot) : NULL;
  SetLastError(error);
  return store;
}

static wdn_store_t *wdn_port_switch_store(wdn_store_t *store) {
  wdn_store_t *before;
  wdn_prepare_once();
  if (wdn_store_slot == TLS_OUT_OF_INDEXES)
    return NULL; /* traps will abort rather than be caught */
  before = wdn_port_store();
  (void)TlsSetValue(wdn_store_slot, store);
  return before;
}

/* Without the pages at the end that the system keeps for handling an overflow. */
static uintptr_t wdn_port_stack_low(uintptr_t frame) {
  ULONG_PTR low = 0, high = 0;
  ULONG guarantee = 0; /* asks for what it is */
  GetCurrentThreadStackLimits(&low, &high);
  if (frame - low >= high - low)
    return 0;
  (void)SetThreadStackGuarantee(&guarantee);
  return low + guarantee + 3 * 4096u;
}

static void wdn_port_jump(wdn_jump_t buffer) {
#if defined(_M_X64) || defined(__x86_64__)
  /* Else longjmp would look for the tables of every frame on its way. */
  ((_JUMP_BUFFER *)(void *)buffer)->Frame = 0;
#endif
  WDN_LONGJMP(buffer);
}

/* Without abort's message. */
static void wdn_port_abort(void) {
  for (;;)
    (void)TerminateProcess(GetCurrentProcess(), 3);
}

/* ---- Faults ------------------------------------------------------------------------------ */

#if defined(_M_X64) || defined(__x86_64__)

/* Where a thread goes on after a fault of the guest's. */
static void wdn_after_fault(wdn_store_t *store, const void *address, uintptr_t pc) {
  wdn_fault(store, address, pc);
  wdn_port_abort(); /* it was the guest's a moment ago */
}

/* The same after the end of the stack, whose guard page is gone by now. */
static void wdn_after_overflow(wdn_store_t *store) {
  (void)_resetstkoflw();
  wdn_trap(store->entry->instance, WDN_TRAP_STACK_EXHAUSTED, WDN_NO_OFFSET);
}

/* Makes the thread go on in a function with up to three arguments, as if the
 * function of the innermost entry had called it. */
static void wdn_go_on(CONTEXT *context, const wdn_store_t *store, uintptr_t function) {
  const _JUMP_BUFFER *buffer = (const _JUMP_BUFFER *)(const void *)store->entry->buffer;
  context->Rsp = ((buffer->Rsp - 256) & ~(DWORD64)15) - 8;
  context->Rip = function;
}

static LONG CALLBACK wdn_on_exception(EXCEPTION_POINTERS *exception) {
  const EXCEPTION_RECORD *record = exception->ExceptionRecord;
  CONTEXT *context = exception->ContextRecord;
  wdn_store_t *store = wdn_port_store();
  if (store == NULL || !store->in_guest || store->entry == NULL)
    return EXCEPTION_CONTINUE_SEARCH;
  if (record->ExceptionCode == EXCEPTION_STACK_OVERFLOW) {
    /* Of a function whose frame is larger than what lies below the stack's limit. */
    context->Rcx = (uintptr_t)store;
    wdn_go_on(context, store, (uintptr_t)wdn_after_overflow);
    return EXCEPTION_CONTINUE_EXECUTION;
  }
  if (record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION && record->NumberParameters >= 2) {
    const void *address = (const void *)record->ExceptionInformation[1];
    if (wdn_is_guest_fault(store, address)) {
      context->R8 = context->Rip;
      context->Rdx = (uintptr_t)address;
      context->Rcx = (uintptr_t)store;
      wdn_go_on(context, store, (uintptr_t)wdn_after_fault);
      return EXCEPTION_CONTINUE_EXECUTION;
    }
  }
  return EXCEPTION_CONTINUE_SEARCH;
}

#else

/* No guarded memories on other processors. */
static LONG CALLBACK wdn_on_exception(EXCEPTION_POINTERS *exception) {
  (void)exception;
  return EXCEPTION_CONTINUE_SEARCH;
}

#endif

static bool wdn_port_catch_faults(void) {
#if defined(_M_X64) || defined(__x86_64__)
  wdn_prepare_once();
  return wdn_handler != NULL;
#else
  return false;
#endif
}

/* ---- Symbols ------------------------------------------------------------------------------- */

#include "coff.c"
