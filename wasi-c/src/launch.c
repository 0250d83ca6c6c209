/* The main program of a translated command: reads the options, grants what they
 * name, runs the guest and says how it ended.
 *
 * For executables only; this file prints, and returns the exit code. Options come
 * before the guest's own arguments and are spelled as other runners spell them. */
#include "wdn_launch.h"
#include "wdn_gen.h"
#include "wdn_wasi_memfs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port/launch_system.c"

enum { EXIT_TROUBLE = 1, EXIT_USAGE = 2, EXIT_TRAP = 134 };

#define DEFAULT_MEMORY ((uint64_t)64 << 20) /* bytes, of --mount-memory */
#define COARSE_STEP 1000000u                /* nanoseconds */

/* What the command line asks for; lists have room for every argument. */
typedef struct launch {
  const wdn_program_t *program;
  const char *invoke;
  const char *argv0;
  wdn_wasi_preopen_t *preopens; /* the program's own first */
  uint64_t *memory_sizes;       /* of those that are memory; else 0 */
  uint32_t preopen_count;
  wdn_wasi_stream_t stdio[3];
  uint64_t clock_step;
  uint64_t max_written;
  const char **env; /* typed */
  uint32_t env_count;
  const char **inherited; /* names, with commas between */
  uint32_t inherited_count;
  bool inherit_all;
  const char **all_env; /* that the guest gets */
  const char **args;    /* the guest's; args[0] is its name */
  uint32_t arg_count;
  bool help;
  const char *unresolved_module; /* the import that ended the guest */
  const char *unresolved_name;
} launch_t;

/* ---- Text ----------------------------------------------------------------------- */

/* Names come from the module: a terminal must not take them for commands. */
static void print_name(FILE *to, const char *bytes, size_t size) {
  size_t i;
  for (i = 0; i < size; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c < 0x20 || c == 0x7f || c == '`' || c == '\\')
      fprintf(to, "\\%02x", c);
    else
      fputc(c, to);
  }
}

static int trouble(const char *what, const char *about, const char *help) {
  fprintf(stderr, "error: %s", what);
  if (about != NULL) {
    fputs(" `", stderr);
    print_name(stderr, about, strlen(about));
    fputc('`', stderr);
  }
  fputc('\n', stderr);
  if (help != NULL)
    fprintf(stderr, "help: %s\n", help);
  return EXIT_TROUBLE;
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *backslash = strrchr(path, '\\');
  if (backslash != NULL && (slash == NULL || backslash > slash))
    slash = backslash;
  return slash != NULL ? slash + 1 : path;
}

#include "launch_options.c"
#include "launch_grants.c"
#include "launch_values.c"

/* ---- How it ended --------------------------------------------------------------------- */

static const char *function_name(const wdn_module_t *module, uint32_t function) {
  uint32_t i;
  for (i = 0; i < module->name_count; i++) {
    if (module->names[i].function == function)
      return module->names[i].name;
  }
  return NULL;
}

static void print_place(const launch_t *launch, const wdn_trap_info_t *trap) {
  const char *separator = ":";
  fprintf(stderr, "  --> %s", launch->program->file);
  if (trap->function != WDN_NO_FUNCTION) {
    const char *name = trap->module != NULL ? function_name(trap->module, trap->function) : NULL;
    fprintf(stderr, "%s function %" PRIu32, separator, trap->function);
    separator = ",";
    if (name != NULL) {
      fputs(" `", stderr);
      print_name(stderr, name, strlen(name));
      fputc('`', stderr);
    }
  }
  if (trap->offset != WDN_NO_OFFSET) {
    fprintf(stderr, "%s offset 0x%" PRIx32, separator, trap->offset);
    separator = ",";
  }
  if (trap->pc != 0)
    fprintf(stderr, "%s guest address 0x%" PRIx64, separator, trap->address);
  fputc('\n', stderr);
}

/* The exit code for a guest that did not return. */
static int ended(const launch_t *launch, const wdn_trap_info_t *trap) {
  if (trap->code == WDN_TRAP_EXIT)
    return trap->exit_code;
  fprintf(stderr, "error: guest trapped: %s", wdn_trap_message(trap->code));
  if (trap->code == WDN_TRAP_UNRESOLVED_IMPORT && launch->unresolved_name != NULL) {
    fputs(" `", stderr);
    print_name(stderr, launch->unresolved_module, strlen(launch->unresolved_module));
    fputs("` `", stderr);
    print_name(stderr, launch->unresolved_name, strlen(launch->unresolved_name));
    fputc('`', stderr);
  }
  fputc('\n', stderr);
  print_place(launch, trap);
  return EXIT_TRAP;
}

