/* Runs one script of the specification's test suite against the translated
 * modules it is linked with, through the public interface of the runtime only.
 *
 * Usage: runner SCRIPT [trace]. See commands.h for what is in a script. */
#include "wdn.h"

#include "commands.h"
#include "spectest.h"

extern const wdn_module_t *const wdn_spec_modules[];

typedef struct registration {
  word_t name;
  unsigned long instance;
} registration_t;

static wdn_store_t store;
static void **instances; /* by number; NULL if not there */
static size_t instance_count;
static registration_t *registrations;
static size_t registration_count;
/* Instances that failed: functions of theirs may be in tables, so they live on. */
static void **failed_instances;
static size_t failed_instance_count;

/* ---- Commands ---------------------------------------------------------------- */

/* The instance a command names, or NULL and the command has failed. */
static void *take_instance(command_t *command) {
  unsigned long number = take_number(command);
  void *instance = number < instance_count ? instances[number] : NULL;
  if (instance == NULL)
    fail(command, "its module could not be instantiated", "");
  return instance;
}

/* ---- Instances ----------------------------------------------------------------- */

static bool same_name(const word_t *word, const wdn_name_t *name) {
  return word->size == name->size && memcmp(word->text, name->bytes, name->size) == 0;
}

static void look_up(const wdn_import_t *import, wdn_extern_t *found) {
  static const wdn_name_t spectest = {"spectest", 8};
  size_t i = registration_count;
  memset(found, 0, sizeof *found);
  while (i-- > 0) {
    if (!same_name(&registrations[i].name, &import->module))
      continue;
    if (!wdn_export(instances[registrations[i].instance], import->name.bytes, import->name.size,
                    found))
      memset(found, 0, sizeof *found);
    return;
  }
  if (spectest.size == import->module.size &&
      memcmp(spectest.bytes, import->module.bytes, spectest.size) == 0)
    spectest_export(import->name.bytes, import->name.size, found);
}

/* Instantiates module number `number`. `instance` is its memory in any case. */
static wdn_status_t instantiate(unsigned long number, void **instance, wdn_error_t *error) {
  const wdn_module_t *module = wdn_spec_modules[number];
  wdn_extern_t *imports = allocate(NULL, module->import_count * sizeof *imports);
  wdn_config_t config;
  wdn_status_t status;
  uint32_t i;
  for (i = 0; i < module->import_count; i++)
    look_up(&module->imports[i], &imports[i]);
  memset(&config, 0, sizeof config);
  config.store = &store;
  *instance = allocate(NULL, module->instance_size);
  memset(*instance, 0xa5, module->instance_size); /* "any contents", says the interface */
  memset(error, 0, sizeof *error);
  status = wdn_instantiate(module, *instance, imports, &config, error);
  free(imports);
  if (status != error->status || status == WDN_ERROR_ABI) {
    printf("wdn_instantiate returned status %d and reported %d\n", (int)status, (int)error->status);
    exit(3);
  }
  return status;
}

static const char *error_text(const wdn_error_t *error) {
  if (error->status == WDN_DONE)
    return "it succeeded";
  if (error->status == WDN_ERROR_TRAP)
    return wdn_trap_message(error->trap.code);
  return error->message == NULL ? "no message" : error->message;
}

static void keep_failed(void *instance) {
  failed_instances =
      allocate(failed_instances, (failed_instance_count + 1) * sizeof *failed_instances);
  failed_instances[failed_instance_count++] = instance;
}

static void run_module(command_t *command) {
  unsigned long module = take_number(command);
  unsigned long number = take_number(command);
  wdn_error_t error;
  void *instance;
  if (instantiate(module, &instance, &error) == WDN_DONE) {
    instances[number] = instance;
    return;
  }
  keep_failed(instance);
  fail(command, "cannot instantiate", error_text(&error));
}

/* A module that must fail with `status`. */
static void run_failing_module(command_t *command, wdn_status_t status) {
  unsigned long module = take_number(command);
  word_t message = take(command);
  wdn_error_t error;
  void *instance;
  instantiate(module, &instance, &error);
  keep_failed(instance);
  if (error.status != status || !same_message(message.text, error_text(&error))) {
    fail(command, "instantiation", error_text(&error));
    printf("  expected: %s\n", message.text);
  }
}

static void run_register(command_t *command) {
  unsigned long number = take_number(command);
  registration_t *registration;
  if (instances[number] == NULL) {
    fail(command, "its module could not be instantiated", "");
    return;
  }
  registrations = allocate(registrations, (registration_count + 1) * sizeof *registrations);
  registration = &registrations[registration_count++];
  registration->instance = number;
  registration->name = take(command);
  /* The words live as long as the script's text, which is never freed. */
}

/* ---- Invocations ----------------------------------------------------------------- */

/* Besides its message, a trap must be on record in the store, and must keep
 * the instance from being called until it is allowed again. */
