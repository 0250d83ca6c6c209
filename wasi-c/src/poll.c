/* poll_oneoff: waits for clocks and descriptors.
 *
 * The subscriptions are decoded once, into memory of ours; everything that is
 * ready at once is reported, and otherwise the port waits for the rest until the
 * first deadline. Deadlines are kept in the monotonic clock's time. */

#define SUBSCRIPTIONS_MAX PORT_WAITS_MAX

typedef struct subscription {
  uint64_t userdata;
  uint32_t kind; /* WASI_SUBSCRIPTION_* */
  uint32_t fd;
  wasi_errno_t error; /* of this one alone */
  bool ready;         /* without waiting */
  uint64_t deadline;  /* of a clock; UINT64_MAX is never */
  uint64_t bytes;
  uint32_t wait; /* index of its file among those to wait for, or UINT32_MAX */
} subscription_t;

typedef struct poll {
  uint32_t count;
  uint32_t wait_count;
  subscription_t *subscriptions;
  port_wait_t *waits;
} poll_t;

/* `timeout` is relative unless `flags` says otherwise. */
static wasi_errno_t clock_deadline(const wdn_wasi_t *wasi, uint32_t clock, uint64_t timeout,
                                   uint32_t flags, uint64_t *deadline) {
  uint64_t now = 0, monotonic = 0;
  wasi_errno_t error = port_clock(WASI_CLOCK_MONOTONIC, &monotonic);
  if (error == WASI_OK)
    error = clock <= WASI_CLOCK_MONOTONIC ? clock_now(wasi, clock, &now) : WASI_INVAL;
  if (error != WASI_OK)
    return error;
  if ((flags & WASI_SUBSCRIPTION_ABSTIME) != 0)
    timeout = timeout > now ? timeout - now : 0;
  *deadline = timeout < UINT64_MAX - monotonic ? monotonic + timeout : UINT64_MAX;
  return WASI_OK;
}

/* Where a subscription has what; snapshot 0 has an identifier of a clock before the
 * rest. */
typedef struct layout {
  uint32_t size;
  uint32_t clock;
} layout_t;

static const layout_t subscription_layout = {WASI_SUBSCRIPTION_SIZE, 16};

static wasi_errno_t decode_clock(const wdn_wasi_t *wasi, const uint8_t *clock, subscription_t *it) {
  uint32_t flags = get_u16(clock + 24);
  if ((flags & ~WASI_SUBSCRIPTION_ABSTIME) != 0)
    return WASI_INVAL;
  it->error = clock_deadline(wasi, get_u32(clock), get_u64(clock + 8), flags, &it->deadline);
  it->ready = it->error != WASI_OK;
  return WASI_OK;
}

/* Files and directories are always ready; only a stream can make us wait. */
static void decode_fd(wdn_wasi_t *wasi, poll_t *poll, subscription_t *it) {
  fd_t *entry;
  port_wait_t *wait;
  it->error = fd_get(wasi, it->fd, &entry);
  it->ready = true;
  if (it->error != WASI_OK)
    return;
  if (entry->kind == FD_STREAM) {
    it->ready = false;
    it->wait = poll->wait_count;
    wait = &poll->waits[poll->wait_count++];
    wait->file = entry->file;
    wait->write = it->kind == WASI_SUBSCRIPTION_WRITE;
  } else if (entry->kind == FD_FILE && it->kind == WASI_SUBSCRIPTION_READ) {
    port_stat_t stat;
    uint64_t at = 0;
    if (entry->fs->stat(entry->file, &stat) == WASI_OK && stat.type == WASI_TYPE_REGULAR &&
        entry->fs->seek(entry->file, 0, WASI_SEEK_CUR, &at) == WASI_OK && at < stat.size)
      it->bytes = stat.size - at;
  }
}

static wasi_errno_t decode_poll(wdn_wasi_t *wasi, const uint8_t *in, const layout_t *layout,
                                poll_t *poll) {
  uint32_t i;
  for (i = 0; i < poll->count; i++, in += layout->size) {
    subscription_t *it = &poll->subscriptions[i];
    wasi_errno_t error = WASI_OK;
    it->userdata = get_u64(in);
    it->kind = in[8];
    it->deadline = UINT64_MAX;
    it->wait = UINT32_MAX;
    if (it->kind == WASI_SUBSCRIPTION_CLOCK) {
      error = decode_clock(wasi, in + layout->clock, it);
    } else if (it->kind <= WASI_SUBSCRIPTION_WRITE) {
      it->fd = get_u32(in + 16);
      decode_fd(wasi, poll, it);
    } else {
      error = WASI_INVAL;
    }
    if (error != WASI_OK)
      return error;
  }
  return WASI_OK;
}

