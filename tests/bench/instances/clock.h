/* The clock and the output of both hosts. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdio.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Prints the best of a few measurements of `loop`, which does `count` things. */
static void measure(const char *what, int count, void (*loop)(int count)) {
  double best = 1e300;
  for (int i = 0; i < 7; i++) {
    double start = now();
    loop(count);
    double each = (now() - start) / count;
    if (each < best)
      best = each;
  }
  printf("%s %.2f\n", what, best);
}

#endif
