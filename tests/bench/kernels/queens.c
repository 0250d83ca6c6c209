/* All placements of nine queens: recursion with arrays in memory. */
/* n: 600 */
#include "kernel.h"

#define SIZE 9

static u8 column_used[SIZE], up_used[2 * SIZE], down_used[2 * SIZE], placed[SIZE];

static u32 place(u32 row, u64 *sum) {
  if (row == SIZE) {
    for (u32 i = 0; i < SIZE; i++)
      *sum = *sum * 31 + placed[i];
    return 1;
  }
  u32 found = 0;
  for (u32 column = 0; column < SIZE; column++) {
    u8 *up = &up_used[row + column], *down = &down_used[row + SIZE - column];
    if (column_used[column] | *up | *down)
      continue;
    column_used[column] = *up = *down = 1;
    placed[row] = (u8)column;
    found += place(row + 1, sum);
    column_used[column] = *up = *down = 0;
  }
  return found;
}

u64 bench_run(u32 n) {
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    u32 found = place(0, &sum);
    sum = mix(sum, found);
  }
  return sum;
}
