/* Dense matrix product in i-k-j order: three nested loops, unit stride inside. */
/* n: 400 */
#include "kernel.h"

#define SIZE 96

static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static void multiply(void) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++)
      c[i][j] = 0;
    for (int k = 0; k < SIZE; k++)
      for (int j = 0; j < SIZE; j++)
        c[i][j] += a[i][k] * b[k][j];
  }
}

u64 bench_run(u32 n) {
  u32 random = 1;
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      a[i][j] = next_double(&random) - 0.5;
      b[i][j] = next_double(&random) - 0.5;
    }
  }
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    multiply();
    sum = mix_double(sum, c[round % SIZE][7]);
    a[round % SIZE][3] = c[5][round % SIZE] * 0.01;
  }
  return sum;
}
