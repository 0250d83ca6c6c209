/* Of the main program of a translated command: what can be typed, and what is noted
 * of it. Nothing is opened here. Included by launch.c. */

static void print_help(const launch_t *launch) {
  printf("%s, translated from %s\n"
         "\n"
         "Usage: %s [OPTIONS] [--] [ARGUMENTS OF THE PROGRAM]...\n"
         "\n"
         "Options:\n"
         "  --dir HOST[::GUEST[::ro]]     Give it a directory, under the same or another name,\n"
         "                                to read and change or only to read\n"
         "  --mount-memory GUEST[::SIZE]  Give it an empty directory that is only memory, and\n"
         "                                gone afterwards; it holds 64M, or so much\n",
         launch->argv0, launch->program->file, launch->argv0);
  fputs("  --env NAME=VALUE              Set an environment variable\n"
        "  --inherit-env[=NAME,...]      Hand down the environment, or these variables\n"
        "  --stdin FILE                  Read standard input from a file; `null` is an empty one\n"
        "  --stdout FILE                 Write standard output to a file; `null` keeps nothing\n"
        "  --stderr FILE                 The same for standard error\n"
        "  --allow-time coarse|fine      Let clocks tell milliseconds, or all they can [fine]\n"
        "  --max-written SIZE            Let it write so many bytes, to all files together\n"
        "  --invoke NAME                 Call this export with the arguments, print its results\n"
        "  --argv0 NAME                  What the program finds as its own name\n"
        "  --help                        Print this\n"
        "\n"
        "SIZE is in bytes, or with k, M or G. The first argument that is none of these is the\n"
        "program's, and so is what follows.\n",
        stdout);
}

/* Bytes, or with a letter for 1024 of them, 1024 of those, and so on. Not 0. */
static bool parse_size(const char *text, uint64_t *size) {
  static const char letters[] = "kKmMgG";
  const char *letter;
  uint64_t value = 0;
  unsigned shift = 0;
  if (*text < '0' || *text > '9')
    return false;
  for (; *text >= '0' && *text <= '9'; text++) {
    uint64_t digit = (uint64_t)(*text - '0');
    if (value > (UINT64_MAX - digit) / 10)
      return false;
    value = value * 10 + digit;
  }
  letter = *text != 0 ? strchr(letters, *text) : NULL;
  if (letter != NULL) {
    shift = (unsigned)((letter - letters) / 2 + 1) * 10;
    text++;
  }
  if (*text != 0 || value == 0 || value > UINT64_MAX >> shift)
    return false;
  *size = value << shift;
  return true;
}

/* ---- One option each: a value, cut up and kept; what is wrong with it, or NULL ---------- */

