/* Edit distance of two strings: dynamic programming over two rows. */
/* n: 50 */
#include "kernel.h"

#define SIZE 900

static char first[SIZE], second[SIZE];
static u32 row[SIZE + 1];

static u32 smaller(u32 a, u32 b) {
  return a < b ? a : b;
}

static u32 distance(const char *a, u32 a_size, const char *b, u32 b_size) {
  for (u32 j = 0; j <= b_size; j++)
    row[j] = j;
  for (u32 i = 0; i < a_size; i++) {
    u32 diagonal = row[0];
    row[0] = i + 1;
    for (u32 j = 0; j < b_size; j++) {
      u32 change = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = smaller(change, smaller(row[j], diagonal) + 1);
    }
  }
  return row[b_size];
}

u64 bench_run(u32 n) {
  u32 random = 21;
  u64 sum = 0;
  for (u32 i = 0; i < SIZE; i++) {
    first[i] = (char)('a' + next_random(&random) % 4);
    second[i] = (char)('a' + next_random(&random) % 4);
  }
  for (u32 round = 0; round < n; round++) {
    sum = mix(sum, distance(first, SIZE - round % 50, second, SIZE));
    first[round % SIZE] = second[round * 3 % SIZE];
  }
  return sum;
}
