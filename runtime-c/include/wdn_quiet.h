/* What a module may well contain and people do not write: warnings that would
 * say nothing about the translation. Included by generated code only. */
#ifndef WDN_QUIET_H
#define WDN_QUIET_H

#if WDN_GNU
#pragma GCC diagnostic ignored "-Wtype-limits"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-const-variable"
#pragma GCC diagnostic ignored "-Wtautological-compare"
#pragma GCC diagnostic ignored "-Woverlength-strings"
#endif
#if WDN_GCC >= 7 || WDN_CLANG >= 13
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-parameter"
#pragma GCC diagnostic ignored "-Wswitch-bool"
#endif
#if WDN_GCC >= 7
#pragma GCC diagnostic ignored "-Wbool-compare"
#pragma GCC diagnostic ignored "-Wint-in-bool-context"
#endif
#if WDN_GCC >= 12
#pragma GCC diagnostic ignored "-Winfinite-recursion"
#endif

#endif