/* Marks what has become ready, and says how long to wait for more; 0 if there
 * is something. */
static uint64_t settle(poll_t *poll, uint64_t now) {
  uint64_t left = UINT64_MAX;
  uint32_t i;
  for (i = 0; i < poll->count; i++) {
    subscription_t *it = &poll->subscriptions[i];
    if (it->wait != UINT32_MAX && poll->waits[it->wait].ready) {
      it->ready = true;
      it->bytes = poll->waits[it->wait].bytes;
      it->error = poll->waits[it->wait].bad ? WASI_BADF : WASI_OK;
    }
    if (it->kind == WASI_SUBSCRIPTION_CLOCK && it->deadline != UINT64_MAX && now >= it->deadline)
      it->ready = true;
    if (it->ready)
      left = 0;
    else if (it->deadline != UINT64_MAX && it->deadline - now < left)
      left = it->deadline - now;
  }
  return left;
}

/* Files are looked at once even if a clock or another file is ready already. */
static wasi_errno_t wait_for_any(poll_t *poll) {
  bool looked = poll->wait_count == 0;
  for (;;) {
    uint64_t now = 0, left;
    wasi_errno_t error = port_clock(WASI_CLOCK_MONOTONIC, &now);
    if (error != WASI_OK)
      return error;
    left = settle(poll, now);
    if (left == 0 && looked)
      return WASI_OK;
    error = port_wait(poll->waits, poll->wait_count, left);
    if (error != WASI_OK)
      return error;
    looked = true;
  }
}

static uint32_t put_events(const poll_t *poll, uint8_t *out) {
  uint32_t i, count = 0;
  for (i = 0; i < poll->count; i++) {
    const subscription_t *it = &poll->subscriptions[i];
    bool hangup = it->wait != UINT32_MAX && poll->waits[it->wait].hangup;
    if (!it->ready)
      continue;
    memset(out, 0, WASI_EVENT_SIZE);
    put_u64(out, it->userdata);
    put_u16(out + 8, it->error);
    out[10] = (uint8_t)it->kind;
    put_u64(out + 16, it->bytes);
    put_u16(out + 24, hangup ? WASI_EVENT_HANGUP : 0);
    out += WASI_EVENT_SIZE;
    count++;
  }
  return count;
}

static wasi_errno_t poll_guest(wdn_wasi_t *wasi, uint32_t subscriptions, uint32_t events,
                               uint32_t subscription_count, uint32_t event_count,
                               const layout_t *layout) {
  const uint8_t *in = guest_array(wasi, subscriptions, subscription_count, layout->size);
  uint8_t *out = guest_array(wasi, events, subscription_count, WASI_EVENT_SIZE);
  uint8_t *count_out = guest_at(wasi, event_count, 4);
  poll_t poll = {0};
  wasi_errno_t error;
  if (in == NULL || out == NULL || count_out == NULL)
    return WASI_FAULT;
  if (subscription_count == 0 || subscription_count > SUBSCRIPTIONS_MAX)
    return WASI_INVAL;
  poll.count = subscription_count;
  poll.subscriptions = calloc(poll.count, sizeof *poll.subscriptions);
  poll.waits = calloc(poll.count, sizeof *poll.waits);
  error = poll.subscriptions != NULL && poll.waits != NULL ? decode_poll(wasi, in, layout, &poll)
                                                           : WASI_NOMEM;
  if (error == WASI_OK)
    error = wait_for_any(&poll);
  if (error == WASI_OK)
    put_u32(count_out, put_events(&poll, out));
  free(poll.subscriptions);
  free(poll.waits);
  return error;
}

uint32_t wdn_wasi_poll_oneoff(void *context, uint32_t subscriptions, uint32_t events,
                              uint32_t subscription_count, uint32_t event_count) {
  return poll_guest(context, subscriptions, events, subscription_count, event_count,
                    &subscription_layout);
}
