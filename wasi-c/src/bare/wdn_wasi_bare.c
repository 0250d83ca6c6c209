/* WASI preview 1 without an operating system: the one file to compile.
 *
 * Everything is static and small: streams are callbacks, files are constants of the
 * program. Each function is for the linker to leave out (-ffunction-sections and
 * --gc-sections) where no guest imports it. */
#include "wdn_wasi_bare.h"
#include "../abi.h"
#include "../address.h"

#if __STDC_HOSTED__
#include <string.h>
#else
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);
#endif

#include "table.c"
#include "process.c"
#include "files.c"
#include "rom.c"
#include "refused.c"
