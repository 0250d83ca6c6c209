/* The Mandelbrot set: floating point in registers, hardly any memory. */
/* n: 40 */
#include "kernel.h"

#define WIDTH 120
#define HEIGHT 80
#define LIMIT 100

static u8 image[HEIGHT][WIDTH];

static u32 escape_time(double re, double im) {
  double x = 0, y = 0;
  u32 i = 0;
  for (; i < LIMIT; i++) {
    double xx = x * x, yy = y * y;
    if (xx + yy > 4)
      break;
    y = 2 * x * y + im;
    x = xx - yy + re;
  }
  return i;
}

u64 bench_run(u32 n) {
  u64 sum = 0;
  for (u32 round = 0; round < n; round++) {
    double zoom = 1.0 / (1 + round % 8);
    for (int row = 0; row < HEIGHT; row++)
      for (int column = 0; column < WIDTH; column++)
        image[row][column] = (u8)escape_time(-0.7 + zoom * (3.0 * column / WIDTH - 1.5),
                                             zoom * (2.0 * row / HEIGHT - 1.0));
    for (int row = 0; row < HEIGHT; row++)
      sum = mix(sum, image[row][(row + round) % WIDTH]);
  }
  return sum;
}
