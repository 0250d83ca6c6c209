/* What the runner for modules of one instance knows of them: they have no descriptors,
 * so the program that is written for a script says what they export. */
#ifndef ONE_H
#define ONE_H

#include "wdn_one.h"

typedef struct one_func {
  const char *name;
  size_t size; /* of the name */
  wdn_functype_t type;
  wdn_trap_t (*call)(const wdn_value_t *args, wdn_value_t *results);
} one_func_t;

typedef struct one_global {
  const char *name;
  size_t size;
  wdn_valtype_t type;
  void (*get)(wdn_value_t *value);
} one_global_t;

typedef struct one_module {
  wdn_one_t *state;
  wdn_trap_t (*init)(void);
  const one_func_t *funcs;
  size_t func_count;
  const one_global_t *globals;
  size_t global_count;
} one_module_t;

/* By number; NULL for those that are left out. */
extern const one_module_t *const one_modules[];
extern const size_t one_module_count;

#endif
