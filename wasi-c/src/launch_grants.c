/* Of the main program of a translated command: opens what the options name, and what
 * is part of the program. Included by launch.c. */

/* ---- Files in memory ------------------------------------------------------------------ */

/* The files stay where they are, among the program's constants: nothing is copied, and
 * nothing has to be limited. */
static bool mount_bundle(const wdn_bundle_t *bundle, wdn_wasi_preopen_t *preopen) {
  wdn_wasi_memfs_limits_t limits;
  uint32_t i;
  bool fine = true;
  limits.max_size = UINT64_MAX;
  limits.max_nodes = UINT32_MAX;
  preopen->memory = wdn_wasi_memfs_create(&limits);
  preopen->guest = bundle->guest;
  preopen->read_only = true;
  for (i = 0; preopen->memory != NULL && i < bundle->count && fine; i++) {
    const wdn_bundled_t *it = &bundle->files[i];
    fine = it->kind == WDN_BUNDLED_DIRECTORY
               ? wdn_wasi_memfs_add_directory(preopen->memory, it->path)
           : it->kind == WDN_BUNDLED_LINK
               ? wdn_wasi_memfs_add_link(preopen->memory, it->path, it->data)
               : wdn_wasi_memfs_add_file(preopen->memory, it->path, it->data, it->size,
                                         WDN_WASI_MEMFS_REFER);
  }
  return fine && preopen->memory != NULL;
}

static bool mount_memory(launch_t *launch) {
  uint32_t i, bundles = launch->program->bundle_count;
  for (i = 0; i < launch->preopen_count; i++) {
    wdn_wasi_preopen_t *preopen = &launch->preopens[i];
    wdn_wasi_memfs_limits_t limits = {0, 0};
    if (i < bundles) {
      if (!mount_bundle(&launch->program->bundles[i], preopen))
        return false;
    } else if (launch->memory_sizes[i] != 0) {
      limits.max_size = launch->memory_sizes[i];
      preopen->memory = wdn_wasi_memfs_create(&limits);
      if (preopen->memory == NULL)
        return false;
    }
  }
  return true;
}

static void unmount_memory(const launch_t *launch) {
  uint32_t i;
  for (i = 0; i < launch->preopen_count; i++)
    wdn_wasi_memfs_destroy(launch->preopens[i].memory);
}

/* ---- The environment ------------------------------------------------------------------ */

/* Does `variable` have the name that `list` has at its start, up to a comma? */
static bool has_name(const char *variable, const char *list) {
  size_t size = strcspn(list, ",=");
  return size > 0 && strncmp(variable, list, size) == 0 && variable[size] == '=';
}

static bool is_inherited(const launch_t *launch, const char *variable) {
  uint32_t i;
  for (i = 0; i < launch->env_count; i++) {
    if (has_name(variable, launch->env[i]))
      return false; /* --env says otherwise */
  }
  if (launch->inherit_all)
    return strchr(variable, '=') > variable;
  for (i = 0; i < launch->inherited_count; i++) {
    const char *list = launch->inherited[i];
    for (; list != NULL; list = strchr(list, ',') != NULL ? strchr(list, ',') + 1 : NULL) {
      if (has_name(variable, list))
        return true;
    }
  }
  return false;
}

/* Those that are handed down, then those that were typed. */
static bool set_env(launch_t *launch, wdn_wasi_config_t *config) {
  uint32_t i, count = 0;
  config->env_count = 0;
  if (launch->inherit_all || launch->inherited_count > 0)
    wdn_wasi_inherit_env(config);
  launch->all_env = calloc((size_t)config->env_count + launch->env_count + 1, sizeof(char *));
  if (launch->all_env == NULL)
    return false;
  for (i = 0; i < config->env_count; i++) {
    if (is_inherited(launch, config->env[i]))
      launch->all_env[count++] = config->env[i];
  }
  for (i = 0; i < launch->env_count; i++)
    launch->all_env[count++] = launch->env[i];
  config->env = launch->all_env;
  config->env_count = count;
  return true;
}

/* ---- All of it ------------------------------------------------------------------------ */

static bool configure(launch_t *launch, wdn_wasi_config_t *config) {
  memset(config, 0, sizeof *config);
  memcpy(config->stdio, launch->stdio, sizeof config->stdio);
  config->args = launch->args;
  config->arg_count = launch->arg_count;
  config->preopens = launch->preopens;
  config->preopen_count = launch->preopen_count;
  config->max_written = launch->max_written;
  config->clock_step = launch->clock_step;
  return set_env(launch, config) && mount_memory(launch);
}

/* Why the guest cannot have what it was to get. */
static int not_granted(const launch_t *launch, const wdn_wasi_error_t *error) {
  static const char *const streams[] = {"look at --stdin", "look at --stdout", "look at --stderr"};
  if (error->stream < 3)
    return trouble(error->message, launch->stdio[error->stream].path, streams[error->stream]);
  if (error->preopen < launch->preopen_count) {
    const wdn_wasi_preopen_t *preopen = &launch->preopens[error->preopen];
    return trouble(error->message, preopen->memory != NULL ? preopen->guest : preopen->host,
                   preopen->memory != NULL ? NULL : "look at --dir");
  }
  return trouble(error->message, NULL, NULL);
}
