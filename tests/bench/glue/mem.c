/* The functions that compilers call on their own account, for the WebAssembly
 * build, which has no C library. Compiled with -fno-builtin. */
typedef __SIZE_TYPE__ size_t;

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  unsigned char *p = to;
  const unsigned char *q = from;
  while (size-- > 0)
    *p++ = *q++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  unsigned char *p = to;
  const unsigned char *q = from;
  if (p < q)
    return memcpy(to, from, size);
  while (size-- > 0)
    p[size] = q[size];
  return to;
}

void *memset(void *to, int value, size_t size) {
  unsigned char *p = to;
  while (size-- > 0)
    *p++ = (unsigned char)value;
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const unsigned char *p = a, *q = b;
  for (; size > 0; size--, p++, q++)
    if (*p != *q)
      return *p < *q ? -1 : 1;
  return 0;
}
