/* How a program gets its arguments and what its standard streams do to line ends:
 * where systems differ. Included by launch.c. */

#if defined(_WIN32)

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>

/* The bytes that `count` words take as UTF-8, terminated; 0 if one is not Unicode.
 * They are written to `to`, and where they begin to `words`, unless these are NULL. */
static size_t to_utf8(WCHAR **wide, int count, char **words, char *to) {
  size_t total = 0;
  int i;
  for (i = 0; i < count; i++) {
    int room = to != NULL ? WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide[i], -1, NULL, 0,
                                                NULL, NULL)
                          : 0;
    int size = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide[i], -1,
                                   to != NULL ? to + total : NULL, room, NULL, NULL);
    if (size <= 0)
      return 0;
    if (words != NULL)
      words[i] = to + total;
    total += (size_t)size;
  }
  return total;
}

/* Puts the arguments in UTF-8 in place of those in the system's code page, for as
 * long as the process lives. What is wrong, or NULL. */
static const char *prepare_system(int *argc, char ***argv) {
  int count = 0;
  WCHAR **wide = CommandLineToArgvW(GetCommandLineW(), &count);
  size_t size = wide != NULL ? to_utf8(wide, count, NULL, NULL) : 0;
  char **words;
  if (size == 0)
    return "an argument is not Unicode";
  words = malloc(((size_t)count + 1) * sizeof *words + size);
  if (words == NULL)
    return "out of memory";
  (void)to_utf8(wide, count, words, (char *)(words + count + 1));
  words[count] = NULL;
  LocalFree(wide);
  *argc = count;
  *argv = words;
  (void)_setmode(_fileno(stdout), _O_BINARY);
  (void)_setmode(_fileno(stderr), _O_BINARY);
  return NULL;
}

#else

static const char *prepare_system(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  return NULL;
}

#endif
