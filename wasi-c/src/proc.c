/* What a guest knows of its process, and how it ends: args_*, environ_*, clock_*,
 * random_get, proc_*, sched_yield. */

/* ---- Strings ------------------------------------------------------------------- */

static uint64_t list_size(const char *const *list, uint32_t count) {
  uint64_t size = 0;
  uint32_t i;
  for (i = 0; i < count; i++)
    size += strlen(list[i]) + 1;
  return size;
}

static wasi_errno_t list_sizes_get(const wdn_wasi_t *wasi, const char *const *list, uint32_t count,
                                   uint32_t count_at, uint32_t size_at) {
  uint8_t *count_out = guest_at(wasi, count_at, 4);
  uint8_t *size_out = guest_at(wasi, size_at, 4);
  uint64_t size = list_size(list, count);
  if (count_out == NULL || size_out == NULL)
    return WASI_FAULT;
  if (size > UINT32_MAX)
    return WASI_OVERFLOW;
  put_u32(count_out, count);
  put_u32(size_out, (uint32_t)size);
  return WASI_OK;
}

/* The guest asked for the sizes before, but its arguments are its own. */
static wasi_errno_t list_get(const wdn_wasi_t *wasi, const char *const *list, uint32_t count,
                             uint32_t pointers_at, uint32_t buf) {
  uint8_t *pointers = guest_array(wasi, pointers_at, count, 4);
  uint64_t size = list_size(list, count);
  uint8_t *to = guest_at(wasi, buf, size);
  uint32_t i;
  if (pointers == NULL || to == NULL)
    return WASI_FAULT;
  for (i = 0; i < count; i++) {
    uint32_t item_size = (uint32_t)strlen(list[i]) + 1;
    put_u32(pointers + 4 * (size_t)i, buf);
    memcpy(to, list[i], item_size);
    to += item_size;
    buf += item_size;
  }
  return WASI_OK;
}

uint32_t wdn_wasi_args_get(void *context, uint32_t argv, uint32_t argv_buf) {
  wdn_wasi_t *wasi = context;
  return list_get(wasi, wasi->config.args, wasi->config.arg_count, argv, argv_buf);
}

uint32_t wdn_wasi_args_sizes_get(void *context, uint32_t count, uint32_t buf_size) {
  wdn_wasi_t *wasi = context;
  return list_sizes_get(wasi, wasi->config.args, wasi->config.arg_count, count, buf_size);
}

uint32_t wdn_wasi_environ_get(void *context, uint32_t environ_, uint32_t environ_buf) {
  wdn_wasi_t *wasi = context;
  return list_get(wasi, wasi->config.env, wasi->config.env_count, environ_, environ_buf);
}

uint32_t wdn_wasi_environ_sizes_get(void *context, uint32_t count, uint32_t buf_size) {
  wdn_wasi_t *wasi = context;
  return list_sizes_get(wasi, wasi->config.env, wasi->config.env_count, count, buf_size);
}

/* ---- Clocks -------------------------------------------------------------------- */

/* A time as the guest is to see it. */
static uint64_t coarse(const wdn_wasi_t *wasi, uint64_t ns) {
  return wasi->config.clock_step > 1 ? ns - ns % wasi->config.clock_step : ns;
}

/* A clock as the guest is to see it. */
static wasi_errno_t clock_now(const wdn_wasi_t *wasi, uint32_t id, uint64_t *ns) {
  const wdn_wasi_config_t *config = &wasi->config;
  wasi_errno_t error = config->clock == NULL                    ? port_clock(id, ns)
                       : config->clock(config->context, id, ns) ? WASI_OK
                                                                : WASI_INVAL;
  *ns = coarse(wasi, *ns);
  return error;
}

uint32_t wdn_wasi_clock_res_get(void *context, uint32_t id, uint32_t resolution) {
  wdn_wasi_t *wasi = context;
  uint8_t *out = guest_at(wasi, resolution, 8);
  uint64_t ns = 0;
  wasi_errno_t error;
  if (out == NULL)
    return WASI_FAULT;
  error = port_clock_resolution(id, &ns);
  if (ns < wasi->config.clock_step)
    ns = wasi->config.clock_step;
  if (error == WASI_OK)
    put_u64(out, ns > 0 ? ns : 1);
  return error;
}

uint32_t wdn_wasi_clock_time_get(void *context, uint32_t id, uint64_t precision, uint32_t time) {
  wdn_wasi_t *wasi = context;
  uint8_t *out = guest_at(wasi, time, 8);
  uint64_t ns = 0;
  wasi_errno_t error;
  (void)precision; /* the most that a clock may lag; it never does */
  if (out == NULL)
    return WASI_FAULT;
  error = clock_now(wasi, id, &ns);
  if (error == WASI_OK)
    put_u64(out, ns);
  return error;
}

/* ---- The rest ------------------------------------------------------------------ */

void wdn_wasi_proc_exit(void *context, uint32_t code) {
  wdn_wasi_t *wasi = context;
  wdn_exit(wasi->instance, (int32_t)code);
}

/* Signals are the host's. Later versions of WASI have no such function. */
uint32_t wdn_wasi_proc_raise(void *context, uint32_t signal) {
  (void)context;
  (void)signal;
  return WASI_NOTSUP;
}

/* Straight into the guest's memory, which bounds how much it can ask for. */
uint32_t wdn_wasi_random_get(void *context, uint32_t buf, uint32_t buf_size) {
  const wdn_wasi_config_t *config = &((wdn_wasi_t *)context)->config;
  uint8_t *out = guest_at(context, buf, buf_size);
  if (out == NULL)
    return WASI_FAULT;
  if (config->random == NULL)
    return port_random(out, buf_size);
  return config->random(config->context, out, buf_size) ? WASI_OK : WASI_IO;
}

uint32_t wdn_wasi_sched_yield(void *context) {
  (void)context;
  port_yield();
  return WASI_OK;
}
