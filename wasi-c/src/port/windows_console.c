/* The port to Windows: consoles, which speak UTF-16, as if they were terminals
 * that speak UTF-8. Included by windows.c.
 *
 * Nothing is kept between calls. A character that a guest writes in two pieces
 * is therefore lost; one that it has no room to read becomes a question mark. */

#define CONSOLE_UNITS 1024

static bool is_console(HANDLE handle) {
  DWORD mode;
  return GetFileType(handle) == FILE_TYPE_CHAR && GetConsoleMode(handle, &mode);
}

/* How many of `size` bytes, from the start, are whole characters; all if the rest
 * is none either way. */
static size_t whole_characters(const uint8_t *data, size_t size) {
  size_t back;
  for (back = 1; back <= 3 && back <= size; back++) {
    uint8_t byte = data[size - back];
    size_t length = byte < 0xc0 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (byte < 0x80 || (length != 0 && length <= back))
      return size;
    if (length > back)
      return size > back ? size - back : size;
  }
  return size;
}

/* Bytes that are no UTF-8 are shown as the replacement character. */
static wasi_errno_t console_write(HANDLE handle, const port_buffer_t *buffer, size_t *done) {
  WCHAR units[CONSOLE_UNITS];
  *done = 0;
  while (*done < buffer->size) {
    const uint8_t *data = buffer->data + *done;
    size_t left = buffer->size - *done;
    size_t size = whole_characters(data, left < CONSOLE_UNITS ? left : CONSOLE_UNITS);
    int count =
        MultiByteToWideChar(CP_UTF8, 0, (const char *)data, (int)size, units, CONSOLE_UNITS);
    DWORD written = 0, at = 0;
    while (at < (DWORD)count) {
      if (!WriteConsoleW(handle, units + at, (DWORD)count - at, &written, NULL) || written == 0)
        return *done > 0 ? WASI_OK : port_error();
      at += written;
    }
    *done += size;
  }
  return WASI_OK;
}

/* A line, or as much of it as there is room for. Carriage returns are left out, and
 * Ctrl-Z at its start ends the input. */
static wasi_errno_t console_read(HANDLE handle, const port_buffer_t *buffer, size_t *done) {
  WCHAR units[CONSOLE_UNITS];
  size_t room = buffer->size / 3; /* each becomes up to three bytes */
  DWORD want = (DWORD)(room < 1 ? 1 : room < CONSOLE_UNITS ? room : CONSOLE_UNITS - 1);
  DWORD got = 0, i, kept = 0;
  int size;
  *done = 0;
  if (buffer->size == 0)
    return WASI_OK;
  do {
    if (!ReadConsoleW(handle, units, want, &got, NULL))
      return port_error();
    if (got == 0 || units[0] == 0x1a)
      return WASI_OK;
    for (i = 0, kept = 0; i < got; i++) {
      if (units[i] != L'\r')
        units[kept++] = units[i];
    }
  } while (kept == 0);
  if (IS_HIGH_SURROGATE(units[kept - 1]) && ReadConsoleW(handle, units + kept, 1, &got, NULL))
    kept += got; /* the other half */
  size =
      WideCharToMultiByte(CP_UTF8, 0, units, (int)kept, (char *)buffer->data,
                          (int)(buffer->size < INT32_MAX ? buffer->size : INT32_MAX), NULL, NULL);
  if (size <= 0) {
    buffer->data[0] = '?';
    size = 1;
  }
  *done = (size_t)size;
  return WASI_OK;
}

/* Is there a key among the events that wait? Others are taken away. */
static bool console_has_input(HANDLE handle) {
  INPUT_RECORD event;
  DWORD count = 0;
  while (PeekConsoleInputW(handle, &event, 1, &count) && count > 0) {
    if (event.EventType == KEY_EVENT && event.Event.KeyEvent.bKeyDown)
      return true;
    (void)ReadConsoleInputW(handle, &event, 1, &count);
  }
  return false;
}
