/* How functions of the host and of modules call each other, where that is not
 * plain C. Part of wdn.h; a host need not include it. */
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

#endif