static void check_trap(command_t *command, wdn_trap_t trap, void *instance, const wdn_func_t *func,
                       const wdn_value_t *args, wdn_value_t *results) {
  word_t message = take(command);
  if (trap == WDN_OK) {
    fail(command, "returned, but should trap", message.text);
    return;
  }
  if (!same_message(message.text, wdn_trap_message(trap))) {
    fail(command, "trapped", wdn_trap_message(trap));
    printf("  expected: %s\n", message.text);
  } else if (store.trap.code != trap) {
    fail(command, "the store has another trap", wdn_trap_message(store.trap.code));
  } else if (wdn_call(instance, func, args, results) != WDN_TRAP_POISONED) {
    fail(command, "an instance can be called again after a trap", "");
  }
}

/* A trap stops the instance that was called and the one that trapped. */
static void unpoison_all(void) {
  size_t i;
  for (i = 0; i < instance_count; i++)
    if (instances[i] != NULL)
      wdn_unpoison(instances[i]);
}

static void run_invoke(command_t *command, bool must_trap) {
  void *instance = take_instance(command);
  word_t name = take(command);
  wdn_extern_t found;
  wdn_value_t *args, *results;
  const wdn_functype_t *type;
  memset(&found, 0, sizeof found);
  if (instance == NULL)
    return;
  if (!wdn_export(instance, name.text, name.size, &found) || found.kind != WDN_FUNC) {
    fail(command, "no such exported function", name.text);
    return;
  }
  type = found.func.type;
  args = allocate(NULL, type->param_count * sizeof *args);
  results = allocate(NULL, type->result_count * sizeof *results);
  /* No result may be left unwritten. */
  memset(results, 0xa5, type->result_count * sizeof *results);
  if (read_arguments(command, type, args)) {
    wdn_trap_t trap = wdn_call(instance, &found.func, args, results);
    if (must_trap)
      check_trap(command, trap, instance, &found.func, args, results);
    else
      check_results(command, trap, type, results);
    if (trap != WDN_OK)
      unpoison_all();
  } else {
    fail(command, "the function has other parameters", name.text);
  }
  free(args);
  free(results);
}

static void run_get(command_t *command) {
  wdn_functype_t type = {0, 1, NULL, NULL}; /* as of a function that returns the global */
  void *instance = take_instance(command);
  word_t name = take(command);
  wdn_extern_t found;
  wdn_value_t value;
  memset(&found, 0, sizeof found);
  memset(&value, 0, sizeof value);
  if (instance == NULL)
    return;
  if (!wdn_export(instance, name.text, name.size, &found) || found.kind != WDN_GLOBAL) {
    fail(command, "no such exported global", name.text);
    return;
  }
  take(command); /* the "=" */
  switch (found.global_type.value) {
  case WDN_I32:
  case WDN_F32:
    memcpy(&value.i32, found.global, sizeof value.i32);
    break;
  case WDN_I64:
  case WDN_F64:
    memcpy(&value.i64, found.global, sizeof value.i64);
    break;
  case WDN_FUNCREF:
    memcpy(&value.func, found.global, sizeof value.func);
    break;
  default:
    memcpy(&value.ext, found.global, sizeof value.ext);
    break;
  }
  type.types = &found.global_type.value;
  if (!matches(take(command).text, found.global_type.value, &value)) {
    fail(command, "wrong value", name.text);
    print_expected(command, command->next - 1, &type, &value);
  }
}

/* ---- The script --------------------------------------------------------------------- */

static void run(command_t *command, const char *kind) {
  if (strcmp(kind, "module") == 0)
    run_module(command);
  else if (strcmp(kind, "uninstantiable") == 0)
    run_failing_module(command, WDN_ERROR_TRAP);
  else if (strcmp(kind, "unlinkable") == 0)
    run_failing_module(command, WDN_ERROR_IMPORT);
  else if (strcmp(kind, "register") == 0)
    run_register(command);
  else if (strcmp(kind, "invoke") == 0)
    run_invoke(command, false);
  else if (strcmp(kind, "trap") == 0)
    run_invoke(command, true);
  else if (strcmp(kind, "get") == 0)
    run_get(command);
  else
    fail(command, "unknown command", kind);
}

static bool begin(unsigned long count) {
  instance_count = count;
  instances = allocate(NULL, instance_count * sizeof *instances);
  memset(instances, 0, instance_count * sizeof *instances);
  if (spectest_create(&store))
    return true;
  printf("cannot create the memory and table of spectest\n");
  return false;
}

/* Frees everything, so that a leak checker sees what the runtime forgot. */
static void end(void) {
  size_t i = instance_count;
  while (i-- > 0) {
    if (instances[i] != NULL)
      wdn_destroy(instances[i]);
    free(instances[i]);
  }
  for (i = 0; i < failed_instance_count; i++) {
    wdn_destroy(failed_instances[i]); /* does nothing if it has been already */
    free(failed_instances[i]);
  }
  spectest_destroy(&store);
  free(failed_instances);
  free(instances);
  free(registrations);
}

int main(int argc, char **argv) {
  return run_script(argc, argv, begin, run, end);
}
