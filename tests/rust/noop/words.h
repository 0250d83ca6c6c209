/* A library with the usual things: lists, callbacks, text, numbers of all sizes. */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>
#include <stdint.h>

struct word {
  struct word *next;
  double weight;
  char text[16];
};

const struct word *longest(const struct word *list);
void sort(int *numbers, size_t count, int (*compare)(int a, int b));
/* Stops at the first word that `visit` gives something else than 0 for, and gives that. */
long each(const struct word *list, long (*visit)(void *context, const char *text, double weight),
          void *context);
double mean(const struct word *list);
const char *version(void);
int64_t shift(int64_t x, unsigned by);

#endif
