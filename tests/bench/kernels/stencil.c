/* Five-point stencil over two grids that change roles. */
/* n: 3000 */
#include "kernel.h"

#define SIZE 160

static double grids[2][SIZE][SIZE];

static void sweep(double to[SIZE][SIZE], double from[SIZE][SIZE]) {
  for (int i = 1; i < SIZE - 1; i++)
    for (int j = 1; j < SIZE - 1; j++)
      to[i][j] =
          0.2 * (from[i][j] + from[i][j - 1] + from[i][j + 1] + from[i - 1][j] + from[i + 1][j]);
}

u64 bench_run(u32 n) {
  u32 random = 2;
  for (int i = 0; i < SIZE; i++)
    for (int j = 0; j < SIZE; j++)
      grids[0][i][j] = grids[1][i][j] = next_double(&random);
  for (u32 round = 0; round < n; round++) {
    sweep(grids[1], grids[0]);
    sweep(grids[0], grids[1]);
  }
  u64 sum = 0;
  for (int i = 0; i < SIZE; i++)
    sum = mix_double(sum, grids[0][i][i]);
  return sum;
}
