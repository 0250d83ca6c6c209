/* Its console. */
#include "../console.c"
