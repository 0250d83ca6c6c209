/* Heap sort of records by key, then a merge sort of the same through pointers. */
/* n: 40 */
#include "kernel.h"

#define SIZE 12000

typedef struct record {
  u32 key;
  u32 value;
} record_t;

static record_t records[SIZE], source[SIZE];
static record_t *order[SIZE], *scratch[SIZE];

static void sift_down(record_t *heap, u32 at, u32 size) {
  record_t moving = heap[at];
  for (;;) {
    u32 child = 2 * at + 1;
    if (child >= size)
      break;
    if (child + 1 < size && heap[child].key < heap[child + 1].key)
      child++;
    if (heap[child].key <= moving.key)
      break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = moving;
}

static void heap_sort(record_t *heap, u32 size) {
  for (u32 i = size / 2; i-- > 0;)
    sift_down(heap, i, size);
  while (size-- > 1) {
    record_t last = heap[size];
    heap[size] = heap[0];
    heap[0] = last;
    sift_down(heap, 0, size);
  }
}

static void merge_sort(record_t **from, record_t **to, u32 size) {
  if (size < 2)
    return;
  u32 half = size / 2, i = 0, j = half;
  merge_sort(from, to, half);
  merge_sort(from + half, to + half, size - half);
  for (u32 k = 0; k < size; k++)
    to[k] = j >= size || (i < half && from[i]->key <= from[j]->key) ? from[i++] : from[j++];
  for (u32 k = 0; k < size; k++)
    from[k] = to[k];
}

u64 bench_run(u32 n) {
  u32 random = 9;
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    for (u32 i = 0; i < SIZE; i++) {
      records[i].key = next_random(&random) >> 8;
      records[i].value = i;
      source[i] = records[i];
      order[i] = &source[i];
    }
    heap_sort(records, SIZE);
    merge_sort(order, scratch, SIZE);
    for (u32 i = 0; i < SIZE; i += 31)
      sum = mix(sum, mix(records[i].key, order[i]->value));
  }
  return sum;
}
