/* The commands of a script, for the runners: reading them, cutting them into words,
 * saying which failed.
 *
 * A script has a line "script INSTANCES", then one command a line, `KIND LINE ...`,
 * where LINE is that of the .wast:
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
 * A runner prints "fail LINE text" for each failure and at last "done COMMANDS FAILURES";
 * with `trace`, also "at LINE" before each command, to find one that crashes. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void *allocate(void *old, size_t size) {
  void *memory = realloc(old, size == 0 ? 1 : size);
  if (memory == NULL) {
    printf("out of memory\n");
    exit(3);
  }
  return memory;
}

static void fail(command_t *command, const char *what, const char *detail) {
  if (command->failed)
    printf("  and: ");
  else
    printf("fail %lu ", command->line);
  printf("%s%s%s\n", what, *detail == '\0' ? "" : ": ", detail);
  command->failed = true;
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

/* The reference interpreter asks that the message it expects begins with the
 * real one, or the other way around. */
static bool same_message(const char *expected, const char *actual) {
  size_t a = strlen(expected), b = strlen(actual);
  return a != 0 && b != 0 && memcmp(expected, actual, a < b ? a : b) == 0;
}

/* ---- Arguments and results ---- */

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

/* ---- The script ---- */

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

/* Runs the script that the arguments of `main` name. */
static int run_script(int argc, char **argv, bool (*begin)(unsigned long instances),
                      void (*run)(command_t *command, const char *kind), void (*end)(void)) {
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
  if (!begin(commands))
    return 3;
  commands = 0;
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
  end();
  free(text);
  printf("done %lu %lu\n", commands, failures);
  return 0;
}

#endif
