/* Sparse matrix times vector, compressed rows: loads through an index. */
/* n: 3000 */
#include "kernel.h"

#define ROWS 3000
#define PER_ROW 12

static u32 row_starts[ROWS + 1];
static u32 columns[ROWS * PER_ROW];
static double values[ROWS * PER_ROW];
static double x[ROWS], y[ROWS];

static void make_matrix(void) {
  u32 random = 3, at = 0;
  for (u32 row = 0; row < ROWS; row++) {
    row_starts[row] = at;
    u32 count = 1 + next_random(&random) % PER_ROW;
    for (u32 i = 0; i < count; i++) {
      columns[at] = next_random(&random) % ROWS;
      values[at++] = next_double(&random) / PER_ROW;
    }
  }
  row_starts[ROWS] = at;
}

static void multiply(double *restrict to, const double *restrict from) {
  for (u32 row = 0; row < ROWS; row++) {
    double sum = 0;
    for (u32 i = row_starts[row]; i < row_starts[row + 1]; i++)
      sum += values[i] * from[columns[i]];
    to[row] = sum;
  }
}

u64 bench_run(u32 n) {
  make_matrix();
  for (u32 i = 0; i < ROWS; i++)
    x[i] = 1.0 + i % 7;
  for (u32 round = 0; round < n; round++) {
    multiply(y, x);
    multiply(x, y);
    x[round % ROWS] += 1.0;
  }
  u64 sum = 0;
  for (u32 i = 0; i < ROWS; i++)
    sum = mix_double(sum, x[i]);
  return sum;
}
