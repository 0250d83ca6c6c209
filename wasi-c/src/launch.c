/* The main program of a translated command: reads the options, grants what they
 * name, runs the guest and says how it ended.
 *
 * For executables only; this file prints, and returns the exit code. Options come
 * before the guest's own arguments and are spelled as other runners spell them. */
#include "wdn_launch.h"
#include "wdn_gen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port/launch_system.c"

enum { EXIT_TROUBLE = 1, EXIT_USAGE = 2, EXIT_TRAP = 134 };

/* What the command line asks for; lists have room for every argument. */
typedef struct launch {
  const wdn_program_t *program;
  const char *invoke;
  const char *argv0;
  wdn_wasi_preopen_t *preopens;
  uint32_t preopen_count;
  const char **env;
  uint32_t env_count;
  const char **args; /* the guest's; args[0] is its name */
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

static void print_help(const launch_t *launch) {
  printf("%s, translated from %s\n"
         "\n"
         "Usage: %s [OPTIONS] [--] [ARGUMENTS OF THE PROGRAM]...\n"
         "\n"
         "Options:\n"
         "  --dir HOST[::GUEST[::ro]]  Give it a directory, under the same or another name,\n"
         "                             to read and change or only to read\n"
         "  --env NAME=VALUE           Set an environment variable; it gets no others\n"
         "  --invoke NAME              Call this export with the arguments, and print its results\n"
         "  --argv0 NAME               What the program finds as its own name\n"
         "  --help                     Print this\n"
         "\n"
         "The first argument that is none of these is the program's, and so is what follows.\n",
         launch->argv0, launch->program->file, launch->argv0);
}

/* ---- The command line -------------------------------------------------------------- */

/* The value of option `name` at *argv, as `--name value` or `--name=value`, moving
 * to its last word. False if it is another option; a NULL value is missing. */
static bool option(char ***argv, const char *name, char **value) {
  char *arg = **argv;
  size_t size = strlen(name);
  if (strncmp(arg, name, size) != 0 || (arg[size] != 0 && arg[size] != '='))
    return false;
  *value = arg[size] == '=' ? arg + size + 1 : (*argv)[1];
  if (arg[size] == 0 && *value != NULL)
    ++*argv;
  return true;
}

/* HOST, HOST::GUEST, HOST::GUEST::ro. `text` is cut up. */
static const char *add_dir(launch_t *launch, char *text) {
  wdn_wasi_preopen_t *preopen = &launch->preopens[launch->preopen_count];
  char *guest = strstr(text, "::");
  char *mode = guest != NULL ? strstr(guest + 2, "::") : NULL;
  memset(preopen, 0, sizeof *preopen);
  if (mode != NULL) {
    if (strcmp(mode, "::ro") != 0)
      return "expected HOST::GUEST or HOST::GUEST::ro";
    *mode = 0;
    preopen->read_only = true;
  }
  if (guest != NULL)
    *guest = 0;
  preopen->host = text;
  preopen->guest = guest != NULL ? guest + 2 : text;
  if (*preopen->host == 0 || *preopen->guest == 0)
    return "a directory has a name";
  launch->preopen_count++;
  return NULL;
}

/* One word of ours, and its value. False if it belongs to the guest. A problem
 * is left in `problem`. */
static bool take_option(launch_t *launch, char ***argv, const char **problem) {
  char *value = NULL;
  if (option(argv, "--dir", &value)) {
    *problem = value != NULL ? add_dir(launch, value) : "needs HOST::GUEST";
  } else if (option(argv, "--env", &value)) {
    if (value == NULL || strchr(value, '=') == NULL || *value == '=')
      *problem = "needs NAME=VALUE";
    else
      launch->env[launch->env_count++] = value;
  } else if (option(argv, "--invoke", &value)) {
    launch->invoke = value;
    *problem = value != NULL ? NULL : "needs the name of an export";
  } else if (option(argv, "--argv0", &value)) {
    *problem = value != NULL ? NULL : "needs a name";
    if (value != NULL)
      launch->argv0 = value;
  } else if (strcmp(**argv, "--help") == 0) {
    launch->help = true;
  } else {
    return false;
  }
  return true;
}

static int parse(launch_t *launch, char **argv) {
  if (*argv != NULL)
    argv++;
  for (; *argv != NULL; argv++) {
    const char *name = *argv;
    const char *problem = NULL;
    if (strcmp(name, "--") == 0) {
      argv++;
      break;
    }
    if (!take_option(launch, &argv, &problem))
      break;
    if (problem != NULL) {
      trouble("bad option", name, problem);
      return EXIT_USAGE;
    }
  }
  launch->args[launch->arg_count++] = launch->argv0;
  while (*argv != NULL)
    launch->args[launch->arg_count++] = *argv++;
  return 0;
}

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

/* ---- Values as text ---------------------------------------------------------------------- */

/* Decimal or 0x hexadecimal, signed or unsigned, of so many bits. */
static bool parse_integer(const char *text, unsigned bits, uint64_t *value) {
  const uint64_t max = bits == 32 ? UINT32_MAX : UINT64_MAX;
  bool negative = *text == '-';
  unsigned base = 10;
  uint64_t magnitude = 0;
  text += negative || *text == '+';
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text += 2;
  }
  if (*text == 0)
    return false;
  for (; *text != 0; text++) {
    const char *digits = "0123456789abcdef";
    int c = *text >= 'A' && *text <= 'F' ? *text - 'A' + 'a' : *text;
    const char *found = strchr(digits, c);
    uint64_t digit = found != NULL ? (uint64_t)(found - digits) : base;
    if (digit >= base || magnitude > (max - digit) / base)
      return false;
    magnitude = magnitude * base + digit;
  }
  if (negative && magnitude > max / 2 + 1)
    return false;
  *value = (negative ? 0 - magnitude : magnitude) & max;
  return true;
}

