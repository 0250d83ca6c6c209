/* Conway's game of life on a torus of bytes. */
/* n: 900 */
#include "kernel.h"

#define SIZE 128

static u8 worlds[2][SIZE][SIZE];

static void step(u8 to[SIZE][SIZE], u8 from[SIZE][SIZE]) {
  for (u32 y = 0; y < SIZE; y++) {
    const u8 *above = from[(y + SIZE - 1) % SIZE], *row = from[y], *below = from[(y + 1) % SIZE];
    for (u32 x = 0; x < SIZE; x++) {
      u32 left = (x + SIZE - 1) % SIZE, right = (x + 1) % SIZE;
      u32 around = above[left] + above[x] + above[right] + row[left] + row[right] + below[left] +
                   below[x] + below[right];
      to[y][x] = around == 3 || (around == 2 && row[x]);
    }
  }
}

u64 bench_run(u32 n) {
  u32 random = 19;
  u64 sum = 0;
  for (u32 y = 0; y < SIZE; y++)
    for (u32 x = 0; x < SIZE; x++)
      worlds[0][y][x] = next_random(&random) % 3 == 0;
  for (u32 round = 0; round < n; round++) {
    step(worlds[1], worlds[0]);
    step(worlds[0], worlds[1]);
  }
  for (u32 y = 0; y < SIZE; y++)
    for (u32 x = 0; x < SIZE; x++)
      sum = mix(sum, worlds[0][y][x]);
  return sum;
}
