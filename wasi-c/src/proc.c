/* proc_*, random_get and sched_yield. */

void wdn_wasi_proc_exit(void *context, uint32_t code) {
  wdn_wasi_t *wasi = context;
  wdn_exit(wasi->instance, (int32_t)code);
}

/* Straight into the guest's memory, which bounds how much it can ask for. */
uint32_t wdn_wasi_random_get(void *context, uint32_t buf, uint32_t buf_size) {
  uint8_t *out = guest_at(context, buf, buf_size);
  return out != NULL ? port_random(out, buf_size) : WASI_FAULT;
}

uint32_t wdn_wasi_sched_yield(void *context) {
  (void)context;
  port_yield();
  return WASI_OK;
}
