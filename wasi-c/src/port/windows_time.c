/* The port to Windows: clocks, and waiting for them and for streams. Included by
 * windows.c. */

static uint64_t frequency(void) {
  LARGE_INTEGER value;
  return QueryPerformanceFrequency(&value) && value.QuadPart > 0 ? (uint64_t)value.QuadPart : 1;
}

static uint64_t monotonic(void) {
  const uint64_t second = 1000000000;
  LARGE_INTEGER value;
  uint64_t per_second = frequency(), now;
  (void)QueryPerformanceCounter(&value);
  now = (uint64_t)value.QuadPart;
  return now / per_second * second + now % per_second * second / per_second;
}

/* Kernel's and user's together. */
static wasi_errno_t cpu_time(bool thread, uint64_t *time) {
  FILETIME created, ended, kernel, user;
  BOOL ok = thread ? GetThreadTimes(GetCurrentThread(), &created, &ended, &kernel, &user)
                   : GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user);
  if (!ok)
    return port_error();
  *time = (ticks_of(&kernel) + ticks_of(&user)) * 100;
  return WASI_OK;
}

static wasi_errno_t port_clock(uint32_t clock, uint64_t *time) {
  FILETIME now;
  switch (clock) {
  case WASI_CLOCK_REALTIME:
    GetSystemTimePreciseAsFileTime(&now);
    *time = nanoseconds(ticks_of(&now));
    return WASI_OK;
  case WASI_CLOCK_MONOTONIC:
    *time = monotonic();
    return WASI_OK;
  case WASI_CLOCK_PROCESS:
  case WASI_CLOCK_THREAD:
    return cpu_time(clock == WASI_CLOCK_THREAD, time);
  default:
    return WASI_INVAL;
  }
}

/* The processor's time is counted by the timer's interrupts. */
static wasi_errno_t port_clock_resolution(uint32_t clock, uint64_t *resolution) {
  DWORD adjustment, increment = 0;
  BOOL disabled;
  uint64_t step;
  switch (clock) {
  case WASI_CLOCK_REALTIME:
    *resolution = 100;
    return WASI_OK;
  case WASI_CLOCK_MONOTONIC:
    step = 1000000000 / frequency();
    *resolution = step > 0 ? step : 1;
    return WASI_OK;
  case WASI_CLOCK_PROCESS:
  case WASI_CLOCK_THREAD:
    if (!GetSystemTimeAdjustment(&adjustment, &increment, &disabled) || increment == 0)
      increment = 156250;
    *resolution = (uint64_t)increment * 100;
    return WASI_OK;
  default:
    return WASI_INVAL;
  }
}

/* `timeout` in nanoseconds, a day at most; as precisely as the system can. */
static void sleep_for(uint64_t timeout) {
  const uint64_t day = (uint64_t)86400 * 1000000000;
  HANDLE timer = CreateWaitableTimerExW(NULL, NULL, 2 /* high resolution */, TIMER_ALL_ACCESS);
  LARGE_INTEGER due;
  if (timeout > day)
    timeout = day;
  if (timer == NULL)
    timer = CreateWaitableTimerExW(NULL, NULL, 0, TIMER_ALL_ACCESS);
  due.QuadPart = -(int64_t)((timeout + 99) / 100); /* negative: from now */
  if (timer != NULL && SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE))
    (void)WaitForSingleObject(timer, INFINITE);
  else
    Sleep((DWORD)((timeout + 999999) / 1000000));
  if (timer != NULL)
    (void)CloseHandle(timer);
}

/* Whether a read would end at once. Writing is taken to be possible: the system
 * does not tell how much room a pipe has. */
static void look(port_wait_t *wait) {
  HANDLE handle = handle_of(wait->file);
  DWORD available = 0, type = GetFileType(handle);
  wait->ready = true;
  if (type == FILE_TYPE_UNKNOWN && GetLastError() != NO_ERROR) {
    wait->bad = true;
  } else if (!wait->write && type == FILE_TYPE_PIPE) {
    if (PeekNamedPipe(handle, NULL, 0, NULL, &available, NULL)) {
      wait->bytes = available;
      wait->ready = available > 0;
    } else {
      wait->hangup = GetLastError() == ERROR_BROKEN_PIPE;
    }
  } else if (!wait->write && is_console(handle)) {
    wait->ready = console_has_input(handle);
  } else if (!wait->write && type == FILE_TYPE_DISK) {
    LARGE_INTEGER zero, at, size;
    zero.QuadPart = 0;
    if (SetFilePointerEx(handle, zero, &at, FILE_CURRENT) && GetFileSizeEx(handle, &size) &&
        at.QuadPart < size.QuadPart)
      wait->bytes = (uint64_t)(size.QuadPart - at.QuadPart);
  }
}

/* Nothing tells when a pipe can be read, so it is asked now and then, ever more
 * rarely. */
static wasi_errno_t port_wait(port_wait_t *waits, uint32_t count, uint64_t timeout) {
  const uint64_t longest = 10000000;
  uint64_t start = monotonic(), pause = 100000;
  if (count == 0) {
    sleep_for(timeout);
    return WASI_OK;
  }
  for (;;) {
    bool ready = false;
    uint64_t passed;
    uint32_t i;
    for (i = 0; i < count; i++) {
      look(&waits[i]);
      ready |= waits[i].ready;
    }
    passed = monotonic() - start;
    if (ready || passed >= timeout)
      return WASI_OK;
    sleep_for(pause < timeout - passed ? pause : timeout - passed);
    pause = pause * 2 < longest ? pause * 2 : longest;
  }
}
