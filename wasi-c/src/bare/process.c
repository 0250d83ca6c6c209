/* What a guest knows of its process, time and chance, and how it ends. */

/* ---- Strings ------------------------------------------------------------------- */

/* The end included. Volatile, or compilers would call strlen, which may not be there. */
static uint32_t text_size(const char *text) {
  const volatile char *c = text;
  while (*c++ != 0) {
  }
  return (uint32_t)(c - text);
}

static wasi_errno_t list_sizes_get(const wdn_wasi_bare_t *wasi, const char *const *list,
                                   uint32_t count, uint32_t count_at, uint32_t size_at) {
  uint8_t *count_out = guest_at(wasi, count_at, 4);
  uint8_t *size_out = guest_at(wasi, size_at, 4);
  uint32_t i, size = 0;
  if (count_out == NULL || size_out == NULL)
    return WASI_FAULT;
  for (i = 0; i < count; i++)
    size += text_size(list[i]);
  put_u32(count_out, count);
  put_u32(size_out, size);
  return WASI_OK;
}

/* All of the range is looked at before any of it is written. */
static wasi_errno_t list_get(const wdn_wasi_bare_t *wasi, const char *const *list, uint32_t count,
                             uint32_t pointers_at, uint32_t buf) {
  uint8_t *pointers = memory_at(wasi->memory, pointers_at, (uint64_t)count * 4);
  uint8_t *to;
  uint32_t i, size = 0;
  for (i = 0; i < count; i++)
    size += text_size(list[i]);
  to = guest_at(wasi, buf, size);
  if (pointers == NULL || to == NULL)
    return WASI_FAULT;
  for (i = 0; i < count; i++) {
    size = text_size(list[i]);
    put_u32(pointers + 4 * i, buf);
    memcpy(to, list[i], size);
    to += size;
    buf += size;
  }
  return WASI_OK;
}

uint32_t wdn_wasi_args_get(void *context, uint32_t argv, uint32_t argv_buf) {
  const wdn_wasi_bare_t *wasi = context;
  return list_get(wasi, wasi->config->args, wasi->config->arg_count, argv, argv_buf);
}

uint32_t wdn_wasi_args_sizes_get(void *context, uint32_t count, uint32_t buf_size) {
  const wdn_wasi_bare_t *wasi = context;
  return list_sizes_get(wasi, wasi->config->args, wasi->config->arg_count, count, buf_size);
}

uint32_t wdn_wasi_environ_get(void *context, uint32_t environ_, uint32_t environ_buf) {
  const wdn_wasi_bare_t *wasi = context;
  return list_get(wasi, wasi->config->env, wasi->config->env_count, environ_, environ_buf);
}

uint32_t wdn_wasi_environ_sizes_get(void *context, uint32_t count, uint32_t buf_size) {
  const wdn_wasi_bare_t *wasi = context;
  return list_sizes_get(wasi, wasi->config->env, wasi->config->env_count, count, buf_size);
}

/* ---- Clocks -------------------------------------------------------------------- */

static bool read_clock(const wdn_wasi_bare_t *wasi, uint32_t id, uint64_t *time) {
  const wdn_wasi_bare_config_t *config = wasi->config;
  return config->clock != NULL && config->clock(config->host, id, time);
}

uint32_t wdn_wasi_clock_time_get(void *context, uint32_t id, uint64_t precision, uint32_t time) {
  const wdn_wasi_bare_t *wasi = context;
  uint8_t *out = guest_at(wasi, time, 8);
  uint64_t now = 0;
  (void)precision; /* the most that a clock may lag; it never does */
  if (out == NULL)
    return WASI_FAULT;
  if (!read_clock(wasi, id, &now))
    return WASI_INVAL;
  put_u64(out, now);
  return WASI_OK;
}

uint32_t wdn_wasi_clock_res_get(void *context, uint32_t id, uint32_t resolution) {
  const wdn_wasi_bare_t *wasi = context;
  uint64_t ns = wasi->config->clock_resolution;
  wasi_errno_t error = wdn_wasi_clock_time_get(context, id, 0, resolution);
  if (error == WASI_OK)
    put_u64(guest_at(wasi, resolution, 8), ns != 0 ? ns : 1);
  return error;
}

/* ---- Waiting ------------------------------------------------------------------- */

/* How long a subscription has to wait. Descriptors are always ready: whoever reads
 * waits in the callback. An error is reported at once, for this one alone. */