void wdn_launch_unresolved(void *instance, const char *module, const char *name) {
  launch_t *launch = ((wdn_instance_t *)instance)->host;
  if (launch != NULL) {
    launch->unresolved_module = module;
    launch->unresolved_name = name;
  }
  wdn_trap(instance, WDN_TRAP_UNRESOLVED_IMPORT, WDN_NO_OFFSET);
}

static int not_instantiated(const launch_t *launch, const wdn_error_t *error) {
  const wdn_module_t *module = launch->program->module;
  if (error->status == WDN_ERROR_TRAP)
    return ended(launch, &error->trap);
  fprintf(stderr, "error: %s", error->message);
  if (error->status == WDN_ERROR_IMPORT && error->import < module->import_count) {
    const wdn_import_t *import = &module->imports[error->import];
    fputs(": `", stderr);
    print_name(stderr, import->module.bytes, import->module.size);
    fputs("` `", stderr);
    print_name(stderr, import->name.bytes, import->name.size);
    fputc('`', stderr);
  }
  fprintf(stderr, "\n  --> %s\n", launch->program->file);
  return EXIT_TROUBLE;
}

/* ---- Running --------------------------------------------------------------------------------- */

static bool find_function(const launch_t *launch, const char *name, wdn_func_t *func) {
  wdn_extern_t found;
  if (!wdn_export(launch->program->instance, name, strlen(name), &found) || found.kind != WDN_FUNC)
    return false;
  *func = found.func;
  return true;
}

static void list_functions(const wdn_module_t *module) {
  const char *separator = "help: it exports ";
  uint32_t i, shown = 0;
  for (i = 0; i < module->export_count && shown < 20; i++) {
    if (module->exports[i].kind != WDN_FUNC)
      continue;
    fprintf(stderr, "%s`", separator);
    print_name(stderr, module->exports[i].name.bytes, module->exports[i].name.size);
    fputc('`', stderr);
    separator = ", ";
    shown++;
  }
  fputs(shown > 0 ? "\n" : "help: it exports no functions\n", stderr);
}

static int no_function(const launch_t *launch, const char *name) {
  trouble("the module exports no function", name, NULL);
  list_functions(launch->program->module);
  return EXIT_TROUBLE;
}

/* Calls `func`, whose arguments and results there is room for. */
static int call(const launch_t *launch, const wdn_func_t *func, const wdn_value_t *args,
                wdn_value_t *results, bool *returned) {
  void *instance = launch->program->instance;
  wdn_trap_t trap = wdn_call(instance, func, args, results);
  *returned = trap == WDN_OK;
  if (trap == WDN_OK)
    return 0;
  wdn_trap_locate(instance); /* if it can: a fault comes without its function */
  return ended(launch, &((wdn_instance_t *)instance)->store->trap);
}

/* A function that takes and returns nothing, by name. */
static int run(const launch_t *launch, const char *name, bool *returned) {
  wdn_value_t none;
  wdn_func_t func;
  *returned = false;
  if (!find_function(launch, name, &func))
    return no_function(launch, name);
  if (func.type->param_count != 0 || func.type->result_count != 0)
    return trouble("not a function without parameters and results:", name, NULL);
  return call(launch, &func, &none, &none, returned);
}

static int parse_arguments(const launch_t *launch, const wdn_functype_t *type, wdn_value_t *args) {
  uint32_t i;
  if (launch->arg_count - 1 != type->param_count) {
    fprintf(stderr, "error: `%s` takes %" PRIu32 " argument%s, not %" PRIu32 "\n", launch->invoke,
            type->param_count, type->param_count == 1 ? "" : "s", launch->arg_count - 1);
    return EXIT_USAGE;
  }
  for (i = 0; i < type->param_count; i++) {
    if (parse_value(launch->args[i + 1], type->types[i], &args[i]))
      continue;
    trouble("not a value that the function takes here:", launch->args[i + 1],
            type->types[i] == WDN_I32   ? "an i32 is expected"
            : type->types[i] == WDN_I64 ? "an i64 is expected"
            : type->types[i] == WDN_F32 ? "an f32 is expected"
            : type->types[i] == WDN_F64 ? "an f64 is expected"
                                        : "references cannot be written down");
    return EXIT_USAGE;
  }
  return 0;
}

