/* The runtime of modules of one instance: the one file to compile for them. It needs
 * no C library and no port. Part of wdn.c, which is for other modules too. */
#include "float.c"
#include "message.c"
#include "one.c"

#if !defined(WDN_RUNTIME)
/* In a program without other modules, an instance is a module's state. */
void wdn_exit(void *instance, int32_t code) {
  wdn_one_exit(instance, code);
}
void wdn_trap_host(void *instance, int32_t code) {
  wdn_one_t *one = instance;
  one->exit_code = code;
  wdn_one_trap(one, WDN_TRAP_HOST, WDN_NO_OFFSET);
}
#endif