/* HOST, HOST::GUEST, HOST::GUEST::ro. */
static const char *take_dir(launch_t *launch, char *text) {
  wdn_wasi_preopen_t *preopen = &launch->preopens[launch->preopen_count];
  char *guest = strstr(text, "::");
  char *mode = guest != NULL ? strstr(guest + 2, "::") : NULL;
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

/* GUEST, GUEST::SIZE. */
static const char *take_memory(launch_t *launch, char *text) {
  wdn_wasi_preopen_t *preopen = &launch->preopens[launch->preopen_count];
  char *size = strstr(text, "::");
  launch->memory_sizes[launch->preopen_count] = DEFAULT_MEMORY;
  if (size != NULL) {
    *size = 0;
    if (!parse_size(size + 2, &launch->memory_sizes[launch->preopen_count]))
      return "expected GUEST or GUEST::SIZE, with a size such as 1000000 or 64M";
  }
  preopen->guest = text;
  if (*text == 0)
    return "a directory has a name";
  launch->preopen_count++;
  return NULL;
}

static const char *take_env(launch_t *launch, char *text) {
  if (strchr(text, '=') == NULL || *text == '=')
    return "needs NAME=VALUE";
  launch->env[launch->env_count++] = text;
  return NULL;
}

/* NAME,NAME; no text for all there are. */
static const char *take_inherit_env(launch_t *launch, char *text) {
  if (text == NULL)
    launch->inherit_all = true;
  else if (*text == 0 || *text == ',' || strchr(text, '=') != NULL)
    return "needs names of variables, with commas between, or nothing";
  else
    launch->inherited[launch->inherited_count++] = text;
  return NULL;
}

static const char *take_stream(launch_t *launch, uint32_t fd, char *text) {
  wdn_wasi_stream_t *stream = &launch->stdio[fd];
  stream->kind = strcmp(text, "null") == 0 ? WDN_WASI_NULL : WDN_WASI_PATH;
  stream->path = text;
  return *text != 0 ? NULL : "a file has a name";
}

static const char *take_stdin(launch_t *launch, char *text) {
  return take_stream(launch, 0, text);
}

static const char *take_stdout(launch_t *launch, char *text) {
  return take_stream(launch, 1, text);
}

static const char *take_stderr(launch_t *launch, char *text) {
  return take_stream(launch, 2, text);
}

static const char *take_time(launch_t *launch, char *text) {
  bool coarse = strcmp(text, "coarse") == 0;
  launch->clock_step = coarse ? COARSE_STEP : 0;
  return coarse || strcmp(text, "fine") == 0 ? NULL : "expected coarse or fine";
}

static const char *take_max_written(launch_t *launch, char *text) {
  return parse_size(text, &launch->max_written) ? NULL : "needs a size such as 1000000 or 64M";
}

static const char *take_invoke(launch_t *launch, char *text) {
  launch->invoke = text;
  return NULL;
}

static const char *take_argv0(launch_t *launch, char *text) {
  launch->argv0 = text;
  return NULL;
}

/* Those that have a value, and how to say that it is missing. */
static const struct {
  const char *name;
  const char *needs;
  const char *(*take)(launch_t *launch, char *text);
} options[] = {
    {"--dir", "needs HOST::GUEST", take_dir},
    {"--mount-memory", "needs GUEST or GUEST::SIZE", take_memory},
    {"--env", "needs NAME=VALUE", take_env},
    {"--stdin", "needs a file, or null", take_stdin},
    {"--stdout", "needs a file, or null", take_stdout},
    {"--stderr", "needs a file, or null", take_stderr},
    {"--allow-time", "needs coarse or fine", take_time},
    {"--max-written", "needs a size", take_max_written},
    {"--invoke", "needs the name of an export", take_invoke},
    {"--argv0", "needs a name", take_argv0},
};

/* ---- The command line -------------------------------------------------------------- */

/* Is *argv this option, as `--name value` or `--name=value`? If it is, moves to its
 * last word; the value is NULL if there is none. */
static bool is_option(char ***argv, const char *name, char **value) {
  char *arg = **argv;
  size_t size = strlen(name);
  if (strncmp(arg, name, size) != 0 || (arg[size] != 0 && arg[size] != '='))
    return false;
  *value = arg[size] == '=' ? arg + size + 1 : (*argv)[1];
  if (arg[size] == 0 && *value != NULL)
    ++*argv;
  return true;
}

/* One word of ours, and its value. False if it belongs to the guest. A problem
 * is left in `problem`. */
static bool take_option(launch_t *launch, char ***argv, const char **problem) {
  static const char inherit[] = "--inherit-env";
  const size_t size = sizeof inherit - 1;
  char *word = **argv, *value = NULL;
  size_t i;
  for (i = 0; i < sizeof options / sizeof options[0]; i++) {
    if (!is_option(argv, options[i].name, &value))
      continue;
    *problem = value != NULL ? options[i].take(launch, value) : options[i].needs;
    return true;
  }
  if (strncmp(word, inherit, size) == 0 && (word[size] == 0 || word[size] == '=')) {
    *problem = take_inherit_env(launch, word[size] == '=' ? word + size + 1 : NULL);
    return true;
  }
  launch->help |= strcmp(word, "--help") == 0;
  return strcmp(word, "--help") == 0;
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
