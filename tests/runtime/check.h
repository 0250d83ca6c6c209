/* How a test program says that something is wrong: it prints where, goes on,
 * and ends with `return check_result();`. A program that returns 0 passed. */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int check_failures;

static inline void check_report(const char *what, const char *file, int line) {
  if (check_failures++ < 20)
    printf("%s:%d: %s\n", file, line, what);
}

#define EXPECT(condition)                                                                          \
  do {                                                                                             \
    if (!(condition))                                                                              \
      check_report(#condition, __FILE__, __LINE__);                                                \
  } while (0)

/* Of integers; prints both. */
#define EXPECT_EQUAL(actual, expected)                                                             \
  do {                                                                                             \
    uint64_t actual_ = (uint64_t)(actual), expected_ = (uint64_t)(expected);                       \
    if (actual_ != expected_) {                                                                    \
      char text_[400];                                                                             \
      snprintf(text_, sizeof(text_), "%s is %#" PRIx64 ", not %#" PRIx64, #actual, actual_,        \
               expected_);                                                                         \
      check_report(text_, __FILE__, __LINE__);                                                     \
    }                                                                                              \
  } while (0)

static inline int check_result(void) {
  if (check_failures != 0)
    printf("%d checks failed\n", check_failures);
  fflush(stdout);
  return check_failures != 0;
}

#endif
