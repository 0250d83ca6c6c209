/* What a link says, as the system hands it out: its text is the guest's, and its
 * bytes are anybody's. Looks inside the library, because not every system lets
 * a test make links. */
#include "../../wasi-c/src/wdn_wasi.c"

#include <stdio.h>

static int failures;

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      printf("line %d: %s\n", __LINE__, #condition);                                               \
      failures++;                                                                                  \
    }                                                                                              \
  } while (0)

/* The library's only need of the runtime. */
void wdn_exit(void *instance, int32_t code) {
  (void)instance;
  (void)code;
}

#define SYMLINK TAG_SYMLINK
#define JUNCTION TAG_JUNCTION

static uint8_t data[512];

/* A link to `target`, as Windows lays it out: the name for programs after the one for
 * the system. The number of bytes. */
static DWORD make(uint32_t tag, bool relative, const WCHAR *target) {
  USHORT size = (USHORT)(wcslen(target) * sizeof(WCHAR));
  DWORD names = tag == SYMLINK ? 20 : 16;
  memset(data, 0, sizeof data);
  put_u32(data, tag);
  put_u16(data + 8, 0);
  put_u16(data + 10, size);
  put_u16(data + 12, size);
  put_u16(data + 14, 2);
  if (tag == SYMLINK)
    put_u32(data + 16, relative);
  memcpy(data + names, target, size);
  memcpy(data + names + size, L"?", 2);
  put_u16(data + 4, names - 8 + size + 2u);
  return names + size + 2u;
}

static bool says(DWORD size, const char *expected) {
  char text[600];
  size_t used = 0;
  wasi_errno_t error = link_text(data, size, text, sizeof text, &used);
  bool is_right = error == WASI_OK && used == strlen(expected) && memcmp(text, expected, used) == 0;
  if (!is_right)
    printf("%u: \"%.*s\", not \"%s\"\n", (unsigned)error, (int)used, text, expected);
  return is_right;
}

static void targets(void) {
  CHECK(says(make(SYMLINK, true, L"file"), "file"));
  CHECK(says(make(SYMLINK, true, L"..\\dir\\f"), "../dir/f"));
  CHECK(says(make(SYMLINK, true, L"\x20ac\xd83d\xde00"), "\xe2\x82\xac\xf0\x9f\x98\x80"));
  /* What leads to a place of the whole system begins with a slash. */
  CHECK(says(make(SYMLINK, false, L"\\??\\C:\\x"), "//?"
                                                   "?/C:/x"));
  CHECK(says(make(SYMLINK, false, L"C:\\x"), "/C:/x"));
  CHECK(says(make(SYMLINK, true, L"\\x"), "/x"));
  CHECK(says(make(JUNCTION, true, L"\\??\\C:\\x"), "//?"
                                                   "?/C:/x"));
  CHECK(says(make(JUNCTION, true, L"x"), "/x"));
  /* One of another system's, whose text is elsewhere. */
  CHECK(says(make(0xa000001du, true, L"x"), "/"));
  CHECK(says(make(SYMLINK, true, L""), ""));
}

static void cut(void) {
  char text[600];
  size_t used = 0;
  DWORD size = make(SYMLINK, true, L"abcdef"), i;
  CHECK(link_text(data, size, text, 3, &used) == WASI_OK && used == 3);
  CHECK(memcmp(text, "abc", 3) == 0);
  for (i = 0; i < size - 2; i++)
    CHECK(link_text(data, i, text, sizeof text, &used) == WASI_INVAL);
  size = make(SYMLINK, true, L"\xd800x");
  CHECK(link_text(data, size, text, sizeof text, &used) == WASI_ILSEQ);
}

/* Any bytes at all; what they say stays inside of them. */
static void noise(void) {
  uint32_t seed = 1, round;
  for (round = 0; round < 200000; round++) {
    char text[64];
    size_t used = 0;
    uint8_t *exact;
    DWORD size, i;
    (void)make(round % 2 ? SYMLINK : JUNCTION, round % 3 == 0, L"some\\where");
    for (i = 0; i < 4; i++) {
      seed = seed * 1664525 + 1013904223;
      data[4 + (seed >> 16) % 20] = (uint8_t)(seed >> 8);
    }
    size = seed % 64;
    exact = malloc(size > 0 ? size : 1);
    if (exact == NULL)
      abort();
    memcpy(exact, data, size);
    if (link_text(exact, size, text, sizeof text, &used) == WASI_OK)
      CHECK(used <= sizeof text);
    free(exact);
  }
}

int main(void) {
  targets();
  cut();
  noise();
  return failures != 0;
}
