/* LU decomposition with partial pivoting through row pointers, then a solve. */
/* n: 600 */
#include "kernel.h"

#define SIZE 100

static double cells[SIZE][SIZE], right[SIZE];
static double *rows[SIZE];

static void swap_rows(int i, int j) {
  double *row = rows[i], value = right[i];
  rows[i] = rows[j], right[i] = right[j];
  rows[j] = row, right[j] = value;
}

static void decompose(void) {
  for (int k = 0; k < SIZE; k++) {
    int pivot = k;
    for (int i = k + 1; i < SIZE; i++)
      if (__builtin_fabs(rows[i][k]) > __builtin_fabs(rows[pivot][k]))
        pivot = i;
    if (pivot != k)
      swap_rows(k, pivot);
    const double *from = rows[k];
    for (int i = k + 1; i < SIZE; i++) {
      double *row = rows[i];
      double factor = row[k] /= from[k];
      for (int j = k + 1; j < SIZE; j++)
        row[j] -= factor * from[j];
    }
  }
}

static void solve(void) {
  for (int i = 1; i < SIZE; i++)
    for (int j = 0; j < i; j++)
      right[i] -= rows[i][j] * right[j];
  for (int i = SIZE - 1; i >= 0; i--) {
    for (int j = i + 1; j < SIZE; j++)
      right[i] -= rows[i][j] * right[j];
    right[i] /= rows[i][i];
  }
}

u64 bench_run(u32 n) {
  u32 random = 4;
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    for (int i = 0; i < SIZE; i++) {
      rows[i] = cells[i];
      right[i] = i;
      for (int j = 0; j < SIZE; j++)
        cells[i][j] = next_double(&random) - 0.5;
    }
    decompose();
    solve();
    sum = mix_double(sum, right[round % SIZE]);
  }
  return sum;
}
