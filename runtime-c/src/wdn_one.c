/* The runtime of modules of one instance: the one file to compile for them. It needs
 * no C library and no port. Part of wdn.c, which is for other modules too. */
#include "float.c"
#include "one.c"
