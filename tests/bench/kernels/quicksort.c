/* Quicksort of integers with an insertion sort at the leaves. */
/* n: 60 */
#include "kernel.h"

#define SIZE 30000

static i32 data[SIZE];

static void insertion_sort(i32 *p, i32 size) {
  for (i32 i = 1; i < size; i++) {
    i32 value = p[i], j = i;
    for (; j > 0 && p[j - 1] > value; j--)
      p[j] = p[j - 1];
    p[j] = value;
  }
}

static i32 middle(i32 a, i32 b, i32 c) {
  if (a < b)
    return b < c ? b : a < c ? c : a;
  return a < c ? a : b < c ? c : b;
}

static void quick_sort(i32 *p, i32 size) {
  while (size > 16) {
    i32 pivot = middle(p[0], p[size / 2], p[size - 1]);
    i32 i = 0, j = size - 1;
    while (i <= j) {
      while (p[i] < pivot)
        i++;
      while (p[j] > pivot)
        j--;
      if (i <= j) {
        i32 value = p[i];
        p[i++] = p[j];
        p[j--] = value;
      }
    }
    quick_sort(p, j + 1);
    p += i, size -= i;
  }
  insertion_sort(p, size);
}

u64 bench_run(u32 n) {
  u32 random = 8;
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < SIZE; i++)
      data[i] = (i32)next_random(&random);
    quick_sort(data, SIZE);
    for (u32 i = 0; i < SIZE; i += 97)
      sum = mix(sum, (u32)data[i]);
  }
  return sum;
}
