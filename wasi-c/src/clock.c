/* clock_*: the host's clocks, in nanoseconds. */

uint32_t wdn_wasi_clock_res_get(void *context, uint32_t id, uint32_t resolution) {
  wdn_wasi_t *wasi = context;
  uint8_t *out = guest_at(wasi, resolution, 8);
  uint64_t ns = 0;
  wasi_errno_t error;
  if (out == NULL)
    return WASI_FAULT;
  error = port_clock_resolution(id, &ns);
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
  error = port_clock(id, &ns);
  if (error == WASI_OK)
    put_u64(out, ns);
  return error;
}