/* All of `text` is a number; strtod would pass over spaces before it. */
static bool parse_float(const char *text, bool is_f32, wdn_value_t *value) {
  char *end = NULL;
  if (*text == 0 || strchr(" \t\n\v\f\r", *text) != NULL)
    return false;
  if (is_f32)
    value->f32 = strtof(text, &end);
  else
    value->f64 = strtod(text, &end);
  return *end == 0;
}

static bool parse_value(const char *text, wdn_valtype_t type, wdn_value_t *value) {
  uint64_t integer = 0;
  memset(value, 0, sizeof *value);
  switch (type) {
  case WDN_I32:
    if (!parse_integer(text, 32, &integer))
      return false;
    value->i32 = (uint32_t)integer;
    return true;
  case WDN_I64:
    return parse_integer(text, 64, &value->i64);
  case WDN_F32:
    return parse_float(text, true, value);
  case WDN_F64:
    return parse_float(text, false, value);
  default:
    return false;
  }
}

/* A number with the fewest digits that read back as the same, without an
 * exponent. `digits` is what printf's %e made of its magnitude. */
static void print_digits(const char *digits) {
  char text[32];
  size_t count = 0, i;
  long point = strtol(strchr(digits, 'e') + 1, NULL, 10) + 1;
  for (; *digits != 'e'; digits++) {
    if (*digits != '.')
      text[count++] = *digits;
  }
  while (count > 1 && text[count - 1] == '0')
    count--;
  if (point <= 0) {
    fputs("0.", stdout);
    for (; point < 0; point++)
      fputc('0', stdout);
    fwrite(text, 1, count, stdout);
    return;
  }
  for (i = 0; i < count || (long)i < point; i++) {
    if ((long)i == point)
      fputc('.', stdout);
    fputc(i < count ? text[i] : '0', stdout);
  }
}

static void print_float(double value, bool is_f32) {
  char digits[40];
  int precision = 0;
  if (value != value) {
    fputs("NaN", stdout);
    return;
  }
  if ((wdn_f64_bits(value) >> 63) != 0) {
    fputc('-', stdout);
    value = -value;
  }
  if (value > 1.7976931348623157e308) {
    fputs("inf", stdout);
    return;
  }
  if (value == 0) {
    fputc('0', stdout);
    return;
  }
  do
    snprintf(digits, sizeof digits, "%.*e", precision, value);
  while (++precision < 17 &&
         (is_f32 ? strtof(digits, NULL) != (float)value : strtod(digits, NULL) != value));
  print_digits(digits);
}

static void print_value(const wdn_value_t *value, wdn_valtype_t type) {
  switch (type) {
  case WDN_I32:
    printf("%" PRId32, (int32_t)value->i32);
    break;
  case WDN_I64:
    printf("%" PRId64, (int64_t)value->i64);
    break;
  case WDN_F32:
    print_float(value->f32, true);
    break;
  case WDN_F64:
    print_float(value->f64, false);
    break;
  case WDN_FUNCREF:
    fputs(value->func.code != 0 ? "<funcref>" : "<null funcref>", stdout);
    break;
  default:
    fputs(value->ext != NULL ? "<externref>" : "<null externref>", stdout);
    break;
  }
  fputc('\n', stdout);
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
  memset(&config, 0, sizeof config);
  config.args = launch->args;
  config.arg_count = launch->arg_count;
  config.env = launch->env;
  config.env_count = launch->env_count;
  config.preopens = launch->preopens;
  config.preopen_count = launch->preopen_count;
  wdn_wasi_inherit_stdio(&config);
  if (!wdn_wasi_init(&wasi, &config, &error)) {
    const char *about = error.preopen != UINT32_MAX ? launch->preopens[error.preopen].host : NULL;
    return trouble(error.message, about, about != NULL ? "look at --dir" : NULL);
  }
  code = run_instance(launch, &wasi);
  wdn_wasi_destroy(&wasi);
  return code;
}

int wdn_launch(const wdn_program_t *program, int argc, char **argv) {
  const char *problem = prepare_system(&argc, &argv);
  size_t room = argc > 0 ? (size_t)argc + 1 : 1;
  launch_t launch;
  int code;
  if (problem != NULL)
    return trouble(problem, NULL, NULL);
  memset(&launch, 0, sizeof launch);
  launch.program = program;
  launch.argv0 = argc > 0 ? base_name(argv[0]) : program->module->name;
  launch.preopens = calloc(room, sizeof *launch.preopens);
  launch.env = calloc(room, sizeof *launch.env);
  launch.args = calloc(room, sizeof *launch.args);
  if (launch.preopens == NULL || launch.env == NULL || launch.args == NULL) {
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
  free(launch.preopens);
  free(launch.env);
  free(launch.args);
  return code;
}
