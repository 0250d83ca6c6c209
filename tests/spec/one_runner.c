/* The runner for modules of which there is one instance, each linked under a name of its
 * own. What a trap must leave behind is looked at in their state. */
#include "one.h"

#include "commands.h"

#define MAX_VALUES 64

static const one_module_t **instances; /* by number; NULL if not there */
static size_t instance_count;

static const one_module_t *take_instance(command_t *command) {
  unsigned long number = take_number(command);
  const one_module_t *instance = number < instance_count ? instances[number] : NULL;
  if (instance == NULL)
    fail(command, "its module could not be instantiated", "");
  return instance;
}

/* Is the state what an entry that ended like this must leave? */
static void check_state(command_t *command, const wdn_one_t *state, wdn_trap_t trap) {
  if (state->entry != NULL)
    fail(command, "the module is still entered", "");
  else if (state->trap != trap)
    fail(command, "the state has another trap", wdn_trap_message((wdn_trap_t)state->trap));
  else if (state->state != (trap == WDN_OK ? WDN_READY : WDN_POISONED))
    fail(command, "the module's state is wrong", wdn_trap_message(trap));
  else if (trap != WDN_OK && state->at == WDN_NO_OFFSET)
    fail(command, "the trap has no offset", wdn_trap_message(trap));
}

/* A trap stops the module that was called and the one that trapped. */
static void unpoison_all(void) {
  size_t i;
  for (i = 0; i < one_module_count; i++)
    if (one_modules[i] != NULL && one_modules[i]->state->state == WDN_POISONED)
      one_modules[i]->state->state = WDN_READY;
}

static void run_module(command_t *command) {
  const one_module_t *module = one_modules[take_number(command)];
  unsigned long number = take_number(command);
  wdn_trap_t trap = module->init();
  check_state(command, module->state, trap);
  if (trap == WDN_OK)
    instances[number] = module;
  else
    fail(command, "cannot instantiate", wdn_trap_message(trap));
  unpoison_all();
}

static void expect_trap(command_t *command, wdn_trap_t trap) {
  word_t message = take(command);
  if (trap == WDN_OK) {
    fail(command, "returned, but should trap", message.text);
  } else if (!same_message(message.text, wdn_trap_message(trap))) {
    fail(command, "trapped", wdn_trap_message(trap));
    printf("  expected: %s\n", message.text);
  }
}

static void run_failing_module(command_t *command) {
  const one_module_t *module = one_modules[take_number(command)];
  wdn_trap_t trap = module->init();
  expect_trap(command, trap);
  check_state(command, module->state, trap);
  unpoison_all();
}

static bool same_name(const word_t *word, const char *name, size_t size) {
  return word->size == size && memcmp(word->text, name, size) == 0;
}

static const one_func_t *find_func(const one_module_t *module, const word_t *name) {
  size_t i;
  for (i = 0; i < module->func_count; i++)
    if (same_name(name, module->funcs[i].name, module->funcs[i].size))
      return &module->funcs[i];
  return NULL;
}

static void run_invoke(command_t *command, bool must_trap) {
  static wdn_value_t args[MAX_VALUES], results[MAX_VALUES];
  const one_module_t *instance = take_instance(command);
  word_t name = take(command);
  const one_func_t *func;
  wdn_trap_t trap;
  if (instance == NULL)
    return;
  func = find_func(instance, &name);
  if (func == NULL || func->type.param_count > MAX_VALUES || func->type.result_count > MAX_VALUES) {
    fail(command, "no such exported function", name.text);
    return;
  }
  /* No result may be left unwritten. */
  memset(results, 0xa5, sizeof results);
  if (!read_arguments(command, &func->type, args)) {
    fail(command, "the function has other parameters", name.text);
    return;
  }
  trap = func->call(args, results);
  check_state(command, instance->state, trap);
  if (must_trap) {
    expect_trap(command, trap);
    if (trap != WDN_OK && func->call(args, results) != WDN_TRAP_POISONED)
      fail(command, "a module can be called again after a trap", "");
  } else {
    check_results(command, trap, &func->type, results);
  }
  unpoison_all();
}

static void run_get(command_t *command) {
  wdn_functype_t type = {0, 1, NULL, NULL}; /* as of a function that returns the global */
  const one_module_t *instance = take_instance(command);
  word_t name = take(command);
  wdn_value_t value;
  size_t i;
  memset(&value, 0, sizeof value);
  if (instance == NULL)
    return;
  for (i = 0; i < instance->global_count; i++) {
    const one_global_t *global = &instance->globals[i];
    if (!same_name(&name, global->name, global->size))
      continue;
    take(command); /* the "=" */
    global->get(&value);
    type.types = &global->type;
    check_results(command, WDN_OK, &type, &value);
    return;
  }
  fail(command, "no such exported global", name.text);
}

static void run(command_t *command, const char *kind) {
  if (strcmp(kind, "module") == 0)
    run_module(command);
  else if (strcmp(kind, "uninstantiable") == 0)
    run_failing_module(command);
  else if (strcmp(kind, "invoke") == 0)
    run_invoke(command, false);
  else if (strcmp(kind, "trap") == 0)
    run_invoke(command, true);
  else if (strcmp(kind, "get") == 0)
    run_get(command);
  else if (strcmp(kind, "register") != 0) /* which is for the linker to do */
    fail(command, "unknown command", kind);
}

static bool begin(unsigned long count) {
  size_t size = count * sizeof *instances;
  instance_count = count;
  instances = allocate(NULL, size);
  memset(instances, 0, size);
  return true;
}

static void end(void) {
  free(instances);
}

int main(int argc, char **argv) {
  return run_script(argc, argv, begin, run, end);
}
