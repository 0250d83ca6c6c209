/* memcpy, memmove, memset and memcmp, for programs that have no C library: compilers
 * call them by themselves. Small rather than fast. Compile it on its own and link it
 * last, so that a library's take precedence. */
#include <stddef.h>

/* Volatile, or a compiler would take the loops for what they are and call the function
 * that it is compiling. */
typedef volatile unsigned char byte_t;

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);

void *memcpy(void *to, const void *from, size_t size) {
  byte_t *t = to;
  const unsigned char *f = from;
  for (; size > 0; size--)
    *t++ = *f++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  byte_t *t = to;
  const unsigned char *f = from;
  if (t < f)
    return memcpy(to, from, size);
  for (; size > 0; size--)
    t[size - 1] = f[size - 1];
  return to;
}

void *memset(void *to, int value, size_t size) {
  byte_t *t = to;
  for (; size > 0; size--)
    *t++ = (unsigned char)value;
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const byte_t *x = a;
  const byte_t *y = b;
  for (; size > 0; size--, x++, y++) {
    if (*x != *y)
      return *x < *y ? -1 : 1;
  }
  return 0;
}
