/* The C runtime of translated modules: compile this file and link it.
 *
 * It includes the other files, so that building needs no list of them and the
 * compiler sees the runtime as a whole. The port comes first because it may ask
 * the system's headers for more than C99. This is the only place that chooses
 * among platforms. */
#if defined(WDN_PORT)
#include WDN_PORT /* a file of the user's, such as -DWDN_PORT='"my_port.c"' */
#elif !__STDC_HOSTED__
#include "../port/bare.c" /* -ffreestanding: whatever the platform, it is not to be used */
#elif defined(__unix__) || defined(__linux__) || defined(__APPLE__)
#include "../port/posix.c"
#elif defined(_WIN32)
#include "../port/windows.c"
#else
#include "../port/bare.c"
#endif

#include "entry.c"
#include "trap.c"
#include "memory.c"
#include "table.c"
#include "import.c"
#include "instance.c"
#include "locate.c"
#define WDN_RUNTIME
#include "wdn_one.c"