static uint64_t time_left(const wdn_wasi_bare_t *wasi, const uint8_t *in, const uint64_t *now,
                          wasi_errno_t *error) {
  uint32_t id = get_u32(in + 16), flags = get_u16(in + 40);
  uint64_t timeout = get_u64(in + 24);
  if (in[8] != WASI_SUBSCRIPTION_CLOCK) {
    *error = in[8] > WASI_SUBSCRIPTION_WRITE ? WASI_INVAL : is_open(wasi, id) ? WASI_OK : WASI_BADF;
    return 0;
  }
  if (id > WASI_CLOCK_MONOTONIC || flags > WASI_SUBSCRIPTION_ABSTIME) {
    *error = WASI_INVAL;
    return 0;
  }
  *error = WASI_OK;
  if (flags == 0)
    return timeout;
  return timeout > now[id] ? timeout - now[id] : 0;
}

/* The subscription is read before the event is written: they may overlap. */
static void put_event(const wdn_wasi_bare_t *wasi, uint8_t *out, const uint8_t *in,
                      wasi_errno_t error) {
  uint32_t kind = in[8];
  wdn_wasi_bare_file_t *file;
  uint32_t left = 0;
  if (kind == WASI_SUBSCRIPTION_READ && get_file(wasi, get_u32(in + 16), &file) == WASI_OK)
    left = file_left(wasi, file);
  put_u64(out, get_u64(in));
  put_u32(out + 8, error | kind << 16); /* two bytes, a byte, padding */
  put_u64(out + 16, left);
  put_u64(out + 24, 0);
}

/* The subscriptions are looked at twice, before and after sleeping, at the same time:
 * so nothing has to be remembered about them. */
uint32_t wdn_wasi_poll_oneoff(void *context, uint32_t subscriptions, uint32_t events,
                              uint32_t subscription_count, uint32_t event_count) {
  const wdn_wasi_bare_t *wasi = context;
  uint64_t count = subscription_count;
  const uint8_t *in = memory_at(wasi->memory, subscriptions, count * WASI_SUBSCRIPTION_SIZE);
  uint8_t *out = memory_at(wasi->memory, events, count * WASI_EVENT_SIZE);
  uint8_t *count_out = guest_at(wasi, event_count, 4);
  uint64_t now[2] = {0, 0}, least = UINT64_MAX, left;
  wasi_errno_t error;
  uint32_t i, ready = 0;
  if (in == NULL || out == NULL || count_out == NULL)
    return WASI_FAULT;
  if (subscription_count == 0)
    return WASI_INVAL;
  for (i = 0; i < 2; i++)
    (void)read_clock(wasi, i, &now[i]);
  for (i = 0; i < subscription_count; i++) {
    left = time_left(wasi, in + i * WASI_SUBSCRIPTION_SIZE, now, &error);
    if (left < least)
      least = left;
  }
  if (least > 0) {
    if (wasi->config->sleep == NULL)
      return WASI_NOTSUP;
    wasi->config->sleep(wasi->config->host, least);
  }
  for (; subscription_count > 0; subscription_count--, in += WASI_SUBSCRIPTION_SIZE) {
    if (time_left(wasi, in, now, &error) <= least) {
      put_event(wasi, out, in, error);
      out += WASI_EVENT_SIZE;
      ready++;
    }
  }
  put_u32(count_out, ready);
  return WASI_OK;
}

/* ---- The rest ------------------------------------------------------------------ */

void wdn_wasi_proc_exit(void *context, uint32_t code) {
  const wdn_wasi_bare_t *wasi = context;
  if (wasi->config->exit != NULL)
    wasi->config->exit(wasi->config->host, code);
  if (wasi->end != NULL)
    wasi->end(wasi->instance, (int32_t)code);
  wdn_exit(wasi->instance, (int32_t)code);
}

/* Straight into the guest's memory, which bounds how much it can ask for. */
uint32_t wdn_wasi_random_get(void *context, uint32_t buf, uint32_t buf_size) {
  const wdn_wasi_bare_t *wasi = context;
  uint8_t *out = guest_at(wasi, buf, buf_size);
  if (out == NULL)
    return WASI_FAULT;
  if (wasi->config->random == NULL)
    return WASI_NOSYS;
  return wasi->config->random(wasi->config->host, out, buf_size) ? WASI_OK : WASI_IO;
}

uint32_t wdn_wasi_sched_yield(void *context) {
  (void)context;
  return WASI_OK;
}
