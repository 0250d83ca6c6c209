/* Runs one script of the specification's test suite against the translated
 * modules it is linked with, through the public interface of the runtime only.
 *
 * Usage: runner SCRIPT [trace]. The script has a line "script INSTANCES", then
 * one command a line, `KIND LINE ...`, where LINE is that of the .wast:
 *
 *   module LINE MODULE INSTANCE               instantiate, which must succeed
 *   uninstantiable LINE MODULE 'MESSAGE       must trap
 *   unlinkable LINE MODULE 'MESSAGE           must be refused for its imports
 *   register LINE INSTANCE 'NAME              make it importable under a name
 *   invoke LINE INSTANCE 'NAME ARGS = RESULTS
 *   trap LINE INSTANCE 'NAME ARGS = 'MESSAGE
 *   get LINE INSTANCE 'NAME = RESULT          read a global
 *
 * Names and messages begin with a quote and have their other bytes as %XX.
 * Prints "fail LINE text" for each failure and at last "done COMMANDS FAILURES";
 * with `trace`, also "at LINE" before each command, to find one that crashes. */
#include "wdn.h"

#include "spectest.h"
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const wdn_module_t *const wdn_spec_modules[];

#define MAX_WORDS 1024

typedef struct word {
  char *text;
  size_t size;
} word_t;

/* A command, cut into words. A cursor takes them from the left. */
typedef struct command {
  word_t words[MAX_WORDS];
  size_t count;
  size_t next;
  unsigned long line;
  bool failed;
} command_t;

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

static void *allocate(void *old, size_t size) {
  void *memory = realloc(old, size == 0 ? 1 : size);
  if (memory == NULL) {
    printf("out of memory\n");
    exit(3);
  }
  return memory;
}

/* ---- Commands ---------------------------------------------------------------- */

static void fail(command_t *command, const char *what, const char *detail) {
  command->failed = true;
  printf("fail %lu %s%s%s\n", command->line, what, *detail == '\0' ? "" : ": ", detail);
}

static int hex_digit(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Replaces %XX in place. */
static void decode(word_t *word) {
  char *to = word->text;
  const char *from = word->text;
  while (*from != '\0') {
    if (*from == '%') {
      *to++ = (char)(hex_digit(from[1]) * 16 + hex_digit(from[2]));
      from += 3;
    } else {
      *to++ = *from++;
    }
  }
  *to = '\0';
  word->size = (size_t)(to - word->text);
}

static void split(command_t *command, char *text) {
  char *word;
  command->count = 0;
  command->next = 0;
  command->failed = false;
  for (word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
    word_t *out = &command->words[command->count++];
    out->text = *word == '\'' ? word + 1 : word;
    out->size = strlen(out->text);
    if (*word == '\'')
      decode(out);
    if (command->count == MAX_WORDS) {
      printf("a command has too many words\n");
      exit(3);
    }
  }
}

static word_t take(command_t *command) {
  static char nothing[1];
  word_t none = {nothing, 0};
  return command->next < command->count ? command->words[command->next++] : none;
}

static unsigned long take_number(command_t *command) {
  return strtoul(take(command).text, NULL, 10);
}

/* The instance a command names, or NULL and the command has failed. */
static void *take_instance(command_t *command) {
  unsigned long number = take_number(command);
  void *instance = number < instance_count ? instances[number] : NULL;
  if (instance == NULL)
    fail(command, "its module could not be instantiated", "");
  return instance;
}

/* The reference interpreter asks that the message it expects begins with the
 * real one, or the other way around. */
static bool same_message(const char *expected, const char *actual) {
  size_t a = strlen(expected), b = strlen(actual);
  return a != 0 && b != 0 && memcmp(expected, actual, a < b ? a : b) == 0;
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

/* Reads the arguments up to "=", as the function's type wants them. */
static bool read_arguments(command_t *command, const wdn_functype_t *type, wdn_value_t *args) {
  uint32_t i;
  for (i = 0; command->next < command->count; i++) {
    word_t word = take(command);
    if (strcmp(word.text, "=") == 0)
      return i == type->param_count;
    if (i >= type->param_count || read_value(word.text, &args[i]) != type->types[i])
      return false;
  }
  return false;
}

static bool results_match(command_t *command, const wdn_functype_t *type,
                          const wdn_value_t *results) {
  uint32_t i;
  for (i = 0; i < type->result_count; i++) {
    word_t pattern = take(command);
    if (!matches(pattern.text, type->types[type->param_count + i], &results[i]))
      return false;
  }
  return command->next == command->count;
}

static void print_expected(command_t *command, size_t from, const wdn_functype_t *type,
                           const wdn_value_t *results) {
  uint32_t i;
  printf("  expected:");
  for (; from < command->count; from++)
    printf(" %s", command->words[from].text);
  printf("\n  got:");
  for (i = 0; i < type->result_count; i++)
    print_value(type->types[type->param_count + i], &results[i]);
  printf("\n");
}

static void check_results(command_t *command, wdn_trap_t trap, const wdn_functype_t *type,
                          const wdn_value_t *results) {
  size_t from = command->next;
  if (trap != WDN_OK) {
    fail(command, "trapped", wdn_trap_message(trap));
  } else if (!results_match(command, type, results)) {
    fail(command, "wrong results", "");
    print_expected(command, from, type, results);
  }
}

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

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  char *text = NULL;
  size_t size = 0, got = 1;
  if (file == NULL) {
    printf("cannot read %s\n", path);
    exit(3);
  }
  while (got > 0) {
    text = allocate(text, size + 65536 + 1);
    got = fread(text + size, 1, 65536, file);
    size += got;
  }
  text[size] = '\0';
  fclose(file);
  return text;
}

/* Cuts off and returns the line at *rest, or NULL at the end. */
static char *next_line(char **rest) {
  char *line = *rest;
  char *end = strchr(line, '\n');
  if (end == NULL)
    return NULL;
  *end = '\0';
  *rest = end + 1;
  return line;
}

/* Frees everything, so that a leak checker sees what the runtime forgot. */
static void finish(char *text) {
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
  free(text);
}

int main(int argc, char **argv) {
  static command_t command;
  char *text, *rest, *line;
  unsigned long commands = 0, failures = 0;
  bool trace = argc > 2;
  if (argc < 2)
    return 2;
  rest = text = read_file(argv[1]);
  line = next_line(&rest);
  if (line == NULL || sscanf(line, "script %lu", &commands) != 1)
    return 2;
  instance_count = commands;
  commands = 0;
  instances = allocate(NULL, instance_count * sizeof *instances);
  memset(instances, 0, instance_count * sizeof *instances);
  if (!spectest_create(&store)) {
    printf("cannot create the memory and table of spectest\n");
    return 3;
  }
  while ((line = next_line(&rest)) != NULL) {
    const char *kind;
    split(&command, line);
    kind = take(&command).text;
    command.line = take_number(&command);
    if (trace) {
      printf("at %lu\n", command.line);
      fflush(stdout);
    }
    run(&command, kind);
    commands++;
    failures += command.failed;
  }
  finish(text);
  printf("done %lu %lu\n", commands, failures);
  return 0;
}
