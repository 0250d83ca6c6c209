/* Saying what is wrong, for the C programs that call WASI without a module. A program
 * fails if `failures` is not 0 at its end. */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdio.h>

static int failures;

static void failed(const char *what, const char *file, int line) {
  if (failures++ < 20)
    printf("%s:%d: %s\n", file, line, what);
}

#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition))                                                                              \
      failed(#condition, __FILE__, __LINE__);                                                      \
  } while (0)

/* Of integers; prints both. */
#define CHECK_EQUAL(actual, expected)                                                              \
  do {                                                                                             \
    int64_t actual_ = (int64_t)(actual), expected_ = (int64_t)(expected);                          \
    if (actual_ != expected_) {                                                                    \
      char text_[400];                                                                             \
      snprintf(text_, sizeof text_, "%s is %" PRId64 ", not %" PRId64, #actual, actual_,           \
               expected_);                                                                         \
      failed(text_, __FILE__, __LINE__);                                                           \
    }                                                                                              \
  } while (0)

#endif
