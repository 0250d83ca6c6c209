/* How functions of the host and of modules call each other and share variables, where
 * that is not plain C. Part of wdn.h; a host need not include it. */
#ifndef WDN_ABI_H
#define WDN_ABI_H

/* On i386 a float is returned in an x87 register, which quiets a signalling
 * NaN. Functions that return one float are marked with this so that both
 * sides of every call keep the bits. */
#if defined(__i386__) && defined(__GNUC__) && !defined(__TINYC__)
#define WDN_FLOAT_RESULT __attribute__((__sseregparm__))
#else
#define WDN_FLOAT_RESULT
#endif

/* Aligns a variable that is a memory of a guest. Part of its declaration: compilers for
 * processors that need alignment read it byte by byte unless they know. */
#if defined(__GNUC__) && !defined(__TINYC__)
#define WDN_ALIGNED __attribute__((__aligned__(16)))
#else
#define WDN_ALIGNED
#endif

#endif
