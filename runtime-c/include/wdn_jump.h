/* Jumping back to where guest code was entered.
 *
 * Without a C library, by what compilers build in; WDN_HAVE_SETJMP says that there
 * is a <setjmp.h> all the same. With WDN_NO_SETJMP nothing comes back from a trap:
 * see port/bare.c. */
#ifndef WDN_JUMP_H
#define WDN_JUMP_H

#if defined(WDN_NO_SETJMP)
typedef char wdn_jump_t[1];
#define WDN_SETJMP(buffer) 0
#elif __STDC_HOSTED__ || defined(WDN_HAVE_SETJMP)
#include <setjmp.h>
typedef jmp_buf wdn_jump_t;
#if defined(__unix__) || defined(__linux__) || defined(__APPLE__)
#define WDN_SETJMP(buffer) _setjmp(buffer) /* does not save the signal mask */
#else
#define WDN_SETJMP(buffer) setjmp(buffer)
#endif
#define WDN_LONGJMP(buffer) longjmp(buffer, 1)
#else
typedef void *wdn_jump_t[5];
#define WDN_SETJMP(buffer) __builtin_setjmp(buffer)
#define WDN_LONGJMP(buffer) __builtin_longjmp(buffer, 1)
#endif

#endif
