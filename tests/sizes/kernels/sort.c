/* Sorting an array by insertion, by heap and by shells, and searching it by halves. */
#include "kernels.h"

#define N 64

static int32_t numbers[N];

static void fill(uint32_t seed) {
  uint32_t i;
  for (i = 0; i < N; i++) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    numbers[i] = (int32_t)(seed % 2000) - 1000;
  }
}

static void insertion_sort(int32_t *v, uint32_t n) {
  uint32_t i, j;
  for (i = 1; i < n; i++) {
    int32_t x = v[i];
    for (j = i; j > 0 && v[j - 1] > x; j--)
      v[j] = v[j - 1];
    v[j] = x;
  }
}

static void sift(int32_t *v, uint32_t root, uint32_t n) {
  for (;;) {
    uint32_t child = 2 * root + 1;
    int32_t x;
    if (child >= n)
      return;
    if (child + 1 < n && v[child + 1] > v[child])
      child++;
    if (v[root] >= v[child])
      return;
    x = v[root];
    v[root] = v[child];
    v[child] = x;
    root = child;
  }
}

static void heap_sort(int32_t *v, uint32_t n) {
  uint32_t i;
  for (i = n / 2; i-- > 0;)
    sift(v, i, n);
  for (i = n; i-- > 1;) {
    int32_t x = v[0];
    v[0] = v[i];
    v[i] = x;
    sift(v, 0, i);
  }
}

static void shell_sort(int32_t *v, uint32_t n) {
  uint32_t gap, i, j;
  for (gap = 29; gap != 0; gap = gap * 5 / 11) {
    for (i = gap; i < n; i++) {
      int32_t x = v[i];
      for (j = i; j >= gap && v[j - gap] > x; j -= gap)
        v[j] = v[j - gap];
      v[j] = x;
    }
  }
}

static uint32_t search(const int32_t *v, uint32_t n, int32_t x) {
  uint32_t low = 0;
  while (n > 0) {
    uint32_t half = n / 2;
    if (v[low + half] < x) {
      low += half + 1;
      n -= half + 1;
    } else {
      n = half;
    }
  }
  return low;
}

static uint32_t sum(void) {
  uint32_t result = 0, i;
  for (i = 0; i < N; i++)
    result = result * 3 + (uint32_t)numbers[i];
  return result + search(numbers, N, 17) + search(numbers, N, -444);
}

uint32_t sort(uint32_t rounds) {
  uint32_t result = 0, i;
  for (i = 1; i <= rounds; i++) {
    fill(i);
    insertion_sort(numbers, N);
    result ^= sum();
    fill(i + 1000);
    heap_sort(numbers, N);
    result = result * 7 + sum();
    fill(i + 2000);
    shell_sort(numbers, N);
    result = result * 7 + sum();
  }
  return result;
}
