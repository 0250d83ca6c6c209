/* The words for traps. Apart from everything else, because few firmwares have room for
 * them: nothing in the runtime calls this. */
#include "wdn.h"

const char *wdn_trap_message(wdn_trap_t trap) {
  switch (trap) {
  case WDN_OK:
    return "no trap";
  case WDN_TRAP_UNREACHABLE:
    return "unreachable";
  case WDN_TRAP_MEMORY_OUT_OF_BOUNDS:
    return "out of bounds memory access";
  case WDN_TRAP_TABLE_OUT_OF_BOUNDS:
    return "out of bounds table access";
  case WDN_TRAP_DIVISION_BY_ZERO:
    return "integer divide by zero";
  case WDN_TRAP_INTEGER_OVERFLOW:
    return "integer overflow";
  case WDN_TRAP_INVALID_CONVERSION:
    return "invalid conversion to integer";
  case WDN_TRAP_UNDEFINED_ELEMENT:
    return "undefined element";
  case WDN_TRAP_UNINITIALIZED_ELEMENT:
    return "uninitialized element";
  case WDN_TRAP_INDIRECT_CALL_TYPE:
    return "indirect call type mismatch";
  case WDN_TRAP_STACK_EXHAUSTED:
    return "call stack exhausted";
  case WDN_TRAP_UNRESOLVED_IMPORT:
    return "call of an unresolved import";
  case WDN_TRAP_HOST:
    return "stopped by the host";
  case WDN_TRAP_EXIT:
    return "exit";
  case WDN_TRAP_POISONED:
    return "the instance trapped before";
  case WDN_TRAP_INTERRUPTED:
    return "interrupted";
  }
  return "unknown trap";
}
