#include "words.h"

#include <stdlib.h>
#include <string.h>

const struct word *longest(const struct word *list) {
  const struct word *best = list;
  for (; list != NULL; list = list->next) {
    if (strlen(list->text) > strlen(best->text))
      best = list;
  }
  return best;
}

void sort(int *numbers, size_t count, int (*compare)(int a, int b)) {
  for (size_t i = 1; i < count; i++) {
    for (size_t j = i; j > 0 && compare(numbers[j - 1], numbers[j]) > 0; j--) {
      int number = numbers[j];
      numbers[j] = numbers[j - 1];
      numbers[j - 1] = number;
    }
  }
}

long each(const struct word *list, long (*visit)(void *context, const char *text, double weight),
          void *context) {
  for (; list != NULL; list = list->next) {
    long stop = visit(context, list->text, list->weight);
    if (stop != 0)
      return stop;
  }
  return 0;
}

double mean(const struct word *list) {
  double sum = 0, count = 0;
  for (; list != NULL; list = list->next) {
    sum += list->weight;
    count++;
  }
  return count == 0 ? 0 : sum / count;
}

const char *version(void) {
  return "words 1.0";
}

int64_t shift(int64_t x, unsigned by) {
  return x * ((int64_t)1 << (by & 63));
}