static int invoke(const launch_t *launch) {
  wdn_func_t func;
  wdn_value_t *values;
  uint32_t i;
  bool returned = false;
  int code;
  if (!find_function(launch, launch->invoke, &func))
    return no_function(launch, launch->invoke);
  values = calloc((size_t)func.type->param_count + func.type->result_count + 1, sizeof *values);
  if (values == NULL)
    return trouble("out of memory", NULL, NULL);
  code = parse_arguments(launch, func.type, values);
  if (code == 0)
    code = call(launch, &func, values, values + func.type->param_count, &returned);
  for (i = 0; returned && i < func.type->result_count; i++)
    print_value(&values[func.type->param_count + i], func.type->types[func.type->param_count + i]);
  free(values);
  return code;
}

/* A command has `_start`. Anything else is a library, which `_initialize` gets
 * ready and whose functions are called by name. */
static int run_guest(const launch_t *launch) {
  wdn_func_t func;
  bool returned = true;
  int code = 0;
  if (launch->invoke == NULL)
    return run(launch, "_start", &returned);
  if (find_function(launch, "_initialize", &func) && strcmp(launch->invoke, "_initialize") != 0)
    code = run(launch, "_initialize", &returned);
  return returned ? invoke(launch) : code;
}

/* The exit code as the system has room for it. */
static int run_instance(launch_t *launch, wdn_wasi_t *wasi) {
  const wdn_program_t *program = launch->program;
  wdn_config_t config;
  wdn_error_t error;
  int code;
  memset(&config, 0, sizeof config);
  memset(&error, 0, sizeof error);
  config.host = launch;
  wdn_wasi_attach(wasi, program->instance, program->module);
  if (program->instantiate(program->instance, wasi, &config, &error) != WDN_DONE)
    return not_instantiated(launch, &error);
  code = run_guest(launch);
  wdn_destroy(program->instance);
  return code;
}

static int run_program(launch_t *launch) {
  wdn_wasi_config_t config;
  wdn_wasi_error_t error;
  wdn_wasi_t wasi;
  int code;
  if (!configure(launch, &config))
    return trouble("out of memory", NULL, NULL);
  if (!wdn_wasi_init(&wasi, &config, &error))
    return not_granted(launch, &error);
  code = run_instance(launch, &wasi);
  wdn_wasi_destroy(&wasi);
  return code;
}

/* Room for what the command line may name. */
static bool prepare(launch_t *launch, size_t room) {
  wdn_wasi_config_t config;
  launch->preopen_count = launch->program->bundle_count;
  launch->preopens = calloc(room + launch->preopen_count, sizeof *launch->preopens);
  launch->memory_sizes = calloc(room + launch->preopen_count, sizeof *launch->memory_sizes);
  launch->env = calloc(room, sizeof *launch->env);
  launch->inherited = calloc(room, sizeof *launch->inherited);
  launch->args = calloc(room, sizeof *launch->args);
  wdn_wasi_inherit_stdio(&config);
  memcpy(launch->stdio, config.stdio, sizeof launch->stdio);
  return launch->preopens != NULL && launch->memory_sizes != NULL && launch->env != NULL &&
         launch->inherited != NULL && launch->args != NULL;
}

static void clean_up(const launch_t *launch) {
  if (launch->preopens != NULL)
    unmount_memory(launch);
  free(launch->preopens);
  free(launch->memory_sizes);
  free(launch->env);
  free(launch->inherited);
  free(launch->all_env);
  free(launch->args);
}

int wdn_launch(const wdn_program_t *program, int argc, char **argv) {
  const char *problem = prepare_system(&argc, &argv);
  launch_t launch;
  int code;
  if (problem != NULL)
    return trouble(problem, NULL, NULL);
  memset(&launch, 0, sizeof launch);
  launch.program = program;
  launch.argv0 = argc > 0 ? base_name(argv[0]) : program->module->name;
  if (!prepare(&launch, argc > 0 ? (size_t)argc + 1 : 1)) {
    code = trouble("out of memory", NULL, NULL);
  } else {
    code = parse(&launch, argv);
    if (code == 0 && launch.help)
      print_help(&launch);
    else if (code == 0)
      code = run_program(&launch);
  }
  if (fflush(stdout) != 0 && code == 0)
    code = trouble("standard output cannot be written", NULL, NULL);
  clean_up(&launch);
  return code;
}
